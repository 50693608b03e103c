"""Two people begin a ledger at the glass of a live kiosk, on twins as real processes: its first, or a new one as the controller was replaced; and a key of the configuration is changed and read by the next start."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.system import AssumedClock
from config.vocabulary import Cents
from kiosk.agents import Agents, Cost
from kiosk.app import Kiosk
from kiosk.begin import begin_ledger
from kiosk.console.configuring.vocabulary import KeyPicked, ValueTyped
from kiosk.console.events import CloseAsked, DeedAsked, LeaveAsked, LogInAsked, Opened, SecondAsked, StartAskedAnew
from kiosk.console.roles import PLACES, Deed, Role
from kiosk.console.succession.vocabulary import NoneYet, SuccessionAsked, WhyChosen
from kiosk.console.told import NewLedger
from kiosk.console.view import LogInView, WorkView
from kiosk.deposit.events import Touch
from kiosk.deposit.halts import NotBegun, OtherController
from kiosk.deposit.view import Screen, ViewState
from kiosk.log_reading import LogGroup, log_search
from ledger.database import reading
from ledger.sync.acknowledged import Acknowledged
from ledger.verify import verify
from ledger.views import generation, open_vouchers
from ledger.vocabulary import LedgerLocked, NoLedger
from worlds.installation import PLASTIC, Installation, RunningKiosk

PIN = "274951"


def work_of(shown: ViewState) -> WorkView | None:
    shows = None if shown.staff is None else shown.staff.shows
    return shows if isinstance(shows, WorkView) else None


def logs_in(kiosk: RunningKiosk, deed: Deed) -> None:
    kiosk.post(Opened())
    kiosk.until(lambda s: s.staff is not None and isinstance(s.staff.shows, LogInView) and not s.staff.shows.judging)
    kiosk.post(LogInAsked("101", PIN))
    kiosk.until(lambda s: work_of(s) is not None)
    kiosk.post(DeedAsked(deed))


def hires(hall: Installation) -> None:
    agents = Agents(hall.settings.files.kiosk, AssumedClock(), Cost(memory_kib=32, passes=1, lanes=1))
    for name in ("Camille", "Sacha"):
        agents.add(name, Role.TECHNICIAN, PIN)


def test_two_people_begin_a_kiosk_s_first_ledger_and_until_then_it_takes_nothing_and_nobody_begins_one_beside_it(tmp_path: Path) -> None:
    with Installation(tmp_path, begun=False) as hall:
        hires(hall)
        hall.say(PLASTIC)
        with pytest.raises(NoLedger):
            Kiosk(hall.settings, lambda _: None)
        with RunningKiosk(hall) as kiosk:
            kiosk.until(lambda s: isinstance(s.why, NotBegun))
            logs_in(kiosk, Deed.GENERATION)
            seen = kiosk.until(
                lambda s: (
                    (work := work_of(s)) is not None
                    and work.succeeding.ledger is not None
                    and s.staff is not None
                    and s.staff.machine.parked
                )
            )
            work = work_of(seen)
            assert work is not None
            assert work.succeeding.ledger == NoneYet("test-hall")
            with pytest.raises(LedgerLocked, match="consigne run"):
                begin_ledger(hall.settings, by="somebody", why="in a shell")
            kiosk.post(WhyChosen(NewLedger.CONTROLLER))
            kiosk.post(WhyChosen(NewLedger.COMMISSIONED))
            kiosk.post(SuccessionAsked())
            kiosk.post(SecondAsked("102", PIN, None))
            kiosk.until_it_ends()
            assert kiosk.starts_anew
        assert hall.metal().put_in == 0
        with RunningKiosk(hall) as kiosk:
            kiosk.until(lambda s: s.cents == Cents(20))
        with reading(hall.settings.files.ledger) as connection:
            begun = generation(connection)
            assert list(verify(connection)) == []
        assert (begun.by, begun.why, begun.kiosk) == ("agents 101, 102", "Mise en service", "test-hall")
        assert not list(hall.settings.files.state.glob("ledger-*.db"))


@pytest.mark.long
def test_whoever_commissions_a_kiosk_may_open_every_page_before_there_is_a_ledger_and_is_told_what_needs_one(tmp_path: Path) -> None:
    with Installation(tmp_path, begun=False) as hall:
        Agents(hall.settings.files.kiosk, AssumedClock(), Cost(memory_kib=32, passes=1, lanes=1)).add("", Role.MANAGER, PIN)
        with RunningKiosk(hall) as kiosk:
            kiosk.until(lambda s: isinstance(s.why, NotBegun))
            logs_in(kiosk, Deed.TODAY)
            for deed in PLACES:
                kiosk.post(DeedAsked(deed))
                kiosk.until(lambda s, deed=deed: (work := work_of(s)) is not None and work.deed is deed)  # type: ignore[misc]
            kiosk.post(DeedAsked(Deed.BINS))
            kiosk.until(lambda s: (work := work_of(s)) is not None and work.deed is Deed.BINS and work.failing is not None)
            kiosk.post(DeedAsked(Deed.CLOSURES))
            kiosk.post(CloseAsked())
            kiosk.until(lambda s: (work := work_of(s)) is not None and work.deed is Deed.CLOSURES and work.failing is not None)
            kiosk.post(LeaveAsked())
            kiosk.until(lambda s: s.staff is None and isinstance(s.why, NotBegun))
        assert not hall.settings.files.ledger.exists()


def archive(hall: Installation) -> None:
    (hall.settings.files.state / "ledger-12-0123abcd.db").touch()


def backup(hall: Installation) -> None:
    folder = hall.settings.backup.folder / "2026-11-24T02-00-00Z"
    folder.mkdir(parents=True)
    (folder / "ledger.db").touch()


def mark(hall: Installation) -> None:
    with Acknowledged(hall.settings.files.acknowledged) as state:
        state.acknowledge("a" * 64, 12, "b" * 64, "2026-11-24T09:00:00.000Z")


def damaged_mark(hall: Installation) -> None:
    hall.settings.files.acknowledged.write_bytes(b"no mark" * 100)


@pytest.mark.parametrize("trace", [archive, backup, mark, damaged_mark])
def test_a_kiosk_whose_ledger_was_lost_is_not_commissioned_as_if_it_were_new(tmp_path: Path, trace: Callable[[Installation], None]) -> None:
    with Installation(tmp_path, begun=False, backup={"folder": str(tmp_path / "backups")}) as hall:
        trace(hall)
        with pytest.raises(NoLedger):
            Kiosk(hall.settings, lambda _: None, may_await_ledger=True)


@pytest.mark.long
def test_two_people_bind_a_new_ledger_to_a_new_controller_and_the_machine_takes_bottles_again(tmp_path: Path) -> None:
    with Installation(tmp_path) as hall:
        hires(hall)
        with RunningKiosk(hall) as kiosk:
            kiosk.until_screen(Screen.ATTRACT)
            hall.say(PLASTIC)
            kiosk.until(lambda s: s.cents == Cents(20))
            kiosk.touch(Touch.FINISH)
            kiosk.until_screen(Screen.CHOOSE)
            kiosk.touch(Touch.KEEP)
            kiosk.until_screen(Screen.VOUCHER)
        (hall.folders.twin / "twin.json").unlink()
        (hall.folders.twin / "controller.bin").unlink()
        hall.start_twin()
        hall.uses_its_camera()
        with RunningKiosk(hall) as kiosk:
            # the voucher was not acknowledged: its visitor comes first
            kiosk.until_screen(Screen.VOUCHER)
            kiosk.touch(Touch.DONE)
            kiosk.touch(Touch.DONE)
            kiosk.until(lambda s: isinstance(s.why, OtherController))
            logs_in(kiosk, Deed.GENERATION)
            kiosk.until(
                lambda s: (
                    (work := work_of(s)) is not None
                    and work.succeeding.ledger is not None
                    and s.staff is not None
                    and s.staff.machine.parked
                )
            )
            kiosk.post(WhyChosen(NewLedger.CONTROLLER))
            kiosk.post(SuccessionAsked())
            kiosk.post(SecondAsked("102", PIN, None))
            kiosk.until_it_ends()
            assert kiosk.starts_anew
        with RunningKiosk(hall) as kiosk:
            kiosk.until_screen(Screen.ATTRACT)
            hall.say(PLASTIC)
            kiosk.until(lambda s: s.cents == Cents(20))
        settings = hall.settings
        with reading(settings.files.ledger) as connection:
            begun = generation(connection)
            assert list(verify(connection)) == []
            assert [voucher.amount for voucher in open_vouchers(connection)][:1] == [Cents(20)]
        assert (begun.by, begun.why) == ("agents 101, 102", "Contrôleur remplacé")
        kinds = [line.kind.value for line in reversed(log_search(settings.files.state, LogGroup.SERVICE, None, "", 500))]
        assert [kind for kind in kinds if kind.startswith("generation")] == ["generation_ordered", "generation_begun"]


def test_a_key_that_was_changed_at_the_glass_is_read_when_the_kiosk_begins_anew(tmp_path: Path) -> None:
    with Installation(tmp_path) as hall:
        hires(hall)
        with RunningKiosk(hall) as kiosk:
            kiosk.until_screen(Screen.ATTRACT)
            logs_in(kiosk, Deed.CONFIGURATION)
            kiosk.until(lambda s: (work := work_of(s)) is not None and work.configuring.keys is not None)
            kiosk.post(KeyPicked("intake.full_percent"))
            kiosk.post(ValueTyped("400"))
            kiosk.until(lambda s: (work := work_of(s)) is not None and work.configuring.refused is not None)
            kiosk.post(ValueTyped("80"))
            kiosk.until(lambda s: (work := work_of(s)) is not None and len(work.configuring.changes) == 1)
            kiosk.post(StartAskedAnew())
            kiosk.until_it_ends()
            assert kiosk.starts_anew
        with RunningKiosk(hall) as kiosk:
            kiosk.until_screen(Screen.ATTRACT)
            logs_in(kiosk, Deed.TODAY)
            seen = kiosk.until(lambda s: work_of(s) is not None)
            assert seen.staff is not None
            assert seen.staff.machine.full_percent == 80
