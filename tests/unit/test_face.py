"""The kiosk without a screen: words on stdin are touches, and one of them says whom a gift is for."""

import pytest

from kiosk.deposit.events import GiveTo, Touch
from kiosk.face import touch_of


def test_a_word_is_a_touch_and_give_to_names_an_association() -> None:
    assert touch_of("give") is Touch.GIVE
    assert touch_of("give_to association-b") == GiveTo("association-b")


@pytest.mark.parametrize("word", ["", "give_to", "give_to ", "give association-b"])
def test_what_names_no_touch_or_no_association_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Touch"):
        touch_of(word)
