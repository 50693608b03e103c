"""Events from successive hot blocks: each case is what two or more polls saw, and what has happened between them."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import Answer, ControllerFault, ControllerState, FaultCause, HotBlock
from drivers.intake.events import (
    BinLevel,
    DoorOpened,
    DoorShut,
    FaultChanged,
    IntakeEvent,
    ItemDropped,
    ItemEntered,
    ItemSettled,
    Restarted,
    Rested,
    TakenBack,
)
from drivers.intake.following import Tracker, advance, begin
from wires.readings import REST

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
OPEN = replace(OPENING, state=ControllerState.OPEN, gate_open=True)
PUT_IN = replace(OPEN, occupied=True, steady=False, weight_g=300)
CLOSING = replace(PUT_IN, state=ControllerState.CLOSING, gate_open=False)
GAVE_WAY = replace(CLOSING, gate_open=True, hand=True, entry_beam=True)
SWINGING = replace(CLOSING, state=ControllerState.SHUT, gate_shut=True)
STILL = replace(SWINGING, steady=True)
SORTING = replace(STILL, state=ControllerState.SORTING, taken=SequenceNumber(12), sorted=SequenceNumber(12))
COUNTED = replace(SORTING, occupied=False, weight_g=0, totaliser=8, counted=SequenceNumber(12))
DROPPED = replace(COUNTED, state=ControllerState.SHUT)
NOT_DROPPED = replace(SORTING, state=ControllerState.SHUT, fault=ControllerFault.DROP)
RETURNING = replace(STILL, state=ControllerState.RETURNING, taken=SequenceNumber(12))
HANDED_BACK = replace(RETURNING, occupied=False, weight_g=0, back=SequenceNumber(12), state=ControllerState.SHUT, steady=True)
LEFT_INSIDE = replace(RETURNING, state=ControllerState.SHUT)
GATE_FAILED = replace(CLOSING, state=ControllerState.FAILED, fault=ControllerFault.GATE, cause=FaultCause.LATE)
FLAP_FAILED = replace(SORTING, state=ControllerState.FAILED, fault=ControllerFault.FLAP, cause=FaultCause.OVER_CURRENT)
CLEARING = replace(GATE_FAILED, state=ControllerState.CLOSING, fault=ControllerFault.NONE, cause=FaultCause.NONE, taken=SequenceNumber(12))
TESTING = replace(SHUT, state=ControllerState.TESTING, taken=SequenceNumber(11))


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
        pytest.param([OPEN, CLOSING, GAVE_WAY, CLOSING, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="the gate gave way to a hand"),
        pytest.param(
            [OPEN, CLOSING, replace(GAVE_WAY, occupied=False), replace(SWINGING, occupied=False)],
            ["ItemEntered", "Rested"],
            id="pulled out of the gate that gave way",
        ),
        pytest.param(
            [OPEN, CLOSING, replace(GAVE_WAY, occupied=False), CLOSING, STILL],
            ["ItemEntered", "Rested", "ItemSettled"],
            id="changed for another while the gate gave way",
        ),
        pytest.param(
            [OPEN, replace(GAVE_WAY, occupied=False), STILL], ["ItemEntered", "Rested", "ItemSettled"], id="entered behind a hand"
        ),
        pytest.param([OPEN, CLOSING, OPENING, OPEN, CLOSING], ["ItemEntered", "Rested", "ItemEntered"], id="opened anew by a command"),
        pytest.param([OPEN, CLOSING, GATE_FAILED], ["ItemEntered", "FaultChanged", "Rested"], id="the gate cannot shut behind an item"),
        pytest.param(
            [OPEN, GATE_FAILED], ["FaultChanged", "Rested"], id="the same in one poll: what lies behind a broken gate is nobody's"
        ),
        pytest.param([GATE_FAILED, CLEARING, STILL], ["FaultChanged", "Rested"], id="cleared with an item inside"),
        pytest.param([STILL, SORTING, FLAP_FAILED], ["FaultChanged", "Rested"], id="the flap fails under a Sort"),
        pytest.param([STILL, FLAP_FAILED], ["FaultChanged", "Rested"], id="a Sort began and failed between two polls"),
        pytest.param([SHUT, TESTING, replace(SHUT, taken=SequenceNumber(11))], ["Rested"], id="a part is tested"),
        pytest.param(
            [SHUT, replace(TESTING, occupied=True), replace(SHUT, taken=SequenceNumber(11), occupied=True)],
            ["Rested"],
            id="what comes in while the gate is tested is nobody's",
        ),
        pytest.param([OPEN, CLOSING, STILL, SWINGING, STILL], ["ItemEntered", "Rested", "ItemSettled"], id="shaken after it lay still"),
        pytest.param([STILL, SORTING, COUNTED, DROPPED], ["ItemDropped", "Rested"], id="sorted"),
        pytest.param([STILL, SORTING, DROPPED], ["ItemDropped", "Rested"], id="counted and at rest in one poll"),
        pytest.param([STILL, DROPPED], ["ItemDropped", "Rested"], id="a whole Sort between two polls"),
        pytest.param([STILL, SORTING, NOT_DROPPED], ["FaultChanged", "Rested"], id="a Sort that let nothing fall"),
        pytest.param(
            [OPEN, CLOSING, STILL, NOT_DROPPED], ["ItemEntered", "Rested", "ItemSettled", "FaultChanged", "Rested"], id="the same, not seen"
        ),
        pytest.param([STILL, RETURNING, HANDED_BACK], ["TakenBack", "Rested"], id="handed back"),
        pytest.param([STILL, HANDED_BACK], ["TakenBack", "Rested"], id="handed back between two polls"),
        pytest.param([STILL, RETURNING, LEFT_INSIDE], ["Rested"], id="nobody took it back"),
        pytest.param([STILL, LEFT_INSIDE], ["Rested"], id="offered and left between two polls: no new item"),
        pytest.param(
            [
                OPEN,
                CLOSING,
                STILL,
                DROPPED,
                replace(STILL, taken=SequenceNumber(13), counted=SequenceNumber(12), sorted=SequenceNumber(12)),
            ],
            ["ItemEntered", "Rested", "ItemSettled", "ItemDropped", "Rested", "ItemEntered", "Rested", "ItemSettled"],
            id="a bottle fell and the next one came, neither seen to move",
        ),
        pytest.param(
            [OPEN, CLOSING, replace(SWINGING, occupied=False), STILL], ["ItemEntered", "Rested"], id="the scale drifts in the shut chamber"
        ),
        pytest.param(
            [OPEN, replace(SWINGING, occupied=False), STILL], ["Rested"], id="the scale drifts behind a gate that shut on nothing"
        ),
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


@pytest.mark.parametrize(
    ("last", "hot", "expected"),
    [
        pytest.param(SHUT, replace(SHUT, door_open=True), [DoorOpened], id="door opened"),
        pytest.param(replace(SHUT, door_open=True), SHUT, [DoorShut], id="door shut"),
        pytest.param(SHUT, replace(SHUT, fault=ControllerFault.SUPPLY), [FaultChanged], id="supply sags"),
        pytest.param(replace(SHUT, fault=ControllerFault.SUPPLY), SHUT, [FaultChanged], id="supply is back"),
        pytest.param(SHUT, replace(SHUT, bin_percent=(0, 1)), [BinLevel], id="a bin filled"),
        pytest.param(SHUT, replace(SHUT, hand=True, beating=False, drop_beam=True, weight_g=3, metal=True), [], id="told by other means"),
    ],
)
def test_what_happens_to_the_machine_is_told_once(last: HotBlock, hot: HotBlock, expected: list[type[IntakeEvent]]) -> None:
    assert told([last, hot, hot, hot]) == [kind.__name__ for kind in expected]


def test_a_fault_is_told_with_its_cause_and_so_is_its_end() -> None:
    jammed = replace(SHUT, fault=ControllerFault.GATE, cause=FaultCause.LATE)
    forced = replace(jammed, cause=FaultCause.OVER_CURRENT)

    events = [event for _, told_then in walk([SHUT, jammed, forced, SHUT]) for event in told_then]

    assert events == [
        FaultChanged(ControllerFault.GATE, FaultCause.LATE, jammed),
        FaultChanged(ControllerFault.GATE, FaultCause.OVER_CURRENT, forced),
        FaultChanged(ControllerFault.NONE, FaultCause.NONE, SHUT),
    ]


def test_a_fault_that_gives_way_to_a_graver_one_between_two_polls_is_told_as_the_graver() -> None:
    scale = replace(SHUT, fault=ControllerFault.SCALE)
    store = replace(SHUT, fault=ControllerFault.STORE)

    assert [event for _, told_then in walk([scale, store]) for event in told_then] == [
        FaultChanged(ControllerFault.STORE, FaultCause.NONE, store)
    ]


def test_each_bin_has_its_own_level_and_a_level_that_did_not_change_is_not_told() -> None:
    first = replace(SHUT, bin_percent=(40, 60))
    both = replace(SHUT, bin_percent=(41, 59))
    emptied = replace(SHUT, bin_percent=(0, 59))

    events = [event for _, told_then in walk([first, both, emptied]) for event in told_then]

    assert events == [BinLevel(Bin(1), 41, both), BinLevel(Bin(2), 59, both), BinLevel(Bin(1), 0, emptied)]


def test_what_happened_to_the_machine_comes_after_the_drop_and_before_the_rest() -> None:
    full = replace(DROPPED, bin_percent=(100, 0), door_open=True, fault=ControllerFault.DROP_BEAM, cause=FaultCause.BLOCKED)

    assert told([STILL, full]) == ["ItemDropped", "DoorOpened", "FaultChanged", "BinLevel", "Rested"]


def test_a_start_is_told_alone_and_its_block_holds_the_rest() -> None:
    after = replace(SHUT, boots=4, door_open=True, fault=ControllerFault.SUPPLY, bin_percent=(9, 9), counted=SequenceNumber(10))
    ((_, events),) = walk([SHUT, after])

    assert events == (Restarted(after),)


def test_the_count_of_starts_may_wrap() -> None:
    assert told([replace(SHUT, boots=65_535), replace(SHUT, boots=0)]) == ["Restarted"]


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


@pytest.mark.parametrize(
    ("block", "ready"),
    [
        (SHUT, True),
        (STILL, True),
        (OPEN, True),
        (GATE_FAILED, True),
        (PUT_IN, False),
        (replace(OPEN, entry_beam=True), False),
        (replace(SHUT, entry_beam=True), True),
        (OPENING, False),
        (CLOSING, False),
        (SORTING, False),
        (RETURNING, False),
        (TESTING, False),
    ],
)
def test_a_command_may_be_taken_at_rest_with_nothing_in_the_open_gate(block: HotBlock, ready: bool) -> None:
    assert block.ready is ready


@pytest.mark.parametrize("fault", ControllerFault)
def test_the_faults_that_only_a_clear_ends_are_named(fault: ControllerFault) -> None:
    latched = {ControllerFault.GATE, ControllerFault.FLAP, ControllerFault.SORTER, ControllerFault.DROP_BEAM}

    assert fault.latched == (fault in latched)


def test_nothing_settles_before_a_memory_that_fails() -> None:
    assert told([OPEN, CLOSING, replace(STILL, fault=ControllerFault.STORE)]) == ["ItemEntered", "FaultChanged", "Rested"]


@st.composite
def plausible_histories(draw: st.DrawFn) -> list[HotBlock]:
    """Blocks whose numbers only rise, as non-volatile numbers do, in any order of states."""
    hot = SHUT
    blocks = [hot]
    for _ in range(draw(st.integers(1, 25))):
        taken = hot.taken + draw(st.integers(0, 2))
        hot = replace(
            hot,
            state=draw(st.sampled_from(ControllerState)),
            fault=draw(st.sampled_from(ControllerFault)),
            cause=draw(st.sampled_from(FaultCause)),
            occupied=draw(st.booleans()),
            steady=draw(st.booleans()),
            door_open=draw(st.booleans()),
            boots=hot.boots + draw(st.sampled_from((0, 0, 0, 0, 1))),
            totaliser=hot.totaliser + draw(st.integers(0, 2)),
            taken=SequenceNumber(taken),
            sorted=SequenceNumber(draw(st.integers(hot.sorted, taken))),
            counted=SequenceNumber(draw(st.integers(hot.counted, taken))),
            back=SequenceNumber(draw(st.integers(hot.back, taken))),
            answer=draw(st.sampled_from(Answer)),
            bin_percent=(draw(st.integers(0, 100)), hot.bin_percent[1]),
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
        if Restarted not in kinds:
            assert (DoorOpened in kinds, DoorShut in kinds) == (
                hot.door_open and not last.door_open,
                last.door_open and not hot.door_open,
            )
            assert (FaultChanged in kinds) == ((hot.fault, hot.cause) != (last.fault, last.cause))
            assert kinds.count(BinLevel) == (hot.bin_percent[0] != last.bin_percent[0])
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
        if hot.state not in (ControllerState.SHUT, ControllerState.CLOSING) or Restarted in kinds:
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
