"""The page that puts the kiosk to rest: a message for visitors, chosen from a few, and back."""

from config.clock import PARIS
from kiosk.console.events import RestAsked
from kiosk.console.roles import Deed
from kiosk.console.view import StaffView, WorkView
from kiosk.deposit.halts import RestMessage
from kiosk.screens.staff.guided import Choice, Guided, Scene
from kiosk.words.denials import tell_denial


class Rest(Guided):
    def show_view(self, view: StaffView) -> None:
        work, words = view.shows, self.words
        if not isinstance(work, WorkView):
            return
        failing = tell_denial(work.failing, words) if work.failing is not None else ""
        if work.rest is None:
            choices = [self._choice(message) for message in RestMessage]
            self.stand(Scene("awake", failing or words.text("staff.rest.which"), choices=choices))
            return
        since = work.rest.since.astimezone(PARIS)
        told = (
            words.text("staff.rest.since", day=words.day(since.date(), short=True), time=words.time_of_day(since), agent=work.rest.by),
            words.text("staff.rest.visitors_see"),
            words.text("out.rest"),
            words.text(f"out.rest.{work.rest.message}"),
        )
        wake = Choice("wake", words.text("staff.rest.wake"), RestAsked(None), main=True, icon="play", enabled=Deed.REST in work.deeds)
        others = [self._choice(message) for message in RestMessage if message is not work.rest.message]
        self.stand(Scene("resting", failing, told, (wake, *others)))

    def _choice(self, message: RestMessage) -> Choice:
        words = self.words
        # large text on a low panel has no room for it; the page tells it once the kiosk rests
        note = "" if self.theme.compact else words.text(f"out.rest.{message}")
        return Choice(f"rest.{message}", words.text(f"staff.rest.{message}"), RestAsked(message), note=note)
