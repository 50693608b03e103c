"""The words for staff about printer and paper."""

from drivers.printer.state import PrinterState
from kiosk.console.told import OnPaper, PaperStage
from kiosk.words.catalogue import Words


def tell_printer(state: PrinterState, words: Words) -> str:
    """What is wrong with it and what to do, or that nothing is."""
    return words.text("staff.paper.fine" if state.trouble is None else f"printer.{state.trouble.fault}")


def tell_on_paper(on_paper: OnPaper, words: Words) -> str:
    """What became of what staff have printed."""
    day = on_paper.code is None
    if on_paper.stage is PaperStage.BROKEN and on_paper.trouble is not None:
        return words.text("staff.print.broken_day" if day else "staff.print.broken", fault=words.text(f"printer.{on_paper.trouble.fault}"))
    if on_paper.stage is PaperStage.OUT and not day:
        return words.text("staff.print.copy", n=on_paper.copy)
    return words.text(f"staff.print.{on_paper.stage}")
