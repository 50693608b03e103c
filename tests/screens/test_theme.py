"""The theme: sizes on the glass are millimetres, whatever the pixels; colours keep their contrast; a screen that is too small is refused."""

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QApplication

from kiosk.screens.gallery import visitor_shots
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.palette import CONTRAST, NORMAL, Palette
from kiosk.screens.style.theme import OutOfReach, Panel, ScreenTooSmall, Theme, TooCoarse, Type
from kiosk.screens.style.typefaces import FAMILIES, FontMissing, font, register
from kiosk.screens.visitor.page import Manner
from kiosk.words.catalogue import Words
from kiosk.words.errors import explain
from people.looking import luminance

PANELS = (Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1), Panel(540, 960, 15.6), Panel(1920, 1080, 21.5), Panel(2160, 3840, 31.5))


@pytest.mark.parametrize("panel", PANELS)
def test_targets_have_twenty_millimetres_on_every_panel(panel: Panel) -> None:
    theme = Theme.of(panel)
    assert theme.target / panel.px_per_mm >= 20.0
    assert theme.main >= theme.target


@pytest.mark.parametrize(("panel", "bigger", "step"), list(product(PANELS, (False, True), Type)))
def test_capitals_are_as_high_as_they_must_be(qapp: QApplication, panel: Panel, bigger: bool, step: Type) -> None:
    register()
    theme = Theme.of(panel, bigger=bigger)
    capital_mm = QFontMetricsF(font(theme, step)).capHeight() / panel.px_per_mm
    # half a pixel is what a font of whole pixels may miss by
    assert capital_mm >= (7.3 if bigger else 4.8) - 0.5 / panel.px_per_mm


def test_the_same_panel_with_more_pixels_has_the_same_sizes_on_the_glass() -> None:
    coarse, fine = Theme.of(Panel(1080, 1920, 15.6)), Theme.of(Panel(2160, 3840, 15.6))
    for step in Type:
        assert fine.text(step) == pytest.approx(2 * coarse.text(step), abs=2)
    assert fine.target == pytest.approx(2 * coarse.target, abs=2)


@pytest.mark.parametrize("diagonal_in", [0.1, 7.0, 9.9])
def test_a_screen_under_ten_inches_is_refused_with_its_size_and_what_is_needed(diagonal_in: float) -> None:
    with pytest.raises(ScreenTooSmall) as refused:
        Panel(1280, 800, diagonal_in)
    for language in ("fr", "en"):
        told = explain(refused.value, Words(language))
        assert "10" in told
        assert "screen.diagonal_in" in told


IN_USE = ((1080, 1920, 15.6), (1280, 800, 10.1), (1080, 1920, 13.3), (1920, 1080, 21.5), (1366, 768, 11.6), (800, 480, 10.1))


@pytest.mark.parametrize(("width_px", "height_px", "diagonal_in"), IN_USE)
def test_panels_in_use_are_within_reach_as_the_example_mounts_them(width_px: int, height_px: int, diagonal_in: float) -> None:
    assert Panel(width_px, height_px, diagonal_in).mounted(0.92).px_per_mm > 3.0


@pytest.mark.parametrize(
    ("panel", "lower_edge_m", "variant", "told"),
    [
        (Panel(2160, 3840, 31.5), 0.92, "high", "1,6"),
        (Panel(1080, 1920, 15.6), 0.97, "high", "1,31"),
        (Panel(1080, 1920, 15.6), 0.85, "low", "0,86"),
        (Panel(1280, 800, 10.1), 1.2, "high", "1,33"),
    ],
)
def test_a_panel_on_which_something_lies_out_of_reach_is_refused_with_how_high_it_lies(
    panel: Panel, lower_edge_m: float, variant: str, told: str
) -> None:
    with pytest.raises(OutOfReach) as refused:
        panel.mounted(lower_edge_m)
    assert refused.value.variant == variant
    assert told in explain(refused.value, Words("fr"))
    for language in ("fr", "en"):
        assert "screen.lower_edge_m" in explain(refused.value, Words(language))


def test_nothing_that_can_be_touched_lies_higher_or_lower_than_the_rule_takes_it_for(qapp: QApplication) -> None:
    register()
    panel = Panel(1080, 1920, 15.6)
    window = window_for(panel)
    take(window, next(shot for shot in visitor_shots() if shot.name == "attract"), Manner("fr"))
    edges = [(button.mapTo(window, QPoint(0, 0)).y(), button.mapTo(window, QPoint(0, button.height())).y()) for button in window.stops()]
    margin = window.theme.margin
    assert (min(top for top, _ in edges), max(bottom for _, bottom in edges)) == pytest.approx((margin, panel.height_px - margin), abs=2)


def test_a_panel_with_too_few_pixels_is_refused_with_how_many_it_has_and_needs() -> None:
    with pytest.raises(TooCoarse) as refused:
        Panel(640, 400, 10.1).mounted(0.92)
    told = explain(refused.value, Words("fr"))
    assert "2,9" in told
    assert "screen.diagonal_in" in told


def test_icons_and_paddings_grow_with_the_text_on_a_larger_panel_and_shrink_on_a_smaller_but_no_target_does() -> None:
    drawn_for = Theme.of(Panel(1280, 800, 10.1))
    twice = Theme.of(Panel(1280, 800, 20.2))
    for size in ("target", "main", "margin", "gap", "pad", "radius", "border"):
        assert getattr(twice, size) == pytest.approx(getattr(drawn_for, size), abs=2), size
    assert twice.text(Type.BODY) == pytest.approx(drawn_for.text(Type.BODY), abs=2)
    smaller = Theme.of(Panel(1080, 1920, 13.3))
    assert smaller.pad < Theme.of(Panel(1080, 1920, 15.6)).pad * 1.01
    assert smaller.target / smaller.px_per_mm >= 20.0


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(int(one[1:], 16)), luminance(int(other[1:], 16))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [NORMAL, CONTRAST], ids=["normal", "contrast"])
def test_words_have_seven_to_one_on_every_ground_they_stand_on(palette: Palette) -> None:
    grounds = (palette.paper, palette.sun, palette.card, palette.green_tint, palette.red_tint)
    pairs = [(palette.ink, ground) for ground in grounds] + [(palette.soft, ground) for ground in grounds[:3]]
    pairs += [
        (palette.on_green, palette.green),
        (palette.on_blue, palette.blue),
        (palette.on_red, palette.red),
        (palette.on_ink, palette.ink),
    ]
    assert [pair for pair in pairs if contrast(*pair) < 7.0] == []


@pytest.mark.parametrize("palette", [NORMAL, CONTRAST], ids=["normal", "contrast"])
def test_borders_signs_and_the_ring_have_three_to_one(palette: Palette) -> None:
    pairs = [(palette.line, ground) for ground in (palette.paper, palette.card)]
    pairs += [
        (palette.focus, palette.paper),
        (palette.green, palette.green_tint),
        (palette.red, palette.red_tint),
        (palette.green, palette.track),
    ]
    assert [pair for pair in pairs if contrast(*pair) < 3.0] == []


def test_both_families_of_the_kiosk_are_there_under_their_names(qapp: QApplication) -> None:
    register()
    assert set(FAMILIES) <= set(QFontDatabase.families())


def test_a_font_that_cannot_be_read_is_told_by_its_file(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr("kiosk.screens.style.typefaces.FAMILIES", ("A family that nobody has",))
    with pytest.raises(FontMissing) as missing:
        register(tmp_path)
    assert missing.value.path == tmp_path / "Broken.ttf"
