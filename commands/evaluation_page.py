"""The evaluation as one page without anything beside it: rates with their intervals as bars, and the pictures that were not read."""

import base64
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from recognition.evaluation import Outcome, Rate

MOST_SHOWN: Final = 60
"""Pictures that were not read; more would be a page that nobody opens."""

THUMBNAIL_PX: Final = 260

STYLE: Final = """
body { font: 16px/1.45 sans-serif; margin: 2rem auto; max-width: 62rem; color: #14213d; background: #fff; padding: 0 1rem }
table { border-collapse: collapse; margin: 0 0 2rem } th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #ccc }
td.number { text-align: right; font-variant-numeric: tabular-nums } figure { display: inline-block; margin: 0 1rem 1rem 0; width: 260px; vertical-align: top }
figure img { width: 100%; border: 1px solid #999 } figcaption { font-size: 13px; overflow-wrap: anywhere } .wrong { color: #a3270f; font-weight: bold }
"""


def page(outcomes: "Sequence[Outcome]", folder: Path, size: tuple[int, int], words: "Words") -> str:
    """``folder``: where the pictures are, which go into the page small."""
    from recognition.evaluation import BARE, FIELDS, by_field, rate_of, rate_of_bare

    title = escape(words.text("evaluate.title", folder=folder.name, size=f"{size[0]}x{size[1]}"))
    alone = rate_of(outcomes, lambda outcome: outcome.decoders)
    ours = {words.text("evaluate.all"): rate_of(outcomes), words.text("evaluate.decoders"): alone}
    bare = {words.text("evaluate.bare", name=name): rate_of_bare(outcomes, name) for name in BARE}
    parts = [f"<h1>{title}</h1>", *_table("", {**ours, **bare}, words)]
    for field in FIELDS:
        parts += _table(words.text(f"evaluate.by.{field}"), by_field(outcomes, field), words)
    parts += _pictures([outcome for outcome in outcomes if outcome.wrong], folder, words.text("evaluate.wrong_ones"))
    parts += _pictures(
        [outcome for outcome in outcomes if outcome.sample.codes and not outcome.read], folder, words.text("evaluate.not_read")
    )
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>\n<body>{body}</body></html>\n'


def _table(heading: str, rates: "dict[str, Rate]", words: "Words") -> Iterator[str]:
    if heading:
        yield f"<h2>{escape(heading)}</h2>"
    columns = ("evaluate.column.name", "evaluate.column.n", "evaluate.column.rate", "", "evaluate.column.wrong")
    yield "<table><tr>" + "".join(f"<th>{escape(words.text(key)) if key else ''}</th>" for key in columns) + "</tr>"
    for name, rate in rates.items():
        wrong = f'<td class="number{" wrong" if rate.wrong else ""}">{rate.wrong}</td>'
        shown = f"{100 * rate.read_rate:.1f} % ({100 * rate.low:.1f} – {100 * rate.high:.1f})" if rate.n else "–"
        count = rate.n or rate.without_code
        yield f'<tr><td>{escape(name or "-")}</td><td class="number">{count}</td><td class="number">{shown}</td><td>{_bar(rate)}</td>{wrong}</tr>'
    yield "</table>"


def _bar(rate: "Rate") -> str:
    """The rate as a bar of 200 px, its interval as a line across the bar's end."""
    if not rate.n:
        return ""
    return (
        f'<svg width="204" height="16" role="img" aria-hidden="true"><rect x="1" y="3" width="200" height="10" fill="#e9ecef"/>'
        f'<rect x="1" y="3" width="{200 * rate.read_rate:.1f}" height="10" fill="#0b6b43"/>'
        f'<line x1="{1 + 200 * rate.low:.1f}" x2="{1 + 200 * rate.high:.1f}" y1="8" y2="8" stroke="#14213d" stroke-width="3"/></svg>'
    )


def _pictures(outcomes: "Sequence[Outcome]", folder: Path, heading: str) -> Iterator[str]:
    if not outcomes:
        return
    yield f"<h2>{escape(heading)} ({len(outcomes)})</h2>"
    for outcome in outcomes[:MOST_SHOWN]:
        image = cv2.imread(str(folder / outcome.sample.name), cv2.IMREAD_GRAYSCALE)
        if image is None:
            continue
        scale = min(1.0, THUMBNAIL_PX / image.shape[1])
        _, data = cv2.imencode(
            ".jpg", cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), [cv2.IMWRITE_JPEG_QUALITY, 70]
        )
        source = base64.b64encode(data.tobytes()).decode("ascii")
        given = ", ".join(sorted(outcome.ours.codes)) or "–"
        caption = escape(f"{outcome.sample.name} · {outcome.sample.severity} · {'|'.join(sorted(outcome.sample.codes)) or '–'} → {given}")
        yield f'<figure><img alt="{caption}" src="data:image/jpeg;base64,{source}"><figcaption>{caption}</figcaption></figure>'
