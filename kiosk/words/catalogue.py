"""The words of one language, read from its gettext catalogue (``fr.po`` …) when a ``Words`` is made. English fills what a language lacks.

Message ids are keys such as ``item.ok``. A key that not even English holds is a mistake of the program and raises: no key is ever shown.
"""

import gettext
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from config.vocabulary import Cents

FOLDER = Path(__file__).parent

LOCALES = {"fr": "fr_FR", "en": "en_GB"}
"""Each language with the country whose amounts and dates it writes; its catalogue is the file of that name in this folder."""

FIRST_OF_MONTH = {"fr": "d'er' MMMM y"}
"""Where the first day is written otherwise than the others; Babel's data have one pattern for all."""

DEFAULT = "fr"


class UnknownLanguage(Exception):
    def __init__(self, found: str) -> None:
        super().__init__(f"{found!r} is none of {', '.join(LOCALES)}")
        self.found = found
        self.known = tuple(LOCALES)


class MissingWord(LookupError):
    """No catalogue holds this key."""


class Words:
    """Raises UnknownLanguage. Values of placeholders are given by name: ``text("voucher.title", sum=words.amount(140))``.

    Only a number with a fraction is written here, as the language does; everything else is taken as it comes.
    """

    def __init__(self, language: str = DEFAULT) -> None:
        if language not in LOCALES:
            raise UnknownLanguage(language)
        self.language = language
        self._locale = Locale.parse(LOCALES[language])
        self._messages = read(language)
        if language != "en":
            self._messages.add_fallback(read("en"))

    def text(self, key: str, /, **values: object) -> str:
        """The words for a key. Raises MissingWord, and KeyError for a placeholder without a value."""
        return self._filled(key, self._messages.gettext(key), values)

    def plural(self, key: str, n: int, /, **values: object) -> str:
        """The words for a key in the form that ``n`` things ask for; ``{n}`` stands for the number."""
        return self._filled(key, self._messages.ngettext(key, key, n), {"n": n, **values})

    def amount(self, cents: Cents) -> str:
        """Euros: ``0,20 €``, ``€0.20``."""
        written: str = format_currency(Decimal(cents) / 100, "EUR", locale=self._locale)
        return written

    def day(self, day: date) -> str:
        """A date in words: ``24 novembre 2026``."""
        pattern = FIRST_OF_MONTH.get(self.language, "long") if day.day == 1 else "long"
        written: str = format_date(day, pattern, locale=self._locale)
        return written

    def _filled(self, key: str, words: str, values: dict[str, object]) -> str:
        if words == key:
            raise MissingWord(key)
        written = {
            name: format_decimal(value, locale=self._locale) if isinstance(value, float) else value for name, value in values.items()
        }
        return words.format(**written)


def read(language: str) -> gettext.GNUTranslations:
    """The catalogue of one language alone."""
    compiled = io.BytesIO()
    with (FOLDER / f"{language}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=LOCALES[language], abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
