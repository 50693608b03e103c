"""Commands on terminals that cannot write all that the words hold: each says what it has to say, and ends as it would elsewhere."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from money.ledgers import Kiosk, tamper
from timing import patient

NARROW = ("ascii", "iso-8859-1", "iso-8859-15")
PROGRAMS = (("commands", "--help"), ("commands", "demo", "--help"), ("kiosk.out_of_service", "--help"), ("city", "--help"))


def said(encoding: str, *arguments: str | Path, columns: str = "200") -> "subprocess.CompletedProcess[bytes]":
    """In French, which has more letters than those encodings."""
    environment = {"PATH": "/usr/bin:/bin", "CONSIGNE_LANG": "fr", "PYTHONIOENCODING": f"{encoding}:strict", "COLUMNS": columns}
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], env=environment, capture_output=True, timeout=patient(60), check=False
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Path]:
    """A sound one with a bottle in it."""
    with closing(Kiosk(tmp_path)) as kiosk:
        kiosk.visit_of(1)
        yield kiosk.path


@pytest.mark.parametrize("encoding", NARROW)
def test_a_sound_ledger_is_sound_whatever_the_terminal_can_write(encoding: str, ledger: Path) -> None:
    done = said(encoding, "commands", "ledger", "verify", "--ledger", ledger)
    assert (done.returncode, done.stderr) == (0, b"")
    assert str(ledger).encode() in done.stdout


@pytest.mark.parametrize("command", PROGRAMS, ids=" ".join)
def test_help_is_written_with_what_the_terminal_has(command: tuple[str, ...]) -> None:
    done = said("ascii", *command)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"--help" in done.stdout


def test_money_is_written_where_there_is_no_sign_for_it(ledger: Path) -> None:
    done = said("iso-8859-1", "commands", "ledger", "balance", "--ledger", ledger)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "0,20\xa0?" in done.stdout.decode("iso-8859-1")


@pytest.mark.parametrize("columns", ["0", "1"])
def test_money_is_written_where_a_terminal_says_that_it_has_no_width(ledger: Path, columns: str) -> None:
    done = said("utf-8", "commands", "ledger", "balance", "--ledger", ledger, columns=columns)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "0,20\xa0€" in done.stdout.decode()


def test_an_error_is_told_without_a_traceback(tmp_path: Path) -> None:
    done = said("ascii", "commands", "run", "--config", tmp_path / "not there é.toml")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"kiosk.toml" in done.stderr or b"not there" in done.stderr


def test_json_is_whole_in_every_encoding(ledger: Path) -> None:
    tamper(ledger, "UPDATE entry SET kind = 'é’' WHERE row = 2")
    done = said("iso-8859-1", "commands", "ledger", "verify", "--json", "--ledger", ledger)
    assert done.returncode == 1
    assert "é’" in str(json.loads(done.stdout))
