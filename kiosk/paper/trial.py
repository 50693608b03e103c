"""The sheet of the technician's self-test: a code to be read back by the camera, and lines in which a worn head shows. It is worth nothing, and says so."""

from kiosk.paper.sheet import Code, Line, Place, Rule, Sheet, Size
from kiosk.words.catalogue import Words


def trial(code: str, kiosk: str, words: Words) -> Sheet:
    """``code``: the digits of this test."""
    return (
        Line(words.text("slip.trial"), Size.CODE, Place.CENTRE),
        Line(kiosk, Size.SMALL, Place.CENTRE),
        Rule(),
        Code(code),
        Line(code, Size.CODE, Place.CENTRE),
        Rule(),
        Line(words.text("slip.trial_head"), Size.SMALL),
        Rule(),
        Line(words.text("slip.trial_worthless"), Size.SMALL, Place.CENTRE, boxed=True),
    )
