"""Verifies a ledger in a thread of its own, which gives way to the others after every few rows: a frame of the screen is never late for it."""

import threading
from collections.abc import Callable

from kiosk.console.actions import StopVerifying, Verify
from kiosk.console.events import ConsoleEvent, VerifyEnded, Verifying
from ledger.verify import Seen

GIVES_WAY_S = 0.001
"""So long after each ``ledger.verify.EVERY`` rows the thread does nothing: who waits for the interpreter has it then."""

TELLS_EVERY = 20
"""So many of these pauses from one word of progress to the next."""


class Ended(Exception):
    """Nobody wants to know any more."""


class Verifier:
    """One run at a time; a new one ends the one before. ``verified`` does it: it is given who is to hear of each row."""

    def __init__(self, verified: Callable[[Verify, Seen], ConsoleEvent], post: Callable[[ConsoleEvent], None]) -> None:
        self._verified = verified
        self._post = post
        self._running: threading.Event | None = None

    def perform(self, action: Verify | StopVerifying) -> None:
        if self._running is not None:
            self._running.set()
        self._running = None
        if isinstance(action, Verify):
            self._running = threading.Event()
            threading.Thread(target=self._run, args=(action, self._running), name="verifier", daemon=True).start()

    def stop(self) -> None:
        if self._running is not None:
            self._running.set()

    def _run(self, action: Verify, ended: threading.Event) -> None:
        pauses = 0

        def seen(row: int, last: int) -> None:
            nonlocal pauses
            if ended.wait(GIVES_WAY_S):
                raise Ended
            if pauses % TELLS_EVERY == 0:
                self._post(Verifying(action.run, row, last))
            pauses += 1

        try:
            self._post(self._verified(action, seen))
        except Ended:
            self._post(VerifyEnded(action.run))
