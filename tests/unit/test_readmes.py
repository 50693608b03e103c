"""The two READMEs say the same: as many headings in the same order, the same commands, links and pictures, and every command exists."""

import re
from pathlib import Path

import pytest
import typer

from commands.cli import app

ROOT = Path(__file__).parents[2]
ENGLISH, FRENCH = ROOT / "README.md", ROOT / "README.fr.md"


def headings(path: Path) -> list[str]:
    """How deep each heading stands, in order."""
    return re.findall(r"^(#+) ", path.read_text(encoding="utf-8"), re.MULTILINE)


def commands(path: Path) -> list[str]:
    """What is typed, without what is said of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [re.split(r"\s{2,}", line)[0] for line in lines if re.match(r"(consigne|script/)", line)]


def links(path: Path) -> list[str]:
    found = re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
    return [link for link in found if link not in {ENGLISH.name, FRENCH.name}]


@pytest.mark.parametrize("part", [headings, commands, links])
def test_both_readmes_say_the_same(part: object) -> None:
    assert callable(part)
    assert part(ENGLISH) == part(FRENCH) != []


@pytest.mark.parametrize("path", [ENGLISH, FRENCH], ids=lambda path: path.name)
def test_what_a_readme_points_at_is_there(path: Path) -> None:
    assert [link for link in links(path) if not (ROOT / link).exists()] == []


def test_every_command_of_the_readme_exists() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = {line.split()[1] for line in commands(ENGLISH) if line.startswith("consigne ")}
    assert named <= known
    assert known <= named
