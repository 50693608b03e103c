"""A machine on the bench: a twin whose parts are broken and mended by its people, and the table of what each part broken must be named as."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from config.settings import Settings
from config.system import AssumedClock
from drivers.intake.bus import ControllerFault, HotBlock, NoAnswer, ServiceLine, same_line
from drivers.intake.modbus import ModbusBus
from kiosk.selftest.hands import TwinHands
from kiosk.selftest.results import Part, Result, StepReason
from kiosk.selftest.rig import build
from kiosk.selftest.run import PLAN, Report, chosen, run
from kiosk.selftest.steps import Step
from timing import wait_until
from worlds.installation import Installation

SLOW = tuple(f"mechanics {name} 200" for name in ("gate_open_ms", "gate_shut_ms", "sorter_turn_ms", "flap_open_ms", "flap_shut_ms"))
"""On a busy machine the twin may stand still for longer than its liveliest motion lasts."""


RIGHT = (
    "line right",
    "camera right",
    "supply 12000",
    "scale drift 0",
    "bin 1 0",
    "bin 2 0",
    *(f"{drive} right" for drive in ("gate", "flap", "sorter")),
    *(f"sensor {sensor} right" for sensor in ("occupied", "metal", "gate_shut", "gate_open", "entry_beam", "drop_beam", "flap_locked")),
    "sensor door_open right",
    "door open",
    "remove",
)
"""All that tests break here, mended; at the end somebody stands at the open door with what was left in the chamber."""


class Bench:
    """A twin with its ledger, and its people as hands."""

    def __init__(self, hall: Installation) -> None:
        self.hall = hall
        self._marks = 0
        self.say(*SLOW)

    @property
    def hands(self) -> TwinHands:
        assert self.hall.twin.stdin is not None
        return TwinHands(self.hall.twin.stdin)

    @property
    def hot(self) -> HotBlock:
        found: list[HotBlock] = []

        def asked() -> bool:
            with closing(ModbusBus(self.hall.settings.intake.port)) as bus:
                bus.open()
                found.append(bus.read(0))
            return True

        wait_until(answered(asked))
        return found[-1]

    def mend(self) -> None:
        """Leaves the machine as a test finds it: sound, empty and shut, its door too, no hand in it, and no fault latched."""
        self.say(*RIGHT)
        wait_until(self._seen_open)
        self.say("door shut")
        wait_until(answered(self._stands))
        report = self.test("gate_shut_at_rest")
        assert report.left_ready, report.results
        # a supply or a scale that is right again is believed after some seconds
        wait_until(lambda: self.hot.fault is ControllerFault.NONE)

    def _seen_open(self) -> bool:
        """Whether the controller has seen the door open, after which it can be cleared."""
        return self.hot.door_open

    def _stands(self) -> bool:
        """Whether nothing draws current any more and nobody's hand is in the way."""
        with closing(ModbusBus(self.hall.settings.intake.port)) as bus:
            bus.open()
            hot = bus.read(0)
            return bus.health().motor_ma == 0 and hot.at_rest and not (hot.door_open or hot.entry_beam or hot.occupied)

    def say(self, *lines: str) -> None:
        """Lines to the twin, of which the last has acted when this returns: an emptied bin behind them shows in the metal's truth."""
        self._marks += 1
        marker = f"bin 2 {self._marks % 2}"
        before = self._truth().count('"bin"')
        for line in (*lines, *(() if any(line.startswith("bin 2") for line in lines) else (marker,))):
            self.hall.say(line)
        wait_until(lambda: self._truth().count('"bin"') > before)

    def _truth(self) -> str:
        return (self.hall.folders.twin / "metal.jsonl").read_text(encoding="utf-8")

    def test(
        self,
        *names: str,
        tell: Callable[[Step, Result], None] = lambda step, result: None,
        wrap: Callable[[ServiceLine], ServiceLine] = same_line,
        settings: Settings | None = None,
        hands: TwinHands | None = None,
        clock: AssumedClock | None = None,
    ) -> Report:
        """Those steps with all that they stand on, or all steps."""
        rig = build(settings or self.hall.settings, hands or self.hands, wrap, clock)
        return run(rig, chosen(names) if names else PLAN, tell)


def answered(holds: Callable[[], bool]) -> Callable[[], bool]:
    """What is asked of the controller: on a busy machine an answer may come too late, and the question is asked again."""

    def asked() -> bool:
        try:
            return holds()
        except NoAnswer:
            return False

    return asked


@dataclass(frozen=True)
class Broken:
    """``line`` breaks it once the step ``after`` has passed, or before anything is tested, and is ``believed`` once the controller shows that."""

    step: str
    line: str
    part: Part
    reason: StepReason
    after: str = ""
    believed: Callable[[HotBlock], bool] | None = None

    def __str__(self) -> str:
        return f"{self.step}: {self.line}"


def stuck(step: str, sensor: str, how: str, part: Part, reason: StepReason, after: str = "") -> Broken:
    return Broken(step, f"sensor {sensor} stuck {how}", part, reason, after)


def drive(step: str, name: str, how: str, part: Part, reason: StepReason) -> Broken:
    return Broken(step, f"{name} {how}", part, reason)


FAULTS = (
    Broken("link", "line mute rate 1000", Part.CABLE, StepReason.SILENT),
    Broken("line", "line garble rate 200", Part.CABLE, StepReason.NOISY),
    Broken("supply", "supply 11000", Part.SUPPLY, StepReason.VOLTAGE),
    Broken("fault", "supply 10000", Part.SUPPLY, StepReason.VOLTAGE, believed=lambda hot: hot.fault is ControllerFault.SUPPLY),
    stuck("door_opened", "door_open", "off", Part.DOOR_SWITCH, StepReason.STUCK_OFF),
    stuck("door_shut", "door_open", "on", Part.DOOR_SWITCH, StepReason.STUCK_ON),
    stuck("chamber_empty", "occupied", "on", Part.CHAMBER_SENSOR, StepReason.STUCK_ON),
    stuck("metal_none", "metal", "on", Part.METAL_SENSOR, StepReason.STUCK_ON),
    stuck("gate_shut_at_rest", "gate_shut", "off", Part.GATE_SHUT_SWITCH, StepReason.STUCK_OFF),
    stuck("gate_open_at_rest", "gate_open", "on", Part.GATE_OPEN_SWITCH, StepReason.STUCK_ON),
    stuck("entry_beam_free", "entry_beam", "on", Part.ENTRY_BEAM, StepReason.STUCK_ON),
    stuck("drop_beam_free", "drop_beam", "on", Part.DROP_BEAM, StepReason.STUCK_ON),
    stuck("flap_locked_at_rest", "flap_locked", "off", Part.FLAP_SWITCH, StepReason.STUCK_OFF),
    Broken("scale_zero", "scale drift 15", Part.SCALE, StepReason.ZERO_OFF),
    Broken("bin_1", "bin 1 100", Part.BIN_1, StepReason.BIN_FULL, believed=lambda hot: hot.bin_percent[0] == 100),
    Broken("bin_2", "bin 2 100", Part.BIN_2, StepReason.BIN_FULL, believed=lambda hot: hot.bin_percent[1] == 100),
    drive("gate", "gate", "dead", Part.GATE, StepReason.NO_CURRENT),
    stuck("gate", "gate_open", "off", Part.GATE_OPEN_SWITCH, StepReason.NOT_SEEN_TO_ARRIVE),
    drive("flap", "flap", "blocked", Part.FLAP, StepReason.BLOCKED),
    drive("sorter", "sorter", "blocked", Part.SORTER, StepReason.BLOCKED),
    Broken("camera", "camera frozen", Part.CAMERA, StepReason.FROZEN),
    Broken("camera_light", "camera black", Part.LIGHT, StepReason.TOO_DARK, "camera"),
    Broken("camera_sharpness", "camera blurred", Part.LENS, StepReason.BLURRED),
    stuck("gate_switches", "gate_shut", "on", Part.GATE_SHUT_SWITCH, StepReason.STUCK_ON, "gate"),
    stuck("entry_beam_covered", "entry_beam", "off", Part.ENTRY_BEAM, StepReason.STUCK_OFF),
    Broken("scale_weight", "scale drift -60", Part.SCALE, StepReason.WEIGHT_OFF),
    stuck("metal", "metal", "off", Part.METAL_SENSOR, StepReason.STUCK_OFF),
    stuck("drop", "drop_beam", "off", Part.DROP_BEAM, StepReason.NOT_COUNTED),
)
OTHER_CAUSES = (
    Broken("line", "line late 30 rate 1000", Part.CABLE, StepReason.SLOW_ANSWERS),
    drive("gate", "gate", "blocked", Part.GATE, StepReason.BLOCKED),
    drive("gate", "gate", "slow 2000", Part.GATE, StepReason.LATE),
    drive("gate", "gate", "slow 4000", Part.GATE, StepReason.LATE),
    Broken("gate", "gate obstacle 1", Part.GATE, StepReason.IN_THE_WAY),
    stuck("gate", "gate_shut", "on", Part.GATE_SHUT_SWITCH, StepReason.SEEN_TOO_SOON),
    drive("flap", "flap", "dead", Part.FLAP, StepReason.NO_CURRENT),
    stuck("flap", "flap_locked", "on", Part.FLAP_SWITCH, StepReason.NOT_SEEN_TO_ARRIVE),
    drive("sorter", "sorter", "dead", Part.SORTER, StepReason.NO_CURRENT),
    drive("sorter", "sorter", "slow 1500", Part.SORTER, StepReason.LATE),
    Broken("camera", "camera off", Part.CAMERA, StepReason.NO_PICTURE),
    Broken("camera_light", "camera bright", Part.LIGHT, StepReason.TOO_BRIGHT),
    stuck("scale_weight", "occupied", "off", Part.CHAMBER_SENSOR, StepReason.STUCK_OFF),
    Broken("drop", "jam 1", Part.FLAP, StepReason.NOTHING_FELL),
    drive("drop", "flap", "slow 1500", Part.FLAP, StepReason.LATE),
)
