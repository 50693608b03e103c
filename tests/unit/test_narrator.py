"""What a simulated run tells: an item's end by its true name, and figures that add up to the items that were put in."""

import io
from collections import Counter

import pytest
from rich.console import Console

from config.vocabulary import Reason
from kiosk.words.catalogue import Words
from simulation.narrator import Narrator
from simulation.outcome import Notes, Outcome, outcome
from simulation.witnesses import Fall, LedgerSays, MetalSays, compare


def told(tell: str, language: str = "en") -> str:
    """What the narrator writes of one item that ended for a reason."""
    written = io.StringIO()
    narrator = Narrator(Words(language), Console(file=written, width=200))
    item = {"accepted": False, "reason": tell}
    narrator.tell({"visit_number": "4523", "item": item, "screen": "feeding", "bottles": 0, "cents": 0, "halt": None})
    return written.getvalue()


@pytest.mark.parametrize("reason", [Reason.UNCOUNTED, Reason.PULLED_BACK, Reason.LEFT_BEHIND])
def test_what_fell_was_taken_out_or_still_lies_there_is_not_told_as_handed_back(reason: Reason) -> None:
    assert "1. Not counted: " in told(reason)
    assert "Handed back" not in told(reason)
    assert "Rendu" not in told(reason, "fr")


@pytest.mark.parametrize("reason", [Reason.CAN, Reason.INTERRUPTED, Reason.FINISHED])
def test_what_came_out_again_is_told_as_handed_back(reason: Reason) -> None:
    assert "1. Handed back: " in told(reason)


def fall(sequence: int) -> Fall:
    return Fall("bottle", ("9520000000011",), sequence, sequence)


def run(metal: MetalSays, *, credited: int, uncounted: frozenset[int] = frozenset(), refused: dict[str, int]) -> Outcome:
    sequences = range(1, credited + 1)
    books = LedgerSays(
        gtin=dict.fromkeys((*sequences, *uncounted), "9520000000011"),
        credits=Counter(sequences),
        uncounted=uncounted,
        cancelled=frozenset(),
        open=frozenset(),
        credited_cents=20 * credited,
        head=(1, "ab"),
    )
    notes = Notes(refused, [160.0], "weight-and-code")
    return outcome(metal, books, compare(metal, books), notes, mechanics={}, seed=1, took_s=None, city_asked=False)


RUNS = [
    ("all well", run(MetalSays(3, 1, (fall(1), fall(2)), done=True), credited=2, refused={"can": 1}), (0, 0)),
    ("a lost link hands one back", run(MetalSays(4, 2, (fall(1), fall(2)), done=True), credited=2, refused={"can": 1}), (1, 0)),
    (
        "a power cut leaves one uncounted",
        run(MetalSays(3, 0, (fall(1), fall(2), fall(3)), done=True), credited=2, uncounted=frozenset({3}), refused={}),
        (0, 1),
    ),
    ("one is in the machine still", run(MetalSays(3, 0, (fall(1), fall(2)), done=False), credited=2, refused={}), (0, 1)),
    (
        "a refused one is taken out by a technician",
        run(MetalSays(3, 0, (fall(1), fall(2)), done=True), credited=2, refused={"can": 1}),
        (0, 0),
    ),
]


@pytest.mark.parametrize(("made", "others"), [run[1:] for run in RUNS], ids=[run[0] for run in RUNS])
def test_every_item_is_in_one_of_the_figures(made: Outcome, others: tuple[int, int]) -> None:
    assert (made.handed_back, made.under_way) == others
    assert made.items == made.accepted + sum(made.refused.values()) + made.handed_back + made.under_way


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_summary_has_a_line_for_each_of_them(language: str) -> None:
    written, words = io.StringIO(), Words(language)
    made = RUNS[1][1]
    Narrator(words, Console(file=written, width=200)).sum_up(made)
    for line in (words.plural("summary.handed_back", 1), words.plural("summary.under_way", 0), words.plural("summary.refused", 1)):
        assert line in written.getvalue()
