"""Whether the associations' names fit on this panel: measured once, before anybody comes, on the pages themselves, in their letters and largest sizes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFontMetricsF

from config.told import WrongUse
from config.vocabulary import Association, Cents
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.style.theme import WEIGHTS, Type
from kiosk.screens.style.typefaces import sized
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Open
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.reading import DEFAULT

HIGH = ViewState(Screen.ONE_MOMENT, visit_number="0000", bottles=100, cents=Cents(10_000), ends_in_s=60, may_stay=True)
"""A visit whose numbers are wide."""


class NameTooLong(WrongUse):
    """One name has no room on a page of this panel. ``key`` is its place in the configuration, ``number`` how many associations there are."""

    def __init__(self, key: str, found: str, number: int, diagonal_in: float) -> None:
        super().__init__(f"{key} is too long for {diagonal_in:g} in")
        self.key = key
        self.found = found
        self.number = number
        self.diagonal_in = diagonal_in


def check_names(window: VisitorWindow, associations: Sequence[Association], languages: Sequence[str], diagonal_in: float) -> None:
    """Stands the window, which is for this alone, as for each language in ordinary and in large letters. Raises NameTooLong for the widest name."""
    if not associations:
        return
    # laid out as if it were on the glass, and not on it
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    try:
        for language in languages:
            _check(window, associations, language, diagonal_in)
            _forget_pages()
    finally:
        window.close()
        window.deleteLater()
        _forget_pages()


def _check(window: VisitorWindow, associations: Sequence[Association], language: str, diagonal_in: float) -> None:
    widest = max(range(len(associations)), key=lambda place: _width(associations[place].name_in(language)))
    for bigger in (False, True):
        for view in _views(tuple(associations), associations[widest]):
            window.pose(view, Manner(language, bigger=bigger), Open())
            if not window.page.fits():
                raise _too_long(associations, widest, language, diagonal_in)


def _forget_pages() -> None:
    """Those that stood are gone at once: no event loop runs yet, and all of them together would take memory that a kiosk keeps for as long as it runs."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _views(associations: tuple[Association, ...], widest: Association) -> Iterator[ViewState]:
    if len(associations) > 1:
        yield replace(HIGH, screen=Screen.ASSOCIATIONS, associations=associations)
    yield replace(HIGH, screen=Screen.CHOOSE, associations=associations)
    yield replace(HIGH, screen=Screen.GIFT, association=widest)


def _width(name: str) -> float:
    return float(QFontMetricsF(sized(100, WEIGHTS[Type.LEAD])).horizontalAdvance(name))


def _too_long(associations: Sequence[Association], place: int, language: str, diagonal_in: float) -> NameTooLong:
    named = dict(associations[place].names)
    told_in = language if language in named else DEFAULT
    return NameTooLong(f"gift.associations.{place}.name.{told_in}", associations[place].name_in(language), len(associations), diagonal_in)
