"""Who may do what at the console: one table. A deed that is not in a role's row is neither offered nor done."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    DESK = "desk"
    MANAGER = "manager"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"
    """Reads only."""


class Deed(StrEnum):
    TODAY = "today"
    DAYS = "days"
    LEDGER = "ledger"
    EXPORT = "export"
    VOUCHERS = "vouchers"
    PAY = "pay"
    HELP = "help"
    """Find a visit, explain it, clear a jam."""
    CONTEST = "contest"
    CLAIM = "claim"
    """Reveal a voucher's code to who knows the visit."""
    GRANT = "grant"
    """Credit a bottle by hand."""
    BINS = "bins"
    EMPTY = "empty"
    """Bins, and the weights of carriers' slips."""
    REST = "rest"
    """Put the kiosk to rest with a message, and take it up again."""
    CLOSURES = "closures"
    CLOSE = "close"
    VERIFY = "verify"
    AGENTS = "agents"
    """Who may log in."""
    PIN = "pin"
    """One's own."""
    PRINT = "print"
    """Print a voucher again, and the day's report."""
    SELF_TEST = "self_test"
    """Of every part of the machine, one step after the other."""
    UPKEEP = "upkeep"
    """Faults, wear, cleaning, and the technical log."""
    LIVE = "live"
    """What the machine tells now, and its parts moved by touch: line and camera are lent."""
    CALIBRATION = "calibration"
    """Set scale and bins right."""
    CONFIGURATION = "configuration"
    """Every key of the configuration, and those changed that are safe to change."""
    ENROLMENT = "enrolment"
    """Make the kiosk known to the city, by its one-time code."""
    GENERATION = "generation"
    """Begin the ledger anew: the kiosk is commissioned or moved, or its controller was replaced. Two of those who may."""
    MORE = "more"
    """What has no button of its own beside every page."""


_READS = frozenset({Deed.TODAY, Deed.DAYS, Deed.LEDGER, Deed.VOUCHERS, Deed.HELP, Deed.BINS, Deed.CLOSURES, Deed.PIN, Deed.MORE})
_HELPS = frozenset({Deed.PAY, Deed.CONTEST, Deed.CLAIM, Deed.GRANT})

MAY: Mapping[Role, frozenset[Deed]] = {
    Role.DESK: _READS | _HELPS | {Deed.EMPTY, Deed.REST, Deed.PRINT},
    Role.MANAGER: frozenset(Deed),
    Role.TECHNICIAN: frozenset(
        {
            *(Deed.TODAY, Deed.PIN, Deed.MORE, Deed.SELF_TEST, Deed.LIVE, Deed.UPKEEP),
            Deed.CALIBRATION,
            Deed.CONFIGURATION,
            Deed.ENROLMENT,
            Deed.GENERATION,
        }
    ),
    Role.AUDITOR: _READS | {Deed.EXPORT, Deed.VERIFY},
}


ALWAYS = (Deed.TODAY, Deed.HELP, Deed.VOUCHERS, Deed.LEDGER, Deed.MORE)
"""Those whose buttons stand beside every page, in their order: five at most have room."""

PLACES = (
    *ALWAYS,
    Deed.SELF_TEST,
    Deed.LIVE,
    Deed.UPKEEP,
    Deed.CALIBRATION,
    Deed.CONFIGURATION,
    Deed.ENROLMENT,
    Deed.GENERATION,
    Deed.BINS,
    Deed.REST,
    Deed.CLOSURES,
    Deed.VERIFY,
    Deed.DAYS,
    Deed.AGENTS,
    Deed.PIN,
)
"""Deeds that have a page of their own; the others are done on one of these. Whose button does not stand always has it on the page of *more*."""

SERVICED = frozenset({Deed.SELF_TEST, Deed.LIVE, Deed.CALIBRATION, Deed.GENERATION})
"""While somebody is at one of these the machine is in service: it stands parked, and its line and camera may be lent (``kiosk/deposit/service.py``)."""


def may(role: Role, deed: Deed) -> bool:
    return deed in MAY[role]
