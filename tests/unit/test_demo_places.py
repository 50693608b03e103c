"""Where the demonstration's two windows stand: on every desktop beside each other, the kiosk's screen smaller but never another screen."""

import pytest

from kiosk.screens.style.theme import Panel, Theme
from simulation.demo.places import LANDSCAPE, LEAST, PORTRAIT, Box, Places

PANEL = (768, 657)
DESKS = [Box(0, 0, 1366, 728), Box(0, 27, 1920, 1053), Box(1920, 0, 2560, 1440), Box(0, 0, 3840, 2160)]


@pytest.mark.parametrize("screen", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("desk", DESKS)
def test_both_windows_stand_side_by_side_on_the_desk(desk: Box, screen: Panel) -> None:
    places = Places.on(desk, screen, PANEL)
    (left, top), (beside, _) = places.kiosk, places.panel
    assert left >= desk.left
    assert top >= desk.top
    assert left + places.screen.width_px <= beside
    assert beside + PANEL[0] <= desk.left + desk.width
    assert top + places.screen.height_px <= desk.top + desk.height


@pytest.mark.parametrize("screen", [PORTRAIT, LANDSCAPE])
def test_a_smaller_window_shows_the_same_screen_with_all_on_it_smaller_alike(screen: Panel) -> None:
    places = Places.on(DESKS[0], screen, PANEL)
    assert places.scale < 1
    assert places.screen.diagonal_in == screen.diagonal_in
    whole, smaller = Theme.of(screen), Theme.of(places.screen)
    assert smaller.target / whole.target == pytest.approx(places.scale, rel=0.05)
    assert smaller.landscape == whole.landscape


def test_a_large_desk_shows_it_pixel_for_pixel_and_never_larger() -> None:
    places = Places.on(DESKS[3], PORTRAIT, PANEL)
    assert (places.scale, places.screen) == (1.0, PORTRAIT)


def test_a_scale_that_was_asked_for_is_kept_whatever_the_desk() -> None:
    places = Places.on(DESKS[0], PORTRAIT, PANEL, 0.5)
    assert (places.screen.width_px, places.screen.height_px) == (540, 960)


def test_a_desk_that_is_too_small_for_both_still_shows_both() -> None:
    desk = Box(0, 0, 800, 600)
    places = Places.on(desk, LANDSCAPE, PANEL)
    assert places.scale == LEAST
    assert 0 <= places.panel[0] <= desk.width - PANEL[0]
