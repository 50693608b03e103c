"""Each cause that stops the machine is told to staff in one sentence that holds all of its facts, in every language of theirs."""

from datetime import date, datetime

import pytest

from config.files import Trouble
from config.vocabulary import Bin, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import Came, ControllerFault, FaultCause
from drivers.intake.trouble import DriverFailed, OtherTable, PortUnusable, Silence
from kiosk.deposit.halts import (
    BinsFull,
    BudgetSpent,
    CountedLess,
    DoorOpen,
    EntryRefused,
    HallClosed,
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
    SequencesDisagree,
    SequencesUsedUp,
    StaffAtWork,
    SupplyLow,
    TakenLeapt,
    TotaliserLeapt,
    VisitNumbersUsedUp,
)
from kiosk.words.catalogue import Words
from kiosk.words.obstacles import tell_obstacle

OPENS = datetime(2026, 11, 25, 8, 30)  # noqa: DTZ001 - a time on a wall
MEASURED = {CameraFault.STALLED, CameraFault.BLACK, CameraFault.OVER_EXPOSED, CameraFault.FROZEN, CameraFault.BLURRED}
JAMS = (ControllerFault.GATE, ControllerFault.FLAP, ControllerFault.SORTER, ControllerFault.DROP_BEAM)

TOLD: list[tuple[Obstacle, tuple[str, ...]]] = [
    (NoController(None), ()),
    (NoController(PortUnusable("/dev/ttyX", "PortGone", "ENOENT")), ("/dev/ttyX", "ENOENT")),
    (NoController(PortUnusable("/dev/ttyX", "PortTaken", "EAGAIN")), ("/dev/ttyX", "EAGAIN")),
    (NoController(PortUnusable("/dev/ttyX", "NeverSilent")), ("/dev/ttyX", "NeverSilent")),
    *((NoController(Silence(came, 17)), ("17",) if came is Came.OTHER_UNIT else ()) for came in Came),
    (NoController(OtherTable(1, 2, (0, 7))), ("1", "2", "0.7")),
    (NoController(DriverFailed("KeyError")), ("KeyError",)),
    (OtherVersion(1, 2, (0, 7)), ("1", "2", "0.7")),
    (OtherController(0xAB, 0xCD), ("00000000000000ab", "00000000000000cd")),
    *((NoPicture(fault, 12.0, 32.0), ("12", "32") if fault in MEASURED else ()) for fault in CameraFault),
    *((SensorFailed(fault, FaultCause.NONE), ()) for fault in (ControllerFault.ENTRY_BEAM, ControllerFault.SCALE)),
    *((Jammed(fault, cause), ()) for fault in JAMS for cause in FaultCause),
    (SupplyLow(), ()),
    (DoorOpen(), ()),
    (MemoryFailed(), ()),
    (TakenLeapt(SequenceNumber(90_000), SequenceNumber(417)), ("90000", "417")),
    (SequencesDisagree(SequenceNumber(1), SequenceNumber(22), SequenceNumber(33), SequenceNumber(44)), ("1", "22", "33", "44")),
    (TotaliserLeapt(900_000, 417), ("900000", "417")),
    (SequencesUsedUp(SequenceNumber(4_294_901_759)), ("4294901759",)),
    (BinsFull(((Bin(1), 97), (Bin(2), 96)), 95), ("1", "97", "2", "96", "95")),
    (ItemLeft(2), ("2",)),
    *((LedgerUnwritable("/var/lib/consigne/ledger.db", trouble), ("/var/lib/consigne",)) for trouble in Trouble),
    (VisitNumbersUsedUp(date(2026, 11, 24)), ("24", "2026")),
    (EntryRefused("Intend", "WrongMoney"), ("Intend", "WrongMoney")),
    (CountedLess(3, 417), ("3", "417")),
    (NotBegun(), ()),
    (HallClosed(OPENS), ("30",)),
    (InService(), ()),
    (StaffAtWork(), ()),
    *((Resting(message), ()) for message in RestMessage),
    (BudgetSpent(date_known=True), ()),
    (BudgetSpent(date_known=False), ()),
]


def test_no_cause_is_left_out() -> None:
    # by name: a dataclass with slots stands there twice until the collector has run
    assert {type(why).__name__ for why, _ in TOLD} == {cause.__name__ for cause in Obstacle.__subclasses__()}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("why", "facts"), TOLD, ids=str)
def test_a_cause_is_told_with_its_facts(why: Obstacle, facts: tuple[str, ...], language: str) -> None:
    told = tell_obstacle(why, Words(language))
    assert [fact for fact in facts if fact not in told] == []
    assert not set("{}") & set(told)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_two_causes_are_never_told_by_the_same_sentence(language: str) -> None:
    words = Words(language)
    told = {tell_obstacle(why, words) for why, _ in TOLD if not isinstance(why, OtherVersion)}
    assert len(told) == len([why for why, _ in TOLD if not isinstance(why, OtherVersion)])
