"""The city's one-time code that was typed at the kiosk's glass, on its way to the sync, and what came of it. Entry: ``Typed``.

The kiosk has no network and never sees the sync's key, the sync has no glass: between them lie two small files in the state folder::

    kiosk ──enrolment.code──▶ sync ──▶ city
    kiosk ◀──sync-enrolled.json── sync: what the city said

The sync takes a code away once the city has said yes or no to it. One that nobody answered stays, and is tried again before each round; another that is typed takes its place.
"""

import contextlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.chain import time_of, time_text
from ledger.keys import sync_folder
from ledger.sync.answers import Answer, Enrolled
from ledger.sync.outcomes import AuthoritiesUnusable, CityTroubled, Intercepted, ProxyUnreachable, Refused, Unreachable, Untrusted
from ledger.vocabulary import WrongKey

if TYPE_CHECKING:
    # the kiosk, which has no network, loads nothing that speaks to one
    from ledger.sync.enrolment import Enrolling

CODE = re.compile(r"[0-9A-Za-z -]{16,40}")
"""As the city gives them out, with the spaces and small letters of people."""

MOST = 1_000
"""Bytes of a file that are looked at."""


class Came(StrEnum):
    """What came of a code."""

    ENROLLED = "enrolled"
    WRONG = "wrong"
    """The city enrols no key with it: mistyped, another kiosk's, used, or too old."""
    REFUSED = "refused"
    """The city says no for another reason, as to a clock that is wrong."""
    AWAY = "away"
    """Nobody answered as the city does."""
    FAILED = "failed"
    """The key cannot be written or read at this machine."""


SETTLED = frozenset({Came.ENROLLED, Came.WRONG})
_AWAY = (Unreachable, ProxyUnreachable, Untrusted, Intercepted, AuthoritiesUnusable, CityTroubled)


@dataclass(frozen=True, slots=True)
class WhatCame:
    """``at`` as in the ledger."""

    came: Came
    at: str


@dataclass(frozen=True, slots=True)
class Typed:
    """``code``: written by the kiosk, taken away by the sync; ``came``: written by the sync."""

    code: Path
    came: Path

    def bring(self, code: str) -> None:
        """By the kiosk, in the place of any before. Durable when it returns. Raises OSError, and ValueError for what can be no code."""
        if not CODE.fullmatch(code):
            raise ValueError("no code")
        _write(self.code, code)

    def waits(self) -> tuple[int, int] | None:
        """Which code waits, as its file's identity; None where none does, or none can be seen."""
        try:
            found = self.code.lstat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def told(self) -> WhatCame | None:
        """What came of the last code; None where none was tried, or what lies there is not the sync's word. Raises OSError."""
        try:
            said = json.loads(_read(self.came))
            time_of(said["at"])
            return WhatCame(Came(said["came"]), said["at"])
        except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def settle(self, enrolling: "Enrolling", deed: Callable[["Enrolling", str], Answer]) -> WhatCame | None:
        """By the sync, by whose ``deed`` a code enrols: brings the code that waits to the city, and tells what came of it; None where none waits. Nothing raised."""
        try:
            code = _read(self.code)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            code = ""
        found = WhatCame(_came(enrolling, code, deed), time_text(enrolling.utc()))
        # told before it is taken away: a cut between the two brings the code once more, to which the city says the same
        with contextlib.suppress(OSError):
            _write(self.came, json.dumps({"came": found.came, "at": found.at}))
            if found.came in SETTLED and not self._other(code):
                self.code.unlink()
                sync_folder(self.code.parent)
        return found

    def _other(self, code: str) -> bool:
        """Whether another was typed meanwhile."""
        try:
            return _read(self.code) != code
        except ValueError:
            return False


def _came(enrolling: "Enrolling", code: str, deed: Callable[["Enrolling", str], Answer]) -> Came:
    if not CODE.fullmatch(code):
        return Came.WRONG
    try:
        answer = deed(enrolling, code)
    except (WrongKey, OSError):
        return Came.FAILED
    match answer:
        case Enrolled():
            return Came.ENROLLED
        case Refused(error="code"):
            return Came.WRONG
        case _ if isinstance(answer, _AWAY):
            return Came.AWAY
        case _:
            return Came.REFUSED


def _read(path: Path) -> str:
    """No link is followed and no pipe waited for: others of the group may put what they like there. Raises OSError, ValueError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MOST).decode("ascii").strip()


def _write(path: Path, text: str) -> None:
    """Whole or not at all, for owner and group."""
    beside = path.with_name(f"{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        beside.unlink()
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)
