"""Staff help a visitor at the machine: find the visit by its number, explain a refusal, hand a sum over, credit a bottle by hand, show the code, clear a jam."""

import json

import pytest
from PySide6.QtCore import Qt

from kiosk.console.roles import Role
from kiosk.deposit.halts import Halt
from kiosk.deposit.states import Ready, Stopped
from kiosk.screens.parts.ticket import Ticket
from kiosk.screens.visitor.place import Place
from people.agent import OTHER_PIN, PIN, StaffMember
from people.journey import KEYS_ARE_LONG, MakeBooth
from people.person import Way
from worlds.booth import CAN, GLASS, PLASTIC, Booth, HallClock

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])


def agent_at(hall: Booth, role: Role = Role.DESK) -> StaffMember:
    """Logged in, on the page on which visitors are helped."""
    hall.agents.add("Camille", role, PIN)
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.help")
    return staff


def leaves_a_sum(hall: Booth, *items: str) -> str:
    """A visitor walks away; the number under which their sum is kept."""
    hall.puts_in(*(items or (GLASS, PLASTIC)))
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)
    return str(hall.entries("visit")[-1]["number"])


def types_in(staff: StaffMember, letters: str, name: str = "letter") -> None:
    if staff.way is Way.TOUCH:
        for letter in letters:
            staff.touches(f"{name}.{letter}")
        staff.asks("search")
    else:
        staff.types_at(staff.window, letters)
        staff.presses(Qt.Key.Key_Return)
        staff.clock.advance(0.5)


def names(staff: StaffMember) -> set[str]:
    return {button.objectName() for button in staff.window.stops()}


def notes(hall: Booth, kind: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in sorted(hall.ledger.parent.glob("log-*.jsonl")) for line in path.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


@KEYS_ARE_LONG
def test_a_sum_is_seen_only_after_the_answer_fits_then_its_code_is_shown_and_it_is_paid(booth: MakeBooth) -> None:
    hall = booth()
    number = leaves_a_sum(hall, GLASS, CAN, PLASTIC)
    staff = agent_at(hall)
    types_in(staff, number)
    told = staff.reads()
    assert f"Visite n° {number}" in told
    assert "Refusée · La machine ne prend pas le métal." in told
    assert "0,40" not in told
    assert "prise" not in told.replace("bouteilles prises", "")
    staff.asks("claim")
    types_in(staff, "3", "digit")
    assert "La réponse ne correspond pas. C’est noté." in staff.reads()
    assert "0,40" not in staff.reads()
    types_in(staff, "2", "digit")
    assert "La réponse correspond : bon de 0,40 €." in staff.reads()
    assert [(body["n"], body["fitted"], body["asked"]) for body in hall.entries("claimed")] == [(1, False, "bottles"), (2, True, "bottles")]
    code = str(hall.entries("voucher")[0]["code"])
    staff.asks("show")
    assert "Démonstration" in staff.reads()
    assert [ticket._code for ticket in staff.window.page.findChildren(Ticket)] == [code]
    staff.asks("away")
    staff.asks("pay")
    hall.let_pass(0.5)
    assert "Bon valable : 0,40 €" in staff.reads()
    staff.asks("pay")
    staff.asks("yes")
    assert [(body["code"], body["agent"]) for body in hall.entries("paid")] == [(code, "101")]


@pytest.mark.long
@BY_TOUCH
def test_a_refusal_is_explained_contested_and_credited_by_hand_once(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(CAN, CAN)
    hall.until(lambda: hall.session.visit is None)
    number = str(hall.entries("visit")[-1]["number"])
    staff = agent_at(hall)
    types_in(staff, number)
    staff.asks("item.0")
    told = staff.reads()
    for words in ("Refus 1", "La machine ne prend pas le métal.", "Poids : ", "Métal détecté.", "Règle weight-and-code"):
        assert words in told
    assert "grant_refused" not in names(staff)
    staff.asks("wrong")
    assert "Contesté : le refus est une erreur." in staff.reads()
    assert [(line["agent"], line["refusal"], line["outcome"]) for line in notes(hall, "contested")] == [("101", 1, "wrong")]
    assert hall.entries("grant") == []
    staff.asks("grant_refused")
    staff.touches("yes")
    staff.touches("yes")
    hall.let_pass(1)
    assert "Crédité : bon de 0,20 €." in staff.reads()
    (grant,) = hall.entries("grant")
    assert (grant["bottle"].rpartition(":")[2], grant["amount"], grant["agent"], grant["why"]) == ("1", 20, "101", "refused wrongly")
    staff.asks("item.0")
    assert "Créditée à la main." in staff.reads()
    assert names(staff).isdisjoint({"wrong", "upheld", "grant_refused"})
    staff.asks("back")
    staff.asks("another")
    types_in(staff, number)
    staff.asks("item.0")
    assert "Créditée à la main." in staff.reads()


@pytest.mark.long
@BY_TOUCH
def test_a_bottle_that_was_not_counted_is_credited_after_one_question(booth: MakeBooth) -> None:
    hall = booth()
    hall.say("jam beam")
    hall.say(GLASS)
    hall.until(lambda: bool(hall.entries("uncounted")))
    hall.say("door open", "door shut")
    hall.until(lambda: hall.session.visit is None)
    staff = agent_at(hall)
    types_in(staff, str(hall.entries("visit")[-1]["number"]))
    assert "Verre · tombée, non comptée" in staff.reads()
    staff.asks("grant")
    assert "Créditer 1 bouteille à la main : 0,20 € ?" in staff.reads()
    staff.asks("no")
    assert hall.entries("grant") == []
    staff.asks("grant")
    staff.asks("yes")
    assert "Crédité : bon de 0,20 €." in staff.reads()
    assert [body["amount"] for body in hall.entries("grant")] == [20]
    assert "grant" not in names(staff)


@pytest.mark.long
@BY_TOUCH
def test_a_sum_of_another_day_takes_a_second_agent_who_is_another_and_may(booth: MakeBooth) -> None:
    hall = booth()
    number = leaves_a_sum(hall)
    hall.let_pass(0.5)
    hall.cut(26 * 3600)
    hall.stands(Place.ATTRACT)
    hall.agents.add("Dominique", Role.AUDITOR, OTHER_PIN)
    hall.agents.add("Sacha", Role.DESK, "530182")
    hall.agents.add("Camille", Role.DESK, PIN)
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in("103")
    staff.asks("deed.help")
    types_in(staff, number)
    staff.asks("claim")
    types_in(staff, "2", "digit")
    assert "Cela se fait à deux" in staff.reads()
    for other, pin, words in (
        ("103", PIN, "quelqu’un d’autre que vous"),
        ("101", OTHER_PIN, "n’a pas le droit"),
        ("102", OTHER_PIN, "incorrect"),
    ):
        vouches(staff, other, pin)
        assert words in staff.reads()
    assert hall.entries("claimed") == []
    assert [(line["second"], line["why"]) for line in notes(hall, "second_denied")] == [
        ("103", "SameAgent"),
        ("101", "NotTheirs"),
        ("102", "WrongPin"),
    ]
    hall.agents.block("102")
    vouches(staff, "102", "530182")
    assert "bloqué" in staff.reads()
    hall.agents.block("102", blocked=False)
    staff.asks("why.ticket")
    vouches(staff, "102", "530182")
    assert "La réponse correspond" in staff.reads()
    (claimed,) = hall.entries("claimed")
    assert (claimed["agent"], claimed["second"], claimed["why"]) == ("103", "102", "ticket")


def vouches(staff: StaffMember, number: str, pin: str) -> None:
    staff.touches("field.number")
    for _ in range(3):
        staff.touches("erase")
    for digit in number:
        staff.touches(f"digit.{digit}")
    staff.touches("field.pin")
    for digit in pin:
        staff.touches(f"digit.{digit}")
    staff.asks("confirm")


@pytest.mark.long
@BY_TOUCH
def test_the_code_that_a_visitor_read_opens_what_it_means_and_a_jam_its_three_pictures(booth: MakeBooth) -> None:
    hall = booth()
    hall.say("jam half")
    hall.say(GLASS)
    hall.until(lambda: isinstance(hall.session.phase, Stopped) and hall.session.phase.halt is Halt.JAM)
    staff = agent_at(hall)
    types_in(staff, "C1")
    assert "C1 :" in staff.reads()
    assert "Ce n’est pas le cas maintenant." in staff.reads()
    staff.asks("another")
    types_in(staff, "M4")
    told = staff.reads()
    for words in ("M4 :", "Faites 1, 2 et 3.", "1. Ouvrez la porte", "2. Retirez l’objet", "3. Fermez la porte"):
        assert words in told
    hall.say("door open")
    hall.let_pass(2)
    assert "La porte est ouverte." in staff.reads()
    hall.say("remove", "door shut")
    hall.let_pass(5)
    assert "Faites 1" not in staff.reads()
    staff.asks("log_out")
    hall.until(lambda: isinstance(hall.session.phase, Ready))


@pytest.mark.long
@BY_TOUCH
def test_a_visit_that_is_under_way_goes_on_from_the_page_that_says_so(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(GLASS)
    staff = agent_at(hall)
    number = str(hall.entries("visit")[-1]["number"])
    assert f"La visite n° {number} est en cours." in staff.reads()
    staff.asks("resume")
    assert not staff.has_the_glass()
    hall.stands(Place.FEEDING)
    hall.puts_in(PLASTIC)
    hall.finishes_and_keeps()
    assert hall.credited_cents == 40


@pytest.mark.long
@BY_TOUCH
def test_an_auditor_reads_a_visit_and_does_nothing_about_it(booth: MakeBooth) -> None:
    hall = booth()
    number = leaves_a_sum(hall, GLASS, CAN)
    staff = agent_at(hall, Role.AUDITOR)
    types_in(staff, number)
    assert names(staff).isdisjoint({"claim", "grant", "pay", "show"})
    staff.asks("item.0")
    assert names(staff).isdisjoint({"upheld", "wrong", "grant_refused"})


@BY_TOUCH
def test_a_number_that_no_visit_has_and_a_code_that_there_is_not_say_so(booth: MakeBooth) -> None:
    hall = booth()
    staff = agent_at(hall)
    types_in(staff, "0000")
    assert "Aucune visite n° 0000." in staff.reads()
    types_in(staff, "M9")
    assert "M9 n’est ni un numéro de visite, ni un code de l’écran." in staff.reads()
    # no code begins with it, and the 3 alone was not what was typed
    staff.types_at(staff.window, "j3")
    staff.presses(Qt.Key.Key_Return)
    hall.let_pass(0.5)
    assert "J3 n’est ni un numéro de visite, ni un code de l’écran." in staff.reads()
