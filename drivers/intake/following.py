"""Successive hot blocks of the controller become events: ``advance``, a pure function, and what it must remember between two blocks."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from config.vocabulary import Bin
from drivers.intake.bus import ControllerFault, ControllerState, HotBlock
from drivers.intake.events import (
    BinLevel,
    DoorOpened,
    DoorShut,
    FaultChanged,
    IntakeEvent,
    ItemDropped,
    ItemEntered,
    ItemSettled,
    Restarted,
    Rested,
    TakenBack,
)


class ItemStage(Enum):
    """How far the item that came through the gate has been told.

    ::

        NONE ──gate opens──▶ AWAITED ──occupied, gate shuts──▶ ENTERED ──────shut, still───────▶ SETTLED
          ▲                     │ shut, empty                     │ shut, empty                      │ shut, empty
          └─────────────────────┴──── Sort or Return moves ───────┴──────────────────────────────────┘
    """

    NONE = auto()
    AWAITED = auto()
    ENTERED = auto()
    SETTLED = auto()


@dataclass(frozen=True, slots=True)
class Tracker:
    """What must be known of the past to read the next hot block."""

    last: HotBlock
    item: ItemStage


def begin(hot: HotBlock) -> Tracker:
    """The first block of a connection or of a controller's start. An item already behind the gate is nobody's: ``reconcile`` finds it."""
    awaited = hot.state in (ControllerState.OPENING, ControllerState.OPEN)
    return Tracker(hot, ItemStage.AWAITED if awaited else ItemStage.NONE)


def advance(tracker: Tracker, hot: HotBlock) -> tuple[Tracker, tuple[IntakeEvent, ...]]:
    """The events that happened since the last block, in causal order, also where polls skipped states in between.

    ============  =========================================================================================
    Restarted     *boots* changed; alone, nothing else is derived across a start
    ItemDropped   *counted* rose, at once, even while the flap still moves
    TakenBack     *back* rose; of both, the lower sequence first
    ItemEntered   the gate was open, and now shuts or is shut with the chamber occupied; once for each opening
    Rested        at rest now, and before: moving, in the other state of rest, or before a command was taken
    ItemSettled   after ItemEntered, once: shut, occupied, steady, and the controller's memory works. The fault *drop* is said of
                  the last Sort until the next one begins, so it says nothing of this item
    DoorOpened    the service door was shut, and is open; DoorShut the other way round
    Fault         fault or cause changed
    BinLevel      a bin's level changed, once a bin
    ============  =========================================================================================
    """
    last = tracker.last
    if hot.boots != last.boots:
        return begin(hot), (Restarted(hot),)
    ended: list[ItemDropped | TakenBack] = []
    if hot.counted > last.counted:
        ended.append(ItemDropped(hot.counted, hot))
    if hot.back > last.back:
        ended.append(TakenBack(hot.back, hot))
    events: list[IntakeEvent] = [*sorted(ended, key=lambda event: event.sequence), *_machine(last, hot)]
    item = _follow(tracker, hot)
    if item in (ItemStage.ENTERED, ItemStage.SETTLED) and tracker.item in (ItemStage.NONE, ItemStage.AWAITED):
        events.append(ItemEntered(hot))
    if hot.at_rest and (hot.state != last.state or hot.taken != last.taken):
        events.append(Rested(hot))
    if item is ItemStage.SETTLED and tracker.item is not ItemStage.SETTLED:
        events.append(ItemSettled(hot))
    return Tracker(hot, item), tuple(events)


def _machine(last: HotBlock, hot: HotBlock) -> list[IntakeEvent]:
    """What happened to the machine rather than to an item; before what rests on it."""
    events: list[IntakeEvent] = []
    if hot.door_open != last.door_open:
        events.append(DoorOpened(hot) if hot.door_open else DoorShut(hot))
    if (hot.fault, hot.cause) != (last.fault, last.cause):
        events.append(FaultChanged(hot.fault, hot.cause, hot))
    levels = zip(last.bin_percent, hot.bin_percent, strict=True)
    events += [BinLevel(Bin(number), now, hot) for number, (before, now) in enumerate(levels, 1) if now != before]
    return events


def _follow(tracker: Tracker, hot: HotBlock) -> ItemStage:
    before = tracker.item
    match hot.state:
        case ControllerState.OPENING | ControllerState.OPEN:
            return ItemStage.AWAITED
        case ControllerState.SORTING | ControllerState.RETURNING | ControllerState.TESTING | ControllerState.FAILED | ControllerState.HELD:
            return ItemStage.NONE
        case ControllerState.CLOSING | ControllerState.SHUT:
            if before is ItemStage.NONE and _opened_unseen(tracker.last, hot):
                before = ItemStage.AWAITED
        case _:
            assert_never(hot.state)
    if before is ItemStage.NONE or before is ItemStage.SETTLED:
        return before if hot.occupied else ItemStage.NONE
    if hot.state is ControllerState.CLOSING:
        return ItemStage.ENTERED if hot.occupied else before
    if not hot.occupied:
        return ItemStage.NONE
    return ItemStage.SETTLED if hot.steady and hot.fault is not ControllerFault.STORE else ItemStage.ENTERED


def _opened_unseen(last: HotBlock, hot: HotBlock) -> bool:
    """Shut and empty before, occupied now, and the command taken in between was neither a Sort nor a Return that handed something back."""
    empty_before = last.state is ControllerState.SHUT and not last.occupied
    return empty_before and hot.occupied and hot.taken > last.taken and hot.sorted == last.sorted and hot.back == last.back
