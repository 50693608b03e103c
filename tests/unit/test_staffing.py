"""Who may log in, looked after at the glass: by a manager alone, with a PIN that is drawn, told once and changed first; one's own PIN by who knows it."""

from datetime import date
from pathlib import Path

import pytest

from config.state import Files
from config.vocabulary import Cents
from kiosk.agents import Agents, Cost, draw_pin
from kiosk.composed import AnyAction, Composed, step
from kiosk.console.actions import ChangeAgent, ChangePin, ConsoleAction, JudgePin, ListAgents
from kiosk.console.denials import NotTheirs, PinsDiffer, TheLastManager, TooSimple, WrongPin
from kiosk.console.events import (
    Admitted,
    AgentChangeAsked,
    AgentChanged,
    AgentPicked,
    AgentsListed,
    AgentsTold,
    AgentSure,
    ConsoleEvent,
    DeedAsked,
    Failed,
    IdleTooLong,
    LogInAsked,
    Opened,
    PinChangeAsked,
    PinChanged,
)
from kiosk.console.pins import too_simple
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.console.told import Adding, AgentChange, Appointing, AtAgents, Blocking, Forgetting, Listed, OwnPin, Repinning
from kiosk.deposit.notes import Note, NoteKind
from kiosk.workers.console import Clerk
from people.stories import Story
from timing import FakeClock

PIN, OTHER = "274951", "839017"
LISTED = (Listed("101", "Camille", Role.MANAGER, True, False),)


class Glass:
    def __init__(self, role: Role = Role.MANAGER, *, given: bool = False) -> None:
        self.session = Composed(Story().open().session, Console())
        self.asked: tuple[AnyAction, ...] = ()
        self.logs_in(role, given=given)

    def logs_in(self, role: Role = Role.MANAGER, *, given: bool = False) -> "Glass":
        return self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "1"), Admitted("101", role, given=given))

    def tell(self, *events: ConsoleEvent) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    @property
    def face(self) -> AtWork:
        assert isinstance(self.session.console.face, AtWork)
        return self.session.console.face


def test_a_manager_adds_an_agent_whose_pin_is_told_once_and_noted_nowhere() -> None:
    glass = Glass().tell(DeedAsked(Deed.AGENTS))
    assert ListAgents("101") in glass.asked
    adding = Adding(Role.DESK, "Sacha")
    assert ChangeAgent("101", adding) in glass.tell(AgentsListed(LISTED), AgentChangeAsked(adding)).asked
    assert glass.tell(AgentChangeAsked(adding)).asked == ()
    glass.tell(AgentChanged(LISTED, adding, "102", PIN))
    assert (glass.face.agents.picked, glass.face.agents.given) == ("102", PIN)
    assert glass.asked == (Note(NoteKind.AGENT_CHANGED, {"by": "101", "agent": "102", "change": "adding"}),)
    assert PIN not in repr(glass.session)
    assert "Sacha" not in repr(glass.session)
    assert glass.tell(AgentPicked(None)).face.agents.given is None


def test_a_pin_that_stands_there_is_gone_with_whoever_left_it() -> None:
    glass = Glass().tell(DeedAsked(Deed.AGENTS), AgentChanged(LISTED, Repinning("102"), "102", PIN), IdleTooLong())
    assert glass.logs_in().face.agents == AtAgents()


@pytest.mark.parametrize("change", [Blocking("102", blocked=True), Forgetting("102")])
def test_what_shuts_somebody_out_is_asked_about_first(change: AgentChange) -> None:
    glass = Glass().tell(DeedAsked(Deed.AGENTS), AgentsListed(LISTED), AgentPicked("102"), AgentChangeAsked(change))
    assert not any(isinstance(action, ChangeAgent) for action in glass.asked)
    assert glass.tell(AgentSure(sure=False)).face.agents.asking is None
    assert ChangeAgent("101", change) in glass.tell(AgentChangeAsked(change), AgentSure(sure=True)).asked


@pytest.mark.parametrize("role", [Role.DESK, Role.AUDITOR, Role.TECHNICIAN])
def test_nobody_but_a_manager_looks_after_agents(role: Role) -> None:
    assert Glass(role).tell(DeedAsked(Deed.AGENTS)).asked == ()


def test_whose_pin_somebody_else_knows_changes_it_before_anything_else() -> None:
    glass = Glass(Role.DESK, given=True)
    assert (glass.face.deed, glass.face.own) == (Deed.PIN, OwnPin(must=True))
    assert glass.tell(DeedAsked(Deed.TODAY)).face.deed is Deed.PIN
    assert glass.tell(PinChangeAsked(PIN, OTHER, "1")).face.failing == PinsDiffer()
    glass.tell(PinChangeAsked(PIN, OTHER, OTHER))
    assert ChangePin("101", PIN, OTHER) in glass.asked
    assert glass.tell(Failed(WrongPin())).face.own.must
    glass.tell(PinChanged("102"))
    assert glass.face.own.must
    assert not glass.tell(PinChanged("101")).face.own.must
    assert glass.tell(DeedAsked(Deed.TODAY)).face.deed is Deed.TODAY


@pytest.fixture
def agents(tmp_path: Path) -> Agents:
    return Agents(Files(tmp_path).kiosk, FakeClock(), Cost(memory_kib=32, passes=1, lanes=1))


@pytest.fixture
def clerk(agents: Agents, tmp_path: Path) -> Clerk:
    return Clerk(agents, Files(tmp_path), FakeClock(), Cents(20_000), Cents(20), lambda: date(2026, 11, 24))


def test_what_a_manager_does_is_done_and_a_given_pin_is_changed_at_the_first_log_in(agents: Agents, clerk: Clerk) -> None:
    agents.add("Camille", Role.MANAGER, PIN)
    added = clerk.does(ChangeAgent("101", Adding(Role.DESK, "Sacha")))
    assert isinstance(added, AgentChanged)
    assert (added.number, len(added.listed)) == ("102", 2)
    assert added.given is not None
    assert clerk.does(JudgePin("102", added.given)) == Admitted("102", Role.DESK, given=True)
    assert clerk.does(ChangePin("102", PIN, OTHER)) == Failed(WrongPin())
    assert clerk.does(ChangePin("102", added.given, "123456")) == Failed(TooSimple())
    assert clerk.does(ChangePin("102", added.given, added.given)) == Failed(TooSimple())
    assert clerk.does(ChangePin("102", added.given, OTHER)) == PinChanged("102")
    assert clerk.does(JudgePin("102", OTHER)) == Admitted("102", Role.DESK)
    clerk.does(ChangeAgent("101", Appointing("102", Role.AUDITOR)))
    assert agents.role_of("102") is Role.AUDITOR
    clerk.does(ChangeAgent("101", Blocking("102", blocked=True)))
    assert agents.role_of("102") is None


def test_the_last_manager_stays_one_and_a_blocked_one_does_nothing_more(agents: Agents, clerk: Clerk) -> None:
    agents.add("Camille", Role.MANAGER, PIN)
    changes: tuple[AgentChange, ...] = (Blocking("101", blocked=True), Forgetting("101"), Appointing("101", Role.DESK))
    for change in changes:
        assert clerk.does(ChangeAgent("101", change)) == Failed(TheLastManager())
    agents.add("Sacha", Role.MANAGER, PIN)
    agents.block("101")
    asked: tuple[ConsoleAction, ...] = (ListAgents("101"), ChangeAgent("101", Blocking("102", blocked=True)))
    assert [clerk.does(action) for action in asked] == [Failed(NotTheirs())] * 2


def test_a_pin_that_is_drawn_is_none_that_would_be_refused() -> None:
    assert not any(too_simple(draw_pin("101"), "101") for _ in range(200))


def test_a_pin_drawn_for_somebody_new_holds_no_number_that_is_only_now_theirs(
    agents: Agents, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    agents.add("Camille", Role.MANAGER, PIN)
    drawn = iter((131029, 274951))
    monkeypatch.setattr("kiosk.agents.secrets.randbelow", lambda _: next(drawn))
    added = clerk.does(ChangeAgent("101", Adding(Role.DESK, "Sacha")))
    assert isinstance(added, AgentChanged)
    assert (added.number, added.given) == ("102", "274951")
