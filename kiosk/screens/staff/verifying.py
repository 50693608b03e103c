"""The page that verifies a ledger: which generation, how far it is, and a result in plain words with what a check cannot see."""

from collections.abc import Iterator
from pathlib import Path

from kiosk.console.events import VerifyAsked, VerifyStopAsked
from kiosk.console.told import AtVerify
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.staff.guided import Choice, Guided, Scene
from kiosk.words.denials import tell_denial
from kiosk.words.reports import tell_finding

ARCHIVES = 4
"""The newest of the earlier generations, as buttons; older ones by ``consigne ledger verify --ledger``."""

FINDINGS, FINDINGS_ACROSS = 6, 3
"""Of them so many in words, and where height is short; the first tells most, as what follows often comes of it."""


class Verify(Guided):
    def show_view(self, view: StaffView) -> None:
        work, words = view.shows, self.words
        if not isinstance(work, WorkView):
            return
        here = work.verifying
        failing = tell_denial(work.failing, words) if work.failing is not None else ""
        if here.run is not None:
            told = words.text("staff.verify.begins")
            if here.row is not None:
                told = words.plural("staff.verify.row", here.row, percent=100 * here.row // max(1, here.last))
            end = Choice("stop", words.text("staff.verify.stop"), VerifyStopAsked(), icon="x")
            self.stand(Scene("running", words.text("staff.verify.running", name=self._name(here.archive)), (told,), (end,)))
        elif here.result is not None:
            sound = not here.result.findings
            said = words.text("staff.verify.sound" if sound else "staff.verify.wrong", name=self._name(here.archive))
            again = Choice("again", words.text("staff.verify.another"), VerifyStopAsked())
            self.stand(Scene("result", said, tuple(self._result(here)), (again,)))
        else:
            names = (None, *here.archives[:ARCHIVES])
            choices = [Choice(f"verify.{place}", self._name(name), VerifyAsked(name)) for place, name in enumerate(names)]
            self.stand(Scene("choose", failing or words.text("staff.verify.which"), (words.text("staff.verify.what"),), choices))

    def _name(self, archive: str | None) -> str:
        words = self.words
        return (
            words.text("staff.verify.current")
            if archive is None
            else words.text("staff.verify.archive", row=Path(archive).stem.split("-")[1])
        )

    def _result(self, here: AtVerify) -> Iterator[str]:
        words, result = self.words, here.result
        if result is None:
            return
        yield words.plural("staff.verify.rows", result.newest.row, hash=result.newest.hash[:16])
        shown = FINDINGS_ACROSS if self.theme.landscape else FINDINGS
        for finding in result.findings[:shown]:
            yield tell_finding(finding, words)
        if len(result.findings) > shown:
            yield words.plural("staff.verify.more", len(result.findings) - shown)
        if result.answers.asked:
            witnesses = ", ".join(words.text(f"ledger.witness.{witness}") for witness in result.answers.asked)
            yield words.text("ledger.asked", witnesses=witnesses)
        else:
            yield words.text("staff.verify.nobody_asked")
        if result.answers.unread is not None:
            yield words.text("staff.verify.mark_unread")
        yield words.text("staff.verify.blind")
