"""The likelihood stage: its alphabet and its exact search, its compiled loops against numpy, and what its guard refuses."""

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from recognition.codes import crops
from recognition.codes.likelihood import library, reader
from recognition.codes.likelihood.alphabet import EAN8, EAN13, LAYOUTS, UPCE, Layout, Word
from recognition.codes.likelihood.claim import contradicted
from recognition.codes.likelihood.glare import evened
from recognition.codes.likelihood.guard import believed, confirms, doubts, sure
from recognition.codes.likelihood.kernels import Compiled, compiled
from recognition.codes.likelihood.library import NotBuilt, library_path, why_not
from recognition.codes.likelihood.model import TABLES, Band, Candidate, printed_as
from recognition.codes.likelihood.reader import Crop, candidates
from recognition.codes.likelihood.reference import Reference
from recognition.codes.likelihood.segmentation import WIDTHS, cell_scores, segmented
from recognition.codes.likelihood.several import handed_on, joined
from recognition.codes.likelihood.tables import NEVER, Codes, trellis_of
from recognition.codes.likelihood.words import best_words
from recognition.gtin import canonical

Image = NDArray[np.uint8]
NUMPY, C = Reference(), Compiled()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def word_of(layout: Layout, text: str) -> Word:
    """The word that is printed as this text."""
    for family, (prefix, suffix) in enumerate(zip(layout.prefix, layout.suffix, strict=True)):
        digits = tuple(map(int, text[len(prefix) : len(text) - len(suffix)]))
        if text.startswith(prefix) and text.endswith(suffix) and layout.only[family, -1] in (-1, digits[-1]):
            return Word(family, digits)
    raise AssertionError(text)


PRINTED = [
    (EAN13, zxingcpp.BarcodeFormat.EAN13, "4006381333931"),
    (EAN13, zxingcpp.BarcodeFormat.EAN13, "9780345348036"),
    (EAN8, zxingcpp.BarcodeFormat.EAN8, "96385074"),
    (UPCE, zxingcpp.BarcodeFormat.UPCE, "04252614"),
    (UPCE, zxingcpp.BarcodeFormat.UPCE, "01234565"),
]


@pytest.mark.parametrize(("layout", "format_", "text"), PRINTED)
def test_a_word_is_printed_as_another_program_prints_it(layout: Layout, format_: zxingcpp.BarcodeFormat, text: str) -> None:
    bars = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, format_), scale=1, add_quiet_zones=False))
    bars = bars.reshape(bars.shape[0], bars.shape[1])
    word = word_of(layout, text)
    assert layout.text(word) == text
    assert (layout.printed(word)[3:-3] == (bars[len(bars) // 2] < 128)).all()


def test_number_system_one_has_the_opposite_parities() -> None:
    one, nil = word_of(UPCE, "12345670"), word_of(UPCE, "02345673")
    assert canonical(UPCE.symbology, "12345670") is not None
    assert (UPCE.parities[one.family] + UPCE.parities[word_of(UPCE, "02345670").family] == 1).all()
    assert nil.digits == one.digits


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.symbology)
def test_the_two_best_words_are_numbers_and_their_scores_are_their_sums(layout: Layout, rng: np.random.Generator) -> None:
    for _ in range(20):
        scores = rng.normal(size=(len(layout.sides), 2, 10))
        if not layout.two_parities:
            scores[:, 1] = NEVER
        best = best_words(scores, layout, C)
        for word, score in ((best.word, best.score), (best.other, best.other_score)):
            assert canonical(layout.symbology, layout.text(word)) is not None
            parities = layout.parities[word.family]
            assert score == pytest.approx(sum(scores[cell, parities[cell], digit] for cell, digit in enumerate(word.digits)))
        assert best.score >= best.other_score
        assert best.word != best.other


def test_no_word_is_better_than_the_two_that_are_found(rng: np.random.Generator) -> None:
    scores = np.full((8, 2, 10), NEVER)
    # three digits a cell may be: few enough words to try them all
    for cell in range(8):
        scores[cell, 0, rng.choice(10, 3, replace=False)] = rng.normal(size=3)
    tried = product(*(np.flatnonzero(scores[cell, 0] > NEVER) for cell in range(8)))
    sums = [
        sum(scores[cell, 0, digit] for cell, digit in enumerate(digits)) for digits in tried if np.dot(EAN8.weights[0], digits) % 10 == 0
    ]
    best = best_words(scores, EAN8, C)
    assert sorted(sums)[-2:] == pytest.approx([best.other_score, best.score])


@pytest.fixture
def profile(rng: np.random.Generator) -> NDArray[np.float32]:
    """An EAN-13 of 4.1 samples a module, blurred, under noise."""
    modules = EAN13.printed(word_of(EAN13, "4006381333931"))
    at = np.interp((np.arange(480) - 30) / 4.1, np.arange(len(modules)), modules)
    bright = 200 - 120 * np.convolve(at, np.ones(5) / 5, "same")
    return (bright + rng.normal(0, 3, 480)).astype(np.float32)


def test_compiled_correlations_are_those_of_numpy(profile: NDArray[np.float32]) -> None:
    ours, reference = cell_scores(profile, WIDTHS, C), cell_scores(profile, WIDTHS, NUMPY)
    assert np.abs(ours - reference).max() < 1e-5


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.symbology)
def test_the_compiled_segmentation_is_that_of_numpy(layout: Layout, profile: NDArray[np.float32]) -> None:
    scores = cell_scores(profile, WIDTHS[::2].copy(), C)
    ours, reference = (segmented(scores, layout, WIDTHS[::2].copy(), 0.12, kernels) for kernels in (C, NUMPY))
    assert ours.score == pytest.approx(reference.score, abs=1e-5)
    assert (ours.starts == reference.starts).all()
    assert (ours.chosen == reference.chosen).all()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.symbology)
def test_the_compiled_fit_is_that_of_numpy(layout: Layout, profile: NDArray[np.float32]) -> None:
    tables = TABLES[layout]
    modules = layout.printed(word_of(layout, {EAN13: "4006381333931", EAN8: "96385074", UPCE: "04252614"}[layout]))
    warp = np.array([238.0, layout.modules * 2.05, 1.0, 0.0, 0.0])
    ours, reference = (kernels.fitted(profile, warp, 3, 1, 2, modules, tables, Codes(tables)) for kernels in (C, NUMPY))
    assert (ours.blur, ours.ink) == (reference.blur, reference.ink)
    for mine, its in ((ours.warp, reference.warp), (ours.linear, reference.linear), (ours.value, reference.value)):
        assert np.abs(mine - its).max() < 1e-6 * max(1.0, float(np.abs(its).max()))
    assert ours.residual == pytest.approx(reference.residual, rel=1e-6)
    assert ours.explained == pytest.approx(reference.explained, abs=1e-6)
    assert C.sampled(profile, warp, tables) == pytest.approx(NUMPY.sampled(profile, warp, tables))


def test_the_compiled_joint_search_is_that_of_numpy(profile: NDArray[np.float32], rng: np.random.Generator) -> None:
    first, bend = 42 + rng.normal(size=40), rng.normal(size=40)
    span = np.full(40, 389.0)
    tables = trellis_of(1.35)
    found = []
    for kernels in (C, NUMPY):
        dark, variance, energy = kernels.darkness(profile, first, span, bend, (200.0, 203.0), 404)
        onto = kernels.projected(dark, tables)
        ways = [kernels.joint(onto, energy, 0.48, tables, mirrored=way) for way in (False, True)]
        found.append((dark, variance, energy, onto, *ways))
    for mine, its in zip(*found, strict=True):
        assert np.abs(mine - its).max() < 1e-5 * max(1.0, float(np.abs(its).max()))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.symbology)
def test_the_compiled_search_for_words_is_that_of_numpy(layout: Layout, rng: np.random.Generator) -> None:
    for spread in (1.0, 50.0):
        scores = rng.normal(0, spread, (len(layout.sides), 2, 10))
        ours, reference = best_words(scores, layout, C), best_words(scores, layout, NUMPY)
        assert (ours.word, ours.other) == (reference.word, reference.other)
        assert (ours.score, ours.other_score) == pytest.approx((reference.score, reference.other_score))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.symbology)
def test_the_compiled_likelihoods_of_digits_are_those_of_numpy(layout: Layout, profile: NDArray[np.float32]) -> None:
    text = {EAN13: "4006381333931", EAN8: "96385074", UPCE: "04252614"}[layout]
    printed = printed_as(word_of(layout, text), layout)
    found = []
    for kernels in (C, NUMPY):
        band = Band(profile, np.array([238.0, layout.modules * 2.05, 1.0, 0.0, 0.0]), layout, kernels)
        first = band.first_scores()
        band.fit_to(printed)
        found.append((first, band.scores(printed)))
    for ours, reference in zip(*found, strict=True):
        assert np.abs(ours - reference).max() < 1e-6 * np.abs(reference[reference > NEVER]).max()


def drawn(layout: Layout, text: str, *, module_px: float = 2.0, blur_px: float = 1.0, noise: float = 2.0) -> Image:
    """Dark bars on a light ground, straight, in a picture of 480x240."""
    modules = np.pad(layout.printed(word_of(layout, text)), 9)
    row = np.repeat(modules, 16)[
        np.clip((np.arange(480 * 4) / 4 - 240) / module_px * 16 + len(modules) * 8, 0, len(modules) * 16 - 1).astype(int)
    ]
    row = row.reshape(480, 4).mean(axis=1)
    picture = np.full((240, 480), 215.0)
    picture[70:170] -= 175 * row
    picture = cv2.GaussianBlur(picture, (0, 0), blur_px) + np.random.default_rng(3).normal(0, noise, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def read(image: Image, kernels: Compiled | Reference = C) -> list[Candidate]:
    return [placed.candidate for placed in candidates(image, crops.detected(image, crops.FINE), kernels)]


@pytest.mark.parametrize(
    ("layout", "text", "blur_px"),
    [
        (EAN13, "4006381333931", 1.4),
        (EAN13, "0023942431015", 2.4),
        (EAN8, "96385074", 1.2),
        (UPCE, "04252614", 1.2),
        (UPCE, "12345670", 1.2),
    ],
)
def test_a_blurred_code_is_read_with_its_place(layout: Layout, text: str, blur_px: float) -> None:
    image = drawn(layout, text, blur_px=blur_px)
    (placed,) = (placed for placed in candidates(image, crops.detected(image, crops.FINE), C) if believed(placed.candidate))
    assert placed.candidate.text == text
    length = (layout.modules - 6) * 2.0
    left, right = sorted((float(placed.quad[0, 0]), float(placed.quad[1, 0])))
    assert (left, right) == pytest.approx((240 - length / 2, 240 + length / 2), abs=3)


def test_light_bars_on_dark_are_read() -> None:
    image = (255 - drawn(EAN13, "4006381333931")).astype(np.uint8)
    assert [found.text for found in read(image) if believed(found)] == ["4006381333931"]


def test_the_stage_in_numpy_finds_what_the_compiled_one_finds() -> None:
    image = drawn(EAN13, "4006381333931", blur_px=1.6)
    for ours, reference in zip(read(image), read(image, NUMPY), strict=True):
        assert (ours.text, ours.other, ours.bands, ours.agreeing) == (reference.text, reference.other, reference.bands, reference.agreeing)
        assert ours.margin == pytest.approx(reference.margin, rel=1e-5)
        assert ours.ratio == pytest.approx(reference.ratio, rel=1e-5)


def test_the_same_picture_gives_the_same_numbers_again_and_in_several_threads() -> None:
    image = drawn(EAN13, "4006381333931", blur_px=1.6)
    first = [(found.text, found.margin, found.ratio, found.explained) for found in read(image)]
    again: list[list[tuple[str, float, float, float]]] = []
    threads = [
        threading.Thread(target=lambda: again.append([(found.text, found.margin, found.ratio, found.explained) for found in read(image)]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert again == [first] * 4


def test_no_look_weighs_more_candidates_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    image = drawn(EAN13, "4006381333931", blur_px=3.0)
    assert len(list(candidates(image, crops.detected(image, crops.FINE), C))) > 2
    monkeypatch.setattr(reader, "MOST_CANDIDATES", 2)
    assert len(list(candidates(image, crops.detected(image, crops.FINE), C))) == 2


def test_bars_under_a_reflection_that_no_smooth_contrast_follows_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    image = drawn(EAN13, "2796154688864", module_px=2.2, blur_px=1.3).astype(np.float64)
    lit = 0.6 * np.exp(-(((np.arange(480) - 260) / 44) ** 2))
    glaring = np.clip(image * 0.6 + (300 - image * 0.6) * lit, 0, 255).astype(np.uint8)
    assert [found.text for found in read(glaring) if believed(found)] == ["2796154688864"]
    monkeypatch.setattr(Crop, "evened", lambda _: iter(()))
    assert not any(map(believed, read(glaring)))


def test_what_is_evened_out_lies_between_its_darkest_and_its_brightest() -> None:
    bars = 100.0 + 80 * (np.arange(600) // 9 % 2) * np.linspace(0.3, 1, 600)
    assert np.ptp(evened(bars[None].astype(np.float32))[0, 100:500]) > 0.9 * 255
    flat = evened(np.full((2, 600), 255, np.float32))
    assert flat.shape == (2, 600)
    assert not flat.any(), "nothing is told where all is white"


def test_pale_bars_beside_a_dark_edge_are_read() -> None:
    image = drawn(EAN13, "4006381333931", blur_px=1.4).astype(np.float64)
    # a third of the contrast, and black on either side
    pale = np.where(np.abs(np.arange(480) - 240) < 112, 200 + (image - 215) / 3, 10)
    assert [found.text for found in read(cv2.GaussianBlur(pale, (0, 0), 0.8).astype(np.uint8)) if believed(found)] == ["4006381333931"]


def test_a_code_whose_middle_lies_off_the_middle_and_that_is_out_of_focus_is_read() -> None:
    """As on a bottle's curve, or in perspective: by five modules."""
    image = drawn(EAN13, "4006381333931", blur_px=0.7)
    x = np.arange(480, dtype=np.float32)
    along = np.clip((x - 140) / 200, 0, 1)
    bent = cv2.remap(
        image,
        np.tile(x - 10 * 4 * along * (1 - along), (240, 1)),
        np.repeat(np.arange(240, dtype=np.float32)[:, None], 480, 1),
        cv2.INTER_CUBIC,
    )
    seen = cv2.GaussianBlur(bent, (0, 0), 2.4).astype(np.uint8, copy=False)
    assert [found.text for found in read(seen) if believed(found)] == ["4006381333931"]


AT_THE_BARS = np.array([(145, 70), (335, 70), (335, 170), (145, 170)], np.float64)


@pytest.mark.parametrize(("value", "is_contradicted"), [("4006381333931", False), ("4006387333931", True), ("4006381333937", True)])
def test_bars_contradict_a_value_with_another_digit_whatever_the_check_digit(value: str, is_contradicted: bool) -> None:
    """1 and 7 have their edges at the same distances."""
    image = drawn(EAN13, "4006381333931", blur_px=1.0)
    assert contradicted(image, AT_THE_BARS, value, C) is is_contradicted
    assert contradicted(cv2.rotate(image, cv2.ROTATE_180).astype(np.uint8), AT_THE_BARS, value, C) is is_contradicted


def test_a_digit_that_is_overprinted_on_most_of_its_height_contradicts_the_value() -> None:
    image, other = drawn(EAN13, "4006381333931"), drawn(EAN13, "4006381383931")
    image[100:] = other[100:]
    assert contradicted(image, AT_THE_BARS, "4006381333931", C)


def test_where_no_bars_are_found_nothing_is_contradicted() -> None:
    assert not contradicted(np.full((240, 480), 200, np.uint8), AT_THE_BARS, "4006381333931", C)


GOOD = Candidate(
    EAN13,
    "4006381333931",
    "4008381373931",
    0.99,
    9.0,
    900.0,
    0,
    6,
    6,
    0.4,
    jointly=False,
    scores=np.zeros((12, 2, 10)),
    ends=(0.0, 285.0),
    unrest=0.0,
    uneven=2.0,
)


def surer(candidate: Candidate, margin: float) -> Candidate:
    return replace(candidate, scores=candidate.scores * margin / candidate.margin, margin=margin)


def a_doubt(text: str, margin: float) -> Candidate:
    """A candidate whose scores are for one word by this margin."""
    word = word_of(EAN13, text)
    scores = np.zeros((12, 2, 10))
    scores[:, :, :] = -5.0
    scores[6:, 1] = NEVER
    for cell, digit in enumerate(word.digits):
        scores[cell, EAN13.parities[word.family, cell], digit] = -4.5
    best = best_words(scores, EAN13, C)
    return surer(replace(GOOD, text=text, ratio=1.2, scores=scores, margin=best.score - best.other_score), margin)


def test_two_looks_that_are_not_sure_alone_are_together() -> None:
    doubt = a_doubt("4006381333931", 80.0)
    assert not believed(doubt)
    assert joined([(doubt,)], C) is None
    together = joined([(doubt,), (doubt,)], C)
    assert together is not None
    assert (together.text, together.contrary) == ("4006381333931", 0)
    assert together.margin == pytest.approx(160.0)


def test_what_much_blur_explains_poorly_is_believed_of_no_number_of_looks() -> None:
    doubt = replace(a_doubt("4006381333931", 140.0), blur=0.95, explained=0.92)
    assert joined([(doubt,), (doubt,), (doubt,)], C) is None
    assert joined([(replace(doubt, blur=0.75),)] * 3, C) is not None


def test_looks_that_say_different_words_are_none_together() -> None:
    assert joined([(a_doubt("4006381333931", 90.0),), (a_doubt("4006381333931", 90.0),), (a_doubt("3760020509002", 80.0),)], C) is None


def test_a_look_hands_on_nothing_that_a_digit_speaks_against() -> None:
    doubt = a_doubt("4006381333931", 50.0)
    assert handed_on([doubt, replace(doubt, contrary=1), replace(doubt, blur=1.4), replace(doubt, ratio=1.05)]) == (doubt,)


def test_a_doubt_confirms_the_value_that_a_decoder_gave_only_with_some_margin() -> None:
    assert confirms(a_doubt("4006381333931", 31.0))
    assert not confirms(a_doubt("4006381333931", 29.0))
    assert not confirms(replace(a_doubt("4006381333931", 90.0), agreeing=3))


def test_a_deadline_ends_the_search_between_two_candidates() -> None:
    image = drawn(EAN13, "4006381333931", blur_px=3.0)
    all_of_them = list(candidates(image, crops.detected(image, crops.FINE), C))
    assert len(all_of_them) > 1
    assert len(list(candidates(image, crops.detected(image, crops.FINE), C, late=lambda: True))) == 1


def test_the_middle_of_a_longer_code_is_no_short_one() -> None:
    """Seen: a UPC-E read in an EAN-13 at 1.65 px a module and a blur of 0.9 modules, wide quiet zones missing on both sides."""
    for angle in range(-8, 9, 2):
        image = drawn(EAN13, "4905273955537", module_px=1.65, blur_px=1.5)
        turn = cv2.getRotationMatrix2D((240, 120), angle, 1.0)
        turned = cv2.warpAffine(image, turn, (480, 240), borderValue=215).astype(np.uint8, copy=False)
        assert {found.text for found in read(turned) if believed(found)} <= {"4905273955537"}


def test_a_digit_that_is_half_anothers_is_not_told_by_the_check_digit() -> None:
    """The left of one code and the right of another, which share the digit in which they are cut, are no value."""
    for cut in range(45, 80, 7):
        one, two = (EAN13.printed(word_of(EAN13, text)) for text in ("4006381333931", "3760020509002"))
        image = drawn(EAN13, "4006381333931", blur_px=1.2)
        other = drawn(EAN13, "3760020509002", blur_px=1.2)
        at = 240 + round((cut - len(one) / 2) * 2.0)
        assert len(one) == len(two)
        spliced = np.hstack([image[:, :at], other[:, at:]])
        assert not any(map(believed, read(spliced)))


@pytest.mark.parametrize("seed", range(4))
def test_stripes_of_no_code_are_no_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    row = np.repeat(rng.integers(0, 2, 240), rng.integers(2, 5))[:480]
    image = np.full((240, 480), 210, np.uint8)
    image[60:180, : len(row)] -= (150 * row).astype(np.uint8)
    image = cv2.GaussianBlur(image, (0, 0), 1.5).astype(np.uint8, copy=False)
    assert not any(map(believed, read(image)))


@pytest.mark.parametrize(
    ("worse", "doubt"),
    [
        (lambda good: replace(good, ratio=1.29), "ratio"),
        (lambda good: replace(good, layout=EAN8, ratio=1.8), "ratio"),
        (lambda good: replace(good, layout=UPCE, ratio=2.5), "ratio"),
        (lambda good: replace(good, explained=0.87), "explained"),
        (lambda good: replace(good, layout=EAN8, explained=0.92), "explained"),
        (lambda good: replace(good, jointly=True, explained=0.94), "explained"),
        (lambda good: replace(good, blur=0.85, explained=0.94), "explained"),
        (lambda good: replace(good, margin=59), "margin"),
        (lambda good: replace(good, jointly=True, margin=119), "margin"),
        (lambda good: replace(good, blur=1.05), "blur"),
        (lambda good: replace(good, layout=UPCE, blur=0.95), "blur"),
        (lambda good: replace(good, jointly=True, blur=1.85), "blur"),
        (lambda good: replace(good, layout=UPCE, unrest=0.5), "unrest"),
        (lambda good: replace(good, contrary=1), "contrary"),
        (lambda good: replace(good, uneven=22.5), "uneven"),
        (lambda good: replace(good, jointly=True, uneven=8.5), "uneven"),
        (lambda good: replace(good, bands=1, agreeing=1), "bands"),
        (lambda good: replace(good, layout=EAN8, bands=2, agreeing=2), "bands"),
        (lambda good: replace(good, agreeing=3), "agreeing"),
    ],
)
def test_each_weakness_of_a_candidate_is_a_doubt(worse: Callable[[Candidate], Candidate], doubt: str) -> None:
    assert doubts(GOOD) == ()
    assert doubt in doubts(worse(GOOD))


@pytest.mark.parametrize("unsure", [{"ratio": 1.37}, {"explained": 0.89}, {"uneven": 10.0}, {"blur": 0.85}, {"jointly": True}])
def test_what_is_believed_of_a_look_may_be_too_unsure_to_witness_itself(unsure: dict[str, Any]) -> None:
    assert sure(GOOD)
    candidate = replace(GOOD, **unsure)
    assert believed(candidate)
    assert not sure(candidate)


def test_a_library_of_another_source_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "kernels.c"
    other.write_text(library.SOURCE.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setattr(library, "SOURCE", other)
    compiled.cache_clear()
    try:
        assert compiled() is None
        assert str(library_path()) in (why_not() or "")
        with pytest.raises(NotBuilt):
            Compiled()
    finally:
        compiled.cache_clear()
