"""The steps of an emptying as a pure session, what the ledger's thread makes of them, and weights held against what was expected."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.files import Trouble
from config.vocabulary import Bin, Material
from kiosk.composed import AnyAction, Composed, step
from kiosk.console.actions import DeskAction, EmptyBin, LookAtBins, Recheck, WeighBin
from kiosk.console.denials import FileFails, NothingTyped, NoWeight, TooHeavy, WeighedBefore
from kiosk.console.emptying import doubts
from kiosk.console.events import (
    Admitted,
    AgentsTold,
    BinEmptied,
    BinsTold,
    BinWeighed,
    ConsoleEvent,
    DeedAsked,
    EmptyingAnswered,
    EmptyingAsked,
    EmptyingBack,
    EmptyingDropped,
    EmptyingSure,
    Failed,
    IdleTooLong,
    LeaveAsked,
    LogInAsked,
    Opened,
    Rechecked,
    WeighingAsked,
    WeighingSure,
    WeightTyped,
)
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.console.told import BinSeen, BinsLook, Doubt, Excuse, Round, Seen, Stage, Unweighed
from kiosk.console.weighing import Tolerance, by_agent, by_bin, grams_of, is_outside
from kiosk.workers.books import at_the_desk
from ledger.bins import Content, Destination, Emptying, Handing
from money.desk_days import HANDING
from money.ledgers import LedgerIn
from people.stories import Story

pytest_plugins = ("money.ledger_fixtures",)

TOLERANCE = Tolerance({Material.GLASS: 10, Material.PLASTIC: 3}, 500)
EMPTY = Seen((BinSeen(Bin(1), Material.GLASS, 0),), door_open=False, linked=True)
LOOK = BinsLook((Content(Bin(1), 4, {"glass": 40}, 16_000),), (), (Unweighed(Bin(1), 3, None),), (Bin(1),), (), TOLERANCE)
ANSWERS = (
    EmptyingAnswered(Stage.DOOR),
    EmptyingAnswered(Stage.SEAL, "S-1042"),
    EmptyingAnswered(Stage.DESTINATION, "recycler"),
    EmptyingAnswered(Stage.CARRIER, "C-31"),
)
WHOLE = Handing("S-1042", Destination.RECYCLER, "C-31", door_seen=True)


class Glass:
    def __init__(self) -> None:
        self.session = Composed(Story().open().session, Console())
        self.asked: tuple[AnyAction, ...] = ()

    def tell(self, *events: ConsoleEvent) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    def logs_in(self, number: str = "101", role: Role = Role.DESK) -> "Glass":
        return self.tell(Opened(), AgentsTold(there=True), LogInAsked(number, "1"), Admitted(number, role))

    def at_the_bins(self, look: BinsLook = LOOK) -> "Glass":
        return self.logs_in().tell(DeedAsked(Deed.BINS), BinsTold(look))

    @property
    def console(self) -> Console:
        return self.session.console

    @property
    def face(self) -> AtWork:
        assert isinstance(self.console.face, AtWork)
        return self.console.face

    @property
    def round(self) -> Round:
        assert self.console.emptying is not None
        return self.console.emptying

    @property
    def written(self) -> list[DeskAction]:
        """What goes to the ledger once it is sure that the agent may still be here."""
        return [action.then for action in self.asked if isinstance(action, Recheck) and action.then is not None]

    def doubts(self) -> tuple[Doubt, ...]:
        return doubts(self.console, self.face)


def test_an_emptying_is_written_once_all_is_answered_and_it_was_said_to_be_right() -> None:
    glass = Glass().at_the_bins().tell(EmptyingAsked(Bin(1)), *ANSWERS)
    assert (glass.round.stage, glass.written) == (Stage.CHECK, [])
    assert glass.tell(EmptyingSure()).written == [EmptyBin(Bin(1), 4, WHOLE, "101", None, None)]
    assert glass.tell(Rechecked("101", Role.DESK, glass.written[0])).asked == (EmptyBin(Bin(1), 4, WHOLE, "101", None, None),)
    assert glass.tell(EmptyingSure(), EmptyingBack(), EmptyingDropped()).face.bins.writing
    assert glass.round.stage is Stage.CHECK
    glass.tell(BinEmptied(LOOK.contents[0]))
    assert (glass.console.emptying, glass.face.bins.emptied) == (None, LOOK.contents[0])
    assert LookAtBins((Bin(1), Bin(2))) in glass.asked


def test_an_answer_that_is_missing_or_none_is_asked_for_again() -> None:
    glass = Glass().at_the_bins().tell(EmptyingAsked(Bin(1)), ANSWERS[0], EmptyingAnswered(Stage.SEAL, "  "))
    assert (glass.round.stage, glass.face.failing) == (Stage.SEAL, NothingTyped())
    glass.tell(ANSWERS[1], EmptyingAnswered(Stage.DESTINATION, "moon"))
    assert (glass.round.stage, glass.face.failing) == (Stage.DESTINATION, NothingTyped())
    assert glass.tell(EmptyingAnswered(Stage.CARRIER, "late")).round.stage is Stage.DESTINATION
    assert glass.tell(EmptyingBack(), EmptyingBack(), EmptyingBack()).round.stage is Stage.DOOR
    assert glass.tell(EmptyingDropped()).console.emptying is None


@pytest.mark.parametrize(
    ("seen", "doors", "found"),
    [
        (EMPTY, (Bin(1),), ()),
        (EMPTY, (), (Doubt.DOOR_UNSEEN,)),
        (replace(EMPTY, door_open=True), (), ()),
        (replace(EMPTY, bins=(BinSeen(Bin(1), Material.GLASS, 11),)), (Bin(1),), (Doubt.NOT_EMPTY,)),
        (replace(EMPTY, bins=(BinSeen(Bin(1), Material.GLASS, 10),)), (Bin(1),), ()),
        (replace(EMPTY, linked=False), (Bin(1),), (Doubt.LEVEL_UNKNOWN,)),
    ],
)
def test_what_the_machine_did_not_see_is_a_doubt(seen: Seen, doors: tuple[Bin, ...], found: tuple[Doubt, ...]) -> None:
    look = replace(LOOK, doors=doors)
    under_way = Round(Bin(1), 4, "101", door_seen=seen.door_open)
    face = replace(Glass().at_the_bins().face, bins=replace(Glass().at_the_bins().face.bins, look=look))
    assert doubts(Console(face, emptying=under_way, seen=seen), face) == found


def test_what_is_in_doubt_at_the_last_touch_is_explained_before_it_is_written() -> None:
    """The machine is asked when it is written, not a step before."""
    glass = Glass().at_the_bins().tell(EmptyingAsked(Bin(1)), *ANSWERS)
    deposit = glass.session.deposit
    assert deposit.hot is not None
    glass.session = Composed(replace(deposit, hot=replace(deposit.hot, bin_percent=(41, 0))), glass.console)
    glass.tell(EmptyingSure())
    assert (glass.written, glass.round.stage) == ([], Stage.WHY)
    assert glass.tell(EmptyingAnswered(Stage.WHY, Excuse.NOT_ALL.value), EmptyingSure()).written[0] == EmptyBin(
        Bin(1), 4, WHOLE, "101", None, "not_all"
    )


@pytest.mark.parametrize("way_out", [LeaveAsked(), IdleTooLong()])
def test_an_emptying_outlives_its_agents_log_out_and_names_who_began_it(way_out: ConsoleEvent) -> None:
    glass = Glass().at_the_bins().tell(EmptyingAsked(Bin(1)), *ANSWERS, way_out)
    glass.logs_in("102").tell(DeedAsked(Deed.BINS), BinsTold(LOOK), EmptyingSure())
    assert (glass.written, glass.round.by) == ([], "101")
    glass.tell(EmptyingAsked(Bin(1)), EmptyingSure())
    assert glass.written == [EmptyBin(Bin(1), 4, WHOLE, "102", "101", None)]


def test_an_answer_that_comes_after_the_log_out_ends_the_emptying_all_the_same() -> None:
    glass = Glass().at_the_bins().tell(EmptyingAsked(Bin(1)), *ANSWERS, EmptyingSure(), IdleTooLong(), BinEmptied(LOOK.contents[0]))
    assert glass.console.emptying is None
    assert glass.logs_in().face.bins.emptied == LOOK.contents[0]


def test_an_answer_that_never_came_leaves_it_to_be_asked_again() -> None:
    glass = Glass().at_the_bins().tell(EmptyingAsked(Bin(1)), *ANSWERS, EmptyingSure())
    again = glass.written
    glass.tell(Failed(FileFails(Trouble.FULL)))
    assert (glass.face.bins.writing, glass.face.failing) == (False, FileFails(Trouble.FULL))
    assert glass.tell(EmptyingSure()).written == again


def test_the_same_emptying_asked_for_twice_is_written_once(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.visit_of(2)
    desk, action = kiosk.journal.desk, EmptyBin(Bin(1), 1, HANDING, "7", None, None)
    first = at_the_desk(desk, action, kiosk.now())
    assert first == BinEmptied(Content(Bin(1), 1, {"glass": 2}, 824))
    assert at_the_desk(desk, action, kiosk.now()) == BinEmptied(Content(Bin(1), 1, {}, 0), again=True)
    weighs = WeighBin(Bin(1), 1, 830, "7")
    assert at_the_desk(desk, weighs, kiosk.now()) == BinWeighed(830)
    assert at_the_desk(desk, weighs, kiosk.now()) == Failed(WeighedBefore())
    kiosk.journal.close()
    assert kiosk.findings() == []


def test_a_slip_is_asked_about_before_it_is_written_and_a_wrong_one_is_told() -> None:
    glass = Glass().at_the_bins().tell(WeighingAsked((Bin(1), 3)))
    for typed, why in (("", NoWeight()), ("-3", NoWeight()), ("many", NoWeight()), ("NaN", NoWeight()), ("10000", TooHeavy(1000))):
        assert (glass.tell(WeightTyped(typed)).face.failing, glass.face.bins.grams) == (why, None)
    assert glass.tell(WeightTyped("23,4")).face.bins.grams == 23_400
    assert glass.tell(WeighingSure(sure=False)).face.bins.grams is None
    glass.tell(WeightTyped("15.9"), WeighingSure(sure=True))
    assert glass.written == [WeighBin(Bin(1), 3, 15_900, "101")]
    assert glass.tell(WeighingSure(sure=True)).written == []


def test_an_auditor_empties_and_weighs_nothing() -> None:
    glass = Glass().logs_in(role=Role.AUDITOR).tell(DeedAsked(Deed.BINS), BinsTold(LOOK), EmptyingAsked(Bin(1)))
    assert glass.console.emptying is None
    assert glass.tell(WeighingAsked((Bin(1), 3))).face.bins.weighing is None


@pytest.mark.parametrize(("typed", "grams"), [("0", 0), ("23,456", 23_456), (" 7 ", 7000), ("1,2,3", None), ("inf", None)])
def test_kilograms_are_read_with_a_comma_or_a_point(typed: str, grams: int | None) -> None:
    assert grams_of(typed) == grams


def emptying(agent: str, bin: int, weighed: int | None) -> Emptying:
    return Emptying(Content(Bin(bin), 1, {"glass": 100}, 40_000), WHOLE, agent, datetime(2026, 11, 24, tzinfo=UTC), weighed)


def test_who_takes_bottles_out_is_seen_by_weight() -> None:
    """100 bottles of 400 g may be off by 10 g each, and the carrier's scale by 500 g."""
    assert not is_outside(emptying("101", 1, None), 38_500, TOLERANCE)
    assert is_outside(emptying("101", 1, None), 38_499, TOLERANCE)
    assert is_outside(emptying("101", 1, None), 41_501, TOLERANCE)
    found = [emptying("101", 1, 40_100), emptying("102", 1, 30_000), emptying("102", 2, 31_000), emptying("101", 2, None)]
    agents = by_agent(found, TOLERANCE)
    assert list(agents) == ["102", "101"]
    assert (agents["102"].times, agents["102"].outside, agents["102"].percent) == (2, 2, -24)
    assert (agents["101"].times, agents["101"].outside) == (1, 0)
    assert {bin: of.outside for bin, of in by_bin(found, TOLERANCE).items()} == {1: 1, 2: 1}
