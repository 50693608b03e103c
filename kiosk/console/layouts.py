"""What a hand scanner meant whose keyboard layout is another than the machine's: it sends keys by their place, and the machine reads other letters there.

A code's check letter says which reading is right, of a code alone and of the one in a voucher's link. French (AZERTY) and American (QWERTY) are the two
layouts that such scanners are sold with.
"""

import re

from ledger.vouchers import BadCode, code_of

QWERTY = "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./" + '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|ZXCVBNM<>?'
AZERTY = "²&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù*wxcvbn,;:!" + "~1234567890°+AZERTYUIOP¨£QSDFGHJKLM%µWXCVBN?./§"
"""The same keys in the same order, first plain and then with Shift."""

MEANT_QWERTY = str.maketrans(AZERTY, QWERTY)
MEANT_AZERTY = str.maketrans(QWERTY, AZERTY)

LINK = re.compile(r'(.*?)["#]?(c=([^&]*)&k=.*)')
"""Page, and what stands behind ``#``: a French scanner needs AltGr for that sign, which on an American keyboard is the key alone, or nothing."""


def meant(typed: str) -> str:
    """The first reading of what was typed that is a code, or a link with one in it; what is neither in any reading stays as it was typed."""
    for reading in (typed, typed.translate(MEANT_QWERTY), typed.translate(MEANT_AZERTY)):
        linked = LINK.fullmatch(reading)
        try:
            code_of(linked[3] if linked is not None else reading)
        except BadCode:
            continue
        return f"{linked[1]}#{linked[2]}" if linked is not None else reading
    return typed
