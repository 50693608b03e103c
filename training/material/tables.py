"""The figures of the folds as the model card's tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recognition.material import KINDS

WORDS = {
    "accuracy": "material, six classes",
    "balanced_accuracy": "material, balanced",
    "kiosk_accuracy": "glass bottle, plastic bottle, can, other",
    "kiosk_balanced_accuracy": "the same, balanced",
    "ece": "calibration error",
    "false_pay": "of what is no bottle paid by the picture alone, at the limit of the other folds",
    "coverage": "of bottles paid as what they are, at that limit",
    "glass_as_plastic": "glass bottles taken for plastic bottles",
    "plastic_as_glass": "plastic bottles taken for glass bottles",
    "unsure": "unsure",
}


def tables(figures: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "# Figures of the folds\n"
    yield "Made by `python -m training.material.train finish`, of pictures whose groups the net had not seen, with temperatures and limits of the other folds.\n"
    names = list(figures)
    yield _row("", [f"{name} ({figures[name]['n']})" for name in names])
    yield _row("---", ["---"] * len(names))
    for key, words in WORDS.items():
        yield _row(words, [f"{figures[name][key]:.3f}" for name in names])
    for held in figures[names[0]]["coverage_at"]:
        words = f"of bottles paid as what they are, at a limit set on these very pictures for {float(held):.0%} of what is none"
        yield _row(words, [f"{figures[name]['coverage_at'][held]:.3f}" for name in names])
    for name in names:
        yield f"\n## {name}\n\nRows: what it shows; columns: what it was taken for.\n\n| | {' | '.join(KINDS)} |\n|---|{'---|' * len(KINDS)}"
        for kind, row in zip(KINDS, figures[name]["confusion"], strict=True):
            yield f"| {kind} | {' | '.join(str(count) for count in row)} |"
        for field in ("detail", "colour"):
            if len(figures[name]["by"][field]) > 1:
                yield f"\n| {field} | pictures | right | sure and wrong | paid |\n|---|---|---|---|---|"
                for what, one in figures[name]["by"][field].items():
                    yield f"| {what or '–'} | {one['n']} | {one['right']:.2f} | {one['wrong_and_sure']:.2f} | {one['paid']:.2f} |"


def _row(first: str, cells: Sequence[str]) -> str:
    return f"| {first} | {' | '.join(cells)} |"
