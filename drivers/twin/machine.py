"""One simulated intake, put together: people, metal, the firmware on it, and its current. No process, port or clock of its own lives here."""

from collections.abc import Callable

from drivers.twin.actions import Action, HoldSheet, LineTrouble, PrinterDeed, Reset, Stage
from drivers.twin.breaking import Breaking
from drivers.twin.items import Item
from drivers.twin.mechanics import Mechanics
from drivers.twin.metal import SimulatedMetal
from drivers.twin.people import People, Sight
from drivers.twin.truth import Truth
from firmware.calibration import Calibration
from firmware.controller import Controller
from firmware.registers import AT_REST, FAULT_NONE
from firmware.server import Server
from firmware.store import Store

CONTROLLER_NEEDS_MV = 6000
"""With less the controller is dark: a regulator for 5 V needs about one more."""

CONTROLLER_SEES_MS = 2
"""How soon after something changed the controller should look again: most steps of its program follow one another so."""

UNDER_WAY_MS, WATCHING_MS = 20, 100
"""How long it may be left alone while it carries something out, and while it watches over an open gate or something that is not as it should be."""


class Machine:
    """Begins as a machine does whose power comes back: the store's record, the truth's items.

    ``clock_ms`` gives milliseconds that only rise. On a virtual clock: ``tick`` whenever ``next_due_ms`` is reached, and before each ``feed``.
    """

    def __init__(
        self,
        *,
        mechanics: Mechanics,
        clock_ms: Callable[[], int],
        store: Store,
        truth: Truth,
        items: dict[str, Item],
        sight: Sight,
        break_line: Callable[[LineTrouble], None],
        printer: Callable[[PrinterDeed | HoldSheet], None],
        controller_id: int,
        calibration: Calibration | None = None,
    ) -> None:
        self._clock_ms = clock_ms
        self._store = store
        self._calibration = calibration
        self._truth = truth
        self._sight = sight
        self._controller_id = controller_id
        self._scenario = False
        self._reset: Reset | None = None
        self._dark_until: int | None = None
        self._lamp_percent: int | None = None
        self._look_again_ms: int | None = None
        self._ticked_ms = clock_ms()
        self.powered = False
        """Whether the controller runs; without, ``controller`` and ``server`` are those of its last life."""
        self.metal = SimulatedMetal(mechanics, clock_ms, truth, items)
        breaking = Breaking(clock_ms, self.metal, truth, break_line, sight.spoil, self._order_reset, printer)
        self.people = People(clock_ms, self.metal, items, sight, breaking.act)
        self._power_up()

    @property
    def next_due_ms(self) -> int | None:
        """When the next tick is worth it, if nobody sends anything before: now or earlier is at once, None is never."""
        dues = [self.metal.due_ms(), self.people.due_ms(), self._dark_until, self._look_again_ms, self._controller_due_ms()]
        return min((due for due in dues if due is not None), default=None)

    def play(self, scenario: tuple[Action, ...]) -> None:
        """Lets the scenario's people come, except those who have been here before the twin's last start."""
        self._scenario = True
        self.people.queue(scenario, already_in=self._truth.scenario_puts)

    def tick(self) -> None:
        """What people do, what follows from it, and what the controller makes of that."""
        before = self._standing()
        self._ticked_ms = self._clock_ms()
        self.people.step()
        self._look_to_the_power(self.metal.advance())
        if self.powered:
            self.controller.tick()
        if self.metal.lamp_percent != self._lamp_percent:
            self._lamp_percent = self.metal.lamp_percent
            self._sight.light(self._lamp_percent)
        if self._scenario and self.people.done:
            self._truth.finish()
        self._look_again_ms = None
        self._note_change(before)

    def feed(self, data: bytes) -> bytes:
        """What the controller answers to what the line brought: nothing without current."""
        if not self.powered:
            return b""
        before = self._standing()
        answer = self.server.feed(data)
        self._note_change(before)
        return answer

    def _standing(self) -> tuple[object, ...]:
        """What a step of the controller's program may follow from."""
        return self.powered, self.controller.state, self.controller.doing, self.metal.standing

    def _note_change(self, before: tuple[object, ...]) -> None:
        if self._standing() != before:
            self._look_again_ms = self._clock_ms() + CONTROLLER_SEES_MS

    def _controller_due_ms(self) -> int | None:
        """When the controller should look again though nothing changes, for the sake of its own limits of time."""
        controller = self.controller
        if not self.powered:
            return None
        if controller.state not in AT_REST:
            return self._ticked_ms + UNDER_WAY_MS
        sensors = controller.sensors
        shut = sensors.gate_shut and sensors.flap_locked and not sensors.door_open
        quiet = shut and not sensors.entry_beam and not sensors.drop_beam and (sensors.occupied or sensors.weight_g == 0)
        return None if quiet and controller.fault == FAULT_NONE else self._ticked_ms + WATCHING_MS

    def _order_reset(self, reset: Reset) -> None:
        self._reset = reset

    def _look_to_the_power(self, reached: set[Stage]) -> None:
        """Cuts the controller, or lets it begin again. It is cut before it sees what was just reached."""
        now = self._clock_ms()
        if self._reset is not None and (self._reset.at is None or self._reset.at in reached):
            self._dark_until = now + self._reset.time_ms
            self._reset = None
        if self._dark_until is not None and now >= self._dark_until:
            self._dark_until = None
        lives = self._dark_until is None and self.metal.mains_mv >= CONTROLLER_NEEDS_MV
        if self.powered and not lives:
            self.powered = False
            self.metal.stop()
            self.metal.light(0)
            self.metal.watch(lambda: None)
        elif lives and not self.powered:
            self._power_up()

    def _power_up(self) -> None:
        self.powered = True
        self.controller = Controller(self.metal, self._store, self._clock_ms, self._calibration)
        self.server = Server(self.controller, self._controller_id, self._clock_ms)
        self.metal.watch(lambda: self.controller.doing)
