"""Who may come in at the console, and do what there: numbers and PINs, the first manager's one-time code, the second agent, and the list that managers keep."""

import hmac
from collections.abc import Callable
from typing import assert_never

from config.files import Trouble
from kiosk.agents import Agents, AgentsUnreadable, LastManager, NoSuchAgent, PinTooSimple, one_time_code
from kiosk.console.actions import (
    AskAgents,
    ChangeAgent,
    ChangePin,
    DeskAction,
    JudgePin,
    JudgeSecond,
    ListAgents,
    MakeFirstManager,
    Recheck,
)
from kiosk.console.denials import Denial, FileFails, GivenPin, MustWait, NotTheirs, TheLastManager, TooSimple, WrongCode
from kiosk.console.events import (
    Admitted,
    AgentChanged,
    AgentsListed,
    AgentsTold,
    ConsoleEvent,
    Denied,
    Failed,
    PinChanged,
    Rechecked,
    SecondTold,
)
from kiosk.console.roles import Deed, Role, may
from kiosk.console.told import (
    Adding,
    AgentChange,
    Appointing,
    Blocking,
    Forgetting,
    Repinning,
)

AgentsAction = AskAgents | JudgePin | MakeFirstManager | Recheck | JudgeSecond | ListAgents | ChangeAgent | ChangePin


class Door:
    """``first_code``: the one-time code of this start, None once there is somebody who may log in."""

    def __init__(self, agents: Agents) -> None:
        self._agents = agents
        self.first_code: str | None = None

    def offer_first_code(self) -> str | None:
        """A code that makes the first manager, where nobody may log in yet. Raises AgentsUnreadable."""
        if self.first_code is None and not self._agents.anybody():
            self.first_code = one_time_code()
        return self.first_code

    def does(self, action: AgentsAction) -> ConsoleEvent:
        match action:
            case AskAgents():
                return self._agents_told()
            case JudgePin(number, pin):
                return self._judged(number, pin)
            case MakeFirstManager(code, pin):
                return self._first_manager(code, pin)
            case Recheck(number, then):
                return self._rechecked(number, then)
            case JudgeSecond(number, pin, deed):
                return self._second(number, pin, deed)
            case ListAgents(number):
                return self._managed(number, lambda: AgentsListed(self._agents.listed()))
            case ChangeAgent(number, change):
                return self._managed(number, lambda: self._changed(change))
            case ChangePin(number, before, new):
                return self._own_pin(number, before, new)

    def _agents_told(self) -> ConsoleEvent:
        try:
            return AgentsTold(self._agents.anybody())
        except AgentsUnreadable as error:
            return AgentsTold(there=True, failing=FileFails(error.trouble))

    def _judged(self, number: str, pin: str) -> ConsoleEvent:
        try:
            found = self._agents.judge(number, pin)
        except AgentsUnreadable as error:
            return Denied(FileFails(error.trouble), number)
        return Denied(found, number) if isinstance(found, Denial) else self._admitted(number, found)

    def _admitted(self, number: str, role: Role) -> ConsoleEvent:
        try:
            return Admitted(number, role, given=self._agents.is_given(number))
        except AgentsUnreadable as error:
            return Denied(FileFails(error.trouble), number)

    def _first_manager(self, code: str, pin: str) -> ConsoleEvent:
        try:
            waits = self._agents.guess()
            if waits:
                return Denied(MustWait(waits))
            if self.first_code is None or self._agents.anybody() or not hmac.compare_digest(code.encode(), self.first_code.encode()):
                return Denied(WrongCode())
            number = self._agents.add("", Role.MANAGER, pin)
            self._agents.guessed_right()
        except PinTooSimple:
            return Denied(TooSimple())
        except AgentsUnreadable as error:
            return Denied(FileFails(error.trouble))
        self.first_code = None
        return Admitted(number, Role.MANAGER, first=True)

    def _rechecked(self, number: str, then: DeskAction | None) -> ConsoleEvent:
        try:
            return Rechecked(number, self._agents.role_of(number), then)
        except AgentsUnreadable:
            # who cannot be looked up may not go on
            return Rechecked(number, None, then)

    def _second(self, number: str, pin: str, deed: Deed) -> ConsoleEvent:
        try:
            found = self._agents.judge(number, pin)
            if isinstance(found, Denial):
                return SecondTold(number, found)
            if self._agents.is_given(number):
                return SecondTold(number, GivenPin())
        except AgentsUnreadable as error:
            return SecondTold(number, FileFails(error.trouble))
        return SecondTold(number, None if may(found, deed) else NotTheirs())

    def _managed(self, number: str, does: Callable[[], ConsoleEvent]) -> ConsoleEvent:
        """What only a manager may do, asked for at this moment."""
        try:
            return does() if self.may(number, Deed.AGENTS) else Failed(NotTheirs())
        except LastManager:
            return Failed(TheLastManager())
        except NoSuchAgent:
            return Failed(FileFails(Trouble.MISSING))
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))

    def _changed(self, change: AgentChange) -> ConsoleEvent:
        given = None
        match change:
            case Adding(role, name):
                number, given = self._agents.add_given(name, role)
            case Appointing(number, role):
                self._agents.set_role(number, role)
            case Blocking(number, blocked):
                self._agents.block(number, blocked=blocked)
            case Forgetting(number):
                self._agents.forget(number)
            case Repinning(number):
                given = self._agents.give_pin(number)
            case _:
                assert_never(change)
        return AgentChanged(self._agents.listed(), change, number, given)

    def _own_pin(self, number: str, before: str, new: str) -> ConsoleEvent:
        try:
            why = self._agents.change_pin(number, before, new)
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        return PinChanged(number) if why is None else Failed(why)

    def may(self, number: str, deed: Deed) -> bool:
        """Whether somebody may still do that, at this moment. Raises AgentsUnreadable."""
        role = self._agents.role_of(number)
        return role is not None and may(role, deed)
