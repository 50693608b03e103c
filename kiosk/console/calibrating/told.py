"""What is set right, how far it is, and what was set before, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from drivers.intake.bus import Calibration
from kiosk.console.calibrating.wrong import Wrong
from kiosk.deposit.loans import Hindrance
from kiosk.selftest.hands import Chore


class What(StrEnum):
    SCALE = "scale"
    BIN_1 = "bin_1"
    BIN_2 = "bin_2"
    CAMERA = "camera"
    WIDTH = "width"
    """How wide the camera's picture is, by a printed target."""


class Stage(StrEnum):
    """``LOOKING``: what was set before is being read. ``SURE``: whether a bin is empty is being asked. ``ASKED``: the line was asked for. ``PROPOSED``: old and new stand
    on the glass, and nothing is set before somebody says so."""

    LOOKING = "looking"
    LISTED = "listed"
    SURE = "sure"
    ASKED = "asked"
    MEASURING = "measuring"
    PROPOSED = "proposed"
    WRITING = "writing"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Framed:
    """How the camera looks at the empty chamber: where, against the picture that was taken before, in millimetres of the chamber or, without ``picture_mm``, in pixels of 1280; and how wide the picture is.

    ``taken``: there was such a picture.
    """

    taken: bool
    right: float = 0.0
    down: float = 0.0
    picture_mm: float | None = None


Setting = Calibration | Framed


@dataclass(frozen=True, slots=True)
class SetRight:
    """One calibration that was kept: what controller or camera were set to before and after, when, and by which agent."""

    what: What
    old: Setting
    new: Setting
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AtCalibration:
    """``history``: the newest of each, the newest first. ``chore``: what hands are asked for, with a weight of so many grams. ``wrong``: why nothing was set;
    ``why``: why the line was not lent. ``done``: what was set just now."""

    stage: Stage = Stage.LOOKING
    history: tuple[SetRight, ...] = ()
    what: What | None = None
    chore: Chore | None = None
    weight_g: int = 0
    old: Setting | None = None
    new: Setting | None = None
    wrong: Wrong | None = None
    why: Hindrance | None = None
    done: SetRight | None = None

    @property
    def running(self) -> bool:
        """Whether line and camera are the tool's, or were asked for."""
        return self.stage in (Stage.ASKED, Stage.MEASURING, Stage.PROPOSED, Stage.WRITING)

    def last(self, what: What) -> SetRight | None:
        return next((one for one in self.history if one.what is what), None)


NO_CALIBRATION = AtCalibration()
