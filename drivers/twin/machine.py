"""One simulated intake, put together: people, metal, the firmware on it. No process, port or clock of its own lives here."""

from collections.abc import Callable

from drivers.twin.items import Item
from drivers.twin.mechanics import Mechanics
from drivers.twin.metal import SimulatedMetal
from drivers.twin.people import People, Sight
from drivers.twin.scenario import Action, LineFault
from drivers.twin.truth import Truth
from firmware.controller import Controller
from firmware.registers import AT_REST
from firmware.server import Server
from firmware.store import Store


class Machine:
    """Begins as a machine does whose power comes back: the store's record, the truth's item in the chamber.

    ``clock_ms`` gives milliseconds that only rise; on a virtual clock the whole machine runs on it.
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
        break_line: Callable[[LineFault], None],
        controller_id: int,
    ) -> None:
        self._truth = truth
        self._scenario = False
        self._metal = SimulatedMetal(mechanics, clock_ms, truth, items)
        self.people = People(mechanics, clock_ms, self._metal, items, sight, break_line)
        self.controller = Controller(self._metal, store, clock_ms)
        self.server = Server(self.controller, controller_id, clock_ms)
        self._metal.watch(lambda: self.controller.doing)

    @property
    def moving(self) -> bool:
        """Whether something moves now, so that the next tick should come soon."""
        return self.controller.state not in AT_REST or self._metal.moving or self.people.acting

    def play(self, scenario: tuple[Action, ...]) -> None:
        """Lets the scenario's people come, except those who have been here before the twin's last start."""
        self._scenario = True
        self.people.queue(scenario, already_in=self._truth.scenario_items)

    def tick(self) -> None:
        self.people.step()
        self.controller.tick()
        if self._scenario and self.people.done:
            self._truth.finish()
