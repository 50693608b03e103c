"""The page of all that has no button beside every page."""

from kiosk.console.events import DeedAsked
from kiosk.console.roles import ALWAYS, PLACES
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.staff.guided import Choice, Guided, Scene
from kiosk.words.denials import tell_denial


class More(Guided):
    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        others = [deed for deed in PLACES if deed in work.deeds and deed not in ALWAYS]
        choices = [Choice(f"deed.{deed}", self.words.text(f"staff.deed.{deed}"), DeedAsked(deed)) for deed in others]
        self.stand(Scene("more", tell_denial(work.failing, self.words) if work.failing is not None else "", choices=choices))
