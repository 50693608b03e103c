"""Each trouble is noted when it begins and when it has ended, once, however often it comes and goes, and what stands at a stop ends there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import ControllerFault, ControllerState, FaultCause
from drivers.intake.events import DoorOpened, DoorShut, FaultChanged, LinkBack, LinkLost, Restarted, Rested
from kiosk.deposit.actions import Book
from kiosk.deposit.events import CameraBack, CameraLost, Elapsed, Event, HoursTold, LedgerFailed
from kiosk.deposit.notes import TABLE, Note, NoteKind
from kiosk.spells import QUIET_S, Spells, Stream
from people.stories import DISK_FULL, IDENTITY, UNPLUGGED, Story
from timing import FakeClock
from wires.readings import REST

BOOK = Book(0, SequenceNumber(0))
BEGINNINGS = {stream.value[0]: stream.value[1] for stream in Stream}
NAMES = ("halt", "fault")


class Kept:
    """A session with its spells, and what was noted of them."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.story = Story()
        self.spells = Spells(clock)
        self.notes: list[Note] = []

    def tell(self, *events: Event) -> None:
        for event in events:
            self.story.tell(event)
            self.notes += self.spells.seen(event, self.story.session)

    def open_up(self) -> None:
        """The controller is found, and takes its orders until the gate stands open."""
        self.tell(LinkBack(IDENTITY, self.story.at()), self.story.booked())
        self.notes += self.spells.seen(Elapsed(), self.story.session)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.notes += self.spells.over()

    def kinds(self) -> list[str]:
        return [note.kind.value for note in self.notes]

    def of(self, kind: NoteKind) -> list[Mapping[str, object]]:
        return [note.facts for note in self.notes if note.kind is kind]


@pytest.fixture
def kept(clock: FakeClock) -> Kept:
    return Kept(clock)


def test_a_lost_link_and_the_halt_that_it_makes_begin_and_end_once(kept: Kept) -> None:
    kept.tell(LinkLost(UNPLUGGED))
    assert kept.kinds() == ["link_lost", "halt"]
    assert kept.of(NoteKind.HALT)[0]["code"] == "L1"
    kept.wait(5)
    kept.open_up()
    kept.wait(QUIET_S)
    assert kept.kinds() == ["link_lost", "halt", "controller", "link_back", "halt_over"]
    (over,) = kept.of(NoteKind.HALT_OVER)
    assert (over["halt"], over["for_s"], over["times"], over["standing"]) == ("intake", 5.0, 1, False)


def test_a_halt_that_is_tried_again_in_vain_has_not_ended(kept: Kept) -> None:
    kept.tell(LinkBack(IDENTITY, kept.story.at()), LedgerFailed(DISK_FULL, BOOK))
    for _ in range(20):
        kept.wait(5)
        kept.tell(Elapsed(), Rested(kept.story.at()), LedgerFailed(DISK_FULL, BOOK))
    assert kept.kinds() == ["controller", "ledger_failed", "halt"]
    kept.tell(Elapsed(), Rested(kept.story.at()), kept.story.booked())
    kept.wait(QUIET_S)
    assert kept.kinds()[3:] == ["ledger_back", "halt_over"]
    assert [note.facts["times"] for note in kept.notes[3:]] == [1, 1]


def test_what_comes_and_goes_is_one_spell_that_says_how_often(kept: Kept) -> None:
    for _ in range(600):
        kept.tell(CameraLost(CameraFault.UNPLUGGED))
        kept.wait(1)
        kept.tell(CameraBack())
        kept.wait(1)
    kept.wait(QUIET_S)
    assert [kind for kind in kept.kinds() if kind.startswith("camera")] == ["camera_lost", "camera_back"]
    (back,) = kept.of(NoteKind.CAMERA_BACK)
    assert (back["fault"], back["times"], back["for_s"]) == ("unplugged", 600, 1199.0)
    assert back["until"] == (kept.clock.utc - timedelta(seconds=QUIET_S + 1)).isoformat(timespec="milliseconds")


def test_a_camera_that_is_bad_for_another_reason_ends_the_first(kept: Kept) -> None:
    kept.tell(CameraLost(CameraFault.BLACK, 12.0, 32.0), CameraLost(CameraFault.UNPLUGGED))
    kept.wait(QUIET_S)
    assert [facts["fault"] for facts in kept.of(NoteKind.CAMERA_LOST)] == ["black", "unplugged"]
    assert [facts["fault"] for facts in kept.of(NoteKind.CAMERA_BACK)] == ["black"]


def test_a_door_is_noted_when_it_opens_whatever_else_happens(kept: Kept) -> None:
    kept.open_up()
    kept.tell(DoorOpened(kept.story.at(door_open=True)))
    assert "door_opened" in kept.kinds()
    kept.wait(30)
    kept.tell(DoorShut(kept.story.at(door_open=False)))
    kept.wait(QUIET_S)
    assert [facts["for_s"] for facts in kept.of(NoteKind.DOOR_SHUT)] == [30.0]


def test_a_fault_that_was_there_before_the_program_is_noted_at_the_first_reading(kept: Kept) -> None:
    kept.tell(LinkBack(IDENTITY, kept.story.at(fault=ControllerFault.SCALE)))
    assert kept.of(NoteKind.FAULT) == [{"fault": "scale", "cause": "none"}]


def test_what_stands_at_a_stop_ends_there_and_what_was_over_says_when(kept: Kept) -> None:
    kept.tell(LinkLost(UNPLUGGED), CameraLost(CameraFault.BLACK, 12.0, 32.0), CameraBack())
    kept.wait(3)
    kept.notes += kept.spells.close()
    ends = {note.kind: note.facts for note in kept.notes if "standing" in note.facts}
    assert {kind: facts["standing"] for kind, facts in ends.items()} == {
        NoteKind.LINK_BACK: True,
        NoteKind.HALT_OVER: True,
        NoteKind.CAMERA_BACK: False,
    }
    assert list(kept.spells.close()) == []


def test_a_controller_is_noted_when_it_is_another_and_when_it_has_started_anew_but_not_at_each_of_many_starts(kept: Kept) -> None:
    kept.tell(LinkBack(IDENTITY, kept.story.at(boots=1)), LinkLost(UNPLUGGED), LinkBack(IDENTITY, kept.story.at(boots=1)))
    assert [facts["boots"] for facts in kept.of(NoteKind.CONTROLLER)] == [1]
    for boots in range(2, 102):
        kept.tell(Restarted(kept.story.at(boots=boots)))
        kept.wait(1)
    kept.wait(QUIET_S)
    kept.tell(Rested(kept.story.at()))
    assert [facts["boots"] for facts in kept.of(NoteKind.CONTROLLER)] == [1, 62, 101]
    other = replace(IDENTITY, controller_id=1)
    kept.tell(LinkBack(other, kept.story.at()))
    assert kept.of(NoteKind.CONTROLLER)[-1]["controller_id"] == f"{1:016x}"


def events() -> st.SearchStrategy[Event | float]:
    hots = st.sampled_from(
        [
            REST,
            replace(REST, door_open=True),
            replace(REST, fault=ControllerFault.FLAP, cause=FaultCause.LATE, state=ControllerState.FAILED),
        ]
    )
    return st.one_of(
        st.sampled_from([1.0, 30.0, QUIET_S]),
        st.sampled_from([LinkLost(UNPLUGGED), CameraLost(CameraFault.BLACK), CameraLost(CameraFault.FROZEN), CameraBack(), Elapsed()]),
        st.sampled_from([HoursTold(None), HoursTold(datetime(2026, 11, 25, 8, tzinfo=UTC)), LedgerFailed(DISK_FULL, BOOK)]),
        hots.map(lambda hot: LinkBack(IDENTITY, hot)),
        hots.map(Rested),
        hots.map(lambda hot: FaultChanged(hot.fault, hot.cause, hot)),
    )


@given(st.lists(events(), max_size=60))
def test_every_beginning_has_one_end_after_it_and_every_line_the_fields_of_the_table(told: list[Event | float]) -> None:
    kept = Kept(FakeClock())
    for event in told:
        if isinstance(event, float):
            kept.wait(event)
        else:
            kept.tell(event)
            if kept.story.session.asked and isinstance(kept.story.session.asked[-1], Book):
                kept.tell(kept.story.booked())
    kept.notes += kept.spells.close()
    standing: set[tuple[object, ...]] = set()
    for note in kept.notes:
        assert set(note.facts) == set(TABLE[note.kind].fields)
        if note.kind is NoteKind.CONTROLLER:
            continue
        begins = note.kind in BEGINNINGS
        name = (
            note.kind if begins else next(kind for kind, end in BEGINNINGS.items() if end is note.kind),
            *(note.facts.get(n) for n in NAMES),
        )
        assert (name in standing) is not begins
        (standing.add if begins else standing.remove)(name)
    assert standing == set()
