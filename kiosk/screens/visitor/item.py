"""What is said of the last item: the card of one that was taken, the page of one that was not, and the notes beside them.

A machine's fault is never told as the bottle's, and what was tried in vain is not told again: then help comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from config.vocabulary import Material, Reason
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.parts.card import Saying, Tone
from kiosk.words.catalogue import Words
from recognition.shown import Shown


def saying_of(view: ViewState, words: Words) -> Saying:
    """The card of a screen on which bottles are put in."""
    match view.screen, view.item:
        case Screen.CHECKING, _:
            return Saying(Tone.WAIT, "insert", words.text("moment"))
        case _, LastItem(accepted=True, material=material, amount=amount) if material is not None:
            todo = words.text(f"item.accepted.{material}", amount=words.amount(amount)) if amount else ""
            return Saying(Tone.TAKEN, material.value, words.text("item.accepted"), todo)
        case _:
            return Saying(Tone.HINT, "insert", words.text("feed.hint"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Three lines in the order in which they are read. ``machine``: it is to blame, and not the item. ``help_first``: what to do was done in vain."""

    reason: Reason
    picture: str
    title: str
    why: str
    todo: str
    machine: bool
    help_first: bool

    @property
    def lines(self) -> tuple[str, str, str]:
        """As they are read and spoken."""
        return self.title, self.why, self.todo


SPENT = frozenset({Reason.FINISHED, Reason.LEFT_BEHIND, Reason.VISIT_LIMIT, Reason.DAY_BUDGET})
"""There is nothing more to say of these once the item was taken back."""

PUT_AGAIN = frozenset(
    {
        *(Reason.UNREADABLE, Reason.TWO_CODES, Reason.TWO_ITEMS, Reason.NOT_EMPTY, Reason.RESTRICTED_CODE),
        *(Reason.UNSURE, Reason.OTHER_MATERIAL, Reason.HAND, Reason.OTHER_CODE),
    }
)
"""The same item may be taken, once its visitor has done what the title says. The titles of others say to take it back."""

NOT_INSIDE = frozenset({Reason.PULLED_BACK, Reason.UNCOUNTED})
"""Nothing lies there to be taken back when it is told."""

OF_THE_VOTES = frozenset(
    {
        *(
            Reason.NO_CODE,
            Reason.DEPOSIT,
            Reason.NOT_A_BOTTLE,
            Reason.CARTON,
            Reason.FLAT,
            Reason.SCREEN,
            Reason.TOO_LARGE,
            Reason.TOO_SMALL,
        ),
        *(Reason.WRONG_WEIGHT, Reason.REPEATED, Reason.MOVING, Reason.NOT_SEEN, Reason.SCALE),
    }
)
"""Their titles say to take it back."""

CHANGES = PUT_AGAIN | OF_THE_VOTES | {Reason.CAN, Reason.TOO_LIGHT, Reason.DEMONSTRATION_CODE, Reason.CAMERA, Reason.INTERRUPTED}
"""How to go on reads otherwise once it was taken back."""

IN_VAIN = PUT_AGAIN | OF_THE_VOTES | {Reason.CAN, Reason.TOO_LIGHT, Reason.CAMERA, Reason.INTERRUPTED, Reason.PULLED_BACK}
"""What the page says to do may be done in vain; then it says something else. A full bin stays full."""

TRIES = 2
"""The refusal in a row from which on what was said before is not said again."""

LABEL_TRIES = 3
"""The same for a code that is not read: the second time the machine says first that it needs the label."""


def reason_of(view: ViewState) -> Reason | None:
    """Why the last item is not taken, where that is what the page is about. None where nothing is to be said of it."""
    match view.screen, view.item:
        case Screen.REFUSED, _ if view.offered > 0:
            # said once already why it was refused: now that it is still there, and is to be taken out
            return Reason.LEFT_BEHIND
        case Screen.REFUSED, LastItem(accepted=False, reason=reason) if reason is not None:
            return reason
        case Screen.REFUSED, _:
            # something lies in the chamber and nobody knows what: the power was off
            return Reason.INTERRUPTED
        case Screen.FEEDING, LastItem(accepted=False, reason=reason) if reason not in SPENT:
            return reason
        case _:
            return None


def refusal_of(view: ViewState, words: Words) -> Refusal | None:
    """The page of an item that is not taken. While it is in the machine no title says to put something in."""
    reason = reason_of(view)
    if reason is None:
        return None
    inside = view.screen is Screen.REFUSED
    in_vain = reason in IN_VAIN and view.refusals >= (LABEL_TRIES if reason is Reason.UNREADABLE else TRIES)
    unlabelled = reason is Reason.UNREADABLE and view.refusals == TRIES
    key = "item.unlabelled" if unlabelled else f"item.{reason}"
    title = words.text(key)
    if in_vain and reason in PUT_AGAIN and inside:
        title = words.text("item.back")
    elif not inside and reason not in NOT_INSIDE and (in_vain or reason not in PUT_AGAIN):
        title = words.text("feed.title")
    why, todo = words.text(f"{key}.why"), words.text(f"{key}.{'todo' if inside or reason not in CHANGES else 'then'}")
    if in_vain:
        todo = words.text(f"item.{reason}.again")
    elif reason is Reason.BIN_FULL and view.item is not None and view.item.material is not None:
        why = words.text(f"item.bin_full.why.{view.item.material}")
        todo = todo if len(view.full) == len(Material) else words.text(f"item.bin_full.todo.{view.item.material}")
    return Refusal(reason, PICTURES[reason], title, why, todo, machine=machines(reason), help_first=in_vain)


def seen_as(shown: Shown) -> str:
    """The key of what the machine found in its picture."""
    return ("item.seen.none", "item.seen.one", "item.seen.more")[min(len(shown.codes), 2)]


def machines(reason: Reason) -> bool:
    """Whether the machine is to blame."""
    match reason:
        case (
            Reason.CAMERA
            | Reason.SCALE
            | Reason.NOT_SEEN
            | Reason.BIN_FULL
            | Reason.INTERRUPTED
            | Reason.UNCOUNTED
            | Reason.DAY_BUDGET
            | Reason.FINISHED
        ):
            return True
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
            | Reason.LEFT_BEHIND
            | Reason.NO_CODE
            | Reason.OTHER_CODE
            | Reason.DEPOSIT
            | Reason.NOT_A_BOTTLE
            | Reason.CARTON
            | Reason.FLAT
            | Reason.SCREEN
            | Reason.TOO_LARGE
            | Reason.TOO_SMALL
            | Reason.WRONG_WEIGHT
            | Reason.OTHER_MATERIAL
            | Reason.UNSURE
            | Reason.REPEATED
            | Reason.HAND
            | Reason.MOVING
        ):
            return False
        case _:
            assert_never(reason)


PICTURES: Mapping[Reason, str] = {
    **dict.fromkeys((Reason.UNREADABLE, Reason.UNSURE, Reason.OTHER_MATERIAL), "turn"),
    **dict.fromkeys((Reason.TWO_CODES, Reason.RESTRICTED_CODE, Reason.DEMONSTRATION_CODE, Reason.NO_CODE), "code"),
    **dict.fromkeys((Reason.OTHER_CODE, Reason.WRONG_WEIGHT), "code"),
    **dict.fromkeys((Reason.CAMERA, Reason.NOT_SEEN), "seen"),
    **dict.fromkeys((Reason.PULLED_BACK, Reason.INTERRUPTED, Reason.FINISHED, Reason.VISIT_LIMIT, Reason.LEFT_BEHIND), "out"),
    **dict.fromkeys((Reason.DEPOSIT, Reason.TOO_LARGE, Reason.TOO_SMALL, Reason.REPEATED, Reason.HAND, Reason.MOVING), "out"),
    Reason.TWO_ITEMS: "two",
    Reason.CAN: "can",
    Reason.NOT_EMPTY: "not_empty",
    Reason.TOO_LIGHT: "thing",
    Reason.NOT_A_BOTTLE: "jar",
    Reason.CARTON: "carton",
    Reason.FLAT: "sheet",
    Reason.SCREEN: "phone",
    Reason.SCALE: "weighed",
    Reason.BIN_FULL: "bin_full",
    Reason.DAY_BUDGET: "coin",
    Reason.UNCOUNTED: "desk",
}
"""What is drawn beside each."""

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
