"""Reads a language's catalogue and tells what is wrong with its file: line, key, and what was found. Nothing half right is handed out.

A catalogue is held against the French one: the same keys, the same placeholders, all plural forms of its language.
"""

import gettext
import io
import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from config.told import WrongUse
from kiosk.words.locales import locale_of

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Language:
    """``locale``: whose amounts and dates it writes. ``first_of_month``: the pattern of a first day where it differs (Babel has one for all).
    ``time``: the pattern of a time of day.

    ``visitors_only``: its catalogue holds no words for staff and commands, who get the French ones. ``unread``: by any native speaker.
    """

    locale: str
    first_of_month: str | None = None
    time: str = "HH:mm"
    visitors_only: bool = False
    unread: bool = False


LANGUAGES = {
    "fr": Language("fr_FR", first_of_month="d'er' MMMM y", time="H\u00a0'h'\u00a0mm"),
    "en": Language("en_GB"),
    "ar": Language("ar", visitors_only=True, unread=True),
}
"""Each language in the order of its button; its catalogue is the file of that name in this folder."""

DEFAULT = "fr"
"""The language of the house: a visit begins in it, staff are told things in it, and the other catalogues are held against its own."""

STAFF = (
    "account.",
    "calibration.",
    "capture.",
    "catalogue.",
    "config.",
    "configuration.",
    "enrolment.",
    "error.",
    "evaluate.",
    "explain.",
    "fact.",
    "fault.",
    "generation.",
    "halt.",
    "kind.",
    "backup.",
    "doctor.",
    "ledger.",
    "panel.",
    "printer.",
    "read.",
    "selftest.",
    "service.",
    "slip.",
    "staff.",
    "summary.",
    "sync.",
    "told.",
    "type.",
    "usage.",
)
"""How the keys begin whose words are for staff, technicians and commands. Every other key is for visitors: complete in each language."""

LINE = re.compile(r'#.*|(?:(?:msgid|msgid_plural|msgstr|msgstr\[\d\]) )?"(?:[^"\\]|\\.)*"|')


class Flaw(StrEnum):
    """What can be wrong with a catalogue.

    ============  ===============================================================
    no_file       its file is not there
    unreadable    the system does not give it, or it is not UTF-8; ``found`` says
    not_po        a line that is not gettext's; ``found`` is the line
    twice         a key that stands there twice
    lacking       a key that is not there; ``line`` is None
    empty         a key without words, or marked as unsure
    forms         not the plural forms of the language; ``found`` is what it has
    placeholders  others than the French words have; ``found`` are the words
    ============  ===============================================================
    """

    NO_FILE = "no_file"
    UNREADABLE = "unreadable"
    NOT_PO = "not_po"
    TWICE = "twice"
    LACKING = "lacking"
    EMPTY = "empty"
    FORMS = "forms"
    PLACEHOLDERS = "placeholders"


@dataclass(frozen=True, slots=True)
class Spot:
    """One flaw and where it is."""

    flaw: Flaw
    line: int | None = None
    key: str = ""
    found: str = ""


class CatalogueBroken(WrongUse):
    """A language's catalogue cannot be used. All its flaws at once, so that they can be mended at once.

    Its text is English and whole: the words it would otherwise be told in may be the broken ones.
    """

    def __init__(self, language: str, path: Path, places: tuple[Spot, ...]) -> None:
        told = "; ".join(
            " ".join(part for part in (f"line {place.line}:" if place.line else "", place.flaw, place.key, place.found) if part)
            for place in places
        )
        super().__init__(f"{path} cannot be used ({told}). Put the file of the installed version back, or mend these places.")
        self.language = language
        self.path = path
        self.places = places


def for_visitors(key: str) -> bool:
    """Whether the words of this key are met by visitors."""
    return not key.startswith(STAFF)


def key_of(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def forms_of(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string),)


def placeholders(words: str) -> set[str]:
    """Raises ValueError where a brace is left open."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


Worded = str | tuple[str, ...]
"""What a key says: its words, or those of each plural form."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """One language's words by key, found whole. ``form_of``: which of a message's plural forms a number asks for.

    What else Babel keeps of a message is gone: of three languages it was 3 MB.
    """

    by_key: Mapping[str, Worded]
    form_of: Callable[[int], int]

    def words(self, key: str) -> str | None:
        found = self.by_key.get(key)
        return found if isinstance(found, str) else None

    def words_of(self, key: str, n: int) -> str | None:
        """In the form that ``n`` things ask for."""
        found = self.by_key.get(key)
        return found[self.form_of(n)] if isinstance(found, tuple) else None


def read(language: str) -> Catalogue:
    """The catalogue of one language, held against the French one. Raises CatalogueBroken, for French too.

    Read and held once as long as the files say the same: to parse all three takes a fifth of a second of a PC's, and screens, tickets and errors all ask.
    """
    french = None if language == DEFAULT else read(DEFAULT)
    return _held_against(language, _text_of(language), french)


@lru_cache(maxsize=len(LANGUAGES))
def _held_against(language: str, text: str, french: Catalogue | None) -> Catalogue:
    messages = _parsed(language, text)
    by_key = worded(messages)
    places = tuple(flaws(language, messages, by_key if french is None else french.by_key))
    if places:
        raise CatalogueBroken(language, path_of(language), places)
    return Catalogue(by_key, gettext.c2py(messages.plural_expr))


def path_of(language: str) -> Path:
    return FOLDER / f"{language}.po"


def parse(language: str) -> Catalog:
    """The messages of a catalogue's file with their lines. Raises CatalogueBroken for what is not a catalogue."""
    return _parsed(language, _text_of(language))


def _text_of(language: str) -> str:
    path = path_of(language)
    try:
        return path.read_bytes().decode()
    except FileNotFoundError as error:
        raise CatalogueBroken(language, path, (Spot(Flaw.NO_FILE),)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueBroken(language, path, (Spot(Flaw.UNREADABLE, found=str(error)),)) from error


def _parsed(language: str, text: str) -> Catalog:
    places = tuple(_malformed(text))
    if places:
        raise CatalogueBroken(language, path_of(language), places)
    try:
        return read_po(io.StringIO(text), locale=LANGUAGES[language].locale, abort_invalid=True)
    except PoFileError as error:
        raise CatalogueBroken(language, path_of(language), (Spot(Flaw.NOT_PO, error.lineno + 1, found=str(error)),)) from error


def _malformed(text: str) -> Iterator[Spot]:
    """Babel takes a string without its closing quote for one that is a letter shorter, and the last of two messages of one key."""
    keys = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not LINE.fullmatch(line):
            yield Spot(Flaw.NOT_PO, number, found=line)
        elif line.startswith("msgid "):
            if line in keys:
                yield Spot(Flaw.TWICE, number, line[7:-1])
            keys.add(line)
    if '"Plural-Forms: ' not in text:
        # Babel would take its own, in which the last two Arabic forms have changed places
        yield Spot(Flaw.FORMS, 1)


def worded(messages: Catalog) -> dict[str, Worded]:
    """The words of each key."""
    return {key_of(message): forms_of(message) if message.pluralizable else forms_of(message)[0] for message in messages if message.id}


def flaws(language: str, catalogue: Catalog, french: Mapping[str, Worded]) -> Iterator[Spot]:
    """What a catalogue lacks, or has otherwise than it must."""
    how = LANGUAGES[language]
    single = _single_forms(catalogue, how.locale)
    if single is None:
        yield Spot(Flaw.FORMS, 1, found=str(catalogue.plural_forms))
        return
    own = {key_of(message): message for message in catalogue if message.id}
    for key, words in french.items():
        if how.visitors_only and not for_visitors(key):
            continue
        if key in own:
            yield from _flaws_of(own[key], words, single)
        else:
            yield Spot(Flaw.LACKING, key=key)


def _single_forms(catalogue: Catalog, locale: str) -> tuple[bool, ...] | None:
    """Of each plural form whether it stands for one number alone; None if the header's rule parts the numbers otherwise than CLDR's."""
    numbers, rule = range(200), locale_of(locale).plural_form
    try:
        form_of = gettext.c2py(catalogue.plural_expr)
    except ValueError:
        return None
    forms = [form_of(n) for n in numbers]
    parted = set(zip(forms, map(rule, numbers), strict=True))
    if not catalogue.num_plurals == len(set(forms)) == len(parted) == len({tag for _, tag in parted}):
        return None
    return tuple(forms.count(form) == 1 for form in range(catalogue.num_plurals))


def _flaws_of(message: Message, french: Worded, single: tuple[bool, ...]) -> Iterator[Spot]:
    key, forms, plural = key_of(message), forms_of(message), isinstance(message.id, tuple)
    if message.fuzzy or not all(forms):
        yield Spot(Flaw.EMPTY, message.lineno, key)
    elif plural != isinstance(french, tuple):
        yield Spot(Flaw.FORMS, message.lineno, key, str(len(forms)))
    else:
        wanted = _held(french[-1] if isinstance(french, tuple) else french)
        for form, alone in zip(forms, single if plural else (False,), strict=True):
            # "two bottles" is one word in Arabic and needs no number
            if wanted is None or _held(form) not in ((wanted, wanted - {"n"}) if alone else (wanted,)):
                yield Spot(Flaw.PLACEHOLDERS, message.lineno, key, form)


def _held(words: str) -> set[str] | None:
    """The placeholders; None where a brace is left open."""
    try:
        return placeholders(words)
    except ValueError:
        return None
