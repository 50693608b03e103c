"""The intake controller's state machine: when a command is taken, what moves in which order, and when a drop counts.

Registers and frames are ``server.py``'s, what a sensor is ``metal.py``'s; the gate's travel, a Sort, a Test, what happens at rest and
what makes it unsafe to go on have files of their own. Nothing opens before the sequence that opens it is durable; emergency stop and
force limits are hardware's.

::

    boot ─▶ CLOSING ── gate shut, flap locked ──▶ SHUT ── Open ──▶ OPENING ── gate open ──▶ OPEN
               ▲                                                      │ unsafe               │
               └──────────────────────────────────────────────────────┴── item in; unsafe, fault
    SHUT ── Sort, item in ──▶ SORTING ── turn, leave, pass, lock: *counted*; else a fault ──▶ SHUT
    SHUT, OPEN ── Return ──▶ RETURNING ── open, item out: *back*, shut; left for 30 s: shut ──▶ SHUT
    SHUT ── Test ──▶ TESTING ── a part there and back ──▶ SHUT;   TESTING ── let go ──▶ HELD
    SHUT, HELD ── Hold ──▶ HELD ── moves while it is renewed, then stands ── Clear, no beat, 30 s ──▶ CLOSING
    gate or flap that cannot be trusted ──▶ FAILED;   SHUT, HELD, FAILED ── Clear ──▶ CLOSING

Unsafe: the service door is open, the supply low or the beat silent. A Sort on an empty chamber ends where it began; so does an Open
while it is open. A Return on an empty chamber only shuts. What has begun goes on to its end while it is unsafe: an item that falls
is counted, one that is handed back has its 30 s.
"""

from firmware import gate, registers, sort
from firmware.calibration import Calibration
from firmware.drop import DROPPED, ZERO_G
from firmware.faults import Faults
from firmware.gate import Gate
from firmware.guard import Guard
from firmware.hold import Hold
from firmware.lasting import Lasting, Stillness
from firmware.metal import BINS, Metal, Sensors
from firmware.registers import (
    ANSWER_BUSY,
    ANSWER_FAULT,
    ANSWER_NONE,
    ANSWER_STALE,
    ANSWER_TAKEN,
    ANSWER_UNKNOWN,
    ANSWER_UNSAFE,
    AT_REST,
    CAUSE_LATE,
    CAUSE_NONE,
    CLOSING,
    CMD_CLEAR,
    CMD_HOLD,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    CMD_TEST,
    FAILED,
    FAULT_FLAP,
    FAULT_GATE,
    FAULT_NONE,
    FAULT_SORTER,
    HELD,
    OPEN,
    OPENING,
    RETURNING,
    SHUT,
    SORTING,
    TESTING,
)
from firmware.rest import Rest
from firmware.sort import Sort
from firmware.store import Record, Store
from firmware.trial import Trial

try:
    from collections.abc import Callable
except ImportError:  # MicroPython has no such module, and evaluates no annotation
    pass

VERSION = 0x0004
"""Major x 256 + minor."""

STILL_MS = 40
"""The weight is steady when it has been still for this long."""

HOME_MS = 2000
"""The longest the flap may take to lock after a boot or a Clear."""

TAKE_OUT_MS = 30000
"""A visitor who does not take the item back within this time leaves it; the gate shuts."""

LAMP_PERCENT = 100


class Controller:
    """One intake. ``clock_ms`` gives milliseconds that only rise (a port extends ``ticks_ms``, which wraps).

    ``tick`` must be called every few milliseconds while something moves; each call reads the metal once. ``doing`` is the
    (command, sequence) being carried out, or None. ``guard`` hears the kiosk's beat, ``trial`` holds the last Test's figures, ``hold`` how the last Hold ended.
    """

    def __init__(self, metal: Metal, store: Store, clock_ms: "Callable[[], int]", calibration: "Calibration | None" = None) -> None:
        self._metal = metal
        self._store = store
        self._clock_ms = clock_ms
        self.state = CLOSING
        self.answer = ANSWER_NONE
        self.doing: "tuple[int, int] | None" = None
        self.guard = Guard()
        self._lamp_percent = LAMP_PERCENT
        self._dark_until: "int | None" = None
        self._gate = Gate(metal)
        self._sort = Sort(metal)
        self.trial = Trial(metal, self._gate)
        self.hold = Hold(metal)
        self._rest = Rest()
        self._faults = Faults(self.guard)
        self._began_at = clock_ms()
        self._awaits = False
        self._unlocked = Lasting()
        self._holds_item = False
        self._stillness = Stillness(clock_ms())
        self.calibration = Calibration() if calibration is None else calibration
        self.felt_g = 0
        self.sensors = self._read()
        self._boot()

    @property
    def record(self) -> Record:
        """The durable record."""
        return self._store.record

    @property
    def steady(self) -> bool:
        """Whether the weight has been still for ``STILL_MS``."""
        return self._stillness.reached(self._clock_ms(), STILL_MS)

    @property
    def hand(self) -> bool:
        """Whether something keeps the gate from shutting."""
        return self._gate.hand

    @property
    def fault(self) -> int:
        """The gravest of those that stand."""
        return self._faults.shown

    @property
    def cause(self) -> int:
        """What is known of the cause of ``fault``."""
        return self._faults.cause

    def calibrate(self, values: "tuple[int, int, int, int]") -> None:
        """Other values from now on, kept. OSError, and as before, if they cannot be."""
        self.calibration.set(values)

    def _read(self) -> Sensors:
        """The sensors now, the scale's as it is set."""
        sensors = self._metal.read()
        self.felt_g = sensors.weight_g
        sensors.weight_g = self.calibration.grams(self.felt_g)
        return sensors

    def bin_mm(self, bin_number: int) -> int:
        return self._metal.bin_mm(bin_number)

    @property
    def lamp_percent(self) -> int:
        """As it shines now."""
        return self._lamp_percent if self._dark_until is None else 0

    def light(self, percent: int) -> None:
        """Sets the chamber's lamp, and lights it."""
        self._lamp_percent = percent
        self._dark_until = None
        self._metal.light(percent)

    def darken(self, for_ms: int) -> None:
        """The lamp off for so long, for a look at what shines by itself. It is lit again here: a kiosk that ends meanwhile leaves no dark chamber behind."""
        self._dark_until = self._clock_ms() + for_ms
        self._metal.light(0)

    def renew(self, hold: int) -> None:
        """What is written to the register *hold*: the Hold under way goes on, or ends at once; a Test ends at 0. It begins nothing."""
        if self.state == TESTING and hold == 0:
            self._let_trial_go(self._clock_ms())
        if self.state != HELD:
            return
        if self.doing is not None and hold != 0 and hold == self.doing[1] & registers.U16:
            self.hold.renew(self._clock_ms())
        else:
            self.hold.let_go(self._clock_ms())

    def command(self, code: int, argument: int, sequence: int) -> None:
        """Takes a command or says in ``answer`` why not. What was taken is durable before this returns and before it moves."""
        self.tick()
        self.answer = self._objection(code, argument, sequence)
        if self.answer != ANSWER_TAKEN:
            return
        record = self.record.copy()
        record.taken = sequence
        if code == CMD_SORT:
            record.sorted = sequence
        if self._keep(record):
            self._begin(code, argument, sequence)
        else:
            self.answer = ANSWER_BUSY

    def tick(self) -> None:
        """Looks at the sensors and takes the next step that they allow."""
        self.sensors = self._read()
        now = self._clock_ms()
        if self._dark_until is not None and now >= self._dark_until:
            self.light(self._lamp_percent)
        self._stillness.look(self.sensors, now)
        self.guard.look(self.sensors, self.state in AT_REST, now)
        if self.state == OPENING:
            self._while_opening(now)
        elif self.state == OPEN:
            self._while_open(now)
        elif self.state == CLOSING:
            self._while_closing(now)
        elif self.state == SORTING:
            self._while_sorting(now)
        elif self.state == RETURNING:
            self._while_returning(now)
        elif self.state == TESTING:
            self._while_testing(now)
        elif self.state == HELD:
            self._while_held(now)
        elif self.state == FAILED:
            self._while_failed(now)
        self._look_at_rest(now)

    def _boot(self) -> None:
        """Shuts what may stand open, even with a memory that fails: then no command is taken, but nobody puts anything in either."""
        record = self.record.copy()
        record.boots = (record.boots + 1) & registers.U16
        self._keep(record)
        self.light(LAMP_PERCENT)
        self._metal.drive_flap(False)
        self._gate.shut(self._clock_ms())

    def _objection(self, code: int, argument: int, sequence: int) -> int:
        """Why a command is not taken, or ANSWER_TAKEN."""
        if code not in registers.COMMAND_NAMES or (code == CMD_SORT and not 1 <= argument <= BINS):
            return ANSWER_UNKNOWN
        if (code == CMD_TEST and argument not in registers.PARTS) or (code == CMD_HOLD and argument not in registers.HOLDS):
            return ANSWER_UNKNOWN
        if not self.record.taken < sequence <= self.record.taken + registers.LEAP:
            return ANSWER_STALE
        if not self._is_ready(code):
            return ANSWER_BUSY
        if self.guard.unsafe:
            return ANSWER_UNSAFE
        if self.state == FAILED and code != CMD_CLEAR:
            return ANSWER_FAULT
        if self._faults.latched != FAULT_NONE and code not in (CMD_RETURN, CMD_CLEAR):
            return ANSWER_FAULT
        if code == CMD_OPEN and self.sensors.occupied:
            # one that comes late must not open on a bottle that is being judged
            return ANSWER_BUSY
        if code == CMD_HOLD and self.hold.objects(argument, self.sensors):
            return ANSWER_BUSY
        return ANSWER_TAKEN

    def _is_ready(self, code: int) -> bool:
        """At rest, with no hand or bottle in the open gate, and a memory that works. Test and Clear want the gate shut; a part that was held takes
        a Hold and a Clear."""
        if self._faults.memory_fails:
            return False
        if self.state == HELD:
            return code in (CMD_HOLD, CMD_CLEAR)
        if self.state == OPEN:
            in_the_gate = self.sensors.occupied or self.sensors.entry_beam
            return code in (CMD_OPEN, CMD_SORT, CMD_RETURN) and not in_the_gate
        return self.state in (SHUT, FAILED)

    def _keep(self, record: Record) -> bool:
        """Makes the record durable. A memory that fails lets nothing begin until the next boot: what it holds is unknown."""
        try:
            self._store.save(record)
        except OSError:
            self._faults.memory_fails = True
            return False
        return True

    def _begin(self, code: int, argument: int, sequence: int) -> None:
        now = self._clock_ms()
        self.doing = code, sequence
        self._began_at = now
        self._holds_item = self.sensors.occupied
        self._rest.forget()
        if code == CMD_OPEN:
            self.state = OPENING
            self._gate.open(now)
        elif code == CMD_SORT:
            self._begin_sort(argument, now)
        elif code == CMD_RETURN:
            self._begin_return(now)
        elif code == CMD_TEST:
            self.state = TESTING
            self.trial.begin(argument, self.sensors, now)
        elif code == CMD_HOLD:
            self.state = HELD
            self.hold.begin(argument, now)
        else:
            self._clear(now)

    def _begin_sort(self, bin_number: int, now: int) -> None:
        self._faults.gave_up = False
        if not self._holds_item:
            self._come_to_rest(self.state)
            return
        self.state = SORTING
        self._sort.begin(bin_number, now)

    def _begin_return(self, now: int) -> None:
        self.state = RETURNING
        self._awaits = self._holds_item
        if self._awaits:
            self._gate.open(now)
        else:
            self._gate.shut(now)

    def _clear(self, now: int) -> None:
        """A person has looked: everything goes home once more, and what still fails says so again."""
        self._faults.clear()
        self.hold.let_go(now)
        self._metal.drive_flap(False)
        self._close(now)

    def _close(self, now: int) -> None:
        self.state = CLOSING
        self._unlocked = Lasting()
        self._gate.shut(now)

    def _come_to_rest(self, state: int) -> None:
        self.state = state
        self.doing = None

    def _fail(self, fault: int, cause: int) -> None:
        """Gate or flap cannot be trusted: nothing is driven any more, except that a sound gate still shuts."""
        self._faults.latch(fault, cause)
        self._metal.stop()
        self._come_to_rest(FAILED)
        if fault == FAULT_GATE:
            self._gate.halt(cause)
        else:
            self._gate.shut(self._clock_ms())

    def _while_opening(self, now: int) -> None:
        if self.guard.unsafe:
            self._close(now)
            return
        doing = self._gate.look(self.sensors, now)
        if doing == gate.AT_END:
            self._come_to_rest(OPEN)
        elif doing == gate.FAILED:
            self._fail(FAULT_GATE, self._gate.cause)

    def _while_open(self, now: int) -> None:
        """Shuts behind an item, and when nothing could become of one that is put in."""
        item_in = self.sensors.occupied and not self.sensors.entry_beam
        out_of_order = self._faults.memory_fails or self._faults.latched != FAULT_NONE
        if item_in or self.guard.unsafe or out_of_order:
            self._close(now)

    def _while_closing(self, now: int) -> None:
        doing = self._gate.look(self.sensors, now)
        if doing == gate.FAILED:
            self._fail(FAULT_GATE, self._gate.cause)
        elif self._unlocked.reached(not self.sensors.flap_locked, now, HOME_MS):
            self._fail(FAULT_FLAP, CAUSE_LATE)
        elif doing == gate.AT_END and self.sensors.flap_locked:
            self._come_to_rest(SHUT)

    def _while_sorting(self, now: int) -> None:
        ended = self._sort.look(self.sensors, now)
        if ended == sort.GOING:
            return
        if ended == sort.COUNTED:
            self._count(CMD_SORT)
        self._faults.gave_up = ended == sort.UNCOUNTED
        self._rest.take_over(self._sort.drop)
        if self._sort.fault == FAULT_FLAP:
            self._fail(FAULT_FLAP, self._sort.cause)
            return
        if self._sort.fault != FAULT_NONE:
            self._faults.latch(self._sort.fault, self._sort.cause)
            self._metal.stop()
        self._come_to_rest(SHUT)

    def _count(self, how: int) -> None:
        """The totaliser and the sequence that moved it are one write: nothing else joins a drop to its intent."""
        record = self.record.copy()
        if record.totaliser == registers.U32:
            self._faults.memory_fails = True
            return
        record.totaliser += 1
        if how == CMD_SORT and self.doing is not None:
            record.counted = self.doing[1]
        elif how == CMD_TEST:
            record.drops_test += 1
        else:
            record.drops_manual += 1
        self._keep(record)

    def _while_returning(self, now: int) -> None:
        """*back* is written as soon as the item is out, be it while the gate still opens or already shuts again."""
        sensors = self.sensors
        doing = self._gate.look(sensors, now)
        is_out = not sensors.occupied and not sensors.entry_beam and sensors.weight_g <= ZERO_G
        if self._holds_item and is_out and sensors.flap_locked:
            self._hand_over(now)
        elif doing == gate.FAILED:
            self._fail(FAULT_GATE, self._gate.cause)
        elif self._awaits and now - self._began_at >= TAKE_OUT_MS:
            self._awaits = False
            self._gate.shut(now)
        elif not self._awaits and doing == gate.AT_END:
            self._come_to_rest(SHUT)

    def _hand_over(self, now: int) -> None:
        record = self.record.copy()
        if self.doing is not None:
            record.back = self.doing[1]
        self._keep(record)
        self._holds_item = self._awaits = False
        self._gate.shut(now)

    def _while_testing(self, now: int) -> None:
        trial = self.trial
        cause = trial.look(self.sensors, now)
        if trial.drop is not None and trial.drop.stage == DROPPED:
            trial.drop = None
            self._count(CMD_TEST)
        if cause == CAUSE_NONE and not trial.over:
            return
        self._rest.take_over(trial.drop)
        if cause == CAUSE_NONE:
            self._come_to_rest(SHUT)
        elif trial.part == registers.PART_SORTER:
            self._faults.latch(FAULT_SORTER, cause)
            self._metal.stop()
            self._come_to_rest(SHUT)
        else:
            self._fail(FAULT_GATE if trial.part == registers.PART_GATE else FAULT_FLAP, cause)

    def _let_trial_go(self, now: int) -> None:
        """Somebody stops it: the part stands where it is, as one that was held."""
        self.trial.let_go()
        self._gate.stand()
        self._rest.take_over(self.trial.drop)
        self.state = HELD
        self.hold.stand(now)

    def _while_held(self, now: int) -> None:
        """Home behind a shut door alone, once it was left for long or nobody minds the machine: before an open one nothing moves by itself."""
        goes_home = self.hold.look(self.sensors, self.guard.unsafe, now)
        nobody = not self.guard.beating and not self.hold.moves and not self.sensors.door_open
        if goes_home or nobody:
            # what was falling meanwhile is not followed through the way home
            self._rest.forget()
            self._metal.drive_flap(False)
            self._close(now)

    def _while_failed(self, now: int) -> None:
        """A gate that still shuts may fail as well."""
        if self._gate.look(self.sensors, now) == gate.FAILED and self._faults.latched != FAULT_GATE:
            self._fail(FAULT_GATE, self._gate.cause)

    def _look_at_rest(self, now: int) -> None:
        if self._rest.look(self.sensors, self.state, now):
            self._count(FAULT_NONE)
        if self._rest.fault in (FAULT_FLAP, FAULT_GATE):
            self._fail(self._rest.fault, self._rest.cause)
        elif self._rest.fault != FAULT_NONE and self._faults.latched == FAULT_NONE:
            self._faults.latch(self._rest.fault, self._rest.cause)
