"""The view-state: all that a screen may know, frozen. One function makes it from a session; screens hold no rules."""

from dataclasses import dataclass
from enum import StrEnum

from config.vocabulary import NO_CENTS, Cents, Reason
from kiosk.deposit.states import Halt, LastItem
from ledger.vocabulary import Voucher


class Screen(StrEnum):
    """Which screen stands; UX section 2."""

    ATTRACT = "attract"
    FEEDING = "feeding"
    CHECKING = "checking"
    REFUSED = "refused"
    CHOOSE = "choose"
    GIFT = "gift"
    VOUCHER = "voucher"
    THANKS = "thanks"
    STILL_HERE = "still_here"
    ONE_MOMENT = "one_moment"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class ViewState:
    """``bottles``, ``cents`` and ``visit_number`` are of the open visit; ``remaining`` bottles it may still take."""

    screen: Screen
    visit_number: str | None = None
    bottles: int = 0
    cents: Cents = NO_CENTS
    remaining: int | None = None
    item: LastItem | None = None
    limit: Reason | None = None
    voucher: Voucher | None = None
    gift: Cents | None = None
    halt: Halt | None = None
