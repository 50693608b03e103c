"""What a user may not read or write is told as that, whatever the command; and so is a standard output that takes nothing."""

import ctypes
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from city.cli import main as city
from commands.cli import main as consigne
from people.wrong_things import CONFIGURATION, Things, told_by

CAPABILITIES_V3 = 0x20080522
PAST_ALL_RIGHTS = 0b110
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what makes root read and write whatever the rights of a file say."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextmanager
def rights_count() -> Iterator[None]:
    """For root too, who stays the owner of what is root's: a command still loads what it needs, wherever Python lies."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, held, fewer = _Header(CAPABILITIES_V3, 0), (_Sets * 2)(), (_Sets * 2)()
    for sets in (held, fewer):
        assert libc.capget(ctypes.byref(header), sets) == 0
    fewer[0].effective &= ~PAST_ALL_RIGHTS
    assert libc.capset(ctypes.byref(header), fewer) == 0
    try:
        yield
    finally:
        assert libc.capset(ctypes.byref(header), held) == 0


ROWS = [
    ("ledger balance --config {secret}", "{secret}"),
    ("ledger verify --ledger {secret_ledger}", "{secret_ledger}"),
    ("run --lines --config {secret}", "{secret}"),
    ("screenshots {sealed}/pictures", "{sealed}/pictures"),
    ("twin --state {sealed}/twin", "{sealed}/twin"),
]


@pytest.fixture
def names() -> Iterator[dict[str, str]]:
    """A folder in which nobody may write, and files that nobody may read, whoever runs the test."""
    with tempfile.TemporaryDirectory(prefix="rights-") as made:
        folder = Path(made)
        (folder / "sealed").mkdir(mode=0o555)
        (folder / "secret").write_text(CONFIGURATION)
        (folder / "secret.db").write_bytes(b"SQLite format 3\0")
        for name in ("secret", "secret.db"):
            (folder / name).chmod(0)
        with rights_count():
            yield {"sealed": str(folder / "sealed"), "secret": str(folder / "secret"), "secret_ledger": str(folder / "secret.db")}


@pytest.mark.parametrize(("language", "words"), [("fr", "est refusé. Vérifiez son propriétaire"), ("en", "is denied. Check its owner")])
@pytest.mark.parametrize(("typed", "named"), ROWS)
def test_what_may_not_be_read_or_written_is_told_with_its_rights(
    typed: str,
    named: str,
    language: str,
    words: str,
    names: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CONSIGNE_LANG", language)
    said = told_by(consigne, "consigne", typed.format(**names), capfd.readouterr)
    assert (said.code, words in said.err, named.format(**names) in said.err, len(said.err.splitlines())) == (2, True, True, 1), said


def test_a_database_of_the_city_that_may_not_be_written_is_told(names: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    said = told_by(city, "consigne-city", f"init --database sqlite:///{names['secret_ledger']}", capfd.readouterr)
    assert (said.code, "Permission denied" in said.err, len(said.err.splitlines())) == (2, True, 1), said
    said = told_by(city, "consigne-city", f"init --database sqlite:///{names['sealed']}/city.db", capfd.readouterr)
    assert (said.code, "unable to open database file" in said.err, len(said.err.splitlines())) == (3, True, 1), said


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", ["balance", "export csv"])
def test_an_output_without_room_is_told(command: str, unbuffered: str, things: Things) -> None:
    arguments = [sys.executable, "-m", "commands", "ledger", *command.split(), "--ledger", things.names["ledger"]]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            arguments,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            env=ENGLISH | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert (done.returncode, done.stderr) == (3, "There is no room for what is to be written. Free some space, then try again.\n")


@pytest.mark.parametrize("typed", ["twin --state s", pytest.param("ledger verify --ledger l.db", marks=pytest.mark.long)])
def test_a_folder_that_was_removed_under_the_command_is_told(typed: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f"cd {gone} && rmdir {gone} && exec {sys.executable} -P -m commands {typed}"
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, timeout=60, check=False, env=ENGLISH)
    assert (done.returncode, done.stderr) == (
        2,
        "The folder that this was started in is gone. Change to one that exists, then try again.\n",
    )


def test_an_output_without_room_is_told_by_the_city_too() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "city", "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            env=ENGLISH | {"PYTHONUNBUFFERED": ""},
        )
    assert (done.returncode, done.stderr) == (3, "No space left on device. Mend that, then try again.\n")


@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", *(pytest.param(one, marks=pytest.mark.long) for one in ("<&-", ">&-", "2>&-"))])
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-m commands ledger verify --ledger {ledger}", 0),
        ("-m commands ledger export csv --ledger {ledger}", 0),
        ("-m commands ledger verify --ledger {nowhere}", 2),
        ("-m city init --database sqlite:///{picture}", 2),
    ],
)
def test_a_standard_stream_that_is_closed_is_as_one_that_nobody_reads(typed: str, code: int, closed: str, things: Things) -> None:
    before = things.seen()
    line = f"exec {sys.executable} {typed.format(**things.names)} {closed}"
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, timeout=60, check=False, env=ENGLISH)
    assert (done.returncode, "Traceback" in done.stderr, things.seen() == before) == (code, False, True), done


ENGLISH = {**os.environ, "CONSIGNE_LANG": "en"}
