"""What the outline of a thing tells, on the twin's pictures of its chamber."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.twin.items import EMPTY_PICTURE, PICTURES
from drivers.twin.looks import empty, seen_through
from recognition.shape import background as backgrounds
from recognition.shape.background import Background, BackgroundUnreadable, Framing, Image, NotOneChamber, kept, taken
from recognition.shape.faults import faults_of_empty
from recognition.shape.form import NECK, OWN_NECK, form_of
from recognition.shape.look import Seen, seen_in, seen_in_the_dark
from recognition.shape.scene import ChamberFault, Form, Pose, Scene
from recognition.shape.surface import evenness
from simulation.redteam.pool import POOL

TWIN = Framing(0.0, 0.06, 1.0, 0.94, 298.0)


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def picture(name: str, light: float = 1.0) -> Image:
    """As the twin's camera shows it, with the sensor's noise."""
    return decoded(seen_through((PICTURES / f"{name}.jpg").read_bytes(), light, 0.0))


def moved(image: Image, right_px: float, down_px: float) -> Image:
    height, width = image.shape[:2]
    matrix = np.array([[1.0, 0.0, right_px], [0.0, 1.0, down_px]])
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101), np.uint8)


@pytest.fixture(scope="module")
def chamber() -> Background:
    return taken([decoded(jpeg) for jpeg in empty(1)], TWIN)


def seen(name: str, chamber: Background, light: float = 1.0, before: Seen | None = None) -> Seen:
    return seen_in(picture(name, light), chamber, before)


@pytest.mark.parametrize("light", [0.5, 0.88, 1.0, 1.3])
def test_nothing_is_seen_in_the_empty_chamber_in_whatever_light(light: float, chamber: Background) -> None:
    scene = seen("chamber_empty", chamber, light).scene
    assert (scene.present, scene.form, scene.faults) == (False, None, frozenset())


@pytest.mark.parametrize(
    "name", ["glass_brown_33_006", "glass_green_75_180", "glass_clear_nolabel_000", "pet_nolabel_000", "pet_blue_50_160"]
)
@pytest.mark.parametrize("light", [0.88, 1.12])
def test_a_bottle_is_one_lying_bottle_however_clear_it_is(name: str, light: float, chamber: Background) -> None:
    scene = seen(name, chamber, light).scene
    assert (scene.objects, scene.form, scene.pose, scene.hand) == (1, Form.BOTTLE, Pose.LYING, False)


@pytest.mark.parametrize(
    ("name", "form"), [("jar_005", Form.STOUT), ("can_33_050", Form.STOUT), ("cup_100", Form.STOUT), ("carton_180", Form.CARTON)]
)
def test_what_has_no_neck_is_no_bottle(name: str, form: Form, chamber: Background) -> None:
    scene = seen(name, chamber).scene
    assert (scene.objects, scene.form) == (1, form)


def test_a_bottle_is_measured_in_millimetres(chamber: Background) -> None:
    scene = seen("glass_brown_33_006", chamber).scene
    assert scene.length_mm == pytest.approx(228, abs=10)
    assert scene.width_mm == pytest.approx(61, abs=6)


def test_without_a_measured_picture_there_are_no_millimetres() -> None:
    unmeasured = taken([decoded(jpeg) for jpeg in empty(1)])
    scene = seen("glass_brown_33_006", unmeasured).scene
    assert (scene.form, scene.length_mm, scene.width_mm) == (Form.BOTTLE, None, None)


def test_what_lies_as_it_lay_is_still_and_what_has_rolled_on_is_not(chamber: Background) -> None:
    first = seen("pet_clear_50_005", chamber)
    assert first.scene.still is None
    assert seen("pet_clear_50_005", chamber, 0.95, first).scene.still is True
    assert seen("pet_clear_50_200", chamber, 1.0, first).scene.still is False


def test_a_small_picture_of_the_same_shape_shows_the_same(chamber: Background) -> None:
    small = np.asarray(cv2.resize(picture("jar_005"), (640, 360), interpolation=cv2.INTER_AREA), np.uint8)
    assert seen_in(small, chamber).scene.form is Form.STOUT


def test_a_picture_of_another_shape_is_the_machines_fault(chamber: Background) -> None:
    assert seen_in(picture("jar_005")[:, 160:1120], chamber).scene.faults == {ChamberFault.OTHER_SIZE}


@pytest.mark.parametrize(("light", "fault"), [(0.15, ChamberFault.DARK), (3.0, ChamberFault.OVER_EXPOSED)], ids=["dark", "over-exposed"])
@pytest.mark.parametrize("name", ["chamber_empty", "pet_clear_50_005"])
def test_light_in_which_no_outline_is_sure_is_the_machines_fault(name: str, light: float, fault: ChamberFault, chamber: Background) -> None:
    scene = seen(name, chamber, light).scene
    assert scene == Scene(faults=frozenset({fault}))


@pytest.mark.parametrize("name", ["chamber_empty", "glass_green_75_040"])
def test_a_camera_that_looks_elsewhere_is_told_and_nothing_is_said_of_the_bottle(name: str, chamber: Background) -> None:
    scene = seen_in(moved(picture(name), 3, 14), chamber).scene
    assert scene == Scene(faults=frozenset({ChamberFault.MOVED}))


def test_a_picture_out_of_focus_is_not_told_as_a_moved_camera(chamber: Background) -> None:
    blurred = np.asarray(cv2.GaussianBlur(picture("glass_green_75_040"), (0, 0), 12), np.uint8)
    assert seen_in(blurred, chamber).scene.faults == {ChamberFault.OUT_OF_FOCUS}


def test_a_sticker_on_the_empty_tray_is_dirt(chamber: Background) -> None:
    clean = picture("chamber_empty")
    assert faults_of_empty(clean, chamber) == frozenset()
    stuck = clean.copy()
    stuck[200:330, 500:700] = (40, 200, 230)
    assert faults_of_empty(stuck, chamber) == {ChamberFault.DIRTY}


def test_what_shines_with_the_lamp_off_is_a_screen(chamber: Background) -> None:
    dark = picture("glass_green_75_040", 0.0)
    assert seen_in_the_dark(dark, chamber) == Scene(lit=False)
    dark[250:480, 400:900] = 150
    assert seen_in_the_dark(dark, chamber) == Scene(1, Form.SCREEN, lit=False)


def test_a_picture_in_which_the_lamp_still_shone_says_nothing_of_what_shines(chamber: Background) -> None:
    assert seen_in_the_dark(picture("glass_green_75_040", 0.4), chamber) is None


def test_the_background_is_kept_as_it_was_taken(tmp_path: Path, chamber: Background) -> None:
    path = tmp_path / "chamber.npz"
    assert kept(path) is None
    backgrounds.keep(path, chamber)
    again = kept(path)
    assert again is not None
    assert again.framing == TWIN
    assert np.abs(again.mean - chamber.mean).max() < 0.2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive"])
def test_a_damaged_background_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "chamber.npz"
    path.write_bytes(content)
    with pytest.raises(BackgroundUnreadable) as refused:
        kept(path)
    assert refused.value.path == path


def test_no_background_is_taken_of_few_pictures_or_of_something_that_moves() -> None:
    still = [decoded(jpeg) for jpeg in empty(1)]
    with pytest.raises(NotOneChamber, match="2 pictures"):
        taken(still[:2])
    with pytest.raises(NotOneChamber, match="sizes"):
        taken([*still, still[0][:360]])
    with pytest.raises(NotOneChamber, match="moves"):
        taken([*still, picture("jar_005")])


def test_a_grey_picture_is_refused(chamber: Background) -> None:
    with pytest.raises(ValueError, match="in colour"):
        seen_in(np.asarray(cv2.imread(str(EMPTY_PICTURE), cv2.IMREAD_GRAYSCALE), np.uint8), chamber)


@pytest.mark.parametrize("place", [(0.5, 0.0, 0.5, 1.0), (-0.1, 0.0, 1.0, 1.0), (0.0, 0.9, 1.0, 0.1)])
def test_a_place_is_inside_the_picture_and_has_an_extent(place: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="place"):
        Framing(*place)


def bottle_shaped(image: Image, round_: bool, shadow: float) -> Image:
    """A bottle's outline with a printed label on it, in the empty chamber: of cardboard, or of brown glass that mirrors the lamps along its length. ``shadow``: how dark the tray is below it, 0 to 1."""
    outline = np.array([(380, 275), (720, 275), (800, 325), (930, 325), (930, 395), (800, 395), (720, 445), (380, 445)])
    mask = np.zeros(image.shape[:2], np.float32)
    cv2.fillPoly(mask, [outline], 1.0)
    below = cv2.GaussianBlur(moved(np.asarray(255 * mask, np.uint8), 0, 30), (0, 0), 20)[:, :, None] / 255
    grain = cv2.GaussianBlur(np.random.default_rng(1).normal(0, 40, image.shape[:2]).astype(np.float32), (0, 0), 5)[:, :, None]
    surface = np.broadcast_to(np.array([82.0, 120.0, 158.0]), image.shape) + grain
    if round_:
        across = np.linspace(-360, 360, image.shape[0])[:, None, None]
        surface = np.broadcast_to(np.array([20.0, 45.0, 75.0]), image.shape) + 130 * np.exp(-(((np.abs(across) - 30) / 10) ** 2))
    surface = np.array(surface)
    surface[275:445, 430:560] = (180, 90, 60)
    surface[310:410, 460:530:12] = 240
    return np.asarray(np.where(mask[:, :, None] > 0, surface, image * (1 - shadow * below)).clip(0, 255), np.uint8)


@pytest.mark.parametrize("shadow", [0.0, 0.4])
@pytest.mark.parametrize(("round_", "form"), [(False, Form.FLAT), (True, Form.BOTTLE)], ids=["cardboard", "glass"])
def test_cardboard_cut_like_a_bottle_is_flat_whatever_its_shadow(round_: bool, form: Form, shadow: float, chamber: Background) -> None:
    scene = seen_in(bottle_shaped(picture("chamber_empty"), round_, shadow), chamber).scene
    assert (scene.objects, scene.form) == (1, form)


def dark_bottle(image: Image, shadow_px: float) -> Image:
    """A bottle of dark glass whose shadow, as dark at its neck as at its body, makes its outline as wide there; ``shadow_px``: how soft that shadow's border is, 1280 to the picture's width."""
    outline = np.array([(300, 275), (700, 275), (780, 335), (920, 335), (920, 385), (780, 385), (700, 445), (300, 445)])
    inside, shade = np.zeros(image.shape[:2], np.uint8), np.zeros(image.shape[:2], np.float32)
    cv2.fillPoly(inside, [outline], 1)
    cv2.rectangle(shade, (310, 240), (915, 480), 1.0, cv2.FILLED)
    shaded = image * (1 - 0.5 * cv2.GaussianBlur(shade, (0, 0), shadow_px)[:, :, None])
    return np.asarray(np.where(inside[:, :, None] > 0, np.array([20.0, 45.0, 30.0]), shaded).clip(0, 255), np.uint8)


def test_a_shadow_that_fills_the_outline_beside_a_neck_makes_no_jar_of_a_bottle(chamber: Background) -> None:
    (figures,) = seen_in(dark_bottle(picture("chamber_empty"), 4.0), chamber).figures
    assert figures.neck > NECK, "the outline is the shadow's"
    assert figures.own_neck <= OWN_NECK
    assert figures.body_px == pytest.approx(170 / 4, rel=0.12)
    assert form_of(figures) is not Form.STOUT


@pytest.mark.parametrize(
    ("down_px", "form"), [(0, Form.BOTTLE), (16, Form.BOTTLE), (110, Form.FLAT)], ids=["in the valley", "4 mm beside it", "on one side"]
)
def test_nothing_round_stays_on_one_of_the_trays_two_sides(down_px: int, form: Form, chamber: Background) -> None:
    ground = picture("chamber_empty").astype(np.int16)
    changed = np.roll(picture("glass_brown_33_006").astype(np.int16) - ground, down_px, axis=0)
    assert seen_in(np.asarray((ground + changed).clip(0, 255), np.uint8), chamber).scene.form is form


@pytest.mark.parametrize(("name", "shape"), [("glass_clear_25_150", 56 / 176), ("glass_brown_33_006", 61 / 228)])
def test_a_shadow_beside_a_bottle_is_no_part_of_its_own_width(name: str, shape: float, chamber: Background) -> None:
    """``shape``: how wide it is beside its length, as it was drawn."""
    (figures,) = seen_in(picture(name), chamber).figures
    own = shape * figures.length_px
    assert figures.width_px > 1.05 * own, "the outline has the shadow in it"
    assert figures.body_px == pytest.approx(own, rel=0.1)


def strip(across: NDArray[np.float64]) -> NDArray[np.float32]:
    """Of one colour along, and so across."""
    return np.asarray(np.broadcast_to(across[:, None, None], (len(across), 120, 3)), np.float32)


def test_a_surface_is_even_where_most_of_its_width_has_one_tone_that_is_not_the_trays() -> None:
    inside, board = np.ones((60, 120), np.uint8), strip(np.full(60, 4.2))
    shaded = strip(np.r_[np.full(15, 3.6), np.full(45, 4.2)])
    mirrors = strip(4.2 + 0.6 * np.sin(np.linspace(0, 4 * np.pi, 60)))
    half = np.concatenate([board[:, :60], mirrors[:, :60]], axis=1)
    other, tray = strip(np.full(60, -0.4)), strip(np.zeros(60))
    assert evenness(inside, board, other) == 1
    assert evenness(inside, shaded, other) == 1, "a shadow at its side is no part of it"
    assert evenness(inside, mirrors, other) == 0
    assert evenness(inside, half, other) == pytest.approx(0.5, abs=0.05)
    assert evenness(inside, board, tray) == 0, "the tray seen through clear plastic"
    assert evenness(inside[:5], board[:5], other[:5]) == 0, "too narrow to say"


@pytest.mark.parametrize(("name", "hand"), [("heavy_glass_000", False), ("heavy_glass_002", False), ("hand_000", True), ("hand_006", True)])
def test_glass_as_brown_as_skin_that_reaches_beyond_the_picture_is_no_hand(name: str, hand: bool, chamber: Background) -> None:
    """Drawn for the red team."""
    drawn: Image = np.asarray(cv2.imread(str(POOL / f"{name}.webp")), np.uint8)
    assert seen_in(drawn, chamber).scene.hand is hand
