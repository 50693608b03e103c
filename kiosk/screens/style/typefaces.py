"""Registers the kiosk's own fonts with Qt and makes the theme's fonts from them. Not what a font looks like: ``style/fonts/README.md``."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from kiosk.screens.style.theme import WEIGHTS, Theme, Type

FOLDER = Path(__file__).parent / "fonts"
FAMILIES = ("Kiosk Sans", "Kiosk Sans Arabic")


class FontMissing(Exception):
    """A font of the kiosk that Qt could not read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: not a font that Qt can read")
        self.path = path


def register(folder: Path = FOLDER) -> None:
    """Makes the fonts known; call it once after the QApplication was made. Raises FontMissing."""
    known = set(QFontDatabase.families())
    if known.issuperset(FAMILIES):
        return
    for path in sorted(folder.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontMissing(path)
    for family in FAMILIES:
        if family not in QFontDatabase.families():
            raise FontMissing(folder / family)


def font(theme: Theme, step: Type) -> QFont:
    """The font of a step of the type scale."""
    return sized(theme.text(step), WEIGHTS[step])


def sized(pixels: int, weight: int) -> QFont:
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made
