"""Everything that can happen to the console: what staff ask for at the glass, and what its worker answers."""

from dataclasses import dataclass, field

from kiosk.console.denials import Denial
from kiosk.console.roles import Deed, Role
from kiosk.console.told import Exported, Refused, Today
from ledger.claims import Found
from ledger.selection import Opened as EntryOpened
from ledger.selection import Selected, Selection
from ledger.vocabulary import Payment


@dataclass(frozen=True, slots=True)
class ConsoleEvent:
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class Opened(ConsoleEvent):
    """The long press, or the key."""


@dataclass(frozen=True, slots=True)
class LogInAsked(ConsoleEvent):
    """A PIN is never written anywhere, so it is not shown either."""

    number: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FirstManagerAsked(ConsoleEvent):
    code: str = field(repr=False)
    pin: str = field(repr=False)
    again: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeaveAsked(ConsoleEvent):
    """Quit, or log out."""


@dataclass(frozen=True, slots=True)
class AtTheGlass(ConsoleEvent):
    """A sign of life: any touch, any key. At most once a second."""


@dataclass(frozen=True, slots=True)
class DeedAsked(ConsoleEvent):
    deed: Deed


@dataclass(frozen=True, slots=True)
class IdleTooLong(ConsoleEvent):
    """The time of the last ``AwaitStaff`` is over."""


@dataclass(frozen=True, slots=True)
class AgentsTold(ConsoleEvent):
    """Whether there is anybody who may log in, or why that cannot be known."""

    there: bool
    failing: Denial | None = None


@dataclass(frozen=True, slots=True)
class Admitted(ConsoleEvent):
    """``first``: the first manager was made just now."""

    number: str
    role: Role
    first: bool = False


@dataclass(frozen=True, slots=True)
class Denied(ConsoleEvent):
    why: Denial
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Rechecked(ConsoleEvent):
    """What an agent may be by now; None: blocked or gone."""

    number: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class DayTold(ConsoleEvent):
    today: Today


@dataclass(frozen=True, slots=True)
class Failed(ConsoleEvent):
    """What was asked for could not be looked up."""

    why: Denial


@dataclass(frozen=True, slots=True)
class RowsAsked(ConsoleEvent):
    """The entries that fit, on the ledger's page."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class RowsTold(ConsoleEvent):
    selection: Selection
    selected: Selected
    archives: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class EntryAsked(ConsoleEvent):
    """None: back to the list."""

    row: int | None


@dataclass(frozen=True, slots=True)
class EntryTold(ConsoleEvent):
    opened: EntryOpened


@dataclass(frozen=True, slots=True)
class ExportAsked(ConsoleEvent):
    pass


@dataclass(frozen=True, slots=True)
class ExportTold(ConsoleEvent):
    exported: Exported


@dataclass(frozen=True, slots=True)
class VoucherAsked(ConsoleEvent):
    """Somebody presents it; empty: the next one."""

    presented: str


@dataclass(frozen=True, slots=True)
class VoucherTold(ConsoleEvent):
    found: Found | None
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class PayAsked(ConsoleEvent):
    """First it is asked whether the money was handed over; ``sure``: it was."""

    sure: bool


@dataclass(frozen=True, slots=True)
class PayNotSure(ConsoleEvent):
    pass


@dataclass(frozen=True, slots=True)
class VoucherPaid(ConsoleEvent):
    payment: Payment


@dataclass(frozen=True, slots=True)
class VoucherNotPaid(ConsoleEvent):
    refused: Refused
