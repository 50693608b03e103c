"""The net's vote in a kiosk: of which looks it is cast, and that a kiosk without a net goes on and says so."""

import queue
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from commands.pictures import colour_picture
from config.settings import Recognition
from drivers.camera.worker import Frame
from drivers.twin.items import EMPTY_PICTURE, PICTURES
from kiosk.deposit.actions import Judge, Watch
from kiosk.deposit.events import Judged, Pictured
from kiosk.deposit.notes import Note, NoteKind
from kiosk.material import Materials
from kiosk.workers.sight import SightWorker
from recognition.history import History
from recognition.material import WEIGHTS, Model, read_model
from recognition.policies import policy_of
from recognition.shape.background import Background, Framing, taken
from recognition.shape.look import Seen, seen_in
from recognition.verdict import Made, Verdict
from timing import FakeClock, patient
from worlds.scripted_camera import ScriptedCamera

POLICY = policy_of(Recognition(policy="every-vote"), demonstration=True)
EMPTY = colour_picture(EMPTY_PICTURE)


def unheard(note: Note) -> None:
    pytest.fail(f"noted {note}")


class Chamber:
    """A chamber whose empty picture is known."""

    background: Background = taken([EMPTY] * 4, Framing(0.0, 0.06, 1.0, 0.94, 298.0))

    def seen(self, frame: Frame, before: Seen | None) -> Seen:
        return seen_in(frame.image, self.background, before)

    def seen_in_the_dark(self, last: Frame) -> None:
        return None

    def idle(self, hurried: object) -> None:
        return None


def verdict_on(materials: Materials | None, *, chamber: bool = True) -> Verdict:
    clock, camera, told = FakeClock(), ScriptedCamera(), queue.SimpleQueue[Judged | Pictured]()
    sight = SightWorker(camera, POLICY, clock, told.put, History(), None, Chamber() if chamber else None, materials)
    sight.start()
    sight.perform(Watch(1))
    sight.perform(Judge(1, 200, metal=False))
    for number in range(1, POLICY.most_looks + 1):
        camera.frames.put(Frame(number, clock.monotonic(), colour_picture(PICTURES / "glass_brown_33_006.jpg")))
    answer = told.get(timeout=patient(30))
    sight.stop()
    sight.join()
    assert isinstance(answer, Judged)
    return answer.verdict


def test_all_looks_of_an_item_make_one_vote_that_stands_in_its_facts() -> None:
    notes: list[Note] = []
    verdict = verdict_on(Materials(notes.append))
    (vote,) = verdict.evidence.material
    assert vote.made in Made
    assert verdict.facts()["picture"] == [vote.as_json()]
    assert notes == []


def test_where_nobody_knows_the_empty_chamber_no_vote_is_cast() -> None:
    assert verdict_on(Materials(unheard), chamber=False).evidence.material == ()


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_without_a_net_the_other_votes_decide_and_the_log_says_so_once(tmp_path: Path, harm: str) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    path = tmp_path / "weights" / "material.onnx"
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:1000])
    notes: list[Note] = []
    materials = Materials(notes.append, tmp_path / "weights")
    for _ in range(2):
        verdict = verdict_on(materials)
        assert verdict.accepted
        assert verdict.evidence.material == ()
    assert [note.kind for note in notes] == [NoteKind.MATERIAL_UNKNOWN]
    assert "material.onnx" in str(notes[0].facts["detail"])


def test_a_net_that_fails_when_it_is_asked_is_told_once_and_asked_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = read_model().calibration
    monkeypatch.setattr("recognition.material.read_model", lambda folder: Model(cv2.dnn.Net(), sound, folder / "material.onnx"))
    notes: list[Note] = []
    materials = Materials(notes.append)
    for _ in range(2):
        verdict = verdict_on(materials)
        assert verdict.accepted
        assert verdict.evidence.material == ()
    (note,) = notes
    assert note.kind is NoteKind.MATERIAL_UNKNOWN
    assert "material.onnx" in str(note.facts["detail"])


def test_a_picture_that_is_none_of_the_chambers_is_answered_all_the_same() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3)).astype(np.uint8)
    materials = Materials(unheard)
    looks = [materials.look(Frame(1, 0.0, image.astype(np.uint8)), 0) for image in (noise, cv2.resize(noise, (64, 36)))]
    (vote,) = materials.vote([look for look in looks if look is not None])
    assert 0 <= vote.confidence <= 1
