"""``consigne evaluate``: how well pictures are read, measured on folders of labelled ones."""

import json as json_
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.evaluate_visits import visits
from commands.language import chosen
from commands.options import examples
from commands.pictures import grey_picture
from commands.simulate import JsonOption
from commands.terminal import console
from commands.usage import WrongValue

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from recognition.evaluation import Outcome, Rate, Sample

app = typer.Typer(
    no_args_is_help=True, help="Mesurer la reconnaissance. / Measure the recognition.", epilog=examples("consigne evaluate barcode photos")
)

app.command(
    "visits",
    epilog=examples(
        "consigne evaluate visits simulation/visits/paris.toml",
        "consigne evaluate visits simulation/visits/paris.toml --html visits.html --json",
    ),
)(visits)

SIZE = "1280x720"
LARGEST = 10_000


@app.command(
    "barcode",
    epilog=examples("consigne evaluate barcode photos", "consigne evaluate barcode photos --size 640x480 --html report.html --json"),
)
def barcode(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Photos et labels.csv / pictures and labels.csv.")],
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="Réduites à / reduced to.")] = SIZE,
    html: Annotated[Path | None, typer.Option("--html", help="Y écrire une page / write a page there.")] = None,
    json: JsonOption = False,
) -> None:
    """Codes lus et faux, par type, source et difficulté. / Codes read and wrong, by kind, source and severity."""
    from commands.evaluation_page import page
    from recognition.evaluation import evaluated, figures, fitted

    words, box = chosen(), _size(size)
    pictures = _samples(folder)
    outcomes: list[Outcome] = []
    for sample, path in pictures:
        grey = fitted(grey_picture(path), box)
        outcomes.append(evaluated(grey, sample))
    found = figures(outcomes)
    if html is not None:
        html.write_text(page(outcomes, folder, box, words), encoding="utf-8")
    if json:
        typer.echo(json_.dumps(found))
    else:
        _print(outcomes, found, words)
    raise typer.Exit(1 if found["wrong"] else 0)


def _samples(folder: Path) -> "list[tuple[Sample, Path]]":
    """Checked whole before anything is measured. Raises ItemsWrong."""
    from drivers.twin.items import LabelsWrong, photographs
    from recognition.evaluation import Sample
    from recognition.gtin import is_sound

    found = []
    for photograph in photographs(folder):
        for code in photograph.codes:
            if not is_sound(code):
                raise LabelsWrong(folder / "labels.csv", photograph.line, f"the code {code!r}", "digits with their right check digit")
        sample = Sample(photograph.file, frozenset(photograph.codes), photograph.kind, photograph.source, photograph.severity)
        found.append((sample, photograph.path))
    return found


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if found is None or not all(16 <= int(side) <= LARGEST for side in found.groups()):
        raise WrongValue("--size", text, f"16x16 – {LARGEST}x{LARGEST}")
    return int(found[1]), int(found[2])


def _print(outcomes: "list[Outcome]", found: dict[str, Any], words: "Words") -> None:
    from recognition.codes.likelihood.library import why_not
    from recognition.evaluation import BARE, FIELDS, by_field, rate_of, rate_of_bare

    out = console()
    out.print(_line(words.text("evaluate.all"), rate_of(outcomes), words))
    out.print(_line(words.text("evaluate.decoders"), rate_of(outcomes, lambda outcome: outcome.decoders), words))
    for name in BARE:
        out.print(_line(words.text("evaluate.bare", name=name), rate_of_bare(outcomes, name), words))
    for field in FIELDS:
        out.print(words.text(f"evaluate.by.{field}"))
        for name, rate in by_field(outcomes, field).items():
            out.print("  " + _line(name or "-", rate, words))
    out.print(
        words.text(
            "evaluate.ms",
            **{f"ours_{key}": value for key, value in found["ms"].items()},
            **{f"bare_{key}": value for key, value in found["bare_ms"].items()},
        )
    )
    for case in ("", "_without_code"):
        kinds = {"decoders": "decoders_ms", "stage": "stage_adds_ms", "bare": "bare_ms"}
        took = {f"{kind}_{key}": value for kind, name in kinds.items() for key, value in found[f"{name}{case}"].items()}
        out.print(words.text(f"evaluate.stages{case}", **took))
    for name, values in found["wrong_values"].items():
        out.print(words.text("evaluate.wrong", file=name, values=", ".join(values)))
    if (why := why_not()) is not None:
        out.print(words.text("evaluate.alone", detail=why))


def _line(name: str, rate: "Rate", words: "Words") -> str:
    if not rate.n:
        return words.text("evaluate.line.none", name=name, n=rate.without_code, wrong=rate.wrong)
    shares = {"rate": 100 * rate.read_rate, "low": 100 * rate.low, "high": 100 * rate.high}
    return words.text("evaluate.line", name=name, n=rate.n, wrong=rate.wrong, **{key: round(value, 1) for key, value in shares.items()})
