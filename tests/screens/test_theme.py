"""The theme: sizes on the glass are millimetres, whatever the pixels; colours keep their contrast; a screen that is too small is refused."""

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QApplication

from kiosk.screens.style.palette import CONTRAST, NORMAL, Palette
from kiosk.screens.style.theme import Panel, ScreenTooSmall, Theme, Type
from kiosk.screens.style.typefaces import FAMILIES, FontMissing, font, register
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
