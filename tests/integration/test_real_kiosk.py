"""A kiosk that is no demonstration: its controller is no twin's by name, its clock is the machine's, and its money is real.

The metal, the line and the camera are the twin's all the same; of all that stands above them nobody may notice.
"""

import json
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from config.system import Readers, SystemClock
from config.vocabulary import Reason
from kiosk import begin
from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen, ViewState
from kiosk.selftest import run as self_test
from kiosk.selftest.hands import TwinHands
from kiosk.selftest.results import StepReason as Reasoned
from kiosk.selftest.rig import build
from ledger.database import reading
from ledger.sync.outcomes import Delivered
from ledger.sync.rounds import Route, once
from ledger.verify import verify
from money.callers import key_file, read
from money.city_server import city
from people.person import somebody
from timing import FakeClock
from worlds.installation import Installation, RunningKiosk
from worlds.photographs import bottles

CONTROLLER = 0x0102030405060708
ON_SALE, DEMONSTRATION, IN_STORE = "4006381333931", "9520696885275", "2012345678903"
"""A product's code, one that is reserved for demonstrations (GS1 prefix 952), and one that any shop may print."""


@pytest.fixture
def trusted() -> bool:
    """Whether the machine's clock follows a time server."""
    return False


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool) -> Iterator[Installation]:
    def clock(memory: Path) -> SystemClock:
        return SystemClock(memory, Readers(synchronised=lambda: trusted))

    monkeypatch.setattr(begin, "SystemClock", clock)
    frames = bottles(tmp_path / "photographs", sold=ON_SALE, demo=DEMONSTRATION, shop=IN_STORE)
    (tmp_path / "twin").mkdir()
    identity = {"controller_id": CONTROLLER, "seed": 1, "camera_url": "http://127.0.0.1:0/"}
    (tmp_path / "twin" / "twin.json").write_text(json.dumps(identity))
    command = (sys.executable, "-m", "commands", "twin", "--seed", "1", "--frames", str(frames), "--state")
    # photographs lie on a ground of their own, and not in a chamber that was seen empty
    with Installation(tmp_path, command, recognition={"policy": "weight-and-code"}) as hall:
        yield hall


def put(hall: Installation, name: str) -> None:
    hall.say(f'put "{name}.png"')


def entries(hall: Installation, kind: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{hall.settings.files.ledger}?mode=ro", uri=True)) as database:
        return [json.loads(body) for (body,) in database.execute("SELECT body FROM entry WHERE kind = ? ORDER BY row", (kind,))]


def with_one_bottle(hall: Installation, kiosk: RunningKiosk) -> ViewState:
    kiosk.until_screen(Screen.ATTRACT)
    put(hall, "sold")
    return kiosk.until(lambda view: view.screen is Screen.FEEDING and view.bottles == 1)


def deliver(hall: Installation, url: str) -> object:
    route = Route(
        hall.settings.files.ledger,
        hall.settings.files.acknowledged,
        key_file(hall.folders.kiosk, hall.settings.kiosk.id),
        url,
        every_s=1.0,
        timeout_s=10.0,
    )
    return once(route, threading.Event(), begin.clock_of(hall.settings))


@pytest.mark.parametrize(("name", "reason"), [("demo", Reason.DEMONSTRATION_CODE), ("shop", Reason.RESTRICTED_CODE)])
def test_a_code_that_is_no_products_is_handed_back_with_its_reason(hall: Installation, name: str, reason: Reason) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        put(hall, name)
        refused = kiosk.until_screen(Screen.REFUSED)
        kiosk.until_screen(Screen.FEEDING)
    assert refused.item is not None
    assert (refused.item.accepted, refused.item.reason) == (False, reason)
    assert (entries(hall, "intent"), hall.metal().falls, hall.metal().handed_back) == ([], (), 1)


def test_nothing_that_a_visitor_sees_or_keeps_says_that_it_is_a_demonstration(hall: Installation, qtbot: QtBot, clock: FakeClock) -> None:
    person = somebody(clock)
    qtbot.addWidget(person.window)
    shown: list[ViewState] = []
    with RunningKiosk(hall) as kiosk:
        shown.append(with_one_bottle(hall, kiosk))
        kiosk.touch(Touch.FINISH)
        shown.append(kiosk.until_screen(Screen.CHOOSE))
        kiosk.touch(Touch.KEEP)
        shown.append(kiosk.until_screen(Screen.VOUCHER))
    for view in shown:
        person.sees(view)
        assert not person.reads("DÉMO"), view
        assert not person.reads("Démonstration"), view
        assert not view.demonstration
    voucher = shown[-1].voucher
    assert voucher is not None
    assert (voucher.amount, voucher.demonstration, "t=demo" in voucher.link) == (20, False, False)
    assert [begun["demonstration"] for begun in entries(hall, "generation")] == [False]
    with reading(hall.settings.files.ledger) as connection:
        assert list(verify(connection)) == []


def test_a_city_that_takes_no_demonstration_takes_it_as_real_money(hall: Installation, tmp_path: Path) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
    (tmp_path / "strict").mkdir()
    with city(tmp_path / "strict", kiosks=(hall.settings.kiosk.id,)) as url:
        assert isinstance(deliver(hall, url), Delivered)
        totals = read(url, "/v1/totals").json()
    assert (totals["real"]["kiosks"], totals["demonstration"]["kiosks"]) == (1, 0)
    assert [(day["plastic"], day["cents"]) for day in totals["real"]["totals"]["days"]] == [(1, 20)]


def test_a_time_that_cannot_be_trusted_is_told_in_every_entry_in_the_log_and_by_the_self_test(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        with_one_bottle(hall, kiosk)
    with closing(sqlite3.connect(hall.settings.files.ledger)) as database:
        assert database.execute("SELECT count(*), sum(trusted) FROM entry").fetchone() == (4, 0)
    (log,) = hall.folders.kiosk.glob("log-*.jsonl")
    assert {json.loads(line)["trusted"] for line in log.read_text().splitlines()} == {False}

    assert hall.twin.stdin is not None
    tested = self_test.run(build(hall.settings, TwinHands(hall.twin.stdin)), self_test.chosen(["clock"]), lambda step, result: None)
    assert [result.reason for result in tested.results if result.name == "clock"] == [Reasoned.NOT_TRUSTED]


@pytest.mark.parametrize("trusted", [False, True])
def test_a_visit_goes_on_after_a_start_of_the_program_whether_the_date_is_known_or_only_the_time_since_boot(
    hall: Installation, trusted: bool
) -> None:
    with RunningKiosk(hall) as kiosk:
        before = with_one_bottle(hall, kiosk)
    with RunningKiosk(hall) as kiosk:
        after = kiosk.until(lambda view: view.screen in (Screen.ATTRACT, Screen.FEEDING))
    assert (after.screen, after.visit_number, after.cents) == (Screen.FEEDING, before.visit_number, 20)
    assert entries(hall, "voucher") == []


def test_another_controller_in_its_place_is_refused_be_it_a_twin_or_not(hall: Installation) -> None:
    hall.stop_twin()
    shutil.rmtree(hall.folders.twin)
    hall.folders.twin.mkdir()
    hall.start_twin()
    with RunningKiosk(hall) as kiosk:
        kiosk.until(lambda view: view.halt is Halt.OTHER_CONTROLLER)
