"""Why an item was taken or handed back, as sentences: one generator for the desk, the technical log, paper and ``consigne read``. Its facts are a verdict's (``Verdict.facts()``), as they stand in the log.

Lines of older programs lack what they did not know, and nothing is told of it; what a later one may write is no reason to fail.
"""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import Any

from config.vocabulary import Flag, Material, Reason
from kiosk.words.catalogue import Words
from recognition.catalogue.entry import Packaging, Source
from recognition.shape.scene import ChamberFault, Form, Pose
from recognition.verdict import Made, Quantity

NAME_LETTERS = 40
"""Of a product's name: enough to know it by, and room for the rest on a low panel."""


def explain_verdict(told: Mapping[str, Any], words: Words, program: str = "") -> Iterator[str]:
    """First what became of it and why, with each measured value beside its limits; then what was seen; last the rule and its version. ``program``: which wrote it, if known."""
    yield from briefly(told, words)
    yield from _seen(told, words)
    yield from _known(told, words)
    yield words.text("explain.rule", policy=told.get("policy") or "–", program=program or "–")


def explain_refusal(reason: str, judged: Mapping[str, Any], words: Words, program: str = "") -> Iterator[str]:
    """Why an item came back. What the session decided, a full bin say, is told before its verdict; ``judged`` is empty of one that was never judged."""
    if reason in list(Reason) and reason not in (judged.get("reasons") or ()):
        yield words.text(f"item.{reason}.why")
    if judged:
        yield from explain_verdict(judged, words, program)
    else:
        yield words.text("explain.unjudged")


def briefly(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    """What became of it and why: a sentence for each reason or flag, and one for each figure that decided."""
    material = told.get("material")
    if told.get("accepted") is True and material in list(Material):
        yield words.text("explain.taken", material=words.text(f"material.{material}").lower())
        yield from _figure(told.get("weighed"), words)
        yield from (words.text(f"explain.flag.{flag}") for flag in told.get("flags") or () if flag in list(Flag))
        return
    figures = told.get("figures") or {}
    weighed = False
    for reason in told.get("reasons") or ():
        if reason in list(Reason):
            yield words.text(f"item.{reason}.why")
            yield from _figure(figures.get(reason), words)
            weighed |= (figures.get(reason) or {}).get("quantity") == Quantity.WEIGHT
    if not weighed and isinstance(told.get("weight_g"), int | float):
        yield words.text("explain.weight_g", value=_number(told["weight_g"]))


def _figure(figure: Mapping[str, Any] | None, words: Words) -> Iterator[str]:
    """A measured value beside its limits."""
    if not figure or figure.get("quantity") not in list(Quantity) or figure.get("value") is None:
        return
    least, most = figure.get("least"), figure.get("most")
    between = "between" if least is not None and most is not None else "least" if least is not None else "most" if most is not None else ""
    values = {"value": _number(figure["value"]), "least": _number(least), "most": _number(most)}
    yield words.text(f"explain.{figure['quantity']}" + (f".{between}" if between else ""), **values)


def _known(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    """What the code stands for, and who says so."""
    product, by = told.get("product") or {}, told.get("known_by")
    if product.get("packaging") in list(Packaging) and by in list(Source):
        name = shorten(str(product.get("name") or words.text("catalogue.nameless")), NAME_LETTERS, placeholder="…")
        packaging = words.text(f"catalogue.packaging.{product['packaging']}").lower()
        yield words.text("explain.product", source=words.text(f"catalogue.source.{by}"), name=name, packaging=packaging)
    elif by == "learnt":
        yield words.text("explain.learnt")


def explain_votes(votes: Iterable[Mapping[str, Any]], words: Words) -> Iterator[str]:
    """What pictures said of the material, with how sure they were."""
    for vote in votes:
        if vote.get("made") == Made.UNSURE:
            yield words.text("explain.picture.unsure")
        elif vote.get("made") in list(Made):
            yield words.text(f"explain.picture.{vote['made']}", share=round(100 * float(vote.get("confidence") or 0)))


def _number(value: object) -> object:
    return round(value) if isinstance(value, float) else value


def _seen(told: Mapping[str, Any], words: Words) -> Iterator[str]:
    codes = sorted({str(code) for look in told.get("looks") or () for code in look})
    yield words.text("explain.codes", codes=", ".join(codes)) if codes else words.text("explain.no_codes")
    if told.get("metal") is True:
        yield words.text("explain.metal")
    yield from explain_votes(told.get("picture") or (), words)
    scene = told.get("scene")
    if not scene:
        return
    faults = [words.text(f"explain.fault.{fault}") for fault in scene.get("faults") or () if fault in list(ChamberFault)]
    if faults:
        yield words.text("explain.faults", faults=", ".join(faults))
    if scene.get("form") in list(Form):
        form = words.text(f"explain.form.{scene['form']}")
        pose = words.text(f"explain.pose.{scene['pose']}") if scene.get("pose") in list(Pose) else "–"
        length, width = scene.get("length_mm"), scene.get("width_mm")
        if length is None or width is None:
            yield words.text("explain.outline", form=form, pose=pose)
        else:
            yield words.text("explain.outline.sized", form=form, pose=pose, length=length, width=width)
