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


_READS = frozenset({Deed.TODAY, Deed.DAYS, Deed.LEDGER, Deed.VOUCHERS})

MAY: Mapping[Role, frozenset[Deed]] = {
    Role.DESK: _READS | {Deed.PAY},
    Role.MANAGER: frozenset(Deed),
    Role.TECHNICIAN: frozenset({Deed.TODAY}),
    Role.AUDITOR: _READS | {Deed.EXPORT},
}


PLACES = (Deed.TODAY, Deed.VOUCHERS, Deed.DAYS, Deed.LEDGER)
"""Deeds that have a page of their own, in the order of their buttons; the others are done on one of these."""


def may(role: Role, deed: Deed) -> bool:
    return deed in MAY[role]
