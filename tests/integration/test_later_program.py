"""Two programs, each its own process: what the landed one archived, the next one reads at the command line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from frozen_ledger import REVISIONS, archive_of, thaw
from money.later_program import REVISION, install
from people.command import consigne

# seven processes and two; what they do stands in test_older_ledgers.py in one process
pytestmark = pytest.mark.long

READERS = (("export", "csv"), ("export", "journal"), ("balance", "--json"), ("entries", "--json"), ("verify", "--json"))


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_later_program_tells_of_an_older_archive_what_this_one_tells(
    revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_of(thaw(revision, tmp_path / "kiosk"))

    def told() -> list[tuple[int, str, str]]:
        ran = [consigne("ledger", *reader, "--ledger", archive, folder=tmp_path) for reader in READERS]
        return [(it.returncode, it.stdout, it.stderr) for it in ran]

    before = archive.read_bytes()
    today = told()
    install(tmp_path / "later")
    monkeypatch.syspath_prepend(tmp_path / "later")
    assert told() == today
    assert [code for code, _, _ in today] == [0] * len(READERS)
    assert json.loads(today[-1][1])["findings"] == []
    assert archive.read_bytes() == before


@pytest.mark.parametrize("revision", REVISIONS[:1])
def test_the_later_program_is_another_one(revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads a ledger of its own revision, which this one refuses in a sentence."""
    path = thaw(revision, tmp_path / "kiosk")
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (REVISION,))
        database.commit()
    refused = consigne("ledger", "balance", "--ledger", path, folder=tmp_path)
    assert (refused.returncode, REVISION in refused.stderr, "Update this program" in refused.stderr) == (3, True, True)
    install(tmp_path / "later")
    monkeypatch.syspath_prepend(tmp_path / "later")
    assert consigne("ledger", "balance", "--ledger", path, folder=tmp_path).returncode == 0
