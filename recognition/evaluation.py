"""How well codes are read on labelled pictures: our reader beside bare calls of the decoders, in the same run on the same pictures.

A picture with a code is *read* when exactly one value is given and it is right; a value that is not on the picture is *wrong*, whatever else is given. Rates
come with the interval in which 95 of 100 resamplings of the pictures lie (bootstrap, Efron 1979; pictures of one product are not independent, so it is a little
narrow). Milliseconds are processor time of this thread.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

from recognition.codes.cascade import read_by_decoders, read_look
from recognition.codes.reading import Grey

RESAMPLINGS: Final = 1000
FIELDS: Final = ("kind", "source", "severity")


@dataclass(frozen=True, slots=True)
class Sample:
    """``codes``: what is printed on it, any of which is right; none for a picture without a retail code."""

    name: str
    codes: frozenset[str]
    kind: str
    source: str
    severity: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one reader gave, and in how many milliseconds."""

    codes: frozenset[str]
    ms: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """``decoders``: our reader without the likelihood stage."""

    sample: Sample
    ours: Answer
    decoders: Answer
    bare: dict[str, Answer]

    @property
    def read(self) -> bool:
        return is_read(self.ours, self.sample)

    @property
    def wrong(self) -> bool:
        return is_wrong(self.ours, self.sample)


def is_read(answer: Answer, sample: Sample) -> bool:
    return len(answer.codes) == 1 and answer.codes <= sample.codes


def is_wrong(answer: Answer, sample: Sample) -> bool:
    return bool(answer.codes - sample.codes)


def fitted(grey: Grey, size: tuple[int, int]) -> Grey:
    """Reduced to lie within ``size`` (width, height); a smaller picture stays as it is."""
    scale = min(size[0] / grey.shape[1], size[1] / grey.shape[0])
    if scale >= 1:
        return grey
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def evaluated(grey: Grey, sample: Sample) -> Outcome:
    """One look at a picture, by our reader, with the likelihood stage and without, and by each decoder as it comes."""
    bare = {name: _timed(reader, grey) for name, reader in BARE.items()}
    decoders = _timed(read_by_decoders, grey)
    return Outcome(sample, _timed(lambda image: read_look(image, 0).codes, grey), decoders, bare)


def _timed(reader: Callable[[Grey], Iterable[str]], grey: Grey) -> Answer:
    began_s = time.thread_time()
    codes = frozenset(reader(grey))
    return Answer(codes, (time.thread_time() - began_s) * 1000)


def _pyzbar(grey: Grey) -> Iterable[str]:
    """A bare call reads all symbologies; only retail codes count, right or wrong."""
    return (
        _padded(found.data.decode("utf-8", "replace")) for found in pyzbar.decode(grey) if found.type in {"EAN13", "EAN8", "UPCA", "UPCE"}
    )


def _zxing(grey: Grey) -> Iterable[str]:
    return (_padded(found.text) for found in zxingcpp.read_barcodes(grey) if found.format in _RETAIL)


_RETAIL: Final = {zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.EAN8, zxingcpp.BarcodeFormat.UPCA, zxingcpp.BarcodeFormat.UPCE}


def _padded(text: str) -> str:
    """UPC-A comes with 12 digits or 13."""
    return text.zfill(13) if len(text) == 12 else text


BARE: Final[dict[str, Callable[[Grey], Iterable[str]]]] = {"pyzbar": _pyzbar, "zxing": _zxing}


@dataclass(frozen=True, slots=True)
class Rate:
    """``n`` pictures with a code, of which a share is read; ``wrong``: pictures, with a code or without, on which a wrong value was given."""

    n: int
    read_rate: float
    low: float
    high: float
    wrong: int
    without_code: int

    def as_json(self) -> dict[str, object]:
        return {
            "n": self.n,
            "read_rate": round(self.read_rate, 4),
            "interval": [round(self.low, 4), round(self.high, 4)],
            "wrong": self.wrong,
            "without_code": self.without_code,
        }


def rate_of(outcomes: Sequence[Outcome], answer_of: Callable[[Outcome], Answer] = lambda outcome: outcome.ours) -> Rate:
    answers = [(answer_of(outcome), outcome.sample) for outcome in outcomes]
    read = np.array([is_read(answer, sample) for answer, sample in answers if sample.codes], np.float64)
    low, high = _interval(read)
    wrong = sum(is_wrong(answer, sample) for answer, sample in answers)
    return Rate(len(read), float(read.mean()) if len(read) else 0.0, low, high, wrong, len(answers) - len(read))


def rate_of_bare(outcomes: Sequence[Outcome], name: str) -> Rate:
    """The same for one of the decoders as it comes."""
    return rate_of(outcomes, lambda outcome: outcome.bare[name])


def _interval(read: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of the rate over resamplings; the same numbers each time."""
    if not len(read):
        return 0.0, 0.0
    drawn = np.random.default_rng(0).integers(0, len(read), (RESAMPLINGS, len(read)))
    low, high = np.percentile(read[drawn].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def percentiles(answers: Iterable[Answer]) -> dict[str, float]:
    ms = [answer.ms for answer in answers]
    p50, p95 = np.percentile(ms, (50, 95)) if ms else (0.0, 0.0)
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


def _added(outcomes: Iterable[Outcome]) -> Iterable[Answer]:
    return (Answer(outcome.ours.codes, outcome.ours.ms - outcome.decoders.ms) for outcome in outcomes if not outcome.decoders.codes)


def by_field(outcomes: Sequence[Outcome], field: str) -> dict[str, Rate]:
    names = sorted({getattr(outcome.sample, field) for outcome in outcomes})
    return {name: rate_of([outcome for outcome in outcomes if getattr(outcome.sample, field) == name]) for name in names}


def figures(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """All figures, as JSON gives them: of all pictures, by field, times on pictures with a code and without, and the bare calls'. ``decoders``: our reader without the likelihood
    stage; ``stage_adds_ms``: what the stage adds to a look in which it reads nothing.
    """
    coded = [outcome for outcome in outcomes if outcome.sample.codes]
    plain = [outcome for outcome in outcomes if not outcome.sample.codes]
    return {
        **rate_of(outcomes).as_json(),
        "by": {field: {name: rate.as_json() for name, rate in by_field(outcomes, field).items()} for field in FIELDS},
        "ms": percentiles(outcome.ours for outcome in coded),
        "ms_without_code": percentiles(outcome.ours for outcome in plain),
        "decoders_ms": percentiles(outcome.decoders for outcome in coded),
        "decoders_ms_without_code": percentiles(outcome.decoders for outcome in plain),
        "stage_adds_ms": percentiles(_added(coded)),
        "stage_adds_ms_without_code": percentiles(_added(plain)),
        "decoders": rate_of(outcomes, lambda outcome: outcome.decoders).as_json(),
        "bare_ms": percentiles(outcome.bare["pyzbar"] for outcome in coded),
        "bare_ms_without_code": percentiles(outcome.bare["pyzbar"] for outcome in plain),
        "bare": {name: rate_of_bare(outcomes, name).as_json() for name in BARE},
        "wrong_values": {outcome.sample.name: sorted(outcome.ours.codes - outcome.sample.codes) for outcome in outcomes if outcome.wrong},
        "not_read": [outcome.sample.name for outcome in coded if not outcome.read],
    }
