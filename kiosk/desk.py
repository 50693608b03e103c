"""A kiosk's ledger opened for the desk where no kiosk runs, and who may work there."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from config.clock import Clock
from config.settings import Settings
from config.told import OutOfService, WrongUse
from kiosk.agents import Agents
from kiosk.begin import clock_of, recognise, terms_of
from kiosk.console.roles import Role
from ledger.journal import SqliteJournal, open_journal
from ledger.vocabulary import LedgerLocked

AT_THE_DESK = frozenset({Role.DESK, Role.MANAGER})


class AtTheConsole(OutOfService):
    """The kiosk runs, and owns its ledger: the same is done at its console. ``variant`` is what was to be done."""

    def __init__(self, holder: str, what: str) -> None:
        super().__init__(f"the ledger is in use by {holder}")
        self.holder = holder
        self.variant = what


class NoDeskAgent(WrongUse):
    """There is no agent of this number who may work at the desk, or it is blocked."""

    def __init__(self, number: str) -> None:
        super().__init__(f"agent {number} may not work at the desk")
        self.number = number


def agent_of_the_desk(settings: Settings, number: str) -> None:
    """Raises NoDeskAgent, AgentsUnreadable."""
    listed = {agent.number: agent for agent in Agents(settings.files.kiosk, clock_of(settings)).listed()}
    agent = listed.get(number)
    if agent is None or agent.blocked or agent.role not in AT_THE_DESK:
        raise NoDeskAgent(number)


@contextmanager
def open_for_desk(settings: Settings, what: str) -> Iterator[tuple[SqliteJournal, Clock]]:
    """The ledger, ready to be written. Raises AtTheConsole while a kiosk has it, LedgerError."""
    clock = clock_of(settings)
    recognise(settings)
    try:
        journal = open_journal(settings.files.ledger, who=f"consigne {what}", clock=clock, random=secrets, terms=terms_of(settings))
    except LedgerLocked as error:
        raise AtTheConsole(error.holder, what) from error
    with journal:
        yield journal, clock
