"""Staff at the glass: logging in and out as a pure session beside the deposit, and where the two touch."""

from dataclasses import replace

import pytest

from config.vocabulary import Cents
from drivers.intake.bus import CommandCode, ControllerState
from drivers.intake.events import ItemEntered
from kiosk.composed import AnyAction, Composed, step, view
from kiosk.console.actions import AskAgents, AwaitStaff, JudgePin, LookAtDay, MakeFirstManager, Recheck
from kiosk.console.denials import PinsDiffer, WrongCode, WrongPin
from kiosk.console.events import (
    Admitted,
    AgentsTold,
    AtTheGlass,
    ConsoleEvent,
    DeedAsked,
    Denied,
    FirstManagerAsked,
    IdleTooLong,
    LeaveAsked,
    LogInAsked,
    Opened,
    Rechecked,
)
from kiosk.console.roles import PLACES, Deed, Role, may
from kiosk.console.states import Agent, AtWork, Console, LoggingIn, Shut
from kiosk.console.view import LogInView, WorkView
from kiosk.deposit.actions import Send
from kiosk.deposit.events import Touch, Touched
from kiosk.deposit.notes import Note, NoteKind
from kiosk.face import as_line
from kiosk.words.catalogue import Words
from people.stories import VISIT, Story, a_standing

DESK = Agent("101", Role.DESK)


class Glass:
    """The session with both its halves."""

    def __init__(self, story: Story | None = None) -> None:
        self.session = Composed((story or Story().open()).session, Console())
        self.asked: tuple[AnyAction, ...] = ()

    def tell(self, *events: ConsoleEvent | Touched | ItemEntered) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    def logs_in(self, role: Role = Role.DESK, number: str = "101") -> "Glass":
        return self.tell(Opened(), AgentsTold(there=True), LogInAsked(number, "274951"), Admitted(number, role))

    @property
    def face(self) -> object:
        return self.session.console.face

    @property
    def notes(self) -> list[tuple[NoteKind, dict[str, object]]]:
        return [(action.kind, dict(action.facts)) for action in self.asked if isinstance(action, Note)]

    @property
    def sent(self) -> list[CommandCode]:
        return [action.command.code for action in self.asked if isinstance(action, Send)]


def test_a_long_press_asks_who_it_is_and_leaves_the_machine_as_it_is() -> None:
    glass = Glass().tell(Opened())
    assert glass.asked == (AskAgents(), AwaitStaff(30.0))
    assert not glass.session.deposit.staff
    shown = view(glass.tell(AgentsTold(there=True)).session).staff
    assert shown is not None
    assert shown.shows == LogInView(first=False, judging=False, denied=None, times=0)


def test_a_log_in_shuts_the_gate_and_is_noted_by_number() -> None:
    glass = Glass().logs_in()
    assert glass.sent == [CommandCode.RETURN]
    assert glass.notes == [(NoteKind.LOGGED_IN, {"agent": "101", "role": "desk"})]
    shown = view(glass.session).staff
    assert shown is not None
    assert isinstance(shown.shows, WorkView)
    assert (shown.shows.agent, shown.shows.deed) == (DESK, Deed.TODAY)


def test_a_pin_is_asked_about_once_and_stands_in_no_state_and_no_line() -> None:
    glass = Glass().tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"))
    assert glass.asked[0] == JudgePin("101", "274951")
    assert glass.tell(LogInAsked("101", "274951")).asked == ()
    assert "274951" not in repr(glass.session) + repr(JudgePin("101", "274951")) + repr(LogInAsked("101", "274951"))
    assert "staff" not in as_line(view(glass.session))


def test_who_is_not_let_in_is_told_why_and_noted() -> None:
    glass = Glass().tell(Opened(), AgentsTold(there=True), LogInAsked("101", "1"), Denied(WrongPin(), "101"))
    assert glass.face == LoggingIn(judging=False, number="101", denied=WrongPin(), times=1)
    assert glass.notes == [(NoteKind.LOG_IN_DENIED, {"agent": "101", "why": "WrongPin"})]
    assert not glass.session.deposit.staff


def test_an_answer_about_somebody_who_has_left_lets_nobody_in() -> None:
    glass = Glass().tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), LeaveAsked(), Admitted("101", Role.MANAGER))
    assert glass.face == Shut()
    glass.tell(Opened(), AgentsTold(there=True), LogInAsked("102", "1"), Admitted("101", Role.MANAGER))
    assert isinstance(glass.face, LoggingIn)


def test_the_one_time_code_makes_the_first_manager_where_there_is_nobody() -> None:
    glass = Glass().tell(Opened(), AgentsTold(there=False))
    assert glass.tell(FirstManagerAsked("123", "274951", "274952")).asked == (AwaitStaff(30.0),)
    assert glass.face == LoggingIn(first=True, judging=False, denied=PinsDiffer(), times=1)
    assert glass.tell(FirstManagerAsked("123", "274951", "274951")).asked[0] == MakeFirstManager("123", "274951")
    glass.tell(Denied(WrongCode()))
    assert glass.face == LoggingIn(first=True, judging=False, denied=WrongCode(), times=2)
    let_in = glass.tell(FirstManagerAsked("456", "274951", "274951"), Admitted("101", Role.MANAGER, first=True))
    assert let_in.face == AtWork(Agent("101", Role.MANAGER), fresh=True)


def test_no_code_is_asked_for_once_there_is_somebody() -> None:
    glass = Glass().tell(Opened(), AgentsTold(there=True))
    assert glass.tell(FirstManagerAsked("123", "274951", "274951")).asked == ()


@pytest.mark.parametrize(("event", "why"), [(LeaveAsked(), "asked"), (IdleTooLong(), "idle"), (Rechecked("101", None), "blocked")])
def test_whoever_leaves_however_gives_the_machine_back(event: ConsoleEvent, why: str) -> None:
    glass = Glass().logs_in()
    glass.tell(event)
    assert (glass.face, glass.session.deposit.staff) == (Shut(), False)
    assert glass.notes == [(NoteKind.LOGGED_OUT, {"agent": "101", "why": why})]
    assert AwaitStaff(None) in glass.asked


def test_a_sign_of_life_begins_the_minute_anew() -> None:
    assert Glass().logs_in().tell(AtTheGlass()).asked == (AwaitStaff(60.0),)


def test_what_time_took_away_is_found_again_by_the_same_agent_alone() -> None:
    glass = Glass().logs_in().tell(DeedAsked(Deed.LEDGER), IdleTooLong())
    assert glass.logs_in(number="102").face == AtWork(Agent("102", Role.DESK))
    glass = Glass().logs_in().tell(DeedAsked(Deed.LEDGER), IdleTooLong()).logs_in()
    assert glass.face == AtWork(DESK, Deed.LEDGER)
    assert Glass().logs_in().tell(DeedAsked(Deed.LEDGER), LeaveAsked()).logs_in().face == AtWork(DESK)


def test_each_step_asks_whether_the_agent_may_still_be_here_and_a_deed_not_theirs_is_not_done() -> None:
    glass = Glass().logs_in(Role.TECHNICIAN)
    assert glass.tell(DeedAsked(Deed.LEDGER)).asked == ()
    assert Recheck("101") in glass.tell(DeedAsked(Deed.TODAY)).asked


def test_the_thirty_days_are_looked_up_for_their_own_page_alone() -> None:
    glass = Glass().logs_in()
    assert LookAtDay() in glass.tell(DeedAsked(Deed.TODAY)).asked
    assert LookAtDay(charted=True) in glass.tell(DeedAsked(Deed.DAYS)).asked


def test_a_role_that_was_changed_meanwhile_holds_at_the_next_step() -> None:
    glass = Glass().logs_in().tell(DeedAsked(Deed.LEDGER), Rechecked("101", Role.TECHNICIAN))
    assert glass.face == AtWork(Agent("101", Role.TECHNICIAN))


def test_nothing_that_is_touched_is_a_visitors_while_staff_have_the_glass() -> None:
    glass = Glass(Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open()).tell(Opened())
    before = glass.session
    assert glass.tell(Touched(Touch.FINISH)).session == before


def test_a_bottle_takes_the_glass_back_from_a_log_in_that_nobody_has_finished() -> None:
    story = Story().open()
    entered = ItemEntered(story.at(state=ControllerState.CLOSING, gate_open=False, occupied=True))
    assert Glass(story).tell(Opened(), entered).face == Shut()


def test_two_long_presses_are_one() -> None:
    assert Glass().tell(Opened(), AgentsTold(there=True), Opened()).asked == ()


def test_the_desk_finds_the_visit_whose_number_visitors_are_told_to_say() -> None:
    """What ``desk.number`` promises on the visitor's pages; whoever takes this from the desk changes those words."""
    assert Words("en").text("desk.number") == "Tell the desk this number."
    assert may(Role.DESK, Deed.HELP)
    assert Deed.HELP in PLACES
