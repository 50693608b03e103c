"""The simulated visits as one page without anything beside it: shares with their intervals as bars, each vote left out, what is told to whom comes back."""

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commands.evaluation_page import STYLE
from commands.visits_told import MATTERS, line, percent
from config.files import read_text

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from simulation.visits.figures import Run, Share

WIDE_PX: Final = 260
WORST: Final = 0.25
"""The share that fills a bar: what matters lies between nothing and a tenth."""

GREEN, RED, INK, PAPER = "#0b6b43", "#a3270f", "#14213d", "#e9ecef"


def page(run: "Run", file: Path, words: "Words") -> str:
    """``file``: the assumptions, which are quoted whole."""
    whole = run.whole
    title = escape(words.text("evaluate.visits.title", file=file.name))
    heads = {
        "evaluate.visits.wrong_accepts": whole.wrong_accepts,
        "evaluate.visits.refused_first": whole.good.refused_first,
        "evaluate.visits.refused_for_good": whole.good.refused_for_good,
        "evaluate.visits.as_other": whole.as_other,
    }
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{escape(words.text('evaluate.visits.run', policy=run.policy, visits=run.visits, things=run.things))}</p>",
        "<ul>" + "".join(f"<li>{escape(line(key, share, words))}</li>" for key, share in heads.items()) + "</ul>",
        *(f"<p class=wrong>{escape(words.text(f'evaluate.visits.missed.{goal}'))}</p>" for goal in whole.missed),
    ]
    for field in MATTERS:
        rows = {name: (group.refused_first, group.refused_for_good) for name, group in whole.by[field].items()}
        parts += _table(words.text(f"evaluate.visits.by.{field}"), rows, words, ("first", "good"))
    parts += _table(words.text("evaluate.visits.by.fraud"), {name: (share,) for name, share in whole.fraud.items()}, words, ("paid",), RED)
    without = {
        "–": (whole.wrong_accepts, whole.good.refused_first, whole.good.refused_for_good),
        **{vote.value: (found.wrong_accepts, found.good.refused_first, found.good.refused_for_good) for vote, found in run.without.items()},
    }
    parts += _table(words.text("evaluate.visits.without"), without, words, ("paid", "first", "good"))
    told = "".join(f'<tr><td>{escape(reason)}</td><td class="number">{times}</td></tr>' for reason, times in whole.reasons.items())
    parts += [f"<h2>{escape(words.text('evaluate.visits.told'))}</h2><table>{told}</table>"]
    parts += [f"<h2>{escape(words.text('evaluate.visits.assumed'))}</h2><pre>{escape(read_text(file))}</pre>"]
    body = "\n".join(parts)
    style = f"{STYLE} pre {{ white-space: pre-wrap; font-size: 13px }}"
    return f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head>\n<body>{body}</body></html>\n'


def _table(
    heading: str, rows: "Mapping[str, tuple[Share, ...]]", words: "Words", columns: tuple[str, ...], colour: str = GREEN
) -> Iterator[str]:
    yield f"<h2>{escape(heading)}</h2><table><tr><th></th><th>n</th>"
    yield "".join(f"<th colspan=2>{escape(words.text(f'evaluate.visits.column.{column}'))}</th>" for column in columns) + "</tr>"
    for name, shares in rows.items():
        cells = "".join(f'<td class="number">{percent(share)}</td><td>{_bar(share, colour)}</td>' for share in shares)
        yield f'<tr><td>{escape(name)}</td><td class="number">{shares[-1].n}</td>{cells}</tr>'
    yield "</table>"


def _bar(share: "Share", colour: str) -> str:
    """A share as a bar, its interval as a line across the bar's end; what is beyond the bar's end is cut there."""
    low, high, value = (round(WIDE_PX / 2 * min(1.0, one / WORST), 1) for one in (share.low, share.high, share.value))
    return (
        f'<svg width="{WIDE_PX // 2 + 4}" height="16" role="img" aria-hidden="true"><rect x="1" y="3" width="{WIDE_PX // 2}" height="10" fill="{PAPER}"/>'
        f'<rect x="1" y="3" width="{value}" height="10" fill="{colour}"/>'
        f'<line x1="{1 + low}" x2="{1 + high}" y1="8" y2="8" stroke="{INK}" stroke-width="3"/></svg>'
    )
