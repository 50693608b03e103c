"""The console of every command. What it prints is text and never markup: a name or a row with brackets in it stands as it is."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NARROWEST = 40
"""Columns. A line of a serial console says that it has none, and a table would be cut away there to nothing."""


def console(quiet: bool = False) -> "Console":
    """``quiet`` prints nothing, for a command that gives JSON."""
    from rich.console import Console

    made = Console(quiet=quiet, highlight=False, markup=False, emoji=False, soft_wrap=True)
    made.width = max(made.width, NARROWEST)
    return made


def table(*titles: str) -> "Table":
    from rich.table import Table

    return Table(*titles)
