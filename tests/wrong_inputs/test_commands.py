"""``consigne`` and its commands told wrongly, but for the ledger's. A row as in the other tables."""

import pytest

from people.wrong_sayings import (
    A_FOLDER,
    ALLOWED,
    DAMAGED,
    EMPTY,
    FAILING,
    GOES_WITH,
    IN_A_CIRCLE,
    MISSING,
    NEAR,
    NEEDS_A_FOLDER,
    NEWER,
    NO_CONFIGURATION,
    NO_FOLDER,
    NO_LEDGER,
    NO_OPTION,
    NO_TEXT,
    NO_VALUE,
    NOT_A_LEDGER,
    NOTHING_THERE,
    TAKEN,
    TAKES_NONE,
    TOO_LONG,
    TOO_MUCH,
    TWICE,
)
from people.wrong_things import LANGUAGES, Judge, Row

CONSIGNE: list[Row] = [
    ("song", 2, "song", "La commande song n’existe pas", "There is no command song"),
    ("Demo", 2, "Demo", "demo, run", "demo, run"),
    ("--colour", 2, "--colour", *NO_OPTION),
    ("-x", 2, "-x", *NO_OPTION),
    ("--version=1", 2, "--version", *TAKES_NONE),
    ('""', 2, "''", *EMPTY),
    ("{picture}", 2, "{picture}", "La commande", "There is no command"),
    ("{folder}", 2, "{folder}", "La commande", "There is no command"),
    ("99999999999999999999", 2, "99999999999999999999", "La commande", "There is no command"),
    ("--config {config}", 2, "--config", *NO_OPTION),
]

DEMO: list[Row] = [
    ("demo --colour", 2, "--colour", *NO_OPTION),
    ("demo --headles", 2, "--headless", *NEAR),
    ("demo extra", 2, "extra", *TOO_MUCH),
    ("demo --auto=1", 2, "--auto", *TAKES_NONE),
    ("demo --seed", 2, "--seed", *NO_VALUE),
    ("demo --seed x", 2, "--seed", "un nombre entier", "a whole number"),
    ("demo --seed 1.5", 2, "--seed", "un nombre entier", "a whole number"),
    ("demo --seed 1 --seed 2", 2, "--seed", *TWICE),
    ("demo --scale 9", 2, "--scale", "de 0,2 à 1", "0.2 to 1"),
    ("demo --scale -1", 2, "--scale", *ALLOWED),
    ("demo --scale nan", 2, "--scale", *ALLOWED),
    ("demo --scale x", 2, "--scale", *ALLOWED),
    ("demo --state", 2, "--state", *NO_VALUE),
    ('demo --headless --state ""', 2, "--state", *EMPTY),
    ("demo --headless --state {file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("demo --headless --state {under_file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("demo --headless --state {loop}", 2, "{loop}", *NEEDS_A_FOLDER),
    ("demo --headless --state {pipe}", 2, "{pipe}", *NEEDS_A_FOLDER),
    ("demo --headless --state /dev/null", 2, "/dev/null", *NEEDS_A_FOLDER),
    ("demo --headless --state {long}", 2, "{long}", *TOO_LONG),
]

CONFIGURATIONS: list[tuple[str, int, str, tuple[str, str]]] = [
    ("--config", 2, "--config", NO_VALUE),
    ('--config ""', 2, "--config", EMPTY),
    ("--confg {config}", 2, "--config", NEAR),
    ("--config {config} --config {config}", 2, "--config", TWICE),
    ("--config {nowhere}", 2, "{nowhere}", NO_CONFIGURATION),
    ("--config {dangling}", 2, "{dangling}", NO_CONFIGURATION),
    ("--config {folder}", 2, "{folder}", A_FOLDER),
    ("--config {pipe}", 2, "{pipe}", A_FOLDER),
    ("--config {socket}", 2, "{socket}", A_FOLDER),
    ("--config /dev/null", 2, "/dev/null", A_FOLDER),
    ("--config /dev/zero", 2, "/dev/zero", A_FOLDER),
    ("--config /proc/self/mem", 3, "/proc/self/mem", FAILING),
    ('--config " "', 2, "--config", EMPTY),
    ("--config {loop}", 2, "{loop}", IN_A_CIRCLE),
    ("--config {under_file}", 2, "{file}", NEEDS_A_FOLDER),
    ("--config {long}", 2, "{long}", TOO_LONG),
    ("--config {picture}", 2, "{picture}", NO_TEXT),
    ("--config {latin_toml}", 2, "{latin_toml}", NO_TEXT),
    ("--config {ledger}", 2, "{ledger}", NO_TEXT),
    ("--config {empty}", 2, "{empty}", ("la clé kiosk manque", "the key kiosk is missing")),
    ("--config {file}", 2, "{file}", ("Corrigez cet endroit", "Correct that place")),
    ("--config {not_toml}", 2, "{not_toml}", ("Corrigez cet endroit", "Correct that place")),
    ("--config {wrong_key}", 2, "city.colour", ("url, proxy", "url, proxy")),
    ("--config {wrong_type}", 2, "kiosk.id", ("un texte", "a text")),
    ("--colour", 2, "--colour", NO_OPTION),
]
"""For each command that takes a configuration."""

CONFIGURED = (
    ("run --lines", "fr"),
    ("run", "en"),
    ("sync --once", "fr"),
    pytest.param("sync --once", "en", marks=pytest.mark.long),
    ("self-test", "en"),
)

RUN: list[Row] = [
    ("run {config}", 2, "{config}", *TOO_MUCH),
    ("run --lines --config {config}", 3, "{state}/ledger.db", *NO_LEDGER),
    ("run --lines --config {no_state}", 3, "{nowhere}/ledger.db", *NO_LEDGER),
    ("run --lines --config {state_is_file}", 3, "{file}/ledger.db", *NO_LEDGER),
    ("run --lines --config {of_half}", 3, "state-of_half/ledger.db", *DAMAGED),
    ("run --lines --config {of_scribbled}", 3, "state-of_scribbled/ledger.db", *DAMAGED),
    ("run --lines --config {of_zeros}", 3, "state-of_zeros/ledger.db", *NOT_A_LEDGER),
    ("run --lines --config {of_picture}", 3, "state-of_picture/ledger.db", *NOT_A_LEDGER),
    ("run --lines --config {of_other}", 3, "state-of_other/ledger.db", *NOT_A_LEDGER),
    ("run --lines --config {of_empty}", 3, "state-of_empty/ledger.db", *NOT_A_LEDGER),
    ("run --lines --config {of_newer}", 3, "state-of_newer/ledger.db", *NEWER),
    ("run --lines --config {of_folder}", 3, "state-of_folder/ledger.db", *A_FOLDER),
    ("run --lines=1", 2, "--lines", *TAKES_NONE),
]

READ: list[Row] = [
    ("read", 2, "IMAGE", *MISSING),
    ("read {nowhere}", 2, "{nowhere}", *NOTHING_THERE),
    ("read {folder}", 2, "{folder}", *A_FOLDER),
    ("read {file}", 2, "{file}", "n’est pas une photo", "is no picture"),
    ("read {empty}", 2, "{empty}", "n’est pas une photo", "is no picture"),
    ("read {long}", 2, "{long}", *TOO_LONG),
    ("evaluate song", 2, "song", "n’existe pas", "There is no"),
    ("evaluate barcode", 2, "DIR", *MISSING),
    ("evaluate barcode {folder}", 2, "{folder}", "labels.csv", "labels.csv"),
    ("evaluate barcode {labels_huge}", 2, "huge.png", "Remplacez-la", "Replace it"),
    ("evaluate barcode {folder} --size 1x1", 2, "--size", *ALLOWED),
    ("evaluate barcode {folder} --size large", 2, "--size", *ALLOWED),
    ("evaluate barcode {labels_tiny} --html {below}/page.html", 2, "tiny.png", "Remplacez-la", "Replace it"),
]

SCREENSHOTS: list[Row] = [
    ("screenshots", 2, "DIR", *MISSING),
    ("screenshots {here}/a {here}/b", 2, "{here}/b", *TOO_MUCH),
    ('screenshots ""', 2, "''", *EMPTY),
    ("screenshots {file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("screenshots {under_file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("screenshots {pipe}", 2, "{pipe}", *NEEDS_A_FOLDER),
    ("screenshots {loop}", 2, "{loop}", *NEEDS_A_FOLDER),
    ("screenshots /dev/null", 2, "/dev/null", *NEEDS_A_FOLDER),
    ("screenshots {long}", 2, "{long}", *TOO_LONG),
    ("screenshots {here}/a --lang", 2, "--lang", *NO_VALUE),
    ("screenshots {here}/a --lang xx", 2, "xx", "fr, en, ar", "fr, en, ar"),
    ("screenshots {here}/a --lang FR", 2, "FR", "fr, en, ar", "fr, en, ar"),
    ("screenshots {here}/a --lang fr --lang tlh", 2, "tlh", "fr, en, ar", "fr, en, ar"),
    ("screenshots {here}/a --size 10", 2, "--size", *ALLOWED),
    ("screenshots {here}/a --size 1080×1920", 2, "1080×1920", *ALLOWED),
    ("screenshots {here}/a --size 99999x99999 --diagonal 20", 2, "99999x99999", *ALLOWED),
    ("screenshots {here}/a --size 000x000 --diagonal 20", 2, "000x000", *ALLOWED),
    ("screenshots {here}/a --size 1920x1080", 2, "--diagonal", *GOES_WITH),
    ("screenshots {here}/a --diagonal x", 2, "--diagonal", *ALLOWED),
    ("screenshots {here}/a --diagonal -3", 2, "--diagonal", "de 1 à 100", "1 to 100"),
    ("screenshots {here}/a --diagonal nan", 2, "--diagonal", *ALLOWED),
    ("screenshots {here}/a --diagonal 1e308", 2, "--diagonal", *ALLOWED),
    ("screenshots {here}/a --diagonal 2", 2, "2", "au moins 10", "At least 10"),
    ("screenshots {here}/a --colour", 2, "--colour", *NO_OPTION),
]

SIMULATE: list[Row] = [
    ("simulate --items 0", 2, "--items", "de 1 à 1000000", "1 to 1000000"),
    ("simulate --items -1", 2, "--items", *ALLOWED),
    ("simulate --items x", 2, "--items", *ALLOWED),
    ("simulate --items 99999999999999999999", 2, "--items", *ALLOWED),
    ("simulate --seed x", 2, "--seed", "un nombre entier", "a whole number"),
    ("simulate --mechanics fast", 2, "fast", "standard, instant", "standard, instant"),
    ("simulate --mechanics", 2, "--mechanics", *NO_VALUE),
    ("simulate extra", 2, "extra", *TOO_MUCH),
    ("simulate --scenari {file}", 2, "--scenario", *NEAR),
    ("simulate --state {file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("simulate --state {under_file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("simulate --state {long}", 2, "{long}", *TOO_LONG),
    ("simulate --scenario {nowhere}", 2, "{nowhere}", *NOTHING_THERE),
    ("simulate --scenario {below}", 2, "{nowhere}", *NO_FOLDER),
    ("simulate --scenario {folder}", 2, "{folder}", *A_FOLDER),
    ("simulate --scenario {pipe}", 2, "{pipe}", *A_FOLDER),
    ("simulate --scenario {picture}", 2, "{picture}", *NO_TEXT),
    ("simulate --scenario {latin}", 2, "{latin}", *NO_TEXT),
    ("simulate --scenario {file}", 2, "{file}", "ligne 1", "line 1"),
    ("simulate --frames {nowhere}", 2, "{nowhere}", "labels.csv", "labels.csv"),
    ("simulate --frames {file}", 2, "{file}", "labels.csv", "labels.csv"),
    ("simulate --frames {folder}", 2, "{folder}", "labels.csv", "labels.csv"),
    ("simulate --frames {labels_picture}", 2, "labels.csv", *NO_TEXT),
    ("simulate --frames {labels_empty}", 2, "labels.csv", "ligne 1", "line 1"),
    ("simulate --frames {labels_other}", 2, "title,singer", "ligne 1", "line 1"),
    ("simulate --frames {labels_gone}", 2, "gone.png", "Remplacez-la", "Replace it"),
    ("simulate --frames {labels_wide}", 2, "labels.csv", "ligne 1", "line 1"),
    ("simulate --frames {labels_huge}", 2, "huge.png", "Remplacez-la", "Replace it"),
    ("simulate --frames {labels_tiny}", 2, "tiny.png", "Remplacez-la", "Replace it"),
    ("simulate --scenario /proc/self/mem", 3, "/proc/self/mem", *FAILING),
    ('simulate --state " "', 2, "--state", *EMPTY),
    ("simulate --virtual-time --scenario {nowhere}", 2, "{nowhere}", *NOTHING_THERE),
    ("simulate --virtual-time --scenario {picture}", 2, "{picture}", *NO_TEXT),
    ("simulate --virtual-time --scenario {folder}", 2, "{folder}", *A_FOLDER),
    ("simulate --virtual-time --state {file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("simulate --virtual-time --frames {labels_other}", 2, "title,singer", "ligne 1", "line 1"),
]

TWIN: list[Row] = [
    ("twin", 2, "--state", *MISSING),
    ("twin --state", 2, "--state", *NO_VALUE),
    ('twin --state ""', 2, "--state", *EMPTY),
    ("twin --state {file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("twin --state {under_file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("twin --state {loop}", 2, "{loop}", *NEEDS_A_FOLDER),
    ("twin --state {twin_picture}", 2, "twin.json", "videz-le", "empty it"),
    ("twin --state {twin_list}", 2, "twin.json", "videz-le", "empty it"),
    ("twin --state {twin_stranger}", 2, "twin.json", "videz-le", "empty it"),
    ("twin --state {twin_lock}", 2, "twin.lock", *A_FOLDER),
    ("twin --state {state} --seed x", 2, "--seed", "un nombre entier", "a whole number"),
    ("twin --state {state} --mechanics fast", 2, "fast", "standard, instant", "standard, instant"),
    ("twin --state {state} --port-file /dev/null", 2, "/dev/null", *A_FOLDER),
    ("twin --state {state} --port-file {folder}", 2, "{folder}", *A_FOLDER),
    ("twin --state {state} --port-file {ledger}", 2, "{ledger}", *TAKEN),
    ("twin --state {state} --port-file {pipe}", 2, "{pipe}", *A_FOLDER),
    ("twin --state {state} --port-file {long}", 2, "{long}", *TOO_LONG),
    ("twin --state {here}/new --port-file {below}", 2, "{nowhere}", *NO_FOLDER),
    ("twin --state {here}/new --port-file {under_file}", 2, "{file}", *NEEDS_A_FOLDER),
    ("twin --state {here}/new --port-file {pipe}", 2, "{pipe}", *A_FOLDER),
    ("twin --state {here}/new --scenario {file}", 2, "{file}", "ligne 1", "line 1"),
    ("twin --state {here}/new --frames {labels_empty}", 2, "labels.csv", "ligne 1", "line 1"),
    ("twin --state {state} extra", 2, "extra", *TOO_MUCH),
]

SYNC: list[Row] = [
    ("sync --twice", 2, "--twice", *NEAR),
    ("sync --once=1", 2, "--once", *TAKES_NONE),
    ("sync --once {config}", 2, "{config}", "enrol, rotate", "enrol, rotate"),
    ("sync --once --config {no_state}", 2, "{nowhere}", *NO_FOLDER),
    ("sync --once --config {state_is_file}", 2, "{file}", *NEEDS_A_FOLDER),
]

SELF_TEST: list[Row] = [
    ("self-test {config}", 2, "{config}", *TOO_MUCH),
    ("self-test --only", 2, "--only", *NO_VALUE),
    ("self-test --only song", 2, "song", "link, program", "link, program"),
    ("self-test --only link --only song", 2, "song", "link, program", "link, program"),
    ("self-test --scenario {file}", 2, "--demo", *GOES_WITH),
    ("self-test --demo --scenario", 2, "--scenario", *NO_VALUE),
    ("self-test --demo --scenario {nowhere}", 2, "{nowhere}", *NOTHING_THERE),
    ("self-test --demo --scenario {folder}", 2, "{folder}", *A_FOLDER),
    ("self-test --demo --scenario {pipe}", 2, "{pipe}", *A_FOLDER),
    ("self-test --demo --scenario /dev/zero", 2, "/dev/zero", *A_FOLDER),
    ("self-test --demo --scenario {picture}", 2, "{picture}", *NO_TEXT),
    ("self-test --demo --scenario {latin}", 2, "{latin}", *NO_TEXT),
    ("self-test --demo --scenario {file}", 2, "{file}", "ligne 1", "line 1"),
    ("self-test --demo=1", 2, "--demo", *TAKES_NONE),
]

ROWS = (*CONSIGNE, *DEMO, *RUN, *READ, *SCREENSHOTS, *SIMULATE, *TWIN, *SYNC, *SELF_TEST)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_typed_wrongly_is_told(row: Row, language: str, judge: Judge) -> None:
    judge(row, language)


@pytest.mark.parametrize(("command", "language"), CONFIGURED)
@pytest.mark.parametrize("row", CONFIGURATIONS, ids=lambda row: row[0])
def test_each_command_tells_what_is_wrong_with_its_configuration(
    row: tuple[str, int, str, tuple[str, str]], command: str, language: str, judge: Judge
) -> None:
    typed, code, named, words = row
    judge((f"{command} {typed}", code, named, *words), language)
