"""The words that cross every package: what a bottle is made of, money, bins, whom a sum may be given to, and why something was handed back.

Codes and values only; the words that people read live in ``kiosk/words``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NewType

Cents = NewType("Cents", int)
"""Euro cents, always an integer."""

NO_CENTS = Cents(0)

Gtin = NewType("Gtin", str)
"""A retail code in canonical form: 13 digits (UPC-A padded, UPC-E expanded), or 8 digits for EAN-8."""

SequenceNumber = NewType("SequenceNumber", int)
"""Number of one command to the controller: u32, rising, each is executed at most once. 0 stands for none yet."""

Bin = NewType("Bin", int)
"""Number of a bin at the intake, from 1."""


OpeningSide = Literal["left", "right", "below"]
"""Where the opening for bottles is, beside the screen, as seen by whoever stands before it."""


@dataclass(frozen=True, slots=True)
class Association:
    """Whom a visitor may give the sum to. ``id`` stays for ever: entries name it. ``name`` is French, as the house speaks.

    ``names`` in other languages and ``purposes``, a line each, go by language; what is not there is told in French.
    """

    id: str
    name: str
    names: tuple[tuple[str, str], ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()

    def name_in(self, language: str) -> str:
        return dict(self.names).get(language, self.name)

    def purpose_in(self, language: str) -> str:
        """Empty where none was told."""
        purposes = dict(self.purposes)
        return purposes.get(language, purposes.get("fr", ""))


class Material(StrEnum):
    """What a taken bottle is made of."""

    GLASS = "glass"
    PLASTIC = "plastic"


class Reason(StrEnum):
    """Why an item was handed back, or why no item is taken.

    ==================  ==========================================  ==================
    reason              said of                                     who decides
    ==================  ==========================================  ==================
    unreadable          the way it lies: no code agreed, turn it    recognition
    two_codes           two products' codes in sight                recognition
    two_items           two things, by outline or codes and weight  recognition
    can                 metal                                       recognition
    not_empty           heavier than an empty one of its size       recognition
    too_light           nothing that could be a bottle              recognition
    restricted_code     in-store, coupon, book or press code        recognition
    demonstration_code  GS1 prefix 952 on a real kiosk              recognition
    other_code          a QR code, a DataBar: no retail code        recognition
    no_code             no code at all, once too often in a visit   recognition
    deposit             a deposit was paid for it: the shop's       recognition
    not_a_bottle        its outline: a jar, a can, a cup            recognition
    carton              its outline: a box                          recognition
    flat                without height: paper, card                 recognition
    screen              it shines by itself: a phone                recognition
    too_large           longer than what is taken                   recognition
    too_small           shorter than what is taken                  recognition
    wrong_weight        lighter than an empty one of its kind       recognition
    other_material      picture and weight say two materials        recognition
    unsure              the votes leave it open                     recognition
    repeated            its code and its weight came too often      recognition
    hand                something reaches in                        recognition
    moving              it does not lie still                       recognition
    not_seen            the machine: weight, and nothing in sight   recognition
    scale               the machine: a weight that is none          recognition
    camera              the machine: no usable picture              recognition
    pulled_back         the visitor took it out again               deposit session
    visit_limit         the visit's number of bottles is reached    deposit session
    day_budget          the day's money is used up                  deposit session
    bin_full            the machine: the bin of its material        deposit session
    interrupted         the machine: doubt, it starts over          deposit session
    uncounted           the machine: it fell, and nobody counted    deposit session
    finished            the visitor had finished                    deposit session
    left_behind         handed back, and still in the machine       deposit session
    ==================  ==========================================  ==================
    """

    UNREADABLE = "unreadable"
    TWO_CODES = "two_codes"
    TWO_ITEMS = "two_items"
    CAN = "can"
    NOT_EMPTY = "not_empty"
    TOO_LIGHT = "too_light"
    RESTRICTED_CODE = "restricted_code"
    DEMONSTRATION_CODE = "demonstration_code"
    OTHER_CODE = "other_code"
    NO_CODE = "no_code"
    DEPOSIT = "deposit"
    NOT_A_BOTTLE = "not_a_bottle"
    CARTON = "carton"
    FLAT = "flat"
    SCREEN = "screen"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    WRONG_WEIGHT = "wrong_weight"
    OTHER_MATERIAL = "other_material"
    UNSURE = "unsure"
    REPEATED = "repeated"
    HAND = "hand"
    MOVING = "moving"
    NOT_SEEN = "not_seen"
    SCALE = "scale"
    CAMERA = "camera"
    PULLED_BACK = "pulled_back"
    VISIT_LIMIT = "visit_limit"
    DAY_BUDGET = "day_budget"
    BIN_FULL = "bin_full"
    INTERRUPTED = "interrupted"
    UNCOUNTED = "uncounted"
    FINISHED = "finished"
    LEFT_BEHIND = "left_behind"


class Flag(StrEnum):
    """What staff are told of a bottle that was taken all the same: somebody may want to look at it.

    ===============  ==========================================================
    flag             said of
    ===============  ==========================================================
    unknown_product  nobody has told or learnt what its code stands for
    no_code          outline and weight alone have decided
    repeated         its code and its weight come often
    ===============  ==========================================================
    """

    UNKNOWN_PRODUCT = "unknown_product"
    NO_CODE = "no_code"
    REPEATED = "repeated"
