"""The page on which the kiosk is made known to the city: the one-time code typed or scanned, and what the city said of it."""

from PySide6.QtCore import QTimer

from kiosk.console.enrolling.vocabulary import AtEnrolment, CodeTyped, CodeWanted, Enrolment, Known, LookedAgain
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.staff.guided import LETTERS, Choice, Guided, Scene
from kiosk.words.denials import tell_denial
from ledger.sync.typed import Came

LOOKS_AGAIN_MS = 1_000


class EnrolmentPage(Guided):
    def build(self) -> None:
        super().build()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_AGAIN_MS)
        self._timer.timeout.connect(lambda: self.asked.emit(LookedAgain()))

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        here = work.enrolling
        waits = here.seen is not None and here.seen.waits and not here.typing
        if waits != self._timer.isActive():
            self._timer.start() if waits else self._timer.stop()
        failing = tell_denial(work.failing, self.words) if work.failing is not None else ""
        if here.typing:
            self.stand(self._typing(here, failing))
        elif here.seen is None:
            self.stand(Scene("looking", failing or self.words.text("staff.looking")))
        else:
            self.stand(self._stands(here.seen, failing, bringing=here.bringing and not failing))

    def hideEvent(self, event: object) -> None:
        self._timer.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _stands(self, seen: Enrolment, failing: str, *, bringing: bool) -> Scene:
        text = self.words.text
        remark = failing or text(self._says(seen, bringing=bringing))
        told = [text("enrolment.kiosk", kiosk=seen.kiosk), text(f"enrolment.known.{seen.known}")]
        if seen.waits and seen.came not in {None, Came.ENROLLED, Came.WRONG}:
            told.append(text("enrolment.again"))
        # nothing is left to do for one that the city knows
        asks = not seen.waits and seen.known is not Known.YES
        choice = Choice("type", text("enrolment.type"), CodeWanted(wanted=True), main=asks, icon="globe", enabled=not bringing)
        return Scene("stands", remark, told, (choice,))

    def _says(self, seen: Enrolment, *, bringing: bool) -> str:
        if bringing or (seen.waits and seen.came in {None, Came.ENROLLED, Came.WRONG}):
            return "enrolment.waits"
        return "enrolment.intro" if seen.came is None else f"enrolment.came.{seen.came}"

    def _typing(self, here: AtEnrolment, failing: str) -> Scene:
        text = self.words.text
        remark = failing or text("enrolment.unfit" if here.unfit else "enrolment.code_q")
        return Scene("code", remark, types=LETTERS, typed=CodeTyped, field=text("enrolment.field"), back=CodeWanted(wanted=False))
