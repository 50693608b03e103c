"""A verdict in plain words: what decided, each measured value beside its limits, the rule and its version. In French and English, from the judge's own facts."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from config.settings import Recognition
from config.vocabulary import Flag, Gtin, Material, Reason
from kiosk.words.catalogue import Words
from kiosk.words.explaining import briefly, explain_verdict
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.judge import ORDER, judge
from recognition.policies import policy_of
from recognition.shape.scene import ChamberFault, Form, Pose, Scene
from recognition.verdict import Evidence, Figure, Learnt, Quantity, Taken
from simulation.virtual.sight import clear_look

POLICY = policy_of(Recognition(policy="every-vote"), demonstration=True)
BEER = Gtin("3080216000008")
PET_50 = Scene(1, Form.BOTTLE, Pose.LYING, 215, 65, still=True)


def facts(scene: Scene | None, weight_g: float, *codes: Gtin, **more: Any) -> Mapping[str, Any]:
    """As they come back from the log."""
    looks = tuple(replace(clear_look(frame, codes), scene=scene) for frame in range(3))
    told = judge(Evidence(looks, weight_g, metal=False, **more), POLICY).facts()
    return dict(json.loads(json.dumps(told)))


def told(verdict: Mapping[str, Any], language: str = "fr") -> list[str]:
    return list(explain_verdict(verdict, Words(language), "0.1.0"))


def test_water_in_a_bottle_is_told_with_its_weight_and_what_such_a_bottle_weighs() -> None:
    assert told(facts(PET_50, 122, BEER)) == [
        "Elle est trop lourde pour une bouteille vide.",
        "Poids\u00a0: 122\u00a0g. Vide, une bouteille comme elle pèse 39\u00a0g au plus.",
        f"Code lu\u00a0: {BEER}.",
        "Silhouette\u00a0: une bouteille, couchée, 215 × 65\u00a0mm.",
        "Règle every-vote-2, programme 0.1.0.",
    ]
    assert told(facts(PET_50, 122, BEER), "en")[:2] == [
        "It is too heavy for an empty bottle.",
        "Weight: 122\u00a0g. Empty, a bottle like it weighs 39\u00a0g at most.",
    ]


def test_a_bottle_that_was_taken_is_told_with_the_limits_that_it_kept_to_and_why_it_is_flagged() -> None:
    assert told(facts(PET_50, 22, BEER)) == [
        "Prise comme plastique.",
        "Poids\u00a0: 22\u00a0g. Vide, une bouteille comme elle pèse de 8 à 39\u00a0g.",
        "Signalée\u00a0: personne ne connaît encore ce produit.",
        f"Code lu\u00a0: {BEER}.",
        "Silhouette\u00a0: une bouteille, couchée, 215 × 65\u00a0mm.",
        "Règle every-vote-2, programme 0.1.0.",
    ]


def test_what_was_learnt_is_told_as_learnt() -> None:
    assert "Le poids de ce produit a été appris sur cette machine." in told(facts(PET_50, 22, BEER, learnt=Learnt(Material.PLASTIC, 22, 4)))


def test_what_a_catalogue_says_of_the_code_is_told_with_who_says_so_bottle_or_not() -> None:
    jar = Entry(BEER, "Confiture imaginaire", Packaging.OTHER, None, None, deposit=False, source=Source.CITY, date=date(2026, 11, 30))
    assert "Selon la Ville\u00a0: Confiture imaginaire (autre emballage, pas une bouteille)." in told(facts(PET_50, 22, BEER, entry=jar))
    nameless = replace(jar, name="", packaging=Packaging.PLASTIC_BOTTLE, source=Source.OWN)
    assert "Selon ce kiosque\u00a0: (sans nom) (bouteille en plastique)." in told(facts(PET_50, 22, BEER, entry=nameless))
    long = replace(nameless, name="Eau minérale naturelle gazeuse de la source imaginaire", source=Source.OPEN_FOOD_FACTS)
    assert "By Open Food Facts: Eau minérale naturelle gazeuse de la… (plastic bottle)." in told(facts(PET_50, 22, BEER, entry=long), "en")


@pytest.mark.parametrize(
    "told_of", [{"product": {"name": "x", "packaging": "amphora"}, "known_by": "city"}, {"known_by": "city"}, {"product": None}]
)
def test_of_a_product_that_is_not_understood_nothing_is_told(told_of: dict[str, object]) -> None:
    assert told({"reasons": [], **told_of}) == told({"reasons": []})


def test_the_same_bottle_too_often_is_told_with_both_numbers() -> None:
    before = tuple(Taken(BEER, 22, same_visit=False) for _ in range(24))
    sentences = told(facts(PET_50, 22, BEER, before=before))
    assert "Même code et même poids\u00a0: 25 fois parmi les dernières bouteilles. La règle en prend 24 au plus." in sentences


def test_a_machine_that_sees_badly_says_so_of_itself() -> None:
    sentences = told(facts(Scene(faults=frozenset({ChamberFault.DIRTY, ChamberFault.DARK})), 22, BEER))
    assert sentences[0] == "La machine n’a rien vu\u00a0: c’est sa faute."
    assert "La machine voit mal\u00a0: trop peu de lumière, chambre sale ou changée." in sentences


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_value_of_a_verdict_has_its_words(language: str) -> None:
    words = Words(language)
    for reason in ORDER:
        assert list(briefly({"reasons": [reason.value]}, words))
    for flag in Flag:
        assert words.text(f"explain.mark.{flag}")
        assert len(list(briefly({"accepted": True, "material": "glass", "flags": [flag.value]}, words))) == 2
    limits = {
        Quantity.WEIGHT: ((None, None), (5, None), (None, 5), (5, 9)),
        Quantity.LENGTH: ((5, 9),),
        Quantity.WIDTH: ((None, 9),),
        Quantity.OBJECTS: ((None, 1),),
        Quantity.ALIKE: ((None, 24),),
        Quantity.WITHOUT_CODE: ((None, 3),),
        Quantity.LOOKS: ((None, None),),
    }
    assert set(limits) == set(Quantity)
    for quantity, of_it in limits.items():
        for least, most in of_it:
            figure = Figure(quantity, 7, least, most).as_json()
            assert len(list(briefly({"reasons": ["unsure"], "figures": {"unsure": figure}}, words))) == 2
    for form in Form:
        for pose in Pose:
            assert (
                len(told({"reasons": [], "scene": {"form": form.value, "pose": pose.value, "faults": sorted(ChamberFault)}}, language)) == 4
            )


def test_a_line_of_an_older_or_a_later_program_is_told_as_far_as_it_is_known() -> None:
    old = {"accepted": False, "reasons": ["can"], "weight_g": 13, "metal": True, "looks": [], "policy": "weight-and-code"}
    assert told(old)[:2] == ["La machine ne prend pas le métal.", "Poids\u00a0: 13\u00a0g."]
    later = {
        "reasons": ["of_2031"],
        "flags": ["new"],
        "figures": {"of_2031": {"quantity": "smell"}},
        "scene": {"form": "cube"},
        "known_by": "moon",
    }
    assert told(later) == ["Aucun code-barres lu.", "Règle –, programme 0.1.0."]


def test_nothing_that_explains_holds_a_picture_or_a_person() -> None:
    told = facts(PET_50, 22, BEER)
    assert set(told) == {
        *("accepted", "material", "gtin", "reasons", "flags", "weight_g", "metal", "looks", "policy", "figures", "weighed", "scene"),
        *("picture", "product", "known_by"),
    }


def test_of_a_reason_that_the_session_gave_nothing_is_explained_here() -> None:
    assert not {Reason.BIN_FULL, Reason.VISIT_LIMIT} & set(ORDER)
