"""``consigne evaluate material``: how well the net tells what pictures show, measured on a folder of labelled ones."""

import json as json_
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.simulate import JsonOption
from commands.terminal import console

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from recognition.material import Model
    from recognition.material_evaluation import Told

LOOKS = 4
"""Each picture is looked at as an item is: so often, each time another way round."""


def material(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Photos et labels.csv / pictures and labels.csv.")],
    html: Annotated[Path | None, typer.Option("--html", help="Y écrire une page / write a page there.")] = None,
    json: JsonOption = False,
) -> None:
    """Verre, plastique, canette ou autre, à l’image seule. / Glass, plastic, can or other, by the picture alone."""
    from commands.material_page import page
    from recognition.material import read_model
    from recognition.material_evaluation import figures

    words, model = chosen(), read_model()
    told = list(_told(folder, model))
    found = figures(told)
    if html is not None:
        html.write_text(page(told, folder, model.calibration, words), encoding="utf-8")
    if json:
        typer.echo(json_.dumps({"model": model.calibration.name, **found}))
    else:
        _print(told, found, words)


def _told(folder: Path, model: "Model") -> "Iterator[Told]":
    """Raises ItemsWrong, NoSuchPicture."""
    import cv2

    from commands.pictures import colour_picture
    from drivers.twin.items import shown_things
    from recognition.material import KINDS, MATERIAL_OF
    from recognition.material_evaluation import Told

    # what is told is the time of one thread
    cv2.setNumThreads(1)
    for thing in shown_things(folder, KINDS):
        picture = colour_picture(thing.path)
        began_s = time.thread_time()
        looks = [model.look(picture, number) for number in range(LOOKS)]
        ms = (time.thread_time() - began_s) * 1000 / LOOKS
        yield Told(thing.file, thing.kind, MATERIAL_OF.get(thing.material), model.said(looks), thing.detail, thing.colour, ms)


def _print(told: "list[Told]", found: dict[str, object], words: "Words") -> None:
    from recognition.material_evaluation import by

    out = console()
    share = {name: round(100 * value, 1) for name, value in found.items() if isinstance(value, float)}
    out.print(words.text("evaluate.material.kiosk", n=found["n"], rate=share["kiosk_accuracy"], balanced=share["kiosk_balanced_accuracy"]))
    out.print(words.text("evaluate.material.material", rate=share["accuracy"], balanced=share["balanced_accuracy"]))
    out.print(words.text("evaluate.material.pays", coverage=share["coverage"], false_pay=share["false_pay"]))
    out.print(words.text("evaluate.material.mixed", plastic=share["glass_as_plastic"], glass=share["plastic_as_glass"]))
    out.print(words.text("evaluate.material.sure", unsure=share["unsure"], ece=found["ece"]))
    for field in ("kind", "detail", "colour"):
        shares = by(told, lambda one, field=field: getattr(one, field))  # type: ignore[misc]
        if len(shares) > 1:
            out.print(words.text(f"evaluate.material.by.{field}"))
            for name, one in shares.items():
                values = {key: round(100 * getattr(one, key), 1) for key in ("right", "wrong_and_sure", "paid")}
                out.print("  " + words.text("evaluate.material.line", name=name or "-", n=one.n, **values))
    ms = found["ms"]
    if isinstance(ms, dict):
        out.print(words.text("evaluate.material.ms", **ms))
