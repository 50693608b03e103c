"""Tells the demonstration in the terminal, step by step: what is done to the machine, and through ``Narrator`` what the screen says."""

from pathlib import Path
from typing import assert_never

from rich.console import Console

from kiosk.deposit.events import Touch
from kiosk.words.catalogue import Words
from simulation.demo.deeds import Deed, Press, Provoke, PutIn
from simulation.demo.places import Places
from simulation.demo.totals import totals_address
from simulation.narrator import Narrator
from simulation.outcome import Outcome
from simulation.visitor import Shown

BUTTONS = {Touch.FINISH: "feed.finish", Touch.KEEP: "choose.keep", Touch.DONE: "voucher.done", Touch.ALIVE: "idle.stay"}
"""The words on those buttons that a played visit touches."""


class Teller:
    def __init__(self, words: Words, console: Console) -> None:
        self._words = words
        self._console = console
        self._narrator = Narrator(words, console)

    def city(self, city: str, log_in: str) -> None:
        self._say("panel.told.city", address=totals_address(city), log_in=log_in)

    def agent(self, number: str, pin: str) -> None:
        self._say("panel.told.agent", number=number, pin=pin)

    def places(self, places: Places) -> None:
        self._say("panel.told.scale", diagonal=places.screen.diagonal_in, percent=round(places.scale * 100))

    def view(self, shown: Shown) -> None:
        self._narrator.tell(shown)

    def deed(self, deed: Deed) -> None:
        match deed:
            case PutIn(item):
                self._say("panel.told.put", item=self._words.text(f"panel.item.{item}"))
            case Press(touch):
                self._say("panel.told.press", button=self._words.text(BUTTONS[touch]))
            case Provoke(fault, begins):
                key = "panel.told.fault" if begins else "panel.told.fault_ends"
                self._say(key, fault=self._words.text(f"panel.fault.{fault}"))
            case _:
                assert_never(deed)

    def sum_up(self, outcome: Outcome) -> None:
        self._narrator.sum_up(outcome)

    def kept(self, state: Path, pictures: Path) -> None:
        self._say("panel.told.state", folder=state)
        self._say("panel.told.pictures", folder=pictures)

    def _say(self, key: str, **values: object) -> None:
        self._console.print(self._words.text(key, **values))
