"""The console's thread: looks into the agents' file, ledger and log for whoever of the staff is at the glass, and writes nothing of money.

A hash takes a tenth of a second and more, a question to a large ledger too: neither the runner's thread nor Qt's waits for them.
"""

import hmac
import queue
import threading
from collections.abc import Callable

from kiosk.agents import Agents, AgentsUnreadable, PinTooSimple, one_time_code
from kiosk.console.actions import AskAgents, ConsoleAction, JudgePin, MakeFirstManager, Recheck
from kiosk.console.denials import Denial, FileFails, MustWait, TooSimple, WrongCode
from kiosk.console.events import Admitted, AgentsTold, ConsoleEvent, Denied, Rechecked
from kiosk.console.roles import Role


class Clerk:
    """Does one thing after the other. ``first_code``: the one-time code of this start, None once there is somebody who may log in."""

    def __init__(self, agents: Agents) -> None:
        self._agents = agents
        self.first_code: str | None = None

    def offer_first_code(self) -> str | None:
        """A code that makes the first manager, where nobody may log in yet. Raises AgentsUnreadable."""
        if self.first_code is None and not self._agents.anybody():
            self.first_code = one_time_code()
        return self.first_code

    def does(self, action: ConsoleAction) -> ConsoleEvent:
        """What comes of an action. Nothing that a file does ends a kiosk here."""
        match action:
            case AskAgents():
                return self._agents_told()
            case JudgePin(number, pin):
                return self._judged(number, pin)
            case MakeFirstManager(code, pin):
                return self._first_manager(code, pin)
            case Recheck(number):
                return self._rechecked(number)
            case _:
                raise TypeError(type(action).__name__)

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
        return Denied(found, number) if isinstance(found, Denial) else Admitted(number, found)

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

    def _rechecked(self, number: str) -> ConsoleEvent:
        try:
            return Rechecked(number, self._agents.role_of(number))
        except AgentsUnreadable:
            # who cannot be looked up may not go on
            return Rechecked(number, None)


class ConsoleWorker(threading.Thread):
    """``perform`` may be called from any thread."""

    def __init__(self, clerk: Clerk, post: Callable[[ConsoleEvent], None]) -> None:
        super().__init__(name="console", daemon=True)
        self.clerk = clerk
        self._post = post
        self._inbox: queue.SimpleQueue[ConsoleAction | None] = queue.SimpleQueue()

    def perform(self, action: ConsoleAction) -> None:
        self._inbox.put(action)

    def stop(self) -> None:
        """Ends the thread after what was already asked of it."""
        self._inbox.put(None)

    def run(self) -> None:
        while (asked := self._inbox.get()) is not None:
            self._post(self.clerk.does(asked))
