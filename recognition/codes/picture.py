"""A frame, and who read what in it. Steps, from the quickest to the slowest, until one of them has a code that is believed; with what each costs on 1280x720::

    zxing-cpp on the frame, dark bars                    1 ms
    zxing-cpp on upright crops of the detector's, coarse 2 + 1 ms
    zxing-cpp on the frame, reduced and inverted too     1.5 ms
    zxing-cpp on crops of the detector's, fine           6 + 1 ms, across the bars and then along them
    zbar on the frame                                    7 ms
    zbar on these crops                                  2 ms
    zxing-cpp on these crops, sharpened                  1 ms
    the likelihood stage                                 20 to 100 ms

**Every value is asked for a second opinion**, on a strip of a few rows across its bars (0.5 ms): of the other decoder, else
of the likelihood stage. A value is believed with two independent witnesses (``witness.py``). A contradiction makes both values contested, and only the likelihood
stage can decide for one of them. A long code that one decoder alone reads, strongly, goes into the look with its one witness: the judge
will not agree on it until something else has seen it too.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from config.vocabulary import Gtin
from recognition.codes import crops
from recognition.codes.crops import Care, Crop, Found, sharpened
from recognition.codes.decoders import by_zbar, by_zxing
from recognition.codes.explanation import Doubt, Opinion, Step, Taken
from recognition.codes.likelihood import reader as likelihood
from recognition.codes.likelihood.claim import contradicted
from recognition.codes.likelihood.guard import believed, confirms, doubts, sure
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.kernels import Compiled
from recognition.codes.likelihood.model import Candidate
from recognition.codes.likelihood.reader import Placed
from recognition.codes.likelihood.reference import Reference
from recognition.codes.likelihood.several import handed_on, joined
from recognition.codes.reading import Grey, Quad, Reading, beside, side_lengths
from recognition.codes.witness import Decoder, Sighting
from recognition.gtin import Symbology, canonical
from recognition.shown import Mark

LEAST: Final = {Decoder.ZXING: 10.0, Decoder.ZBAR: 2.0}
"""Below this strength a value is none, and only says where the likelihood stage may look: of zxing-cpp, a quad of a few scan lines (wrong ones
measured 1 to 12 px, right ones mostly above 30), of zbar a single scan. zbar agreed with such a wrong value in one of 651 pictures.
"""

LEAST_IN_STRIP: Final = {Decoder.ZXING: 5.0, Decoder.ZBAR: 1.0}
"""The same for a second opinion, as a strip is six tenths of the bars' height at the most."""

ZXING_ALONE_PX: Final = 20.0
"""Height of the quad from which on zxing-cpp is enough for a look. Of 60 values of its own that nothing else gave the wrong one was 18 px high, the right ones but one above 22."""

ZXING_ALONE_MODULE_PX: Final = 1.5
"""Pixels of a module, in the picture that it read, below which zxing-cpp is never enough: the one wrong value that it alone gave on photographs had 1.1, right ones 1.58 and more. A code that
lies across a crop has so few, as crops have few rows.
"""

ZBAR_SCANS, ZBAR_SCANS_SHORT = 10.0, 20.0
"""Scans of zbar that agree, from which on it is enough for a look: one right and one wrong value of 651 pictures lay between 6 and 10."""

SHORT: Final = frozenset({Symbology.EAN8, Symbology.UPCE})
"""They have least to check, and zxing-cpp finds them in fragments of longer codes: never believed of one witness."""

LATEST_S: Final = 0.5
"""The likelihood stage looks at its thread's processor time between two candidates, and ends after so much: a brake for a machine that is out of order. What ends it before, everywhere
alike, is the number of candidates."""

LIKELIHOOD_QUADS: Final = 2

_WHOLE: Final = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


class Picture:
    """A frame, and who read what in it so far. ``kernels``: None where there is no likelihood stage."""

    def __init__(self, grey: Grey, likelihood_module_px: float, kernels: Compiled | None, *, whole: bool) -> None:
        self._likelihood_module_px = likelihood_module_px
        self._kernels = kernels
        self._is_whole = whole
        self._frame = Crop(grey, _WHOLE)
        self._readings: list[Reading] = []
        self._weighed: list[Reading] = []
        self._spent_s = 0.0
        self._doubted: list[Placed] = []
        self._contradicted: set[Gtin] = set()
        self._taken: list[Taken] = []
        self._seen: list[Quad] = []

    def read(self) -> None:
        """Step by step, crop by crop, until there is a code; ``whole``: to the end."""
        for step, decoder, crops_of in self._steps():
            before, cuts = len(self._readings), 0
            for crop in crops_of():
                cuts += 1
                self._take(crop, decoder)
                if self.codes() and not self._is_whole:
                    self._note(step, cuts, before)
                    return
            self._note(step, cuts, before)
        self._by_likelihood()

    def _steps(self) -> "Iterator[tuple[Step, Callable[[Grey], list[Reading]], Callable[[], Iterable[Crop]]]]":
        yield Step.ZXING_DARK, lambda grey: by_zxing(grey, everywhere=False), lambda: [self._frame]
        yield Step.ZXING_COARSE, by_zxing, lambda: self._coarse.crops
        yield Step.ZXING_EVERYWHERE, by_zxing, lambda: [self._frame]
        yield Step.ZXING_FINE, by_zxing, lambda: self._fine.crops
        yield Step.ZXING_TURNED, by_zxing, lambda: self._fine.turned
        yield Step.ZBAR_FRAME, by_zbar, lambda: [self._frame]
        yield Step.ZBAR_FINE, by_zbar, lambda: self._fine.crops
        yield Step.ZXING_SHARPENED, by_zxing, lambda: map(sharpened, self._fine.crops)
        yield Step.ZBAR_TURNED, by_zbar, lambda: self._fine.turned[:1]

    def _note(self, step: Step, cuts: int, before: int) -> None:
        self._taken.append(Taken(step, cuts, tuple(dict.fromkeys(found.code for found in self._readings[before:]))))

    def steps(self) -> tuple[Taken, ...]:
        return tuple(self._taken)

    def seen(self) -> tuple[Quad, ...]:
        """Where the detector saw a code that was not read yet."""
        return tuple(self._seen)

    def codes(self) -> dict[Gtin, frozenset[Sighting]]:
        """What is believed, and its witnesses."""
        return {
            code: frozenset(found.sighting for found in self._of(code))
            for code in dict.fromkeys(found.code for found in self._readings)
            if code not in self._contradicted
            and not self._is_contested(code)
            and (self._is_witnessed(code) or any(map(_strong, self._of(code))))
        }

    def opinions(self) -> tuple[Opinion, ...]:
        return tuple(
            Opinion(found.code, found.decoder, found.module_px, found.strength, self._is_contested(found.code), found.quad)
            for found in self._readings
        )

    def doubts(self) -> tuple[Doubt, ...]:
        return tuple(Doubt(placed.candidate.text, doubts(placed.candidate), placed.quad) for placed in self._doubted)

    def marks(self, width: int, height: int) -> tuple[Mark, ...]:
        believed = self.codes()
        largest: dict[Gtin, Reading] = {}
        for found in self._readings:
            before = largest.get(found.code)
            if before is None or cv2.contourArea(found.quad.astype(np.float32)) > cv2.contourArea(before.quad.astype(np.float32)):
                largest[found.code] = found
        return tuple(
            Mark(code, tuple((float(x) / width, float(y) / height) for x, y in found.quad), code in believed)
            for code, found in largest.items()
        )

    def _of(self, code: Gtin) -> list[Reading]:
        return [found for found in self._readings if found.code == code]

    def _is_witnessed(self, code: Gtin) -> bool:
        witnesses = [found.sighting.witness for found in self._of(code)]
        return any(one.independent_of(other) for place, one in enumerate(witnesses) for other in witnesses[place + 1 :])

    def _is_contested(self, code: Gtin) -> bool:
        """Another value was read in its place, and the likelihood stage, which alone has compared words, was not for this one and against that."""
        own = self._of(code)
        rivals = [found for found in self._readings if found.code != code and any(map(found.in_place_of, own))]
        return bool(rivals) and (not _weighed(own) or _weighed(rivals))

    def check(self) -> None:
        """Asks the bars about what decoders alone have read. From the second look on, as no code is agreed before: most looks need not wait for it. Where the inner loops are not compiled they
        are asked in numpy, which takes a tenth of a second: decoders that are alone are the last that may be believed unasked.
        """
        kernels: Kernels = self._kernels or Reference()
        for code in self.codes():
            own = self._of(code)
            widest = max(own, key=lambda found: side_lengths(found.quad)[0])
            asked = widest.symbology is not Symbology.UPCE and not _weighed(own)
            if asked and contradicted(self._frame.grey, widest.quad, code, kernels):
                self._contradicted.add(code)

    def _by_likelihood(self) -> None:
        """Beside a code that was read, only where the detector saw another."""
        if self._kernels is not None and (self._fine.quads or not self.codes()):
            before, quads = len(self._readings), self._fine.quads[:LIKELIHOOD_QUADS]
            self._weigh(quads, elsewhere=True)
            self._note(Step.LIKELIHOOD, len(quads), before)

    @cached_property
    def _coarse(self) -> Found:
        return self._found(crops.COARSE)

    @cached_property
    def _fine(self) -> Found:
        return self._found(crops.FINE)

    def _found(self, care: Care) -> Found:
        """What the detector finds, but for the codes that were read before it was asked."""
        codes = self.codes()
        read = [found.quad for found in self._readings if found.code in codes]
        unread = [quad for quad in crops.detected(self._frame.grey, care) if not any(_holds(one, quad) for one in read)]
        self._seen += unread
        return Found(self._frame.grey, unread, care)

    def _take(self, crop: Crop, decoder: Callable[[Grey], list[Reading]]) -> None:
        """What a decoder reads in a crop, and what others say of it."""
        for found in decoder(crop.grey):
            in_frame = crop.in_frame(found)
            if in_frame.strength < LEAST[found.decoder]:
                self._weigh_once(in_frame)
                continue
            self._readings.append(in_frame)
            if not self._is_witnessed(found.code):
                heard = _second_opinion(crop, found)
                self._readings += [reading for reading in heard if reading.strength >= LEAST_IN_STRIP[reading.decoder]]
            if not self._is_witnessed(found.code) or self._is_contested(found.code):
                self._weigh_once(in_frame)

    def _weigh_once(self, found: Reading) -> None:
        if not any(map(found.in_place_of, self._weighed)):
            self._weighed.append(found)
            self._weigh([found.quad], elsewhere=False)

    def _weigh(self, quads: Sequence[Quad], *, elsewhere: bool) -> None:
        """What the likelihood stage believes, within the time that it has for this look."""
        kernels = self._kernels
        began_s = time.thread_time()
        until_s = began_s + LATEST_S - self._spent_s
        if kernels is None or began_s >= until_s:
            return
        for placed in likelihood.candidates(
            self._frame.grey, quads, kernels, lambda: time.thread_time() > until_s, self._likelihood_module_px, elsewhere=elsewhere
        ):
            found = _reading_of(placed)
            if found is None:
                continue
            if believed(placed.candidate) or (confirms(placed.candidate) and self._is_given(found)):
                self._readings.append(found)
            else:
                self._doubted.append(placed)
        self._spent_s += time.thread_time() - began_s

    def _is_given(self, found: Reading) -> bool:
        """Whether a decoder gave this value here, and no other is."""
        given = any(reading.code == found.code and _on_bars_of(found, reading) for reading in self._readings)
        return given and all(reading.code == found.code for reading in self._readings if reading.in_place_of(found))

    @property
    def bars_beside(self) -> bool:
        """Whether the detector saw bars that are no part of a code that was read. Asked of a look that is ``whole``, which has run it in any case."""
        codes = self.codes()
        read = [found.quad for found in self._readings if found.code in codes]
        if not (self._is_whole and read):
            return False
        others = [seen for seen in self._fine.quads if all(beside(one, seen) for one in read)]
        kernels: Kernels = self._kernels or Reference()
        return any(likelihood.alternates(self._frame.grey, seen, kernels) for seen in others)

    @property
    def unsure(self) -> tuple[Candidate, ...]:
        """Nothing where something was read: then this look has said what it has to say."""
        return () if self.codes() else handed_on([placed.candidate for placed in self._doubted])

    def join(self, before: Sequence[Sequence[Candidate]]) -> None:
        """What the looks before and this one say together."""
        kernels = self._kernels
        own = self.unsure
        if kernels is None or not own:
            return
        together = joined([*before, own], kernels)
        placed = next((placed for placed in self._doubted if together is not None and placed.candidate.text == together.text), None)
        if together is not None and placed is not None:
            found = _reading_of(Placed(together, placed.quad))
            if found is not None:
                self._readings.append(found)


def _reading_of(placed: Placed) -> Reading | None:
    candidate = placed.candidate
    symbology = candidate.layout.symbology
    code = canonical(symbology, candidate.text)
    if code is None:
        return None
    return Reading(code, symbology, Decoder.LIKELIHOOD, placed.quad, candidate.module_px, candidate.margin, sure(candidate))


def _holds(read: Quad, quad: Quad) -> bool:
    """Whether the middle of ``quad`` lies where a code was read."""
    return bool(cv2.pointPolygonTest(read.astype(np.float32), tuple(map(float, quad.mean(axis=0))), measureDist=False) >= 0)


def _on_bars_of(found: Reading, scanned: Reading) -> bool:
    """Whether a decoder's value, of which it may give a scan line alone, was read along these bars: a little beyond the quad, as detectors cut it low."""
    along, across = found.quad[1] - found.quad[0], found.quad[3] - found.quad[0]
    apart = scanned.quad.mean(axis=0) - found.quad.mean(axis=0)
    return abs(float(apart @ along)) < float(along @ along) / 4 and abs(float(apart @ across)) < 0.7 * float(across @ across)


def _weighed(readings: Sequence[Reading]) -> bool:
    return any(found.decoder is Decoder.LIKELIHOOD for found in readings)


def _strong(found: Reading) -> bool:
    """One witness that is enough for a look, though not for a verdict."""
    match found.decoder:
        case Decoder.ZXING:
            large = found.strength >= ZXING_ALONE_PX and found.module_px >= ZXING_ALONE_MODULE_PX
            return large and found.symbology not in SHORT
        case Decoder.LIKELIHOOD:
            return True
        case Decoder.ZBAR:
            return found.strength >= (ZBAR_SCANS_SHORT if found.symbology in SHORT else ZBAR_SCANS)


def _second_opinion(crop: Crop, found: Reading) -> list[Reading]:
    """What the other decoder reads in the strip across a code."""
    asked, decoder = (Decoder.ZBAR, by_zbar) if found.decoder is Decoder.ZXING else (Decoder.ZXING, by_zxing)
    strip = crops.strip(crop.grey, found, asked)
    return [_strip_reading(crop, strip, reading) for reading in decoder(strip.grey)]


def _strip_reading(crop: Crop, strip: Crop, reading: Reading) -> Reading:
    """A reading of a strip of a crop as one of the frame."""
    return crop.in_frame(strip.in_frame(reading))
