"""A line round another, whose tests change or watch one thing."""

from drivers.intake.bus import Calibration, Command, ControllerHealth, Felt, HotBlock, Identity, ServiceLine


class WrappedLine:
    """Asks the line within, and answers what that says."""

    def __init__(self, line: ServiceLine) -> None:
        self.line = line

    def open(self) -> None:
        self.line.open()

    def close(self) -> None:
        self.line.close()

    def identity(self) -> Identity:
        return self.line.identity()

    def read(self, beat: int) -> HotBlock:
        return self.line.read(beat)

    def write(self, command: Command) -> None:
        self.line.write(command)

    @property
    def echoes(self) -> bool:
        return self.line.echoes

    def health(self) -> ControllerHealth:
        return self.line.health()

    def light(self, percent: int) -> None:
        self.line.light(percent)

    def darken(self, for_ms: int) -> None:
        self.line.darken(for_ms)

    def hold(self, sequence: int) -> None:
        self.line.hold(sequence)

    def felt(self) -> Felt:
        return self.line.felt()

    def calibrate(self, calibration: Calibration) -> None:
        self.line.calibrate(calibration)
