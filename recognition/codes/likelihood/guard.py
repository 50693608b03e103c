"""What a candidate must show before it is a value. This is where a wrong code would become money: the thresholds are in the model card.

Set on folds of ../shared/data/barcodes by product; of some thousand wrong candidates none passes them all. The dangerous ones fit well and have a clear
runner-up, but are explained only by much blur (which fits anything), or against the wish of some cell, or in a band or two.
"""

from typing import Final

from recognition.codes.likelihood.alphabet import EAN8, EAN13, UPCE
from recognition.codes.likelihood.model import Candidate

RATIO: Final = {EAN13: 1.3, EAN8: 1.9, UPCE: 2.6}
"""A UPC-E that is a fragment of an EAN-13 was seen with 2.3, right ones from 2.6 on."""

EXPLAINED: Final = 0.88
EXPLAINED_SHORT: Final = 0.93
EXPLAINED_JOINTLY: Final = 0.95
MARGIN: Final = 60.0
MARGIN_JOINTLY: Final = 120.0
BLUR: Final = 1.0
BLUR_SHORT: Final = 0.8
BLUR_JOINTLY: Final = 1.8
UNREST_SHORT: Final = 0.45
BANDS: Final = 2
BANDS_SHORT_OR_JOINTLY: Final = 3


def doubts(candidate: Candidate) -> tuple[str, ...]:
    """The names of the tests that it fails."""
    short, jointly = candidate.layout is not EAN13, candidate.jointly
    tests = {
        "ratio": candidate.ratio >= RATIO[candidate.layout],
        "explained": candidate.explained >= (EXPLAINED_JOINTLY if jointly else EXPLAINED_SHORT if short else EXPLAINED),
        "margin": candidate.margin >= (MARGIN_JOINTLY if jointly else MARGIN),
        "blur": candidate.blur <= (BLUR_JOINTLY if jointly else BLUR_SHORT if short else BLUR),
        "unrest": not short or candidate.unrest <= UNREST_SHORT,
        "contrary": candidate.contrary == 0,
        "bands": candidate.bands >= (BANDS_SHORT_OR_JOINTLY if short or jointly else BANDS),
        "agreeing": candidate.agreeing >= max(2, candidate.bands - 1),
    }
    return tuple(name for name, passed in tests.items() if not passed)


def believed(candidate: Candidate) -> bool:
    return not doubts(candidate)
