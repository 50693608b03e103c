"""The page on which an agent changes their own PIN: the one before, the new one, the new one again. What is typed stands here and nowhere else."""

from kiosk.console.events import PinChangeAsked
from kiosk.console.pins import LONGEST, SHORTEST
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.staff.guided import DIGITS, Guided, Scene
from kiosk.words.denials import tell_denial

STEPS = ("before", "new", "again")


class OwnPin(Guided):
    def build(self) -> None:
        super().build()
        self._view: WorkView | None = None
        self._said: list[str] = []
        self._times = 0

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        if self._times != work.own.times:
            # asked for, denied or done: from the beginning
            self._times, self._said = work.own.times, []
            self.begin_anew()
        self._view = work
        self._stands(work)

    def _stands(self, work: WorkView) -> None:
        words = self.words
        step = STEPS[min(len(self._said), len(STEPS) - 1)]
        failing = tell_denial(work.failing, words) if work.failing is not None and not self._said else ""
        done = words.text("staff.pin.changed") if work.own.changed and not self._said else ""
        must = words.text("staff.pin.must") if work.own.must else ""
        rule = words.text("staff.pin.rule", least=SHORTEST, most=LONGEST)
        prompt = failing or done or words.text(f"staff.pin.{step}")
        back = None if not self._said else self._goes_one_back
        self.stand(
            Scene(f"pin.{step}", prompt, (must, rule) if must else (rule,), types=DIGITS, typed=self._typed_one, secret=True, back=back)
        )

    def _typed_one(self, typed: str) -> PinChangeAsked | None:
        if not typed:
            return None
        self._said.append(typed)
        if len(self._said) < len(STEPS):
            self.begin_anew()
            if self._view is not None:
                self._stands(self._view)
            return None
        before, new, again = self._said
        self._said = []
        return PinChangeAsked(before, new, again)

    def _goes_one_back(self) -> None:
        self._said = self._said[:-1]
        if self._view is not None:
            self._stands(self._view)
