"""What breaks in the twin: each fault's line carried out on metal, line, camera or controller. What hands do is ``people.py``'s."""

from collections.abc import Callable
from typing import assert_never

from drivers.twin.actions import (
    Answering,
    Blockage,
    Break,
    Camera,
    Catch,
    Cover,
    Drift,
    Fill,
    Force,
    HoldSheet,
    Jam,
    LineFault,
    LineRate,
    LineRight,
    LineTrouble,
    Mischief,
    Noise,
    OfDrive,
    Plug,
    PrinterDeed,
    Profile,
    Reel,
    Reset,
    Slow,
    Spoilt,
    Supply,
    Time,
)
from drivers.twin.camera import Spoil
from drivers.twin.mechanics import PROFILES
from drivers.twin.metal import SimulatedMetal
from drivers.twin.truth import Truth


class Breaking:
    """Acts at once. The line, the camera and the controller's power are somebody else's: each is told of what is its own."""

    def __init__(
        self,
        clock_ms: Callable[[], int],
        metal: SimulatedMetal,
        truth: Truth,
        line: Callable[[LineTrouble], None],
        camera: Callable[[Spoil], None],
        reset: Callable[[Reset], None],
        printer: Callable[[PrinterDeed | HoldSheet], None],
    ) -> None:
        self._clock_ms = clock_ms
        self._metal = metal
        self._truth = truth
        self._line = line
        self._camera = camera
        self._reset = reset
        self._printer = printer

    def act(self, mischief: Mischief) -> None:
        metal = self._metal
        match mischief:
            case Jam(sorts):
                metal.shaft.jams += sorts
            case Catch():
                metal.shaft.fates.append(mischief)
            case Break() | Slow() | Force() | Blockage():
                self._break(mischief)
            case Spoilt():
                metal.sensing.spoil(mischief, self._clock_ms())
            case Drift(weight_g):
                metal.sensing.drift_g = weight_g
            case Fill(bin_number, percent):
                self._truth.fill(bin_number, percent)
            case Supply(supply_mv, time_ms):
                metal.supply(supply_mv, time_ms)
            case Profile(name):
                metal.use(PROFILES[name])
            case Time(name, time_ms):
                metal.use(metal.mechanics.but(name, time_ms))
            case Reset():
                self._reset(mischief)
            case LineFault() | LineRate() | Noise() | LineRight():
                self._line(mischief)
            case Camera(spoil):
                self._camera(spoil)
            case Reel() | Cover() | Plug() | Answering() | HoldSheet():
                self._printer(mischief)
            case _:
                assert_never(mischief)

    def _break(self, mischief: OfDrive) -> None:
        metal = self._metal
        match mischief:
            case Break(drive, fault):
                metal.drive_of(drive).fault = fault
                metal.drive_of(drive).slow_ms = None
            case Slow(drive, time_ms):
                metal.drive_of(drive).slow_ms = time_ms
            case Force(drive, time_ms):
                metal.force(drive, time_ms)
            case Blockage(times):
                metal.obstacles += times
            case _:
                assert_never(mischief)
