"""The language that commands speak: the first that is asked for and that they speak; French where none fits."""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words


def chosen() -> "Words":
    """Raises CatalogueBroken."""
    from kiosk.words.catalogue import Words

    return Words(asked_for(os.environ))


def asked_for(environment: Mapping[str, str]) -> str:
    """CONSIGNE_LANG comes first, then what the system's programs heed: LANGUAGE, and the first of LC_ALL, LC_MESSAGES and LANG that is set.

    Each may be written as a locale (``en_GB.UTF-8``). A language in which there are words for visitors alone is none that commands speak.
    """
    from kiosk.words.reading import DEFAULT, LANGUAGES

    system = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG", "")
    for wish in (environment.get("CONSIGNE_LANG", ""), *environment.get("LANGUAGE", "").split(":"), system):
        language = re.split(r"[-_.@]", wish.strip(), maxsplit=1)[0].lower()
        if language in LANGUAGES and not LANGUAGES[language].visitors_only:
            return language
    return DEFAULT
