"""The serial line in a technician's hands while its worker goes on owning it: each question is handed to the worker, which asks and answers.

So there is one thread on the port whoever uses it, and a borrower that hangs is noticed by the one it borrowed from. Not here: who may borrow.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from drivers.intake.bus import Calibration, Command, ControllerHealth, Felt, HotBlock, Identity, ServiceLine

ANSWER_S: Final = 10.0
"""Longer than any question takes: the port opened, an answer waited for, a noisy line heard out (1.4 s in all)."""

SILENT_S: Final = 300.0
"""A borrower asks at least so often. Waiting for a person it asks several times a second; the longest that it looks elsewhere is a
verification of the whole ledger."""

Told = TypeVar("Told")


class LoanOver(Exception):
    """The line is lent no more: it was given back, or its worker has ended."""


class BorrowerSilent(Exception):
    """Whoever had the line asked nothing for ``silent_s`` and did not give it back."""

    def __init__(self, silent_s: float) -> None:
        super().__init__(f"nothing was asked on the lent line for {silent_s:g} s")
        self.silent_s = silent_s


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One question on its way to the worker, and where its answer is awaited."""

    by: "BorrowedLine"
    question: Callable[[ServiceLine], Any]
    answer: "Future[Any]"


class BorrowedLine:
    """A ``ServiceLine`` for one thread; closed at first. Every method raises LoanOver once it is lent no more.

    ``beat`` is the runner's: whoever reads must write it, so that the metal still notices a runner that hangs.
    """

    def __init__(self, ask: Callable[[Asked], None], beat: Callable[[], int]) -> None:
        self.beat = beat
        self._ask = ask
        self._over = threading.Event()

    def end(self) -> None:
        """It is lent no more: told by the worker."""
        self._over.set()

    def open(self) -> None:
        self._told(lambda line: line.open())

    def close(self) -> None:
        self._told(lambda line: line.close())

    def identity(self) -> Identity:
        return self._told(lambda line: line.identity())

    def read(self, beat: int) -> HotBlock:
        return self._told(lambda line: line.read(beat))

    def write(self, command: Command) -> None:
        self._told(lambda line: line.write(command))

    @property
    def echoes(self) -> bool:
        return self._told(lambda line: line.echoes)

    def health(self) -> ControllerHealth:
        return self._told(lambda line: line.health())

    def light(self, percent: int) -> None:
        self._told(lambda line: line.light(percent))

    def darken(self, for_ms: int) -> None:
        self._told(lambda line: line.darken(for_ms))

    def hold(self, sequence: int) -> None:
        self._told(lambda line: line.hold(sequence))

    def felt(self) -> Felt:
        return self._told(lambda line: line.felt())

    def calibrate(self, calibration: Calibration) -> None:
        self._told(lambda line: line.calibrate(calibration))

    def _told(self, question: Callable[[ServiceLine], Told]) -> Told:
        if self._over.is_set():
            raise LoanOver
        answer: Future[Told] = Future()
        self._ask(Asked(self, question, answer))
        try:
            return answer.result(timeout=ANSWER_S)
        except TimeoutError:
            raise LoanOver from None
