"""The configuration's page in every state, as values of the console."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from config.changing import Key, keys_of
from kiosk.console.configuring.vocabulary import AtConfiguration, Change, NotAllowed

EXAMPLE = Path(__file__).parents[4] / "config" / "example.toml"


def _keys() -> tuple[Key, ...]:
    return keys_of(EXAMPLE)


def configuration_shots() -> Iterator[tuple[str, AtConfiguration]]:
    """In the order in which one meets them."""
    listed = AtConfiguration(_keys())
    yield "looking", AtConfiguration()
    yield "list", listed
    number = replace(listed, picked="sound.volume_percent")
    yield "number", number
    yield "switch", replace(listed, picked="camera.exposure_auto")
    yield "refused", replace(number, refused=NotAllowed("400", "0–100"))
    yield "writing", replace(number, writing=True)
    yield "changed", replace(listed, changes=(Change("sound.volume_percent", "70", "40"),))
