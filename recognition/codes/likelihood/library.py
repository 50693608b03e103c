"""Where the compiled inner loops lie, how they are built, and why they do not serve. Loads no numpy: a kiosk asks at its start.

The library is built by the set-up and lies in the environment, under a name that holds its source's digest: one that was built from another source is
not found, and never used. Without it the cascade reads alone.
"""

import ctypes
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("kernels.c")

FLAGS: Final = ("-O3", "-std=c99", "-ffp-contract=off", "-fPIC", "-shared")
"""Contracted, a product and a sum are rounded once on one machine and twice on another."""


class NotBuilt(Exception):
    """There is no library for this source."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: run python -m recognition.codes.likelihood.kernels")
        self.path = path


class NotCompiled(Exception):
    """``said``: what the compiler printed, or that there is none."""

    def __init__(self, said: str) -> None:
        super().__init__(f"the likelihood stage could not be compiled: {said}")
        self.said = said


def library_path() -> Path:
    digest = hashlib.sha256(SOURCE.read_bytes() + " ".join(FLAGS).encode()).hexdigest()[:16]
    return Path(sys.prefix) / "lib" / "consigne" / f"likelihood-{digest}.so"


def build() -> Path:
    """Compiles the source into the environment. Raises NotCompiled, OSError."""
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        raise NotCompiled("there is no C compiler; on Debian: apt install gcc libc6-dev")
    path = library_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("likelihood-*.so"):
        old.unlink()
    half_built = path.with_suffix(".part")
    done = subprocess.run([compiler, *FLAGS, "-o", str(half_built), str(SOURCE), "-lm"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotCompiled(done.stderr.strip())
    half_built.rename(path)
    return path


def loaded() -> ctypes.CDLL:
    """Raises NotBuilt, and OSError where the library is none of this machine's."""
    path = library_path()
    if not path.exists():
        raise NotBuilt(path)
    return ctypes.CDLL(str(path))


def why_not() -> str | None:
    """Why the likelihood stage does not serve; None where it does. The technical log says it at each start, ``read --explain`` and ``evaluate`` beside their answers."""
    try:
        loaded()
    except (NotBuilt, OSError) as trouble:
        return str(trouble)
    return None
