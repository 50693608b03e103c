"""What the doctor looks at: the machine's files below one root, its clock, and the answers of a few of its programs. Changes nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.system import Readers

ANSWERS_S = 10.0
KIOSK, SYNC, GROUP = "consigne", "consigne-sync", "consigne"


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` names its words (``doctor.WHAT``), ``facts`` stand in them, ``mend`` is a command for root's shell."""

    what: str
    mend: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """``code`` None: there is no such program, or it did not answer in time."""

    code: int | None
    said: str


def ask_program(command: Sequence[str]) -> Answer:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=ANSWERS_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return Answer(None, "")
    return Answer(ended.returncode, ended.stdout)


@dataclass(frozen=True, slots=True)
class Machine:
    """``program`` is the checkout that runs, ``prefix`` its environment."""

    root: Path = Path("/")
    program: Path = Path(__file__).parents[2]
    prefix: Path = Path(sys.prefix)
    clock: Readers = field(default_factory=Readers)
    ask: Callable[[Sequence[str]], Answer] = ask_program

    def at(self, path: str | Path) -> Path:
        """A path of the machine."""
        return self.root / str(path).lstrip("/")

    @property
    def vendor(self) -> Path:
        """Where ``script/install`` puts units and their like."""
        return self.at("/usr/local/lib")

    @property
    def installed(self) -> bool:
        return (self.vendor / "systemd/system/consigne-kiosk.service").exists()

    @property
    def install(self) -> str:
        """The command that puts the program in place anew: from where it was installed, as far as that is known."""
        source = self.program / "var/source"
        return f"{source.read_text().strip() if source.exists() else self.program}/script/install"

    @property
    def booted(self) -> bool:
        """Whether systemd runs here."""
        return self.at("/run/systemd/system").is_dir()

    def user(self, name: str) -> int | None:
        return next((int(line[2]) for line in self._lines("/etc/passwd") if line[0] == name), None)

    def group(self, name: str) -> int | None:
        return next((int(line[2]) for line in self._lines("/etc/group") if line[0] == name), None)

    def members(self, group: str) -> set[str]:
        """Whoever is in a group beside those whose own it is."""
        line = next((line for line in self._lines("/etc/group") if line[0] == group), None)
        return set(filter(None, line[3].split(","))) if line is not None else set()

    def groups_of(self, user: str) -> set[str]:
        return {line[0] for line in self._lines("/etc/group") if user in line[3].split(",")}

    def name_of(self, uid: int) -> str:
        return next((line[0] for line in self._lines("/etc/passwd") if line[2] == str(uid)), str(uid))

    def _lines(self, path: str) -> list[list[str]]:
        try:
            text = self.at(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [parts for line in text.splitlines() if len(parts := line.split(":")) >= 4]


def mode_of(path: Path) -> int:
    return os.stat(path).st_mode & 0o7777  # noqa: PTH116 (as stat says it, for a link what it leads to)
