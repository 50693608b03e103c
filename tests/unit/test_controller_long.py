"""The controller under sensors that a seed moves, for longer than a quick run has time."""

from pathlib import Path

import pytest

from wires.whims import lives


@pytest.mark.long
def test_what_is_promised_holds_in_six_hundred_lives(tmp_path: Path) -> None:
    reached = lives(tmp_path, range(1000, 1600), 1500)
    assert min(reached.values()) > 100, reached
