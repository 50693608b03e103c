"""The auditor's one file: alone in an empty folder it finds what ``verify`` finds. ``Kiosk.findings`` asks both in every test that tampers with a ledger."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from frozen_ledger import REVISIONS, archive_of, thaw
from ledger import audit, keys, schema
from ledger.beside import ask
from ledger.database import reading
from ledger.kinds import IN_ANY_BODY, KINDS, Account, Lasting, Named
from ledger.verify import verify
from ledger.views import entries, head
from money.desk_days import days
from money.ledgers import LedgerIn, audit_of, cut, tamper
from timing import patient
from what_verify_sees import DEEDS, scene

pytest_plugins = ("money.ledger_fixtures",)

FILE = Path(audit.__file__)


def public_pem(ledger: Path) -> bytes:
    return keys.read(keys.key_path(ledger)).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def alone(folder: Path, ledger: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """In a folder with nothing but the file, a copy of the ledger and the public key."""
    folder.mkdir()
    shutil.copy(FILE, folder)
    shutil.copy(ledger, folder / "ledger.db")
    (folder / "public.pem").write_bytes(public_pem(ledger))
    command = [sys.executable, "-I", "audit.py", "ledger.db", "public.pem", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=patient(30), check=False)


def test_alone_in_an_empty_folder_it_finds_a_sound_ledger_sound_and_a_tampered_one_not(ledger_in: LedgerIn, tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    kiosk = ledger_in(tmp_path / "kiosk")
    days(kiosk, 2)
    kiosk.close()
    with reading(kiosk.path) as connection:
        newest = head(connection)
        paid = next(entry.row for entry in entries(connection) if entry.kind == "paid")
    sound = alone(tmp_path / "sound", kiosk.path, "--anchor", newest.row, newest.hash)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout == f"sound up to row {newest.row}, hash {newest.hash}\n"
    tamper(kiosk.path, ("UPDATE posting SET cents = cents * 2 WHERE row = ?", (paid,)))
    wrong = alone(tmp_path / "wrong", kiosk.path)
    assert (wrong.returncode, wrong.stderr) == (1, "")
    assert f"row {paid}: its hash is not that of its content" in wrong.stdout
    cut(kiosk.path, newest.row - 1)
    short = alone(tmp_path / "short", kiosk.path, "--anchor", newest.row, newest.hash)
    assert f"row {newest.row}: it is not the one that the anchor names" in short.stdout


@pytest.mark.parametrize("name", [*DEEDS][:9] + [pytest.param(name, marks=pytest.mark.long) for name in [*DEEDS][9:]])
def test_it_sees_of_a_tampered_file_what_verify_sees_of_the_file_alone(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        it = scene(Path(folder))
        DEEDS[name](it)
        with reading(it.path, judging=True) as connection:
            found = list(verify(connection))
            named = connection.exec_driver_sql("SELECT json_extract(body, '$.public_key') FROM entry WHERE row = 1").scalar_one_or_none()
        key = bytes.fromhex(named) if named else bytes(32)
        assert bool(audit.audit(it.path, key, []).found) == bool(found)
        anchored = {what for _, what in audit.audit(it.path, key, [it.anchor]).found}
        assert ("it is not the one that the anchor names" in anchored) == any(
            finding.what == "anchor" for finding in ask(it.path, None, [it.anchor]).findings
        )


@pytest.mark.parametrize("revision", REVISIONS)
def test_ledgers_that_older_programs_left_are_sound_to_it(revision: str, tmp_path: Path) -> None:
    path = thaw(revision, tmp_path / "kiosk")
    archive = archive_of(path)
    assert audit_of(path) == []
    assert audit.audit(archive, bytes.fromhex(keys.public_text(keys.load(path))), []).found == []


def test_it_knows_every_revision_and_every_kind_with_its_fields_and_accounts(tmp_path: Path) -> None:
    assert tuple(audit.SCHEMAS) == schema.REVISIONS
    assert audit.KINDS.keys() == KINDS.keys()
    for name, definition in KINDS.items():
        kind = audit.KINDS[name]
        assert (kind.subject, kind.visit) == (
            definition.subject or "-",
            "new" if definition.opens is Lasting.VISIT else WHOSE[definition.whose.name],
        )
        assert kind.needed == definition.body.keys()
        fields = {**definition.body, **definition.optional, **IN_ANY_BODY}
        assert kind.types == {field: set(types) for field, types in fields.items()}, name
        match definition.moves:
            case Named():
                assert kind.moves == ("{debit}", "{credit}")
            case moves:
                assert kind.moves == (None if moves is None else tuple(moves))
    assert set(audit.ACCOUNTS) == set(Account)
    with closing(sqlite3.connect(thaw("0001", tmp_path / "kiosk"))) as database:
        guards = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    unguarded = {name for name, definition in KINDS.items() if not guards.issuperset(definition.guards)}
    assert unguarded == audit.UNGUARDED


WHOSE = {"NOBODYS": "none", "OPEN": "open", "OPEN_IF_ANY": "any", "ENDED": "ended"}


def test_another_key_than_the_ledgers_is_found(tmp_path: Path) -> None:
    path = thaw(REVISIONS[-1], tmp_path / "kiosk")
    assert (1, "the ledger names another public key than the one given") in audit.audit(path, bytes(range(32)), []).found


@pytest.mark.parametrize(
    "arguments", [("ledger.db", "nowhere.pem"), ("nowhere.db", "public.pem"), ("public.pem", "public.pem"), ("ledger.db", "ledger.db")]
)
def test_what_cannot_be_audited_is_told_in_one_line(tmp_path: Path, arguments: tuple[str, str]) -> None:
    path = thaw(REVISIONS[-1], tmp_path / "kiosk")
    (path.parent / "public.pem").write_bytes(public_pem(path))
    ran = subprocess.run(
        [sys.executable, "-I", FILE, *arguments], cwd=path.parent, capture_output=True, text=True, timeout=patient(30), check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("cannot be audited: ")
    assert len(ran.stderr.splitlines()) == 1
