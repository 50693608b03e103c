"""Why nothing was set right, each with what was measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why nothing was set; each subclass is one. Words are made in ``kiosk/words``."""


@dataclass(frozen=True, slots=True)
class NotStill(Wrong):
    """The scale did not come to rest."""


@dataclass(frozen=True, slots=True)
class SomethingOnScale(Wrong):
    felt_g: int


@dataclass(frozen=True, slots=True)
class NothingOnScale(Wrong):
    """No weight was felt."""


@dataclass(frozen=True, slots=True)
class WrongWeight(Wrong):
    """What was felt is not what the test weight can be on this scale."""

    shown_g: int
    wanted_g: int


@dataclass(frozen=True, slots=True)
class BinOutOfReach(Wrong):
    mm: int
    least_mm: int
    most_mm: int


@dataclass(frozen=True, slots=True)
class BinNotStill(Wrong):
    """The sensor sees now this, now that."""

    spread_mm: int


@dataclass(frozen=True, slots=True)
class BinNotEmpty(Wrong):
    mm: int
    before_mm: int


@dataclass(frozen=True, slots=True)
class CameraFailed(Wrong):
    """No picture comes."""


@dataclass(frozen=True, slots=True)
class ChamberNotStill(Wrong):
    """From one picture to the next the empty chamber is not the same."""


@dataclass(frozen=True, slots=True)
class NoChamber(Wrong):
    """There is no picture of the empty chamber that a width could be kept with."""


@dataclass(frozen=True, slots=True)
class TargetUnseen(Wrong):
    """The printed target's code was not read."""


@dataclass(frozen=True, slots=True)
class TargetTilted(Wrong):
    """It does not lie flat and at one height: its sides differ by so many per cent, or from picture to picture."""

    percent: int


@dataclass(frozen=True, slots=True)
class NotKept(Wrong):
    """The disk did not take the picture."""


@dataclass(frozen=True, slots=True)
class DoorStandsOpen(Wrong):
    """Nothing moves behind an open service door."""


@dataclass(frozen=True, slots=True)
class NoHands(Wrong):
    """Nobody did what was asked for, or it was stopped."""


@dataclass(frozen=True, slots=True)
class ControllerFailed(Wrong):
    """The controller does not answer, refused, or did not keep what it was told."""
