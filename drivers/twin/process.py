"""The twin as a process: its files, its pseudo-terminal, its camera and its main loop. Physics and rules are elsewhere.

In the state folder::

    controller.bin   the firmware's durable record        metal.jsonl   what really happened in the metal
    calibration.bin  what its scale and bins are set to
    twin.json        controller id, seed, camera's URL    intake        a link to the pseudo-terminal
    twin.lock        held by the twin that runs              printer      another, to its ticket printer's
    tickets/         what that printed: ``printer.py``
"""

import errno
import fcntl
import json
import os
import secrets
import select
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from config.files import NotText, Taken, ordinary, read_text
from config.printable import printable
from config.told import OutOfService, WrongUse
from drivers.twin import looks
from drivers.twin.actions import HoldSheet, PrinterDeed
from drivers.twin.badline import BadLine
from drivers.twin.camera import CameraServer, Spoil
from drivers.twin.items import Item, chamber_items, frame_items
from drivers.twin.line import Pty
from drivers.twin.machine import Machine
from drivers.twin.mechanics import STANDARD, Mechanics
from drivers.twin.printer import PrinterPty
from drivers.twin.scenario import ScenarioWrong, read_file, read_lines
from drivers.twin.truth import Truth, TruthWrong
from firmware import registers
from firmware.calibration import Calibration
from firmware.store import Store, StoreBroken

SHORTEST_WAIT_MS, LONGEST_WAIT_MS = 1, 10
"""How long the loop waits for the line before the machine is looked at again; late answers are due in between."""

STDIN_BYTES = 65536

LONGEST_PORT = 200
"""Bytes of a pseudo-terminal's path."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a twin is started with.

    ``frames``: a folder of photographs, or None for the rendered items. ``camera_port`` 0: the port of the start before,
    or any. ``port_file``: the pseudo-terminal's path is written there once the twin answers on it.
    """

    state: Path
    scenario: Path | None = None
    mechanics: Mechanics = STANDARD
    camera_port: int = 0
    frames: Path | None = None
    seed: int = 0
    port_file: Path | None = None


class TwinRuns(OutOfService):
    """Another twin holds the state folder."""

    def __init__(self, state: Path) -> None:
        super().__init__(f"a twin already runs on {state}")
        self.state = state


class StateWrong(WrongUse):
    """A file of the state folder is none that a twin wrote, or is damaged."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.folder = path.parent
        self.detail = detail


@dataclass(frozen=True, slots=True)
class TwinIdentity:
    """What stays the same from start to start: ``twin.json``."""

    controller_id: int
    seed: int
    camera_url: str

    @property
    def camera_port(self) -> int:
        return int(self.camera_url.rsplit(":", 1)[1].split("/", 1)[0])


def new_controller_id() -> int:
    """An identity that no other twin has; its high half says that it is a twin's."""
    return (registers.TWIN_PREFIX << 32) | secrets.randbits(32)


def run(options: Options, *, store: Store | None = None, truth: Truth | None = None) -> None:
    """Runs one twin until SIGTERM or SIGINT. ``store`` and ``truth`` are those of the state folder if not handed in.

    Raises TwinRuns, StateWrong, ScenarioWrong, ItemsWrong, NotText, ItemGone, or OSError.
    """
    # all that was typed is looked at before anything is made
    if options.port_file is not None:
        _replaceable(options.port_file)
    items = chamber_items() if options.frames is None else frame_items(options.frames)
    scenario = read_file(options.scenario, items) if options.scenario else None
    options.state.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_locked(options.state))
        camera, me = _begin(options)
        stack.callback(camera.close)
        sight = _Looks(camera, options.seed)
        stack.callback(sight.close)
        truth = truth or _truth(options.state / "metal.jsonl")
        stack.callback(truth.close)
        bad = BadLine(options.seed)
        printer = PrinterPty(options.state)
        stack.callback(printer.close)
        machine = Machine(
            mechanics=options.mechanics,
            clock_ms=_clock_ms,
            store=store or _store(options.state / "controller.bin"),
            truth=truth,
            items=items,
            sight=sight,
            break_line=bad.act,
            printer=partial(_at_paper, printer, camera, options.state),
            controller_id=me.controller_id,
            calibration=Calibration(str(options.state / "calibration.bin")),
        )
        if scenario is not None:
            machine.play(scenario)
        line = Pty(machine.feed, _clock_ms, options.state / "intake", bad)
        stack.callback(line.close)
        if options.port_file:
            _write_whole(options.port_file, line.path + "\n")
        stopping = stack.enter_context(_stop_signals())
        _Loop(machine, line, items, printer).until(stopping)


def _at_paper(printer: PrinterPty, camera: CameraServer, state: Path, deed: PrinterDeed | HoldSheet) -> None:
    """What is done to the printer, or with what it printed last."""
    if isinstance(deed, HoldSheet):
        printed = sorted((state / "tickets").glob("*.pbm"))
        camera.hold(deed.held, printed[-1].read_bytes() if printed else None)
    else:
        printer.act(deed)


class _Loop:
    """Waits for the line and the standard input, and ticks."""

    def __init__(self, machine: Machine, line: Pty, items: dict[str, Item], printer: PrinterPty) -> None:
        self._machine = machine
        self._printer = printer
        self._printer_at: int | None = None
        self._line = line
        self._items = items
        self._poll = select.poll()
        self._typed = b""
        self._lines_typed = 0
        self._poll.register(0, select.POLLIN)
        self._poll.register(line, select.POLLIN)

    def until(self, stopping: list[int]) -> None:
        while not stopping:
            self._look_for_printer()
            ready = dict(self._poll.poll(self._patience_ms()))
            if 0 in ready:
                self._hear()
            self._machine.tick()
            self._line.serve()
            self._printer.serve()

    def _look_for_printer(self) -> None:
        """Its pseudo-terminal is another one each time that it is plugged in."""
        if self._printer.descriptor != self._printer_at:
            if self._printer_at is not None:
                self._poll.unregister(self._printer_at)
            self._printer_at = self._printer.descriptor
            if self._printer_at is not None:
                self._poll.register(self._printer_at, select.POLLIN)

    def _patience_ms(self) -> int:
        """How long nothing need be done if nobody asks."""
        due = self._machine.next_due_ms
        return LONGEST_WAIT_MS if due is None else min(LONGEST_WAIT_MS, max(SHORTEST_WAIT_MS, due - _clock_ms()))

    def _hear(self) -> None:
        """Lines of the standard input; one that is wrong is told on standard error, and the twin goes on."""
        data = os.read(0, STDIN_BYTES)
        if not data:
            self._poll.unregister(0)
        *lines, self._typed = (self._typed + data).split(b"\n")
        for line in lines:
            self._lines_typed += 1
            try:
                actions = read_lines([line.decode("utf-8", "replace")], "standard input", self._items, first=self._lines_typed)
            except ScenarioWrong as error:
                sys.stderr.write(f"{printable(str(error))}\n")
            else:
                self._machine.people.interject(actions)


class _Looks:
    """Makes the looks of what is put in next in a thread beside the loop, so that drawing them holds up no answer.

    Of two things at once the camera shows now the one, now the other.
    """

    def __init__(self, camera: CameraServer, seed: int) -> None:
        self._camera = camera
        self._seed = seed
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="twin-looks")
        self._made: dict[int, Future[tuple[list[bytes], bytes | None]]] = {}
        self._shown: list[list[bytes]] = []
        self._dark: bytes | None = None

    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:
        if n not in self._made:
            self._made[n] = self._maker.submit(_both_lights, item, self._seed, roll_deg)
        return self._made[n].done()

    def show(self, n: int, item: Item, roll_deg: float | None) -> None:
        self.ready(n, item, roll_deg)
        lit, dark = self._made.pop(n).result()
        self._shown.append(lit)
        self._dark = dark or self._dark
        self._camera.show([look for in_turn in zip(*self._shown, strict=True) for look in in_turn], self._dark)

    def clear(self) -> None:
        self._shown.clear()
        self._dark = None
        self._camera.show(())

    def light(self, percent: int) -> None:
        self._camera.light(percent)

    def spoil(self, spoil: Spoil) -> None:
        self._camera.spoil(spoil)

    def close(self) -> None:
        self._maker.shutdown(cancel_futures=True)


def _both_lights(item: Item, seed: int, roll_deg: float | None) -> tuple[list[bytes], bytes | None]:
    return looks.render(item, seed, roll_deg), looks.in_the_dark(item, seed, roll_deg)


def _clock_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _begin(options: Options) -> tuple[CameraServer, TwinIdentity]:
    """The camera, on the port of the start before, and who this twin is; both written down for whoever looks for it."""
    before = _identity(options.state)
    camera = CameraServer(options.camera_port or (before.camera_port if before else 0), options.seed)
    me = TwinIdentity(before.controller_id if before else new_controller_id(), options.seed, camera.url)
    _write_whole(options.state / "twin.json", json.dumps(asdict(me)) + "\n")
    return camera, me


def _identity(state: Path) -> TwinIdentity | None:
    path = state / "twin.json"
    if not path.exists():
        return None
    try:
        found = TwinIdentity(**json.loads(read_text(path)))
        # asked for once: it is read out of the address
        _ = found.camera_port
    except (ValueError, TypeError, LookupError, AttributeError, NotText) as error:
        raise StateWrong(path, "no identity of a twin") from error
    return found


def _truth(path: Path) -> Truth:
    try:
        return Truth(path)
    except TruthWrong as error:
        raise StateWrong(path, f"line {error.line}: {error.detail}") from error


def _store(path: Path) -> Store:
    try:
        return Store(str(path))
    except StoreBroken as error:
        raise StateWrong(path, "neither half of the controller's memory can be read") from error


def _replaceable(path: Path) -> None:
    """Raises OSError where something else lies than a port file: it will be replaced, a device or a ledger too. And where no file can lie."""
    folder = path.absolute().parent
    if not folder.is_dir():
        number = errno.ENOTDIR if folder.exists() else errno.ENOENT
        raise OSError(number, os.strerror(number), str(path))
    if path.is_symlink() or path.exists():
        ordinary(path)
        if path.stat().st_size > LONGEST_PORT:
            raise Taken(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _write_whole(path: Path, text: str) -> None:
    """Whoever reads sees the whole text or none."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    with (state / "twin.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TwinRuns(state) from error
        yield


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """The signals received that ask for an end. Handlers as before afterwards."""
    received: list[int] = []
    asked_by = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda received_number, _: received.append(received_number)) for number in asked_by]
    try:
        yield received
    finally:
        for number, handler in zip(asked_by, before, strict=True):
            signal.signal(number, handler)
