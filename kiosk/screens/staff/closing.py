"""The page of the ledger's days: the last closures, what is not closed yet, what the kiosk will do by itself and when; and closing now."""

from collections.abc import Iterator

from config.clock import PARIS
from kiosk.console.events import CloseAsked
from kiosk.console.roles import Deed
from kiosk.console.told import AtClosures, ClosedDay, OpenDay
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.staff.guided import Choice, Guided, Scene
from kiosk.words.denials import tell_denial

SHOWN, SHOWN_ACROSS = 7, 3
"""Days that are not closed yet, the oldest, and where height is short; the page says how many there are."""


class Closures(Guided):
    def show_view(self, view: StaffView) -> None:
        work, words = view.shows, self.words
        if not isinstance(work, WorkView):
            return
        here = work.closures
        failing = tell_denial(work.failing, words) if work.failing is not None else ""
        if here.look is None:
            self.stand(Scene("looking", failing or words.text("staff.looking")))
            return
        due = [day for day in here.look.open if day.ended]
        choices: tuple[Choice, ...] = ()
        if Deed.CLOSE in work.deeds and (due or here.writing):
            name = words.text("moment") if here.writing else words.plural("staff.closures.close", len(due))
            may_now = here.look.trusted and not here.writing
            choices = (Choice("close", name, CloseAsked(), main=True, icon="check", enabled=may_now),)
        self.stand(Scene("closures", failing or self._done(here), tuple(self._told(here)), choices))

    def _done(self, here: AtClosures) -> str:
        words = self.words
        if here.closed is None:
            return "" if here.look is None or here.look.trusted else words.text("staff.closures.untrusted")
        if not here.closed:
            return words.text("staff.closures.none_due")
        days = ", ".join(words.day(day, short=True) for day in here.closed)
        return words.plural("staff.closures.done", len(here.closed), days=days)

    def _told(self, here: AtClosures) -> Iterator[str]:
        words, look = self.words, here.look
        if look is None:
            return
        yield words.text("staff.closures.by_itself")
        if not look.closed:
            yield words.text("staff.closures.never")
        for closed in look.closed:
            yield self._closed(closed)
        yield words.plural("staff.closures.open", len(look.open))
        for day in look.open[: SHOWN_ACROSS if self.theme.landscape else SHOWN]:
            yield self._open(day)

    def _closed(self, closed: ClosedDay) -> str:
        words, at = self.words, closed.at.astimezone(PARIS)
        who = words.text("staff.closures.itself") if closed.agent is None else words.text("staff.closures.agent", agent=closed.agent)
        return words.plural(
            "staff.closures.closed",
            closed.bottles,
            number=closed.n,
            day=words.day(closed.day, short=True),
            sum=words.amount(closed.cents),
            on=words.day(at.date(), short=True),
            time=words.time_of_day(at),
            who=who,
        )

    def _open(self, day: OpenDay) -> str:
        words = self.words
        key = "staff.closures.ended" if day.ended else "staff.closures.today"
        return words.plural(key, day.bottles, day=words.day(day.day, short=True), first=day.first, last=day.last)
