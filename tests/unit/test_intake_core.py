"""Events from successive hot blocks: each case is what two or more polls saw, and what has happened between them."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import SequenceNumber
from drivers.bus import ControllerFault, ControllerState, HotBlock
from drivers.events import IntakeEvent, ItemDropped, ItemEntered, ItemSettled, Restarted, Rested, TakenBack
from drivers.intake import Tracker, advance, begin
from readings import REST

SHUT = replace(
    REST,
    boots=3,
    totaliser=7,
    taken=SequenceNumber(10),
    sorted=SequenceNumber(9),
    counted=SequenceNumber(9),
    back=SequenceNumber(5),
)
OPENING = replace(SHUT, state=ControllerState.OPENING, gate_shut=False, taken=SequenceNumber(11))
OPEN = replace(OPENING, state=ControllerState.OPEN)
PUT_IN = replace(OPEN, occupied=True, steady=False, weight_g=300)
CLOSING = replace(PUT_IN, state=ControllerState.CLOSING)
SWINGING = replace(CLOSING, state=ControllerState.SHUT, gate_shut=True)
STILL = replace(SWINGING, steady=True)
SORTING = replace(STILL, state=ControllerState.SORTING, taken=SequenceNumber(12), sorted=SequenceNumber(12))
COUNTED = replace(SORTING, occupied=False, weight_g=0, totaliser=8, counted=SequenceNumber(12))
DROPPED = replace(COUNTED, state=ControllerState.SHUT)
NOT_DROPPED = replace(SORTING, state=ControllerState.SHUT, fault=ControllerFault.DROP)
RETURNING = replace(STILL, state=ControllerState.RETURNING, taken=SequenceNumber(12))
HANDED_BACK = replace(RETURNING, occupied=False, weight_g=0, back=SequenceNumber(12), state=ControllerState.SHUT, steady=True)
LEFT_INSIDE = replace(RETURNING, state=ControllerState.SHUT)


def told(blocks: Iterable[HotBlock]) -> list[str]:
    """The kinds of events that the blocks after the first bring, in order."""
    return [type(event).__name__ for _, events in walk(blocks) for event in events]


def walk(blocks: Iterable[HotBlock]) -> list[tuple[HotBlock, tuple[IntakeEvent, ...]]]:
    blocks = iter(blocks)
    tracker: Tracker = begin(next(blocks))
    seen = []
    for hot in blocks:
        tracker, events = advance(tracker, hot)
        seen.append((hot, events))
    return seen


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param([SHUT, SHUT], [], id="nothing happens"),
        pytest.param([SHUT, OPENING, OPEN], ["Rested"], id="the gate opens"),
        pytest.param([SHUT, OPEN], ["Rested"], id="the gate opened between two polls"),
        pytest.param([OPEN, PUT_IN], [], id="a hand holds it in the open gate"),
        pytest.param([OPEN, PUT_IN, CLOSING, SWINGING, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="a bottle is put in"),
        pytest.param([OPEN, CLOSING, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="it lies still as soon as the gate is shut"),
        pytest.param([OPEN, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="entered and settled in one poll"),
        pytest.param([SHUT, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="opened, entered and settled in one poll"),
        pytest.param([SHUT, CLOSING, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="opened and entered in one poll"),
        pytest.param(
            [OPEN, replace(CLOSING, occupied=False), CLOSING, STILL],
            ["ItemEntered", "Rested", "ItemSettled"],
            id="the scale sees it only while the gate shuts",
        ),
        pytest.param(
            [OPEN, CLOSING, replace(SWINGING, occupied=False)], ["ItemEntered", "Rested"], id="pulled out while the gate was shutting"
        ),
        pytest.param([OPEN, replace(SWINGING, occupied=False)], ["Rested"], id="put in and pulled out between two polls"),
        pytest.param([OPEN, CLOSING, OPENING, OPEN, CLOSING], ["ItemEntered", "Rested", "ItemEntered"], id="the gate gave way to a hand"),
        pytest.param([OPEN, CLOSING, STILL, SWINGING, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="shaken after it lay still"),
        pytest.param([STILL, SORTING, COUNTED, DROPPED], ["ItemDropped", "Rested"], id="sorted"),
        pytest.param([STILL, SORTING, DROPPED], ["ItemDropped", "Rested"], id="counted and at rest in one poll"),
        pytest.param([STILL, DROPPED], ["ItemDropped", "Rested"], id="a whole Sort between two polls"),
        pytest.param([STILL, SORTING, NOT_DROPPED], ["Rested"], id="a Sort that let nothing fall"),
        pytest.param([OPEN, CLOSING, STILL, NOT_DROPPED], ["ItemEntered", "Rested", "ItemSettled", "Rested"], id="the same, not seen"),
        pytest.param([STILL, RETURNING, HANDED_BACK], ["TakenBack", "Rested"], id="handed back"),
        pytest.param([STILL, HANDED_BACK], ["TakenBack", "Rested"], id="handed back between two polls"),
        pytest.param([STILL, RETURNING, LEFT_INSIDE], ["Rested"], id="nobody took it back"),
        pytest.param([SHUT, replace(SHUT, taken=SequenceNumber(11))], ["Rested"], id="a Return on an empty chamber"),
        pytest.param([OPEN, replace(SHUT, taken=SequenceNumber(12))], ["Rested"], id="a Return shut the empty open gate"),
        pytest.param([SHUT, replace(SHUT, totaliser=8)], [], id="a technician's drop is nobody's event"),
        pytest.param([CLOSING, STILL], ["Rested"], id="connected while the gate was shutting behind an item"),
        pytest.param([STILL, STILL], [], id="connected with an item inside"),
        pytest.param([replace(SORTING, boots=2), STILL], ["Restarted"], id="restarted in a Sort"),
        pytest.param(
            [SORTING, replace(DROPPED, boots=4), replace(DROPPED, boots=4)], ["Restarted"], id="restarted after the drop was counted"
        ),
        pytest.param(
            [OPEN, replace(CLOSING, boots=4), replace(STILL, boots=4)], ["Restarted", "Rested"], id="restarted as an item entered"
        ),
    ],
)
def test_what_polls_tell(blocks: list[HotBlock], expected: list[str]) -> None:
    assert told(blocks) == expected


def test_of_a_drop_and_a_return_in_one_poll_the_earlier_command_comes_first() -> None:
    sort_then_return = replace(DROPPED, taken=SequenceNumber(13), back=SequenceNumber(13))
    return_then_sort = replace(DROPPED, taken=SequenceNumber(13), counted=SequenceNumber(13), back=SequenceNumber(12))

    assert told([STILL, sort_then_return]) == ["ItemDropped", "TakenBack", "Rested"]
    assert told([STILL, return_then_sort]) == ["TakenBack", "ItemDropped", "Rested"]


def test_a_drop_names_the_sequence_that_was_counted() -> None:
    ((_, events),) = walk([STILL, COUNTED])

    assert events == (ItemDropped(SequenceNumber(12), COUNTED),)


def test_a_bottle_after_a_failed_drop_settles_although_the_fault_still_stands() -> None:
    failed = replace(SHUT, fault=ControllerFault.DROP)
    entering = [replace(block, fault=ControllerFault.DROP) for block in (OPEN, CLOSING, STILL)]

    assert told([failed, *entering]) == ["Rested", "ItemEntered", "Rested", "ItemSettled"]


def test_nothing_settles_before_a_memory_that_fails() -> None:
    assert told([OPEN, CLOSING, replace(STILL, fault=ControllerFault.STORE)]) == ["ItemEntered", "Rested"]


@st.composite
def plausible_histories(draw: st.DrawFn) -> list[HotBlock]:
    """Blocks whose numbers only rise, as non-volatile numbers do, in any order of states."""
    hot = SHUT
    blocks = [hot]
    for _ in range(draw(st.integers(1, 25))):
        taken = hot.taken + draw(st.integers(0, 2))
        hot = HotBlock(
            state=draw(st.sampled_from(ControllerState)),
            fault=draw(st.sampled_from(ControllerFault)),
            occupied=draw(st.booleans()),
            steady=draw(st.booleans()),
            metal=False,
            gate_shut=False,
            weight_g=0,
            boots=hot.boots + draw(st.sampled_from((0, 0, 0, 0, 1))),
            totaliser=hot.totaliser + draw(st.integers(0, 2)),
            taken=SequenceNumber(taken),
            sorted=SequenceNumber(draw(st.integers(hot.sorted, taken))),
            counted=SequenceNumber(draw(st.integers(hot.counted, taken))),
            back=SequenceNumber(draw(st.integers(hot.back, taken))),
        )
        blocks.append(hot)
    return blocks


@given(plausible_histories())
def test_whatever_the_polls_see_no_event_is_made_up(blocks: list[HotBlock]) -> None:
    last, entered = blocks[0], 0
    for hot, events in walk(blocks):
        kinds = [type(event) for event in events]
        assert (Restarted in kinds) == (hot.boots != last.boots)
        assert Restarted not in kinds or kinds == [Restarted]
        assert (ItemDropped in kinds) == (hot.counted > last.counted and hot.boots == last.boots)
        assert (TakenBack in kinds) == (hot.back > last.back and hot.boots == last.boots)
        assert Rested not in kinds or hot.at_rest
        if ItemEntered in kinds:
            assert hot.occupied
            assert hot.state in (ControllerState.CLOSING, ControllerState.SHUT)
            entered = 1
        if ItemSettled in kinds:
            assert hot.occupied
            assert hot.steady
            assert hot.state is ControllerState.SHUT
            entered -= 1
        assert entered >= 0, "settled twice, or without having entered"
        if Rested in kinds:
            assert not {ItemDropped, TakenBack, ItemEntered} & set(kinds[kinds.index(Rested) :])
        if hot.state in (ControllerState.SORTING, ControllerState.RETURNING) or Restarted in kinds:
            entered = 0
        last = hot


ONE_BOTTLE = (SHUT, OPENING, OPEN, PUT_IN, CLOSING, SWINGING, STILL)


@given(st.lists(st.booleans(), min_size=len(ONE_BOTTLE) - 2, max_size=len(ONE_BOTTLE) - 2))
def test_a_bottle_enters_and_settles_once_whichever_polls_are_missed(polled: list[bool]) -> None:
    between = [block for block, seen in zip(ONE_BOTTLE[1:-1], polled, strict=True) if seen]

    kinds = told([SHUT, *between, STILL])

    assert kinds.count("ItemEntered") == 1
    assert kinds.count("ItemSettled") == 1
    assert kinds.index("ItemEntered") < kinds.index("ItemSettled")
