"""A deposit session told event by event, from readings and answers as intake and ledger give them. Tests tell what happens and ask what is seen."""

from dataclasses import replace
from datetime import UTC, date, datetime

from config.clock import Instant
from config.demonstration import ASSOCIATIONS
from config.files import Trouble
from config.vocabulary import Bin, Cents, Gtin, Material, Reason, SequenceNumber
from drivers.intake.bus import Command, CommandCode, ControllerState, HotBlock, Identity
from drivers.intake.events import ItemEntered, ItemSettled, LinkBack, Rested
from drivers.intake.trouble import PortUnusable
from kiosk.deposit.actions import (
    Action,
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
    Remember,
    Send,
    Wait,
)
from kiosk.deposit.events import (
    Answered,
    Event,
    GiftGiven,
    Intended,
    IntentEnded,
    Judged,
    LedgerNews,
    MarkedShown,
    TicketBegun,
    TicketRefused,
    TotaliserBooked,
    Touch,
    Touched,
    VisitClosed,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.halts import CountedLess, EntryRefused, LedgerUnwritable
from kiosk.deposit.notes import Note
from kiosk.deposit.states import Rules
from kiosk.deposit.step import resume, step
from kiosk.deposit.view import Screen, view
from ledger.days import Reckoning
from ledger.vocabulary import Booked, Books, Cause, Intent, Standing, Visit, Voucher
from recognition.verdict import Evidence, Verdict
from wires.readings import REST

CONTROLLER = 0x5457494E00000001
NOON = Instant(datetime(2026, 11, 24, 11, tzinfo=UTC), trusted=True)
RULES = Rules(
    CONTROLLER, Cents(20), visit_bottles=30, bins={Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)}, associations=ASSOCIATIONS[:1]
)
IDENTITY = Identity(CONTROLLER, (1, 0), 1, 2)
VISIT = Visit("2026-11-24/0417", "0417", allowed=30, bottles=0, cents=Cents(0), last=NOON)


def verdict(material: Material | None, *reasons: Reason, weight_g: int = 22) -> Verdict:
    gtin = Gtin("9520696885275")
    return Verdict(material is not None, material, gtin, reasons, Evidence((), weight_g, metal=False), "weight-and-code")


ASKS: dict[type[LedgerNews], type[LedgerAction]] = {
    VisitOpened: OpenVisit,
    Intended: Intend,
    TotaliserBooked: Book,
    IntentEnded: EndIntent,
    VoucherIssued: IssueVoucher,
    GiftGiven: GiveAway,
    VisitClosed: CloseVisit,
    MarkedShown: MarkShown,
    TicketBegun: BeginTicket,
    TicketRefused: BeginTicket,
}


UNPLUGGED = PortUnusable("/dev/consigne-intake", "PortGone", "ENOENT")
DISK_FULL = LedgerUnwritable("ledger.db", Trouble.FULL)
RULE_BROKEN = EntryRefused("Intend", "WrongMoney")
COUNTED_LESS = CountedLess(read=3, booked=9)


class Story:
    """A session that remembers what it asked for, and in ``remembered`` which bottles later verdicts are to rest on. ``tell`` makes an answer of the ledger's news, with the books as they stand after it."""

    def __init__(self, standing: Standing | None = None, now: Instant = NOON) -> None:
        standing = standing or a_standing()
        self.session, _ = resume(standing, RULES, now)
        self.books = Books(
            1, "", standing.booked_totaliser, standing.last_sequence, standing.open_intent, standing.visit, Reckoning(now.day())
        )
        self.asked: list[Action] = []
        self.remembered: list[Intent] = []
        self.wait_s: float | None = None
        self.hot = REST
        self.possible = 30

    def tell(self, *events: Event | LedgerNews) -> "Story":
        for event in events:
            told = self.answer(event) if isinstance(event, LedgerNews) else event
            self.session, actions = step(self.session, told)
            self.asked = [action for action in actions if not isinstance(action, Wait | Note | Remember)]
            self.remembered += [action.intent for action in actions if isinstance(action, Remember)]
            for action in actions:
                if isinstance(action, Wait):
                    self.wait_s = action.seconds
        return self

    def answer(self, news: LedgerNews) -> Answered:
        """To the first thing of this kind that the ledger was asked for."""
        asked = next(action for action in self.session.asked if isinstance(action, ASKS[type(news)]))
        changed: dict[str, object] = {}
        match news:
            case VisitOpened(visit):
                changed = {"visit": visit}
            case Intended() if isinstance(asked, Intend):
                changed = {"open_intent": asked.intent, "last_sequence": asked.intent.sequence}
            case IntentEnded():
                changed = {"open_intent": None}
            case VoucherIssued() | GiftGiven() | VisitClosed():
                changed = {"visit": None}
            case _:
                pass
        return Answered(asked, news, self.written(**changed))

    def written(self, **changes: object) -> Books:
        """The books after one more entry."""
        self.books = replace(self.books, row=self.books.row + 1, **changes)  # type: ignore[arg-type]
        return self.books

    def at(self, **changes: object) -> HotBlock:
        """The next reading of the controller."""
        self.hot = replace(self.hot, **changes)  # type: ignore[arg-type]
        return self.hot

    def sent(self) -> Command:
        (send,) = [action for action in self.asked if isinstance(action, Send)]
        return send.command

    @property
    def screen(self) -> Screen:
        return view(self.session).screen

    def booked(self, *, intent: Intent | None = None, credited: Intent | None = None, visit: Visit | None = None) -> Answered:
        request = Book(self.hot.totaliser, self.hot.counted)
        possible = self.possible if visit is None else visit.remaining
        news = TotaliserBooked(Booked(self.hot.totaliser, credited, intent, visit, possible))
        return Answered(request, news, self.written(totaliser=self.hot.totaliser, open_intent=intent, visit=visit))

    def open(self) -> "Story":
        """Up to the open gate."""
        self.tell(LinkBack(IDENTITY, self.hot), self.booked(visit=self.session.visit))
        return self.opened()

    def opened(self) -> "Story":
        order = self.sent()
        assert order.code is CommandCode.OPEN
        return self.tell(Rested(self.at(state=ControllerState.OPEN, gate_shut=False, taken=order.sequence)))

    def put_in(self, visit: Visit = VISIT) -> "Story":
        self.tell(ItemEntered(self.at(state=ControllerState.CLOSING, occupied=True)))
        if OpenVisit() in self.asked:
            self.tell(VisitOpened(visit))
        return self.tell(ItemSettled(self.at(state=ControllerState.SHUT, gate_shut=True, weight_g=22)))

    def judged(self, result: Verdict) -> "Story":
        return self.tell(Judged(self.session.items_seen, result, 12.0))

    def intent(self) -> Intent:
        (intend,) = [action for action in self.asked if isinstance(action, Intend)]
        return intend.intent


def a_standing(**changes: object) -> Standing:
    fresh = Standing("mairie-10", CONTROLLER, True, 0, SequenceNumber(0), None, None)
    return replace(fresh, **changes)  # type: ignore[arg-type]


def finished(bottles: int = 2, allowed: int = 30) -> Story:
    visit = replace(VISIT, bottles=bottles, cents=Cents(20 * bottles), allowed=allowed)
    story = Story(a_standing(visit=visit)).open()
    order = story.tell(Touched(Touch.FINISH)).sent()
    assert order.code is CommandCode.RETURN
    return story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))


def a_voucher(cause: Cause = Cause.KEPT) -> Voucher:
    return Voucher("CODE", VISIT.id, Cents(40), date(2026, 11, 24), date(2029, 11, 23), cause, "https://example.org/#", demonstration=True)
