"""What keeps a session from opening the gate, or from moving anything at all. Read from the session; nothing is decided about money."""

from drivers.intake.bus import LAST_SEQUENCE, LEAP, ControllerFault, ControllerState, HotBlock
from kiosk.deposit.states import Halt, Session, Stopped

_HALTS = {
    ControllerFault.STORE: Halt.MEMORY,
    ControllerFault.GATE: Halt.JAM,
    ControllerFault.FLAP: Halt.JAM,
    ControllerFault.SORTER: Halt.JAM,
    ControllerFault.DROP_BEAM: Halt.JAM,
    ControllerFault.ENTRY_BEAM: Halt.SENSOR,
    ControllerFault.SCALE: Halt.SENSOR,
    ControllerFault.SUPPLY: Halt.SUPPLY,
}
"""A fault's class. The fault *drop* is said of one Sort and stops nothing."""


def leapt(session: Session) -> Stopped | None:
    """Why a number that the controller told cannot be counted on: it would become the base of what is sent or booked next."""
    hot = session.hot
    if hot is None:
        return None
    if hot.taken > session.last_sequence:
        return Stopped(Halt.NUMBERS, f"taken {hot.taken}, last used {session.last_sequence}")
    if max(hot.sorted, hot.counted, hot.back) > hot.taken:
        return Stopped(Halt.NUMBERS, f"sorted {hot.sorted}, counted {hot.counted}, back {hot.back}, taken {hot.taken}")
    if miscounts(session, hot):
        return Stopped(Halt.NUMBERS, f"totaliser {hot.totaliser}, booked {session.totaliser}")
    if session.last_sequence > LAST_SEQUENCE:
        return Stopped(Halt.NUMBERS, f"no sequence is left above {session.last_sequence}")
    return None


def miscounts(session: Session, hot: HotBlock) -> bool:
    """Whether its totaliser must not be booked: all later ones would be below it."""
    return hot.totaliser > session.totaliser + LEAP


def standstill(session: Session) -> Stopped | None:
    """Why not even a Return would be taken, or may be sent again; None if it may."""
    hot = session.hot
    if hot is None:
        return None
    leap = leapt(session)
    if leap is not None:
        return leap
    if hot.door_open:
        return Stopped(Halt.DOOR, "service door")
    if hot.state is ControllerState.FAILED or hot.fault in (ControllerFault.STORE, ControllerFault.SUPPLY):
        return Stopped(_HALTS.get(hot.fault, Halt.JAM), _named(session))
    if hot.occupied and session.offered >= session.rules.offers:
        return Stopped(Halt.LEFT_BEHIND, f"offered {session.offered} times")
    return None


def obstacle(session: Session) -> Stopped | None:
    """Why the gate may not open for the next bottle; None if it may."""
    still = standstill(session)
    if still is not None:
        return still
    if session.hot is not None and session.hot.fault in _HALTS:
        return Stopped(_HALTS[session.hot.fault], _named(session))
    if session.camera_lost is not None:
        return Stopped(Halt.CAMERA, session.camera_lost)
    if session.ledger_lost is not None:
        return Stopped(Halt.LEDGER, session.ledger_lost)
    if session.closed_until is not None and session.visit is None and not session.visit_asked:
        return Stopped(Halt.CLOSED, f"until {session.closed_until.isoformat()}")
    if all_full(session):
        return Stopped(Halt.BINS_FULL, "every bin")
    if session.visit is None and session.possible == 0 and not session.without_money:
        return Stopped(
            Halt.DAY_BUDGET, "renewed at midnight" if session.date_known else "renewed after 24 h of running, for want of a date"
        )
    return None


def unpaid(session: Session) -> bool:
    """Whether the visitor agreed to be paid nothing, and the day indeed has nothing left for the visit."""
    return session.without_money and (session.visit is None or session.visit.allowed == 0)


def full(session: Session, bin: int) -> bool:
    """Whether a bin takes nothing more."""
    return session.hot is not None and session.hot.bin_percent[bin - 1] >= session.rules.full_percent


def all_full(session: Session) -> bool:
    return all(full(session, bin) for bin in session.rules.bins.values())


def _named(session: Session) -> str:
    hot = session.hot
    return f"{hot.fault.name.lower()}, {hot.cause.name.lower()}" if hot is not None else ""
