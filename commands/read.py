"""``consigne read``: what is made of single pictures, and why."""

import json as json_
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from commands.language import chosen
from commands.pictures import colour_picture, grey_picture
from commands.simulate import JsonOption
from commands.terminal import console

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from recognition.codes.explanation import Explained, Opinion
    from recognition.material import ModelUnusable
    from recognition.verdict import MaterialVote

NAMES: Final = {
    "qr": "QR",
    "digital_link": "GS1 Digital Link",
    "data_matrix": "Data Matrix",
    "databar": "GS1 DataBar",
    "itf14": "ITF-14",
    "code128": "Code 128",
    "code39": "Code 39",
    "code93": "Code 93",
    "codabar": "Codabar",
    "pdf417": "PDF417",
    "aztec": "Aztec",
}
"""Of other symbologies: the same in every language."""


def read(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE…", help="Photos / pictures.")],
    explain: Annotated[bool, typer.Option("--explain", help="Qui a lu quoi, et pourquoi / who read what, and why.")] = False,
    drawn: Annotated[
        Path | None, typer.Option("--drawn", metavar="DIR", help="Y dessiner tout cela sur les photos / draw it all on the pictures there.")
    ] = None,
    weight_g: Annotated[
        int | None,
        typer.Option("--weight", metavar="G", help="Un seul objet de ce poids : le verdict / one item of this weight: the verdict."),
    ] = None,
    metal: Annotated[bool, typer.Option("--metal", help="Avec du métal / with metal.")] = False,
    empty: Annotated[
        Path | None,
        typer.Option(
            "--empty", metavar="IMAGE", help="La chambre vide : ce qui s’y trouve est décrit / the empty chamber: what lies there is told."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Les codes de photos, et pourquoi. / The codes of pictures, and why."""
    from importlib.metadata import version

    from commands.drawn_reading import drawn_on
    from kiosk.words.errors import explain as explain_error
    from kiosk.words.explaining import explain_verdict, explain_votes
    from recognition.codes.cascade import explained_look
    from recognition.codes.likelihood.library import why_not

    words, out = chosen(), console(quiet=json)
    told: list[dict[str, Any]] = []
    for number, path in enumerate(images, 1):
        grey = grey_picture(path)
        found = explained_look(grey)
        told.append({"file": str(path), **found.as_json()})
        codes = ", ".join(sorted(found.codes))
        out.print(words.text("read.codes", file=path, codes=codes) if codes else words.text("read.nothing", file=path))
        if found.other:
            out.print(words.text("read.other", names=", ".join(NAMES[name] for name in sorted(found.other))))
        if explain:
            for line in _lines(found, words):
                out.print(line)
        if drawn is not None:
            drawn.mkdir(parents=True, exist_ok=True)
            there = drawn / f"{number}-{path.stem}.png"
            there.write_bytes(drawn_on(grey, found))
            told[-1]["drawn"] = str(there)
            out.print(words.text("read.drawn", file=there))
    if explain and (why := why_not()) is not None:
        out.print(words.text("evaluate.alone", detail=why))
    votes, without = _by_picture(images) if explain or weight_g is not None else ((), None)
    if explain and without is not None:
        out.print(explain_error(without, words))
    if explain and weight_g is None:
        for sentence in explain_votes([vote.as_json() for vote in votes], words):
            out.print(sentence)
    if weight_g is not None:
        verdict = _one_item(images, weight_g, votes, metal=metal, empty=empty)
        told.append({"verdict": verdict})
        for sentence in explain_verdict(verdict, words, version("consigne")):
            out.print(sentence)
    if json:
        typer.echo(json_.dumps(told))


def _lines(found: "Explained", words: "Words") -> Iterator[str]:
    """Step by step what was read, then why each value is believed or not."""
    for taken in found.steps:
        gave = ", ".join(taken.gave) or "–"
        yield words.text("read.step", step=words.text(f"read.step.{taken.step}"), n=taken.cuts, gave=gave)
    for opinion in found.opinions:
        yield words.text(
            "read.opinion",
            code=opinion.code,
            decoder=opinion.decoder,
            module=round(opinion.module_px, 1),
            standing=words.text(f"read.{_standing(opinion, found)}"),
        )
    for doubt in found.doubts:
        why = ", ".join(words.text(f"read.doubt.{name}") for name in doubt.failed)
        yield words.text("read.doubt", digits=doubt.digits, why=why)


def _standing(opinion: "Opinion", found: "Explained") -> str:
    return "believed" if opinion.code in found.codes else "contested" if opinion.contested else "alone"


def _by_picture(images: list[Path]) -> "tuple[tuple[MaterialVote, ...], ModelUnusable | None]":
    """What the net says of the pictures together, as of looks of one item; or why it cannot be asked."""
    from recognition.material import ModelUnusable, read_model

    try:
        model = read_model()
    except ModelUnusable as error:
        return (), error
    return (model.said([model.look(colour_picture(path), number) for number, path in enumerate(images)]).vote,), None


def _one_item(
    images: list[Path], weight_g: int, votes: "tuple[MaterialVote, ...]", *, metal: bool, empty: Path | None
) -> dict[str, object]:
    """The verdict on one item of which these are the looks, under the policy that asks every vote. Where nobody knows the empty chamber, no outline is seen."""
    from config.settings import Recognition
    from recognition.codes.cascade import read_look
    from recognition.judge import judge
    from recognition.policies import policy_of
    from recognition.shape.background import Background, reduced
    from recognition.shape.look import seen_in
    from recognition.verdict import Evidence, Look

    looks: list[Look] = []
    background = None if empty is None else Background(reduced(colour_picture(empty)).astype("float32"))
    for frame, path in enumerate(images):
        scene = None if background is None else seen_in(colour_picture(path), background).scene
        looks.append(replace(read_look(grey_picture(path), frame, looks), scene=scene))
    policy = policy_of(Recognition(policy="every-vote"), demonstration=True)
    return judge(Evidence(tuple(looks), weight_g, metal, material=votes), policy).facts()
