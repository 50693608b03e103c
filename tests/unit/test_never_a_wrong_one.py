"""A seeded hundredth of what ``benchmarks.misreads`` and ``benchmarks.damage`` draw: no value is agreed on that was not printed."""

import pytest

from benchmarks import damage, misreads, own_witness
from recognition.codes import cascade


@pytest.mark.long
def test_no_drawn_code_is_agreed_on_wrongly() -> None:
    total, _, named = misreads.run(200, seed=7)
    assert total.looks >= 200
    assert total.wrong == 0, named


EACH = [pytest.param(number, id=kind.__name__) for number, kind in enumerate(damage.KINDS)]


@pytest.mark.long
@pytest.mark.parametrize("kind", EACH)
def test_what_is_no_whole_code_is_agreed_on_as_none(kind: int) -> None:
    tallies = damage.run(range(kind, 20 * len(damage.KINDS), len(damage.KINDS)), seed=7)
    assert sum(tally.cases for tally in tallies.values()) == 20
    assert not any(tally.wrong for tally in tallies.values()), [line for tally in tallies.values() for line in tally.named]


def test_without_the_compiled_stage_what_both_decoders_take_for_another_digit_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overprinted digits that zxing-cpp and zbar read alike, with a right check digit: the bars themselves are asked, in numpy."""
    monkeypatch.setattr(cascade, "compiled", lambda: None)
    told = damage.run(range(658, 659), seed=1)["overprinted"]
    assert told.wrong_looks, "no decoder is misled any more, and another print is needed here"
    assert not told.wrong, told.named


REPEATED = {"halfway": (1, 624), "halfway again": (1, 2776), "stretched": (1, 2238), "wrinkled": (2, 58), "wrinkled again": (2, 290)}


@pytest.mark.parametrize(("seed", "number"), REPEATED.values(), ids=REPEATED)
def test_what_the_stage_repeats_from_every_side_is_not_agreed_on(seed: int, number: int) -> None:
    """Prints on which it once agreed with itself: what is wrong in the print is the same from every side."""
    tallies = own_witness.run(range(number, number + 1), seed)
    assert not any(tally.wrong for tally in tallies.values())


@pytest.mark.long
@pytest.mark.parametrize("kind", [pytest.param(number, id=kind.__name__) for number, kind in enumerate(own_witness.KINDS)])
def test_the_likelihood_stage_does_not_agree_with_itself_on_a_damaged_code(kind: int) -> None:
    tallies = own_witness.run(range(kind, 10 * len(own_witness.KINDS), len(own_witness.KINDS)), seed=7)
    assert sum(tally.cases for tally in tallies.values()) == 10
    assert not any(tally.wrong for tally in tallies.values()), [line for tally in tallies.values() for line in tally.named]
