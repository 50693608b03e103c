"""What keeps a session from opening the gate, or from moving anything at all. Read from the session; nothing is decided about money."""

from typing import assert_never

from config.vocabulary import Bin
from drivers.intake.bus import LAST_SEQUENCE, LEAP, ControllerFault, ControllerState, HotBlock
from kiosk.deposit.halts import (
    BinsFull,
    BudgetSpent,
    DoorOpen,
    HallClosed,
    InService,
    ItemLeft,
    Jammed,
    MemoryFailed,
    Obstacle,
    SensorFailed,
    SequencesDisagree,
    SequencesUsedUp,
    StaffAtWork,
    SupplyLow,
    TakenLeapt,
    TotaliserLeapt,
)
from kiosk.deposit.loans import BottleOpen, Hindrance, ItemInside, NotInService, VisitOpen
from kiosk.deposit.states import Session

SOMETHING_G = 5
"""From here on something lies on the scale, whatever the sensor of the chamber says: the lightest bottle weighs 9 g."""


def leapt(session: Session) -> Obstacle | None:
    """Why a number that the controller told cannot be counted on: it would become the base of what is sent or booked next."""
    hot = session.hot
    if hot is None:
        return None
    if hot.taken > session.last_sequence:
        return TakenLeapt(hot.taken, session.last_sequence)
    if max(hot.sorted, hot.counted, hot.back) > hot.taken:
        return SequencesDisagree(hot.taken, hot.sorted, hot.counted, hot.back)
    if miscounts(session, hot):
        return TotaliserLeapt(hot.totaliser, session.totaliser)
    if session.last_sequence > LAST_SEQUENCE:
        return SequencesUsedUp(session.last_sequence)
    return None


def miscounts(session: Session, hot: HotBlock) -> bool:
    """Whether its totaliser must not be booked: all later ones would be below it."""
    return hot.totaliser > session.totaliser + LEAP


def standstill(session: Session) -> Obstacle | None:
    """Why not even a Return would be taken, or may be sent again; None if it may."""
    hot = session.hot
    if hot is None:
        return None
    leap = leapt(session)
    if leap is not None:
        return leap
    if hot.door_open:
        return DoorOpen()
    if hot.state is ControllerState.FAILED or hot.fault in (ControllerFault.STORE, ControllerFault.SUPPLY):
        return _of_fault(hot) or Jammed(hot.fault, hot.cause)
    if hot.occupied and session.offered >= session.rules.offers:
        return ItemLeft(session.offered)
    return None


def obstacle(session: Session) -> Obstacle | None:
    """Why the gate may not open for the next bottle; None if it may."""
    still = standstill(session)
    if still is not None:
        return still
    if session.service:
        return InService()
    if session.staff:
        return StaffAtWork()
    if session.resting is not None:
        return session.resting
    failed = _of_fault(session.hot) if session.hot is not None else None
    lost = failed or session.camera_lost or session.ledger_lost
    if lost is not None:
        return lost
    if session.closed_until is not None and session.visit is None and not session.visit_asked:
        return HallClosed(session.closed_until)
    if all_full(session):
        return BinsFull(_levels(session), session.rules.full_percent)
    if session.visit is None and session.possible == 0 and not session.without_money:
        return BudgetSpent(session.date_known)
    return None


def hindrance(session: Session) -> Hindrance | None:
    """Why line and camera may not be lent; None if they may, as far as the newest reading and the ledger know."""
    if not session.service:
        return NotInService()
    if session.intent is not None:
        return BottleOpen(session.intent.sequence)
    if session.visit is not None or session.visit_asked:
        return VisitOpen(session.visit.number if session.visit else None)
    return ItemInside() if session.hot is not None and session.hot.occupied and not only_seen(session.hot) else None


def only_seen(hot: HotBlock) -> bool:
    """Whether the chamber's sensor says that something lies there, and the scale feels nothing. For visitors the sensor is believed; a technician may have come for it."""
    return hot.occupied and hot.weight_g < SOMETHING_G


def unpaid(session: Session) -> bool:
    """Whether the visitor agreed to be paid nothing, and the day indeed has nothing left for the visit."""
    return session.without_money and (session.visit is None or session.visit.allowed == 0)


def full(session: Session, bin: int) -> bool:
    """Whether a bin takes nothing more."""
    return session.hot is not None and session.hot.bin_percent[bin - 1] >= session.rules.full_percent


def all_full(session: Session) -> bool:
    return all(full(session, bin) for bin in session.rules.bins.values())


def _levels(session: Session) -> tuple[tuple[Bin, int], ...]:
    percent = session.hot.bin_percent if session.hot is not None else ()
    return tuple((bin, percent[bin - 1]) for bin in session.rules.bins.values())


def _of_fault(hot: HotBlock) -> Obstacle | None:
    """What a fault of the controller's stands for. *Drop* is said of one Sort and stops nothing."""
    match hot.fault:
        case ControllerFault.NONE | ControllerFault.DROP:
            return None
        case ControllerFault.STORE:
            return MemoryFailed()
        case ControllerFault.GATE | ControllerFault.FLAP | ControllerFault.SORTER | ControllerFault.DROP_BEAM:
            return Jammed(hot.fault, hot.cause)
        case ControllerFault.ENTRY_BEAM | ControllerFault.SCALE:
            return SensorFailed(hot.fault, hot.cause)
        case ControllerFault.SUPPLY:
            return SupplyLow()
        case _:
            assert_never(hot.fault)
