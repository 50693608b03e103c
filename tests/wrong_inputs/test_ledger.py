"""``consigne ledger …`` told wrongly. A row: what was typed, the exit code, what the sentence names, words of it in French and in English."""

import pytest

from people.wrong_sayings import A_FOLDER, DAMAGED, EMPTY, MISSING, NO_LEDGER, NO_OPTION, NO_TEXT, NO_VALUE, NOT_A_LEDGER, TOO_MUCH, TWICE
from people.wrong_things import LANGUAGES, Judge, Row

LEDGER_FILES: list[tuple[str, int, str, tuple[str, str]]] = [
    ("--ledger {nowhere}", 2, "{nowhere}", NO_LEDGER),
    ("--ledger {dangling}", 2, "{dangling}", NO_LEDGER),
    ("--ledger {loop}", 2, "{loop}", NO_LEDGER),
    ("--ledger {under_file}", 2, "{under_file}", NO_LEDGER),
    ("--ledger {folder}", 2, "{folder}", A_FOLDER),
    ("--ledger {pipe}", 2, "{pipe}", A_FOLDER),
    ("--ledger {socket}", 2, "{socket}", A_FOLDER),
    ("--ledger /dev/null", 2, "/dev/null", A_FOLDER),
    ("--ledger /dev/zero", 2, "/dev/zero", A_FOLDER),
    ("--ledger {long}", 2, "{long}", ("est trop long", "is too long")),
    ("--ledger {picture}", 2, "{picture}", NOT_A_LEDGER),
    ("--ledger {file}", 2, "{file}", NOT_A_LEDGER),
    ("--ledger {empty}", 2, "{empty}", NOT_A_LEDGER),
    ("--ledger {other}", 2, "{other}", NOT_A_LEDGER),
    ("--ledger {zeros}", 2, "{zeros}", NOT_A_LEDGER),
    ("--ledger {newer}", 3, "0099", ("Mettez à jour", "Update this program")),
    ("--ledger {half}", 3, "{half}", DAMAGED),
    ("--ledger {page_less}", 3, "{page_less}", DAMAGED),
    ("--ledger {scribbled}", 3, "{scribbled}", DAMAGED),
    ("--ledger", 2, "--ledger", NO_VALUE),
    ('--ledger ""', 2, "--ledger", EMPTY),
    ("--ledger {ledger} --ledger {picture}", 2, "--ledger", TWICE),
    ("--ledgr {ledger}", 2, "--ledger", ("Pensiez-vous à", "Did you mean")),
    ("--zzz", 2, "--zzz", NO_OPTION),
    ("{ledger}", 2, "{ledger}", TOO_MUCH),
    ("--config {of_sound} --config {of_half}", 2, "--config", TWICE),
    ("--config {config}", 3, "{state}/ledger.db", NO_LEDGER),
    ("--config {no_state}", 3, "{nowhere}/ledger.db", NO_LEDGER),
    ("--config {state_is_file}", 3, "{file}/ledger.db", NO_LEDGER),
    ("--config {of_half}", 3, "state-of_half/ledger.db", DAMAGED),
    ("--config {of_scribbled}", 3, "state-of_scribbled/ledger.db", DAMAGED),
    ("--config {of_zeros}", 3, "state-of_zeros/ledger.db", NOT_A_LEDGER),
    ("--config {of_picture}", 3, "state-of_picture/ledger.db", NOT_A_LEDGER),
    ("--config {of_folder}", 2, "state-of_folder/ledger.db", A_FOLDER),
    ("--config {of_newer}", 3, "state-of_newer/ledger.db", ("plus récent", "newer program")),
]
"""For each command that reads a ledger."""

READERS = (
    ("balance", "fr"),
    pytest.param("balance", "en", marks=pytest.mark.long),
    ("entries", "en"),
    ("verify", "fr"),
    ("export csv", "en"),
    ("export journal", "fr"),
)

ROWS: list[Row] = [
    ("ledger balance --json=1", 2, "--json", "ne prend pas de valeur", "takes no value"),
    ("ledger entries --ledger {ledger} --after x", 2, "--after", "de 0 à", "0 to"),
    ("ledger entries --ledger {ledger} --after -1", 2, "--after", "de 0 à", "0 to"),
    ("ledger entries --ledger {ledger} --after 99999999999999999999", 2, "--after", "vaut 99999999999999999999", "is 99999999999999999999"),
    ("ledger entries --ledger {ledger} --after 1.5", 2, "--after", "vaut 1.5", "is 1.5"),
    ("ledger entries --ledger {ledger} --limit 0", 2, "--limit", "de 1 à", "1 to"),
    ("ledger entries --ledger {ledger} --limit 99999999999999999999", 2, "--limit", "de 1 à", "1 to"),
    ("ledger entries --ledger {ledger} --kind song", 2, "--kind", "credit, cancelled", "credit, cancelled"),
    ("ledger entries --ledger {ledger} --kind", 2, "--kind", *NO_VALUE),
    ('ledger entries --ledger {ledger} --visit ""', 2, "--visit", *EMPTY),
    ("ledger verify --ledger {ledger} --anchor x", 2, "--anchor", "Permis", "Allowed"),
    ("ledger verify --ledger {ledger} --anchor -1:ab", 2, "--anchor", "Permis", "Allowed"),
    ("ledger verify --ledger {ledger} --anchor", 2, "--anchor", *NO_VALUE),
    ("ledger export", 2, "csv|journal", *MISSING),
    ("ledger export xml", 2, "xml", "csv, journal", "csv, journal"),
    ("ledger export csv journal", 2, "journal", *TOO_MUCH),
    ("ledger song", 2, "song", "Possible\u00a0: begin, balance", "Possible: begin, balance"),
    ("ledger --colour", 2, "--colour", *NO_OPTION),
    ("ledger begin", 2, "--by, --why", *MISSING),
    ("ledger begin --by a", 2, "--why", *MISSING),
    ("ledger begin --why a", 2, "--by", *MISSING),
    ('ledger begin --by "" --why a', 2, "--by", *EMPTY),
    ('ledger begin --by "  " --why a', 2, "--by", *EMPTY),
    ("ledger begin --by a --why '\t'", 2, "--why", *EMPTY),
    ("ledger begin --by a --why", 2, "--why", *NO_VALUE),
    ("ledger begin --by a --by b --why c", 2, "--by", *TWICE),
    ("ledger begin --by a --why b extra", 2, "extra", *TOO_MUCH),
    ("ledger begin --by a --why b --succeding", 2, "--succeeding", "Pensiez-vous à", "Did you mean"),
    ("ledger begin --by a --why b --config {nowhere}", 2, "{nowhere}", "--config", "--config"),
    ("ledger begin --by a --why b --config {folder}", 2, "{folder}", *A_FOLDER),
    ("ledger begin --by a --why b --config {picture}", 2, "{picture}", *NO_TEXT),
    ("ledger begin --by a --why b --config {not_toml}", 2, "{not_toml}", "Corrigez cet endroit", "Correct that place"),
    ("ledger begin --by a --why b --config {config}", 3, "/dev/none", "Vérifiez le câble", "Check the cable"),
    ("ledger begin --by a --why b --config {port_is_file}", 3, "{file}", "intake.port", "intake.port"),
    ("ledger begin --by a --why b --config {port_is_folder}", 3, "{folder}", "intake.port", "intake.port"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_typed_wrongly_is_told(row: Row, language: str, judge: Judge) -> None:
    judge(row, language)


@pytest.mark.parametrize(("reader", "language"), READERS)
@pytest.mark.parametrize("row", LEDGER_FILES, ids=lambda row: row[0])
def test_each_reader_tells_what_is_wrong_with_the_file(
    row: tuple[str, int, str, tuple[str, str]], reader: str, language: str, judge: Judge
) -> None:
    typed, code, named, words = row
    judge((f"ledger {reader} {typed}", code, named, *words), language)
