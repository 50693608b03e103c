"""What was set right, from what to what; and why something was left as it was, in one sentence that says what to do."""

from collections.abc import Iterator

from kiosk.console.calibrating.told import Framed, Setting, What
from kiosk.console.calibrating.wrong import (
    BinNotEmpty,
    BinNotStill,
    BinOutOfReach,
    CameraFailed,
    ChamberNotStill,
    ControllerFailed,
    DoorStandsOpen,
    NoChamber,
    NoHands,
    NothingOnScale,
    NotKept,
    NotStill,
    SomethingOnScale,
    TargetTilted,
    TargetUnseen,
    Wrong,
    WrongWeight,
)
from kiosk.words.catalogue import Words


def tell_wrong(why: Wrong, words: Words) -> str:
    match why:
        case NotStill():
            return words.text("calibration.wrong.not_still")
        case SomethingOnScale(felt_g):
            return words.text("calibration.wrong.something", felt=felt_g)
        case NothingOnScale():
            return words.text("calibration.wrong.nothing")
        case WrongWeight(shown_g, wanted_g):
            return words.text("calibration.wrong.weight", shown=shown_g, wanted=wanted_g)
        case BinOutOfReach(mm, least, most):
            return words.text("calibration.wrong.reach", mm=mm, least=least, most=most)
        case BinNotStill(spread):
            return words.text("calibration.wrong.spread", spread=spread)
        case BinNotEmpty(mm, before):
            return words.text("calibration.wrong.not_empty", mm=mm, before=before)
        case DoorStandsOpen():
            return words.text("calibration.wrong.door")
        case NoHands():
            return words.text("calibration.wrong.no_hands")
        case ControllerFailed():
            return words.text("calibration.wrong.controller")
        case _:
            return _of_the_camera(why, words)


def _of_the_camera(why: Wrong, words: Words) -> str:
    match why:
        case CameraFailed():
            return words.text("calibration.wrong.camera")
        case ChamberNotStill():
            return words.text("calibration.wrong.chamber")
        case NoChamber():
            return words.text("calibration.wrong.no_chamber")
        case TargetUnseen():
            return words.text("calibration.wrong.target_unseen")
        case TargetTilted(percent):
            return words.text("calibration.wrong.target_tilted", percent=percent)
        case NotKept():
            return words.text("calibration.wrong.disk")
        case _:
            raise TypeError(type(why).__name__)


def tell_change(what: What, old: Setting, new: Setting, words: Words) -> Iterator[str]:
    """Old and new, a line a value."""
    if isinstance(old, Framed) or isinstance(new, Framed):
        if what is What.WIDTH and isinstance(old, Framed) and isinstance(new, Framed):
            before = "–" if old.picture_mm is None else round(old.picture_mm, 1)
            mm = new.picture_mm or 0.0
            yield words.text("calibration.width", old=before, new=round(mm, 1), px=round(mm / 1280, 3))
        elif isinstance(old, Framed) and isinstance(new, Framed):
            yield from _tell_framed(old, new, words)
        return
    if what is What.SCALE:
        yield words.text("calibration.zero", old=_signed(old.zero_g), new=_signed(new.zero_g))
        yield words.text("calibration.span", old=round(100 * old.span, 2), new=round(100 * new.span, 2))
        return
    place = 0 if what is What.BIN_1 else 1
    yield words.text("calibration.depth", old=old.bin_empty_mm[place], new=new.bin_empty_mm[place])


def _tell_framed(old: Framed, new: Framed, words: Words) -> Iterator[str]:
    if not old.taken:
        yield words.text("calibration.chamber.first")
    else:
        unit = "px" if new.picture_mm is None else "mm"
        yield words.text(f"calibration.chamber.moved.{unit}", right=new.right, down=new.down)
    if new.picture_mm is None:
        yield words.text("calibration.chamber.unmeasured")
    else:
        yield words.text("calibration.chamber.wide", mm=round(new.picture_mm, 1), px=round(new.picture_mm / 1280, 3))


def _signed(grams: int) -> str:
    return f"{grams:+}".replace("-", "−") if grams else "0"
