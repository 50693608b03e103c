"""What the card says of the last item, and the notes beside it: picture, words, and whose fault it was. A machine's fault is never told as the bottle's."""

from typing import assert_never

from config.vocabulary import Reason
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.parts.card import Saying, Tone
from kiosk.words.catalogue import Words


def saying_of(view: ViewState, words: Words) -> Saying:
    """The card of a screen on which bottles are put in."""
    match view.screen, view.item:
        case Screen.CHECKING, _:
            return Saying(Tone.WAIT, "insert", words.text("moment"))
        case Screen.REFUSED, _ if view.offered > 0:
            # said once already why it was refused: now that it is still there, and is to be taken out
            return _refused(Reason.LEFT_BEHIND, words)
        case _, LastItem(accepted=True, material=material, amount=amount) if material is not None:
            todo = words.text(f"item.accepted.{material}", amount=words.amount(amount)) if amount else ""
            return Saying(Tone.TAKEN, material.value, words.text("item.accepted"), todo)
        case _, LastItem(accepted=False, reason=reason) if reason is not None:
            return _refused(reason, words)
        case Screen.REFUSED, _:
            # something lies in the chamber and nobody knows what: the power was off
            return _refused(Reason.INTERRUPTED, words)
        case _:
            return Saying(Tone.HINT, "insert", words.text("feed.hint"))


def _refused(reason: Reason, words: Words) -> Saying:
    return Saying(tone_of(reason), picture_of(reason), words.text(f"item.{reason}"), words.text(f"item.{reason}.todo"))


def tone_of(reason: Reason) -> Tone:
    match reason:
        case Reason.CAMERA | Reason.BIN_FULL | Reason.INTERRUPTED | Reason.UNCOUNTED | Reason.DAY_BUDGET:
            return Tone.MACHINE
        case (
            Reason.UNREADABLE
            | Reason.TWO_CODES
            | Reason.TWO_ITEMS
            | Reason.CAN
            | Reason.NOT_EMPTY
            | Reason.TOO_LIGHT
            | Reason.RESTRICTED_CODE
            | Reason.DEMONSTRATION_CODE
            | Reason.PULLED_BACK
            | Reason.VISIT_LIMIT
            | Reason.FINISHED
            | Reason.LEFT_BEHIND
        ):
            return Tone.REFUSED
        case _:
            assert_never(reason)


def picture_of(reason: Reason) -> str:
    match reason:
        case Reason.UNREADABLE:
            return "turn"
        case Reason.TWO_ITEMS:
            return "two"
        case Reason.CAN:
            return "can"
        case Reason.NOT_EMPTY:
            return "not_empty"
        case Reason.TOO_LIGHT:
            return "thing"
        case Reason.TWO_CODES | Reason.RESTRICTED_CODE | Reason.DEMONSTRATION_CODE:
            return "code"
        case Reason.CAMERA:
            return "seen"
        case Reason.PULLED_BACK | Reason.INTERRUPTED | Reason.FINISHED | Reason.VISIT_LIMIT | Reason.LEFT_BEHIND:
            return "out"
        case Reason.BIN_FULL:
            return "bin_full"
        case Reason.DAY_BUDGET:
            return "coin"
        case Reason.UNCOUNTED:
            return "desk"
        case _:
            assert_never(reason)


FEW = 5
"""From so many bottles before its limit on, a visit is told how many are still possible."""


def possible_of(view: ViewState, words: Words, visit_bottles: int) -> str:
    """How many bottles are still possible, before the next goes in: once a visit nears its limit, or less than a visit is left in the day."""
    few = FEW if view.visit_number is not None else visit_bottles - 1
    if view.possible is None or view.possible > few:
        return ""
    return words.plural("note.possible" if view.visit_number is None else "note.possible.voucher", view.possible)


def full_of(view: ViewState, words: Words) -> str:
    """Which bin is full while the other still takes."""
    return words.text(f"note.full.{view.full[0]}") if len(view.full) == 1 else ""


def today_of(view: ViewState, words: Words) -> str:
    """What this machine has done today."""
    if view.today is None:
        return ""
    taken = words.plural("attract.taken_today", view.today.taken)
    return words.plural("attract.refused_today", view.today.refused, taken=taken) if view.today.refused else taken
