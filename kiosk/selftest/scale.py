"""Steps of the scale: at zero, and with the test weight."""

from kiosk.selftest.hands import Chore
from kiosk.selftest.limits import ZERO_G
from kiosk.selftest.results import Blame, Check, Figure, Group, Measured, Part, Result, StepReason, Unit, exactly, judged
from kiosk.selftest.rig import STEADY_S, Rig
from kiosk.selftest.steps import Step

OFF_G = 10.0
"""Chosen: two per cent of the test weight. The lightest bottle weighs 9 g, glass begins at 120 g, so this much misjudges none."""


def scale_zero(rig: Rig) -> Result:
    hot = rig.controls.wait(lambda seen: seen.steady, STEADY_S)
    return judge_zero(hot.weight_g, hot.steady)


def judge_zero(weight_g: int, steady: bool) -> Result:
    """A scale that shows less than nothing shows 0 here (the register has no sign): the test weight tells."""
    return judged(
        "scale_zero",
        Check(Measured(Figure.WEIGHT, weight_g, Unit.G, 0, ZERO_G), Blame(Part.SCALE, StepReason.ZERO_OFF)),
        Check(exactly(Figure.STEADY, int(steady), 1, Unit.YES), Blame(Part.SCALE, StepReason.UNSTEADY)),
    )


def scale_weight(rig: Rig) -> Result:
    hot = rig.chamber.put_in(Chore.PUT_WEIGHT)
    rig.chamber.empty()
    return judge_weight(hot.occupied, hot.weight_g, hot.steady, rig.hands.weight_g)


def judge_weight(occupied: bool, weight_g: int, steady: bool, wanted_g: int) -> Result:
    """``occupied``: the chamber's sensor must have seen the weight as well."""
    weight = Measured(Figure.WEIGHT, weight_g, Unit.G, wanted_g - OFF_G, wanted_g + OFF_G)
    return judged(
        "scale_weight",
        Check(exactly(Figure.OCCUPIED, int(occupied), 1, Unit.YES), Blame(Part.CHAMBER_SENSOR, StepReason.STUCK_OFF)),
        Check(weight, Blame(Part.SCALE, StepReason.WEIGHT_OFF)),
        Check(exactly(Figure.STEADY, int(steady), 1, Unit.YES), Blame(Part.SCALE, StepReason.UNSTEADY)),
    )


ZERO = Step("scale_zero", Group.SCALE, scale_zero, needs=("chamber_empty",))
WEIGHT = Step("scale_weight", Group.SCALE, scale_weight, needs=("gate", "chamber_empty", "entry_beam_free"), moves=True, by_hand=True)
