"""What a program says reaches every terminal: a character that the terminal's encoding lacks becomes a question mark, never an error."""

import os
import sys
from io import TextIOWrapper


def open_closed_streams() -> None:
    """Where standard input, output or error was closed (``>&-``), the null device stands in: else the next file that is opened takes its number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            # the lowest number that is free, which is this one
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def forgive_encodings() -> None:
    """At the start of each program that speaks to people; ``fr_FR.ISO-8859-1`` knows no ``’``, and an old shell nothing but ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
