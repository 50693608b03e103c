"""The policies by name: which limits a kiosk's configuration, or a run on a folder of pictures, is judged by. A policy's file is read whole or refused."""

import tomllib
from dataclasses import fields, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from config.files import read_text
from config.settings import Recognition
from config.told import WrongUse
from recognition.policy import VERSION, Policy

ANY_WEIGHT_G = 1_000_000
"""Above whatever a scale here can show: no item is too heavy."""

EVERY_VOTE = Path(__file__).with_name("every-vote.toml")


class PolicyUnusable(WrongUse):
    """A policy's file cannot be used; ``detail`` says what stands there."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class PolicyWrong(PolicyUnusable):
    """It cannot be read, or a key of it is missing, unknown or out of its kind."""


class PolicyOfAnotherVersion(PolicyUnusable):
    """It has the form of a later program, or of none: ``known`` is this program's."""

    def __init__(self, path: Path, found: object) -> None:
        super().__init__(path, f"version {found!r}, known is {VERSION}")
        self.found = found
        self.known = VERSION


def read_policy(path: Path) -> Policy:
    """Raises PolicyUnusable; nothing half right is handed out."""
    try:
        values = tomllib.loads(read_text(path))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PolicyWrong(path, str(error)) from error
    found = values.pop("version", None)
    if found != VERSION:
        raise PolicyOfAnotherVersion(path, found)
    missing = {one.name for one in fields(Policy)} - {"refuses_demonstration"} - values.keys()
    if missing:
        raise PolicyWrong(path, f"{min(missing)}: Field required")
    try:
        # 5 is a number of grams as 5.0 is
        return TypeAdapter(Policy).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise PolicyWrong(path, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error


def policy_of(settings: Recognition, demonstration: bool) -> Policy:
    """The policy that the configuration names. Raises PolicyUnusable.

    ``demonstration``: the intake is a twin, so the codes reserved for demonstrations are taken. ``weight-and-code`` asks neither outline nor what came before. ``barcode-only`` is for
    folders of pictures whose weights nobody knows: any retail code with a right check digit, restricted ranges too.
    """
    match settings.policy:
        case "every-vote":
            return replace(read_policy(EVERY_VOTE), refuses_demonstration=not demonstration)
        case "weight-and-code":
            return Policy(
                name=settings.policy,
                glass_from_g=settings.glass_from_g,
                full_g=settings.full_g,
                refuses_demonstration=not demonstration,
            )
        case "barcode-only":
            return Policy(
                name=settings.policy,
                lightest_g=0,
                glass_from_g=settings.glass_from_g,
                full_g=ANY_WEIGHT_G,
                refuses_metal=False,
                refuses_restricted=False,
                refuses_demonstration=False,
            )
