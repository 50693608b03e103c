"""The kiosk's side of the world, as a value: the real session, runner and driver core, with what waits between them.

A ``Kiosk`` is everything that a power cut of the kiosk wipes out. The driver's clock moves only in ``turn``, so that every time-out is an
event of its own. What is not handled at once waits in ``inbox``, as it does behind a runner that is busy.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import NamedTuple, cast
from unittest.mock import patch

from config.clock import Instant
from config.demonstration import ASSOCIATIONS
from config.vocabulary import Bin, Gtin, Material, Reason
from drivers.intake.bus import BusError, Command, HotBlock, Identity, NoAnswer, PortGone
from drivers.intake.events import LineReturned
from drivers.intake.worker import FIRST_RETRY_S, PATIENCE_S, SILENCE_S, Intake
from exploring.books import NOON, REWARD
from exploring.device import CONTROLLER_ID
from exploring.still import Keeper
from firmware import registers
from kiosk.console.actions import DeskAction, PaperAction
from kiosk.console.events import ConsoleEvent
from kiosk.deposit.actions import Action, Dismiss, Judge, LedgerAction, PrintTicket, Remember, SightAction, Watch
from kiosk.deposit.events import Event, Judged
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note
from kiosk.deposit.states import Rules, Session
from kiosk.deposit.step import resume, step
from kiosk.runner import Runner, Workers
from ledger.vocabulary import Standing
from recognition.verdict import Evidence, Verdict
from simulation.virtual.life import Unstaffed

NOW_S = 2.0**29
"""Any number from half of this on is a moment; a power of two, so that what is added to it stays exact."""
TURN_S = 0.25
"""From one turn to the next: a command that waits is written again in each."""
PATIENT_S = PATIENCE_S + TURN_S
"""After so long the driver has waited long enough for its command."""

Step = Callable[[Session, Event], tuple[Session, tuple[Action, ...]]]


class Bins(dict[Material, Bin]):
    """A mapping that can be part of a value."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


RULES = Rules(CONTROLLER_ID, REWARD, 30, Bins({Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)}), associations=ASSOCIATIONS[:2])
IDENTITY = Identity(CONTROLLER_ID, (0, 2), registers.MAP_VERSION, 2)


class Kiosk(NamedTuple):
    """``due``: the runner's wait is open. ``asked`` of the ledger and not yet done, ``late`` what it has done and not yet answered.

    ``judging``: (item, bottle) whose verdict is to come. ``lent``: a tool has the driver's line. ``to_print``: with the printer, which has not answered.
    """

    session: Session
    driver: Hashable
    due: bool = False
    inbox: tuple[Event, ...] = ()
    asked: tuple[LedgerAction, ...] = ()
    judging: tuple[int, int] | None = None
    late: tuple[Event, ...] = ()
    lent: bool = False
    to_print: tuple[PrintTicket, ...] = ()


class Question(NamedTuple):
    """What becomes of one turn of the driver: whether its command gets an answer, and the hot block or the error that it reads."""

    answer: HotBlock | BusError
    written: bool = True
    after_s: float = TURN_S


SILENT = Question(NoAnswer("silent"), written=False)
SILENT_FOR_LONG = Question(NoAnswer("silent"), written=False, after_s=SILENCE_S + TURN_S)
GONE = Question(PortGone("line", "gone"), written=False)


class Doing:
    """Brings a kiosk back for one event, and keeps it again. ``step`` is the session's function or a variant that leaves out a rule."""

    def __init__(self, variant: Step = step, driver: type[Intake] = Intake) -> None:
        self._step = variant
        self._driver = driver
        self._keeper = Keeper(("drivers", "exploring"), (HotBlock, Command))

    def boot(self, standing: Standing, now: Instant = NOON) -> Kiosk:
        session, actions = resume(standing, RULES, now)
        assert not actions
        life = _Life(None, self._driver, self._keeper)
        life.runner.session = session
        return life.kept()

    def wants_to_write(self, kiosk: Kiosk) -> Command | None:
        """What the driver's next turn writes."""
        life = _Life(kiosk, self._driver, self._keeper)
        life.line.question = SILENT
        life.turn()
        return life.line.command

    def turn(self, kiosk: Kiosk, question: Question, handled: bool) -> Kiosk:
        """One turn of the driver, and the runner's answer to what it tells, unless it comes to that later."""
        life = _Life(kiosk, self._driver, self._keeper)
        life.line.question = question
        for event in life.turn():
            life.runner.post(event)
        return self._handled(life) if handled else life.kept()

    def tell(self, kiosk: Kiosk, event: Event, handled: bool) -> Kiosk:
        life = _Life(kiosk, self._driver, self._keeper)
        life.runner.post(event)
        return self._handled(life) if handled else life.kept()

    def give_back(self, kiosk: Kiosk, handled: bool) -> Kiosk:
        """The tool is done with the line."""
        life = _Life(kiosk._replace(lent=False), self._driver, self._keeper)
        life.runner.post(LineReturned())
        return self._handled(life) if handled else life.kept()

    def handle(self, kiosk: Kiosk) -> Kiosk:
        """What waits in the inbox."""
        return self._handled(_Life(kiosk, self._driver, self._keeper))

    def elapse(self, kiosk: Kiosk) -> Kiosk:
        """The wait is over."""
        life = _Life(kiosk, self._driver, self._keeper)
        with patch("kiosk.composed.deposit_step", self._step):
            life.runner.elapse(life.workers)
        return self._handled(life)

    def _handled(self, life: "_Life") -> Kiosk:
        with patch("kiosk.composed.deposit_step", self._step):
            while not life.runner.inbox.empty():
                event = life.runner.inbox.get()
                assert event is not None
                life.runner.handle(event, life.workers)
        return life.kept()


@dataclass
class _Line:
    """Answers one question as it is told to, and remembers what was written."""

    question: Question = SILENT
    command: Command | None = None

    def open(self) -> None:
        if isinstance(self.question.answer, PortGone):
            raise self.question.answer

    def close(self) -> None:
        pass

    def identity(self) -> Identity:
        if isinstance(self.question.answer, BusError):
            raise self.question.answer
        return IDENTITY

    def read(self, beat: int) -> HotBlock:
        if isinstance(self.question.answer, BusError):
            raise self.question.answer
        return self.question.answer

    def write(self, command: Command) -> None:
        self.command = command
        if not self.question.written:
            raise NoAnswer("no answer to a command")


class _Clock:
    def __init__(self) -> None:
        self.now_s = NOW_S

    def now(self) -> Instant:
        return NOON

    def monotonic(self) -> float:
        return self.now_s


class _Life:
    """One kiosk brought back, as its runner's intake, sight and books; without a kiosk, a new one."""

    def __init__(self, kiosk: Kiosk | None, driver: type[Intake], keeper: Keeper) -> None:
        self.clock = _Clock()
        self.line = _Line()
        self._asked = list(kiosk.asked) if kiosk else []
        self._judging = kiosk.judging if kiosk else None
        self._late = kiosk.late if kiosk else ()
        self._lent = kiosk.lent if kiosk else False
        self._to_print = kiosk.to_print if kiosk else ()
        self._keeper = keeper
        self._parts = {"line": self.line, "clock": self.clock, "beat": _no_beat}
        self.driver = (
            driver(self.line, self.clock, _no_beat) if kiosk is None else cast(Intake, keeper.bring_back(kiosk.driver, self._parts))
        )
        self.runner = Runner(kiosk.session if kiosk else cast(Session, None), self.clock, lambda view: None)
        assert set(vars(self.runner)) == RUNNER_HOLDS, f"the runner holds what the exploration does not keep: {vars(self.runner).keys()}"
        if kiosk is not None:
            self.runner._due = NOW_S if kiosk.due else None
            for event in kiosk.inbox:
                self.runner.post(event)
        self.workers = Workers(self, self, self._Books(self), self, self, Unstaffed(), self._Printer(self))

    def turn(self) -> list[Event]:
        self.clock.now_s += self.line.question.after_s
        return [*self.driver.turn()]

    def kept(self) -> Kiosk:
        driver, inbox = self.driver, []
        while not self.runner.inbox.empty():
            event = self.runner.inbox.get()
            assert event is not None
            assert not isinstance(event, ConsoleEvent)
            inbox.append(event)
        driver._retry_s = FIRST_RETRY_S
        if driver._pending is not None:
            # how long it has waited is an event of its own
            driver._pending = replace(driver._pending, rested_s=0.0)
        # what the card of the last item shows moves nothing, nor does why the link is lost
        session = replace(self.runner.session, item=None, link_lost=None)
        return Kiosk(
            session,
            self._keeper.keep(driver, self._parts, _aged),
            self.runner.due_s is not None,
            tuple(inbox),
            tuple(self._asked),
            self._judging,
            self._late,
            self._lent,
            self._to_print,
        )

    def send(self, command: Command) -> None:
        for event in self.driver.send(command):
            self.runner.post(event)

    def ask(self) -> None:
        self.driver.ask()

    def set_pace(self, in_visit: bool) -> None:
        self.driver.set_pace(in_visit)

    def perform(self, action: SightAction) -> None:
        match action:
            case Judge(item, weight):
                self._judging = item, max(0, weight - 200)
            case Watch() | Dismiss():
                self._judging = None
            case Remember():
                pass

    def note(self, note: Note) -> None:
        pass

    def lend(self) -> None:
        self.driver.let_go()
        self._lent = True

    def refuse(self, why: Hindrance) -> None:
        pass

    class _Books:
        def __init__(self, life: "_Life") -> None:
            self._life = life

        def perform(self, action: LedgerAction | DeskAction, occurred: Instant) -> None:
            assert not isinstance(action, DeskAction)
            self._life._asked.append(action)

    class _Printer:
        def __init__(self, life: "_Life") -> None:
            self._life = life

        def perform(self, action: PrintTicket | PaperAction) -> None:
            assert isinstance(action, PrintTicket)
            self._life._to_print = (*self._life._to_print, action)


RUNNER_HOLDS = {
    "session",
    "starts_anew",
    "_answer",
    "console",
    "inbox",
    "_staff_due",
    "_clock",
    "_show",
    "_hours",
    "_shown",
    "_due",
    "_elapse_by",
    "_beat",
    "_spells",
}
"""``_elapse_by`` serves ``serve`` alone: here a wait is over when the exploration says so. ``_spells`` only write the log; nobody comes
to ``console``: that staff are there is an event of its own."""


def judged(kiosk: Kiosk, acceptable: bool) -> Judged:
    """The verdict on the bottle that lay there when it was asked for: its code is its number."""
    assert kiosk.judging is not None
    item, bottle = kiosk.judging
    verdict = Verdict(
        accepted=acceptable,
        material=Material.GLASS if acceptable else None,
        gtin=Gtin(str(bottle)),
        reasons=() if acceptable else (Reason.UNREADABLE,),
        evidence=Evidence((), 200 + bottle, False),
        policy="explored",
    )
    return Judged(item, verdict, 0.0)


def _no_beat() -> int:
    return 0


def _aged(value: float) -> float:
    """Each turn comes ``TURN_S`` after all that was."""
    return NOW_S if value >= NOW_S // 2 else value
