"""The page after a voucher or a gift: thanks and goodbye, for some seconds."""

from kiosk.deposit.view import ViewState
from kiosk.screens.parts.sign import Ground, Sign
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page


class Thanks(Page):
    def build(self) -> None:
        self.sign = Sign(self, self.theme, "check", Ground.GOOD)
        self.thanks = Text(self, self.theme, Type.HEAD, align=self.align, shrink=True)
        self.whom = Text(self, self.theme, Type.HEAD, align=self.align, shrink=True)
        bye = Text(self, self.theme, Type.TITLE, self.words.text("bye"), align=self.align, shrink=True)
        self.ends = Text(self, self.theme, Type.BODY, align=self.align, colour=self.theme.palette.soft)
        self.picture_and_words(self.sign, self.thanks, self.whom, bye, self.ends)

    def show_view(self, view: ViewState) -> None:
        given, whom = view.gift is not None, view.association
        self.whom.say("" if whom is None else self.words.text("gift.to", name=whom.name_in(self.words.language)))
        self.sign.show_sign("heart" if given else "check", Ground.GIVE if given else Ground.GOOD)
        self.thanks.say("" if view.gift is None else self.words.text("gift.thanks", sum=self.words.amount(view.gift)))
        self.show_seconds(round(view.ends_in_s or 0))

    def show_seconds(self, seconds: int) -> bool:
        """Not where large text leaves no room for it: there the window counts."""
        self.ends.say("" if self.theme.compact else self.words.plural("idle.ends", seconds))
        return not self.theme.compact
