"""What the thread that looks knows of the empty chamber: when its picture is taken, when it is looked at again, and the look in the dark."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.camera.faults import CameraFault, CameraTrouble
from drivers.camera.worker import CameraGone, Frame
from drivers.twin.items import PICTURES
from drivers.twin.looks import empty, seen_through
from kiosk.deposit.events import CameraBack, CameraLost
from kiosk.deposit.notes import Note, NoteKind
from kiosk.workers.chamber import CHECK_S, Chamber
from recognition.shape.background import kept
from recognition.shape.scene import Form, Scene
from timing import FakeClock


def decoded(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


EMPTY = [decoded(jpeg) for jpeg in empty(1)]
DARK = decoded(seen_through(empty(1, 1)[0], 0.0, 0.0))


def with_sticker() -> NDArray[np.uint8]:
    stuck = EMPTY[0].copy()
    stuck[200:420, 500:760] = (40, 200, 230)
    return stuck


class Room:
    """Camera and intake in one: shows ``pictures`` one after the other and again, those of ``dark`` while the lamp is off."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.pictures = list(EMPTY)
        self.dark = [DARK]
        self.obeys = True
        self.chamber_is_empty = True
        self.darkened: list[int] = []
        self.gone = False
        self.number = 0

    def wait(self, after: int, taken_from_s: float, timeout_s: float) -> Frame:
        if self.gone:
            raise CameraGone("chamber", CameraTrouble(CameraFault.UNPLUGGED))
        self.number += 1
        shown = self.dark if self.darkened and self.darkened[-1] else self.pictures
        return Frame(self.number, self.clock.monotonic(), shown[self.number % len(shown)])

    def darken(self, for_ms: int) -> bool:
        if self.obeys:
            self.darkened.append(for_ms)
        return self.obeys


class Scenery:
    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.room = Room(self.clock)
        self.path = folder / "background.npz"
        self.told: list[CameraLost | CameraBack] = []
        self.notes: list[Note] = []
        self.chamber = self.anew()

    def anew(self) -> Chamber:
        return Chamber(self.room, self.room, self.path, 298.0, self.clock, self.told.append, self.notes.append)

    def idle(self, times: int = 1, *, hurried: bool = False) -> None:
        for _ in range(times):
            self.clock.advance(CHECK_S)
            self.chamber.idle(lambda: hurried)

    def frame(self, picture: str) -> Frame:
        self.room.number += 1
        return Frame(self.room.number, self.clock.monotonic(), decoded((PICTURES / f"{picture}.jpg").read_bytes()))


@pytest.fixture
def scenery(tmp_path: Path) -> Scenery:
    return Scenery(tmp_path)


def test_the_first_empty_chamber_is_kept_and_what_lies_there_is_compared_with_it(scenery: Scenery) -> None:
    assert scenery.chamber.seen(scenery.frame("jar_005"), None) is None
    scenery.idle()
    assert [note.kind for note in scenery.notes] == [NoteKind.BACKGROUND_TAKEN]
    seen = scenery.chamber.seen(scenery.frame("glass_brown_33_006"), None)
    assert seen is not None
    assert seen.scene.form is Form.BOTTLE
    assert seen.scene.length_mm == pytest.approx(228, abs=10)


def test_no_picture_is_taken_of_a_chamber_in_which_something_may_lie(scenery: Scenery) -> None:
    scenery.room.chamber_is_empty = False
    scenery.idle()
    scenery.room.chamber_is_empty = True
    scenery.idle(hurried=True)
    scenery.room.gone = True
    scenery.idle()
    assert not scenery.path.exists()


def test_nothing_that_moves_becomes_the_empty_chamber(scenery: Scenery) -> None:
    scenery.room.pictures = [EMPTY[0], with_sticker()]
    scenery.idle()
    assert not scenery.path.exists()
    assert [note.kind for note in scenery.notes] == [NoteKind.BACKGROUND_NOT_TAKEN]


def test_what_is_left_in_the_chamber_is_told_and_never_learnt(scenery: Scenery) -> None:
    scenery.idle()
    before = scenery.path.read_bytes()
    scenery.room.pictures = [with_sticker()]
    scenery.idle(2)
    assert scenery.told == []
    scenery.idle()
    assert scenery.told == [CameraLost(CameraFault.DIRTY)]
    assert scenery.path.read_bytes() == before
    scenery.room.pictures = list(EMPTY)
    scenery.idle()
    assert scenery.told[1:] == [CameraBack()]


def test_a_camera_that_was_moved_is_told(scenery: Scenery) -> None:
    scenery.idle()
    lower: NDArray[Any] = np.roll(EMPTY[0], 16, axis=0)
    scenery.room.pictures = [lower]
    scenery.idle(3)
    assert scenery.told == [CameraLost(CameraFault.MOVED)]


def test_a_damaged_file_is_said_once_and_replaced_by_nobody_but_a_technician(scenery: Scenery) -> None:
    scenery.path.write_bytes(b"torn")
    assert [scenery.chamber.seen(scenery.frame("jar_005"), None) for _ in range(2)] == [None, None]
    scenery.idle()
    assert [note.kind for note in scenery.notes] == [NoteKind.BACKGROUND_UNREAD]
    assert scenery.path.read_bytes() == b"torn"


def test_another_background_is_used_as_soon_as_it_is_kept(scenery: Scenery, tmp_path: Path) -> None:
    scenery.idle()
    scenery.chamber.seen(scenery.frame("jar_005"), None)
    other = Scenery(tmp_path)
    other.path.unlink()
    other.room.pictures = [decoded((PICTURES / "jar_005.jpg").read_bytes())]
    other.idle()
    seen = scenery.chamber.seen(scenery.frame("jar_005"), None)
    assert seen is not None
    assert not seen.scene.present


def test_the_look_in_the_dark_finds_what_shines_and_lights_the_lamp_again(scenery: Scenery) -> None:
    scenery.idle()
    last = scenery.frame("glass_brown_33_006")
    assert scenery.chamber.seen_in_the_dark(last) == Scene(lit=False)
    assert scenery.room.darkened[-1] == 0
    shining = DARK.copy()
    shining[250:480, 400:900] = 150
    scenery.room.dark = [shining]
    assert scenery.chamber.seen_in_the_dark(last) == Scene(1, Form.SCREEN, lit=False)


def test_a_picture_from_before_the_lamp_went_off_is_let_pass(scenery: Scenery) -> None:
    scenery.idle()
    scenery.room.dark = [EMPTY[0], EMPTY[1], DARK]
    assert scenery.chamber.seen_in_the_dark(scenery.frame("jar_005")) == Scene(lit=False)
    scenery.room.dark = [EMPTY[0]]
    assert scenery.chamber.seen_in_the_dark(scenery.frame("jar_005")) is None


def test_without_a_controller_or_a_camera_there_is_no_look_in_the_dark(scenery: Scenery) -> None:
    scenery.idle()
    scenery.room.obeys = False
    assert scenery.chamber.seen_in_the_dark(scenery.frame("jar_005")) is None
    scenery.room.obeys, scenery.room.gone = True, True
    assert scenery.chamber.seen_in_the_dark(scenery.frame("jar_005")) is None
    assert scenery.room.darkened[-1] == 0


def test_a_kept_background_is_used_by_the_next_start(scenery: Scenery) -> None:
    scenery.idle()
    assert kept(scenery.path) is not None
    assert scenery.anew().seen(scenery.frame("jar_005"), None) is not None
