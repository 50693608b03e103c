"""The intake controller's state machine: when a command is taken, what moves in which order, and when a drop counts.

Registers and frames are ``server.py``'s, what a sensor is ``metal.py``'s. Nothing moves before the sequence that moves it
is durable; emergency stop and force limits are hardware's.

::

    boot ─▶ CLOSING ── gate shut, flap locked ──▶ SHUT ── Open ──▶ OPENING ── gate open ──▶ OPEN
               ▲                                                                             │
               └───────────────────────── item in, entry beam free ──────────────────────────┘
    SHUT ── Sort, item in ──▶ SORTING ── turn, leave, pass, lock: *counted*; else fault DROP ──▶ SHUT
    SHUT, OPEN ── Return ──▶ RETURNING ── open, item out: *back*, shut; left for 30 s: shut ──▶ SHUT

A Sort on an empty chamber ends where it began; so does an Open while it is open. A Return on an empty chamber only shuts.
"""

from firmware import registers
from firmware.metal import BINS, Metal, Sensors
from firmware.registers import (
    ANSWER_BUSY,
    ANSWER_NONE,
    ANSWER_STALE,
    ANSWER_TAKEN,
    ANSWER_UNKNOWN,
    CLOSING,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    FAULT_DROP,
    FAULT_NONE,
    FAULT_STORE,
    OPEN,
    OPENING,
    RETURNING,
    SHUT,
    SORTING,
)
from firmware.store import Record, Store

try:
    from collections.abc import Callable
except ImportError:  # MicroPython has no such module, and evaluates no annotation
    pass

VERSION = 0x0001
"""Major x 256 + minor."""

STILL_MS = 40
"""The weight is steady when it has stayed within ``STILL_G`` for this long."""
STILL_G = 1

ZERO_G = 2
"""Up to here the scale says that nothing lies there."""

TURN_MS, FALL_MS, LOCK_MS = 2000, 2000, 2000
"""The longest a turn of the sorter, a fall and the flap's shutting may take; then the Sort ends uncounted."""

TAKE_OUT_MS = 30000
"""A visitor who does not take the item back within this time leaves it; the gate shuts."""

# Steps of a Sort: sorter turns, item leaves, item passes the beam, flap locks; or it is given up. Of a Return: the gate is open, it shuts.
_TURN, _LEAVE, _PASS, _LOCK, _CANCEL, _AWAIT, _SHUT = 0, 1, 2, 3, 4, 5, 6


class Controller:
    """One intake. ``clock_ms`` gives milliseconds that only rise (a port extends ``ticks_ms``, which wraps).

    ``tick`` must be called every few milliseconds while something moves; each call reads the metal once. ``doing`` is the
    (command, sequence) being carried out, or None. ``beat`` is kept for whoever watches that the kiosk lives.
    """

    def __init__(self, metal: Metal, store: Store, clock_ms: "Callable[[], int]") -> None:
        self._metal = metal
        self._store = store
        self._clock_ms = clock_ms
        self.state = CLOSING
        self.fault = FAULT_NONE
        self.answer = ANSWER_NONE
        self.beat = 0
        self.doing: "tuple[int, int] | None" = None
        self._since = clock_ms()
        self._step = _TURN
        self._bin = 0
        self._holds_item = False
        self._still_g = 0
        self._still_occupied = False
        self._still_since = self._since
        self.sensors = self._look()
        self._boot()

    @property
    def record(self) -> Record:
        """The durable record."""
        return self._store.record

    @property
    def steady(self) -> bool:
        """Whether the weight has been still for ``STILL_MS``."""
        return self._clock_ms() - self._still_since >= STILL_MS

    def bin_percent(self, bin_number: int) -> int:
        return min(100, max(0, self._metal.bin_percent(bin_number)))

    def command(self, code: int, argument: int, sequence: int) -> None:
        """Takes a command or says in ``answer`` why not. What was taken is durable before this returns and before it moves."""
        self.tick()
        if code not in registers.COMMAND_NAMES or (code == CMD_SORT and not 1 <= argument <= BINS):
            self.answer = ANSWER_UNKNOWN
        elif sequence <= self.record.taken:
            self.answer = ANSWER_STALE
        elif not self._rests():
            self.answer = ANSWER_BUSY
        else:
            record = self.record.copy()
            record.taken = sequence
            if code == CMD_SORT:
                record.sorted = sequence
            self.answer = ANSWER_TAKEN if self._keep(record) else ANSWER_BUSY
            if self.answer == ANSWER_TAKEN:
                self._begin(code, argument, sequence)

    def tick(self) -> None:
        """Looks at the sensors and takes the next step that they allow."""
        self.sensors = self._look()
        if self.state == OPENING:
            if self.sensors.gate_open:
                self._rest(OPEN)
        elif self.state == OPEN:
            if self.sensors.occupied and not self.sensors.entry_beam:
                self.state = CLOSING
                self._metal.drive_gate(False)
        elif self.state == CLOSING:
            if self.sensors.gate_shut and self.sensors.flap_locked:
                self._rest(SHUT)
        elif self.state == SORTING:
            self._sort()
        elif self.state == RETURNING:
            self._return()

    def _boot(self) -> None:
        record = self.record.copy()
        record.boots = (record.boots + 1) & registers.U16
        if self._keep(record):
            self._metal.drive_flap(False)
            self._metal.drive_gate(False)
        else:
            self.state = SHUT

    def _look(self) -> Sensors:
        """Reads the sensors. What has just come or gone is not still yet, even if the scale has not felt it."""
        sensors = self._metal.read()
        if abs(sensors.weight_g - self._still_g) > STILL_G or sensors.occupied != self._still_occupied:
            self._still_g = sensors.weight_g
            self._still_occupied = sensors.occupied
            self._still_since = self._clock_ms()
        return sensors

    def _rests(self) -> bool:
        """At rest, with no hand or bottle in the open gate, and a memory that works."""
        if self.fault == FAULT_STORE:
            return False
        in_the_gate = self.sensors.occupied or self.sensors.entry_beam
        return self.state == SHUT or (self.state == OPEN and not in_the_gate)

    def _keep(self, record: Record) -> bool:
        """Makes the record durable. A memory that fails lets nothing begin until the next boot: what it holds is unknown."""
        try:
            self._store.save(record)
        except OSError:
            self.fault = FAULT_STORE
            return False
        return True

    def _begin(self, code: int, argument: int, sequence: int) -> None:
        self.doing = code, sequence
        self._since = self._clock_ms()
        self._holds_item = self.sensors.occupied
        if code == CMD_OPEN:
            self.state = OPENING
            self._metal.drive_gate(True)
        elif code == CMD_RETURN:
            self.state = RETURNING
            self._step = _AWAIT if self._holds_item else _SHUT
            self._metal.drive_gate(self._holds_item)
        else:
            self.fault = FAULT_NONE
            if not self._holds_item:
                self._rest(self.state)
                return
            self.state = SORTING
            self._step = _TURN
            self._bin = argument
            self._metal.turn_sorter(argument)

    def _rest(self, state: int) -> None:
        self.state = state
        self.doing = None

    def _late(self, limit_ms: int) -> bool:
        return self._clock_ms() - self._since >= limit_ms

    def _advance(self, step: int) -> None:
        self._step = step
        self._since = self._clock_ms()

    def _sort(self) -> None:
        """A drop counts in one order only: chamber empty, drop beam, then flap locked, beam free, weight zero."""
        sensors = self.sensors
        if self._step == _TURN:
            if sensors.sorter_bin == self._bin:
                self._advance(_LEAVE)
                self._metal.drive_flap(True)
            elif self._late(TURN_MS):
                self._cancel()
        elif self._step == _LEAVE:
            if not sensors.occupied:
                self._advance(_PASS)
                self._pass()
            elif sensors.drop_beam or self._late(FALL_MS):
                self._cancel()
        elif self._step == _PASS:
            self._pass()
        elif self._step == _LOCK:
            self._lock()
        elif sensors.flap_locked or self._late(LOCK_MS):
            self._rest(SHUT)

    def _pass(self) -> None:
        if self.sensors.drop_beam and not self.sensors.occupied:
            self._advance(_LOCK)
            self._metal.drive_flap(False)
        elif self.sensors.occupied or self._late(FALL_MS):
            self._cancel()

    def _lock(self) -> None:
        sensors = self.sensors
        clear = not sensors.occupied and not sensors.drop_beam and sensors.weight_g <= ZERO_G
        if sensors.flap_locked and clear:
            self._count()
        elif self._late(LOCK_MS):
            self._cancel()

    def _count(self) -> None:
        """The totaliser and the sequence that moved it are one write: nothing else joins a drop to its intent."""
        record = self.record.copy()
        record.totaliser += 1
        if self.doing is not None:
            record.counted = self.doing[1]
        self._keep(record)
        self._rest(SHUT)

    def _cancel(self) -> None:
        self.fault = FAULT_DROP
        self._advance(_CANCEL)
        self._metal.drive_flap(False)

    def _return(self) -> None:
        """*back* is written as soon as the item is out, be it while the gate still opens or already shuts again."""
        sensors = self.sensors
        if self._holds_item and not sensors.occupied and not sensors.entry_beam and sensors.weight_g <= ZERO_G:
            self._hand_over()
        elif self._step == _AWAIT and self._late(TAKE_OUT_MS):
            self._step = _SHUT
            self._metal.drive_gate(False)
        elif self._step == _SHUT and sensors.gate_shut:
            self._rest(SHUT)

    def _hand_over(self) -> None:
        record = self.record.copy()
        if self.doing is not None:
            record.back = self.doing[1]
        self._keep(record)
        self._holds_item = False
        self._step = _SHUT
        self._metal.drive_gate(False)
