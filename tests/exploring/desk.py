"""The desk explored: each deed of staff's, at the console's own steps and on a real ledger, cut at each of its moments in each way, and done once more.

A moment is before an action is done, or after it, when nobody has heard of it yet. What comes then is a power cut, an agent who is gone, somebody else
of the staff who does the same before a slow ledger has answered, or a disk that takes no writes. Afterwards an agent who knows nothing of it looks, and
does again what is not done. The promises:

1. A payment or a credit that is told as done stands in the ledger by then, by whoever is told.
2. It stands there once, however often it was asked for, and so does an emptying or a closure.
3. Nothing is lost: from the visit's number alone everything that it is owed is found at the glass, and paid.
4. The auditor's file finds nothing.

What a power cut leaves within one write is tried at each system call by ``test_desk_power_cuts.py``.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import cast

from config.clock import Instant
from config.vocabulary import Bin, Material
from kiosk.console.actions import ConsoleAction, DeskAction, PrintCopy
from kiosk.console.events import (
    ClaimAnswered,
    ClaimAsked,
    CloseAsked,
    ConsoleEvent,
    DeedAsked,
    EmptyingAnswered,
    EmptyingAsked,
    EmptyingSure,
    GrantAsked,
    HelpSought,
    IdleTooLong,
    LeaveAsked,
    LogInAsked,
    Opened,
    PayAsked,
    SecondAsked,
    SheetPrinted,
    VoucherAsked,
    VoucherPrintAsked,
)
from kiosk.console.helping import grantable
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork
from kiosk.console.told import BinSeen, Excuse, Reassurance, Seen, Stage
from kiosk.workers.books import written
from ledger.database import driver, reading
from ledger.journal import SqliteJournal, open_journal
from ledger.kinds import Kind
from ledger.views import entries
from ledger.vocabulary import Cause
from money.desk_days import lose
from money.ledgers import TERMS, Kiosk, audit_of
from timing import FakeClock
from worlds.desk_room import OTHER, PIN, Room

CAMILLE, SACHA, MANAGER = "101", "102", "104"
PINS = {CAMILLE: PIN, SACHA: OTHER, MANAGER: PIN}
BOTTLES = 2


class Cut(Enum):
    POWER = "a power cut"
    GONE = "an agent who is gone"
    OTHER = "somebody else who does the same meanwhile"
    FULL = "a disk that takes no writes"


class Broken(Exception):
    """A promise."""


class PowerCut(Exception):
    """All that was not durable is gone."""


@dataclass
class Machine:
    """A kiosk's folder as it was prepared, or a copy of it. ``code``: the voucher of ``visit``, in which one bottle more was lost."""

    path: Path
    visit: str
    code: str
    clock: FakeClock
    journal: SqliteJournal = field(init=False)

    def now(self) -> Instant:
        return self.clock.now()

    def starts(self) -> "Machine":
        self.journal = open_journal(self.path, who="the kiosk", clock=self.clock, random=secrets, terms=TERMS)
        return self

    def copied(self, to: Path) -> "Machine":
        shutil.copytree(self.path.parent, to)
        clock = FakeClock()
        clock.advance(self.clock.monotonic())
        return replace(self, path=to / self.path.name, clock=clock)

    def rows(self, *kinds: Kind) -> list[tuple[str, str, str]]:
        """Kind, subject and agent."""
        with reading(self.path) as connection:
            return [(it.kind, it.subject, str(it.body.get("agent", ""))) for it in entries(connection) if it.kind in kinds]


def prepared(folder: Path) -> Machine:
    folder.mkdir()
    with closing(Kiosk(folder)) as kiosk:
        visit = kiosk.visit_of(BOTTLES)
        lose(kiosk, visit)
        code = kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, kiosk.now()).code
        kiosk.journal.mark_shown(code, kiosk.now())
        Room(kiosk).agents.add("Alix", Role.MANAGER, PIN)
    return Machine(kiosk.path, visit, code, kiosk.clock)


Fuse = Callable[[str, ConsoleAction], Cut | None]
"""What happens at a moment: ``before`` or ``after`` an action."""

Told = tuple[str, str, str]
"""Kind, subject and agent."""


def nothing(when: str, action: ConsoleAction) -> None:
    del when, action


class Life(Room):
    """One life of the kiosk, from its start to a power cut. Console and ledger have a thread each: what waits for the ledger is ``slow``, and may be ``held``."""

    def __init__(self, machine: Machine, fuse: Fuse = nothing) -> None:
        super().__init__(cast("Kiosk", machine.starts()), hires=False)
        self.machine = machine
        self.fuse = fuse
        self.console = replace(self.console, seen=Seen((BinSeen(Bin(1), Material.GLASS, 0),), linked=True))
        self.slow: list[DeskAction] = []
        self.held = False
        self.others: Story | None = None
        self.told: set[Told] = set()

    def serves(self, until: Callable[[ConsoleAction], bool] = lambda _: False) -> "Life":
        del until
        while self.waiting or (self.slow and not self.held):
            action = self.waiting[0] if self.waiting else self.slow[0]
            queue: list[ConsoleAction] = self.waiting or self.slow  # type: ignore[assignment]
            if queue is self.waiting and isinstance(action, DeskAction):
                self.slow.append(action)
                self.waiting.pop(0)
                continue
            self._passes("before", action)
            if queue and queue[0] is action:
                queue.pop(0)
                self._done(action)
        return self

    def _done(self, action: ConsoleAction) -> None:
        told: object
        if isinstance(action, DeskAction):
            told = written(self.machine.journal, self.machine.journal.desk, action, self.kiosk.now())
        elif isinstance(action, PrintCopy):
            told = SheetPrinted(action.voucher.code)
        else:
            told = self.clerk.does(action)
        self._passes("after", action)
        assert isinstance(told, ConsoleEvent)
        before = self.console.agent
        self.tells(told)
        face = self.console.face
        if isinstance(face, AtWork) and face.agent == before:
            self._keeps_the_first_promise(said(face))

    def _passes(self, when: str, action: ConsoleAction) -> None:
        match self.fuse(when, action):
            case Cut.POWER:
                raise PowerCut
            case Cut.GONE:
                self.tells(IdleTooLong())
            case Cut.FULL:
                self.takes_writes(False)
            case Cut.OTHER if self.others is not None:
                self.tells(IdleTooLong())
                self.held = isinstance(action, DeskAction)
                self.works(SACHA, self.others)
                self.held = False
            case _:
                pass

    def takes_writes(self, does: bool) -> None:
        driver(self.machine.journal._writer._connection).execute(f"PRAGMA query_only = {'OFF' if does else 'ON'}")

    def works(self, agent: str, story: "Story") -> None:
        """Logs in and does all of it, as far as it may be done."""
        self.does(LeaveAsked(), Opened(), LogInAsked(agent, PINS[agent]))
        steps = story(self)
        while isinstance(self.console.face, AtWork) and (event := next(steps, None)) is not None:
            self.does(event)

    def _keeps_the_first_promise(self, told: set[Told]) -> None:
        if told - self.told and not told <= set(self.machine.rows(Kind.PAID, Kind.GRANT)):
            raise Broken(f"told {told}, and the ledger has {self.machine.rows(Kind.PAID, Kind.GRANT)}")
        self.told |= told


def said(face: AtWork) -> set[Told]:
    """What stands on the glass as done by whoever stands there."""
    voucher, seen, number = face.helping.voucher, face.helping.visit, face.agent.number
    found = {(str(Kind.PAID), face.presented.payment.code, number)} if face.presented.payment is not None else set()
    if voucher is not None and voucher.cause is Cause.GRANTED and seen is not None:
        found |= {(str(Kind.GRANT), bottle.name, number) for bottle in seen.lost if bottle.granted}
    return found


Story = Callable[[Life], Iterator[ConsoleEvent]]


def pays(life: Life) -> Iterator[ConsoleEvent]:
    yield DeedAsked(Deed.VOUCHERS)
    yield VoucherAsked(life.machine.code)
    yield PayAsked(sure=False)
    yield PayAsked(sure=True)


def grants(life: Life) -> Iterator[ConsoleEvent]:
    yield DeedAsked(Deed.HELP)
    yield HelpSought(life.machine.visit[-4:])
    seen = life.here.visit
    if seen is not None and (bottles := grantable(seen)):
        yield GrantAsked(bottles, sure=False)
        yield GrantAsked(bottles, sure=True)


def claims(life: Life) -> Iterator[ConsoleEvent]:
    yield DeedAsked(Deed.HELP)
    yield HelpSought(life.machine.visit[-4:])
    yield ClaimAsked()
    yield ClaimAnswered(BOTTLES)


def prints(life: Life) -> Iterator[ConsoleEvent]:
    yield DeedAsked(Deed.VOUCHERS)
    yield VoucherAsked(life.machine.code)
    yield VoucherPrintAsked()


def empties(life: Life) -> Iterator[ConsoleEvent]:
    yield DeedAsked(Deed.BINS)
    look = life.face.bins.look
    if look is not None and not any(waiting.bin == Bin(1) for waiting in look.unweighed):  # the page says what waits for its slip
        yield EmptyingAsked(Bin(1))
        yield EmptyingAnswered(Stage.DOOR)
        yield EmptyingAnswered(Stage.SEAL, "S-1")
        yield EmptyingAnswered(Stage.DESTINATION, "recycler")
        yield EmptyingAnswered(Stage.CARRIER, "C-1")
        yield EmptyingAnswered(Stage.WHY, next(iter(Excuse)))
        yield EmptyingSure()


def closes(life: Life) -> Iterator[ConsoleEvent]:
    del life
    yield DeedAsked(Deed.CLOSURES)
    yield CloseAsked()


@dataclass(frozen=True)
class Work:
    """A deed with its agent, and the entry that it is. ``once``: it stands in the ledger once however often it was asked for."""

    story: Story
    kind: Kind
    once: bool = True
    agent: str = CAMILLE


WORKS = {
    "pay": Work(pays, Kind.PAID),
    "grant": Work(grants, Kind.GRANT),
    "claim": Work(claims, Kind.CLAIMED, once=False),
    "print": Work(prints, Kind.PRINTED, once=False),
    "empty": Work(empties, Kind.EMPTIED),
    "close": Work(closes, Kind.CLOSURE, agent=MANAGER),
}


def reveals(number: str, bottles: int) -> Story:
    """The code under a visit number, by two agents where it takes them; the voucher is paid."""

    def story(life: Life) -> Iterator[ConsoleEvent]:
        yield DeedAsked(Deed.HELP)
        yield HelpSought(number)
        yield ClaimAsked()
        yield ClaimAnswered(bottles)
        if life.face.seconding is not None:
            yield SecondAsked(SACHA, PINS[SACHA], next(iter(Reassurance)))
        code = life.here.voucher.code if life.here.voucher is not None else ""
        yield DeedAsked(Deed.VOUCHERS)
        yield VoucherAsked(code)
        yield PayAsked(sure=False)
        yield PayAsked(sure=True)

    return story


def moments(machine: Machine, work: Work, folder: Path) -> list[tuple[str, str]]:
    """Those of one deed that nothing disturbs: when, and the action's name, in their order."""
    found: list[tuple[str, str]] = []

    def fuse(when: str, action: ConsoleAction) -> None:
        found.append((when, type(action).__name__))

    life = Life(machine.copied(folder), fuse)
    life.works(work.agent, work.story)
    life.machine.journal.close()
    return found


def cut(machine: Machine, work: Work, cuts: dict[int, Cut], folder: Path) -> None:
    """Does the deed with these cuts, each at the so manieth moment since the start, then once more and once more, and looks at everything. Raises Broken."""
    here, passed = machine.copied(folder), 0
    told: set[Told] = set()

    def fuse(when: str, action: ConsoleAction) -> Cut | None:
        nonlocal passed
        del when, action
        passed += 1
        return cuts.get(passed - 1)

    life = Life(here, fuse)
    for _ in range(len(cuts) + 2):
        life.others = work.story if work.agent != MANAGER else None
        try:
            life.works(work.agent, work.story)
        except PowerCut:
            here.journal.close()
            told |= life.told
            life = Life(here, fuse)
        life.takes_writes(True)
    told |= life.told
    _counted(here, work, told)
    _pays_all_that_is_owed(life, here)
    here.journal.close()
    if found := audit_of(here.path):
        raise Broken(str(found))


def _counted(here: Machine, work: Work, told: set[Told]) -> None:
    rows = here.rows(work.kind)
    if not rows or (work.once and len(rows) > 1):
        raise Broken(f"{len(rows)} rows of {work.kind}")
    if len({told_of[:2] for told_of in told}) < len(told) or not told <= set(here.rows(Kind.PAID, Kind.GRANT)):
        raise Broken(f"told to two, or not there: {told}")


def _pays_all_that_is_owed(life: Life, here: Machine) -> None:
    """From the visit's number, by people who know nothing else."""
    life.fuse = nothing
    life.works(CAMILLE, grants)
    life.works(CAMILLE, reveals(here.visit[-4:], BOTTLES))
    life.does(DeedAsked(Deed.HELP), HelpSought(here.visit[-4:]))
    for visit in life.here.visit.by_hand if life.here.visit is not None else ():
        life.works(CAMILLE, reveals(visit[-4:], 1))
    issued, paid = ({subject for _, subject, _ in here.rows(kind)} for kind in (Kind.VOUCHER, Kind.PAID))
    if issued != paid or len(issued) != 2:
        raise Broken(f"of {issued} were found and paid {paid}")
