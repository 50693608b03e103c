"""What a program says reaches every terminal: a character that the terminal's encoding lacks becomes a question mark, never an error."""

import sys
from io import TextIOWrapper


def forgive_encodings() -> None:
    """At the start of each program that speaks to people; ``fr_FR.ISO-8859-1`` knows no ``’``, and an old shell nothing but ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
