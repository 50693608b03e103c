"""Every screen in every state, as plain view-states: what ``consigne screenshots`` draws and what the tests look at. Nothing here is drawn by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from config.clock import Instant
from config.demonstration import ASSOCIATIONS
from config.files import Trouble
from config.vocabulary import NO_CENTS, Association, Bin, Cents, Gtin, Material, Reason
from drivers.camera.faults import CameraFault
from drivers.intake.bus import Came, ControllerFault
from drivers.intake.bus import FaultCause as ControllerCause
from drivers.intake.trouble import Silence
from kiosk.deposit.halts import (
    BinsFull,
    BudgetSpent,
    CountedLess,
    DoorOpen,
    EntryRefused,
    HallClosed,
    Halt,
    InService,
    ItemLeft,
    Jammed,
    LedgerUnwritable,
    MemoryFailed,
    NoController,
    NoPicture,
    NotBegun,
    Obstacle,
    OtherController,
    OtherVersion,
    Resting,
    RestMessage,
    SensorFailed,
    StaffAtWork,
    SupplyLow,
    TotaliserLeapt,
)
from kiosk.deposit.states import LastItem, Printing
from kiosk.deposit.today import Today
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.visitor.item import IN_VAIN, SPENT
from kiosk.screens.visitor.place import Open, Place
from ledger.vocabulary import Cause, Voucher
from recognition.shown import Box, Shown

REWARD = Cents(20)
VISIT_BOTTLES = 30


class StillClock:
    """Time stands still in a picture."""

    def now(self) -> Instant:
        raise NotImplementedError

    def monotonic(self) -> float:
        return 0.0


NINE = tuple(
    Association(f"nine-{number}", f"Association n° {number}", (("en", f"Charity no. {number}"), ("ar", f"جمعية رقم {number}")))
    for number in range(1, 10)
)
"""As many as there may be, as long as names on every panel may be then."""

NOTHING = Open()


@dataclass(frozen=True, slots=True)
class Shot:
    """A state and its name, which is the picture's file name."""

    name: str
    view: ViewState
    open: Open = NOTHING


VISIT = ViewState(Screen.FEEDING, visit_number="0417", bottles=7, cents=Cents(140), possible=23, associations=ASSOCIATIONS[:1])
NOBODY = ViewState(Screen.ATTRACT, possible=VISIT_BOTTLES, today=Today(212, 9))
TAKEN = LastItem(accepted=True, material=Material.PLASTIC, amount=REWARD)
FULL = (Material.GLASS,)

VOUCHER = Voucher(
    code="K7QP4M2XR5TBW9NHJ",
    visit="2026-11-24/0417",
    amount=Cents(140),
    issued=date(2026, 11, 24),
    valid_until=date(2029, 11, 23),
    cause=Cause.KEPT,
    # as long as a real one: a signature of 64 bytes in base64
    link="https://consigne.example/bon#c=K7QP4M2XR5TBW9NHJ&k=paris-11-01&a=140&d=2026-11-24&u=2029-11-23&s=" + "aGVsbG8t" * 10 + "dGhlcmU",
    demonstration=False,
)


OPENS = datetime(2026, 11, 25, 8, 30)  # noqa: DTZ001 - a time on a wall

OBSTACLES: dict[Halt, Obstacle] = {
    why.halt: why
    for why in (
        NoController(Silence(Came.NOTHING)),
        OtherVersion(found=1, expected=2, firmware=(0, 1)),
        OtherController(found=0x5457494E00000002, expected=0x5457494E00000001),
        NoPicture(CameraFault.BLACK, 12.0, 32.0),
        SensorFailed(ControllerFault.ENTRY_BEAM, ControllerCause.NONE),
        SupplyLow(),
        DoorOpen(),
        Jammed(ControllerFault.FLAP, ControllerCause.OVER_CURRENT),
        MemoryFailed(),
        TotaliserLeapt(read=900_000, booked=417),
        BinsFull(((Bin(1), 97), (Bin(2), 96)), 95),
        ItemLeft(offered=2),
        LedgerUnwritable("ledger.db", Trouble.FULL),
        EntryRefused("Intend", "WrongMoney"),
        CountedLess(read=3, booked=417),
        NotBegun(),
        HallClosed(OPENS),
        BudgetSpent(date_known=True),
        InService(),
        StaffAtWork(),
        Resting(RestMessage.HALL),
    )
}
"""One cause of each name."""
"""When the hall opens next."""


def visitor_shots() -> Iterator[Shot]:
    """In the order of a visit."""
    yield from _attract()
    yield from _feeding()
    yield from _after_finish()
    yield from _interrupted()
    yield from _out_of_order()
    for place in (Place.HELP, Place.SETTINGS, Place.LANGUAGES):
        yield Shot(place.value, VISIT, Open(overlay=place))


def _attract() -> Iterator[Shot]:
    yield Shot("attract", NOBODY)
    yield Shot("attract-demonstration", replace(NOBODY, demonstration=True, today=Today(1, 0)))
    yield Shot("attract-new-day", replace(NOBODY, today=None))
    yield Shot("attract-few", replace(NOBODY, possible=4, full=FULL))
    yield Shot("begun", NOBODY, Open(begun=True))


def _feeding() -> Iterator[Shot]:
    nothing = replace(VISIT, bottles=0, cents=Cents(0), possible=30)
    yield Shot("checking-first", replace(nothing, screen=Screen.CHECKING))
    yield Shot("feeding", VISIT)
    yield Shot("feeding-accepted", replace(VISIT, item=TAKEN))
    yield Shot("feeding-accepted-glass", replace(VISIT, item=replace(TAKEN, material=Material.GLASS), demonstration=True))
    yield Shot("feeding-much", replace(VISIT, item=TAKEN, bottles=499, cents=Cents(9980), possible=1))
    yield Shot("feeding-few", replace(VISIT, item=TAKEN, possible=4))
    yield Shot("feeding-glass-full", replace(VISIT, item=TAKEN, full=FULL))
    yield Shot("feeding-plastic-full-few", replace(VISIT, item=TAKEN, full=(Material.PLASTIC,), possible=2, demonstration=True))
    yield Shot("checking", replace(VISIT, screen=Screen.CHECKING))
    yield Shot("checking-finishing", replace(VISIT, screen=Screen.CHECKING, finishing=True))
    yield from _refused()
    unpaid = replace(VISIT, bottles=3, cents=NO_CENTS, possible=None, without_money=True)
    yield Shot("without-money-begun", replace(unpaid, visit_number=None, bottles=0))
    yield Shot("without-money", replace(unpaid, item=replace(TAKEN, amount=NO_CENTS)))


def chamber(codes: int) -> Shown:
    """As the camera would see a bottle in the chamber, with so many codes in sight, drawn in squares."""
    width, height = 240, 135
    picture = bytearray(bytes((196, 194, 188)) * (width * height))
    parts = [(28, 42, 172, 96, (34, 104, 62)), (172, 56, 224, 82, (34, 104, 62)), (218, 54, 232, 84, (206, 160, 60))]
    boxes = [(56 + 62 * number, 50, 102 + 62 * number, 88) for number in range(codes)]
    for left, top, right, bottom in boxes:
        parts.append((left, top, right, bottom, (245, 245, 240)))
        parts += [(at, top + 5, at + 2, bottom - 5, (20, 20, 20)) for at in range(left + 5, right - 5, 4)]
    for left, top, right, bottom, colour in parts:
        for row in range(top, bottom):
            picture[3 * (row * width + left) : 3 * (row * width + right)] = bytes(colour) * (right - left)
    around = tuple(Box(left / width, top / height, right / width, bottom / height) for left, top, right, bottom in boxes)
    return Shown(width, height, bytes(picture), frozenset(Gtin(f"952000000000{number}") for number in range(codes)), around)


def _refused() -> Iterator[Shot]:
    """Of each reason: while the item is in the machine and once it was taken back, the first time and again and again."""
    for reason in Reason:
        item = LastItem(accepted=False, reason=reason, material=Material.GLASS if reason is Reason.BIN_FULL else None)
        full = FULL if reason is Reason.BIN_FULL else ()
        for times, name in ((1, ""), (2, "-twice"), (3, "-thrice")):
            refused = replace(VISIT, item=item, refusals=times, full=full, demonstration=times == 2)
            if times == 1 or (times == 2 and reason in IN_VAIN) or reason is Reason.UNREADABLE:
                yield Shot(f"refused{name}-{reason}", replace(refused, screen=Screen.REFUSED))
            if (times == 1 or reason is Reason.UNREADABLE) and reason not in SPENT:
                yield Shot(f"refused{name}-{reason}-taken", refused)
    for reason, codes in ((Reason.UNREADABLE, 0), (Reason.TWO_CODES, 2), (Reason.RESTRICTED_CODE, 1)):
        seen = LastItem(accepted=False, reason=reason, shown=chamber(codes))
        yield Shot(f"refused-{reason}-seen", replace(VISIT, screen=Screen.REFUSED, item=seen, refusals=1))
    for reason in (Reason.UNREADABLE, Reason.NOT_EMPTY, Reason.PULLED_BACK, Reason.CAN, Reason.CAMERA, Reason.BIN_FULL):
        refused = replace(VISIT, screen=Screen.REFUSED, item=LastItem(accepted=False, reason=reason), refusals=1)
        yield Shot(f"help-{reason}", refused, Open(overlay=Place.HELP))
    both = LastItem(accepted=False, reason=Reason.BIN_FULL, material=Material.PLASTIC)
    yield Shot("refused-both-full", replace(VISIT, screen=Screen.REFUSED, item=both, refusals=1, full=tuple(Material)))
    yield Shot(
        "refused-left", replace(VISIT, screen=Screen.REFUSED, item=LastItem(accepted=False, reason=Reason.CAN), refusals=1, offered=1)
    )
    yield Shot("refused-unknown", replace(VISIT, screen=Screen.REFUSED))
    yield Shot("refused-finishing", replace(VISIT, screen=Screen.REFUSED, item=LastItem(accepted=False, reason=Reason.CAN), finishing=True))


def _after_finish() -> Iterator[Shot]:
    choose = replace(VISIT, screen=Screen.CHOOSE, ends_in_s=15, may_stay=True)
    yield Shot("choose", choose)
    yield Shot("choose-among-three", replace(choose, associations=ASSOCIATIONS))
    yield Shot("choose-no-gift", replace(choose, associations=()))
    yield Shot("choose-few", replace(choose, possible=3))
    for reason in (Reason.VISIT_LIMIT, Reason.DAY_BUDGET, Reason.BIN_FULL):
        yield Shot(f"choose-{reason}", replace(choose, limit=reason, demonstration=True))
    for several in (ASSOCIATIONS, NINE[:6], NINE):
        yield Shot(
            f"associations-{len(several)}", replace(VISIT, screen=Screen.ASSOCIATIONS, associations=several, ends_in_s=60, may_stay=True)
        )
    yield Shot("gift", replace(VISIT, screen=Screen.GIFT, association=ASSOCIATIONS[1], ends_in_s=15, may_stay=True))
    voucher = replace(VISIT, screen=Screen.VOUCHER, voucher=VOUCHER, ends_in_s=60, may_stay=True)
    yield Shot("voucher", voucher)
    offered = replace(voucher, printing=Printing.OFFERED, may_print=True)
    yield Shot("voucher-print", offered)
    yield Shot("voucher-print-again", replace(offered, printing=Printing.BROKEN, uncounted=2))
    yield Shot("voucher-print-uncounted", replace(voucher, printing=Printing.BUSY, uncounted=2))
    for printing in (Printing.BUSY, Printing.DONE, Printing.BROKEN, Printing.NO_PAPER, Printing.OUT_OF_ORDER):
        yield Shot(f"voucher-print-{printing}", replace(voucher, printing=printing))
    yield Shot("voucher-uncounted", replace(voucher, uncounted=2))
    yield Shot("voucher-closing", replace(voucher, ends_in_s=12))
    demonstrated = replace(VOUCHER, demonstration=True)
    yield Shot("voucher-demonstration", replace(voucher, voucher=demonstrated, ends_in_s=12, demonstration=True))
    yield Shot("voucher-demonstration-uncounted", replace(voucher, voucher=demonstrated, demonstration=True, uncounted=2))
    parting = replace(VISIT, screen=Screen.PARTING, kept_until=VOUCHER.valid_until, may_see=True, ends_in_s=30, may_stay=True)
    yield Shot("parting", parting)
    yield Shot("parting-noted", replace(parting, seen=True, may_go_on=True, ends_in_s=10))
    yield Shot("parting-printed", replace(parting, seen=True, printing=Printing.DONE, uncounted=1))
    yield Shot("parting-uncounted", replace(parting, uncounted=2, seen=True, may_go_on=True))
    yield Shot("parting-uncounted-alone", replace(parting, bottles=0, cents=NO_CENTS, kept_until=None, may_see=False, uncounted=1))
    yield Shot("parting-power-cut", replace(parting, may_see=False, uncounted=1))
    yield Shot("parting-demonstration", replace(parting, demonstration=True, seen=True, may_go_on=True, uncounted=1))
    yield Shot("thanks", ViewState(Screen.THANKS, ends_in_s=5))
    yield Shot("thanks-gift", ViewState(Screen.THANKS, gift=Cents(140), association=ASSOCIATIONS[1], ends_in_s=5))


def _interrupted() -> Iterator[Shot]:
    yield Shot("still-here", replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30, may_stay=True))
    yield Shot(
        "still-here-without-money",
        replace(VISIT, screen=Screen.STILL_HERE, cents=NO_CENTS, without_money=True, ends_in_s=30, may_stay=True),
    )
    yield Shot("still-here-nothing", replace(VISIT, screen=Screen.STILL_HERE, bottles=0, cents=Cents(0), ends_in_s=1, may_stay=True))
    yield Shot("hand", replace(VISIT, screen=Screen.HAND))
    yield Shot("one-moment", replace(VISIT, screen=Screen.ONE_MOMENT))
    yield Shot("resumed", replace(VISIT, resumed=True))


def _out_of_order() -> Iterator[Shot]:
    for halt, why in OBSTACLES.items():
        yield Shot(f"out-{halt}", ViewState(Screen.OUT_OF_ORDER, why=why))
        if halt is not Halt.CLOSED:
            yield Shot(f"out-{halt}-visit", replace(VISIT, screen=Screen.OUT_OF_ORDER, why=why, demonstration=True))
    stopped = replace(VISIT, screen=Screen.OUT_OF_ORDER, demonstration=True, ends_in_s=12, may_stay=True)
    for halt in (Halt.JAM, Halt.LEFT_BEHIND, Halt.DOOR):
        yield Shot(f"out-{halt}-closing", replace(stopped, why=OBSTACLES[halt]))
    yield Shot("out-day_budget-date-unknown", ViewState(Screen.OUT_OF_ORDER, why=BudgetSpent(date_known=False), date_known=False))
    yield Shot("without-money-offered", ViewState(Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.DAY_BUDGET], offers_without_money=True))
