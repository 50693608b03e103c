"""The kiosk without a screen: view-states as lines on stdout, touches and a technician's words on stdin. Simulation, tests and technicians use it."""

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, TextIO

from config.printable import json_line
from kiosk.deposit.events import GiveTo, Touch, Touched
from kiosk.deposit.halts import facts_of
from kiosk.deposit.view import ViewState


def as_line(view: ViewState) -> str:
    """One view-state as a JSON object."""
    # no picture leaves the kiosk's memory
    item = view.item and replace(view.item, shown=None)
    line = asdict(replace(view, item=item))
    if item is not None:
        del line["item"]["shown"]
    # what staff see is nobody else's
    del line["why"], line["staff"]
    if view.why is not None:
        line |= {"halt": view.why.halt, "code": view.why.halt.code, "facts": facts_of(view.why)}
    else:
        line |= {"halt": None, "code": None, "facts": None}
    return json_line(line)


class Lines:
    """One JSON object a line, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._guard = threading.Lock()

    def show(self, view: ViewState) -> None:
        self._write(as_line(view))

    def tell(self, told: Mapping[str, Any]) -> None:
        self._write(json_line(told))

    def _write(self, line: str) -> None:
        with self._guard:
            self._stream.write(line + "\n")
            self._stream.flush()


GIVE_TO = "give_to"


def touch_of(words: str) -> Touch | GiveTo:
    """Raises ValueError."""
    first, _, association = words.partition(" ")
    return GiveTo(association) if first == GIVE_TO and association else Touch(words)


class TouchReader(threading.Thread):
    """Reads one touch a line (``finish``, ``keep``, ``give_to ID`` …) until the stream ends; then ``at_end`` is called. ``hears`` takes what is a technician's."""

    def __init__(self, stream: TextIO, post: Callable[[Touched], None], at_end: Callable[[], None], hears: Callable[[str], bool]) -> None:
        super().__init__(name="touches", daemon=True)
        self._stream = stream
        self._post = post
        self._at_end = at_end
        self._hears = hears

    def run(self) -> None:
        for line in self._stream:
            word = line.strip()
            if self._hears(word):
                continue
            try:
                self._post(Touched(touch_of(word)))
            except ValueError:
                allowed = ", ".join((*(touch.value for touch in Touch), f"{GIVE_TO} ID"))
                sys.stderr.write(f"{word!r} is no touch; one of: {allowed}\n")
        self._at_end()
