"""All that the steps measure with: the controls, the hands, the chamber between them, the camera's source, and what the ledger says.

Put together here, used by the steps; no limit and no judgement lives here.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from config.clock import Clock
from config.settings import Settings
from drivers.camera.settings import device_settings
from drivers.camera.source import open_source
from drivers.camera.worker import OpenSource
from drivers.intake.bus import CommandCode, ControllerFault, ControllerState, HotBlock, ServiceLine, same_line
from drivers.intake.modbus import ModbusBus
from kiosk.begin import clock_for
from kiosk.deposit.obstacles import SOMETHING_G
from kiosk.selftest.books import BooksUnreadable, LedgerState, read_ledger
from kiosk.selftest.controls import Controls, Refused, needs_clear
from kiosk.selftest.devices import Devices
from kiosk.selftest.hands import Chore, Hands
from kiosk.selftest.results import StepReason
from kiosk.workers.tools import Borrowed

EFFECT_S = 3.0
"""How long a sensor may take to show what hands did."""

PUT_S = 10.0
"""How long something may take to come in: the twin's people draw it first."""

FOLLOWS_S = 1.0
"""What the scale feels the chamber's sensor sees within this time, or not at all."""

STEADY_S = 3.0

TAKE_OUT_S = 45.0
"""The controller holds the gate open for 30 s for whoever takes an item back."""


class Chamber:
    """What lies in the chamber, and the gate in front of it."""

    def __init__(self, controls: Controls, hands: Hands) -> None:
        self._controls = controls
        self._hands = hands
        self._inside: Chore | None = None

    def open_gate(self) -> HotBlock:
        """The gate stands open; nothing is done if it does already. Raises Refused, NotAtRest."""
        hot = self._controls.rest()
        return hot if hot.state is ControllerState.OPEN else self._controls.carry_out(CommandCode.OPEN)

    def put_in(self, what: Chore) -> HotBlock:
        """The hands put something in; how it looks once it lies still, or what is seen of it. What lay there before is handed back."""
        controls = self._controls
        if self._inside is what and controls.rest().occupied:
            return controls.read()
        self.empty()
        empty_g = self.open_gate().weight_g
        self._hands.do(what, controls.keep)
        self._inside = what
        controls.wait(lambda seen: seen.occupied or seen.weight_g >= empty_g + SOMETHING_G, PUT_S)
        if controls.wait(lambda seen: seen.occupied, FOLLOWS_S).occupied:
            controls.rest()
        return controls.wait(lambda seen: seen.steady, STEADY_S)

    def empty(self) -> HotBlock:
        """What lies there is handed back and taken out; the gate ends shut."""
        controls = self._controls
        hot = controls.rest()
        if hot.state is ControllerState.OPEN:
            if self._inside is not None:
                # the controller did not see it come in, and would shut the gate on it
                self._hands.do(Chore.TAKE_OUT, controls.keep)
            hot = controls.carry_out(CommandCode.RETURN)
        elif hot.occupied and hot.weight_g >= SOMETHING_G:
            controls.order(CommandCode.RETURN)
            self._hands.do(Chore.TAKE_OUT, controls.keep)
            hot = controls.rest(TAKE_OUT_S)
        self._inside = None
        return hot


@dataclass(slots=True)
class Rig:
    """``usable`` while a controller of the right program answers."""

    settings: Settings
    controls: Controls
    hands: Hands
    chamber: Chamber
    books: LedgerState | BooksUnreadable | None
    clock: Clock
    open_camera: OpenSource
    usable: bool = False
    devices: Devices | None = None
    """What a test at the screen has beside the intake."""
    _stands: ControllerFault | None = None

    @property
    def ledger(self) -> Path:
        return self.settings.files.ledger

    @property
    def demonstration(self) -> bool:
        return isinstance(self.books, LedgerState) and self.books.demonstration

    def forbidden(self, hot: HotBlock) -> tuple[StepReason, str] | None:
        """Why nothing may be moved now, or None.

        With an intent open in the ledger nothing is: the kiosk tells from the sequence of the last Return whether that bottle fell
        or came back, and a Return of the self-test's would change the answer.
        """
        if isinstance(self.books, BooksUnreadable):
            return StepReason.LEDGER_UNREADABLE, self.books.detail
        if self.books is not None and self.books.intent_open:
            return StepReason.OPEN_BOTTLE, ""
        return (StepReason.DOOR_OPEN, "") if hot.door_open else None

    def clear(self) -> HotBlock:
        """After a part has failed the next one is tested all the same: sends a Clear where one is needed and may be sent.

        Once only for a fault that stands after it. The state at the end; a Clear that was refused is none. Raises NotAtRest.
        """
        hot = self.controls.rest()
        if not needs_clear(hot):
            self._stands = None
        elif self._stands is not hot.fault and self.forbidden(hot) is None:
            with contextlib.suppress(Refused):
                hot = self.controls.clear()
            self._stands = hot.fault if needs_clear(hot) else None
        return hot


def build(settings: Settings, hands: Hands, wrap_line: Callable[[ServiceLine], ServiceLine] = same_line, clock: Clock | None = None) -> Rig:
    """The rig for what the configuration names, the kiosk being stopped. Tests wrap the line, or hand in a clock."""
    books = read_ledger(settings.files.ledger)
    demonstration = isinstance(books, LedgerState) and books.demonstration
    clock = clock or clock_for(settings, demonstration)
    controls = Controls(wrap_line(ModbusBus(settings.intake.port)), clock, time.sleep, beat=count(1).__next__)
    camera = partial(open_source, settings.camera.source, device_settings(settings.camera), clock, 0)
    return Rig(settings, controls, hands, Chamber(controls, hands), books, clock, camera)


def build_on_loan(settings: Settings, hands: Hands, borrowed: Borrowed, wrap_line: Callable[[ServiceLine], ServiceLine] = same_line) -> Rig:
    """The rig inside a kiosk that runs, on what it lends."""
    controls = Controls(wrap_line(borrowed.line), borrowed.clock, time.sleep, borrowed.line.beat)
    books = read_ledger(settings.files.ledger)
    return Rig(settings, controls, hands, Chamber(controls, hands), books, borrowed.clock, borrowed.open_camera)
