"""One run in discrete time: the twin's machine, one life of the kiosk and a visitor at its screen, each turned when it is due."""

import math
import random
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from config.demonstration import ASSOCIATIONS
from config.state import Files
from config.vocabulary import Bin, Cents, Material
from drivers.twin.actions import Action, Break, Door, DriveFault, DriveName, Fill, Remove
from drivers.twin.items import Item
from drivers.twin.joined import JoinedTwin
from drivers.twin.mechanics import Mechanics
from drivers.twin.people import Sight
from kiosk.deposit.events import Event, Touched
from kiosk.deposit.states import Rules
from kiosk.deposit.view import Screen, ViewState
from kiosk.failures import RunStuck
from kiosk.log import Log
from ledger.generation import Beginning, begin
from ledger.journal import open_journal
from ledger.limits import Terms
from simulation.virtual.clock import VirtualClock
from simulation.virtual.life import Life, TurnedSight
from simulation.visitor import touch_for

REACTION_S = 0.5
"""From what a visitor sees to the touch that answers it."""

PATIENCE_S = 900.0
"""A run in which the machine takes nothing for so long, with bottles still to come, has failed."""

CALLED_S, CALLS = 120.0, 5
"""A machine that stood for so long has somebody from the desk come and look; after so many calls that helped nothing the run has failed."""

REWARD, VISIT_BOTTLES = Cents(20), 30
TERMS = Terms(
    reward=REWARD, visit_bottles=VISIT_BOTTLES, day_cents=Cents(1_000_000), voucher_page="https://consigne.example/bon", voucher_days=1095
)
LOOKS_AT: tuple[Action, ...] = (
    Door(is_open=True),
    *(Break(drive, DriveFault.RIGHT) for drive in DriveName),
    Remove(),
    *(Fill(bin, 0) for bin in (1, 2)),
)
LOOKS_MS = 5000
"""How long that somebody has the door open."""

BINS = {Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)}


class WorldSight(TurnedSight, Sight, Protocol):
    """Sees what the twin's people put in, and tells the kiosk."""


MakesSight = Callable[[VirtualClock, Callable[[Event], None]], WorldSight]


class Chance:
    """Randomness for keys, codes and visit numbers from a seed: right for play money, and never for any other."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def token_bytes(self, nbytes: int | None = None) -> bytes:
        return self._chance.randbytes(32 if nbytes is None else nbytes)

    def randbelow(self, exclusive_upper_bound: int) -> int:
        return self._chance.randrange(exclusive_upper_bound)


class World:
    """``twin`` and ``kiosk`` are the folders of the two; a run begins them new. ``show`` gets each view-state.

    ``later``: what other people do, each of whom comes when the one before has gone.
    ``on_call``: somebody comes when the machine has stopped for long, takes out what is caught, empties the bins and shuts the door again.
    """

    def __init__(
        self,
        *,
        twin: Path,
        kiosk: Path,
        items: dict[str, Item],
        scenario: tuple[Action, ...],
        mechanics: Mechanics,
        sight: "MakesSight",
        seed: int,
        on_call: bool,
        show: Callable[[ViewState], None],
        later: Iterable[tuple[Action, ...]] = (),
    ) -> None:
        self._later = deque(later)
        self._on_call = on_call
        self._calls = 0
        self._door_ms: int | None = None
        self._clock = VirtualClock()
        self._sight = sight(self._clock, self._post)
        self._show = show
        self._shown: ViewState | None = None
        self._went_on_ms = 0
        self._touch_ms: int | None = None
        self._began_ms: int | None = None
        self._twin = JoinedTwin(
            twin,
            mechanics=mechanics,
            clock=self._clock,
            clock_ms=self._clock.milliseconds,
            items=items,
            sight=self._sight,
            seed=seed,
            wait=self._pass,
        )
        self._twin.machine.play(scenario)
        kiosk.mkdir(parents=True, exist_ok=True)
        ledger = Files(kiosk).ledger
        chance = Chance(seed)
        begun = Beginning(
            "demonstration", "simulate", "run in virtual time", self._twin.controller_id, self._twin.totaliser, demonstration=True
        )
        begin(ledger, begun, clock=self._clock, random=chance, terms=TERMS)
        self._journal = open_journal(ledger, who="simulate --virtual-time", clock=self._clock, random=chance, terms=TERMS)
        rules = Rules(self._twin.controller_id, REWARD, VISIT_BOTTLES, BINS, associations=ASSOCIATIONS)
        log = Log(kiosk, self._clock)
        self._life = Life(self._journal, rules, self._twin.line, self._clock, self._sight, log, self._see)

    def run(self) -> float | None:
        """Until nobody is left at the machine; the seconds from the first bottle to the end, None without any. Raises RunStuck."""
        with closing(self._twin), closing(self._journal):
            while not self._over or self._next_comes():
                self._step()
        return None if self._began_ms is None else (self._clock.milliseconds() - self._began_ms) / 1000

    @property
    def _over(self) -> bool:
        here = self._shown is not None and self._shown.screen is Screen.ATTRACT
        return here and self._twin.machine.people.done

    def _next_comes(self) -> bool:
        """Whether somebody else does, now that the one before has gone."""
        if not self._later:
            return False
        self._twin.machine.people.queue(self._later.popleft())
        return True

    def _step(self) -> None:
        """Up to whatever is due next, and it: first the metal and its controller, then the kiosk, then the visitor."""
        now = self._clock.milliseconds()
        dues = [self._twin.machine.next_due_ms, math.ceil(self._life.due_s * 1000), self._touch_ms, self._door_ms]
        self._clock.turn_to(max(now + 1, min(due for due in dues if due is not None)))
        self._tick()
        self._life.turn()
        self._touch()
        self._shut_the_door()
        self._look_whether_it_goes_on()

    def _look_whether_it_goes_on(self) -> None:
        quiet_s = (self._clock.milliseconds() - self._went_on_ms) / 1000
        if self._shown is None:
            return
        if quiet_s > PATIENCE_S:
            raise RunStuck(self._shown.screen, self._shown.halt, quiet_s, self._clock.monotonic())
        stands = self._shown.screen is Screen.OUT_OF_ORDER and quiet_s > CALLED_S * (self._calls + 1)
        if self._on_call and stands and self._calls < CALLS and self._door_ms is None:
            self._calls += 1
            self._door_ms = self._clock.milliseconds() + LOOKS_MS
            self._twin.machine.people.interject(LOOKS_AT)

    def _shut_the_door(self) -> None:
        if self._door_ms is not None and self._clock.milliseconds() >= self._door_ms:
            self._door_ms = None
            self._twin.machine.people.interject((Door(is_open=False),))

    def _tick(self) -> None:
        due_ms = self._twin.machine.next_due_ms
        if due_ms is not None and due_ms <= self._clock.milliseconds():
            self._twin.machine.tick()

    def _pass(self, seconds: float) -> None:
        """Lets time pass for the machine alone, while the kiosk waits for the line."""
        until = self._clock.milliseconds() + math.ceil(1000 * seconds)
        while self._clock.milliseconds() < until:
            due_ms = self._twin.machine.next_due_ms
            self._clock.turn_to(min(until, max(self._clock.milliseconds() + 1, until if due_ms is None else due_ms)))
            self._tick()

    def _post(self, event: Event) -> None:
        self._life.runner.post(event)

    def _see(self, shown: ViewState) -> None:
        now = self._clock.milliseconds()
        self._shown = shown
        self._touch_ms = None
        if shown.screen not in (Screen.OUT_OF_ORDER, Screen.ONE_MOMENT):
            self._went_on_ms = now
            self._calls = 0
        if self._began_ms is None and shown.visit_number is not None:
            self._began_ms = now
        self._show(shown)

    def _touch(self) -> None:
        if self._shown is None:
            return
        touch = touch_for(self._shown.screen, self._shown.halt, lambda: self._twin.machine.people.done)
        now = self._clock.milliseconds()
        if touch is None:
            self._touch_ms = None
        elif self._touch_ms is None:
            self._touch_ms = now + round(1000 * REACTION_S)
        elif now >= self._touch_ms:
            self._touch_ms = None
            self._post(Touched(touch))
