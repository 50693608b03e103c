"""Staff's screens in every state, as plain views: what ``consigne screenshots`` draws and what the tests look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from config.files import Trouble
from config.vocabulary import Bin, Cents, Material, Reason
from drivers.intake.bus import ControllerFault, FaultCause
from drivers.printer.state import Paper, PrinterFault, PrinterState, PrinterTrouble
from kiosk.console.actions import ClaimVoucher, GrantBottles, OrderSuccession, PayVoucher
from kiosk.console.calibrating.told import AtCalibration
from kiosk.console.calibrating.told import Stage as CalibrationStage
from kiosk.console.configuring.vocabulary import AtConfiguration
from kiosk.console.denials import (
    Blocked,
    Denial,
    FileFails,
    MustWait,
    NotTheirs,
    PinsDiffer,
    SameAgent,
    TheLastManager,
    TooHeavy,
    TooSimple,
    WrongCode,
    WrongPin,
)
from kiosk.console.enrolling.vocabulary import AtEnrolment
from kiosk.console.helping import concealed
from kiosk.console.live.vocabulary import AtLive
from kiosk.console.roles import MAY, Deed, Role
from kiosk.console.searching import Question
from kiosk.console.states import NOBODY, Agent, Helping, Seconding
from kiosk.console.succession.vocabulary import AtSuccession
from kiosk.console.technician.told import NO_TEST, AtTest
from kiosk.console.technician.told import Stage as TestStage
from kiosk.console.told import (
    AtAgents,
    AtBins,
    AtClosures,
    AtVerify,
    BinSeen,
    BinsLook,
    ClosedDay,
    ClosuresLook,
    Doubt,
    Exported,
    Forgetting,
    Listed,
    LogRead,
    Looking,
    NewLedger,
    OnPaper,
    OpenDay,
    Outcome,
    OwnPin,
    PaperStage,
    Presented,
    PrinterSeen,
    Refused,
    Rest,
    Round,
    Seen,
    Stage,
    Today,
    Unweighed,
)
from kiosk.console.upkeep.vocabulary import NO_UPKEEP, AtUpkeep
from kiosk.console.view import LogInView, MachineView, StaffView, WorkView
from kiosk.console.weighing import Tolerance
from kiosk.deposit.halts import BinsFull, Halt, Jammed, OtherController, RestMessage
from kiosk.deposit.notes import NoteKind
from kiosk.log_reading import HaltTime, LogAbout, LogFigures, LogLine
from kiosk.screens.staff.gallery_live import lives
from kiosk.screens.staff.gallery_upkeep import upkeeps
from kiosk.screens.staff.technician.calibration_gallery import calibration_shots
from kiosk.screens.staff.technician.configuration_gallery import configuration_shots
from kiosk.screens.staff.technician.enrolment_gallery import enrolment_shots
from kiosk.screens.staff.technician.gallery import self_test_shots
from kiosk.screens.staff.technician.generation_gallery import generation_shots
from kiosk.verifying import Checked
from kiosk.visit_reading import Refusing, SeenVisit
from ledger.beside import Answers, Witness
from ledger.bins import Content, Destination, Emptying, Handing
from ledger.chain import Entry, Posting
from ledger.claims import Found
from ledger.figures import Figures, Tally
from ledger.findings import Finding, FindingKind
from ledger.grants import Bottle
from ledger.kinds import Account, Kind
from ledger.selection import Line, Opened, Selected, Selection, VoucherState
from ledger.views import DayTotal, Head
from ledger.visits import Passed, VisitRecord
from ledger.vocabulary import Cause, Payment, Refusal, Ungranted, Voucher
from recognition.verdict import Figure, Quantity

DAY, NOON = date(2026, 11, 24), datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
CODE = "K7QP4M2XR5TBW9NHJ"

VOUCHER = Found(CODE, Cents(9_980), DAY, date(2029, 11, 23), "2026-11-24/0417", "kept", "kiosk", False, True, False, True)
PAYMENT = Payment(CODE, Cents(9_980), "paris-11-01", "102", NOON, 1_000_000)

SEEN = Seen((BinSeen(Bin(1), Material.GLASS, 41), BinSeen(Bin(2), Material.PLASTIC, 12)), door_open=False, linked=True)
FULLY = Seen((BinSeen(Bin(1), Material.GLASS, 97), BinSeen(Bin(2), Material.PLASTIC, 96)), door_open=True, linked=False)

FINE = MachineView(None, SEEN)
FULL = MachineView(BinsFull(((Bin(1), 97), (Bin(2), 96)), 95), FULLY)

DAYS = tuple(
    DayTotal(DAY - timedelta(days=29 - back), material, bottles, Cents(20 * bottles))
    for back in range(30)
    for material, bottles in ((Material.GLASS, (37 * back) % 120), (Material.PLASTIC, (53 * back) % 190))
    if bottles
)

FIGURES = Figures(
    day=DAY,
    bottles=tuple(total for total in DAYS if total.day == DAY),
    credited=Cents(13_780),
    issued=Tally(131, Cents(12_940)),
    vouchers={
        VoucherState.VALID: Tally(41_212, Cents(4_128_020)),
        VoucherState.EXPIRED: Tally(1_203, Cents(98_180)),
        VoucherState.PAID: Tally(38_077, Cents(3_990_100)),
        VoucherState.UNCLAIMED: Tally(214, Cents(12_220)),
    },
    gifts={"association-a": Tally(13, Cents(1_420)), "association-b": Tally(8, Cents(880)), "": Tally(1, Cents(40))},
    uncounted=2,
    granted=Tally(3, Cents(60)),
    handed_out=Tally(117, Cents(11_480)),
)

TODAY = Today(
    FIGURES,
    LogFigures(
        ((Reason.CAN, 47), (Reason.UNREADABLE, 35), (Reason.RESTRICTED_CODE, 12)),
        (HaltTime(Halt.BINS_FULL, 3, 7_200, standing=True), HaltTime(Halt.DOOR, 3, 720, standing=False)),
        NOON - timedelta(minutes=12),
    ),
    Cents(20_000),
    NOON - timedelta(days=2, minutes=48),
    NOON,
    charted=DAYS,
    listed_days=12,
)

NOTHING = replace(
    TODAY,
    figures=replace(FIGURES, bottles=(), credited=Cents(0), gifts={}, uncounted=0),
    log=LogFigures((), ()),
    synced=None,
    charted=(),
    listed_days=120,
)

SELECTED = Selected(range(1_000_000, 0, -1), Cents(12_345_680), DAY, ((Account.REWARDS, Cents(13_780)), (Account.VISITS, Cents(-13_780))))

CREDIT = Entry(
    row=999_999,
    kind=Kind.CREDIT,
    subject="sort:4711",
    visit="2026-11-24/0417",
    occurred="2026-11-24T10:41:12.120Z",
    booked="2026-11-24T10:41:12.140Z",
    trusted=True,
    body={"sequence": 4711, "from": 4710, "totaliser": 4711, "amount": 20, "material": "glass", "day": "2026-11-24"},
    postings=(Posting(Account.REWARDS, 20), Posting(Account.VISITS, -20)),
    prev="5e" * 32,
    hash="a7" * 32,
)

ITEM = {
    "sequence": 4711,
    "gtin": "3252210390014",
    "material": "glass",
    "amount": 20,
    "bin": 1,
    "weight_g": 412,
    "policy": "every-vote-2",
    "flags": "unknown_product repeated",
}

VISIT = "2026-11-24/0417"


def _passed(row: int, kind: Kind, material: Material | None = Material.GLASS) -> Passed:
    at = NOON + timedelta(seconds=20 * row)
    flags = ("unknown_product", "repeated") if row == 3 else ()
    return Passed(row, at, kind, Cents(20), material, "3252210390014", 412, "every-vote-2", flags)


def _refusing(n: int, reason: Reason, row: int, outcome: str | None = None) -> Refusing:
    at, bottle = NOON + timedelta(seconds=20 * row), f"visit:{VISIT}:{n}"
    weight = {Reason.NOT_EMPTY: 1_270, Reason.TOO_LIGHT: 2}.get(reason, 31)
    limits = {Reason.NOT_EMPTY: (None, 496), Reason.TOO_LIGHT: (5, None)}.get(reason)
    figures = {} if limits is None else {reason.value: Figure(Quantity.WEIGHT, weight, *limits).as_json()}
    judged = {
        "accepted": False,
        "reasons": [reason.value],
        "weight_g": weight,
        "metal": reason is Reason.CAN,
        "looks": [["3252210390014"], ["5449000000996"]],
        "figures": figures,
        "scene": {"form": "bottle", "pose": "lying", "length_mm": 304, "width_mm": 77, "faults": []},
        "product": {"name": "Eau minérale naturelle gazeuse de la source imaginaire, citron vert et menthe", "packaging": "plastic_bottle"},
        "known_by": "open_food_facts",
        "policy": "every-vote-2",
    }
    return Refusing(n, at, reason, bottle, outcome == "granted", Cents(20), judged, "0.1.0", outcome)


RECORD = VisitRecord(VISIT, NOON, False, tuple(_passed(row, Kind.CREDIT) for row in range(1, 8)), 7, Cents(140), Kind.VOUCHER, CODE)
LOST = (Bottle("sort:4711@5e5e5e5e", Cents(20), granted=False), Bottle("totaliser:4712", Cents(20), granted=False))
REFUSED = (
    _refusing(1, Reason.NOT_EMPTY, 2),
    _refusing(2, Reason.CAN, 5, Outcome.UPHELD),
    _refusing(3, Reason.UNREADABLE, 6, Outcome.WRONG),
)
VISIT_SEEN = SeenVisit(
    replace(RECORD, items=(*RECORD.items, _passed(9, Kind.UNCOUNTED, Material.PLASTIC), _passed(10, Kind.STEP, None))),
    LOST,
    REFUSED,
    replace(VOUCHER, amount=Cents(140)),
)
CLOSED = replace(VISIT_SEEN, record=replace(VISIT_SEEN.record, ended=Kind.CLOSED, code=None), voucher=None)
REVEALED = Voucher(
    *(CODE, VISIT, Cents(140), DAY, date(2029, 11, 23), Cause.TIMED_OUT),
    f"https://consigne.example/bon#c={CODE}&k=paris-11-01&a=140&d=2026-11-24&u=2029-11-23&s={'A' * 86}",
    False,
)
FOUND = Helping("0417", visits=(VISIT,), visit=VISIT_SEEN)

ARCHIVE = "ledger-999-5e5e5e5e.db"

HELPING = {
    "type": NOBODY,
    "no-visit": Helping("0418", visits=()),
    "not-here": Helping("0418", visits=(), missing=ARCHIVE),
    "no-code": Helping("Z9", visits=()),
    "which": Helping("0417", visits=(VISIT, "2026-10-02/0417", "2026-09-14/0417", "2026-07-11/0417", "2026-05-02/0417")),
    "visit": FOUND,
    "closed": replace(FOUND, visit=CLOSED),
    "open": replace(FOUND, visit=replace(CLOSED, record=replace(CLOSED.record, ended=None))),
    "given": replace(FOUND, visit=replace(CLOSED, record=replace(CLOSED.record, ended=Kind.GIFT, given_to="Association A"))),
    "paid": replace(FOUND, visit=replace(VISIT_SEEN, voucher=replace(VOUCHER, paid=PAYMENT), refusal=Refusal.PAID)),
    "ungranted": replace(FOUND, ungranted=Ungranted.VISIT_OPEN),
    "refused-heavy": replace(FOUND, refusal=1),
    "refused-upheld": replace(FOUND, refusal=2),
    "refused-wrong": replace(FOUND, refusal=3),
    "sure": replace(FOUND, granting=tuple(bottle.name for bottle in LOST)),
    "writing": replace(FOUND, granting=tuple(bottle.name for bottle in LOST), writing=True),
    "ask": replace(FOUND, asking=True),
    "misfit": replace(FOUND, asking=True, misfit=True),
    "fits": replace(FOUND, voucher=REVEALED),
    "granted": replace(FOUND, voucher=replace(REVEALED, cause=Cause.GRANTED)),
    "shown": replace(FOUND, voucher=REVEALED, shown=True),
}

DOUBTFUL = Refused(Refusal.DOUBTFUL, CODE)
SECONDINGS = {
    "asked": Seconding(PayVoucher(CODE, "101")),
    "denied": Seconding(PayVoucher(CODE, "101"), denied=SameAgent(), times=1),
    "new-ledger": Seconding(OrderSuccession("101", NewLedger.CONTROLLER)),
    "grant": Seconding(GrantBottles((LOST[0].name,), "101", "not counted"), denied=NotTheirs(), times=1),
    "judging": Seconding(ClaimVoucher(VISIT, 7, "101"), judging=True, number="102"),
}

JAM = Jammed(ControllerFault.FLAP, FaultCause.BLOCKED)
JAMS = {
    "none": FINE,
    "stands": replace(FINE, why=JAM),
    "open": replace(FINE, why=JAM, seen=replace(SEEN, door_open=True)),
    "tries": replace(FINE, why=JAM, attended=True),
}


class SampleLines:
    """A list without a ledger."""

    def read(self, rows: Sequence[int]) -> dict[int, Line]:
        return {row: self._line(row) for row in rows}

    def close(self) -> None:
        pass

    @staticmethod
    def _line(row: int) -> Line:
        samples = ((Kind.UNCOUNTED, "glass", 0), (Kind.CREDIT, "plastic", 20), (Kind.VOUCHER, CODE, 9_980), (Kind.VISIT, "", 0))
        # the newest are of all kinds, one each
        newest = SELECTED.rows[0] - row
        kind, what, cents = (tuple(Kind)[newest], CODE, 23_480) if 0 <= newest < len(Kind) else samples[row % len(samples)]
        return Line(row, kind, f"2026-11-24/{row % 10_000:04}", NOON - timedelta(seconds=1_000_000 - row), row % 7 > 0, what, Cents(cents))


@dataclass(frozen=True, slots=True)
class StaffShot:
    """A state and its name; ``filtering``: with the ledger's questions open, or one of them; ``look``: how the screens shall be is being asked."""

    name: str
    view: StaffView
    look: bool = False
    filtering: bool = False
    question: Question | None = None
    turned: int = 0
    """How often a page that has more views was turned."""


def staff_shots() -> Iterator[StaffShot]:
    """In the order in which one meets them."""
    asks = LogInView(first=False, judging=False, denied=None, times=0)
    yield StaffShot("staff-log-in", _shown(asks))
    yield StaffShot("staff-log-in-judging", _shown(replace(asks, judging=True)))
    whys: tuple[Denial, ...] = (WrongPin(), MustWait(480), Blocked(), FileFails(FAILING))
    for why in whys:
        yield StaffShot(f"staff-denied-{type(why).__name__}", _shown(replace(asks, denied=why, times=1)))
    first = replace(asks, first=True)
    yield StaffShot("staff-first", _shown(first))
    for why in (WrongCode(), TooSimple(), PinsDiffer()):
        yield StaffShot(f"staff-denied-{type(why).__name__}", _shown(replace(first, denied=why, times=1)))
    yield StaffShot("staff-today", _at_work(Deed.TODAY, TODAY))
    for about in LogAbout:
        yield StaffShot(f"staff-log-{about}", _at_work(Deed.TODAY, TODAY, reading=LogRead(about, LINES[about])))
    yield StaffShot("staff-today-nothing", _at_work(Deed.TODAY, NOTHING, role=Role.DESK))
    yield StaffShot("staff-today-looking", _at_work(Deed.TODAY, None, machine=FULL))
    yield StaffShot("staff-today-fresh", _at_work(Deed.TODAY, TODAY, fresh=True))
    yield StaffShot("staff-today-failing", _at_work(Deed.TODAY, None, failing=FileFails(FAILING)))
    for name, here in (
        ("type", Presented()),
        ("valid", Presented(VOUCHER)),
        ("sure", Presented(VOUCHER, sure=True)),
        ("just-paid", Presented(VOUCHER, payment=PAYMENT)),
    ):
        yield StaffShot(f"staff-voucher-{name}", _at_work(Deed.VOUCHERS, TODAY, presented=here))
    for refusal in Refusal:
        refused = Refused(refusal, CODE, "paris-11-02", DAY, PAYMENT if refusal is Refusal.PAID else None, ARCHIVE)
        yield StaffShot(f"staff-voucher-{refusal}", _at_work(Deed.VOUCHERS, TODAY, presented=Presented(VOUCHER, refused)))
    ready = replace(FINE, printer=PrinterState(Paper.LOW))
    yield StaffShot("staff-voucher-print", _at_work(Deed.VOUCHERS, TODAY, presented=Presented(VOUCHER), machine=ready))
    broken = OnPaper(CODE, PaperStage.BROKEN, 2, PrinterTrouble(PrinterFault.SILENT))
    yield StaffShot(
        "staff-voucher-not-printed", _at_work(Deed.VOUCHERS, TODAY, presented=Presented(VOUCHER), machine=ready, on_paper=broken)
    )
    seen = replace(TODAY, printer=PrinterSeen(PrinterState(Paper.OUT, PrinterTrouble(PrinterFault.PAPER_OUT)), NOON - timedelta(seconds=5)))
    yield StaffShot("staff-today-paper", _at_work(Deed.TODAY, seen, machine=ready))
    yield StaffShot("staff-voucher-doubtful-sure", _at_work(Deed.VOUCHERS, TODAY, presented=Presented(VOUCHER, DOUBTFUL, sure=True)))
    for name, seconding in SECONDINGS.items():
        yield StaffShot(f"staff-second-{name}", _at_work(Deed.VOUCHERS, TODAY, seconding=seconding))
    for name, helping in HELPING.items():
        yield StaffShot(f"staff-help-{name}", _at_work(Deed.HELP, TODAY, helping=helping))
    yield StaffShot("staff-help-under-way", _at_work(Deed.HELP, TODAY, machine=replace(FINE, visit="2026-11-24/0417")))
    yield StaffShot("staff-help-auditor", _at_work(Deed.HELP, TODAY, role=Role.AUDITOR, helping=HELPING["visit"]))
    jam = Helping("M4", Halt.JAM)
    for name, machine in JAMS.items():
        yield StaffShot(f"staff-jam-{name}", _at_work(Deed.HELP, TODAY, helping=jam, machine=machine))
    yield from (*_on_paper(), *_of_bins())
    yield StaffShot("staff-rest", _at_work(Deed.REST, TODAY))
    yield StaffShot("staff-rest-resting", _at_work(Deed.REST, TODAY, rest=Rest(RestMessage.HALL, "102", NOON)))
    yield from _of_the_ledger()
    yield from _of_agents()
    yield StaffShot("staff-more", _at_work(Deed.MORE, TODAY))
    yield from _of_technicians()
    yield StaffShot("staff-days", _at_work(Deed.DAYS, TODAY))
    looking = Looking(Selection(), SELECTED, archives=(ARCHIVE,), path="ledger.db")
    yield StaffShot("staff-ledger", _at_work(Deed.LEDGER, TODAY, looking=looking))
    yield StaffShot("staff-ledger-looking", _at_work(Deed.LEDGER, TODAY, looking=Looking(FILTERED)))
    yield StaffShot("staff-ledger-filtered", _at_work(Deed.LEDGER, TODAY, role=Role.DESK, looking=replace(looking, selection=FILTERED)))
    yield StaffShot(
        "staff-ledger-exported",
        _at_work(
            Deed.LEDGER,
            TODAY,
            looking=replace(looking, exported=Exported("/media/accueil/CLE/ledger-2026-11-24-120000-101.csv", 1_000_000)),
        ),
    )
    choosing = _at_work(Deed.LEDGER, TODAY, looking=replace(looking, selection=FILTERED))
    yield StaffShot("staff-ledger-choices", choosing, filtering=True)
    for question in Question:
        if question is not Question.GENERATION:
            yield StaffShot(f"staff-ledger-{question}", choosing, filtering=True, question=question)
    opened = Opened(CREDIT, CREDIT.prev, "b3" * 32, (1_000_001,), ITEM, ((1_000_002, Kind.GRANT),))
    yield StaffShot("staff-entry", _at_work(Deed.LEDGER, TODAY, looking=replace(looking, opened=opened)))


def _of_technicians() -> Iterator[StaffShot]:
    yield from _of_the_self_test()
    yield from _of_calibration()
    yield from _of_configuration()
    yield from _of_enrolment()
    yield from _of_the_generation()
    for name, here, why, seen, attended in upkeeps(SEEN):
        machine = replace(FINE, why=why, seen=seen, attended=attended)
        yield StaffShot(name, _at_work(Deed.UPKEEP, TODAY, role=Role.TECHNICIAN, machine=machine, upkeep=here))
    for name, live in lives():
        view = _at_work(Deed.LIVE, TODAY, role=Role.TECHNICIAN, live=live)
        yield StaffShot(name, view)
        if name == "staff-live-registers":
            yield from (StaffShot(f"{name}-{turned}", view, turned=turned) for turned in range(1, 6))


LINES = {
    LogAbout.REFUSALS: tuple(
        LogLine(NOON - timedelta(minutes=3 * n), n % 7 > 0, NoteKind.HANDED_BACK, list(Reason)[n % len(Reason)], 94 - n) for n in range(94)
    ),
    LogAbout.HALTS: tuple(
        LogLine(NOON - timedelta(minutes=20 * n), trusted=True, kind=kind, what=halt, seconds=seconds, times=n % 3 + 1)
        for n, halt in enumerate(Halt)
        for kind, seconds in ((NoteKind.HALT_OVER, 720.0), (NoteKind.HALT, None), (NoteKind.STARTED, None))
    ),
}

FAILING = Trouble.FAILING


def _emptying(n: int, bin: int, agent: str, grams: int, weighed: int | None) -> Emptying:
    content = Content(Bin(bin), n, {"glass" if bin == 1 else "plastic": grams // (400 if bin == 1 else 30)}, grams)
    return Emptying(
        content, Handing(f"S-10{n:02}", Destination.RECYCLER, "CARRIER-31", True), agent, NOON - timedelta(days=14 - n), weighed
    )


EMPTYINGS = (
    _emptying(13, 1, "101", 151_200, None),
    _emptying(12, 2, "102", 9_410, 9_380),
    _emptying(12, 1, "101", 148_000, 121_500),
    *(_emptying(n, 1 + n % 2, ("101", "102", "103")[n % 3], 90_000 + 700 * n, 90_300 + 710 * n) for n in range(11, 3, -1)),
)

BINS_LOOK = BinsLook(
    (Content(Bin(1), 14, {"glass": 312}, 128_440), Content(Bin(2), 13, {"plastic": 187}, 5_610)),
    EMPTYINGS,
    (Unweighed(Bin(2), 9, None), Unweighed(Bin(1), 13, EMPTYINGS[0])),
    (),
    ("CARRIER-31", "CARRIER-7"),
    Tolerance({Material.GLASS: 10, Material.PLASTIC: 3}, 500),
    ("ledger-3-5e5e5e5e.db",),
)


def _on_paper() -> Iterator[StaffShot]:
    """A revealed voucher, and a printer that is ready, has printed or has no paper."""
    none = PrinterState(Paper.OUT, PrinterTrouble(PrinterFault.PAPER_OUT))
    out = OnPaper(CODE, PaperStage.OUT, 2)
    for name, printer, sheet in (
        ("ready", PrinterState(Paper.ENOUGH), None),
        ("printed", PrinterState(Paper.LOW), out),
        ("no-paper", none, None),
    ):
        machine = replace(FINE, printer=printer)
        yield StaffShot(f"staff-help-fits-{name}", _at_work(Deed.HELP, TODAY, helping=HELPING["fits"], machine=machine, on_paper=sheet))
    wrong, ready = HELPING["refused-wrong"], replace(FINE, printer=PrinterState(Paper.ENOUGH))
    yield StaffShot("staff-help-refused-print", _at_work(Deed.HELP, TODAY, helping=wrong, machine=ready))
    yield StaffShot(
        "staff-voucher-no-paper", _at_work(Deed.VOUCHERS, TODAY, presented=Presented(VOUCHER), machine=replace(FINE, printer=none))
    )


def _of_bins() -> Iterator[StaffShot]:
    bins = AtBins(BINS_LOOK)
    first = replace(BINS_LOOK, emptyings=(), unweighed=(), carriers=(), contents=(Content(Bin(1), 1, {}, 0), Content(Bin(2), 1, {}, 0)))
    yield StaffShot("staff-bins", _at_work(Deed.BINS, TODAY, bins=bins))
    yield StaffShot("staff-bins-first", _at_work(Deed.BINS, TODAY, bins=AtBins(first)))
    yield StaffShot("staff-bins-looking", _at_work(Deed.BINS, TODAY, bins=AtBins()))
    yield StaffShot("staff-bins-auditor", _at_work(Deed.BINS, TODAY, role=Role.AUDITOR, bins=bins))
    begun = Round(Bin(1), 14, "102", door_seen=True)
    yield StaffShot("staff-bins-found", _at_work(Deed.BINS, TODAY, bins=bins, emptying=begun))
    filled = replace(begun, seal="S-1042", destination=Destination.RECYCLER, carrier="CARRIER-31")
    for stage in Stage:
        here = replace(filled, stage=stage)
        yield StaffShot(f"staff-bins-{stage}", _at_work(Deed.BINS, TODAY, bins=replace(bins, on_it=True), emptying=here, doubts=DOUBTS))
    clear = replace(filled, stage=Stage.CHECK, by="101")
    yield StaffShot("staff-bins-writing", _at_work(Deed.BINS, TODAY, bins=replace(bins, on_it=True, writing=True), emptying=clear))
    yield StaffShot("staff-bins-done", _at_work(Deed.BINS, TODAY, bins=replace(bins, emptied=EMPTYINGS[0].content)))
    yield StaffShot("staff-bins-checks", _at_work(Deed.BINS, TODAY, bins=replace(bins, checking=True)))
    weighing = replace(bins, weighing=BINS_LOOK.unweighed[1])
    yield StaffShot("staff-bins-weigh", _at_work(Deed.BINS, TODAY, bins=weighing))
    yield StaffShot("staff-bins-weigh-wrong", _at_work(Deed.BINS, TODAY, bins=weighing, failing=TooHeavy(1000)))
    yield StaffShot("staff-bins-weigh-sure", _at_work(Deed.BINS, TODAY, bins=replace(weighing, grams=121_500)))


CLOSED_DAYS = tuple(
    ClosedDay(n, DAY - timedelta(days=418 - n), 3 * n, Cents(60 * n), NOON - timedelta(days=417 - n), None if n % 2 else "102")
    for n in range(417, 412, -1)
)
OPEN_DAYS = tuple(
    OpenDay(DAY - timedelta(days=back), 90_000 - 100 * back, 90_099 - 100 * back, 31 * back, back > 0) for back in range(8, -1, -1)
)


def _of_the_ledger() -> Iterator[StaffShot]:
    look = ClosuresLook(CLOSED_DAYS, OPEN_DAYS, trusted=True)
    for name, closures in (
        ("", AtClosures(look)),
        ("-untrusted", AtClosures(replace(look, closed=(), trusted=False))),
        ("-done", AtClosures(replace(look, open=OPEN_DAYS[-1:]), closed=tuple(day.day for day in OPEN_DAYS[:3]))),
    ):
        yield StaffShot(f"staff-closures{name}", _at_work(Deed.CLOSURES, TODAY, closures=closures))
    archives = tuple(f"ledger-{n}-5e5e5e5e.db" for n in range(6, 0, -1))
    newest, kept = Head(1_000_000, "a7" * 32), AtVerify(archives)
    wrong = tuple(Finding(row, FindingKind.HASH, {"expected": "5e" * 32, "found": "a7" * 32}) for row in range(999_000, 999_009))
    for name, verifying in (
        ("", kept),
        ("-running", replace(kept, run=1, row=481_280, last=1_000_000)),
        ("-sound", replace(kept, result=Checked(newest, (), Answers((Witness.MARK, Witness.KEY), ())))),
        ("-wrong", replace(kept, archive=archives[0], result=Checked(newest, wrong, Answers((), (), "file is not a database")))),
    ):
        yield StaffShot(f"staff-verify{name}", _at_work(Deed.VERIFY, TODAY, verifying=verifying))


AGENTS = tuple(
    Listed(str(number), name, role, has_pin=bool(name), blocked=not name)
    for number, name, role in (
        (101, "Camille", Role.MANAGER),
        (102, "", Role.DESK),
        *((number, f"Dominique {number}", Role.DESK) for number in range(103, 109)),
    )
)


def _of_agents() -> Iterator[StaffShot]:
    yield from (
        StaffShot(f"staff-look-{name}", view, look=True)
        for name, view in (
            ("log-in", _shown(LogInView(first=False, judging=False, denied=None, times=0))),
            ("work", _at_work(Deed.MORE, TODAY)),
        )
    )
    listed = AtAgents(AGENTS)
    for name, agents in (
        ("", listed),
        ("-one", replace(listed, picked="101")),
        ("-given", replace(listed, picked="103", given="274951")),
        ("-sure", replace(listed, picked="103", asking=Forgetting("103"))),
    ):
        yield StaffShot(f"staff-agents{name}", _at_work(Deed.AGENTS, TODAY, agents=agents))
    yield StaffShot("staff-agents-last", _at_work(Deed.AGENTS, TODAY, failing=TheLastManager(), agents=replace(listed, picked="101")))
    yield StaffShot("staff-pin", _at_work(Deed.PIN, TODAY))
    yield StaffShot("staff-pin-must", _at_work(Deed.PIN, TODAY, own=OwnPin(must=True)))
    yield StaffShot("staff-pin-changed", _at_work(Deed.PIN, TODAY, own=OwnPin(changed=True, times=1)))


def _of_the_self_test() -> Iterator[StaffShot]:
    parked = replace(FINE, parked=True)
    yield StaffShot("staff-more-technician", _at_work(Deed.MORE, TODAY, role=Role.TECHNICIAN))
    for name, testing in self_test_shots():
        yield StaffShot(f"staff-self-test-{name}", _at_work(Deed.SELF_TEST, TODAY, role=Role.TECHNICIAN, testing=testing, machine=parked))
    listed = AtTest(TestStage.LISTED)
    visit = replace(parked, visit="2026-11-24/0417")
    yield StaffShot("staff-self-test-visit", _at_work(Deed.SELF_TEST, TODAY, role=Role.TECHNICIAN, testing=listed, machine=visit))


def _of_calibration() -> Iterator[StaffShot]:
    parked = replace(FINE, parked=True)
    stands = _at_work(Deed.CALIBRATION, TODAY, role=Role.TECHNICIAN, machine=parked)
    for name, calibrating in calibration_shots():
        yield StaffShot(f"staff-calibration-{name}", _with_calibration(stands, calibrating))
    visit = replace(stands, machine=replace(parked, visit="2026-11-24/0417"))
    yield StaffShot("staff-calibration-visit", _with_calibration(visit, AtCalibration(CalibrationStage.LISTED)))
    open_door = replace(stands, machine=replace(parked, seen=replace(SEEN, door_open=True)))
    yield StaffShot("staff-calibration-door", _with_calibration(open_door, AtCalibration(CalibrationStage.LISTED)))
    parking = replace(stands, machine=FINE)
    yield StaffShot("staff-calibration-parking", _with_calibration(parking, AtCalibration(CalibrationStage.LISTED)))


def _of_configuration() -> Iterator[StaffShot]:
    stands = _at_work(Deed.CONFIGURATION, TODAY, role=Role.TECHNICIAN)
    for name, configuring in configuration_shots():
        yield StaffShot(f"staff-configuration-{name}", _with_configuration(stands, configuring))
    yield StaffShot("staff-configuration-which", _with_configuration(stands, dict(configuration_shots())["list"]), turned=1)
    visit = replace(stands, machine=replace(FINE, visit="2026-11-24/0417"))
    yield StaffShot("staff-configuration-visit", _with_configuration(visit, dict(configuration_shots())["changed"]))


def _of_enrolment() -> Iterator[StaffShot]:
    stands = _at_work(Deed.ENROLMENT, TODAY, role=Role.TECHNICIAN)
    for name, enrolling in enrolment_shots():
        yield StaffShot(f"staff-enrolment-{name}", _with_enrolment(stands, enrolling))


def _of_the_generation() -> Iterator[StaffShot]:
    parked = replace(FINE, parked=True)
    stands = _at_work(Deed.GENERATION, TODAY, role=Role.TECHNICIAN, machine=parked)
    for name, succeeding in generation_shots():
        yield StaffShot(f"staff-generation-{name}", _with_succession(stands, succeeding))
    listed = dict(generation_shots())["list"]
    visit = replace(stands, machine=replace(parked, visit="2026-11-24/0417"))
    yield StaffShot("staff-generation-visit", _with_succession(visit, listed))
    other = replace(stands, machine=replace(FINE, why=OtherController(0x4D41_4952_0000_0018, 0x4D41_4952_0000_0017)))
    yield StaffShot("staff-generation-other-controller", _with_succession(other, listed))


def _with_succession(view: StaffView, succeeding: AtSuccession) -> StaffView:
    return replace(view, shows=replace(view.shows, succeeding=succeeding)) if isinstance(view.shows, WorkView) else view


def _with_enrolment(view: StaffView, enrolling: AtEnrolment) -> StaffView:
    return replace(view, shows=replace(view.shows, enrolling=enrolling)) if isinstance(view.shows, WorkView) else view


def _with_configuration(view: StaffView, configuring: AtConfiguration) -> StaffView:
    return replace(view, shows=replace(view.shows, configuring=configuring)) if isinstance(view.shows, WorkView) else view


def _with_calibration(view: StaffView, calibrating: AtCalibration) -> StaffView:
    return replace(view, shows=replace(view.shows, calibrating=calibrating)) if isinstance(view.shows, WorkView) else view


DOUBTS = (Doubt.DOOR_UNSEEN, Doubt.NOT_EMPTY)

FILTERED = Selection(
    first=DAY - timedelta(days=6),
    last=DAY,
    kind=Kind.CREDIT,
    material=Material.GLASS,
    least=Cents(20),
    most=Cents(1_500),
    visit="0417",
    voucher=CODE,
    archive=ARCHIVE,
)


def _shown(shows: LogInView | WorkView, machine: MachineView = FINE) -> StaffView:
    return StaffView(shows, machine, 60.0)


def _at_work(
    deed: Deed,
    today: Today | None,
    *,
    role: Role = Role.MANAGER,
    fresh: bool = False,
    failing: Denial | None = None,
    reading: LogRead | None = None,
    looking: Looking | None = None,
    presented: Presented | None = None,
    helping: Helping = NOBODY,
    seconding: Seconding | None = None,
    machine: MachineView = FINE,
    bins: AtBins | None = None,
    emptying: Round | None = None,
    doubts: tuple[Doubt, ...] = (),
    rest: Rest | None = None,
    closures: AtClosures | None = None,
    verifying: AtVerify | None = None,
    agents: AtAgents | None = None,
    own: OwnPin | None = None,
    on_paper: OnPaper | None = None,
    testing: AtTest = NO_TEST,
    live: AtLive | None = None,
    upkeep: AtUpkeep = NO_UPKEEP,
) -> StaffView:
    deeds = (Deed.PIN,) if own is not None and own.must else tuple(deed for deed in Deed if deed in MAY[role])
    return _shown(
        WorkView(
            Agent("101", role),
            deed,
            deeds,
            fresh,
            failing,
            today,
            reading,
            looking or Looking(Selection()),
            presented or Presented(),
            bins=bins or AtBins(),
            emptying=emptying,
            doubts=doubts,
            helping=concealed(helping),
            seconding=seconding,
            rest=rest,
            closures=closures or AtClosures(),
            verifying=verifying or AtVerify(),
            agents=agents or AtAgents(),
            own=own or OwnPin(),
            on_paper=on_paper,
            testing=testing,
            live=live,
            upkeep=upkeep,
        ),
        machine,
    )
