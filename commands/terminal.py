"""The console of every command. What it prints is text and never markup: a name or a row with brackets in it stands as it is."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def console(quiet: bool = False) -> "Console":
    """``quiet`` prints nothing, for a command that gives JSON."""
    from rich.console import Console

    return Console(quiet=quiet, highlight=False, markup=False, emoji=False, soft_wrap=True)


def table(*titles: str) -> "Table":
    from rich.table import Table

    return Table(*titles)
