"""The power is cut at every step of a visit, and is back after a minute or after an hour: what whoever stands there sees, books and city at the end.

After a minute the visit goes on under its number with its sum, or its voucher is shown again; after an hour the sum waits unclaimed. No bottle is lost and no cent doubled:
``journey.py`` holds what fell, the ledger and the city against each other. Cuts at the exact steps of a transaction are ``power_cuts.py``'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from kiosk.deposit.states import (
    Checking,
    Choosing,
    ConfirmingGift,
    Intending,
    Issuing,
    Parting,
    Ready,
    Returning,
    Showing,
    Shutting,
    Sorting,
    StillHere,
    Stopped,
    Thanking,
)
from kiosk.screens.visitor.place import Place
from people.journey import KEYS_ARE_LONG, City, MakeBooth, Seen, comes_to, not_seen
from people.person import Way
from worlds.booth import CAN, GLASS, PLASTIC, Booth

A_MINUTE_S, AN_HOUR_S = 60.0, 3600.0

WELCOME: Seen = (Place.ATTRACT, "Rendez vos bouteilles")
TAKE_BACK: Seen = (Place.REFUSED, "Reprenez votre bouteille", "La machine s’est arrêtée sans la compter.")
UNCOUNTED: Seen = (
    Place.REFUSED,
    "Dites-le à l’accueil",
    "La machine a pris la bouteille sans la compter.",
    "Donnez votre numéro de visite.",
)
JAMMED: Seen = (Place.OUT_OF_ORDER, "La machine est bloquée.", "Demandez de l’aide à l’accueil.")
HAND: Seen = (Place.HAND, "Retirez votre main, s’il vous plaît.")
LEFT: Seen = (Place.OUT_OF_ORDER, "Un objet est resté dans la machine.", "Ouvrir pour reprendre")


def resumed(total: str) -> Seen:
    return (Place.RESUMED, "Coupure de courant", f"Votre total est de {total} €.")


def nobody(hall: Booth) -> None:
    """Nobody has been there, and the gate is open."""
    until_phase(hall, Ready)


def begun(hall: Booth) -> None:
    hall.person.asks("begin")
    hall.stands(Place.BEGUN)


def feeding(hall: Booth) -> None:
    hall.puts_in(PLASTIC)


def refused_first(hall: Booth) -> None:
    hall.puts_in(CAN)


def checking(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.say(GLASS)
    until_phase(hall, Checking)


def intending(hall: Booth) -> None:
    """The intent is durable, and its Sort is not sent."""
    hall.puts_in(PLASTIC)
    hall.say(GLASS)
    hall.until(lambda: len(hall.entries("intent")) == 2)


def sorting(hall: Booth) -> None:
    """The Sort is sent, and the bottle lies on the flap."""
    hall.puts_in(PLASTIC)
    hall.say(GLASS)
    until_phase(hall, Sorting)
    assert fallen(hall) == 1


def falling(hall: Booth) -> None:
    """It is in the bin, and the controller has not counted it."""
    hall.puts_in(PLASTIC)
    hall.say(GLASS)
    hall.until(lambda: fallen(hall) == 2)
    assert counted(hall) == 1


def uncredited(hall: Booth) -> None:
    """The controller has counted it, and the ledger has not heard."""
    hall.puts_in(PLASTIC)
    hall.say(GLASS)
    hall.until(lambda: counted(hall) == 2)
    assert len(hall.entries("credit")) == 1


def refused(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.say(CAN)
    until_phase(hall, Returning)


def hand(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.say("hand 5000", GLASS)
    hall.stands(Place.HAND)


def jam(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.say("jam half", GLASS)
    hall.stands(Place.OUT_OF_ORDER)


def left_behind(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.say("leave 9", CAN)
    hall.stands(Place.OUT_OF_ORDER)


def shutting(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.person.asks("finish")
    until_phase(hall, Shutting)


def choosing(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.person.asks("finish")
    hall.stands(Place.CHOOSE)


def gift(hall: Booth) -> None:
    choosing(hall)
    hall.person.asks("give")
    hall.stands(Place.GIFT)


def given(hall: Booth) -> None:
    """The gift is durable, and nobody has been thanked."""
    gift(hall)
    hall.person.asks("confirm_gift")
    hall.until(lambda: hall.entries("gift") != [])


def keeping(hall: Booth) -> None:
    """Keep was touched, and nobody has heard it."""
    choosing(hall)
    hall.person.asks("keep")


def issuing(hall: Booth) -> None:
    """The voucher is durable, and has not been shown."""
    choosing(hall)
    hall.person.asks("keep")
    hall.until(lambda: hall.entries("voucher") != [])


def voucher(hall: Booth) -> None:
    choosing(hall)
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)


def noted(hall: Booth) -> None:
    voucher(hall)
    hall.person.asks("done")
    hall.stands(Place.PARTING)


def voucher_left_alone(hall: Booth) -> None:
    voucher(hall)
    hall.stands(Place.PARTING)


def silent(hall: Booth) -> None:
    """Nothing was said after Finish, and the voucher came by itself."""
    choosing(hall)
    hall.stands(Place.VOUCHER)


def timed_out(hall: Booth) -> None:
    still_here(hall)
    hall.stands(Place.PARTING)


def timed_out_and_seen(hall: Booth) -> None:
    timed_out(hall)
    hall.person.asks("voucher")
    hall.stands(Place.VOUCHER)


def parted(hall: Booth) -> None:
    noted(hall)
    hall.person.asks("done")
    until_phase(hall, Ready)


def thanks(hall: Booth) -> None:
    gift(hall)
    hall.person.asks("confirm_gift")
    hall.stands(Place.THANKS)


def still_here(hall: Booth) -> None:
    hall.puts_in(PLASTIC)
    hall.stands(Place.STILL_HERE)


def until_phase(hall: Booth, phase: type) -> None:
    hall.until(lambda: isinstance(hall.session.phase, phase))


def fallen(hall: Booth) -> int:
    return hall.metal.read_text().count('"fell"')


def counted(hall: Booth) -> int:
    return hall.twin.machine.controller.record.totaliser


Asks = tuple[tuple[str, Place], ...]
KEEPS: Asks = (("finish", Place.CHOOSE), ("keep", Place.VOUCHER))
KEEPS_AT_A_HALT: Asks = (("keep", Place.CHOOSE), ("keep", Place.VOUCHER))
PLASTIC_ALONE = {"visit": 1, "credit plastic 20": 1}
KEPT = PLASTIC_ALONE | {"voucher kept 20": 1}


@dataclass(frozen=True, slots=True)
class Cut:
    """``reach``: how to get there; ``phase``: what the session is in then. ``soon`` and ``late``: what is seen after a minute and after an hour.

    ``asks``: what the visitor who waited a minute asks for, to where that leads; nothing once the visit has ended. ``ledger``: all entries
    but those that end the visit or its voucher; which are ``ends_soon`` once the visitor has asked, and ``ends_late`` if nobody has.
    """

    reach: Callable[[Booth], None]
    phase: type
    soon: tuple[Seen, ...]
    late: tuple[Seen, ...] = (WELCOME,)
    asks: Asks = KEEPS
    ledger: Mapping[str, int] = field(default_factory=lambda: PLASTIC_ALONE)
    ends_soon: Mapping[str, int] = field(default_factory=lambda: {"voucher kept 20": 1})
    ends_late: Mapping[str, int] = field(default_factory=lambda: {"voucher power_cut 20": 1, "shown": 1})


def over(reach: Callable[[Booth], None], phase: type, ledger: Mapping[str, int]) -> Cut:
    """Nobody's visit is open: nothing is left to be asked for."""
    return Cut(reach, phase, (WELCOME,), asks=(), ledger=ledger, ends_soon={}, ends_late={})


def hidden(reach: Callable[[Booth], None], phase: type) -> Cut:
    """A voucher that has not been taken away: it is shown again to whoever still waits, and to nobody an hour later."""
    shown: Seen = (Place.VOUCHER, "Votre bon : 0,20 €")
    asks = (("done", Place.PARTING), ("done", Place.ATTRACT))
    return Cut(reach, phase, (shown,), asks=asks, ledger=KEPT, ends_soon={"shown": 1}, ends_late={"shown": 1})


def numbered(reach: Callable[[Booth], None], phase: type) -> Cut:
    """Kept for whoever walked away: the number is shown again to whoever still waits, and to nobody an hour later."""
    shown: Seen = (Place.PARTING, "0,20 € gardés pour vous", "Voir mon bon")
    asks = (("voucher", Place.VOUCHER), ("done", Place.PARTING), ("done", Place.ATTRACT))
    ledger = PLASTIC_ALONE | {"voucher timed_out 20": 1}
    return Cut(reach, phase, (shown,), asks=asks, ledger=ledger, ends_soon={"shown": 1}, ends_late={"shown": 1})


CUTS = {
    "nobody": over(nobody, Ready, {}),
    "begun": over(begun, Ready, {}),
    "refused first": Cut(
        refused_first,
        Ready,
        (resumed("0,00"),),
        asks=(("resume", Place.FEEDING), ("finish", Place.ATTRACT)),
        ledger={"visit": 1},
        ends_soon={"closed": 1},
        ends_late={"closed": 1},
    ),
    "feeding": Cut(feeding, Ready, (resumed("0,20"),)),
    "checking": Cut(checking, Checking, (TAKE_BACK, resumed("0,20")), (TAKE_BACK, WELCOME)),
    "intent durable": Cut(
        intending, Intending, (TAKE_BACK, resumed("0,20")), (TAKE_BACK, WELCOME), ledger=PLASTIC_ALONE | {"cancelled": 1}
    ),
    "sort sent": Cut(sorting, Sorting, (TAKE_BACK, resumed("0,20")), (TAKE_BACK, WELCOME), ledger=PLASTIC_ALONE | {"cancelled": 1}),
    "fallen, not counted": Cut(falling, Sorting, (UNCOUNTED,), ledger=PLASTIC_ALONE | {"uncounted": 1}),
    "counted, not credited": Cut(
        uncredited,
        Sorting,
        (resumed("0,40"),),
        ledger=PLASTIC_ALONE | {"credit glass 20": 1},
        ends_soon={"voucher kept 40": 1},
        ends_late={"voucher power_cut 40": 1, "shown": 1},
    ),
    "refused": Cut(refused, Returning, (TAKE_BACK, resumed("0,20")), (TAKE_BACK, WELCOME)),
    "hand": Cut(hand, Checking, (HAND, TAKE_BACK, resumed("0,20")), (HAND, TAKE_BACK, WELCOME)),
    "jam": Cut(jam, Stopped, ((*JAMMED, "0,20"),), (JAMMED,), asks=KEEPS_AT_A_HALT, ledger=PLASTIC_ALONE | {"uncounted": 1}),
    "left behind": Cut(left_behind, Stopped, (TAKE_BACK, (*LEFT, "0,20")), (TAKE_BACK, LEFT), asks=KEEPS_AT_A_HALT),
    "finish heard": Cut(shutting, Shutting, (resumed("0,20"),)),
    "choose": Cut(choosing, Choosing, (resumed("0,20"),)),
    "gift": Cut(gift, ConfirmingGift, (resumed("0,20"),)),
    "gift durable": over(given, Issuing, PLASTIC_ALONE | {"gift 20": 1}),
    "keep touched": Cut(keeping, Choosing, (resumed("0,20"),)),
    "voucher durable": hidden(issuing, Issuing),
    "voucher": hidden(voucher, Showing),
    "voucher by itself": hidden(silent, Showing),
    "voucher noted": hidden(noted, Parting),
    "voucher left alone": hidden(voucher_left_alone, Parting),
    "timed out": numbered(timed_out, Parting),
    "timed out, voucher seen": numbered(timed_out_and_seen, Showing),
    "parted": over(parted, Ready, KEPT | {"shown": 1}),
    "thanks": over(thanks, Thanking, PLASTIC_ALONE | {"gift 20": 1}),
    "still here": Cut(still_here, StillHere, (resumed("0,20"),)),
}

TELLING = ("left behind", "sort sent", "fallen, not counted", "counted, not credited", "jam", "choose", "voucher")
"""Each where the cut leaves something else to be told: what every run tries."""


MOMENTS = [pytest.param(cut, id=name, marks=() if name in TELLING else pytest.mark.long) for name, cut in CUTS.items()]


def cut_in(hall: Booth, cut: Cut, dark_s: float, until: Sequence[Seen]) -> None:
    """Gets there, cuts the current, and waits until that has been seen since."""
    cut.reach(hall)
    assert isinstance(hall.session.phase, cut.phase)
    hall.seen.clear()
    hall.cut(dark_s)
    hall.until(lambda: not_seen(hall.seen, until) is None)


@KEYS_ARE_LONG
@pytest.mark.parametrize("cut", MOMENTS)
def test_back_after_a_minute_the_visit_goes_on_with_its_sum_and_number(booth: MakeBooth, cut: Cut) -> None:
    hall = booth()
    cut_in(hall, cut, A_MINUTE_S, cut.soon)
    assert not cut.asks or hall.person.reads(hall.entries("visit")[0]["number"])
    for name, after in cut.asks:
        hall.person.asks(name)
        hall.stands(after)
    ledger = {**cut.ledger, **cut.ends_soon}
    comes_to(hall, seen=cut.soon, ledger=ledger, city=City.told(ledger))


@pytest.mark.long
@pytest.mark.parametrize("way", [Way.TOUCH])
@pytest.mark.parametrize("cut", MOMENTS)
def test_back_after_an_hour_the_sum_waits_unclaimed_and_nobody_else_is_offered_it(booth: MakeBooth, cut: Cut) -> None:
    """By touch alone: after the cut nobody asks for anything, and how each moment is reached by keys the test before tells."""
    hall = booth()
    cut_in(hall, cut, AN_HOUR_S, cut.late)
    assert not any("Garder mon argent" in glance.words for glance in hall.seen)
    assert not any(glance.place in {Place.VOUCHER, Place.PARTING} for glance in hall.seen)
    ledger = {**cut.ledger, **cut.ends_late}
    comes_to(hall, seen=cut.late, ledger=ledger, city=City.told(ledger))


def test_whose_bottle_fell_uncounted_is_told_so_before_anything_else_with_the_number_for_the_desk(booth: MakeBooth) -> None:
    hall = booth()
    cut_in(hall, CUTS["fallen, not counted"], A_MINUTE_S, (UNCOUNTED,))
    number = hall.entries("visit")[0]["number"]
    for name, after in KEEPS:
        hall.person.asks(name)
        hall.stands(after)
    comes_to(
        hall,
        seen=[
            (*UNCOUNTED, number),
            (Place.CHOOSE, number, "0,20"),
            (Place.VOUCHER, number, "0,20"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "uncounted": 1, "voucher kept 20": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )
