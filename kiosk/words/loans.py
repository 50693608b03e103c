"""Why the machine is not lent to a technician's tool, in one sentence that says what to do."""

from kiosk.deposit.loans import AlreadyLent, BottleOpen, Hindrance, ItemInside, NotInService, StillBusy, VisitOpen
from kiosk.words.catalogue import Words


def tell_hindrance(why: Hindrance, words: Words) -> str:
    match why:
        case NotInService():
            return words.text("service.refused.not_in_service")
        case VisitOpen(number):
            return words.text("service.refused.visit_open", number=number or "–")
        case BottleOpen(sequence):
            return words.text("service.refused.bottle_open", sequence=sequence)
        case ItemInside():
            return words.text("service.refused.item_inside")
        case StillBusy():
            return words.text("service.refused.still_busy")
        case AlreadyLent():
            return words.text("service.refused.already_lent")
        case _:
            raise TypeError(type(why).__name__)
