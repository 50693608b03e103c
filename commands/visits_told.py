"""A share as a sentence and as a number, for the text and the page of the simulated visits."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from simulation.visits.figures import Share

MATTERS = ("catalogue", "prefix", "colour", "label", "format")
"""By what good bottles are told apart."""


def line(key: str, share: "Share", words: "Words") -> str:
    facts = {"share": percent(share), "low": f"{100 * share.low:.2f}", "high": f"{100 * share.high:.2f}"}
    return words.text(key, times=share.times, n=share.n, **facts)


def percent(share: "Share") -> str:
    return f"{100 * share.value:.2f} %"
