"""A twin in its own process, started by the command that a person types, for as long as a test needs its port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from timing import wait_until

ROOT = Path(__file__).parents[2]


@contextmanager
def twin_port(folder: Path) -> Iterator[Path]:
    """The path of its pseudo-terminal."""
    port_file = folder / "port"
    command = [sys.executable, "-m", "commands", "twin", "--state", str(folder / "twin"), "--port-file", str(port_file)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
        try:
            wait_until(lambda: port_file.exists() or process.poll() is not None, 60.0)
            assert process.poll() is None, "the twin ended"
            yield Path(port_file.read_text(encoding="utf-8").strip())
        finally:
            process.terminate()
