"""``consigne evaluate``: how well pictures are read, measured on folders of labelled ones; and ``consigne read``: what is made of single pictures."""

import json as json_
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.language import chosen
from commands.options import examples
from commands.simulate import JsonOption
from commands.terminal import console
from commands.usage import WrongValue
from config.told import WrongUse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kiosk.words.catalogue import Words
    from recognition.evaluation import Outcome, Rate, Sample

app = typer.Typer(
    no_args_is_help=True, help="Mesurer la reconnaissance. / Measure the recognition.", epilog=examples("consigne evaluate barcode photos")
)

SIZE = "1280x720"
LARGEST = 10_000


class NoSuchPicture(WrongUse):
    """A file that is no picture, or none that fits into memory."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no picture that can be read")
        self.path = path


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


def grey_picture(path: Path) -> "NDArray[np.uint8]":
    """Any picture that OpenCV decodes, with however many channels and bits, in grey of 8 bits. Raises NoSuchPicture, OSError."""
    import cv2

    return _picture(path, cv2.IMREAD_GRAYSCALE)


def _colour_picture(path: Path) -> "NDArray[np.uint8]":
    """The same in colour, BGR."""
    import cv2

    return _picture(path, cv2.IMREAD_COLOR)


def _picture(path: Path, how: int) -> "NDArray[np.uint8]":
    import cv2
    import numpy as np

    from drivers.twin.items import is_cut_off

    # what it says on stderr of a picture that is cut off is told in a sentence
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    data = np.frombuffer(path.read_bytes(), np.uint8)
    try:
        image = cv2.imdecode(data, how) if data.size and not is_cut_off(data) else None
    except cv2.error:
        image = None
    if image is None:
        raise NoSuchPicture(path)
    return image.astype(np.uint8, copy=False)


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


def read(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE…", help="Photos / pictures.")],
    explain: Annotated[bool, typer.Option("--explain", help="Qui a lu quoi / who read what.")] = False,
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

    from kiosk.words.explaining import explain_verdict
    from recognition.codes.cascade import explained_look
    from recognition.codes.likelihood.library import why_not

    words, out = chosen(), console(quiet=json)
    told: list[dict[str, Any]] = []
    for path in images:
        codes, opinions = explained_look(grey_picture(path))
        told.append({"file": str(path), "codes": sorted(codes), "opinions": [opinion.as_json() for opinion in opinions]})
        out.print(words.text("read.codes", file=path, codes=", ".join(sorted(codes))) if codes else words.text("read.nothing", file=path))
        if explain:
            for opinion in opinions:
                standing = words.text(f"read.{'believed' if opinion.code in codes else 'contested' if opinion.contested else 'alone'}")
                out.print(
                    words.text(
                        "read.opinion", code=opinion.code, decoder=opinion.decoder, module=round(opinion.module_px, 1), standing=standing
                    )
                )
    if explain and (why := why_not()) is not None:
        out.print(words.text("evaluate.alone", detail=why))
    if weight_g is not None:
        verdict = _one_item(images, weight_g, metal=metal, empty=empty)
        told.append({"verdict": verdict})
        for sentence in explain_verdict(verdict, words, version("consigne")):
            out.print(sentence)
    if json:
        typer.echo(json_.dumps(told))


def _one_item(images: list[Path], weight_g: int, *, metal: bool, empty: Path | None) -> dict[str, object]:
    """The verdict on one item of which these are the looks, under the policy that asks every vote. Where nobody knows the empty chamber, no outline is seen."""
    from config.settings import Recognition
    from recognition.codes.cascade import read_look
    from recognition.judge import judge
    from recognition.policies import policy_of
    from recognition.shape.background import Background, reduced
    from recognition.shape.look import seen_in
    from recognition.verdict import Evidence, Look

    looks: list[Look] = []
    background = None if empty is None else Background(reduced(_colour_picture(empty)).astype("float32"))
    for frame, path in enumerate(images):
        scene = None if background is None else seen_in(_colour_picture(path), background).scene
        looks.append(replace(read_look(grey_picture(path), frame, looks), scene=scene))
    policy = policy_of(Recognition(policy="every-vote"), demonstration=True)
    return judge(Evidence(tuple(looks), weight_g, metal), policy).facts()
