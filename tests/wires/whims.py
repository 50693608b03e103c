"""The controller's life under sensors that a seed moves, and what holds whatever they say. Runs under MicroPython as well.

The metal follows its drives for the most part and people come and go, so that every state is reached; on top of it any sensor lies at
any moment, for a moment or for long, and commands come in any order.
"""

import os

from firmware.controller import TAKE_OUT_MS
from firmware.gate import CLEAR_MS, TRAVEL_MS, TRIES
from firmware.motion import OVER_MA
from firmware.registers import (
    ANSWER_TAKEN,
    AT_REST,
    CMD_CLEAR,
    CMD_HOLD,
    CMD_OPEN,
    CMD_RETURN,
    CMD_SORT,
    CMD_TEST,
    FAILED,
    FAULT_NONE,
    HELD,
    LATCHED,
    SORTING,
    TESTING,
)
from wires.bench import Bench, Chance, QuickStore

TO_REST_MS = TAKE_OUT_MS + (TRIES + 1) * (TRAVEL_MS + CLEAR_MS)
"""The longest that anything takes, a hand-back that is left and a gate that is stopped again and again; a hand may take longer."""

SWITCHES = ("occupied", "metal", "gate_shut", "gate_open", "entry_beam", "drop_beam", "flap_locked", "door_open")


class Whim:
    """Sensors by chance on a bench, whose drives are ``going``. ``liar`` is how seldom, in ticks, a sensor lies."""

    def __init__(self, bench: Bench, going: "dict[str, str]", chance: Chance, liar: int) -> None:
        self._bench = bench
        self._going = going
        self._chance = chance
        self._liar = liar
        self._lies: dict[str, tuple[int, bool | int]] = {}
        self._truth: dict[str, bool | int] = dict(bench.metal.sensors.__dict__)
        self._falls = 0

    def stir(self) -> "dict[str, bool | int]":
        """What the sensors say next."""
        self._follow_drives()
        self._let_people_come()
        if self._chance.below(self._liar) == 0:
            self._lie()
        self._lies = {name: (ticks - 1, value) for name, (ticks, value) in self._lies.items() if ticks > 0}
        said = dict(self._truth)
        for name, (_, value) in self._lies.items():
            said[name] = value
        return said

    def _follow_drives(self) -> None:
        truth = self._truth
        truth["drop_beam"] = self._falls == 2
        self._falls = (self._falls + 1) % 3 if self._falls else 0
        for drive in list(self._going.values()):
            if self._chance.below(6) == 0:
                self._arrive(drive)

    def _arrive(self, drive: str) -> None:
        truth = self._truth
        if drive.startswith("gate"):
            truth["gate_open"], truth["gate_shut"] = drive == "gate opens", drive == "gate shuts"
        elif drive.startswith("flap"):
            truth["flap_locked"] = drive == "flap shuts"
            if drive == "flap opens" and truth["occupied"] and self._chance.below(4):
                truth["occupied"], truth["weight_g"] = False, 0
                self._falls = 1
        else:
            truth["sorter_bin"] = int(drive[-1])

    def _let_people_come(self) -> None:
        truth = self._truth
        truth["entry_beam"] = bool(truth["gate_open"]) and self._chance.below(10) == 0
        if truth["gate_open"] and self._chance.below(20) == 0:
            truth["occupied"] = not truth["occupied"]
            truth["weight_g"] = 23 if truth["occupied"] else 0
        if self._chance.below(200) == 0:
            truth["door_open"] = not truth["door_open"]
        if truth["door_open"] and truth["occupied"] and self._chance.below(2) == 0:
            if truth["flap_locked"]:
                truth["flap_locked"] = False
            else:
                self._arrive("flap opens")
        if truth["door_open"] and self._chance.below(20) == 0:
            truth["door_open"] = False
        if self._chance.below(400) == 0:
            self._bench.beats = not self._bench.beats
        if not self._bench.beats and self._chance.below(100) == 0:
            self._bench.beats = True

    def _lie(self) -> None:
        """One sensor says something else than the truth, for a tick or for many."""
        ticks = self._chance.one_of((1, 1, 1, 5, 30, 200))
        kind = self._chance.below(len(SWITCHES) + 4)
        if kind < len(SWITCHES):
            name = SWITCHES[kind]
            self._lies[name] = ticks, not self._truth[name]
        else:
            name = ("weight_g", "sorter_bin", "motor_ma", "supply_mv")[kind - len(SWITCHES)]
            values = {"weight_g": (-30, 0, 3, 900), "sorter_bin": (0, 1, 2), "motor_ma": (0, OVER_MA + 1, 9000), "supply_mv": (0, 10700)}
            self._lies[name] = ticks, self._chance.one_of(values[name])


class Promises:
    """Looks over the controller's shoulder: at each drive, and after each tick. ``going`` is what each drive was last told."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.going = {"flap": "flap shuts", "gate": "gate shuts"}
        self._record = bench.store.record
        self._order = 0
        self.commanded = 0
        self.reached = {"counted": 0, "back": 0, "drops_test": 0, "drops_manual": 0, "failed": 0, "hands": 0, "latched": 0, "held": 0}
        bench.metal.on_drive = self.hold_at_a_drive

    def hold_at_a_drive(self) -> None:
        """Whatever is driven now."""
        controller = self._bench.controller
        if controller.doing is not None:
            sequence = controller.doing[1]
            assert self._bench.store.record.taken == sequence, "durable before anything moves"
            assert sequence != self.commanded or not controller.guard.unsafe, "nothing begins while it is unsafe"

    def hold(self) -> None:
        """After a tick, or a command."""
        self._hold_the_drives()
        self._follow_the_order()
        self._hold_the_record()
        state = self._bench.controller.state
        self.reached["failed"] += state == FAILED
        self.reached["held"] += state == HELD and self._bench.controller.hold.moves
        assert not self._bench.controller.hold.moves or not self._bench.controller.guard.unsafe, "nothing is held while it is unsafe"
        self.reached["hands"] += self._bench.controller.hand
        self.reached["latched"] += self._bench.controller.fault in LATCHED and state != FAILED

    def _hold_the_drives(self) -> None:
        controller = self._bench.controller
        code = 0 if controller.doing is None else controller.doing[0]
        for what in self._bench.driven():
            self.going[what[:4]] = what
            if what == "gate opens":
                forced = controller.sensors.entry_beam or controller.sensors.motor_ma > OVER_MA
                assert code in (CMD_OPEN, CMD_RETURN, CMD_TEST, CMD_HOLD) or forced, "the gate opens by a command, or gives way"
                assert controller.state != FAILED or forced
            elif what == "flap opens":
                assert controller.state in (SORTING, TESTING, HELD), "the flap opens in a Sort, a Test or a Hold"
                assert controller.state != SORTING or code == CMD_SORT
            elif what.startswith("sorter"):
                assert code in (CMD_SORT, CMD_TEST, CMD_HOLD)
            elif what == "stop":
                self.going.clear()

    def _follow_the_order(self) -> None:
        """What every drop has behind it, since the last: something in the chamber, then the beam with nothing in it, then all clear."""
        sensors = self._bench.controller.sensors
        clear = not sensors.occupied and not sensors.drop_beam and sensors.flap_locked and sensors.weight_g <= 2
        self._may_count = self._order == 2 and clear
        if sensors.occupied:
            self._order = 1
        elif self._order == 1 and sensors.drop_beam:
            self._order = 2

    def _hold_the_record(self) -> None:
        before, now = self._record, self._bench.store.record
        self._record = now
        rise = now.totaliser - before.totaliser
        assert rise in (0, 1)
        shares = (now.drops_test - before.drops_test, now.drops_manual - before.drops_manual, int(now.counted != before.counted))
        assert sum(shares) == rise, "every drop is one of a Sort, of a Test or of a hand"
        if rise:
            assert self._may_count, "no drop without its order"
            self._order = 0
        if now.counted != before.counted:
            assert now.counted == now.sorted > before.counted, "of the Sort that was taken last, once"
        if now.back != before.back:
            assert before.back < now.back <= now.taken
        assert now.taken >= before.taken
        for name in ("counted", "back", "drops_test", "drops_manual"):
            self.reached[name] += getattr(now, name) != getattr(before, name)


def lived(folder: "os.PathLike[str] | str", seed: int, ticks: int, liar: int) -> "dict[str, int]":
    """One controller's life; how often what was reached."""
    chance = Chance(seed)
    bench = Bench(folder, store=QuickStore())
    promises = Promises(bench)
    whim = Whim(bench, promises.going, chance, liar)
    moving_ms = calm_ms = 0
    for _ in range(ticks):
        step_ms = chance.one_of((2, 5, 20, 20, 60, 300))
        bench.tick(step_ms, **whim.stir())
        promises.hold()
        if chance.below(12) == 0:
            taken = bench.store.record.taken
            order(bench, promises, chance)
            if bench.controller.state == HELD and bench.store.record.taken != taken:
                # a technician goes on with another motion: what was held may stand as long again
                moving_ms = 0
        if bench.controller.state == HELD and bench.controller.doing is not None and chance.below(3) > 0:
            bench.controller.renew(bench.controller.doing[1] & 0xFFFF)
        before_an_open_door = bench.controller.state == HELD and bench.controller.sensors.door_open
        moving_ms = 0 if bench.controller.state in AT_REST or before_an_open_door else moving_ms + step_ms
        calm_ms = 0 if bench.controller.sensors.entry_beam else calm_ms + step_ms
        assert min(moving_ms, calm_ms) <= TO_REST_MS, "it comes to rest"
    bench.tick(entry_beam=False, door_open=False)
    bench.run(TO_REST_MS, step_ms=50)
    assert bench.controller.state in AT_REST, "whatever the sensors are stuck at"
    return promises.reached


def order(bench: Bench, promises: Promises, chance: Chance) -> None:
    """A command, mostly one that makes sense; a Clear where only that helps; now and then with an old sequence."""
    controller = bench.controller
    sequence = bench.store.record.taken + chance.one_of((1, 1, 1, 2, 0))
    sensible = CMD_SORT if controller.sensors.occupied else CMD_OPEN
    code = chance.one_of((CMD_OPEN, CMD_SORT, CMD_RETURN, CMD_TEST, CMD_HOLD, sensible, sensible, sensible))
    if controller.fault in LATCHED and chance.below(2) == 0:
        code = CMD_CLEAR
    latched = controller.fault in LATCHED
    promises.commanded = sequence if sequence > bench.store.record.taken else 0
    controller.command(code, 1 + chance.below(6 if code == CMD_HOLD else 3), sequence)
    promises.commanded = 0
    promises.hold()
    if controller.answer == ANSWER_TAKEN:
        assert not controller.guard.unsafe
        assert not latched or code in (CMD_RETURN, CMD_CLEAR)
        assert code != CMD_CLEAR or controller.fault not in LATCHED
    assert controller.state != FAILED or controller.fault != FAULT_NONE


def lives(folder: "os.PathLike[str] | str", seeds: range, ticks: int) -> "dict[str, int]":
    """All that was reached in so many lives; every third has sensors that hardly ever lie."""
    reached: dict[str, int] = {}
    for seed in seeds:
        for name, times in lived(folder, seed, ticks, (15, 60, 1000)[seed % 3]).items():
            reached[name] = reached.get(name, 0) + times
    return reached
