"""The page on which a technician sets scale and bins right: what it was set to last, what to do, old and new beside each other, and whether it is to be so."""

from config.clock import PARIS
from kiosk.console.calibrating.events import BinIsEmpty, CalibrationAsked, CalibrationHands, CalibrationLeft, CalibrationSure
from kiosk.console.calibrating.told import AtCalibration, SetRight, Stage, What
from kiosk.console.technician.events import GlassGiven
from kiosk.console.view import MachineView, StaffView, WorkView
from kiosk.screens.staff.guided import Choice, Guided, Scene
from kiosk.words.calibrations import tell_change, tell_wrong
from kiosk.words.denials import tell_denial
from kiosk.words.loans import tell_hindrance


class Calibration(Guided):
    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if isinstance(work, WorkView):
            failing = tell_denial(work.failing, self.words) if work.failing is not None else ""
            self.stand(self._scene_of(work.calibrating, view.machine, failing))

    def _scene_of(self, here: AtCalibration, machine: MachineView, failing: str) -> Scene:
        text = self.words.text
        match here.stage:
            case Stage.SURE if here.what is not None:
                sure = Choice("empty", text("calibration.is_empty"), BinIsEmpty(), main=True, icon="check", enabled=_ready(machine))
                return Scene("sure", failing or text(f"calibration.sure.{here.what}"), (), (sure,), back=CalibrationLeft())
            case Stage.ASKED:
                return Scene("asked", failing or text("selftest.begins"))
            case Stage.MEASURING:
                return self._measuring(here, failing)
            case Stage.PROPOSED | Stage.WRITING if here.what is not None and here.old is not None and here.new is not None:
                told = tuple(tell_change(here.what, here.old, here.new, self.words))
                writing = here.stage is Stage.WRITING
                words = text("moment" if writing else "calibration.set")
                choices = (
                    Choice("set", words, CalibrationSure(sure=True), main=True, icon="check", enabled=not writing),
                    Choice("keep_old", text("calibration.keep_old"), CalibrationSure(sure=False), icon="undo-2", enabled=not writing),
                )
                return Scene("proposed", failing or text("calibration.proposed"), told, choices)
            case Stage.OVER:
                return self._over(here, failing)
            case _ if machine.visit is not None:
                number = machine.visit.rpartition("/")[2]
                give = Choice("give", text("selftest.give_glass"), GlassGiven(), main=True, icon="undo-2")
                return Scene("visit", text("selftest.visit", number=number), (text("selftest.visit_how"),), (give,))
            case Stage.LOOKING:
                return Scene("looking", failing)
            case _:
                return self._listed(here, machine, failing)

    def _listed(self, here: AtCalibration, machine: MachineView, failing: str) -> Scene:
        text = self.words.text
        if machine.seen.door_open:
            remark = text("calibration.wrong.door")
        elif here.why is not None:
            remark = tell_hindrance(here.why, self.words)
        else:
            remark = text("calibration.intro" if machine.parked else "selftest.parking")
        choices = [
            Choice(
                *(f"calibrate.{what}", text(f"calibration.what.{what}"), CalibrationAsked(what)),
                note=self._when(here.last(what)),
                icon="sliders-horizontal",
                enabled=_ready(machine),
            )
            for what in What
        ]
        return Scene("list", failing or remark, choices=choices)

    def _measuring(self, here: AtCalibration, failing: str) -> Scene:
        text = self.words.text
        stop = Choice("stop", text("calibration.stop"), CalibrationLeft(), icon="x")
        if here.chore is None:
            return Scene("measuring", failing or text("calibration.measuring"), (text("calibration.hands_off"),), (stop,))
        ready = Choice("ready", text("selftest.ready"), CalibrationHands(), main=True, icon="check")
        asked = text(f"selftest.chore.{here.chore}", weight_g=here.weight_g)
        return Scene(f"chore.{here.chore}", failing or asked, (), (ready, stop))

    def _over(self, here: AtCalibration, failing: str) -> Scene:
        text = self.words.text
        again = () if here.what is None or here.done is not None else (self._again(here.what),)
        if here.done is not None:
            remark, told = text("calibration.done"), tuple(tell_change(here.done.what, here.done.old, here.done.new, self.words))
        elif here.wrong is not None:
            remark, told = tell_wrong(here.wrong, self.words), (text("calibration.as_before"),)
        else:
            remark, told = text("calibration.as_before"), ()
        return Scene("over", failing or remark, told, again, back=CalibrationLeft())

    def _again(self, what: What) -> Choice:
        return Choice("again", self.words.text("selftest.again"), CalibrationAsked(what), main=True, icon="undo-2")

    def _when(self, last: SetRight | None) -> str:
        if last is None:
            return self.words.text("calibration.never")
        at = last.at.astimezone(PARIS)
        return self.words.text("calibration.last", day=self.words.day(at.date(), short=True), agent=last.by)


def _ready(machine: MachineView) -> bool:
    """Line and camera can be lent, and something may move."""
    return machine.parked and not machine.seen.door_open
