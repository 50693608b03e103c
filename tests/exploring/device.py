"""The controller's side of the world, as a value: the real program on stepped metal, its memory, and every way in which a power cut may end it.

A ``Device`` is durable record, metal, and the program's objects kept, or None without power. Whatever happens to it happens in
``Machine.outcomes``: once as it should, and once for each write, before and after it, with the power gone. The clock stands still; a
motion takes ``MOTION_MS``, and time runs out only in an event of its own, which is longer than every limit of the program.
"""

from collections.abc import Callable, Hashable
from typing import NamedTuple, assert_never, cast

from drivers.intake.bus import Command, HotBlock
from drivers.intake.modbus import hot_block_of, words_of
from exploring.metal import Fact, Stand, SteppedMetal
from exploring.still import Keeper
from firmware import registers
from firmware.controller import Controller
from firmware.metal import Metal
from firmware.server import READ_WRITE, WRITE_MANY, Server, framed
from firmware.store import Record, Store

CONTROLLER_ID = (registers.TWIN_PREFIX << 32) | 7
NOW_MS = 10**9
"""Any number from half of this on is a moment."""
MOTION_MS = 50
"""Longer than a weight needs to be steady, shorter than any limit."""
RUN_OUT_MS = 1_000_000
"""Longer than every limit."""
QUIET_AFTER = 12
"""Ticks after which the program must stand still."""
BEAT = 1


Values = tuple[int, int, int, int, int, int, int, int]
"""Of a ``Record``."""


class Cut(Exception):
    """The power goes."""


class Device(NamedTuple):
    """``memory`` is what the running program takes for the record, and what lags behind it; ``does`` the program's state and ``beating`` whether it hears the kiosk, both None without power."""

    record: Values
    stand: Stand
    program: Hashable = None
    memory: tuple[Values, int | None] | None = None
    does: int | None = None
    beating: bool | None = None

    @property
    def on(self) -> bool:
        return self.does is not None

    @property
    def rests(self) -> bool:
        return self.does in registers.AT_REST


class Reading(NamedTuple):
    """The hot block was asked for."""


class Booting(NamedTuple):
    pass


class Happens(NamedTuple):
    """Something is done to the metal, and the program looks at it."""

    what: str
    bottle: int = 0


class RunsOut(NamedTuple):
    """Whatever the metal was to do is not done in its time; ``minded``: the kiosk's beat is heard all the while."""

    minded: bool


class Silence(NamedTuple):
    """The kiosk's beat is missed; all else comes in its time."""


class Stimulus(NamedTuple):
    command: Command


Cause = Reading | Booting | Happens | RunsOut | Silence | Stimulus


class Outcome(NamedTuple):
    device: Device
    facts: tuple[Fact, ...] = ()
    cut: str = ""
    hot: HotBlock | None = None
    answer: int = 0


class Memory(Store):
    """The record without a file. ``durable`` is what a boot will find; ``lag`` what a faulty variant has still to write."""

    def __init__(self, record: Record) -> None:
        self.record = self.durable = record
        self.lag: int | None = None
        self.writes = 0
        self.fuse: int | None = None

    def save(self, record: Record) -> None:
        """Power may go before and after it: an even fuse blows before the write of half its number, an odd one after."""
        self._burn()
        self.record = self.durable = record
        self._burn()

    def catch_up(self) -> None:
        """Writes the *counted* that lags behind."""
        if self.lag is not None:
            record = self.record.copy()
            record.counted, self.lag = self.lag, None
            self.save(record)

    def _burn(self) -> None:
        if self.fuse == self.writes:
            raise Cut
        self.writes += 1


class Variant(NamedTuple):
    """What the machine is built of. The tests' own parts leave out one rule each."""

    controller: type[Controller] = Controller
    memory: type[Memory] = Memory
    metal: type[SteppedMetal] = SteppedMetal


REAL = Variant()


class _Life:
    """One controller brought back for one event."""

    def __init__(self, device: Device, variant: Variant, keeper: Keeper, fuse: int | None) -> None:
        self.now_ms = NOW_MS + MOTION_MS
        self.controller: Controller | None = None
        self.metal = variant.metal(device.stand, lambda: self.controller.doing if self.controller else None)
        self.memory = variant.memory(Record(device.record))
        self.memory.fuse = fuse
        self._clock: Callable[[], int] = lambda: self.now_ms
        self._keeper = keeper
        self._parts = {"metal": self.metal, "memory": self.memory, "clock": self._clock}
        self._variant = variant
        if device.on:
            assert device.memory is not None
            values, self.memory.lag = device.memory
            self.memory.record = Record(values)
            self.controller = cast(Controller, keeper.bring_back(device.program, self._parts))

    def boot(self) -> None:
        self.controller = self._variant.controller(cast(Metal, self.metal), self.memory, self._clock)

    def serve(self, body: bytes) -> bytes:
        return Server(self.running, CONTROLLER_ID, self._clock).feed(framed(body))

    def rest(self) -> Device:
        """Ticks until nothing changes any more, as it does within a few milliseconds."""
        self.running.tick()
        before = self.kept()
        for _ in range(QUIET_AFTER):
            self.running.tick()
            after = self.kept()
            if after == before:
                return after
            before = after
        raise AssertionError(f"the controller does not come to a standstill: {before}")

    def kept(self) -> Device:
        controller, memory = self.running, self.memory
        program = self._keeper.keep(controller, self._parts, self._aged)
        shown = memory.record.values(), memory.lag
        return Device(memory.durable.values(), self.metal.stand, program, shown, controller.state, controller.guard.beating)

    def dead(self) -> Device:
        return Device(self.memory.durable.values(), self.metal.stand.unpowered())

    @property
    def running(self) -> Controller:
        assert self.controller is not None, "without power"
        return self.controller

    def _aged(self, value: float) -> float:
        """A moment is either just now or longer ago than every limit."""
        if value < NOW_MS // 2:
            return value
        return NOW_MS if self.now_ms - value < RUN_OUT_MS // 2 else NOW_MS - RUN_OUT_MS


class Machine:
    """Works out what may become of a device. Each answer is worked out once."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._keeper = Keeper(("firmware", "exploring"))

    def outcomes(self, device: Device, cause: Cause) -> list[Outcome]:
        """What should happen first, then every way in which a power cut in the middle may end it."""
        if not device.on and isinstance(cause, Happens):
            return [_touched(device, cause)]
        life = _Life(device, self._variant, self._keeper, None)
        found = [self._let(life, cause)]
        for fuse in range(life.memory.writes):
            life = _Life(device, self._variant, self._keeper, fuse)
            try:
                self._let(life, cause)
            except Cut:
                when = "before" if fuse % 2 == 0 else "after"
                found.append(Outcome(life.dead(), tuple(life.metal.facts), f"its power goes {when} it is written"))
        return found

    @staticmethod
    def lose_power(device: Device) -> Device:
        return Device(device.record, device.stand.unpowered())

    def _let(self, life: _Life, cause: Cause) -> Outcome:
        match cause:
            case Reading():
                hot = _read(life)
                return Outcome(life.kept(), hot=hot)
            case Booting():
                life.boot()
            case Happens("by hand"):
                for stage in ("put on the flap", "falls"):
                    _move(life.metal, Happens(stage))
                    life.rest()
                _move(life.metal, Happens("flap raised"))
            case Happens("writes"):
                life.memory.catch_up()
            case Happens():
                _move(life.metal, cause)
            case RunsOut(minded):
                life.now_ms = NOW_MS + RUN_OUT_MS
                if minded:
                    life.running.guard.hear(BEAT, life.now_ms)
                    life.running.guard.beat = 0
            case Silence():
                life.running.guard._beat_at = NOW_MS - RUN_OUT_MS
            case Stimulus(command):
                _write(life, command)
            case _:
                assert_never(cause)
        return Outcome(life.rest(), tuple(life.metal.facts), answer=life.running.answer)


def _touched(device: Device, cause: Happens) -> Outcome:
    """Metal without power."""
    metal = SteppedMetal(device.stand, lambda: None)
    _move(metal, cause)
    return Outcome(device._replace(stand=metal.stand.unpowered()), tuple(metal.facts))


def _move(metal: SteppedMetal, cause: Happens) -> None:
    match cause.what:
        case "put in":
            metal.put_in(cause.bottle)
        case "pulled out":
            metal.pull_out()
        case "gate arrives":
            metal.gate_arrives()
        case "flap locks":
            metal.flap_locks()
        case "falls":
            metal.fall()
        case "jams":
            metal.jam()
        case "put on the flap":
            metal.put_on_the_flap()
        case "flap raised":
            metal.raise_flap()
        case "door opens" | "door shuts":
            metal.move_door(cause.what == "door opens")
        case _:
            raise ValueError(cause.what)


def _read(life: _Life) -> HotBlock:
    start, count, written = registers.HOT_START, registers.HOT_COUNT, (1, BEAT)
    head = (0, start, 0, count, 0, registers.BEAT_START, 0, len(written), 2 * len(written))
    answer = life.serve(bytes((registers.UNIT, READ_WRITE, *head)) + _bytes(written))
    life.running.guard.beat = 0  # only that it changes means anything: the next reading writes BEAT again
    return hot_block_of([int.from_bytes(answer[at : at + 2], "big") for at in range(3, 3 + 2 * count, 2)])


def _write(life: _Life, command: Command) -> None:
    words = tuple(words_of(command))
    answer = life.serve(bytes((registers.UNIT, WRITE_MANY, 0, registers.COMMAND_START, 0, len(words), 2 * len(words))) + _bytes(words))
    assert answer[1] == WRITE_MANY, f"{command}: {answer.hex()}"


def _bytes(words: tuple[int, ...]) -> bytes:
    return b"".join(word.to_bytes(2, "big") for word in words)


NEW = Device(Record().values(), Stand())
"""A controller from the factory, without power."""
