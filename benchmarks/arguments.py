"""What the programs that measure or prove take on their command line: a wrong value is told as argparse tells it, exit 2."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path


def at_least(low: int) -> Callable[[str], int]:
    """A whole number, not below."""

    def whole(text: str) -> int:
        found = int(text)
        if found < low:
            raise argparse.ArgumentTypeError(f"{text} is less than {low}")
        return found

    return whole


def above_nothing(text: str) -> float:
    """Seconds, or another measure of something that happens at all."""
    found = float(text)
    if not 0 < found < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no number above 0")
    return found


def share(text: str) -> float:
    found = float(text)
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no share, 0 to 1")
    return found


def existing_folder(text: str) -> Path:
    found = Path(text)
    if not found.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return found
