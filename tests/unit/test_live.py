"""The live page as a pure session: the loan that it asks for, the minute that it keeps, and that nothing moves for whoever is gone or has said stop."""

from dataclasses import replace

import pytest

from config.vocabulary import Bin
from drivers.intake.bus import (
    Answer,
    Calibration,
    Came,
    ControllerFault,
    ControllerHealth,
    ControllerState,
    Felt,
    HoldEnd,
    HotBlock,
    Identity,
    Motion,
    Trial,
    TrialResult,
)
from drivers.intake.register_values import register_values
from drivers.intake.trouble import Silence
from firmware.registers import HOLDING, TABLE
from kiosk.composed import AnyAction, Composed, step, view
from kiosk.console.actions import AwaitStaff
from kiosk.console.events import Admitted, AgentsTold, AtTheGlass, ConsoleEvent, DeedAsked, IdleTooLong, LeaveAsked, LogInAsked, Opened
from kiosk.console.live.ranges import Standing, standing
from kiosk.console.live.steps import TRACE_S
from kiosk.console.live.vocabulary import (
    AtLive,
    BeginLive,
    EndLive,
    GoOnAsked,
    LetGo,
    LetGoAsked,
    LiveLent,
    LiveLost,
    LiveMoved,
    LiveRefused,
    LiveTold,
    Moment,
    Stage,
    StopAsked,
    Touch,
    TouchAsked,
)
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.console.view import WorkView
from kiosk.deposit.events import Event
from kiosk.deposit.loans import VisitOpen
from kiosk.deposit.notes import Note, NoteKind
from people.stories import Story
from wires.readings import REST

TOUCH = TouchAsked(Motion.GATE_OPEN, 1)
HEALTH = ControllerHealth((900, 900), 0, 12_000, 20.0, Bin(1), 0, 0, 0, Trial(TrialResult.NONE, 0, 0, 0, 0), 100, 2000, HoldEnd.NONE)
FELT = Felt(0, Calibration(0, 1.0, (900, 900)))


class Glass:
    """A technician, logged in and on the live page."""

    def __init__(self, role: Role = Role.TECHNICIAN) -> None:
        self.session = Composed(Story().open().session, Console())
        self.asked: tuple[AnyAction, ...] = ()
        self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", role), DeedAsked(Deed.LIVE))

    def tell(self, *events: ConsoleEvent | Event) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    @property
    def live(self) -> AtLive:
        face = self.session.console.face
        assert isinstance(face, AtWork)
        assert face.live is not None
        return face.live

    def serves(self) -> bool:
        """Whether the machine is parked for a technician."""
        return self.session.deposit.service

    def lent(self) -> "Glass":
        return self.tell(LiveLent(self.live.run))


def test_the_page_asks_for_the_machine_and_leaving_it_gives_it_back() -> None:
    glass = Glass()
    assert BeginLive(1) in glass.asked
    assert glass.serves()
    glass.lent().tell(DeedAsked(Deed.TODAY))
    assert EndLive() in glass.asked
    assert not glass.serves()
    glass.tell(DeedAsked(Deed.LIVE)).tell(LiveLent(1))
    assert glass.live.stage is Stage.ASKS, "the loan before this one is none of it"


@pytest.mark.parametrize("leaves", [LeaveAsked(), IdleTooLong()])
def test_a_log_out_ends_the_loan_and_nothing_is_found_again(leaves: ConsoleEvent) -> None:
    glass = Glass().lent().tell(leaves)
    assert EndLive() in glass.asked
    assert not glass.serves()
    glass.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", Role.TECHNICIAN))
    face = glass.session.console.face
    assert isinstance(face, AtWork)
    assert (face.deed, face.live) == (Deed.TODAY, None)


@pytest.mark.parametrize("role", [Role.DESK, Role.AUDITOR])
def test_nobody_but_technicians_and_managers_is_lent_the_machine(role: Role) -> None:
    glass = Glass(role)
    assert glass.asked == ()
    assert not glass.serves()


def test_what_is_in_the_way_is_told_and_the_page_goes_on_once_it_is_gone() -> None:
    glass = Glass().tell(LiveRefused(1, VisitOpen("0417")))
    assert (glass.live.stage, glass.live.why) == (Stage.WAITS, VisitOpen("0417"))


def test_a_touch_is_handed_on_only_while_the_machine_is_lent_and_not_stopped() -> None:
    glass = Glass()
    assert glass.tell(TOUCH).asked == ()
    assert glass.lent().tell(TOUCH).asked == (Touch(Motion.GATE_OPEN, 1),)
    assert LetGo() in glass.tell(StopAsked()).asked
    assert glass.tell(TOUCH).asked == ()
    assert glass.tell(GoOnAsked()).tell(TOUCH).asked == (Touch(Motion.GATE_OPEN, 1),)
    glass.tell(LiveLost(1, Silence(Came.NOTHING)))
    assert glass.tell(TOUCH).asked == ()
    assert glass.tell(LetGoAsked()).asked == (LetGo(),)


def test_who_has_the_machine_in_their_hands_is_logged_out_later() -> None:
    glass = Glass()
    assert glass.tell(AtTheGlass()).asked == (AwaitStaff(60.0),)
    assert AwaitStaff(600.0) in glass.lent().asked
    shown = view(glass.session).staff
    assert shown is not None
    assert shown.ends_in_s == 600.0


def test_a_minute_is_kept_and_no_more() -> None:
    glass = Glass().lent()
    for tenth in range(1200):
        glass.tell(LiveTold(1, (Moment(tenth / 10, REST),)))
    assert len(glass.live.trace) in (600, 601)
    assert glass.live.trace[-1].at_s - glass.live.trace[0].at_s <= TRACE_S
    glass.tell(LiveTold(1, (Moment(3.0, REST),)))
    assert [moment.at_s for moment in glass.live.trace] == [3.0], "another start of the machine"


@pytest.mark.parametrize(
    ("moved", "end", "refused"),
    [
        (LiveMoved(1, Motion.FLAP_OPEN, 1, ended=HoldEnd.TIME), "time", False),
        (LiveMoved(1, Motion.FLAP_OPEN, 1, answer=Answer.UNSAFE), "unsafe", True),
    ],
)
def test_each_motion_is_noted_once_it_is_over_by_whom_and_how_it_ended(moved: LiveMoved, end: str, refused: bool) -> None:
    glass = Glass().lent()
    assert glass.tell(LiveMoved(1, Motion.FLAP_OPEN, 1)).asked == ()
    assert glass.tell(moved).asked == (Note(NoteKind.MOVED, {"agent": "101", "what": "flap_open", "end": end, "refused": refused}),)


def test_an_answer_to_somebody_who_is_on_another_page_changes_nothing() -> None:
    glass = Glass().lent().tell(DeedAsked(Deed.TODAY))
    before = glass.session
    assert glass.tell(LiveTold(1, (Moment(1.0, REST),)), TOUCH).session == before
    shown = view(before).staff
    assert shown is not None
    assert isinstance(shown.shows, WorkView)
    assert shown.shows.live is None


def test_every_register_that_can_be_read_is_shown_but_the_lines_own() -> None:
    shown = {register.name: register for register in register_values(REST, HEALTH, Identity(7, (0, 3), 3, 2), FELT)}
    readable = {register.name for register in TABLE if register.space != HOLDING}
    assert readable - set(shown) == {"nonce", "beat_echo", "sensors"}
    assert [name for name, register in shown.items() if register.value is None] == []
    assert {register.value for register in register_values(None, None, None, None)} == {None}


@pytest.mark.parametrize(
    ("name", "hot", "health", "wanted"),
    [
        ("supply_mv", REST, HEALTH, Standing.WITHIN),
        ("supply_mv", REST, replace(HEALTH, supply_mv=11_000), Standing.BEYOND),
        ("supply_mv", REST, None, Standing.UNREAD),
        ("weight_g", replace(REST, weight_g=9), HEALTH, Standing.BEYOND),
        ("weight_g", replace(REST, weight_g=9, occupied=True), HEALTH, Standing.TOLD),
        ("bin_1_percent", replace(REST, bin_percent=(94, 95)), HEALTH, Standing.WITHIN),
        ("bin_2_percent", replace(REST, bin_percent=(94, 95)), HEALTH, Standing.BEYOND),
        ("fault", replace(REST, fault=ControllerFault.FLAP), HEALTH, Standing.BEYOND),
        ("state", replace(REST, state=ControllerState.FAILED), HEALTH, Standing.BEYOND),
        ("taken", REST, HEALTH, Standing.TOLD),
    ],
)
def test_a_value_stands_within_or_beyond_its_limits_or_is_only_told(
    name: str, hot: HotBlock, health: ControllerHealth | None, wanted: Standing
) -> None:
    (register,) = [register for register in register_values(hot, health, None, FELT) if register.name == name]
    assert standing(register, hot, 95) is wanted
