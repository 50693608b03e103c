"""What a hand scanner meant whose keyboard layout is another than the machine's: it sends keys by their place, and the machine reads other letters there.

A code's check letter says which reading is right. French (AZERTY) and American (QWERTY) are the two layouts that such scanners are sold with.
"""

from ledger.vouchers import BadCode, code_of

QWERTY = "1234567890qwertyuiopasdfghjkl;zxcvbnm,./" + "!@#$%^&*()QWERTYUIOPASDFGHJKL:ZXCVBNM<>?"
AZERTY = "&é\"'(-è_çàazertyuiopqsdfghjklmwxcvbn,;:!" + "1234567890AZERTYUIOPQSDFGHJKLMWXCVBN?./§"
"""The same keys in the same order, first plain and then with Shift."""

MEANT_QWERTY = str.maketrans(AZERTY, QWERTY)
MEANT_AZERTY = str.maketrans(QWERTY, AZERTY)


def meant(typed: str) -> str:
    """The first reading of what was typed that is a code; a link, and what is none in any reading, stays as it was typed."""
    for reading in (typed, typed.translate(MEANT_QWERTY), typed.translate(MEANT_AZERTY)):
        try:
            code_of(reading)
        except BadCode:
            continue
        return reading
    return typed
