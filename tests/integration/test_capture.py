"""``consigne capture`` before the twin's real camera: what is kept and how it is named, what is refused and why, and that nobody's visit is touched."""

import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands.cli import main
from config.system import AssumedClock
from drivers.twin.camera import CameraServer, Spoil
from drivers.twin.items import chamber_items
from drivers.twin.looks import render
from ledger.lock import LedgerLock
from money.ledgers import Kiosk, LedgerIn
from people.wrong_things import Said, told_by
from recognition.shape.background import keep
from simulation.chamber import empty_chamber
from simulation.redteam.pool import read_pool

pytest_plugins = ("money.ledger_fixtures",)

ITEMS = chamber_items() | {drawn.item.name: drawn.item for drawn in read_pool()}
SEED = 3
CONFIGURATION = """
[kiosk]
id = "paris-11-01"
state = "state"
[intake]
port = "intake"
[camera]
source = "{url}"
[reward]
voucher_page = "https://consigne.example/bon"
[city]
url = "https://consigne.example"
"""

Does = Callable[[], None]
Type = Callable[..., Said]


@pytest.fixture
def camera() -> Iterator[CameraServer]:
    server = CameraServer(seed=SEED)
    yield server
    server.close()


@pytest.fixture
def kiosk(tmp_path: Path, ledger_in: LedgerIn) -> Kiosk:
    (tmp_path / "state").mkdir()
    begun = ledger_in(tmp_path / "state")
    begun.journal.close()
    return begun


@pytest.fixture
def hall(tmp_path: Path, camera: CameraServer, kiosk: Kiosk) -> Path:
    (tmp_path / "kiosk.toml").write_text(CONFIGURATION.format(url=camera.url))
    keep(tmp_path / "state" / "chamber.npz", empty_chamber(SEED))
    return tmp_path


@pytest.fixture
def typed(hall: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Type:
    """The command in that hall, in English; each key that is typed comes after what its technician does first."""
    monkeypatch.setenv("CONSIGNE_LANG", "en")
    monkeypatch.chdir(hall)

    def type_(*keys: tuple[Does, str], words: str = "photos --class glass_bottle --kind beer") -> Said:
        def lines() -> Iterator[str]:
            for does, key in keys:
                does()
                yield f"{key}\n"

        monkeypatch.setattr(sys, "stdin", lines())
        return told_by(main, "consigne", f"capture {words} --config kiosk.toml", capfd.readouterr)

    return type_


@pytest.fixture
def lay(camera: CameraServer) -> Callable[[str], Does]:
    return lambda name: lambda: camera.show(render(ITEMS[name], SEED) if name else ())


def waits() -> None:
    """The technician does nothing first."""


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_each_picture_of_a_bottle_is_of_one_look_group_and_the_next_bottle_of_another(
    typed: Type, lay: Callable[[str], Does], hall: Path
) -> None:
    said = typed((lay("honest_002"), ""), (waits, ""), (lay("honest_003"), "n"), (waits, ""))
    assert said.code == 0, said
    found = rows(hall / "photos")
    assert [row["look_group"] for row in found] == ["paris-11-01-0001", "paris-11-01-0001", "paris-11-01-0002"]
    assert {(row["class"], row["kind"], row["is_bottle"]) for row in found} == {("glass_bottle", "beer", "1")}
    assert all((hall / "photos" / row["file"]).stat().st_size > 10_000 for row in found)


def test_a_later_run_goes_on_with_the_folder_and_with_a_bottle_of_it(typed: Type, lay: Callable[[str], Does], hall: Path) -> None:
    typed((lay("honest_002"), ""))
    typed((waits, ""), words="photos --class glass_bottle --kind beer --again paris-11-01-0001")
    typed((waits, ""))
    assert [row["file"] for row in rows(hall / "photos")] == [
        "glass_bottle/paris-11-01-0001-01.jpg",
        "glass_bottle/paris-11-01-0001-02.jpg",
        "glass_bottle/paris-11-01-0002-01.jpg",
    ]


@pytest.mark.parametrize(
    ("name", "word"),
    [("hand_000", "hand"), ("", "is empty"), ("two_at_once_000", "several"), ("carton_001", "no bottle")],
)
def test_what_is_no_bottle_alone_is_not_kept(typed: Type, lay: Callable[[str], Does], hall: Path, name: str, word: str) -> None:
    said = typed((lay(name), ""))
    assert word in said.err, said
    assert not (hall / "photos").exists()


def test_no_hand_of_the_pool_is_kept(typed: Type, lay: Callable[[str], Does], hall: Path) -> None:
    hands = [name for name in ITEMS if name.startswith("hand_")]
    said = typed(*((lay(name), "") for name in hands))
    assert hands
    assert said.err.count("reaches into the picture") == len(hands)
    assert not (hall / "photos").exists()


def test_a_dark_chamber_is_told_as_the_machine_s_own(typed: Type, camera: CameraServer, lay: Callable[[str], Does]) -> None:
    lay("honest_002")()
    said = typed((lambda: camera.spoil(Spoil.BLACK), ""))
    assert said.code == 3
    assert "camera" in said.err


def test_a_machine_that_another_has_is_left_alone_and_says_who(typed: Type, lay: Callable[[str], Does], hall: Path) -> None:
    with LedgerLock(hall / "state" / "ledger.db", "consigne run, paris-11-01", AssumedClock()):
        said = typed((lay("honest_002"), ""))
    assert said.code == 3
    assert "consigne run, paris-11-01" in said.err
    assert "systemctl stop" in said.err


def test_nothing_is_photographed_while_a_visit_is_open(typed: Type, lay: Callable[[str], Does], hall: Path, kiosk: Kiosk) -> None:
    kiosk.reopen()
    visit = kiosk.visit_of(bottles=1)
    kiosk.journal.close()
    said = typed((lay("honest_002"), ""))
    assert said.code == 3
    assert visit in said.err
    assert not (hall / "photos").exists()


def test_without_the_empty_chamber_s_picture_it_says_how_to_take_it(typed: Type, hall: Path) -> None:
    (hall / "state" / "chamber.npz").unlink()
    said = typed((waits, ""))
    assert said.code == 3
    assert "empty chamber" in said.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("photos --class can --kind soda", "glass_bottle, plastic_bottle"),
        ("photos --class glass_bottle --kind 'Jean Dupont'", "--kind"),
        ("photos --class glass_bottle --kind beer --again nobody", "nobody"),
    ],
)
def test_what_cannot_be_a_label_is_told_before_anything_is_taken(typed: Type, hall: Path, words: str, named: str) -> None:
    said = typed((waits, ""), words=words)
    assert said.code == 2
    assert named in said.err
    assert not (hall / "photos").exists()


def test_a_folder_of_somebody_else_is_not_written_to(typed: Type, hall: Path) -> None:
    (hall / "photos").mkdir()
    (hall / "photos" / "labels.csv").write_text("file,class\na.jpg,can\n")
    said = typed((waits, ""))
    assert said.code == 2
    assert (hall / "photos" / "labels.csv").read_text() == "file,class\na.jpg,can\n"


def test_a_picture_without_its_line_is_written_over_by_the_next(typed: Type, lay: Callable[[str], Does], hall: Path) -> None:
    left = hall / "photos" / "glass_bottle" / "paris-11-01-0001-01.jpg"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"cut off")
    typed((lay("honest_002"), ""))
    assert [row["file"] for row in rows(hall / "photos")] == ["glass_bottle/paris-11-01-0001-01.jpg"]
    assert left.stat().st_size > 10_000
