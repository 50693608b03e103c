"""The language that commands speak: French, unless CONSIGNE_LANG names another."""

import os

from kiosk.words.catalogue import Words
from kiosk.words.reading import DEFAULT


def chosen() -> Words:
    """Raises UnknownLanguage."""
    return Words(os.environ.get("CONSIGNE_LANG", DEFAULT))
