"""Kiosk and twin with a hostile relay between their pseudo-terminals: three witnesses agree on every bottle."""

from pathlib import Path

import pytest

from hostile_line import over_a_hostile_line


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_over_a_line_that_drops_doubles_delays_swaps_truncates_merges_and_replays_the_witnesses_agree(tmp_path: Path, seed: int) -> None:
    told = over_a_hostile_line(tmp_path, bottles=12, seed=seed, share=0.08)
    assert told.agree, told
    assert told.metal.put_in == 12
