"""The limits of wear, from ``wear.toml`` beside this file: of which part, what is counted for it, how much of it, and who says so."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

FILE = Path(__file__).with_name("wear.toml")
ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class WearLimit:
    """``source``: ``assumed``, or the data sheet that says so."""

    part: str
    counts: Literal["items", "commands", "starts"]
    limit: int
    source: str


def wear_limits(path: Path = FILE) -> tuple[WearLimit, ...]:
    """Raises OSError, ValueError."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))["part"]
    limits = tuple(
        WearLimit(part["name"], cast("Literal['items', 'commands', 'starts']", part["counts"]), part["limit"], part["source"])
        for part in found
    )
    if any(limit.counts not in ("items", "commands", "starts") or limit.limit <= 0 or not limit.source for limit in limits):
        raise ValueError(f"{path}: what is counted, a limit above 0 and a source")
    return limits
