"""Programs started in a folder whose own folders bear the names of our packages, as a demonstration's folder does."""

import subprocess
import sys
from pathlib import Path

import pytest

from money.ledgers import LedgerIn
from timing import patient

pytest_plugins = ("money.ledger_fixtures",)

NAMES = ("city", "ledger", "kiosk", "config", "drivers")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / "here" / name).mkdir(parents=True)
    return tmp_path / "here"


def said(folder: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=patient(60), check=False)


def test_the_city_makes_its_tables_there(folder: Path) -> None:
    done = said(folder, "city", "init", "--database", f"sqlite:///{folder}/city/city.db")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_ledger_is_verified_there(folder: Path, ledger_in: LedgerIn) -> None:
    kiosk = ledger_in(folder / "kiosk")
    done = said(folder, "commands", "ledger", "verify", "--ledger", kiosk.path)
    assert (done.returncode, done.stderr) == (0, "")
