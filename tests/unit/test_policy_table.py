"""The table of ``recognition/README.md``: what the policy that asks every vote says of the cases people ask about, row for row."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import recognition
from config.settings import Recognition
from config.vocabulary import Flag, Gtin, Material, Reason
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.judge import judge
from recognition.policies import policy_of
from recognition.shape.scene import Form, Pose, Scene
from recognition.verdict import Evidence, Taken, Verdict
from simulation.virtual.sight import clear_look

POLICY = policy_of(Recognition(policy="every-vote"), demonstration=False)
WATER, BEER = Gtin("3274080005003"), Gtin("4066600641919")
PET_50 = Scene(1, Form.BOTTLE, Pose.LYING, 215, 65, still=True)
WINE = Scene(1, Form.BOTTLE, Pose.LYING, 300, 75, still=True)


def item(scene: Scene, weight_g: float, *codes: Gtin, entry: Entry | None = None, before: tuple[Taken, ...] = ()) -> Verdict:
    looks = tuple(replace(clear_look(frame, codes), scene=scene) for frame in range(3))
    return judge(Evidence(looks, weight_g, metal=False, entry=entry, before=before), POLICY)


def known(gtin: Gtin, packaging: Packaging, empty_g: float, *, deposit: bool = False) -> Entry:
    return Entry(gtin, "", packaging, None, empty_g, deposit, Source.CITY, date(2026, 11, 1))


OF_PET = known(WATER, Packaging.PLASTIC_BOTTLE, 22)
WITHOUT = (Taken(None, 22, same_visit=True),)

TABLE: dict[str, tuple[tuple[Verdict, object], ...]] = {
    "no label, no code": (
        (item(PET_50, 22), (Flag.NO_CODE,)),
        (item(PET_50, 22, before=3 * WITHOUT), Reason.NO_CODE),
        (item(replace(PET_50, form=Form.UNSURE), 22), Reason.UNREADABLE),
    ),
    "a label out of sight": ((item(PET_50, 22), (Flag.NO_CODE,)),),
    "crushed PET": (
        (item(replace(PET_50, form=Form.UNSURE), 22, WATER, entry=OF_PET), ()),
        (item(replace(PET_50, form=Form.UNSURE), 22, WATER), (Flag.UNKNOWN_PRODUCT,)),
        (item(replace(PET_50, form=Form.UNSURE), 22), Reason.UNREADABLE),
        (item(replace(PET_50, form=Form.STOUT, length_mm=125), 22, WATER, entry=OF_PET), Reason.NOT_A_BOTTLE),
        (item(replace(PET_50, form=Form.FLAT), 22, WATER, entry=OF_PET), Reason.FLAT),
        # a can or a cup with the label of a bottle that weighs as much
        (item(Scene(1, Form.STOUT, Pose.LYING, 121, 68, still=True), 22, WATER, entry=OF_PET), Reason.NOT_A_BOTTLE),
    ),
    "cap on or off": (
        (item(PET_50, 25, WATER, entry=OF_PET), ()),
        (item(PET_50, 22, WATER, entry=OF_PET), ()),
        (item(PET_50, 19, WATER, entry=OF_PET), ()),
    ),
    "a deposit bottle, foreign or the shops' own": (
        (item(WINE, 450, BEER, entry=known(BEER, Packaging.GLASS_BOTTLE, 450, deposit=True)), Reason.DEPOSIT),
        (item(WINE, 450, BEER), (Flag.UNKNOWN_PRODUCT,)),
    ),
    "a jar": (
        (item(Scene(1, Form.STOUT, Pose.LYING, 127, 76, still=True), 190, WATER), Reason.NOT_A_BOTTLE),
        (item(Scene(1, Form.STOUT, Pose.LYING, 127, 76, still=True), 190), Reason.NOT_A_BOTTLE),
        (item(WINE, 450, BEER, entry=known(BEER, Packaging.OTHER, 450)), Reason.NOT_A_BOTTLE),
        # with the label of a bottle that weighs as much
        (
            item(Scene(1, Form.STOUT, Pose.LYING, 150, 76, still=True), 190, BEER, entry=known(BEER, Packaging.GLASS_BOTTLE, 190)),
            Reason.NOT_A_BOTTLE,
        ),
    ),
    "5 litres": ((item(Scene(1, Form.BOTTLE, Pose.LYING, 330, 165, still=True), 130, WATER), Reason.TOO_LARGE),),
    "a miniature": ((item(Scene(1, Form.BOTTLE, Pose.LYING, 105, 32, still=True), 45, WATER), Reason.TOO_SMALL),),
    "heavy empty glass": (
        (item(WINE, 550, BEER), (Flag.UNKNOWN_PRODUCT,)),
        (item(Scene(1, Form.BOTTLE, Pose.LYING, 310, 88, still=True), 835, BEER), (Flag.UNKNOWN_PRODUCT,)),
    ),
    "a bottle with something in it": (
        (item(PET_50, 122, WATER), Reason.NOT_EMPTY),
        (item(PET_50, 260, WATER, entry=OF_PET), Reason.NOT_EMPTY),
        (item(WINE, 1200, BEER), Reason.NOT_EMPTY),
        # what no weight tells without knowing the product, and no outline
        (item(PET_50, 260, WATER), (Flag.UNKNOWN_PRODUCT,)),
    ),
}


@pytest.mark.parametrize("row", TABLE)
def test_the_policy_says_of_it_what_the_table_says(row: str) -> None:
    for verdict, said in TABLE[row]:
        if isinstance(said, Reason):
            assert said in verdict.reasons
        else:
            assert (verdict.accepted, verdict.flags) == (True, said)


def test_the_readmes_table_has_these_rows_and_no_other() -> None:
    text = (Path(recognition.__file__).parent / "README.md").read_text(encoding="utf-8")
    table = text.partition("| brought | what the policy says |\n")[2].partition("\n\n")[0]
    assert re.findall(r"^\| ([^|-]+) \|", table, re.MULTILINE) == list(TABLE)


def test_a_small_bottle_of_glass_is_no_plastic() -> None:
    verdict = item(Scene(1, Form.BOTTLE, Pose.LYING, 175, 56, still=True), 110, WATER)
    assert verdict.material is Material.GLASS
