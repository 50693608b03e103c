"""What verdicts remember: across visits and starts, whatever the clock says, bounded, erasable, and written seldom."""

import queue
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import Recognition
from config.vocabulary import Bin, Cents, Flag, Gtin, Material, Reason, SequenceNumber
from kiosk import remembered
from kiosk.deposit.actions import Judge, Remember, Watch
from kiosk.deposit.events import Judged, Pictured
from kiosk.deposit.notes import Note, NoteKind
from kiosk.remembered import TOGETHER, Remembered, read_passed
from kiosk.workers.sight import SightWorker
from ledger.vocabulary import Intent
from recognition.history import CODES, History, Passed
from recognition.policies import policy_of
from recognition.verdict import Learnt
from timing import FakeClock, patient
from worlds.scripted_camera import ScriptedCamera, see

POLICY = policy_of(Recognition(policy="every-vote"), demonstration=True)
assert POLICY.learning is not None
LEARNING = POLICY.learning
PET = Gtin("9520696885275")


def bottle(weight_g: int = 22, visit: str = "2026-11-24/0417", gtin: Gtin | None = PET) -> Passed:
    return Passed(gtin, Material.PLASTIC, weight_g, visit)


def silent(note: Note) -> None:
    raise AssertionError(note)


def test_what_was_credited_is_known_after_a_start(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    memory = Remembered(path, silent)
    for n in range(12):
        memory.add(bottle(visit=f"2026-11-24/{n // 4:04}"))
    memory.keep()
    later = Remembered(path, silent)
    assert later.learnt(PET, LEARNING) == Learnt(Material.PLASTIC, 22, 4)
    assert [taken.same_visit for taken in later.before("2026-11-24/0002")] == [False] * 8 + [True] * 4
    assert not any(taken.same_visit for taken in later.before(None))
    assert path.stat().st_mode & 0o777 == 0o600


def test_it_is_written_once_a_visit_and_every_few_bottles_and_never_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    keep = remembered.keep_passed

    def counted(path: Path, passed: list[Passed]) -> None:
        written.append(len(passed))
        keep(path, passed)

    monkeypatch.setattr(remembered, "keep_passed", counted)
    memory = Remembered(tmp_path / "kiosk.db", silent)
    for _ in range(TOGETHER + 3):
        memory.add(bottle())
    memory.add(bottle(visit="2026-11-24/0002"))
    memory.keep()
    memory.keep()
    assert written == [TOGETHER, 3, 1]


def test_the_oldest_go_and_no_row_holds_more_than_a_bottle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KEPT", 20)
    path = tmp_path / "kiosk.db"
    memory = Remembered(path, silent)
    for n in range(50):
        memory.add(bottle(weight_g=n))
    memory.keep()
    assert [one.weight_g for one in read_passed(path)] == list(range(30, 50))
    with sqlite3.connect(path) as db:
        columns = [column[1] for column in db.execute("PRAGMA table_info(passed)")]
    assert columns == ["n", "gtin", "material", "weight_g", "visit"]


def test_of_many_codes_the_one_that_came_least_lately_is_forgotten() -> None:
    history = History(bottle(gtin=Gtin(f"{n:013}"), visit=str(n)) for n in range(CODES))
    for visit in "abcdefgh":
        history.add(bottle(gtin=Gtin(f"{0:013}"), visit=visit))
    history.add(bottle())
    assert history.learnt(Gtin(f"{0:013}"), LEARNING) is not None
    assert len(history._by_code) == CODES


def test_a_file_that_cannot_be_read_or_written_is_told_once_and_this_start_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"no database" * 200)
    notes: list[Note] = []
    memory = Remembered(path, notes.append)
    for n in range(30):
        memory.add(bottle(visit=str(n)))
    memory.keep()
    assert [note.kind for note in notes] == [NoteKind.NOT_REMEMBERED]
    assert memory.learnt(PET, LEARNING) is not None


def test_what_was_erased_is_learnt_anew(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    memory = Remembered(path, silent)
    memory.add(bottle())
    memory.keep()
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM passed")
    assert Remembered(path, silent).before(None) == ()


def credited(weight_g: int, visit: str) -> Remember:
    return Remember(Intent(SequenceNumber(7), visit, PET, Material.PLASTIC, Cents(20), Bin(2), weight_g, "every-vote-2"))


@pytest.mark.parametrize("jump_s", [0.0, -86_400.0 * 400, 86_400.0 * 400])
def test_the_same_bottle_visit_after_visit_is_flagged_then_refused_whatever_the_clock_does(
    tmp_path: Path, clock: FakeClock, jump_s: float
) -> None:
    """Through the real reader, on the real picture, with the kiosk's own file."""
    camera, told = ScriptedCamera(), queue.SimpleQueue[Judged]()

    def post(event: Judged | Pictured) -> None:
        if isinstance(event, Judged):
            told.put(event)

    def judged(item: int) -> Judged:
        sight.perform(Watch(item))
        see(camera, clock, "pet_clear_50_005.jpg", range(2 * item, 2 * item + 2))
        sight.perform(Judge(item, 22, metal=False, visit="2026-11-24/9999"))
        return told.get(timeout=patient(20))

    sight = SightWorker(camera, POLICY, clock, post, Remembered(tmp_path / "kiosk.db", silent))
    sight.start()
    first = judged(1)
    for n in range(12):
        sight.perform(credited(22, f"2026-11-24/{n:04}"))
    clock.utc += timedelta(seconds=jump_s)
    flagged = judged(2)
    for n in range(12):
        sight.perform(credited(23, f"2026-11-25/{n:04}"))
    refused = judged(3)
    sight.stop()
    sight.join()
    assert (first.verdict.accepted, first.verdict.flags) == (True, (Flag.UNKNOWN_PRODUCT,))
    assert (flagged.verdict.accepted, flagged.verdict.flags) == (True, (Flag.REPEATED,))
    assert refused.verdict.reasons == (Reason.REPEATED,)
    assert len(read_passed(tmp_path / "kiosk.db")) == 24
