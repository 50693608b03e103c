"""Which page stands for a view-state and what the visitor has opened on top of it. A pure function, and the table of pages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from config.vocabulary import Reason
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.visitor.associations import Associations
from kiosk.screens.visitor.attract import Attract
from kiosk.screens.visitor.begun import Begun
from kiosk.screens.visitor.choose import Choose
from kiosk.screens.visitor.feeding import Feeding
from kiosk.screens.visitor.gift import Gift
from kiosk.screens.visitor.hand import Hand
from kiosk.screens.visitor.help import Help
from kiosk.screens.visitor.item import reason_of
from kiosk.screens.visitor.languages import Languages
from kiosk.screens.visitor.moment import Moment
from kiosk.screens.visitor.out_of_order import OutOfOrder
from kiosk.screens.visitor.page import Page
from kiosk.screens.visitor.parting import Parting
from kiosk.screens.visitor.refused import Refused
from kiosk.screens.visitor.resumed import Resumed
from kiosk.screens.visitor.settings import SettingsPage
from kiosk.screens.visitor.still_here import StillHere
from kiosk.screens.visitor.thanks import Thanks
from kiosk.screens.visitor.voucher import ShowVoucher


class Place(StrEnum):
    ATTRACT = "attract"
    BEGUN = "begun"
    FEEDING = "feeding"
    REFUSED = "refused"
    RESUMED = "resumed"
    CHOOSE = "choose"
    ASSOCIATIONS = "associations"
    GIFT = "gift"
    VOUCHER = "voucher"
    PARTING = "parting"
    THANKS = "thanks"
    STILL_HERE = "still_here"
    HAND = "hand"
    MOMENT = "moment"
    OUT_OF_ORDER = "out_of_order"
    HELP = "help"
    SETTINGS = "settings"
    LANGUAGES = "languages"


PAGES: dict[Place, type[Page]] = {
    Place.ATTRACT: Attract,
    Place.BEGUN: Begun,
    Place.FEEDING: Feeding,
    Place.REFUSED: Refused,
    Place.RESUMED: Resumed,
    Place.CHOOSE: Choose,
    Place.ASSOCIATIONS: Associations,
    Place.GIFT: Gift,
    Place.VOUCHER: ShowVoucher,
    Place.PARTING: Parting,
    Place.THANKS: Thanks,
    Place.STILL_HERE: StillHere,
    Place.HAND: Hand,
    Place.MOMENT: Moment,
    Place.OUT_OF_ORDER: OutOfOrder,
    Place.HELP: Help,
    Place.SETTINGS: SettingsPage,
    Place.LANGUAGES: Languages,
}


@dataclass(frozen=True, slots=True)
class Open:
    """What the visitor has opened that the session does not know of.

    ``begun``: a touch has begun, and no bottle has come yet. ``resumed``: the notice of the power cut has been read.
    """

    overlay: Place | None = None
    begun: bool = False
    resumed: bool = False


def _fell_uncounted(view: ViewState) -> bool:
    """What became of the bottle, and its visitor's way to the desk, is worth more than that the power was off."""
    return view.item is not None and view.item.reason is Reason.UNCOUNTED


def place_of(view: ViewState, open_: Open) -> Place:
    """Help, settings and languages lie over everything but what needs a hand out of the machine."""
    if open_.overlay is not None and view.screen is not Screen.HAND:
        return open_.overlay
    match view.screen:
        case Screen.ATTRACT:
            return Place.BEGUN if open_.begun else Place.ATTRACT
        case Screen.FEEDING if view.visit_number is None:
            # whoever agreed to hand in without money has brought nothing yet
            return Place.BEGUN
        case Screen.FEEDING if view.resumed and not open_.resumed and not view.without_money and not _fell_uncounted(view):
            return Place.RESUMED
        case Screen.FEEDING | Screen.CHECKING | Screen.REFUSED:
            return Place.FEEDING if reason_of(view) is None else Place.REFUSED
        case Screen.CHOOSE | Screen.ASSOCIATIONS | Screen.GIFT:
            return Place(view.screen.value)
        case Screen.VOUCHER:
            return Place.VOUCHER
        case Screen.PARTING:
            return Place.PARTING
        case Screen.THANKS:
            return Place.THANKS
        case Screen.STILL_HERE:
            return Place.STILL_HERE
        case Screen.HAND:
            return Place.HAND
        case Screen.ONE_MOMENT:
            return Place.MOMENT
        case Screen.OUT_OF_ORDER:
            return Place.OUT_OF_ORDER
        case _:
            assert_never(view.screen)
