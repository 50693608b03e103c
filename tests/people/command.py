"""The command as its user calls it: a process of its own, in a folder of its own, in English; perhaps started by another command ``around`` it."""

import os
import subprocess
import sys
from pathlib import Path

from timing import patient


def consigne(
    *arguments: str | Path, folder: Path, around: tuple[str, ...] = (), stdin: str | None = None
) -> "subprocess.CompletedProcess[str]":
    environment = {
        "CONSIGNE_LANG": "en",
        "PATH": os.environ["PATH"],
        "COLUMNS": "300",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    command = [*around, sys.executable, "-m", "commands", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=patient(110), check=False, env=environment, cwd=folder, input=stdin
    )
