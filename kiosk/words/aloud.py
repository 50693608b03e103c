"""Sums and codes as they are spoken: a voice reads "1,40 €" as *one comma forty euro*, and a code as a word. Words only, no voice.

Own tables, up to 999.99 €: num2words 0.5.14 says "six euro", "six euros et zéro centimes", and Saudi riyals in Arabic.
"""

import re
from collections.abc import Callable

from config.vocabulary import Cents

LARGEST = Cents(99_999)

FRENCH = (  # noqa: SIM905 (two lines read better than a column)
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt"
).split()
FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}

ENGLISH = (  # noqa: SIM905 (two lines read better than a column)
    "zero one two three four five six seven eight nine ten eleven "
    "twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
).split()
ENGLISH_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

ARABIC = ("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة", "أحد عشر", "اثنا عشر")
ARABIC_TENS = ("", "عشرة", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
ARABIC_HUNDREDS = ("", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة")
"""As they stand beside the masculine words *yūrū* and *sint*, in the nominative."""


def _french(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    if hundreds:
        begin = "cent" if hundreds == 1 else f"{FRENCH[hundreds]} cent"
        return f"{begin} {_french(rest)}" if rest else begin + ("s" if hundreds > 1 else "")
    if n <= 20:
        return FRENCH[n]
    if n >= 80:
        return "quatre-vingts" if n == 80 else f"quatre-vingt-{FRENCH[n - 80]}"
    tens = 60 if n >= 60 else n - n % 10
    unit = n - tens
    if unit == 0:
        return FRENCH_TENS[tens]
    return f"{FRENCH_TENS[tens]} et {FRENCH[unit]}" if unit in {1, 11} else f"{FRENCH_TENS[tens]}-{FRENCH[unit]}"


def _english(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    if hundreds:
        return f"{ENGLISH[hundreds]} hundred and {_english(rest)}" if rest else f"{ENGLISH[hundreds]} hundred"
    if n <= 20:
        return ENGLISH[n]
    tens, unit = divmod(n, 10)
    return f"{ENGLISH_TENS[tens]}-{ENGLISH[unit]}" if unit else ENGLISH_TENS[tens]


def _arabic(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    if hundreds:
        return f"{ARABIC_HUNDREDS[hundreds]} و{_arabic(rest)}" if rest else ARABIC_HUNDREDS[hundreds]
    if n < len(ARABIC):
        return ARABIC[n]
    tens, unit = divmod(n, 10)
    if tens == 1:
        return f"{ARABIC[unit]} عشر"
    return f"{ARABIC[unit]} و{ARABIC_TENS[tens]}" if unit else ARABIC_TENS[tens]


def _in_french(euros: int, cents: int) -> str:
    whole = f"{_french(euros)} {'euro' if euros < 2 else 'euros'}"
    part = f"{_french(cents)} {'centime' if cents < 2 else 'centimes'}"
    if not euros:
        return part if cents else whole
    # "un euro cinq" is heard as a date or as 1.50 by many
    return whole if not cents else f"{whole} et {part}" if cents < 10 else f"{whole} {_french(cents)}"


def _in_english(euros: int, cents: int) -> str:
    whole = f"{_english(euros)} {'euro' if euros == 1 else 'euros'}"
    part = f"{_english(cents)} {'cent' if cents == 1 else 'cents'}"
    if not euros:
        return part if cents else whole
    return whole if not cents else f"{whole} and {part}" if cents < 10 else f"{whole} {_english(cents)}"


def _in_arabic(euros: int, cents: int) -> str:
    whole = {1: "يورو واحد", 2: "يوروان"}.get(euros, f"{_arabic(euros)} يورو")
    part = {1: "سنت واحد", 2: "سنتان"}.get(cents, f"{_arabic(cents)} {'سنتات' if 3 <= cents <= 10 else 'سنتًا'}")
    if not euros:
        return part if cents else whole
    return f"{whole} و{part}" if cents else whole


SPOKEN: dict[str, Callable[[int, int], str]] = {"fr": _in_french, "en": _in_english, "ar": _in_arabic}


def amount_aloud(cents: Cents, language: str) -> str:
    """``un euro quarante``, ``one euro forty``. ValueError for less than nothing, and beyond 999.99 €."""
    if not 0 <= cents <= LARGEST:
        raise ValueError(cents)
    return SPOKEN[language](*divmod(cents, 100))


AMOUNT = re.compile(r"(?:\+ )?(?<![\d,.\u202f])(?:€(?P<before>\d{1,3}[.,]\d\d)|(?P<after>\d{1,3}[.,]\d\d)\u00a0€)(?!\d)")
"""What ``Words.amount`` writes, up to 999.99 €, in all languages; a sign before it is for the eye."""

CODE = re.compile(r"\b([2-9A-Z]{4})\s([2-9A-Z]{4})\s([2-9A-Z]{4})\s([2-9A-Z]{5})\b")
"""A voucher's code as it stands on the glass."""

SIGNS = re.compile("[\u200e\u200f\u2068\u2069]")


def aloud(text: str, language: str) -> str:
    """The same text with its sums in words and a voucher's code in letters, without line ends, spaces that hold words together, and signs of direction."""

    def worded(found: re.Match[str]) -> str:
        return amount_aloud(Cents(int(re.sub(r"\D", "", found["before"] or found["after"]))), language)

    plain = CODE.sub(lambda found: spelled("".join(found.groups())), AMOUNT.sub(worded, SIGNS.sub("", text)))
    return " ".join(plain.replace("\n", ". ").split())


def spelled(code: str) -> str:
    """A voucher's 17 letters one by one, with a pause after each group: ``K 7 Q P, 4 M 2 X, R 5 T B, W 9 N H J``."""
    return ", ".join(" ".join(group) for group in (code[:4], code[4:8], code[8:12], code[12:]))
