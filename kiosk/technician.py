"""The technician at a kiosk without a screen: words on stdin that ask for the machine and test it; what comes of it are lines and sentences.

::

    service            the machine takes nothing more; a visitor's sum is offered first
    self-test [STEP…]  the self-test on the lent line and camera, or those steps with all that they stand on
    ready, skip WHY    what hands were asked for is done, or is not
    service end        the machine goes on; what hands are asked for from now on is skipped

These words are read by ``--lines`` alone. No touch of a visitor's is among them, and the touchscreen reads no words.
"""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from config.settings import Settings
from kiosk.deposit.events import ServiceAsked, ServiceEnded
from kiosk.deposit.halts import facts_of
from kiosk.deposit.loans import Hindrance
from kiosk.face import Lines, TouchReader
from kiosk.runner import Runner
from kiosk.selftest.hands import Chore, SpokenHands
from kiosk.supervision import Notifier, Supervised, supervised
from kiosk.words.catalogue import Words
from kiosk.words.errors import explain
from kiosk.words.loans import tell_hindrance
from kiosk.workers.tools import Tool

if TYPE_CHECKING:
    from kiosk.selftest.results import Result
    from kiosk.selftest.run import Report
    from kiosk.selftest.steps import Step


class Serviced(Protocol):
    """What ``kiosk.app.Kiosk`` is to a technician."""

    @property
    def runner(self) -> Runner: ...

    def lend_to(self, tool: Tool) -> None: ...

    def serve(self) -> None: ...

    def stop(self) -> None: ...


class Living(Serviced, Supervised, Protocol):
    """The same, and watched."""


class Technician:
    """``write`` puts a JSON object between the view-states, ``say`` a sentence where a person reads it. ``hands``: of the tool at work."""

    def __init__(
        self, kiosk: Serviced, settings: Settings, words: Words, write: Callable[[Mapping[str, Any]], None], say: Callable[[str], None]
    ) -> None:
        self.write = write
        self.hands: SpokenHands | None = None
        self._kiosk = kiosk
        self._settings = settings
        self._words = words
        self._say = say

    def hears(self, line: str) -> bool:
        """Whether it was one of a technician's words."""
        match line.split():
            case ["service"]:
                self._kiosk.runner.post(ServiceAsked())
            case ["service", "end"]:
                self.leave()
                self._kiosk.runner.post(ServiceEnded())
            case ["self-test", *steps]:
                self._test(steps)
            case ["ready"] if self.hands is not None:
                self.hands.done()
            case ["skip", _, *_] if self.hands is not None:
                self.hands.skip(line.partition(" ")[2].strip())
            case _:
                return False
        return True

    def leave(self) -> None:
        """Nobody is there any more: a self-test that waits for hands skips what needs them."""
        if self.hands is not None:
            self.hands.leave()

    def step_ended(self, step: "Step", result: "Result") -> None:
        from kiosk.selftest.report import step_as_json

        self.write({"service": "step", "step": step_as_json(result, step.group)})

    def ended(self, report: "Report") -> None:
        self.write({"service": "report", "left_ready": report.left_ready, "exit_code": report.exit_code})

    def refused(self, why: Hindrance) -> None:
        self.write({"service": "refused", "why": facts_of(why)})
        self._say(tell_hindrance(why, self._words))

    def failed(self, error: Exception) -> None:
        self.write({"service": "failed", "error": type(error).__name__})
        self._say(explain(error, self._words))

    def _test(self, steps: list[str]) -> None:
        # loaded when it is asked for, and not by every start of a kiosk
        from kiosk.selftest.on_loan import SelfTest
        from kiosk.selftest.run import PLAN, chosen

        try:
            plan = chosen(steps) if steps else PLAN
        except KeyError as unknown:
            self._say(self._words.text("service.no_step", step=unknown.args[0], steps=", ".join(step.name for step in PLAN)))
            return
        self._kiosk.lend_to(SelfTest(self._settings, plan, SpokenHands(self._ask), self))

    def _ask(self, chore: Chore) -> None:
        self.write({"service": "chore", "chore": chore, "weight_g": SpokenHands.weight_g})
        self._say(self._words.text(f"selftest.chore.{chore}", weight_g=SpokenHands.weight_g))
        self._say(self._words.text("service.hands"))


def serve_lines(kiosk: Living, settings: Settings, lines: Lines, stdin: TextIO, words: Words, notifier: Notifier | None = None) -> None:
    """Runs the kiosk until its ``stop``, or until nothing can be said to it any more. Raises WorkerDied."""
    technician = Technician(kiosk, settings, words, lines.tell, _say)

    def end() -> None:
        technician.leave()
        kiosk.stop()

    TouchReader(stdin, kiosk.runner.post, at_end=end, hears=technician.hears).start()
    with supervised(notifier, kiosk):
        kiosk.serve()


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
