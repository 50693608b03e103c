"""What scale and bins are set to after a measurement, or why they stay as they are. Pure: grams and millimetres in, a calibration or a ``Wrong`` out.

Two points make the scale: nothing, and the test weight. A weight that is not the one that was asked for would make every bottle wrong,
so what comes out must be what a cell can be off: all that its maker tolerates the first time, and little once it was set.
"""

from dataclasses import replace

from drivers.intake.bus import Calibration
from kiosk.console.calibrating.told import What
from kiosk.console.calibrating.wrong import BinNotEmpty, BinNotStill, BinOutOfReach, NothingOnScale, SomethingOnScale, Wrong, WrongWeight

NOMINAL_SPAN = 1.0
"""Of a cell that nobody has set yet (``firmware/calibration.py``)."""

FIRST_SPAN, LATER_SPAN = 0.2, 0.03
"""A cell of 1 mV/V is made to within 15 per cent; one that was set stays within 3, or it is broken, or the weight is another."""

ZERO_MOST_G = 1000
"""What a plate, dirt and the cell's own zero come to at most: a fifth of what it carries. More is something that lies on it."""

LEAST_G = 50
"""With less between the two points nobody has put a weight on."""

BIN_LEAST_MM, BIN_MOST_MM = 300, 1500
"""Between the sensor and the ground of a bin (``firmware/registers.py``)."""

SPREAD_MM = 20
"""Between the readings of a sensor that looks down on a flat ground; over bottles it is more."""

SHALLOWER_MM = 100
"""A bin does not become shallower by more than a folded bag: then something lies in it."""


def zero_of(felt_g: int, now: Calibration) -> Calibration | Wrong:
    """The first point: nothing lies on the scale."""
    if abs(felt_g) > ZERO_MOST_G:
        return SomethingOnScale(felt_g)
    return replace(now, zero_g=felt_g)


def span_of(felt_g: int, weight_g: int, now: Calibration) -> Calibration | Wrong:
    """The second: the test weight lies on it. ``now``: with the zero of the first."""
    more_g = felt_g - now.zero_g
    if more_g < LEAST_G:
        return NothingOnScale()
    span = more_g / weight_g
    tolerated = FIRST_SPAN if now.span == NOMINAL_SPAN else LATER_SPAN
    if abs(span / now.span - 1) > tolerated:
        return WrongWeight(round(more_g / now.span), weight_g)
    return replace(now, span=round(span, 4))


def depth_of(what: What, seen_mm: tuple[int, ...], now: Calibration) -> Calibration | Wrong:
    """Of a bin that is empty, from some readings of its sensor."""
    place = 0 if what is What.BIN_1 else 1
    middle, spread = sorted(seen_mm)[len(seen_mm) // 2], max(seen_mm) - min(seen_mm)
    before = now.bin_empty_mm[place]
    if not BIN_LEAST_MM <= middle <= BIN_MOST_MM:
        return BinOutOfReach(middle, BIN_LEAST_MM, BIN_MOST_MM)
    if spread > SPREAD_MM:
        return BinNotStill(spread)
    if middle < before - SHALLOWER_MM:
        return BinNotEmpty(middle, before)
    first, second = now.bin_empty_mm
    return replace(now, bin_empty_mm=(middle, second) if place == 0 else (first, middle))
