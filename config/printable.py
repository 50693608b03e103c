"""Foreign text made fit for a terminal, a log and a table: what steers a terminal or turns text round is written out, never sent.

Foreign is what the program did not write itself: the city's answers, another ledger's rows, names of files, values of a configuration, barcodes.
"""

import json
import re
import unicodedata

OUT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of what is not seen: controls (ESC, C1), formats (bidi, zero width), lone surrogates, what is unassigned, line ends."""


PASSWORD = re.compile(r"(://[^\s:/@]*):[^\s/@]*@")
MASKED = r"\1:***@"
QUERY = re.compile(r'(://[^\s"?]*)\?[^\s"]*')
"""Cameras take their password in an address's query."""


def masked(text: str) -> str:
    """What may be secret in an address is left out: the password, and a query."""
    return QUERY.sub(r"\1?***", PASSWORD.sub(MASKED, text))


def printable(text: str, keep: str = "") -> str:
    r"""Each sign that is not seen as its number, in Python's way: ``\x1b``, ``\u202e``. What stands in ``keep`` stays.

    The password in an address (a camera's, the city's) is not for whoever looks at a screen.
    """
    text = PASSWORD.sub(MASKED, text)
    if text.isprintable():
        return text
    return "".join(_written_out(sign) if unicodedata.category(sign) in OUT and sign not in keep else sign for sign in text)


def json_line(value: object) -> str:
    """A value as JSON in one line of ASCII: no sign in it steers anything, and it is read back the same whatever the terminal's encoding."""
    return json.dumps(value, default=str)


def _written_out(sign: str) -> str:
    return sign.encode("ascii", "backslashreplace").decode() if sign > "\x7f" else repr(sign)[1:-1]
