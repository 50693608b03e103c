"""A seeded hundredth of what ``benchmarks.misreads`` and ``benchmarks.damage`` draw: no value is agreed on that was not printed."""

import pytest

from benchmarks import damage, misreads


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
