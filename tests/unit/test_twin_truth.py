"""The metal's witness on its disk: what is told twice, cut off, or no line of a twin."""

from pathlib import Path

import pytest

from drivers.intake.bus import CommandCode
from drivers.twin.truth import Truth, TruthWrong
from worlds.hall import Hall


def test_a_last_line_cut_anywhere_never_happened(tmp_path: Path) -> None:
    hall = Hall(tmp_path, "put pet")
    hall.item_in()
    whole = hall.path.read_bytes()
    hall.order(CommandCode.SORT, 1)
    both = hall.path.read_bytes()[: hall.path.read_bytes().index(b"\n", len(whole)) + 1]
    for cut in range(len(whole), len(both)):
        hall.path.write_bytes(both[:cut])
        truth = Truth(hall.path)
        assert list(truth.inside) == [1]
        assert hall.path.read_bytes() == whole
        truth.close()
    hall.path.write_bytes(both)
    assert not Truth(hall.path).inside


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "[1]",
        '{"event": "in"}',
        '{"event": "flew"}',
        '{"event": "bin", "bin": 1}',
        '{"event": "bin", "bin": 1, "percent": "x"}',
        "no json",
        "",
    ],
)
def test_a_whole_line_that_is_none_is_not_passed_over(tmp_path: Path, line: str) -> None:
    path = tmp_path / "metal.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(TruthWrong, match="line 1"):
        Truth(path)
