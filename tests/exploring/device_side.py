"""What the metal and the controller may do next, and what becomes of a command and of a reading there. Each is worked out once."""

from collections.abc import Iterator
from typing import NamedTuple

from drivers.intake.bus import Command, HotBlock
from exploring.device import Booting, Device, Happens, Machine, Reading, RunsOut, Silence, Stimulus, Variant
from exploring.metal import Fact
from exploring.world import ONE, Numbers
from firmware import registers

ANSWERS = {
    registers.ANSWER_TAKEN: "taken",
    registers.ANSWER_STALE: "ignored: an old number",
    registers.ANSWER_BUSY: "refused: busy",
    registers.ANSWER_UNSAFE: "refused: unsafe",
    registers.ANSWER_FAULT: "refused: a fault stands",
    registers.ANSWER_UNKNOWN: "refused: unknown",
}


class Move(NamedTuple):
    """An event at the device: the device after it, what happened to bottles, and its ``costs`` of the bounds.

    After a command ``hot`` is the number of the next reading, 0 for none, and ``read`` the device after that.
    """

    label: str
    device: int
    facts: tuple[Fact, ...] = ()
    costs: int = 0
    came: int = 0
    read: int = 0
    hot: int = 0


class DeviceSide:
    def __init__(self, variant: Variant) -> None:
        self.devices: Numbers[Device] = Numbers()
        self.hots: Numbers[HotBlock | None] = Numbers(None)
        self._machine = Machine(variant)
        self._moves: dict[tuple[int, int, bool], list[Move]] = {}
        self._told: dict[tuple[int, Command], list[Move]] = {}
        self._readings: dict[int, tuple[int, int]] = {}

    def moves(self, number: int, to_come: int, minded: bool) -> list[Move]:
        """What may happen without a command; ``minded`` while the kiosk has power."""
        key = number, to_come, minded
        if key not in self._moves:
            device = self.devices.values[number]
            self._moves[key] = [*self._at_the_gate(device, to_come), *self._by_itself(device, minded)]
        return self._moves[key]

    def tell(self, number: int, command: Command) -> list[Move]:
        """What may become of a command that arrives."""
        key = number, command
        if key not in self._told:
            self._told[key] = list(self._find_told(self.devices.values[number], command))
        return self._told[key]

    def read(self, number: int) -> tuple[int, int]:
        """The device after a reading, and the number of what was read, 0 for no answer."""
        if number not in self._readings:
            device = self.devices.values[number]
            if device.on:
                outcome = self._machine.outcomes(device, Reading())[0]
                self._readings[number] = self.devices(outcome.device), self.hots(outcome.hot)
            else:
                self._readings[number] = number, 0
        return self._readings[number]

    def _at_the_gate(self, device: Device, to_come: int) -> Iterator[Move]:
        stand = device.stand
        if stand.passable and stand.chamber:
            yield from self._let(device, f"bottle {stand.chamber} pulled out", Happens("pulled out"))
        elif stand.passable and to_come:
            for move in self._let(device, f"bottle {to_come} put in", Happens("put in", to_come)):
                yield move._replace(came=1)

    def _by_itself(self, device: Device, minded: bool) -> Iterator[Move]:
        stand = device.stand
        if stand.loose and stand.chamber:
            yield from self._let(device, f"bottle {stand.chamber} falls", Happens("falls"))
        if not device.on:
            yield from self._let(device, "controller boots", Booting())
            return
        yield Move("controller loses power", self.devices(self._machine.lose_power(device)), costs=ONE["controller_cuts"])
        if not stand.gate_there:
            yield from self._let(device, "gate opens" if stand.gate_open else "gate shuts", Happens("gate arrives"))
        if not stand.flap_there:
            yield from self._let(device, "flap locks", Happens("flap locks"))
        yield from self._let(device, "what lags is written", Happens("writes"))
        yield from self._badly(device, minded)
        yield from self._by_hand(device)

    def _badly(self, device: Device, minded: bool) -> Iterator[Move]:
        stand = device.stand
        if stand.flap_open and stand.chamber and not stand.jammed:
            yield from self._let(device, f"bottle {stand.chamber} jams", Happens("jams"), "jams")
        if not device.rests:
            yield from self._let(device, "the controller's time is up", RunsOut(minded), "" if stand.jammed else "stalls")
        if device.beating:
            yield from self._let(device, "the beat falls silent", Silence(), "silences" if minded else "")

    def _by_hand(self, device: Device) -> Iterator[Move]:
        stand = device.stand
        if device.rests and not stand.loose and not stand.chamber:
            yield from self._let(device, "a technician lets something fall", Happens("by hand"), "manual")
        if stand.door_open:
            yield from self._let(device, "service door shuts", Happens("door shuts"))
        else:
            yield from self._let(device, "service door opens", Happens("door opens"), "doors")

    def _let(self, device: Device, label: str, cause: Booting | Happens | RunsOut | Silence, cost: str = "") -> Iterator[Move]:
        """What may come of it, without what changes nothing."""
        costs = ONE[cost] if cost else 0
        for outcome in self._machine.outcomes(device, cause):
            if outcome.device != device or outcome.facts:
                cut = ONE["controller_cuts"] if outcome.cut else 0
                yield Move(_joined(label, outcome.cut), self.devices(outcome.device), outcome.facts, costs + cut)

    def _find_told(self, device: Device, command: Command) -> Iterator[Move]:
        name = named(command)
        if not device.on:
            number = self.devices(device)
            yield Move(f"{name} reaches a dead controller", number, read=number)
            return
        for outcome in self._machine.outcomes(device, Stimulus(command)):
            number = self.devices(outcome.device)
            if outcome.cut:
                yield Move(_joined(name, outcome.cut), number, outcome.facts, ONE["controller_cuts"], read=number)
            else:
                after, hot = self.read(number)
                yield Move(f"{name} {ANSWERS[outcome.answer]}", number, outcome.facts, read=after, hot=hot)


def named(command: Command) -> str:
    return f"{command.code.name.capitalize()} {command.sequence}"


def _joined(label: str, cut: str) -> str:
    return f"{label}; {cut}" if cut else label
