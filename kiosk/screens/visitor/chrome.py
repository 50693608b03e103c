"""What stands on every page: the mark, the visit number and the languages above; the tools below. Short of height all in one row."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Align, Paragraph, Text, fitted
from kiosk.screens.style.icons import draw_icon
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.visitor.page import PageSetting, Speak, Wish
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.strip import Strip, is_safe

DIRECT = 3
"""So many languages have a button of their own; more than that, and one button opens them all."""


class Mark(QLabel):
    """The kiosk's sign; on a demonstration the word for it, which can be read from afar."""

    def __init__(self, parent: QWidget, theme: Theme, demonstration: str) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = demonstration
        self._narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_demonstration(self, shown: bool, *, narrow: bool) -> None:
        """``narrow``: the visit number stands below it."""
        self._narrow = narrow
        self.setText(self._words if shown else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.mm(14)
        if not self.text():
            return QSize(side, side)
        words = self._paragraph()
        high = round(words.height + 0.5)
        return QSize(round(words.used + 2 * self._theme.mm(2.6)), high if self._narrow else max(side, high))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.red if self.text() else palette.green))
        painter.drawRoundedRect(QRectF(self.rect()), self._theme.mm(3), self._theme.mm(3))
        if self.text():
            words = self._paragraph()
            words.draw(painter, QPointF((self.width() - words.width) / 2, (self.height() - words.height) / 2), Align.CENTRE, palette.on_red)
        else:
            inset = self.height() * 0.2
            draw_icon(painter, "recycle", QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), palette.on_green)

    def _paragraph(self) -> Paragraph:
        return fitted(self._words, self._theme, Type.NOTE, self._theme.width, self.layoutDirection())


class Name(QLabel):
    """Whose machine this is: its name, and that it is a trial. Where there is no room for both, the trial alone; a visitor must know that."""

    def __init__(self, parent: QWidget, theme: Theme, name: str, trial: str) -> None:
        super().__init__(f"{name}\n{trial}", parent)
        self._theme = theme
        self._lines = (name, trial)
        self._narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_name(self, *, narrow: bool) -> None:
        """``narrow``: it stands below the mark, in one line."""
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        high = sum(line.height for line in self.paragraphs())
        return QSize(0, round(high + 0.5) if self._narrow else min(self._theme.target, round(high + 0.5)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        lines = self.paragraphs()
        y = (self.height() - sum(line.height for line in lines)) / 2
        for line in lines:
            line.draw(
                painter, QPointF(0, y), Align.START, self._theme.palette.ink if line.words == self._lines[0] else self._theme.palette.soft
            )
            y += line.height

    def fits_beside(self, width: float) -> bool:
        """Whether that it is a trial has room in so much of the row."""
        trial = fitted(self._lines[1], self._theme, Type.NOTE, width, self.layoutDirection())
        return trial.height <= self._theme.target and not trial.overflows

    def paragraphs(self) -> list[Paragraph]:
        lines = [fitted(words, self._theme, Type.NOTE, self.width(), self.layoutDirection()) for words in self._lines]
        whole = all(line.lines == 1 and not line.overflows for line in lines) and sum(line.height for line in lines) <= self._theme.target
        if whole and not self._narrow:
            return lines
        most = self._theme.target if not self._narrow else lines[1].height / lines[1].lines
        # where not even that has room the mark says it: a demonstration
        return [line for line in lines[1:] if line.height <= most and not line.overflows]


class Bar(QWidget):
    """A row of buttons whose wishes go to the window."""

    wished = Signal(object)

    def __init__(self, parent: QWidget, setting: PageSetting) -> None:
        super().__init__(parent)
        self.setting = setting
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(setting.theme.gap)

    def add(
        self, words: str, wish: Wish | Speak, *, name: str, icon: str = "", form: Arrangement = Arrangement.ROW, on: bool | None = None
    ) -> Button:
        theme = self.setting.theme
        button = Button(self, theme, words, name=name, icon=icon, form=form, step=Type.NOTE)
        if on is not None:
            button.setCheckable(True)
            button.setChecked(on)
            # one of several, for whoever is told what kind of button it is
            button.setAutoExclusive(isinstance(wish, Speak))
        button.clicked.connect(lambda: self.wished.emit(wish))
        return button


ENDS = (Place.VOUCHER, Place.PARTING)


class TopBar(Bar):
    def __init__(self, parent: QWidget, setting: PageSetting) -> None:
        super().__init__(parent, setting)
        theme, words = setting.theme, setting.words
        self.mark = Mark(self, theme, words.text("demonstration"))
        self.number = Text(self, theme, Type.NOTE)
        self.number.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.corner = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.corner.setSpacing(theme.mm(1.2))
        self.corner.addWidget(self.mark)
        self.name = Name(self, theme, words.text("brand.name"), words.text("brand.trial"))
        self.corner.addWidget(self.name, 1)
        self.corner.addWidget(self.number, 1)
        self.safe = Strip(self, theme, words)
        if theme.landscape:
            self.corner.addWidget(self.safe, 1)
        self.buttons: list[Button] = []
        # large text on a low panel: settings and help by their words, or by their icons where the corner needs the room
        self.worded: list[Button] = []
        self.alone: list[Button] = []
        self._shown = True
        self.row.addLayout(self.corner, 100)
        self.row.addStretch(1)
        if theme.landscape:
            self.setFixedHeight(theme.target)
        if len(setting.languages) <= DIRECT and not theme.bigger:
            for language in setting.languages:
                chosen = language.language == words.language
                self._put(self.add(language.own_name, Speak(language.language), name=f"language.{language.language}", on=chosen))
        else:
            form = Arrangement.ICON if theme.compact else Arrangement.ROW
            name = words.text("tool.languages") if theme.compact else words.own_name
            self._put(self.add(name, Wish.LANGUAGES, name="languages", icon="globe", form=form))
        if theme.compact:
            for name, wish, icon in (("settings", Wish.SETTINGS, "a-large-small"), ("help", Wish.HELP, "circle-question-mark")):
                self._put(self.add(words.text(f"tool.{name}"), wish, name=name), into=self.worded)
                self._put(self.add(words.text(f"tool.{name}"), wish, name=name, icon=icon, form=Arrangement.ICON), into=self.alone)

    def _put(self, button: Button, *, into: list[Button] | None = None) -> None:
        """The row grows with the words in its corner, the buttons do not."""
        (self.buttons if into is None else into).append(button)
        self.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_buttons(self, shown: bool) -> None:
        self._shown = shown
        alone = self._without_words()
        for button in self.buttons:
            button.setVisible(shown)
        for number, (worded, icon) in enumerate(zip(self.worded, self.alone, strict=True)):
            worded.setVisible(shown and number >= alone)
            icon.setVisible(shown and number < alone)

    def _without_words(self) -> int:
        """How many of settings and help leave their words to the corner, which must keep what stands in it: help is the last to do so."""
        wide = self.safe.wide() if not self.safe.isHidden() else self.number.sizeHint().width() if self.number.text() else 0
        left = self.width() - self.mark.sizeHint().width() - 2 * self.corner.spacing() - wide
        for alone in range(len(self.worded)):
            buttons = (*self.buttons, *self.alone[:alone], *self.worded[alone:])
            if sum(button.sizeHint().width() + self.row.spacing() for button in buttons) <= left:
                return alone
        return len(self.worded)

    def _beside_mark(self) -> int:
        """Of an upright panel: what the languages leave of the row."""
        taken = sum(button.sizeHint().width() + self.row.spacing() for button in self.buttons)
        return self.width() - self.mark.sizeHint().width() - self.corner.spacing() - self.row.spacing() - taken

    def show_view(self, view: ViewState, place: Place) -> None:
        across, words = self.setting.theme.landscape, self.setting.words
        # what leaves no height for all three across has room for them here
        safe = across and (is_safe(view, place) or (place in ENDS and view.visit_number is not None and view.bottles > 0))
        self.safe.show_view(view, place, shown=safe)
        self.mark.show_demonstration(view.demonstration, narrow=False)
        named = view.visit_number is None
        # beside a demonstration's mark large text on a narrow panel has no room, and a row below it would be taken from the voucher's code
        bare = self.setting.theme.tight and view.demonstration and place is Place.VOUCHER
        narrow = not across and not bare and (view.demonstration or (named and not self.name.fits_beside(self._beside_mark())))
        self.corner.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.mark.show_demonstration(view.demonstration, narrow=narrow)
        self.name.show_name(narrow=narrow)
        self.name.setVisible(named)
        number = words.text("visit", number=view.visit_number) if view.visit_number and not (safe or bare) else ""
        # the page of the voucher tells the number itself, and large
        self.number.say(words.plural("feed.count", view.bottles) if number and place is Place.VOUCHER and view.bottles else number)
        self.show_buttons(self._shown)


CLOSES_AS = {Screen.VOUCHER: "voucher", Screen.CHOOSE: "choose", Screen.GIFT: "choose"}
"""What is said beside the seconds, where it is not that the sum is kept."""


class Closing(Bar):
    """In the tools' place while seconds run out: how many, and the button that has them begin anew. Any other touch does so as well, and
    brings the tools back: a visitor who looks for help is there.
    """

    def __init__(self, parent: QWidget, setting: PageSetting) -> None:
        super().__init__(parent, setting)
        theme, words = setting.theme, setting.words
        self.told = Remark(self, theme, "" if theme.bigger else "hourglass", step=Type.NOTE)
        stay = words.text("closing.stay.short" if theme.bigger else "closing.stay")
        self.stay = Button(self, theme, stay, name="alive", step=Type.NOTE, look=Weight.OTHER)
        self.row.addWidget(self.told, 0 if theme.compact else 2)
        self.row.addWidget(self.stay, 0 if theme.compact else 1)

    def show_seconds(self, view: ViewState, seconds: int) -> None:
        theme, kept = self.setting.theme, CLOSES_AS.get(view.screen, "sum" if view.cents else "nothing")
        # large text has room for the seconds alone, and for what comes by itself; that a sum is kept stands on the page
        if theme.bigger and view.screen is Screen.CHOOSE:
            says = "choose.short" if theme.tight else "choose.large"
        else:
            says = "short" if theme.compact else "nothing" if theme.bigger else kept
        self.told.say(self.setting.words.text(f"closing.{says}", n=seconds))
        self.stay.setVisible(view.may_stay)


class Tools(Bar):
    """Not made where the top bar holds them (``theme.compact``)."""

    def __init__(self, parent: QWidget, setting: PageSetting) -> None:
        super().__init__(parent, setting)
        theme, words, manner = setting.theme, setting.words, setting.manner
        form = Arrangement.ROW if theme.landscape or theme.bigger else Arrangement.STACK
        if theme.bigger:
            self._put(self.add(words.text("tool.settings"), Wish.SETTINGS, name="settings", icon="a-large-small", form=form))
        else:
            for name, wish, icon, on in (
                ("bigger", Wish.BIGGER, "a-large-small", manner.bigger),
                ("contrast", Wish.CONTRAST, "contrast", manner.contrast),
                ("calm", Wish.CALM, "circle-pause", manner.calm),
            ):
                self._put(self.add(words.text(f"tool.{name}"), wish, name=name, icon=icon, form=form, on=on))
        self._put(self.add(words.text("tool.help"), Wish.HELP, name="help", icon="circle-question-mark", form=form))

    def _put(self, button: Button) -> None:
        # across, each gets what its words take of one line: a second one would be taken from the page
        self.row.addWidget(button, 0 if self.setting.theme.landscape else 1)
