"""``consigne-city`` as people start it: a process of its own, its port file, its sentences and its exit codes."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from typer.testing import CliRunner, Result

from city.cli import app
from city.store import open_store
from money.callers import KIOSKS, introduce, let_read, read, send
from money.chain_rows import Chain
from timing import patient, wait_until

ROOT = Path(__file__).parents[2]
CODE = r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}"
COMMAND = [sys.executable, "-m", "city"]
BEFORE_MIGRATIONS = ROOT / "tests" / "money" / "city_before_migrations.sql"


def run(*arguments: str) -> Result:
    """In this process: starting one each time takes longer than all the rest."""
    return CliRunner().invoke(app, arguments)


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    port_file = folder / "port"
    port_file.unlink(missing_ok=True)
    options = ["--port", "0", "--port-file", str(port_file), "--database", f"sqlite:///{folder / 'city.db'}"]
    with subprocess.Popen([*COMMAND, "serve", *options, *arguments], cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: port_file.exists() or process.poll() is not None, timeout_s=60)
            yield f"http://127.0.0.1:{int(port_file.read_text())}", process
        finally:
            process.kill()


def acquaint(folder: Path) -> None:
    """The tests' kiosks and their auditor, with a city of this machine's own time."""
    with closing(open_store(f"sqlite:///{folder / 'city.db'}")) as store:
        introduce(store, *KIOSKS, now=datetime.now(UTC))
        let_read(store, datetime.now(UTC))


def test_a_free_port_is_written_once_it_listens_and_a_signal_ends_it_well(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, process):
        assert requests.get(f"{address}/healthz", timeout=patient(30)).json() == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    chain = Chain("demo-01", demonstration=True)
    for _ in range(20):
        chain.credit()
    acknowledged = 0
    with serving(tmp_path, "--demonstration") as (address, process):
        acquaint(tmp_path)
        for row in range(1, 15):
            answer = send(address, "demo-01", chain.batch(row, row))
            acknowledged = answer.json()["row"]
        process.kill()
        process.wait(30)
    with serving(tmp_path, "--demonstration") as (address, _):
        found = read(address, "/v1/kiosks/demo-01").json()
        assert (found["row"], found["head"]) == (acknowledged, chain.rows[acknowledged - 1]["hash"])
        assert send(address, "demo-01", chain.batch(15)).json()["comparison"] == "equal"


@pytest.mark.parametrize(
    ("held", "asked", "words"),
    [
        (("--demonstration",), (), "holds ledgers of demonstrations. Serve it with --demonstration, or name another --database."),
        ((), ("--demonstration",), "holds real ledgers. Leave --demonstration out, or name another --database."),
    ],
)
def test_a_database_of_the_other_kind_is_not_served_and_stays_as_it_is(
    tmp_path: Path, held: tuple[str, ...], asked: tuple[str, ...], words: str
) -> None:
    chain = Chain("demo-01", demonstration=bool(held))
    chain.credit()
    with serving(tmp_path, *held) as (address, _):
        acquaint(tmp_path)
        assert send(address, "demo-01", chain.batch(1)).status_code == 200
    refused = run("serve", "--port", "0", "--database", f"sqlite:///{tmp_path / 'city.db'}", *asked)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert words in refused.stderr
    with serving(tmp_path, *held) as (address, _):
        assert read(address, "/v1/kiosks/demo-01").json()["row"] == len(chain.rows)


def test_init_makes_the_tables_and_may_be_repeated(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'city.db'}"

    first, again = (run("init", "--database", database) for _ in range(2))
    assert first.exit_code == again.exit_code == 0
    assert re.fullmatch(f"{database} is ready.\nFirst log-in: manager, with the password {CODE}, which is shown this once.\n", first.stdout)
    assert again.stdout == f"{database} is ready.\n"


@pytest.mark.parametrize(
    ("database", "code", "words"),
    [
        ("sqlite:////nowhere/at/all/city.db", 2, "there is no folder /nowhere/at/all"),
        ("sqlite:///{folder}", 2, "a folder"),
        ("sqlite:///{folder}/page.html", 2, "file is not a database"),
        ("sqlite:///:memory:", 2, "in memory"),
        ("city.db", 2, "not a database that can be opened"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path, database: str, code: int, words: str) -> None:
    (tmp_path / "page.html").write_text("<html>" * 1000)

    done = run("serve", "--port", "0", "--database", database.format(folder=tmp_path))

    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (code, "", 1)
    assert words in done.stderr


def test_a_locked_database_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("city.store.BUSY_S", 0.05)
    with closing(sqlite3.connect(tmp_path / "city.db", isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode = WAL")
        holder.execute("BEGIN EXCLUSIVE")
        done = run("init", "--database", f"sqlite:///{tmp_path / 'city.db'}")

    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert "database is locked" in done.stderr


def test_a_database_of_an_older_program_is_served_once_init_has_brought_it_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(BEFORE_MIGRATIONS.read_text(encoding="utf-8"))

    refused = run("serve", "--port", "0", "--database", f"sqlite:///{path}")
    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (3, "", 1)
    assert f"consigne-city init --database sqlite:///{path}" in refused.stderr
    assert run("init", "--database", f"sqlite:///{path}").exit_code == 0

    with serving(tmp_path) as (address, _):
        acquaint(tmp_path)
        held = read(address, "/v1/kiosks/paris-11-01").json()
    assert [(one["number"], one["row"], one["totals"]["vouchers"]["cents"]) for one in held["generations"]] == [(1, 7, 40), (2, 3, 20)]
    assert (held["totals"]["gifts"], len(held["conflicts"]), len(held["differences"])) == ({"count": 1, "cents": 20}, 1, 2)


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("init",)])
def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path, command: tuple[str, ...]) -> None:
    database = f"sqlite:///{tmp_path / 'city.db'}"
    run("init", "--database", database)
    with closing(sqlite3.connect(tmp_path / "city.db", isolation_level=None)) as db:
        db.execute("UPDATE alembic_version SET version_num = '0999'")

    done = run(*command, "--database", database)

    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (3, "", 1)
    assert "revision 0999" in done.stderr
    assert "Install that program here" in done.stderr


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port), "--database", f"sqlite:///{tmp_path / 'city.db'}")

    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
    assert str(port) in done.stderr
