"""``consigne voucher …`` and ``ledger close`` told wrongly, or of a voucher that nobody pays."""

import pytest

from people.wrong_sayings import A_FOLDER, DAMAGED, EMPTY, MISSING, NO_LEDGER, NO_OPTION, NO_VALUE, NOT_A_LEDGER, TOO_MUCH
from people.wrong_things import LANGUAGES, Judge, Row

UNKNOWN = "M3G4QW72NTTQQF6FA"
"""A code with a right check letter that no kiosk here has drawn."""

LINK = "https://consigne.example/bon#c=M3G4QW72NTTQQF6FA&k={k}&a=60&d=2026-11-24&u=2029-11-23{t}&s=AAAA"
DEMONSTRATION, REAL = LINK.format(k="essai-01", t="&t=demo"), LINK.format(k="essai-01", t="")
ELSEWHERE = LINK.format(k="paris-11-02", t="&t=demo")

NO_AGENT = ("n’existe pas", "does not exist")

ROWS: list[Row] = [
    ("voucher show", 2, "CODE", *MISSING),
    ('voucher show ""', 2, "''", *EMPTY),
    ("voucher show 7KQP --ledger {ledger}", 2, "7KQP", "une lettre est fausse", "a letter is wrong"),
    ("voucher show M3G4QW72NTTQQF6FB --ledger {ledger}", 2, "M3G4", "une lettre est fausse", "a letter is wrong"),
    (f"voucher show {UNKNOWN} --ledger {{ledger}}", 1, "M3G4-QW72-NTTQ-QF6FA", "est inconnu ici", "is unknown here"),
    (f"voucher show '{DEMONSTRATION}' --ledger {{ledger}}", 1, "M3G4-QW72-NTTQ-QF6FA", "est inconnu ici", "is unknown here"),
    (f"voucher show '{REAL}' --ledger {{ledger}}", 1, "M3G4-QW72-NTTQ-QF6FA", "démonstration", "demonstration"),
    (f"voucher show '{ELSEWHERE}' --ledger {{ledger}}", 1, "paris-11-02", "d’un autre kiosque", "another kiosk’s"),
    (f"voucher show {UNKNOWN} --ledger {{nowhere}}", 2, "{nowhere}", *NO_LEDGER),
    (f"voucher show {UNKNOWN} --ledger {{folder}}", 2, "{folder}", *A_FOLDER),
    (f"voucher show {UNKNOWN} --ledger {{picture}}", 2, "{picture}", *NOT_A_LEDGER),
    (f"voucher show {UNKNOWN} --ledger {{half}}", 3, "{half}", *DAMAGED),
    (f"voucher show {UNKNOWN} --config {{config}}", 3, "{state}/ledger.db", *NO_LEDGER),
    (f"voucher show {UNKNOWN} --zzz", 2, "--zzz", *NO_OPTION),
    (f"voucher show {UNKNOWN} {UNKNOWN}", 2, UNKNOWN, *TOO_MUCH),
    ("voucher pay", 2, "CODE", *MISSING),
    (f"voucher pay {UNKNOWN}", 2, "--agent", *MISSING),
    (f"voucher pay {UNKNOWN} --agent", 2, "--agent", *NO_VALUE),
    (f'voucher pay {UNKNOWN} --agent ""', 2, "--agent", *EMPTY),
    (f"voucher pay {UNKNOWN} --agent 7 --config {{of_sound}}", 2, "7", *NO_AGENT),
    (f"voucher pay {UNKNOWN} --agent 7 --config {{config}}", 3, "{state}/ledger.db", *NO_LEDGER),
    (f"voucher pay {UNKNOWN} --agent 7 --config {{nowhere}}", 2, "{nowhere}", "--config", "--config"),
    (f"voucher pay {UNKNOWN} --agent 7 --config {{of_picture}}", 3, "state-of_picture/ledger.db", *NOT_A_LEDGER),
    ("ledger close extra", 2, "extra", *TOO_MUCH),
    ("ledger close --config {nowhere}", 2, "{nowhere}", "--config", "--config"),
    ("ledger close --config {config}", 3, "{state}/ledger.db", *NO_LEDGER),
    ("ledger close --config {of_half}", 3, "state-of_half/ledger.db", *DAMAGED),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_typed_wrongly_is_told(row: Row, language: str, judge: Judge) -> None:
    judge(row, language)
