"""What a step of the self-test came to: figures with their limits, the part that a failure names, and why. Codes and values only.

Nothing is measured here, and the words for people are in ``kiosk/words``: ``selftest.step.NAME``, ``selftest.part.PART``, and so on.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    SKIPPED = "skipped"


class Group(StrEnum):
    LINK = "link"
    MACHINE = "machine"
    SENSORS = "sensors"
    SCALE = "scale"
    BINS = "bins"
    ACTUATORS = "actuators"
    CAMERA = "camera"
    SCREEN = "screen"
    AROUND = "around"


class Part(StrEnum):
    """What a failure names. Each has its words, its likely causes, and what to check first."""

    CABLE = "cable"
    ADAPTER = "adapter"
    CONTROLLER = "controller"
    PROGRAM = "program"
    MEMORY = "memory"
    WATCHDOG = "watchdog"
    SUPPLY = "supply"
    COOLING = "cooling"
    DOOR_SWITCH = "door_switch"
    GATE_SHUT_SWITCH = "gate_shut_switch"
    GATE_OPEN_SWITCH = "gate_open_switch"
    FLAP_SWITCH = "flap_switch"
    ENTRY_BEAM = "entry_beam"
    DROP_BEAM = "drop_beam"
    CHAMBER_SENSOR = "chamber_sensor"
    METAL_SENSOR = "metal_sensor"
    SCALE = "scale"
    GATE = "gate"
    GATE_FORCE = "gate_force"
    FLAP = "flap"
    SORTER = "sorter"
    BIN_1 = "bin_1"
    BIN_2 = "bin_2"
    BIN_SENSOR_1 = "bin_sensor_1"
    BIN_SENSOR_2 = "bin_sensor_2"
    CAMERA = "camera"
    LIGHT = "light"
    LENS = "lens"
    LAMP = "lamp"
    CODE = "code"
    CLOCK = "clock"
    DISK = "disk"
    FOLDER = "folder"
    LEDGER = "ledger"
    TOUCH = "touch"
    DISPLAY = "display"
    KEYPAD = "keypad"
    SPEAKER = "speaker"
    SCANNER = "scanner"
    PRINTER = "printer"
    NETWORK = "network"


class StepReason(StrEnum):
    """Why a step failed or was skipped. The second half are reasons to skip."""

    NO_PORT = "no_port"
    SILENT = "silent"
    LINK_LOST = "link_lost"
    NOISY = "noisy"
    ECHO_ALONE = "echo_alone"
    OTHER_UNIT = "other_unit"
    GARBLED = "garbled"
    SPOILED = "spoiled"
    OTHER_ANSWER = "other_answer"
    NEVER_SILENT = "never_silent"
    SLOW_ANSWERS = "slow_answers"
    OTHER_TABLE = "other_table"
    OTHER_CONTROLLER = "other_controller"
    BEAT_UNHEARD = "beat_unheard"
    NOT_WATCHED = "not_watched"
    MEMORY_FAILS = "memory_fails"
    COUNTS_DIFFER = "counts_differ"
    TOTALISER_FELL = "totaliser_fell"
    FAULT_STANDS = "fault_stands"
    NOT_AT_REST = "not_at_rest"
    VOLTAGE = "voltage"
    TEMPERATURE = "temperature"
    STUCK_ON = "stuck_on"
    STUCK_OFF = "stuck_off"
    SOMETHING_IN = "something_in"
    BLOCKED = "blocked"
    LATE = "late"
    NO_CURRENT = "no_current"
    MUCH_CURRENT = "much_current"
    NOT_SEEN_TO_ARRIVE = "not_seen_to_arrive"
    SEEN_TOO_SOON = "seen_too_soon"
    IN_THE_WAY = "in_the_way"
    NOT_STOPPED = "not_stopped"
    FORCE = "force"
    STAYS_BLOCKED = "stays_blocked"
    ZERO_OFF = "zero_off"
    WEIGHT_OFF = "weight_off"
    UNSTEADY = "unsteady"
    NOTHING_FELL = "nothing_fell"
    NOT_COUNTED = "not_counted"
    COUNTED_OTHERWISE = "counted_otherwise"
    BIN_FULL = "bin_full"
    LEVEL_OFF = "level_off"
    CAMERA_ABSENT = "camera_absent"
    NO_PICTURE = "no_picture"
    FEW_PICTURES = "few_pictures"
    FROZEN = "frozen"
    SETTING_NOT_TAKEN = "setting_not_taken"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    LAMP_WITHOUT_EFFECT = "lamp_without_effect"
    NO_CODE = "no_code"
    NOT_TRUSTED = "not_trusted"
    CLOCK_BEHIND = "clock_behind"
    LITTLE_SPACE = "little_space"
    SLOW_WRITE = "slow_write"
    NO_FOLDER = "no_folder"
    WRITE_FAILED = "write_failed"
    FINDINGS = "findings"
    UNREADABLE = "unreadable"
    NOT_TOUCHED = "not_touched"
    OFF_TARGET = "off_target"
    KEY_DEAD = "key_dead"
    SEEN_WRONG = "seen_wrong"
    NOT_PLAYED = "not_played"
    NOT_HEARD = "not_heard"
    NOT_SCANNED = "not_scanned"
    OTHER_CODE = "other_code"
    NOT_PRINTED = "not_printed"
    NOT_READ_BACK = "not_read_back"
    OUT_OF_SIGHT = "out_of_sight"
    SYNC_UNREAD = "sync_unread"
    NOT_SYNCED = "not_synced"
    SYNC_SILENT = "sync_silent"

    NO_LINK = "no_link"
    WRONG_PROGRAM = "wrong_program"
    NEEDS = "needs"
    DOOR_OPEN = "door_open"
    OPEN_BOTTLE = "open_bottle"
    LEDGER_UNREADABLE = "ledger_unreadable"
    NOT_CLEARED = "not_cleared"
    REFUSED = "refused"
    NO_LEDGER = "no_ledger"
    NO_SYNC = "no_sync"
    NOT_FITTED = "not_fitted"
    PERSON = "person"
    NOBODY = "nobody"


class Figure(StrEnum):
    """What a figure is of."""

    ANSWERS = "answers"
    ECHO = "echo"
    LOST = "lost"
    ANSWER_TIME = "answer_time"
    TABLE = "table"
    PROGRAM = "program"
    CONTROLLER = "controller"
    NOTICED = "noticed"
    FAULT = "fault"
    DIFFERENCE = "difference"
    ABOVE_LEDGER = "above_ledger"
    SUPPLY = "supply"
    TEMPERATURE = "temperature"
    SIGNAL = "signal"
    HEARD = "heard"
    STEADY = "steady"
    SAME = "same"
    OCCUPIED = "occupied"
    OUT_TIME = "out_time"
    OUT_CURRENT = "out_current"
    BACK_TIME = "back_time"
    BACK_CURRENT = "back_current"
    STOP_CURRENT = "stop_current"
    CURRENT = "current"
    WEIGHT = "weight"
    DISTANCE = "distance"
    LEVEL = "level"
    COUNTED = "counted"
    AS_TEST = "as_test"
    PICTURES = "pictures"
    CHANGE = "change"
    SETTINGS = "settings"
    BRIGHTNESS = "brightness"
    SATURATED = "saturated"
    BLUR = "blur"
    LIT = "lit"
    LOOKS = "looks"
    CODE = "code"
    TRUSTED = "trusted"
    SINCE_LAST_ENTRY = "since_last_entry"
    FREE = "free"
    WRITE_TIME = "write_time"
    FINDINGS = "findings"
    TOUCHES = "touches"
    OFF = "off"
    KEYS = "keys"
    SEEN_GOOD = "seen_good"
    HEARD_GOOD = "heard_good"
    SHEETS = "sheets"
    PLACES = "places"
    SYNCED = "synced"
    SINCE_SYNC = "since_sync"


class Unit(StrEnum):
    """``SWITCH``: what a sensor says, 0 or 1; ``YES``: whether something is so. ``GREY``: levels of 0 to 255. ``NONE``: a number of things."""

    NONE = "none"
    SWITCH = "switch"
    YES = "yes"
    MS = "ms"
    S = "s"
    MM = "mm"
    G = "g"
    MA = "ma"
    MV = "mv"
    CELSIUS = "celsius"
    PERCENT = "percent"
    GREY = "grey"
    PX = "px"
    MB = "mb"


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and its limits, both ends allowed; None: no limit on that side."""

    what: Figure
    value: float
    unit: Unit
    low: float | None
    high: float | None

    @property
    def is_below(self) -> bool:
        return self.low is not None and self.value < self.low

    @property
    def fits(self) -> bool:
        return not self.is_below and (self.high is None or self.value <= self.high)


@dataclass(frozen=True, slots=True)
class Stated:
    """Something that is no number; ``expected`` None: anything is right."""

    what: Figure
    value: str
    expected: str | None = None

    @property
    def is_below(self) -> bool:
        return False

    @property
    def fits(self) -> bool:
        return self.expected is None or self.value == self.expected


@dataclass(frozen=True, slots=True)
class Blame:
    """The part that a figure outside its limits names, and what was seen."""

    part: Part
    reason: StepReason


@dataclass(frozen=True, slots=True)
class Check:
    """One figure, and whose fault it is outside its limits; ``below`` where that is another's under the lower one."""

    figure: Measured | Stated
    blame: Blame
    below: Blame | None = None

    @property
    def found(self) -> Blame | None:
        """Whose fault it is; None if it is within its limits."""
        if self.figure.fits:
            return None
        return self.below if self.below is not None and self.figure.is_below else self.blame


@dataclass(frozen=True, slots=True)
class Result:
    """``decisive`` is the figure that failed, else the first. ``part`` is set exactly on a failure, ``reason`` unless passed.

    ``detail`` holds what the reason speaks of: a person's own words, a step that did not pass, what the system said.
    """

    name: str
    outcome: Outcome
    figures: tuple[Measured | Stated, ...] = ()
    decisive: Measured | Stated | None = None
    part: Part | None = None
    reason: StepReason | None = None
    detail: str = ""


def judged(name: str, *checks: Check, detail: str = "") -> Result:
    """The first figure outside its limits decides; else the step has passed. ``detail`` is of a failure."""
    figures = tuple(check.figure for check in checks)
    for check in checks:
        blame = check.found
        if blame is not None:
            return Result(name, Outcome.FAIL, figures, check.figure, blame.part, blame.reason, detail)
    return Result(name, Outcome.PASS, figures, figures[0] if figures else None)


def failed(name: str, blame: Blame, detail: str = "", figures: tuple[Measured | Stated, ...] = ()) -> Result:
    """A failure without a figure outside its limits."""
    return Result(name, Outcome.FAIL, figures, figures[0] if figures else None, blame.part, blame.reason, detail)


def skipped(name: str, reason: StepReason, detail: str = "") -> Result:
    return Result(name, Outcome.SKIPPED, reason=reason, detail=detail)


def exactly(what: Figure, value: float, wanted: float, unit: Unit = Unit.SWITCH) -> Measured:
    return Measured(what, value, unit, wanted, wanted)
