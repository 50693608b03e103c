"""Driver and controller under every mixture of bad luck that hypothesis finds, on a virtual clock: what the driver tells must be what happened.

The real driver core, the real frames of ``ModbusBus``, the real server, controller and store; only the serial port and the metal are
in memory. Frames are lost, doubled, garbled or late in either direction, the port vanishes, either side starts anew at any moment.
"""

import tempfile
from itertools import count
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import Actuator, Answer, Command, CommandCode, ControllerFault, HotBlock, Motion
from drivers.intake.events import (
    CommandUnanswered,
    DoorOpened,
    DoorShut,
    FaultChanged,
    Hand,
    IntakeEvent,
    ItemDropped,
    ItemEntered,
    ItemSettled,
    LinkBack,
    LinkLost,
    Restarted,
    TakenBack,
)
from drivers.intake.worker import Intake
from wires.joined_line import FATES, MemoryBus, World

OPENS = (CommandCode.OPEN, CommandCode.TEST, CommandCode.HOLD)


class Promises:
    """What must hold of the events of one life of the driver, whatever happens. Each promise is one method."""

    def __init__(self, world: World, orders: dict[int, Command]) -> None:
        self._world = world
        self._orders = orders
        self._linked: bool | None = None
        self._entered = False
        self._openings = 0
        self._hand = False
        self._door: bool | None = None
        self._fault: tuple[int, int] | None = None

    def hold(self, events: list[IntakeEvent], seen: list[HotBlock], last: HotBlock | None) -> None:
        """The events of one turn, the blocks that it read (one at most), and the block before."""
        self.every_start_is_told(events, seen, last)
        for event in events:
            self.link_lost_and_back_take_turns(event)
            self.an_item_enters_before_it_settles(event)
            self.a_drop_is_of_a_sort_that_was_counted(event)
            self.what_is_given_up_was_not_taken(event)
            self.what_ends_had_begun(event)

    def link_lost_and_back_take_turns(self, event: IntakeEvent) -> None:
        match event:
            case LinkLost():
                assert self._linked is not False, "lost twice"
                self._linked = False
            case LinkBack():
                assert self._linked is not True, "back twice"
                self._linked = True
            case _:
                assert self._linked, f"{event} without a link"

    def every_start_is_told(self, events: list[IntakeEvent], seen: list[HotBlock], last: HotBlock | None) -> None:
        started = [hot for hot in seen if last is not None and self._linked and hot.boots != last.boots]
        assert [event.hot for event in events if isinstance(event, Restarted)] == started

    def a_block_answers_the_very_question(self, seen: list[HotBlock], nonces: list[int]) -> None:
        for hot, nonce in zip(seen, nonces, strict=True):
            numbers = hot.boots, hot.taken, hot.sorted, hot.counted, hot.back, hot.totaliser
            assert nonce in self._world.shown, "a block, and its question had never been answered"
            assert (hot.state, hot.occupied, hot.gate_shut, hot.gate_open, *numbers) in self._world.shown[nonce]

    def an_item_enters_before_it_settles(self, event: IntakeEvent) -> None:
        match event:
            case ItemEntered(hot):
                assert hot.occupied
                self._entered = True
                openings = [sequence for sequence in self._world.taken if self._orders[sequence].code in OPENS]
                assert len(openings) > self._openings, "entered through a gate that had not been opened since"
                self._openings = len(openings)
            case ItemSettled(hot):
                assert hot.occupied
                assert hot.steady
                assert self._entered, "settled without having entered, or twice"
                self._entered = False
            case LinkBack() | Restarted() | ItemDropped() | TakenBack():
                self._entered = False
            case _:
                pass

    def a_drop_is_of_a_sort_that_was_counted(self, event: IntakeEvent) -> None:
        match event:
            case ItemDropped(sequence, hot):
                assert sequence == hot.counted
                assert sequence in self._world.taken
                assert self._orders[sequence].code is CommandCode.SORT
            case TakenBack(sequence, hot):
                assert sequence == hot.back
                assert sequence in self._world.taken
                assert self._orders[sequence].code is CommandCode.RETURN
            case _:
                pass

    def what_is_given_up_was_not_taken(self, event: IntakeEvent) -> None:
        if isinstance(event, CommandUnanswered):
            assert event.sequence not in self._world.taken
            assert event.answer is not Answer.TAKEN

    def what_ends_had_begun(self, event: IntakeEvent) -> None:
        """Hand, door and fault; what stood when the link came back or the controller started is in that block."""
        match event:
            case LinkBack(_, hot) | Restarted(hot):
                self._hand, self._door, self._fault = False, hot.door_open, (hot.fault, hot.cause)
            case Hand(present):
                assert present is not self._hand
                self._hand = present
            case DoorOpened():
                assert self._door is False
                self._door = True
            case DoorShut():
                assert self._door is True
                self._door = False
            case FaultChanged(fault, cause):
                assert (fault, cause) != self._fault
                self._fault = fault, cause
            case _:
                pass


class IntakeMachine(RuleBasedStateMachine):
    """Rules are what people, session and misfortune do; some time passes after each."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="intake-machine-")
        self.world = World(Path(self._folder.name))
        self.orders: dict[int, Command] = {}
        self.dropped: list[int] = []
        self._sequences = count(2, 2)
        self._bottles = count(1)
        self._beats = count(1)
        self._beat = 0
        self._runner_lives = True

    @initialize()
    def begin(self) -> None:
        self.world.power_up()
        self.new_driver()

    def new_driver(self) -> None:
        self.bus = MemoryBus(self.world)
        self.intake = Intake(self.bus, self.world.clock, self.beat)
        self.promises = Promises(self.world, self.orders)
        self.last: HotBlock | None = None
        self.pending: int | None = None
        self.newest = 0

    def beat(self) -> int:
        if self._runner_lives:
            self._beat = next(self._beats)
        return self._beat

    def live(self, span_ms: int) -> None:
        until = self.world.milliseconds() + span_ms
        while (now := self.world.milliseconds()) < until:
            due = round(self.intake.next_at * 1000)
            if due > now:
                self.world.pass_ms(min(due, until) - now)
            else:
                self.turn()

    def turn(self) -> None:
        known, was_linked = len(self.bus.seen), self.last is not None
        events = self.intake.turn()
        assert set(self.world.written) <= {self.pending}, "a command written that was replaced, or dropped in doubt"
        self.world.written.clear()
        if any(isinstance(event, Restarted | LinkLost) for event in events):
            self.pending = None
        seen = self.bus.seen[known:]
        linked_anew = any(isinstance(event, LinkBack) for event in events)
        self.promises.a_block_answers_the_very_question(seen, self.bus.nonces[known:])
        self.promises.hold(events, seen, None if linked_anew or not was_linked else self.last)
        self.last = seen[-1] if seen else self.last
        if any(isinstance(event, LinkLost) for event in events):
            self.last = None
        self.dropped += [event.sequence for event in events if isinstance(event, ItemDropped)]
        assert self.dropped == sorted(set(self.dropped)), "a drop told twice, or out of order"
        assert self.world.taken == sorted(set(self.world.taken)), "a command taken twice, or out of order"
        assert set(self.world.taken) <= set(self.orders), "a command taken that nobody gave"

    @rule(
        code=st.sampled_from(CommandCode),
        bin=st.sampled_from((Bin(1), Bin(2))),
        part=st.sampled_from(Actuator),
        motion=st.sampled_from(Motion),
        older=st.integers(0, 9).map(lambda n: n == 0),
        span_ms=st.integers(0, 600),
    )
    def order(self, code: CommandCode, bin: Bin, part: Actuator, motion: Motion, older: bool, span_ms: int) -> None:
        """The session gives a command; now and then one that is older than the last and was never given before."""
        sequence = SequenceNumber(next(self._sequences) - (3 if older else 0))
        if sequence < 1:
            return
        self.give(
            Command(
                code,
                sequence,
                bin if code is CommandCode.SORT else None,
                part if code is CommandCode.TEST else None,
                motion if code is CommandCode.HOLD else None,
            )
        )
        self.live(span_ms)

    def give(self, command: Command) -> None:
        self.orders[command.sequence] = command
        events = self.intake.send(command)
        assert (CommandUnanswered in map(type, events)) == (command.sequence < self.newest), "an older command replaced a newer one"
        self.newest = max(self.newest, command.sequence)
        if self.last is None:
            return
        if command.sequence == self.newest:
            self.pending = self.newest
        self.promises.hold(events, [], None)

    @rule(accepted=st.booleans(), gate_ms=st.integers(50, 200), span_ms=st.integers(100, 1500))
    def bottle(self, accepted: bool, gate_ms: int, span_ms: int) -> None:
        """A visitor who brings a bottle: from the gate to the bin or back into the visitor's hand, as far as luck goes."""
        self.order_now(CommandCode.OPEN)
        self.live(gate_ms)
        self.world.metal.put(next(self._bottles))
        self.live(250)
        self.order_now(CommandCode.SORT if accepted else CommandCode.RETURN)
        self.live(150)
        if not accepted:
            self.world.metal.take()
        self.live(span_ms)

    def order_now(self, code: CommandCode) -> None:
        self.give(Command(code, SequenceNumber(next(self._sequences)), Bin(1) if code is CommandCode.SORT else None))

    @rule(what=st.sampled_from(("put", "take", "hand", "door", "supply", "jam", "runner")), span_ms=st.integers(10, 900))
    def people(self, what: str, span_ms: int) -> None:
        metal = self.world.metal
        match what:
            case "put":
                metal.put(next(self._bottles))
            case "take":
                metal.take()
            case "hand":
                metal.hand_in_gate = not metal.hand_in_gate
            case "door":
                metal.door_open = not metal.door_open
            case "supply":
                metal.supply_mv = 9000 if metal.supply_mv == 12_000 else 12_000
            case "jam":
                metal.jams = 1 if metal.jams == 0 else 0
            case _:
                self._runner_lives = not self._runner_lives
        self.live(span_ms)

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=6), of_commands=st.booleans(), span_ms=st.integers(20, 800))
    def bad_line(self, fates: list[str], of_commands: bool, span_ms: int) -> None:
        """What becomes of the next frames, the last first. There are few commands among many readings: they get their own bad luck."""
        if of_commands:
            self.world.fates_of_commands = fates
        else:
            self.world.fates = fates
        self.live(span_ms)

    @rule(cut=st.sampled_from(("before", "after")), span_ms=st.integers(20, 400))
    def fuse(self, cut: str, span_ms: int) -> None:
        """The power goes at the next durable write, and comes back."""
        self.world.fuse[:] = [cut]
        self.live(span_ms)
        self.world.fuse.clear()
        if self.world.controller is None:
            self.world.power_up()

    @rule(off_ms=st.integers(0, 3000))
    def power(self, off_ms: int) -> None:
        self.world.cut_power()
        self.live(off_ms)
        self.world.power_up()
        self.live(100)

    @rule(out_ms=st.integers(0, 3000))
    def plug(self, out_ms: int) -> None:
        self.world.plugged = False
        self.live(out_ms)
        self.world.plugged = True
        self.live(100)

    @precondition(lambda self: self.last is not None)
    @rule()
    def kiosk_starts_anew(self) -> None:
        self.new_driver()
        self.live(100)

    def teardown(self) -> None:
        try:
            if hasattr(self, "intake"):
                self.calm()
        finally:
            self._folder.cleanup()

    def calm(self) -> None:
        """Where nothing goes wrong any more, the link comes back and a command is taken."""
        world, metal = self.world, self.world.metal
        world.fates.clear()
        world.fates_of_commands.clear()
        world.fuse.clear()
        metal.hand_in_gate = metal.door_open = False
        metal.supply_mv, metal.jams = 12_000, 0
        self._runner_lives = world.plugged = True
        if world.controller is None:
            world.power_up()
        for _ in range(120):
            self.live(500)
            metal.take()
            if self.last is not None and self.last.ready and self.last.fault is not ControllerFault.SUPPLY:
                break
        assert self.last is not None, "the link did not come back"
        self.order_now(CommandCode.CLEAR if self.last.fault.latched else CommandCode.RETURN)
        wanted = max(self.orders)
        for _ in range(20):
            self.live(500)
            if self.last.taken == wanted:
                return
        raise AssertionError(f"not taken in 10 s: {self.orders[wanted]} by {self.last}")
