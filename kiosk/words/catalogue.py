"""The words of one language, read from its gettext catalogue (``fr.po`` …) when a ``Words`` is made, and which languages a visitor may choose.

Message ids are keys such as ``item.ok``. A key that not even the French catalogue holds is a mistake of the program and raises: no key is ever shown.
What can be wrong with a catalogue's file is told by ``reading.py``.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from config.printable import printable
from config.told import WrongUse
from config.vocabulary import Cents
from kiosk.words.locales import locale_of
from kiosk.words.reading import DEFAULT, LANGUAGES, CatalogueBroken, read

FIRST_STRONG_ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"

ISOLATES = FIRST_STRONG_ISOLATE + END_OF_ISOLATE
"""What ``isolated`` puts round a text that could turn what stands beside it: any in Arabic, one with letters from right to left in the others."""

MARKS = "\u200e\u200f\u061c"
"""What Babel puts into the values of a language from right to left. They never stand in others, nor in what staff read."""

FROM_RIGHT = frozenset({"R", "AL", "AN"})
"""Unicode's classes of what is written from right to left, or among it."""

DIGITS = "latn"
"""0 1 2 … in every language: those of the prices, receipts and clocks that people here read, and of the amounts at the desk."""


GROUPED_FROM = 10_000
"""What has fewer digits is read at a glance."""

LONGEST = 2000
"""Characters of one value in a sentence: of a line without end, of a picture for instance, its begin and its end tell enough."""

AT_THE_END = re.compile(r"\{(\w+)\}\)?\.")
"""A placeholder with a full stop behind it."""


class UnknownLanguage(WrongUse):
    def __init__(self, found: str) -> None:
        super().__init__(f"{found!r} is none of {', '.join(LANGUAGES)}")
        self.found = found
        self.known = ", ".join(LANGUAGES)


class MissingWord(LookupError):
    """No catalogue holds this key."""


class Words:
    """Raises UnknownLanguage and CatalogueBroken. Values of placeholders are given by name: ``text("voucher.title", sum=words.amount(140))``.

    Only a number with a fraction is written here, as the language does; of everything else what is not seen is written out (``config.printable``),
    so that a sentence is safe on a terminal, whoever wrote the facts in it.
    """

    def __init__(self, language: str = DEFAULT) -> None:
        if language not in LANGUAGES:
            raise UnknownLanguage(language)
        self.language = language
        self._how = LANGUAGES[language]
        self._locale = locale_of(self._how.locale)
        self._own, self._french = read(language), read(DEFAULT)

    @property
    def own_name(self) -> str:
        """The language's name as those who speak it write it: ``Français``."""
        return self.text("language.own")

    @property
    def right_to_left(self) -> bool:
        return bool(self._locale.text_direction == "rtl")

    @property
    def unread(self) -> bool:
        """Whether no native speaker has read these words yet; ``language.unread`` says so."""
        return self._how.unread

    def text(self, key: str, /, **values: object) -> str:
        """The words for a key. Raises MissingWord, and KeyError for a placeholder without a value."""
        return self._filled(key, self._own.words(key), self._french.words(key), values)

    def plural(self, key: str, n: int, /, **values: object) -> str:
        """The words for a key in the form that ``n`` things ask for; ``{n}`` stands for the number, from five digits on in groups of three."""
        told = n if abs(n) < GROUPED_FROM else format_decimal(n, locale=self._locale, numbering_system=DIGITS)
        return self._filled(key, self._own.words_of(key, n), self._french.words_of(key, n), {"n": told, **values})

    def amount(self, cents: Cents) -> str:
        """Euros: ``0,20 €``, ``€0.20``."""
        written: str = format_currency(Decimal(cents) / 100, "EUR", locale=self._locale, numbering_system=DIGITS)
        return written

    def day(self, day: date, *, short: bool = False) -> str:
        """A date in words: ``24 novembre 2026``; where there is little room in numbers: ``24/11/2026``."""
        if short:
            numbers: str = format_date(day, "dd/MM/y", locale=self._locale)
            return numbers
        pattern = self._how.first_of_month or "long" if day.day == 1 else "long"
        written: str = format_date(day, pattern, locale=self._locale)
        return written

    def weekday(self, day: date) -> str:
        """A date with its day of the week: ``mercredi 25 novembre 2026``."""
        return f"{format_date(day, 'EEEE', locale=self._locale)} {self.day(day)}"

    def time_of_day(self, at: datetime) -> str:
        """Hours and minutes: ``8 h 30``, ``08:30``."""
        written: str = format_datetime(at, self._how.time, locale=self._locale)
        return written

    def isolated(self, text: str) -> str:
        """A text that keeps its own direction where it stands: a code within Arabic is not turned around at its hyphens, and an Arabic name turns
        no sum and no full stop beside it. One that stands in isolation already is left as it is.
        """
        turns = self.right_to_left or any(unicodedata.bidirectional(sign) in FROM_RIGHT for sign in text)
        return f"{FIRST_STRONG_ISOLATE}{text}{END_OF_ISOLATE}" if turns and not _in_isolation(text) else text

    def _filled(self, key: str, own: str | None, french: str | None, values: dict[str, object]) -> str:
        if own is not None:
            return own.format(**{name: self._written(value) for name, value in _without_second_stop(own, values).items()})
        if french is None:
            raise MissingWord(key)
        values = _without_second_stop(french, values)
        return french.format(**{name: value if isinstance(value, int | float) else _quoted(value) for name, value in values.items()})

    def _written(self, value: object) -> object:
        match value:
            case float():
                return format_decimal(value, locale=self._locale, numbering_system=DIGITS)
            case int() | None:
                return value
            case _:
                keep = (MARKS if self.right_to_left else "") + (ISOLATES if _is_whole(str(value)) else "")
                return self.isolated(_quoted(value, keep))


def _is_whole(text: str) -> bool:
    """Whether each isolate in it ends in it, as those of ``isolated`` do: no foreign text ends one that was not its own."""
    depth = 0
    for sign in text:
        depth += (sign == FIRST_STRONG_ISOLATE) - (sign == END_OF_ISOLATE)
        if depth < 0:
            return False
    return depth == 0


def _in_isolation(text: str) -> bool:
    return text[:1] == FIRST_STRONG_ISOLATE and text[-1:] == END_OF_ISOLATE and _is_whole(text[1:-1])


def _quoted(value: object, keep: str = "") -> str:
    text = printable(str(value), keep)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"


def _without_second_stop(sentence: str, values: dict[str, object]) -> dict[str, object]:
    """A text that is quoted at the end of a sentence ends without a full stop of its own."""
    last = AT_THE_END.findall(sentence)

    def ended(name: str, value: object) -> object:
        if isinstance(value, int | float) or name not in last or str(value).endswith(".."):
            return value
        return str(value).removesuffix(".")

    return {name: ended(name, value) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    """The languages that a visitor may choose, in their order, and those left out because their catalogue is broken."""

    words: tuple[Words, ...]
    broken: tuple[CatalogueBroken, ...]


def choice() -> Choice:
    """Every language whose catalogue is whole: no visitor meets a screen half in another language.

    Raises CatalogueBroken for French, which a visit begins with and which the others are held against.
    """
    words, broken = [Words()], []
    for language in LANGUAGES:
        try:
            if language != DEFAULT:
                words.append(Words(language))
        except CatalogueBroken as error:
            broken.append(error)
    return Choice(tuple(words), tuple(broken))
