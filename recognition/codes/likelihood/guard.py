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
BLUR_SHORT: Final = 0.9
BLUR_JOINTLY: Final = 1.8
MUCH_BLUR: Final = 0.8
"""From here on much of what is not there can be explained, and as much as of the strong blur must be. A drawn code of 0.9 modules, whose right half had been placed a digit too far,
was believed with another's digits in three looks of eight, 0.92 of it explained; of right ones with more blur than this none had less than 0.97.
"""

UNREST_SHORT: Final = 0.45
UNEVEN: Final = 22.0
"""Right ones of photographs had 5 at the 95th of a hundred and 21 at the most; of spliced codes, whose value the check digit told alone, none had less than 24."""

UNEVEN_JOINTLY: Final = 8.0
"""Of strongly blurred right ones none had more than 4.2; of prints with a digit between two, whose neighbours were bent to fit it, none had less than 10."""

SURE_RATIO, SURE_EXPLAINED, SURE_UNEVEN = 1.4, 0.9, 8.0
"""What the stage must show each time to be a second witness to itself, and no much blur. What is wrong in the print is the same from every side: of 2,680 damaged codes
(``benchmarks.own_witness``) five were repeated from several sides, all of them believed in every look. Three had a digit that fits far worse than the others (uneven 10 to 15) or were pulled
(0.89 explained, ratio 1.37). Two had a fold that was out of focus by a module, and fitted as well as right ones do: 0.97 explained, ratio 2.5, each digit alike.
"""

AGREEING: Final = 0.6
"""Share of the bands that must give the word alone."""

BANDS: Final = 2
BANDS_SHORT_OR_JOINTLY: Final = 3


def least_explained(candidate: Candidate) -> float:
    if candidate.jointly or candidate.blur > MUCH_BLUR:
        return EXPLAINED_JOINTLY
    return EXPLAINED if candidate.layout is EAN13 else EXPLAINED_SHORT


def doubts(candidate: Candidate) -> tuple[str, ...]:
    """The names of the tests that it fails."""
    short, jointly = candidate.layout is not EAN13, candidate.jointly
    tests = {
        "ratio": candidate.ratio >= RATIO[candidate.layout],
        "explained": candidate.explained >= least_explained(candidate),
        "margin": candidate.margin >= (MARGIN_JOINTLY if jointly else MARGIN),
        "blur": candidate.blur <= (BLUR_JOINTLY if jointly else BLUR_SHORT if short else BLUR),
        "unrest": not short or candidate.unrest <= UNREST_SHORT,
        "contrary": candidate.contrary == 0,
        "uneven": candidate.uneven <= (UNEVEN_JOINTLY if jointly else UNEVEN),
        "bands": candidate.bands >= (BANDS_SHORT_OR_JOINTLY if short or jointly else BANDS),
        "agreeing": candidate.agreeing >= max(2, AGREEING * candidate.bands),
    }
    return tuple(name for name, passed in tests.items() if not passed)


def believed(candidate: Candidate) -> bool:
    return not doubts(candidate)


def sure(candidate: Candidate) -> bool:
    """Whether another look at the same print, from another side, may stand as a second witness beside it."""
    sharp = not candidate.jointly and candidate.blur <= MUCH_BLUR
    return sharp and candidate.ratio >= SURE_RATIO and candidate.explained >= SURE_EXPLAINED and candidate.uneven <= SURE_UNEVEN


CONFIRMING_MARGIN: Final = 30.0

RATIO_TOGETHER: Final = 1.1
MARGIN_TOGETHER: Final = 150.0
"""A single look of six bands that just passes has a margin of 90 or so: what two looks must have together is more."""

EXPLAINED_TOGETHER: Final = 0.03
"""By how much less may be explained than by a single look, but where there is much blur."""


def nearly(candidate: Candidate) -> bool:
    """Whether it may count together with another look's: no digit speaks against its word, its bands give the word, and what it lacks is sureness alone."""
    return set(doubts(candidate)) <= {"ratio", "margin", "explained"} and candidate.ratio >= RATIO_TOGETHER and candidate.layout is not UPCE


def believed_together(candidate: Candidate) -> bool:
    """The guard of a word that several looks give."""
    short, jointly = candidate.layout is not EAN13, candidate.jointly
    allowed = 0.0 if jointly or candidate.blur > MUCH_BLUR else EXPLAINED_TOGETHER
    return (
        candidate.margin >= MARGIN_TOGETHER * (2 if short or jointly else 1)
        and candidate.ratio >= RATIO_TOGETHER * (1.2 if short else 1.0)
        and candidate.explained >= least_explained(candidate) - allowed
        and candidate.contrary == 0
        and candidate.uneven <= (UNEVEN_JOINTLY if jointly else UNEVEN)
    )


def confirms(candidate: Candidate) -> bool:
    """Whether it is a second opinion on the value that a decoder gave, in the same place: the same word of a hundred thousand million is no accident."""
    return nearly(candidate) and candidate.margin >= CONFIRMING_MARGIN
