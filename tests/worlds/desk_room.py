"""A desk without a glass: the console's steps, served by the real clerk and the real ledger one action at a time, so that anything may come in between."""

from collections.abc import Callable

from config.state import Files
from config.vocabulary import Cents
from kiosk.agents import Agents, Cost
from kiosk.console.actions import AwaitStaff, ConsoleAction, DeskAction, PaperAction
from kiosk.console.events import ConsoleEvent, DeedAsked, HelpSought, LogInAsked, Opened
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console, Helping
from kiosk.console.step import step
from kiosk.deposit.notes import Note
from kiosk.log import Log
from kiosk.workers.books import written
from kiosk.workers.console import Clerk
from ledger.chain import Json
from ledger.database import reading
from ledger.kinds import Kind
from ledger.views import entries
from money.ledgers import Kiosk

PIN, OTHER = "274951", "839017"

STAFF = (("Camille", Role.DESK), ("Sacha", Role.DESK), ("Dominique", Role.AUDITOR))
"""Numbers 101 and on."""


class Room:
    """The console with what serves it. What it asked for waits until ``serves``, so that anything may come in between."""

    def __init__(self, kiosk: Kiosk, hires: bool = True) -> None:
        self.kiosk = kiosk
        files = Files(kiosk.path.parent)
        self.agents = Agents(files.kiosk, kiosk.clock, Cost(memory_kib=32, passes=1, lanes=1))
        for name, role in STAFF if hires else ():
            self.agents.add(name, role, OTHER if name == "Sacha" else PIN)
        self.clerk = Clerk(self.agents, files, kiosk.clock, Cents(20_000), Cents(20), lambda: kiosk.now().day())
        self.log = Log(files.state, kiosk.clock)
        self.console = Console()
        self.waiting: list[ConsoleAction] = []
        self.to_print: list[PaperAction] = []

    def tells(self, *events: ConsoleEvent) -> "Room":
        for event in events:
            self.console, actions = step(self.console, event)
            for action in actions:
                if isinstance(action, Note):
                    self.log.note(action)
                elif isinstance(action, PaperAction):
                    self.to_print.append(action)
                elif not isinstance(action, AwaitStaff):
                    self.waiting.append(action)
        return self

    def serves(self, until: Callable[[ConsoleAction], bool] = lambda _: False) -> "Room":
        """What waits is done in its order, and what is asked for thereby; not what ``until`` holds of, nor what comes after it."""
        while self.waiting and not until(self.waiting[0]):
            action = self.waiting.pop(0)
            if isinstance(action, DeskAction):
                self.answers(action)
            else:
                self.tells(self.clerk.does(action))
        return self

    def answers(self, action: DeskAction) -> None:
        """What the ledger's thread does, and tells."""
        told = written(self.kiosk.journal, self.kiosk.journal.desk, action, self.kiosk.now())
        assert isinstance(told, ConsoleEvent)
        self.tells(told)

    def does(self, *events: ConsoleEvent) -> "Room":
        for event in events:
            self.tells(event).serves()
        return self

    def logs_in(self, number: str = "101", pin: str = PIN) -> "Room":
        return self.does(Opened(), LogInAsked(number, pin))

    def helps(self, visit: str) -> "Room":
        return self.logs_in().does(DeedAsked(Deed.HELP), HelpSought(visit.rpartition("/")[2]))

    @property
    def face(self) -> AtWork:
        assert isinstance(self.console.face, AtWork)
        return self.console.face

    @property
    def here(self) -> Helping:
        return self.face.helping

    def written(self, kind: Kind) -> list[dict[str, Json]]:
        with reading(self.kiosk.path) as connection:
            return [entry.body for entry in entries(connection, kind=kind)]


def writes(action: ConsoleAction) -> bool:
    """Whether it goes to the ledger's thread."""
    return isinstance(action, DeskAction)
