"""The page on which a visitor picks whom to give to, where there are several: all names at once, nothing to scroll."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from config.vocabulary import Association
from kiosk.deposit.events import GiveTo, Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page

ROOMY = 5
"""So many names on an upright panel leave room for high buttons."""

IN_TWO_ROWS = 6
CARD_MM = 27.0
"""Least height of a name's card on a low panel, unless there are more."""


class Associations(Page):
    """Its buttons are made with the first view-state that names them; a kiosk's associations stay while it runs."""

    def build(self) -> None:
        self.question = Text(self, self.theme, Type.HEAD, align=self.align, shrink=True)
        self.names: tuple[Button, ...] = ()

    def show_view(self, view: ViewState) -> None:
        self.question.say(self.words.text("associations.title", sum=self.words.amount(view.cents)))
        if not self.names:
            self._fill(view.associations)

    def spare(self) -> tuple[QWidget, ...]:
        """Names and the way back are enough where large text leaves no room."""
        return (self.question,) if self.theme.compact or self.theme.narrow else ()

    def main(self) -> Button | None:
        return next(iter(self.names), None)

    def _fill(self, associations: tuple[Association, ...]) -> None:
        if self.theme.compact:
            self._in_two_columns(associations)
        elif self.theme.landscape:
            self._in_cards(associations)
        else:
            self._below_one_another(associations)
        for button in self.findChildren(Button):
            # what is made after its page counts as hidden until somebody shows it, and would need no room
            button.show()

    def _below_one_another(self, associations: tuple[Association, ...]) -> None:
        """An upright panel has room for nine rows, and long lines."""
        roomy = len(associations) <= ROOMY
        # letters whose lines are higher than a button (Arabic ones) would take the row of what is safe its place
        height, step = (self.theme.main, Type.LEAD) if roomy else (self.theme.target, Type.BODY)
        column = self.column()
        column.setSpacing(self.theme.gap if roomy else self.theme.mm(0.5 if self.theme.narrow else 2.2))
        column.addWidget(self.question)
        column.addStretch(1)
        for button in self._named(associations, height, step):
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._way_back())

    def _in_cards(self, associations: tuple[Association, ...]) -> None:
        """Cards as high as the page, in rows without a gap: the way back stands beside the question where the names fill theirs, else behind the last of them."""
        many = len(associations) > IN_TWO_ROWS
        across = 4 if many else 2 if len(associations) < 5 else 3
        column, head = self.column(), QHBoxLayout()
        grid = self._grid(self.theme.mm(1.0), across)
        column.setSpacing(self.theme.mm(1.0))
        column.addLayout(head)
        column.addLayout(grid, 1)
        head.addWidget(self.question, 2)
        height, step = (self.theme.target, Type.BODY) if many else (self.theme.mm(CARD_MM), Type.LEAD)
        if len(associations) % across:
            cells = (*self._named(associations, height, step), self._way_back())
        else:
            # made first, as it is read first
            head.addWidget(self._way_back(), 1)
            cells = self._named(associations, height, step)
        for at, button in enumerate(cells):
            grid.addWidget(button, at // across, at % across)
            grid.setRowStretch(at // across, 1)

    def _in_two_columns(self, associations: tuple[Association, ...]) -> None:
        """Large text on a low panel: long lines in one column while there is room for that, else two, and the way back behind the last name."""
        across = 1 if len(associations) < 4 else 2
        column = self.column()
        column.addWidget(self.question)
        grid = self._grid(self.theme.mm(1.0), across)
        column.addLayout(grid, 1)
        for at, button in enumerate((*self._named(associations, self.theme.target), self._way_back())):
            grid.addWidget(button, at // across, at % across)
            grid.setRowStretch(at // across, 1)

    def _grid(self, gap: int, across: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self.theme.gap)
        grid.setVerticalSpacing(gap)
        for column in range(across):
            grid.setColumnStretch(column, 1)
        return grid

    def _named(self, associations: tuple[Association, ...], height: int, step: Type = Type.LEAD) -> tuple[Button, ...]:
        self.names = tuple(self._name(association, height, step) for association in associations)
        return self.names

    def _name(self, association: Association, height: int, step: Type) -> Button:
        words = self.words.isolated(association.name_in(self.words.language))
        button = Button(self, self.theme, words, name=f"give_to.{association.id}", step=step, height=height)
        return self.touches(button, GiveTo(association.id))

    def _way_back(self) -> Button:
        return self.touches(Button(self, self.theme, self.words.text("back"), name="cancel_gift", icon="undo-2"), Touch.CANCEL_GIFT)
