"""The commands as their user sees them when a city, a file or a name tries to steer the terminal: everything is said, nothing is obeyed."""

import json
import os
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from config.printable import OUT
from ledger.vocabulary import Cause
from money.callers import key_file
from money.ledgers import LedgerIn, tamper
from people.command import consigne

pytest_plugins = ("money.ledger_fixtures",)

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m[red]\u202etxt\u2066\u2028\nall agrees"


def steering(done: "subprocess.CompletedProcess[str]") -> set[str]:
    assert "Traceback" not in done.stderr
    return {sign for sign in done.stdout + done.stderr if unicodedata.category(sign) in OUT} - {"\n"}


@pytest.fixture
def hostile_city() -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"error": HOSTILE, "message": HOSTILE}).encode()
            self.send_response(422)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def configuration(folder: Path, city: str = "http://127.0.0.1:9") -> Path:
    path = folder / "kiosk.toml"
    path.write_text(
        f'[kiosk]\nid = "essai-01"\nstate = "."\n[intake]\nport = "none"\n[camera]\nsource = "none"\n'
        f'[reward]\nvoucher_page = "https://consigne.example/bon"\n[city]\nurl = "{city}"\n'
    )
    return path


def test_what_the_city_answers_is_told_without_its_controls(ledger_in: LedgerIn, tmp_path: Path, hostile_city: str) -> None:
    ledger_in(tmp_path).close()
    key_file(tmp_path, "essai-01")
    path = configuration(tmp_path, hostile_city)
    told = consigne("sync", "--once", "--config", path, folder=tmp_path)
    assert (told.returncode, steering(told)) == (3, set())
    assert "\\x1b[2J" in told.stderr
    assert (told.stdout, len(told.stderr.splitlines())) == ("", 1)
    as_json = consigne("sync", "--once", "--json", "--config", path, folder=tmp_path)
    assert steering(as_json) == set()
    assert json.loads(as_json.stdout)["message"] == HOSTILE


@pytest.mark.long
def test_a_ledgers_rows_are_told_without_their_controls_and_as_no_markup(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    kiosk.close()
    tamper(
        kiosk.path,
        ("UPDATE entry SET visit = ?, subject = ? WHERE row = 4", (HOSTILE, HOSTILE)),
        ("UPDATE entry SET kind = ? WHERE row = 3", (HOSTILE,)),
    )
    shown = consigne("ledger", "entries", "--ledger", kiosk.path, folder=tmp_path)
    assert (shown.returncode, steering(shown)) == (0, set())
    assert "\\x1b[2J" in shown.stdout
    assert "[red]" in shown.stdout
    as_json = consigne("ledger", "entries", "--json", "--ledger", kiosk.path, folder=tmp_path)
    assert steering(as_json) == set()
    assert json.loads(as_json.stdout.splitlines()[3])["subject"] == HOSTILE
    for form in ("csv", "journal"):
        exported = consigne("ledger", "export", form, "--ledger", kiosk.path, folder=tmp_path)
        assert steering(exported) <= {"\r", "\ufeff"}, form
        assert not any(line.startswith("all agrees") for line in exported.stdout.splitlines())
    found = consigne("ledger", "verify", "--ledger", kiosk.path, folder=tmp_path)
    assert (found.returncode, steering(found)) == (1, set())


@pytest.mark.long
def test_a_file_with_a_hostile_name_is_told_by_a_harmless_one(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger_in(tmp_path).close()
    named = tmp_path / HOSTILE
    shutil.copy(tmp_path / "ledger.db", named)
    for arguments in (("ledger", "verify", "--ledger", named), ("ledger", "verify", "--ledger", tmp_path / (HOSTILE + "missing"))):
        told = consigne(*arguments, folder=tmp_path)
        assert steering(told) == set()
        assert not any(line.startswith("all agrees") for line in (told.stdout + told.stderr).splitlines())
    missing = os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9.db")
    told = consigne("ledger", "verify", "--ledger", missing, folder=tmp_path)
    assert (told.returncode, steering(told)) == (2, set())


def test_a_configurations_values_are_told_without_their_controls(tmp_path: Path) -> None:
    path = configuration(tmp_path)
    path.write_text(path.read_text().replace('"essai-01"', json.dumps(HOSTILE)) + f"[{json.dumps(HOSTILE)}]\n")
    told = consigne("sync", "--once", "--config", path, folder=tmp_path)
    assert (told.returncode, steering(told)) == (2, set())


def test_a_scenarios_words_are_told_without_their_controls(tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.txt"
    scenario.write_text(HOSTILE.replace("\n", " "))
    told = consigne("twin", "--scenario", scenario, "--state", tmp_path / "twin", folder=tmp_path)
    assert (told.returncode, steering(told)) == (2, set())
