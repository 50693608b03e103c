"""Keys on the glass that several of staff's pages have: letters and digits, the last one taken back, and what ends the typing."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.style.theme import Theme
from kiosk.words.catalogue import Words

DIGITS = "1234567890"


def keys_of(
    page: QWidget,
    theme: Theme,
    words: Words,
    letters: Sequence[str],
    across: int,
    pressed: Callable[[str], object],
    *,
    name: str = "letter",
    ends: str = "staff.voucher.search",
) -> QGridLayout:
    """``pressed`` gets a letter, ``erase`` or ``search``. ``ends``: the words of the last key."""
    grid = QGridLayout()
    grid.setSpacing(theme.gap)
    for place, letter in enumerate((*letters, "erase", "search")):
        typed = letter in letters
        said = letter if typed else words.text("staff.erase" if letter == "erase" else ends)
        icon = {"erase": "arrow-left", "search": "check"}.get(letter, "")
        look = Weight.MAIN if letter == "search" else Weight.PLAIN
        form = Arrangement.ROW if typed else Arrangement.ICON
        key = Button(page, theme, said, name=f"{name}.{letter}" if typed else letter, icon=icon, form=form, look=look)
        key.clicked.connect(lambda _=False, letter=letter: pressed(letter))
        grid.addWidget(key, place // across, place % across)
    for place in range(across):
        grid.setColumnStretch(place, 1)
    return grid
