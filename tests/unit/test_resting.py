"""Whether the kiosk is at rest: a halt like any other to the session, a line in the kiosk's own file, and nobody's log-out ends it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.vocabulary import Cents, Material
from drivers.intake.bus import CommandCode, ControllerState
from drivers.intake.events import ItemDropped, Rested
from kiosk.agents import opened
from kiosk.composed import Composed, step
from kiosk.console.actions import PutToRest
from kiosk.console.events import Admitted, AgentsTold, DeedAsked, LogInAsked, Opened, RestAsked, RestTold
from kiosk.console.roles import Deed, Role
from kiosk.console.states import Console
from kiosk.console.told import Rest
from kiosk.deposit.actions import IssueVoucher
from kiosk.deposit.events import Elapsed, Intended, LoanAsked, RestChanged, ServiceAsked
from kiosk.deposit.halts import Halt, Resting, RestMessage
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.states import Lent, Stopped
from kiosk.deposit.view import Screen, view
from kiosk.resting import SCHEMA, read_rest, write_rest
from ledger.vocabulary import Cause
from people.stories import VISIT, Story, a_standing, verdict

CLEANING = Resting(RestMessage.CLEANING)
WITH_A_SUM = replace(VISIT, bottles=1, cents=Cents(20))
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
REST = Rest(RestMessage.HALL, "101", NOON)


def rested(story: Story) -> Story:
    """The gate that stood open is shut by a Return, and all is booked."""
    order = story.sent()
    assert order.code is CommandCode.RETURN
    hot = story.at(state=ControllerState.SHUT, gate_shut=True, gate_open=False, occupied=False, taken=order.sequence)
    return story.tell(Rested(hot), story.booked(visit=story.session.visit))


def test_an_open_gate_is_shut_and_opens_when_the_kiosk_is_taken_up_again() -> None:
    story = rested(Story().open().tell(RestChanged(CLEANING)))
    shown = view(story.session)
    assert (shown.screen, shown.why, Halt.REST.code) == (Screen.OUT_OF_ORDER, CLEANING, "S3")
    story.tell(RestChanged(None), Rested(story.hot), story.booked())
    assert story.sent().code is CommandCode.OPEN


def test_what_lies_in_the_chamber_ends_its_way_and_the_sum_waits_and_is_then_unclaimed() -> None:
    story = Story().open().put_in().tell(RestChanged(CLEANING))
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    story.at(state=ControllerState.SHUT, occupied=False, totaliser=1, taken=intent.sequence, sorted=intent.sequence)
    story.tell(ItemDropped(intent.sequence, story.at(counted=intent.sequence)))
    story.tell(story.booked(credited=intent, visit=WITH_A_SUM))
    assert (view(story.session).why, view(story.session).cents, story.wait_s) == (CLEANING, 20, 90.0)
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_another_message_changes_what_visitors_read_and_moves_nothing() -> None:
    story = rested(Story().open().tell(RestChanged(CLEANING)))
    story.tell(RestChanged(Resting(RestMessage.REPAIR)))
    assert (story.session.phase, story.asked) == (Stopped(Resting(RestMessage.REPAIR)), [])


def test_a_technician_gets_the_line_of_a_kiosk_at_rest_and_it_rests_on() -> None:
    story = rested(Story().open().tell(RestChanged(CLEANING)))
    story.tell(ServiceAsked(), Rested(story.hot), story.booked(), LoanAsked(), Rested(story.hot), story.booked())
    assert isinstance(story.session.phase, Lent)
    assert story.session.resting == CLEANING


def test_it_is_told_by_whom_and_stands_whoever_has_the_glass_when_it_is_written() -> None:
    session = Composed(Story().open().session, Console())
    for event in (Opened(), AgentsTold(there=True), LogInAsked("101", "1"), Admitted("101", Role.DESK), DeedAsked(Deed.REST)):
        session, _ = step(session, event)
    session, asked = step(session, RestAsked(RestMessage.HALL))
    assert PutToRest(RestMessage.HALL, "101") in asked
    assert session.deposit.resting is None
    session, asked = step(replace(session, console=Console()), RestTold(REST, "101"))
    assert Note(NoteKind.PUT_TO_REST, {"agent": "101", "message": "hall"}) in asked
    assert (session.console.rest, session.deposit.resting) == (REST, Resting(RestMessage.HALL))
    session, asked = step(session, RestTold(None, "102"))
    assert Note(NoteKind.REST_OVER, {"agent": "102"}) in asked
    assert session.deposit.resting is None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TECHNICIAN])
def test_who_only_reads_puts_nothing_to_rest(role: Role) -> None:
    session = Composed(Story(a_standing()).open().session, Console())
    for event in (Opened(), AgentsTold(there=True), LogInAsked("101", "1"), Admitted("101", role), DeedAsked(Deed.REST)):
        session, _ = step(session, event)
    assert step(session, RestAsked(RestMessage.HALL))[1] == ()


def test_it_is_found_again_in_the_kiosks_own_file_and_gone_once_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    assert read_rest(path) is None
    assert not path.exists()
    write_rest(path, REST)
    write_rest(path, replace(REST, message=RestMessage.REPAIR))
    assert read_rest(path) == replace(REST, message=RestMessage.REPAIR)
    with opened(path, SCHEMA) as db:
        db.execute("UPDATE rest SET message = 'a later programs'")
    assert read_rest(path) == replace(REST, message=RestMessage.DESK)
    write_rest(path, None)
    assert read_rest(path) is None
