"""``consigne simulate`` and the ledger's commands as their user calls them: real processes, exit codes, and what they print."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp

from timing import patient
from worlds.photographs import photograph


def consigne(*arguments: str | Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "commands", *map(str, arguments)]
    environment = {"CONSIGNE_LANG": language, "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=patient(110), check=False, env=environment, stdin=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One simulated run that several tests look at, and must not change."""
    state = tmp_path_factory.mktemp("run")
    return state, consigne("simulate", "--items", "6", "--seed", "3", "--state", state, "--json")


def test_the_three_witnesses_agree_on_rendered_bottles(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = run
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["items"], told["lost"], told["duplicated"], told["misread"], told["uncounted"]) == (6, 0, 0, 0, 0)
    assert told["accepted"] + sum(told["refused"].values()) + told["handed_back"] + told["under_way"] == 6
    assert told["credited_cents"] == 20 * told["accepted"] > 0
    assert told["disagreements"] == []
    assert (told["policy"], told["mechanics"]["name"]) == ("every-vote-2", "standard")


def test_the_ledger_of_a_run_is_sound_and_balanced(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    state, done = run
    credited = json.loads(done.stdout)["credited_cents"]
    ledger = state / "kiosk" / "ledger.db"
    assert consigne("ledger", "verify", "--ledger", ledger).returncode == 0
    balance = json.loads(consigne("ledger", "balance", "--ledger", ledger, "--json").stdout)
    assert balance["balances"] == {
        "expenses:rewards": credited,
        "liabilities:visits": 0,
        "liabilities:vouchers": -credited,
        "liabilities:gifts": 0,
        "assets:desk": 0,
    }
    entries = [json.loads(line) for line in consigne("ledger", "entries", "--ledger", ledger, "--json").stdout.splitlines()]
    assert [entry["row"] for entry in entries] == list(range(1, balance["row"] + 1))
    assert "Voucher" in consigne("ledger", "entries", "--ledger", ledger).stdout
    assert consigne("ledger", "export", "csv", "--ledger", ledger).stdout.startswith("\ufeffrow;kind;")
    assert "liabilities:vouchers" in consigne("ledger", "export", "journal", "--ledger", ledger).stdout


def test_a_tampered_row_is_named(run: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    state, _ = run
    tampered = tmp_path / "ledger.db"
    with sqlite3.connect(state / "kiosk" / "ledger.db") as source, sqlite3.connect(tampered) as copy:
        source.backup(copy)
        guards = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            copy.execute(f"DROP TRIGGER {name}")
        (row,) = copy.execute("SELECT min(row) FROM entry WHERE kind = 'credit'").fetchone()
        copy.execute("UPDATE entry SET body = replace(body, '\"amount\":20', '\"amount\":2000') WHERE row = ?", (row,))
        for _name, sql in guards:
            copy.execute(sql)
    source.close()
    copy.close()
    checked = consigne("ledger", "verify", "--ledger", tampered)
    assert checked.returncode == 1
    assert f"{row}" in checked.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photographs: two products, and a code that is none."""
    made = tmp_path / "photographs"
    made.mkdir()
    photograph(made / "water.png", "9520696885275", zxingcpp.BarcodeFormat.EAN13)
    photograph(made / "small.png", "96385074", zxingcpp.BarcodeFormat.EAN8)
    photograph(made / "parcel.png", "PARCEL 42", zxingcpp.BarcodeFormat.QRCode)
    lines = ["file,gtin,symbology,kind,source,severity", "water.png,9520696885275,EAN13,real,test,easy"]
    lines += ["small.png,96385074,EAN8,real,test,easy", "parcel.png,,OTHER,negative,test,other-code"]
    (made / "labels.csv").write_text("\n".join(lines) + "\n")
    return made


@pytest.mark.long
def test_photographs_are_judged_by_their_codes_alone_and_the_output_says_so(folder: Path) -> None:
    done = consigne("simulate", "--frames", folder, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["items"], told["accepted"], told["misread"], told["policy"]) == (3, 2, 0, "barcode-only")
    assert told["refused"] == {"other_code": 1}


def spoil_picture(folder: Path) -> None:
    (folder / "small.png").write_bytes(b"no picture at all")


def lose_picture(folder: Path) -> None:
    (folder / "small.png").unlink()


def lose_labels(folder: Path) -> None:
    (folder / "labels.csv").unlink()


def spoil_labels(folder: Path) -> None:
    (folder / "labels.csv").write_text("file,gtin,symbology,kind,source,severity\nwater.png,not-a-code,EAN13,real,test,easy\n")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [(spoil_picture, "small.png"), (lose_picture, "small.png"), (lose_labels, "labels.csv"), (spoil_labels, "not-a-code")],
)
def test_a_folder_with_a_fault_is_refused_by_name_before_anything_starts(folder: Path, spoil: object, named: str) -> None:
    assert callable(spoil)
    spoil(folder)
    done = consigne("simulate", "--frames", folder)
    assert done.returncode == 2
    assert named in done.stderr
    assert done.stdout == ""


def test_a_wrong_key_in_the_configuration_is_told_with_what_is_known(tmp_path: Path) -> None:
    wrong = tmp_path / "kiosk.toml"
    wrong.write_text('[kiosk]\nid = "hall"\nstate = "."\ncolour = "red"\n')
    done = consigne("run", "--config", wrong)
    assert done.returncode == 2
    assert f"{wrong}" in done.stderr
    assert "kiosk.colour" in done.stderr


def test_a_run_is_told_bottle_by_bottle_in_french() -> None:
    done = consigne("simulate", "--items", "2", "--seed", "1", language="fr")
    assert done.returncode == 0, done.stderr
    assert "Visite n°" in done.stdout
    assert "Les trois témoins sont d’accord" in done.stdout


def test_a_ledger_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    done = consigne("ledger", "balance", "--ledger", tmp_path / "ledger.db")
    assert done.returncode == 2
    assert "consigne ledger begin" in done.stderr
