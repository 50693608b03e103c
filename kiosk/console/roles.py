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


_READS = frozenset({Deed.TODAY, Deed.DAYS, Deed.LEDGER, Deed.VOUCHERS, Deed.HELP})
_HELPS = frozenset({Deed.PAY, Deed.CONTEST, Deed.CLAIM, Deed.GRANT})

MAY: Mapping[Role, frozenset[Deed]] = {
    Role.DESK: _READS | _HELPS,
    Role.MANAGER: frozenset(Deed),
    Role.TECHNICIAN: frozenset({Deed.TODAY}),
    Role.AUDITOR: _READS | {Deed.EXPORT},
}


PLACES = (Deed.TODAY, Deed.VOUCHERS, Deed.DAYS, Deed.LEDGER)
"""Deeds that have a page of their own, in the order of their buttons; the others are done on one of these."""


def may(role: Role, deed: Deed) -> bool:
    return deed in MAY[role]
