"""What a run of simulated visits assumes, as values: who brings what, how it lies, what the catalogue knows, what things weigh. Read whole from a file or refused.

Shares are from 0 to 1; tables of shares are weights, which need not add up to one.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from pydantic import ConfigDict, TypeAdapter, ValidationError

from config.files import read_text
from config.told import WrongUse
from recognition.policy import WHOLE

VERSION = 1

Share = Annotated[float, Ge(0), Le(1)]
Weight = Annotated[float, Ge(0)]


class AssumptionsWrong(WrongUse):
    """The file cannot be used; ``detail`` says what stands there."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """``bottles``: things a visit, in the mean, of a geometric distribution. ``same``: how often a bottle is another of the one before. ``wrong``: how often a thing is none that is taken.

    ``facing``: share of bottles laid with the code towards the camera; ``facing_again``: the same of one that came back. ``tries``: how often a bottle is put in at most.
    """

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    bottles: Annotated[float, Ge(1)]
    same: Share
    wrong: Share
    facing: Share
    facing_again: Share
    tries: Annotated[int, Ge(1), Le(8)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottles:
    """``products``: how many there are. ``without_label``: share of bottles that lost theirs. ``scatter``: a bottle's weight beside its product's, one standard deviation as a share; ``scale_g``: what the scale errs, the same in grams."""

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    products: Annotated[int, Ge(1), Le(100_000)]
    without_label: Share
    scatter: Share
    scale_g: Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The catalogue: the share of products that it has with their empty weight, how far that is from the true one (one standard deviation, a share), and how often it names another material."""

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    with_weight: Share
    weight_error: Share
    wrong_material: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """Where products come from: the first digits of their codes, how many there are of them, and how many of these the catalogue knows."""

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    digits: str
    share: Weight
    known: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A bottle as it is sold. Its pictures are those of this material and of a length and width within the limits; ``grams``: the least, the most common and the most that an empty one weighs."""

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    name: str
    material: str
    share: Weight
    length_mm: tuple[float, float]
    width_mm: tuple[float, float]
    grams: tuple[Annotated[float, Gt(0)], float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """``wrong``: how often each kind of thing is brought, by the names of ``simulation/redteam/patterns.py``."""

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    visits: Annotated[int, Ge(1), Le(1_000_000)]
    seed: int
    people: People
    bottles: Bottles
    catalogue: Listed
    prefix: tuple[Prefix, ...]
    format: tuple[Format, ...]
    wrong: dict[str, Weight]


def read_assumptions(path: Path, kinds: frozenset[str]) -> Assumptions:
    """``kinds``: the wrong things that are known. Raises AssumptionsWrong, OSError, NotText."""
    try:
        values = tomllib.loads(read_text(path))
        version = values.pop("version", None)
        if version != VERSION:
            raise AssumptionsWrong(path, f"version {version!r}, known is {VERSION}")
        found = TypeAdapter(Assumptions).validate_python(values)
    except tomllib.TOMLDecodeError as error:
        raise AssumptionsWrong(path, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise AssumptionsWrong(path, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    if (wrong := _contradiction(found, kinds)) is not None:
        raise AssumptionsWrong(path, wrong)
    return found


def _contradiction(found: Assumptions, kinds: frozenset[str]) -> str | None:
    """What no type says."""
    for prefix in found.prefix:
        if not (prefix.digits.isascii() and prefix.digits.isdecimal() and len(prefix.digits) <= 6):
            return f"prefix {prefix.digits!r}: 1 to 6 digits"
    for form in found.format:
        least, common, most = form.grams
        if not least <= common <= most:
            return f"format {form.name!r}: grams are the least, the most common, the most"
    if unknown := sorted(found.wrong.keys() - kinds):
        return f"wrong.{unknown[0]}: allowed are {', '.join(sorted(kinds))}"
    shares = {"prefix": [one.share for one in found.prefix], "format": [one.share for one in found.format], "wrong": found.wrong.values()}
    return next((f"{name}: no share above 0" for name, all_ in shares.items() if not sum(all_)), None)
