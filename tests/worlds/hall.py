"""A twin's machine on a clock that jumps: its lines of people and faults, and a kiosk that only polls, beats and sends what it is told.

The kiosk's side speaks the wire's frames to the real firmware, so a test reads what a kiosk would read.
"""

import json
from collections.abc import Callable
from pathlib import Path

from drivers.intake.bus import Answer, CommandCode, ControllerHealth, ControllerState, HotBlock
from drivers.intake.modbus import health_of, hot_block_of
from drivers.twin.actions import LineTrouble
from drivers.twin.camera import Spoil
from drivers.twin.items import Item
from drivers.twin.machine import Machine
from drivers.twin.mechanics import STANDARD, Mechanics
from drivers.twin.printer import Pressing
from drivers.twin.scenario import read_file, read_lines
from drivers.twin.truth import Truth
from firmware import registers
from firmware.server import framed
from firmware.store import Record, Store
from wires.bench import Milliseconds

ITEMS = {
    "pet": Item("pet", "plastic_bottle", ("9520770573142",), 23, metal=False, pictures=()),
    "can": Item("can", "can", (), 15, metal=True, pictures=()),
    "wine": Item("wine", "glass_bottle", ("9520475821661",), 450, metal=False, pictures=()),
}
POLL_MS = 20
READ_INPUT, WRITE_MANY, READ_WRITE = 4, 16, 23
LONG_MS = 100_000


class Scene:
    """A camera that remembers what it showed, by the item's number; 0 is the empty chamber."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.can_draw = True
        self.lamp_percent = 0
        self.spoils: list[Spoil] = []

    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:
        assert n >= 1
        assert item.name in ITEMS
        assert roll_deg is None or abs(roll_deg) <= 360
        return self.can_draw

    def show(self, n: int, item: Item, roll_deg: float | None) -> None:
        assert self.ready(n, item, roll_deg)
        self.shown.append(n)

    def clear(self) -> None:
        self.shown.append(0)

    def light(self, percent: int) -> None:
        self.lamp_percent = percent

    def spoil(self, spoil: Spoil) -> None:
        self.spoils.append(spoil)


class Hall:
    """One machine in a state folder. ``scenario``: the lines of a file; ``say`` takes those of whoever watches.

    ``jumps``: the clock goes to whatever is due next; else it goes on by 2 ms, whatever the machine says is due.
    """

    def __init__(
        self,
        folder: Path,
        *scenario: str,
        mechanics: Mechanics = STANDARD,
        store: Store | None = None,
        truth: Truth | None = None,
        items: dict[str, Item] = ITEMS,
        jumps: bool = True,
    ) -> None:
        self.path = folder / "metal.jsonl"
        self.clock = Milliseconds()
        self.scene = Scene()
        self.broken: list[LineTrouble] = []
        self.machine = Machine(
            mechanics=mechanics,
            clock_ms=self.clock,
            store=store or Store(str(folder / "controller.bin")),
            truth=truth or Truth(self.path),
            items=items,
            sight=self.scene,
            break_line=self.broken.append,
            printer=Pressing(folder / "tickets").act,
            controller_id=1,
        )
        self.beats = True
        self._jumps = jumps
        self._items = items
        self._beat = 0
        self._poll_at = self.clock.now
        self._last: HotBlock | None = None
        if scenario:
            path = folder / "scenario"
            path.write_text("".join(f"{line}\n" for line in scenario), encoding="utf-8")
            self.machine.play(read_file(path, items))

    @property
    def record(self) -> Record:
        """What the controller's memory holds."""
        return self.machine.controller.record

    @property
    def hot(self) -> HotBlock:
        """What the kiosk read last."""
        assert self._last is not None, "the controller has not answered yet"
        return self._last

    def say(self, *lines: str) -> None:
        self.machine.people.interject(read_lines(lines, "standard input", self._items))

    def step(self) -> None:
        """To whatever is due next, be it a poll."""
        due_ms = self.machine.next_due_ms if self._jumps else self.clock.now + 2
        self.clock.now = max(self.clock.now + 1, min(self._poll_at, self._poll_at if due_ms is None else due_ms))
        self.machine.tick()
        if self.clock.now >= self._poll_at:
            self._poll_at = self.clock.now + POLL_MS
            self._poll()

    def until(self, condition: Callable[[], bool], limit_ms: int = LONG_MS) -> int:
        """Lets time pass until it holds; how long that took on the machine's clock."""
        begun = self.clock.now
        while not condition():
            assert self.clock.now - begun < limit_ms, f"not within {limit_ms} ms: {self._last}, {self.events()}"
            self.step()
        return self.clock.now - begun

    def after(self, time_ms: int) -> None:
        until = self.clock.now + time_ms
        self.until(lambda: self.clock.now >= until)

    def rest(self) -> None:
        """Until the kiosk reads that it rests and has carried out what it took."""
        self.until(lambda: self.machine.powered and self.machine.controller.doing is None)
        self._last = None
        self.until(lambda: self._last is not None and self.hot.at_rest)

    def send(self, code: CommandCode, argument: int = 0) -> int:
        """A command with the next sequence, written once. Its sequence, if it was taken, else 0."""
        self.until(lambda: self._last is not None)
        sequence = self.machine.controller.record.taken + 1
        words = registers.pack("command", code) + registers.pack("argument", argument) + registers.pack("sequence", sequence)
        self._ask(WRITE_MANY, [registers.COMMAND_START, len(words)], words)
        self._poll()
        return sequence if self.hot.taken == sequence else 0

    def answer_to(self, code: CommandCode, argument: int = 0) -> Answer:
        """What the controller says of a command that it is sent."""
        self.send(code, argument)
        return self.hot.answer

    def order(self, code: CommandCode, argument: int = 0) -> int:
        """Sends a command that must be taken, and lets it end."""
        sequence = self.send(code, argument)
        assert sequence, self.hot
        self.rest()
        return sequence

    def item_in(self) -> None:
        """Opens, and waits until something lies still behind the shut gate."""
        self.rest()
        self.order(CommandCode.OPEN)
        self.until(lambda: self.hot.state is ControllerState.SHUT and self.hot.occupied and self.hot.steady)

    def health(self) -> ControllerHealth:
        return health_of(self._ask(READ_INPUT, [registers.HEALTH_START, registers.HEALTH_COUNT]))

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    def events(self) -> list[tuple[object, ...]]:
        """(event, number) of each line."""
        return [(line["event"], *([line["n"]] if "n" in line else [])) for line in self.lines()]

    def fell(self) -> list[tuple[object, object]]:
        """(number, sequence) of what fell."""
        return [(line["n"], line["sequence"]) for line in self.lines() if line["event"] == "fell"]

    def _poll(self) -> None:
        if not self.machine.powered:
            return
        self._beat = (self._beat + self.beats) & registers.U16
        start = [registers.HOT_START, registers.HOT_COUNT, registers.BEAT_START, 2]
        self._last = hot_block_of(self._ask(READ_WRITE, start, [1, self._beat]))

    def _ask(self, function: int, head: list[int], values: list[int] | None = None) -> list[int]:
        body = bytes((registers.UNIT, function)) + _bytes(head)
        if values is not None:
            body += bytes((2 * len(values),)) + _bytes(values)
        answer = self.machine.feed(framed(body))
        assert answer[1] == function, answer
        return [int.from_bytes(answer[at : at + 2], "big") for at in range(3, 3 + answer[2], 2)] if function != WRITE_MANY else []


def _bytes(words: list[int]) -> bytes:
    return b"".join(word.to_bytes(2, "big") for word in words)
