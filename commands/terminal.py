"""The console of every command. What it prints is text and never markup: a name or a row with brackets in it stands as it is."""

from rich.console import Console


def console(quiet: bool = False) -> Console:
    """``quiet`` prints nothing, for a command that gives JSON."""
    return Console(quiet=quiet, highlight=False, markup=False, emoji=False, soft_wrap=True)
