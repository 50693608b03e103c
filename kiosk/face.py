"""The kiosk without a screen: view-states as lines on stdout, touches as words on stdin. Simulation, tests and a technician's terminal use it."""

import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import TextIO

from config.printable import json_line
from kiosk.deposit.events import Touch, Touched
from kiosk.deposit.halts import facts_of
from kiosk.deposit.view import ViewState


def as_line(view: ViewState) -> str:
    """One view-state as a JSON object."""
    line = asdict(view)
    del line["why"]
    if view.why is not None:
        line |= {"halt": view.why.halt, "code": view.why.halt.code, "facts": facts_of(view.why)}
    else:
        line |= {"halt": None, "code": None, "facts": None}
    return json_line(line)


def show_on(stream: TextIO) -> Callable[[ViewState], None]:
    """Writes each view-state as a line."""

    def show(view: ViewState) -> None:
        stream.write(as_line(view) + "\n")
        stream.flush()

    return show


class TouchReader(threading.Thread):
    """Reads one touch a line (``finish``, ``keep`` …) until the stream ends; then ``at_end`` is called."""

    def __init__(self, stream: TextIO, post: Callable[[Touched], None], at_end: Callable[[], None]) -> None:
        super().__init__(name="touches", daemon=True)
        self._stream = stream
        self._post = post
        self._at_end = at_end

    def run(self) -> None:
        for line in self._stream:
            word = line.strip()
            try:
                self._post(Touched(Touch(word)))
            except ValueError:
                allowed = ", ".join(touch.value for touch in Touch)
                sys.stderr.write(f"{word!r} is no touch; one of: {allowed}\n")
        self._at_end()
