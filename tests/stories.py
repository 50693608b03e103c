"""A deposit session told event by event, from readings and answers as intake and ledger give them. Tests tell what happens and ask what is seen."""

from dataclasses import replace
from datetime import UTC, date, datetime

from config.clock import Instant
from config.vocabulary import Bin, Cents, Gtin, Material, Reason, SequenceNumber
from drivers.bus import Command, CommandCode, ControllerState, HotBlock, Identity
from drivers.events import ItemEntered, ItemSettled, LinkBack, Rested
from kiosk.deposit.actions import Action, Book, Intend, Note, OpenVisit, Send, Wait
from kiosk.deposit.events import Event, Judged, TotaliserBooked, Touch, Touched, VisitOpened
from kiosk.deposit.states import Rules
from kiosk.deposit.step import resume, step
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Booked, Cause, Intent, Standing, Visit, Voucher
from readings import REST
from recognition.verdict import Evidence, Verdict

CONTROLLER = 0x5457494E00000001
NOON = Instant(datetime(2026, 11, 24, 11, tzinfo=UTC), trusted=True)
RULES = Rules(CONTROLLER, Cents(20), visit_bottles=30, bins={Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)})
IDENTITY = Identity(CONTROLLER, (1, 0), 1, 2)
VISIT = Visit("2026-11-24/0417", "0417", allowed=30, bottles=0, cents=Cents(0), last=NOON)


def verdict(material: Material | None, *reasons: Reason, weight_g: int = 22) -> Verdict:
    gtin = Gtin("9520696885275")
    return Verdict(material is not None, material, gtin, reasons, Evidence((), weight_g, metal=False), "weight-and-code")


class Story:
    """A session that remembers what it asked for."""

    def __init__(self, standing: Standing | None = None, now: Instant = NOON) -> None:
        self.session, _ = resume(standing or a_standing(), RULES, now)
        self.asked: list[Action] = []
        self.hot = REST
        self.possible = 30

    def tell(self, *events: Event) -> "Story":
        for event in events:
            self.session, actions = step(self.session, event)
            self.asked = [action for action in actions if not isinstance(action, Wait | Note)]
        return self

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

    def booked(self, *, intent: Intent | None = None, credited: Intent | None = None, visit: Visit | None = None) -> TotaliserBooked:
        request = Book(self.hot.totaliser, self.hot.counted)
        return TotaliserBooked(
            request, Booked(self.hot.totaliser, credited, intent, visit, self.possible if visit is None else visit.remaining)
        )

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
