"""Each typed error becomes sentences with its facts in them, in every language."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from commands.pictures import NoSuchPicture
from commands.usage import WronglyTyped
from config.changing import NotSafe, ValueRefused
from config.clock import WrongTimeZone
from config.files import NotText, StartFolderGone, Trouble
from config.settings import ConfigurationError, Mistake, Problem, load
from config.told import Told
from config.vocabulary import Bin, Cents
from drivers.camera.faults import CameraFault, CameraTrouble
from drivers.camera.worker import CameraGone
from drivers.intake.bus import Came, NeverSilent, NoAnswer, PortGone, PortTaken, WrongController
from drivers.twin.items import LabelsMissing, LabelsWrong, PictureUnreadable
from drivers.twin.process import StateWrong, TwinRuns
from drivers.twin.scenario import ScenarioWrong
from drivers.twin.shaft import ItemGone
from kiosk.agents import AgentsUnreadable, LastManager, NoSuchAgent, PinTooSimple
from kiosk.backup import BackupDiffers, BackupMediumGone, BackupNoRoom
from kiosk.capture.chamber import KioskRuns, NotSeenEmpty, VisitIsOpen
from kiosk.capture.collection import CollectionWrong, NoSuchBottle
from kiosk.desk import AtTheConsole, NoDeskAgent
from kiosk.display import NoDisplay
from kiosk.failures import ProcessFailed, RunStuck, WorkerDied, WrongArgument
from kiosk.screens.style.theme import OutOfReach, ScreenTooSmall, TooCoarse
from kiosk.screens.visitor.names import NameTooLong
from kiosk.words.catalogue import UnknownLanguage, Words
from kiosk.words.errors import explain, tell_file
from kiosk.words.reading import CatalogueBroken
from ledger.vocabulary import (
    ClockBehind,
    ClockUntrusted,
    Garbled,
    GrantRefused,
    LedgerBehind,
    LedgerExists,
    LedgerLocked,
    LedgerUnavailable,
    NoEmptying,
    NoLedger,
    NumberBeyond,
    NumbersUsedUp,
    Payment,
    ReasonNeeded,
    Refusal,
    SchemaUnknown,
    SecondNeeded,
    TotaliserFell,
    Ungranted,
    VoucherRefused,
    WrongFile,
    WrongKey,
    WrongKiosk,
    WrongMoney,
)
from recognition.catalogue.dump import DumpFlaw, DumpWrong
from recognition.catalogue.importing import Shrunk
from recognition.catalogue.own_list import LineWrong
from recognition.catalogue.store import CatalogueUnreadable
from recognition.material import ModelDamaged, ModelMissing, ModelOfAnotherVersion
from recognition.policies import PolicyOfAnotherVersion, PolicyWrong
from simulation.visits.assumptions import AssumptionsWrong

spoken = cache(Words)

EXAMPLE = Path(__file__).parents[2] / "config/example.toml"

MIDNIGHT, NOON = datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC)

CODE = "7KQP2MZD9FHWX3TAC"
PAYMENT = Payment(CODE, Cents(60), "paris-11-01", "7", NOON, 12)

ERRORS: list[tuple[Exception, tuple[str, ...]]] = [
    (StartFolderGone("no such folder"), ()),
    (WrongTimeZone("/etc/passwd"), ("TZ", "/etc/passwd", "Europe/Paris")),
    (PortGone("/dev/ttyX", "no such device"), ("/dev/ttyX", "no such device")),
    *((NoAnswer("what came", came, unit=7), ("what came",)) for came in Came),
    (NoAnswer("what came", Came.OTHER_UNIT, unit=7), ("7", "1")),
    (NeverSilent("/dev/ttyUSB0", "55 55"), ("/dev/ttyUSB0", "55 55")),
    (PortTaken("/dev/ttyX", "locked"), ("/dev/ttyX", "locked", "mbpoll")),
    (WrongController(1, 2, (0, 7)), ("0.7", "1", "2")),
    (WrongController(13, 2, (5, 0)), ("5.0", "13", "2")),
    (BackupMediumGone(Path("/mnt/stick"), Path("backups/2026-11-30")), ("mount /mnt/stick", "backups/2026-11-30", "consigne backup")),
    (BackupNoRoom(Path("/var/backups"), 200_000_000, 90_000_000), ("/var/backups", "200", "90", "consigne backup")),
    (BackupDiffers(Path("/mnt/stick/ledger.db")), ("/mnt/stick/ledger.db", "consigne backup")),
    (LedgerLocked("ledger.db", "kiosk, process 12"), ("ledger.db", "kiosk, process 12")),
    (LedgerUnavailable("ledger.db", "database is locked", Trouble.BUSY), ("ledger.db", "database is locked")),
    (LedgerUnavailable("ledger.db", "image is malformed", Trouble.DAMAGED), ("ledger.db", "image is malformed")),
    (NotText(Path("night.txt")), ("night.txt", "UTF-8")),
    (NoLedger("ledger.db"), ("ledger.db", "consigne ledger begin")),
    (LedgerExists("ledger.db"), ("ledger.db",)),
    (WrongFile("ledger.db", "not a database"), ("ledger.db", "not a database")),
    (SchemaUnknown("ledger.db", "9", "1"), ("ledger.db", "9", "1")),
    (ClockBehind(MIDNIGHT, NOON, None), ("1970", "ovemb", "timedatectl")),
    (ClockBehind(MIDNIGHT, NOON, 7), ("1970", "ovemb", "7", "--clock-was-wrong")),
    (NumbersUsedUp(NOON.date()), ("24",)),
    (WrongKey("key", "missing"), ("key", "missing")),
    (WrongMoney("ends twice"), ("ends twice",)),
    *(
        (VoucherRefused(why, CODE, kiosk="paris-11-02", valid_until=NOON.date(), payment=PAYMENT), ("7KQP-2MZD-9FHW-X3TAC",))
        for why in Refusal
    ),
    (VoucherRefused(Refusal.NO_CODE, "7KQP"), ("7KQP",)),
    (VoucherRefused(Refusal.OTHER_KIOSK, CODE, kiosk="paris-11-02"), ("paris-11-02",)),
    (VoucherRefused(Refusal.EXPIRED, CODE, valid_until=NOON.date()), ("2026",)),
    (VoucherRefused(Refusal.PAID, CODE, payment=PAYMENT), ("24 ", "2026", "13", "agent 7", "paris-11-01")),
    (SecondNeeded("doubtful"), ("doubtful",)),
    *((GrantRefused(why, "totaliser:12"), ()) for why in Ungranted),
    (GrantRefused(Ungranted.NO_BOTTLE, "totaliser:12"), ("totaliser:12",)),
    (NoEmptying(Bin(1), 4), ("1", "4")),
    (ReasonNeeded(Bin(1)), ("1",)),
    (ClockUntrusted("not trusted"), ("timedatectl",)),
    *((AtTheConsole("kiosk, process 12", what), ("kiosk, process 12", "PIN")) for what in ("pay", "close")),
    (NoDeskAgent("109"), ("109", "consigne agents list")),
    (NumberBeyond("sequence", 4294967296), ("sequence", "4294967296")),
    (Garbled("day is missing"), ("day is missing", "consigne ledger verify")),
    (WrongKiosk("ledger.db", "paris-11-02", "paris-11-01"), ("ledger.db", "paris-11-02", "paris-11-01", "kiosk.id")),
    (LedgerBehind("ledger.db", 9), ("ledger.db", "9", "consigne ledger verify", "--succeeding")),
    (TotaliserFell(12, 3), ("12", "3", "consigne ledger begin")),
    (LabelsMissing(Path("pictures")), ("pictures", "labels.csv")),
    (LabelsWrong(Path("labels.csv"), 4, "x", "0 to 1"), ("labels.csv", "4", "x", "0 to 1")),
    (PictureUnreadable(Path("one.jpg")), ("one.jpg", "labels.csv")),
    (NoSuchPicture(Path("two.jpg")), ("two.jpg",)),
    (
        CameraGone("/dev/video0", CameraTrouble(CameraFault.ABSENT, detail="there is /dev/video1")),
        ("/dev/video0", "/dev/video1", "camera.source"),
    ),
    (CameraGone("/dev/video0", CameraTrouble(CameraFault.STALLED, 1.5, 1.4)), ("/dev/video0", "stalled: 1.5", "camera.source")),
    (ScenarioWrong("night.txt", 3, "'dance'", "put"), ("night.txt", "3", "'dance'", "put")),
    (RunStuck("stopped", None, 1200.0, 30.0), ("stopped", "20")),
    (ScreenTooSmall(7.0), ("7", "10")),
    (NameTooLong("gift.associations.2.name.en", "Charity C", 9, 10.1), ("gift.associations.2.name.en", "Charity C", "9", "10")),
    (OutOfReach(0.92, 0.93, 1.61), ("61", "3", "screen.lower_edge_m")),
    (OutOfReach(0.7, 0.71, 0.96), ("71", "screen.lower_edge_m")),
    (TooCoarse(800, 480, 10.1, 3.64), ("800", "480", "10", "screen.diagonal_in")),
    (ItemGone("pet_clear_50"), ("pet_clear_50",)),
    (StateWrong(Path("twin/metal.jsonl"), "no JSON"), ("twin/metal.jsonl", "no JSON")),
    (TwinRuns(Path("state/twin")), ("state/twin",)),
    (ProcessFailed("city", 3, "port taken", Path("city.log")), ("city", "port taken", "city.log")),
    (WorkerDied("intake", ZeroDivisionError("by zero")), ("intake", "ZeroDivisionError", "by zero")),
    (KioskRuns("consigne run, process 12"), ("consigne run, process 12", "systemctl stop")),
    (VisitIsOpen("2026-11-24/0417"), ("2026-11-24/0417",)),
    (NotSeenEmpty(Path("chamber.npz")), ("chamber.npz",)),
    (CollectionWrong(Path("labels.csv"), 3), ("labels.csv", "3")),
    (NoSuchBottle("hall-0003", Path("photos")), ("hall-0003", "photos", "look_group")),
    (AssumptionsWrong(Path("hall.toml"), "visits: Field required"), ("hall.toml", "visits")),
    (PolicyWrong(Path("mine.toml"), "repeats.most: Field required"), ("mine.toml", "repeats.most")),
    (PolicyOfAnotherVersion(Path("mine.toml"), 2), ("mine.toml", "2", "1")),
    (ModelMissing(Path("material.onnx"), "No such file or directory"), ("material.onnx", "No such file")),
    (ModelDamaged(Path("material.onnx"), "not the weights"), ("material.onnx", "not the weights")),
    (ModelOfAnotherVersion(Path("material.json"), 1), ("material.json", "1", "2")),
    (AgentsUnreadable("kiosk.db", "disk full", Trouble.FULL), ("kiosk.db", "disk full")),
    (CatalogueUnreadable(Path("catalogue.db"), "disk image", Trouble.DAMAGED), ("catalogue.db", "disk image", "consigne catalogue import")),
    *((DumpWrong(Path("dump.csv"), flaw), ("dump.csv",)) for flaw in DumpFlaw),
    (DumpWrong(Path("dump.csv"), DumpFlaw.LINE, 7), ("dump.csv", "7")),
    (LineWrong(Path("list.csv"), 7, "deposit", "oui", "0, 1"), ("list.csv", "7", "deposit", "oui", "0, 1")),
    (Shrunk(Path("dump.csv"), 9, 20), ("dump.csv", "9", "20", "--smaller")),
    (NotSafe("reward.cents"), ("reward.cents", "config/example.toml")),
    (ValueRefused("intake.full_percent", "101", "50–100"), ("intake.full_percent", "101", "50–100")),
    (LastManager("105"), ("105", "consigne agents add")),
    (NoSuchAgent("105"), ("105", "consigne agents list")),
    (PinTooSimple(), ("6", "12")),
    (NoDisplay("DISPLAY=:9", "could not connect"), ("DISPLAY=:9", "could not connect", "--lines", "--headless")),
    (UnknownLanguage("tlh"), ("tlh", "fr, en, ar")),
    (OSError(28, "No space left on device", "state/log"), ("state/log",)),
    (OSError(5, "Input/output error", "state/log"), ("state/log", "Input/output error")),
    (OSError(111, "Connection refused"), ("Connection refused",)),
    (ZeroDivisionError("division by zero"), ("ZeroDivisionError", "division by zero")),
]


TOLD_BY_THE_COMMAND_LINE = WronglyTyped
"""Their words are its usage (``commands/usage.py``)."""

TOLD_LINE_BY_LINE = (ConfigurationError, CatalogueBroken, WrongArgument)


def leaves(kind: type[Told]) -> Iterator[type[Told]]:
    below = kind.__subclasses__()
    if not below or kind is PortGone:
        yield kind
    for each in below:
        yield from leaves(each)


def test_every_error_that_a_person_may_meet_has_a_row_here() -> None:
    for package in ("commands", "config", "drivers", "kiosk", "ledger", "recognition", "simulation"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__") and ".migrations" not in module.name:
                importlib.import_module(module.name)
    rows = {type(error) for error, _ in ERRORS}
    elsewhere = (TOLD_BY_THE_COMMAND_LINE, *TOLD_LINE_BY_LINE)
    assert {kind for kind in leaves(Told) if not issubclass(kind, elsewhere)} - rows == set()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("error", "facts"), ERRORS, ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "")
def test_an_error_is_told_with_its_facts_and_ends_as_a_sentence(error: Exception, facts: tuple[str, ...], language: str) -> None:
    told = explain(error, spoken(language))
    assert [fact for fact in facts if fact not in told] == []
    assert told.endswith(".")


def test_of_controller_and_kiosk_the_older_one_is_to_be_updated() -> None:
    words = Words("en")

    assert "install the controller’s program" in explain(WrongController(1, 2, (0, 1)), words)
    assert "update the kiosk’s program" in explain(WrongController(3, 2, (0, 3)), words)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("mistake", Mistake)
def test_every_mistake_of_a_configuration_is_told_with_the_file(mistake: Mistake, language: str) -> None:
    told = explain(ConfigurationError(Path("kiosk.toml"), (Problem(mistake, "a.key", "found", "integer"),)), spoken(language))
    assert "kiosk.toml" in told


def test_a_wrong_value_names_file_key_what_was_found_and_what_is_allowed() -> None:
    problem = Problem(Mistake.OUT_OF_RANGE, "limits.visit_bottles", "0", "1–500")
    told = explain(ConfigurationError(Path("kiosk.toml"), (problem,)), Words("en"))
    assert told == "kiosk.toml: limits.visit_bottles is 0. Allowed: 1–500."


def test_the_kind_of_value_that_a_key_takes_is_told_in_words() -> None:
    problem = Problem(Mistake.WRONG_TYPE, "limits.visit_bottles", '"30"', "integer")
    told = explain(ConfigurationError(Path("kiosk.toml"), (problem,)), Words("fr"))
    assert told == 'kiosk.toml\u00a0: limits.visit_bottles vaut "30". Il faut\u00a0: un nombre entier.'


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("value", ["{x = 1}", "[{x = 1}]"])
def test_a_wrong_value_of_any_key_is_told_in_words(tmp_path: Path, value: str, language: str) -> None:
    lines = EXAMPLE.read_text().splitlines()
    file = tmp_path / "kiosk.toml"
    for number, line in enumerate(lines):
        if key := re.match(r"(\w+) = ", line):
            file.write_text("\n".join([*lines[:number], f"{key[1]} = {value}", *lines[number + 1 :]]))
            with pytest.raises(ConfigurationError) as caught:
                load(file)
            assert key[1] in explain(caught.value, spoken(language))


def test_each_problem_of_a_configuration_has_its_line() -> None:
    problems = (Problem(Mistake.MISSING_KEY, "kiosk.id", allowed="text"), Problem(Mistake.UNKNOWN_KEY, "kiosk.ide", "1", "id"))
    assert len(explain(ConfigurationError(Path("kiosk.toml"), problems), Words("fr")).splitlines()) == 2


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_with_a_file_is_told_with_its_name_and_what_to_do(tmp_path: Path, trouble: Trouble, language: str) -> None:
    folder = tmp_path / "consigne"
    if trouble is Trouble.NOT_A_FOLDER:
        folder.touch()
    told = tell_file(folder / "ledger.db", trouble, "what SQLite says.", spoken(language))
    assert str(folder) in told
    assert told.count(". ") == 1
    assert ".." not in told


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if trouble is not Trouble.FULL])
def test_only_a_full_disk_is_told_to_be_full(trouble: Trouble) -> None:
    assert "space" not in explain(LedgerUnavailable("ledger.db", "detail", trouble), spoken("en"))
    assert "space" not in explain(CatalogueUnreadable(Path("catalogue.db"), "detail", trouble), spoken("en"))


def test_a_detail_that_ends_with_a_full_stop_ends_the_sentence_with_one() -> None:
    assert "..." not in explain(ProcessFailed("twin", 2, "There is no such file.", Path("twin.log")), spoken("en"))
    assert "file. Its log" in explain(ProcessFailed("twin", 2, "There is no such file.", Path("twin.log")), spoken("en"))
