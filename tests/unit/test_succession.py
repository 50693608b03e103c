"""A new ledger ordered at the glass by two people: by nobody alone, in no visit, carried out by the next start whatever cuts it, and told where something hinders it."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from pkgutil import resolve_name

import pytest

from config.settings import Settings, load
from config.state import Files
from config.vocabulary import Cents
from drivers.intake.bus import PortGone
from kiosk import succession
from kiosk.agents import Agents, Cost
from kiosk.composed import AnyAction, Composed, step
from kiosk.console.actions import OrderSuccession, StartAnew
from kiosk.console.denials import NotTheirs, SameAgent
from kiosk.console.events import (
    Admitted,
    AgentsTold,
    ConsoleEvent,
    DeedAsked,
    Failed,
    LogInAsked,
    Opened,
    Rechecked,
    SecondAsked,
    SecondTold,
)
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.console.succession.vocabulary import (
    NO_GENERATION,
    AtSuccession,
    Hindered,
    Ledger,
    LedgerSeen,
    LookAtLedger,
    NoneYet,
    Order,
    SuccessionAsked,
    SuccessionOrdered,
    WhyChosen,
)
from kiosk.console.told import NewLedger
from kiosk.deposit.halts import InService
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.states import Stopped
from kiosk.succession import READER_ENDS_S, Carried, carry_out, look_at_ledger, note_of, order_now, read_order
from kiosk.workers.console import Clerk
from ledger.database import reading
from ledger.generation import Begun, begin
from ledger.verify import verify
from ledger.views import entries, generation, open_vouchers
from ledger.vocabulary import Cause
from money.ledgers import BEGINNING, TERMS, Kiosk, LedgerIn, SeededRandom
from people.stories import Story, finished
from timing import FakeClock
from wires.readings import REST

pytest_plugins = ("money.ledger_fixtures",)

ORDER = OrderSuccession("101", NewLedger.CONTROLLER)


class Glass:
    """Its machine stands parked, unless a visit is open."""

    def __init__(self, role: Role = Role.TECHNICIAN, *, in_visit: bool = False, parked: bool = True) -> None:
        story = finished() if in_visit else Story().open()
        deposit = replace(story.session, hot=REST)
        self.session = Composed(deposit, Console())
        self.asked: tuple[AnyAction, ...] = ()
        self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", role), DeedAsked(Deed.GENERATION))
        if parked:
            deposit = replace(self.session.deposit, phase=Stopped(InService()), service=True)
            self.session = replace(self.session, deposit=deposit)

    def tell(self, *events: ConsoleEvent) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    @property
    def face(self) -> AtWork:
        face = self.session.console.face
        assert isinstance(face, AtWork)
        return face

    @property
    def here(self) -> AtSuccession:
        return self.face.succeeding


def test_two_people_order_a_new_ledger_and_the_kiosk_begins_anew() -> None:
    glass = Glass()
    assert LookAtLedger() in glass.asked
    glass.tell(WhyChosen(NewLedger.CONTROLLER), SuccessionAsked())
    assert glass.face.seconding is not None
    glass.tell(SecondAsked("101", "274951", None))
    assert glass.face.seconding is not None
    assert isinstance(glass.face.seconding.denied, SameAgent)
    glass.tell(SecondAsked("102", "839017", None), SecondTold("102", None))
    wanted = replace(ORDER, second="102")
    assert glass.here.ordering
    assert wanted in glass.tell(Rechecked("101", Role.TECHNICIAN, wanted)).asked
    assert glass.tell(DeedAsked(Deed.TODAY)).asked == (), "nobody goes away from what is being written"
    order = Order("101", "102", NewLedger.CONTROLLER, "a7" * 32)
    note = Note(NoteKind.GENERATION_ORDERED, {"agent": "101", "second": "102", "why": "controller"})
    assert glass.tell(SuccessionOrdered(order)).asked == (note, StartAnew())


def test_what_was_ordered_is_not_left_to_a_later_start_though_nobody_stands_there_any_more() -> None:
    order = Order("101", "102", NewLedger.MOVED, "a7" * 32)
    assert step(Composed(Story().open().session, Console()), SuccessionOrdered(order))[1][-1] == StartAnew()


@pytest.mark.parametrize(("in_visit", "parked"), [(True, True), (False, False)], ids=["in a visit", "not parked"])
def test_none_is_ordered_in_a_visit_nor_before_the_machine_stands(in_visit: bool, parked: bool) -> None:
    assert Glass(in_visit=in_visit, parked=parked).tell(WhyChosen(NewLedger.MOVED), SuccessionAsked()).face.seconding is None


def test_none_is_ordered_without_a_reason() -> None:
    assert Glass().tell(SuccessionAsked()).face.seconding is None
    assert Glass().tell(WhyChosen(NewLedger.MOVED), WhyChosen(None), SuccessionAsked()).face.seconding is None


def test_an_order_that_could_not_be_kept_leaves_the_page_as_it_was() -> None:
    glass = Glass().tell(WhyChosen(NewLedger.CONTROLLER), SuccessionAsked(), SecondAsked("102", "839017", None), SecondTold("102", None))
    assert not glass.tell(Failed(NotTheirs())).here.ordering


@pytest.mark.parametrize("role", [Role.DESK, Role.AUDITOR])
def test_it_is_no_page_of_the_desk_s(role: Role) -> None:
    assert Glass(role, parked=False).asked == ()


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    kiosk.journal.close()
    return kiosk


@pytest.fixture
def settings(kiosk: Kiosk) -> Settings:
    path = kiosk.path.parent / "kiosk.toml"
    sections = {
        "kiosk": {"id": "essai-01", "state": str(kiosk.path.parent)},
        "intake": {"port": "intake"},
        "camera": {"source": "pictures"},
        "reward": {"voucher_page": "https://consigne.example/bon"},
        "city": {"url": "https://consigne.example"},
    }
    lines = [line for name, keys in sections.items() for line in (f"[{name}]", *(f"{key} = {json.dumps(v)}" for key, v in keys.items()))]
    path.write_text("\n".join(lines), encoding="utf-8")
    return load(path)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another controller stands on the line, and has counted little."""

    def begun(settings: Settings, by: str, why: str, succeeding: bool = False) -> Begun:
        beginning = replace(BEGINNING, by=by, why=why, controller_id=0x5457494E_00000002, totaliser=3)
        return begin(settings.files.ledger, beginning, clock=FakeClock(), random=SeededRandom(2), terms=TERMS, succeeding=succeeding)

    monkeypatch.setattr(succession, "begin_ledger", begun)


def ordered(settings: Settings) -> Order:
    return order_now(settings.files.kiosk, settings.files.ledger, replace(ORDER, second="102")).order


def archives(settings: Settings) -> int:
    return len(list(settings.files.state.glob("ledger-*.db")))


def is_whole(settings: Settings) -> bool:
    """The new ledger stands there, whole, with the old one's voucher, and the old one is its archive, untouched."""
    with reading(settings.files.ledger) as connection:
        begun, findings, vouchers = generation(connection), list(verify(connection)), open_vouchers(connection)
    (archive,) = settings.files.state.glob("ledger-*.db")
    with reading(archive) as connection:
        kept = list(verify(connection)) == []
    assert (begun.by, begun.why, begun.controller_id) == ("agents 101, 102", "Contrôleur remplacé", 0x5457494E_00000002)
    return findings == [] and [voucher.amount for voucher in vouchers] == [Cents(40)] and kept


@pytest.mark.usefixtures("answers")
def test_a_start_begins_what_was_ordered_once(settings: Settings) -> None:
    assert carry_out(settings) is None, "nothing was ordered"
    order = ordered(settings)
    carried = carry_out(settings)
    assert carried is not None
    assert note_of(carried).kind is NoteKind.GENERATION_BEGUN
    assert (carried.order, carried.error) == (order, None)
    assert (settings.files.state / str(carried.archive)).exists()
    assert is_whole(settings)
    assert (read_order(settings.files.kiosk), carry_out(settings), archives(settings)) == (None, None, 1)


class Cut(BaseException):
    """The power goes."""


STEPS = {
    "the order is kept": "kiosk.succession.write_order",
    "the old ledger gets its archive's name": "os.link",
    "the new ledger takes over its name": "pathlib.Path.replace",
    "the names are on the disk": "ledger.keys.sync_folder",
    "the order is taken out": "kiosk.succession.write_order",
}
FIRST, *_, LAST = STEPS


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", STEPS)
def test_a_cut_before_and_after_each_durable_step_loses_nothing_and_the_next_start_ends_it(
    settings: Settings, at: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if at != FIRST:
        ordered(settings)
    with monkeypatch.context() as patch:
        real = resolve_name(STEPS[at])

        def cut(*values: object, **named: object) -> None:
            if when == "after":
                real(*values, **named)
            raise Cut

        patch.setattr(STEPS[at], cut)
        with pytest.raises(Cut):
            ordered(settings) if at == FIRST else carry_out(settings)
    with reading(settings.files.ledger) as connection:
        assert list(verify(connection)) == []
    carried = carry_out(settings)
    if (at, when) == (FIRST, "before"):
        assert (carried, archives(settings)) == (None, 0), "it was never ordered"
    elif (at, when) == (LAST, "after"):
        assert carried is None
        assert is_whole(settings)
    else:
        assert carried is not None
        assert (carried.error, archives(settings), read_order(settings.files.kiosk)) == (None, 1, None)
        assert is_whole(settings)
    assert carry_out(settings) is None


def test_a_controller_that_does_not_answer_is_told_and_not_tried_again_by_itself(settings: Settings) -> None:
    order = ordered(settings)
    before = settings.files.ledger.read_bytes()
    carried = carry_out(settings)
    assert carried == Carried(order, error=PortGone.__name__)
    assert note_of(carried).kind is NoteKind.GENERATION_HINDERED
    assert settings.files.ledger.read_bytes() == before
    kept = read_order(settings.files.kiosk)
    assert kept is not None
    assert kept.hindered is Hindered.CONTROLLER
    assert carry_out(settings) is None


@pytest.mark.usefixtures("answers")
def test_a_reader_is_waited_for_and_one_that_stays_is_told(settings: Settings) -> None:
    ordered(settings)
    waited: list[float] = []
    with reading(settings.files.ledger) as connection:
        next(entries(connection))
        carried = carry_out(settings, sleep=waited.append)
    assert carried is not None
    assert (carried.error, archives(settings)) == ("LedgerLocked", 0)
    assert READER_ENDS_S - 1 <= sum(waited) <= READER_ENDS_S
    ordered(settings)
    with reading(settings.files.ledger) as connection:
        next(entries(connection))
        carried = carry_out(settings, sleep=lambda _: connection.close())
    assert carried is not None
    assert carried.error is None
    assert is_whole(settings)


def test_a_ledger_that_stands_though_its_last_step_failed_counts_as_begun(
    settings: Settings, answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path) -> None:
        raise OSError(5, "input/output error", str(path))

    ordered(settings)
    with monkeypatch.context() as patch:
        patch.setattr("ledger.keys.sync_folder", fails)
        carried = carry_out(settings)
    assert carried is not None
    assert carried.error is None
    assert is_whole(settings)
    assert answers is None


def test_the_page_tells_the_ledger_what_the_city_awaits_and_what_hindered(kiosk: Kiosk, settings: Settings, clock: FakeClock) -> None:
    agents = Agents(settings.files.kiosk, clock, Cost(memory_kib=32, passes=1, lanes=1))
    for name, role in (("Camille", Role.TECHNICIAN), ("Sacha", Role.DESK), ("Dominique", Role.MANAGER)):
        agents.add(name, role, "274951")
    clerk = Clerk(agents, Files(kiosk.path.parent), clock, Cents(20_000), Cents(20), lambda: date(2026, 11, 24))
    seen = clerk.does(LookAtLedger())
    assert isinstance(seen, LedgerSeen)
    assert isinstance(seen.ledger, Ledger)
    assert (seen.ledger.by, seen.ledger.why, seen.ledger.kiosk) == ("agent 7", "first start", "essai-01")
    assert (seen.ledger.vouchers, seen.ledger.cents, seen.hindered) == (1, Cents(40), None)
    assert (seen.ledger.unsent, seen.ledger.synced) == (seen.ledger.rows, None)
    for second in (None, "102", "109"):
        assert clerk.does(replace(ORDER, second=second)) == Failed(NotTheirs())
    assert read_order(settings.files.kiosk) is None
    told = clerk.does(replace(ORDER, second="103"))
    assert isinstance(told, SuccessionOrdered)
    assert told.order == read_order(settings.files.kiosk)
    carry_out(settings)
    again = clerk.does(LookAtLedger())
    assert isinstance(again, LedgerSeen)
    assert again.hindered is Hindered.CONTROLLER


def test_the_page_of_a_kiosk_without_a_ledger_says_so_and_under_which_name_it_would_begin(settings: Settings, clock: FakeClock) -> None:
    settings.files.ledger.unlink()
    clerk = Clerk(Agents(settings.files.kiosk, clock), settings.files, clock, Cents(0), Cents(20), date.today, kiosk="essai-01")
    assert clerk.does(LookAtLedger()) == LedgerSeen(NoneYet("essai-01"), None)


def test_a_first_ledger_begins_for_a_kiosk_that_is_commissioned_and_for_no_other_reason() -> None:
    glass = Glass().tell(LedgerSeen(NoneYet("essai-01"), None))
    for why in (NewLedger.CONTROLLER, NewLedger.MOVED):
        assert glass.tell(WhyChosen(why)).here.why is None
    assert glass.tell(WhyChosen(NewLedger.COMMISSIONED)).here.why is NewLedger.COMMISSIONED
    assert glass.tell(WhyChosen(None)).here.why is None


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("at", [None, "ledger.keys.sync_folder", "pathlib.Path.replace", "kiosk.succession.write_order"])
def test_a_first_ledger_begins_once_whatever_cuts_its_beginning(
    settings: Settings, at: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.files.ledger.unlink()
    order = ordered(settings)
    assert order.generation == NO_GENERATION

    def cut(*_: object, **__: object) -> None:
        raise Cut

    if at is not None:
        with monkeypatch.context() as patch:
            patch.setattr(at, cut)
            with pytest.raises(Cut):
                carry_out(settings)
    carried = carry_out(settings)
    assert carried is not None
    assert carried.error is None
    with reading(settings.files.ledger) as connection:
        assert (generation(connection).by, list(verify(connection))) == ("agents 101, 102", [])
    assert (archives(settings), read_order(settings.files.kiosk), carry_out(settings)) == (0, None, None)


def test_a_first_ledger_without_a_controller_is_told_and_not_tried_again_by_itself(settings: Settings) -> None:
    settings.files.ledger.unlink()
    ordered(settings)
    carried = carry_out(settings)
    assert carried is not None
    assert carried.error == PortGone.__name__
    assert not settings.files.ledger.exists()
    seen = look_at_ledger(settings.files.kiosk, settings.files.ledger, settings.files.acknowledged, "essai-01")
    assert seen == LedgerSeen(NoneYet("essai-01"), Hindered.CONTROLLER)
    assert carry_out(settings) is None


@pytest.mark.usefixtures("answers")
def test_what_was_ordered_to_succeed_a_ledger_that_is_gone_begins_none(settings: Settings) -> None:
    ordered(settings)
    settings.files.ledger.unlink()
    carried = carry_out(settings)
    assert carried is not None
    assert carried.error == "NoLedger"
    assert not settings.files.ledger.exists()
