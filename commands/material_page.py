"""The evaluation of the net as one page without anything beside it: what was taken for what, how sure it may be believed, what is paid by the picture alone, and the pictures it is wrong about."""

import base64
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2

from commands.evaluation_page import MOST_SHOWN, STYLE, THUMBNAIL_PX

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from recognition.material import Calibration
    from recognition.material_evaluation import Shares, Told

MOST_FALSE_PAY: Final = 0.05
"""As far as the plot of what is paid goes."""

SIDE: Final = 300
"""Of a plot, in pixels."""


def page(told: "Sequence[Told]", folder: Path, model: "Calibration", words: "Words") -> str:
    """``folder``: where the pictures are; those it is sure and wrong about go into the page small."""
    from recognition.material_evaluation import by, figures

    found = figures(told)
    title = escape(words.text("evaluate.material.title", folder=folder.name, model=model.name))
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="number">{value}</td></tr>'
        for name, value in found.items()
        if isinstance(value, int | float)
    )
    parts = [
        f"<h1>{title}</h1><table>{rows}</table>",
        *confusion_table(told, words),
        *plots(told, lambda key: words.text(f"evaluate.material.plot.{key}")),
    ]
    for field in ("kind", "detail", "colour"):
        shares = by(told, lambda one, field=field: getattr(one, field))  # type: ignore[misc]
        if len(shares) > 1:
            parts += _table(words.text(f"evaluate.material.by.{field}"), shares, words)
    parts += _pictures(told, folder, words)
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>\n<body>{body}</body></html>\n'


def confusion_table(told: "Sequence[Told]", words: "Words") -> Iterator[str]:
    from recognition.material import KINDS
    from recognition.material_evaluation import confusion

    yield f"<h2>{escape(words.text('evaluate.material.confusion'))}</h2><table><tr><th></th>"
    yield "".join(f"<th>{kind}</th>" for kind in KINDS) + "</tr>"
    for kind, row in zip(KINDS, confusion(told), strict=True):
        cells = "".join(
            f'<td class="number" style="background: rgba(11, 107, 67, {0.6 * count / max(row.sum(), 1):.2f})">{count}</td>' for count in row
        )
        yield f"<tr><th>{kind}</th>{cells}</tr>"
    yield "</table>"


def plots(told: "Sequence[Told]", text: Callable[[str], str]) -> Iterator[str]:
    """How often what is said with a probability is right; and how many bottles are paid at which price. ``text``: the words at the axes."""
    from recognition.material_evaluation import curve, reliability

    yield _plot([(sure, right) for sure, right, _ in reliability(told)], text("sure"), text("right"), 1.0, diagonal=True)
    points = [(wrong, right) for _, wrong, right in curve(told) if wrong <= MOST_FALSE_PAY]
    yield _plot(points, text("false_pay"), text("coverage"), MOST_FALSE_PAY, diagonal=False)


def _plot(points: "Sequence[tuple[float, float]]", across: str, up: str, most: float, *, diagonal: bool) -> str:
    """An SVG of its own: it stands in the page and as a file. ``most``: the end of the axis across; the other ends at 1."""
    path = " ".join(f"{40 + SIDE * x / most:.1f},{10 + SIDE * (1 - y):.1f}" for x, y in points)
    marks = "".join(
        f'<text x="{40 + SIDE * part / 4:.0f}" y="{SIDE + 26}" text-anchor="middle">{100 * most * part / 4:g} %</text>'
        f'<text x="36" y="{14 + SIDE * (1 - part / 4):.0f}" text-anchor="end">{25 * part} %</text>'
        f'<line x1="40" x2="{40 + SIDE}" y1="{10 + SIDE * part / 4:.0f}" y2="{10 + SIDE * part / 4:.0f}" stroke="#ddd"/>'
        for part in range(5)
    )
    dots = (
        "".join(f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3" fill="#0b6b43"/>' for point in path.split())
        if diagonal
        else ""
    )
    line = f'<line x1="40" y1="{10 + SIDE}" x2="{40 + SIDE}" y2="10" stroke="#999" stroke-dasharray="4"/>' if diagonal else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE + 70}" height="{SIDE + 70}" font-family="sans-serif" font-size="12" role="img">'
        f'<rect width="100%" height="100%" fill="#fff"/>{marks}{line}<polyline points="{path}" fill="none" stroke="#0b6b43" stroke-width="2"/>{dots}'
        f'<text x="{40 + SIDE / 2:.0f}" y="{SIDE + 46}" text-anchor="middle">{escape(across)}</text>'
        f'<text x="46" y="24">{escape(up)}</text></svg>'
    )


def _table(heading: str, shares: "dict[str, Shares]", words: "Words") -> Iterator[str]:
    yield f"<h2>{escape(heading)}</h2><table><tr>"
    yield "".join(f"<th>{escape(words.text(f'evaluate.material.column.{name}'))}</th>" for name in ("name", "n", "right", "wrong", "paid"))
    yield "</tr>"
    for name, one in shares.items():
        cells = "".join(f'<td class="number">{100 * value:.1f} %</td>' for value in (one.right, one.wrong_and_sure, one.paid))
        yield f'<tr><td>{escape(name or "-")}</td><td class="number">{one.n}</td>{cells}</tr>'
    yield "</table>"


def _pictures(told: "Sequence[Told]", folder: Path, words: "Words") -> Iterator[str]:
    wrong = sorted((one for one in told if not one.right), key=lambda one: -one.said.confidence)
    if not wrong:
        return
    yield f"<h2>{escape(words.text('evaluate.material.wrong_ones'))} ({len(wrong)})</h2>"
    for one in wrong[:MOST_SHOWN]:
        image = cv2.imread(str(folder / one.name), cv2.IMREAD_COLOR)
        if image is None:
            continue
        scale = min(1.0, THUMBNAIL_PX / image.shape[1])
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 70])
        caption = escape(f"{one.name} · {one.kind} → {one.said.kind} {100 * one.said.confidence:.0f} %")
        source = base64.b64encode(data.tobytes()).decode("ascii")
        yield f'<figure><img alt="{caption}" src="data:image/jpeg;base64,{source}"><figcaption>{caption}</figcaption></figure>'
