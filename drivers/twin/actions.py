"""What people do at the twin and what breaks in it, as values. Their lines are read in ``scenario.py``.

Who carries them out: ``people.py`` what hands do, ``breaking.py`` all the rest.
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.twin.camera import Held, Spoil


class Stage(StrEnum):
    """What the next item must reach for the controller to be cut: its gate half shut, out of the chamber, in the beam, flap locked behind it."""

    GATE = "gate"
    FALL = "fall"
    BEAM = "beam"
    LOCK = "lock"


class CatchPoint(StrEnum):
    """Where an item that left the chamber may get caught: half way, in the flap's way and above the beam; or in the beam."""

    HALF = "half"
    BEAM = "beam"


class DriveName(StrEnum):
    GATE = "gate"
    FLAP = "flap"
    SORTER = "sorter"


class DriveFault(StrEnum):
    """``BLOCKED``: stands and draws too much. ``DEAD``: stands and draws nothing."""

    RIGHT = "right"
    BLOCKED = "blocked"
    DEAD = "dead"


class SensorFault(StrEnum):
    RIGHT = "right"
    ON = "on"
    OFF = "off"
    FLICKER = "flicker"


class BadAnswer(StrEnum):
    """What a bad line does, as told in ``scenario.py``."""

    LOSE = "lose"
    DOUBLE = "double"
    MUTE = "mute"
    LATE = "late"
    GARBLE = "garble"
    DROP = "drop"
    TWICE = "twice"
    SHORT = "short"


class Roll(StrEnum):
    """The ticket printer's paper."""

    ENOUGH = "enough"
    LOW = "low"
    OUT = "out"


class Manner(StrEnum):
    """How it answers."""

    RIGHT = "right"
    SILENT = "silent"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class Put:
    """``weight_g``: this one's, where it is not its kind's. ``beside``: another item in the same hand, put in at once.

    ``scenario``: a file's, so that a restart knows who was here.
    """

    item: str
    roll_deg: float | None = None
    weight_g: int | None = None
    scenario: bool = False
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    time_ms: int


@dataclass(frozen=True, slots=True)
class Wait:
    time_ms: int


@dataclass(frozen=True, slots=True)
class Pull:
    pass


@dataclass(frozen=True, slots=True)
class Hand:
    time_ms: int


@dataclass(frozen=True, slots=True)
class Leave:
    times: int


@dataclass(frozen=True, slots=True)
class Door:
    is_open: bool


@dataclass(frozen=True, slots=True)
class Remove:
    pass


@dataclass(frozen=True, slots=True)
class Drop:
    pass


@dataclass(frozen=True, slots=True)
class Jam:
    """``sorts`` counts the flap's openings under an item; the controller opens it up to three times in one Sort."""

    sorts: int


@dataclass(frozen=True, slots=True)
class Catch:
    """``time_ms`` None: until somebody removes it, or the flap opens again."""

    place: CatchPoint
    time_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Fish:
    """``place`` is how deep the item is let down on its line."""

    place: CatchPoint


@dataclass(frozen=True, slots=True)
class Break:
    drive: DriveName
    fault: DriveFault


@dataclass(frozen=True, slots=True)
class Slow:
    """The whole travel then takes ``time_ms``."""

    drive: DriveName
    time_ms: int


@dataclass(frozen=True, slots=True)
class Force:
    """Gate or flap, held open by force."""

    drive: DriveName
    time_ms: int


@dataclass(frozen=True, slots=True)
class Blockage:
    times: int


@dataclass(frozen=True, slots=True)
class Spoilt:
    """``period_ms`` is of ``SensorFault.FLICKER`` alone."""

    sensor: str
    fault: SensorFault
    period_ms: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    weight_g: int


@dataclass(frozen=True, slots=True)
class Fill:
    bin: int
    percent: int


@dataclass(frozen=True, slots=True)
class Supply:
    """``time_ms`` None: until the next."""

    supply_mv: int
    time_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    name: str


@dataclass(frozen=True, slots=True)
class Time:
    """One time of the mechanics, by its name."""

    name: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class Reset:
    """``at`` None: at once. Dark for ``time_ms``."""

    time_ms: int
    at: Stage | None = None


@dataclass(frozen=True, slots=True)
class LineFault:
    """``late_ms`` is of ``BadAnswer.LATE`` alone."""

    fault: BadAnswer
    frames: int
    late_ms: int = 0


@dataclass(frozen=True, slots=True)
class LineRate:
    """The fault meets ``permille`` of all frames from now on; 0 ends it."""

    fault: BadAnswer
    permille: int
    late_ms: int = 0


@dataclass(frozen=True, slots=True)
class Noise:
    """Of all bytes, both ways, ``permille`` lose a bit's value, vanish, or come twice."""

    permille: int


@dataclass(frozen=True, slots=True)
class LineRight:
    pass


@dataclass(frozen=True, slots=True)
class Camera:
    spoil: Spoil


@dataclass(frozen=True, slots=True)
class HoldSheet:
    """Somebody holds what was printed last under the camera, or takes it away."""

    held: Held


@dataclass(frozen=True, slots=True)
class Reel:
    """``after`` rows more have been printed, or at once."""

    roll: Roll
    after: int = 0


@dataclass(frozen=True, slots=True)
class Cover:
    """``after`` rows more have been printed, or at once."""

    is_open: bool
    after: int = 0


@dataclass(frozen=True, slots=True)
class Plug:
    """``after`` rows more have been printed, or at once."""

    is_in: bool
    after: int = 0


@dataclass(frozen=True, slots=True)
class Answering:
    manner: Manner


Deed = Pull | Hand | Leave | Door | Remove | Drop | Fish
"""What hands do at once, whatever the gate does."""

OfDrive = Break | Slow | Force | Blockage
PrinterDeed = Reel | Cover | Plug | Answering
LineTrouble = LineFault | LineRate | Noise | LineRight
Mischief = Jam | Catch | OfDrive | Spoilt | Drift | Fill | Supply | Profile | Time | Reset | LineTrouble | Camera | PrinterDeed | HoldSheet
Action = Put | Reach | Wait | Deed | Mischief
