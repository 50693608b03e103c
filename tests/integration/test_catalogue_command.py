"""``consigne catalogue`` as it is typed: imported, broken off and gone on with, looked up, its age told, own entries; each mistake in one sentence with its exit code."""

import contextlib
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands.cli import main
from config.settings import load
from kiosk.catalogue.unknown import note_unknown
from people.wrong_things import Said, told_by
from timing import patient
from worlds.dumps import code, jsonl, listed, product

CONFIGURATION = """
[kiosk]
id = "a-kiosk"
state = "state"
[intake]
port = "intake"
[camera]
source = "pictures"
[reward]
voucher_page = "https://consigne.example/bon"
[city]
url = "https://consigne.example"
"""


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    (tmp_path / "kiosk.toml").write_text(CONFIGURATION)
    (tmp_path / "state").mkdir()
    return tmp_path


Typed = Callable[..., Said]


@pytest.fixture
def catalogue(hall: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Typed:
    """The command in that hall, in English."""
    monkeypatch.setenv("CONSIGNE_LANG", "en")
    monkeypatch.chdir(hall)

    def typed(*words: str | Path) -> Said:
        return told_by(main, "consigne", shlex.join(["catalogue", *map(str, words), "--config", "kiosk.toml"]), capfd.readouterr)

    return typed


def test_a_dump_is_imported_looked_up_and_its_age_and_licence_told(hall: Path, catalogue: Typed) -> None:
    yesterday = int((datetime.now(UTC) - timedelta(days=1)).timestamp())
    done = catalogue("import", jsonl(hall / "dump.jsonl.gz", [product(1, last_modified_t=yesterday), product(2, code="123")]))
    assert (done.code, done.err) == (0, "")
    assert "1 product of Open Food Facts is in use" in done.out
    assert "1 left out: no product’s code" in done.out
    found = catalogue("lookup", f" {code(1)[:3]} {code(1)[3:]} ", "--json")
    assert json.loads(found.out)["name"] == "Limonade imaginaire 1"
    assert catalogue("lookup", code(2)).code == 1
    aged = catalogue("age")
    assert aged.code == 0
    assert "(1 days)" in aged.out
    assert "Open Database License" in aged.out


def test_a_list_that_has_grown_old_is_a_finding(hall: Path, catalogue: Typed) -> None:
    old = int((datetime.now(UTC) - timedelta(days=100)).timestamp())
    catalogue("import", jsonl(hall / "dump.jsonl", [product(1, last_modified_t=old)]))
    aged = catalogue("age", "--json")
    assert (aged.code, json.loads(aged.out)["days"]) == (1, 100)


def test_the_citys_list_and_its_deltas_are_told_for_what_they_are(hall: Path, catalogue: Typed) -> None:
    (hall / "deposit.csv").write_text(f"gtin,packaging,deposit\n{code(1)},glass_bottle,1\n")
    assert "city’s list is in use: 1 line" in catalogue("import", "deposit.csv").out
    delta = jsonl(hall / "delta.jsonl", [{"delta": "2026-12-01", "lines": 1}, {"gtin": code(1), "gone": True}])
    assert "Delta 2026-12-01 applied: 1 change" in catalogue("import", delta).out
    again = catalogue("import", delta)
    assert (again.code, "had been applied before" in again.out) == (0, True)
    assert catalogue("lookup", code(1)).code == 1


def test_staff_add_an_entry_of_their_own_and_take_it_away(hall: Path, catalogue: Typed) -> None:
    listed(load(hall / "kiosk.toml").catalogue, f"{code(1)},can,Soda imaginaire,330,,0")
    added = catalogue("add", code(1), "--packaging", "glass_bottle", "--name", "Limonade du coin", "--empty-g", "480", "--deposit")
    assert added.code == 0
    found = json.loads(catalogue("lookup", code(1), "--json").out)
    assert (found["source"], found["name"], found["deposit"], found["empty_g"]) == ("own", "Limonade du coin", True, 480)
    assert [catalogue("remove", code(1)).code for _ in range(2)] == [0, 1]
    assert json.loads(catalogue("lookup", code(1), "--json").out)["source"] == "city"


def test_codes_that_nobody_knows_are_listed_for_the_city(hall: Path, catalogue: Typed) -> None:
    note_unknown(load(hall / "kiosk.toml").files.status, {code(1): 2}, datetime(2026, 11, 30, tzinfo=UTC).date())
    (found,) = json.loads(catalogue("unknown", "--json").out)
    assert found == {"gtin": code(1), "times": 2, "first": "2026-11-30", "last": "2026-11-30"}
    assert code(1) in catalogue("unknown").out


@pytest.mark.parametrize(
    ("typed", "code_", "told"),
    [
        (("lookup", "123"), 2, "8, 12 or 13 digits"),
        (("lookup", "9520000000012"), 2, "check digit"),
        (("add", code(1), "--packaging", "bottle"), 2, "glass_bottle"),
        (("add", code(1), "--packaging", "can", "--volume-ml", "0"), 2, "--volume-ml"),
        (("import", "nowhere.csv"), 2, "nowhere.csv does not exist"),
        (("import", "."), 2, "is not a file"),
        (("import", "kiosk.toml"), 2, "holds no product"),
        (("lookup", code(1)), 3, "catalogue.db does not exist"),
        (("age",), 3, "catalogue.db does not exist"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_with_its_exit_code(catalogue: Typed, typed: tuple[str, ...], code_: int, told: str) -> None:
    ended = catalogue(*typed)
    assert (ended.code, told in ended.err) == (code_, True), ended.err
    assert "Traceback" not in ended.err


def until_hung_up(terminal: int) -> Iterator[bytes]:
    """What is still written to a terminal whose other end is open; Linux tells its closing as an error (EIO)."""
    with contextlib.suppress(OSError):
        while said := os.read(terminal, 65536):
            yield said


@pytest.mark.long
def test_an_import_that_is_broken_off_at_the_terminal_says_where_and_the_same_command_goes_on_there(hall: Path, catalogue: Typed) -> None:
    """With its bar before the person's eyes, on a terminal."""
    file = jsonl(hall / "dump.jsonl", [product(number) for number in range(200_000)])
    environment = {**os.environ, "CONSIGNE_LANG": "en", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ours, theirs = pty.openpty()
    # a shell lets what it starts behind a "&" ignore SIGINT, and the tests with it
    typed = ["env", "--default-signal=INT", sys.executable, "-m", "commands"]
    command = [*typed, "catalogue", "import", str(file), "--config", str(hall / "kiosk.toml")]
    with subprocess.Popen(command, stderr=theirs, stdout=theirs, env=environment) as process:
        os.close(theirs)
        said = b""
        while not re.search(rb"[1-9]%", said):
            said += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        # its bar goes on until it has heard, and waits for whoever reads a full terminal
        said += b"".join(until_hung_up(ours))
        assert process.wait(patient(30)) == 3
    os.close(ours)
    assert b"goes on there" in said
    assert "Gone on after" in catalogue("import", file).out
