"""What the kiosk may do next, and what becomes of what it is told: numbers of kiosks in, numbers of kiosks out. Each is worked out once."""

from collections.abc import Callable
from typing import assert_never

from drivers.intake.bus import Command, HotBlock
from drivers.printer.state import PrinterFault, PrinterTrouble
from exploring.books import NOON, MemoryJournal, State, bottle_of
from exploring.device import CONTROLLER_ID
from exploring.life import GONE, PATIENT_S, SILENT, SILENT_FOR_LONG, TURN_S, Doing, Kiosk, Question, judged
from exploring.world import Numbers, System
from kiosk.deposit.actions import (
    BeginTicket,
    Book,
    CloseVisit,
    EndIntent,
    GiveAway,
    Intend,
    IssueVoucher,
    LedgerAction,
    MarkShown,
    OpenVisit,
)
from kiosk.deposit.events import Event, GiveTo, TicketNotPrinted, TicketPrinted, Touch, Touched
from kiosk.deposit.states import Phase
from kiosk.workers.books import record
from ledger.vocabulary import LedgerError

OFF = 0
Posted = tuple[int, int]
"""The kiosk if its runner handles what is posted at once, and if that waits in the inbox."""


class KioskSide:
    """Without power it is number ``OFF``. Every other method is asked of a kiosk with power."""

    def __init__(self, system: System) -> None:
        self.kiosks: Numbers[Kiosk | None] = Numbers(None)
        self.books: Numbers[State] = Numbers()
        self.answers: Numbers[Event | LedgerError] = Numbers()
        self._doing = Doing(system.step, system.driver)
        self._journal = system.journal
        self._one: dict[tuple[object, ...], int] = {}
        self._posted: dict[tuple[object, ...], Posted] = {}
        self._writes: dict[int, Command | None] = {}
        self._asked: dict[tuple[int, int], tuple[int, int]] = {}
        self._knows: dict[tuple[int, int], bool] = {}

    def phase(self, number: int) -> Phase | None:
        """What the session is in the middle of; None without power."""
        kiosk = self.kiosks.values[number]
        return None if kiosk is None else kiosk.session.phase

    def kiosk(self, number: int) -> Kiosk:
        kiosk = self.kiosks.values[number]
        assert kiosk is not None, "without power"
        return kiosk

    def boot(self, books: int) -> int:
        """With the ledger as it stands, soon enough for an open visit to go on."""
        return self._once(
            ("boot", books), lambda: self._doing.boot(MemoryJournal(self.books.values[books], CONTROLLER_ID).standing(), NOON)
        )

    def writes(self, number: int) -> Command | None:
        """The command that the driver writes in its next turn."""
        if number not in self._writes:
            self._writes[number] = self._doing.wants_to_write(self.kiosk(number))
        return self._writes[number]

    def turn(self, number: int, hot: HotBlock | None, hot_number: int, written: bool, waited: bool) -> Posted:
        """A turn that reads this hot block, or nothing; ``waited``: so late that the driver's patience with its command is over."""
        question = Question(SILENT.answer if hot is None else hot, written, PATIENT_S if waited else TURN_S)
        return self._post(("turn", number, hot_number, written, waited), number, lambda kiosk, now: self._doing.turn(kiosk, question, now))

    def silence(self, number: int) -> Posted:
        return self._post(("silence", number), number, lambda kiosk, now: self._doing.turn(kiosk, SILENT_FOR_LONG, now))

    def unplug(self, number: int) -> Posted:
        return self._post(("gone", number), number, lambda kiosk, now: self._doing.turn(kiosk, GONE, now))

    def handle(self, number: int) -> int:
        return self._once(("handle", number), lambda: self._doing.handle(self.kiosk(number)))

    def elapse(self, number: int) -> int:
        return self._once(("elapse", number), lambda: self._doing.elapse(self.kiosk(number)))

    def touch(self, number: int, touch: Touch | GiveTo) -> int:
        return self._once(("touch", number, touch), lambda: self._doing.tell(self.kiosk(number), Touched(touch), True))

    def tell(self, number: int, event: Event) -> Posted:
        """A technician asks for something."""
        return self._post(("tell", number, event), number, lambda kiosk, now: self._doing.tell(kiosk, event, now))

    def give_back(self, number: int) -> Posted:
        return self._post(("give back", number), number, self._doing.give_back)

    def judge(self, number: int, acceptable: bool) -> Posted:
        """The verdict that it waits for comes."""
        verdict = judged(self.kiosk(number), acceptable)
        return self._post(("judge", number), number, lambda kiosk, now: self._doing.tell(kiosk._replace(judging=None), verdict, now))

    def ask(self, number: int, books: int) -> tuple[int, int]:
        """The ledger does what it was asked for first: the books after it, and the number of its answer."""
        key = number, books
        if key not in self._asked:
            journal = self._journal(self.books.values[books], CONTROLLER_ID)
            try:
                event: Event | LedgerError = record(journal, self.kiosk(number).asked[0], NOON)
            except LedgerError as error:
                event = error
            self._asked[key] = self.books(journal.state), self.answers(event)
        return self._asked[key]

    def answer(self, number: int, answer_number: int, answer: Event) -> Posted:
        """The ledger's answer to what it was asked for first."""
        return self._post(
            ("answer", number, answer_number),
            number,
            lambda kiosk, now: self._doing.tell(kiosk._replace(asked=kiosk.asked[1:]), answer, now),
        )

    def answer_later(self, number: int, answer_number: int, answer: Event) -> int:
        """The ledger has done what it was asked for first, and its answer stays on the way."""

        def kept() -> Kiosk:
            kiosk = self.kiosk(number)
            return kiosk._replace(asked=kiosk.asked[1:], late=(*kiosk.late, answer))

        return self._once(("answer later", number, answer_number), kept)

    def late_answer(self, number: int) -> Posted:
        """The oldest answer on the way comes."""

        def told(kiosk: Kiosk, at_once: bool) -> Kiosk:
            return self._doing.tell(kiosk._replace(late=kiosk.late[1:]), kiosk.late[0], at_once)

        return self._post(("late answer", number), number, told)

    def printed(self, number: int, whole: bool) -> Posted:
        """The printer answers to what it was given first."""

        def told(kiosk: Kiosk, at_once: bool) -> Kiosk:
            code = kiosk.to_print[0].voucher.code
            event = TicketPrinted(code) if whole else TicketNotPrinted(code, PrinterTrouble(PrinterFault.UNPLUGGED))
            return self._doing.tell(kiosk._replace(to_print=kiosk.to_print[1:]), event, at_once)

        return self._post(("printed", number, whole), number, told)

    def knows(self, number: int, books: int) -> bool:
        """Whether the session holds the ledger's visit and intent, unless an answer is still to come."""
        key = number, books
        if key not in self._knows:
            kiosk, state = self.kiosk(number), self.books.values[books]
            told = not (kiosk.asked or kiosk.late or kiosk.inbox)
            self._knows[key] = not told or (kiosk.session.visit, kiosk.session.intent) == (state.visit, state.open_intent)
        return self._knows[key]

    def _once(self, key: tuple[object, ...], make: Callable[[], Kiosk]) -> int:
        if key not in self._one:
            self._one[key] = self.kiosks(make())
        return self._one[key]

    def _post(self, key: tuple[object, ...], number: int, make: Callable[[Kiosk, bool], Kiosk]) -> Posted:
        if key not in self._posted:
            kiosk = self.kiosk(number)
            self._posted[key] = self.kiosks(make(kiosk, True)), self.kiosks(make(kiosk, False))
        return self._posted[key]


def told_of(action: LedgerAction) -> str:
    """A money action in the words of a history."""
    match action:
        case OpenVisit():
            return "a visit opens"
        case Intend(intent):
            return f"intent {intent.sequence} for bottle {bottle_of(intent)}"
        case Book(totaliser, counted):
            return f"totaliser {totaliser} booked, counted {counted}"
        case EndIntent(sequence, ending):
            return f"intent {sequence} {ending.value}"
        case IssueVoucher(visit) | GiveAway(visit, _) | CloseVisit(visit):
            return f"visit {visit} ends: {type(action).__name__}"
        case BeginTicket(code):
            return f"a ticket of {code} begins"
        case MarkShown(code):
            return f"{code} is shown"
        case _:
            assert_never(action)
