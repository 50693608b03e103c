"""``consigne evaluate visits`` as it is typed: text, JSON and page say the same; a wrong file is told in one sentence."""

import json
from pathlib import Path

import pytest

from commands.cli import main
from people.wrong_things import told_by
from simulation.visits.brought import KINDS

PARIS = Path(__file__).parents[2] / "simulation" / "visits" / "paris.toml"


@pytest.fixture
def two_visits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONSIGNE_LANG", "en")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hall.toml"
    path.write_text(PARIS.read_text(encoding="utf-8").replace("visits = 1500", "visits = 2"), encoding="utf-8")
    return path


@pytest.mark.long
def test_the_same_run_is_told_as_text_as_json_and_as_a_page(two_visits: Path, capfd: pytest.CaptureFixture[str]) -> None:
    as_json = told_by(main, "consigne", "evaluate visits hall.toml --html visits.html --json", capfd.readouterr)
    found = json.loads(as_json.out)
    assert {"wrong_accepts", "refused_first", "refused_for_good", "without", "gaps"} <= found.keys()
    assert {"catalogue", "fraud", "prefix", "colour", "label", "format"} == found["by"].keys()
    assert found["visits"] == 2
    assert as_json.code == (1 if found["missed"] else 0)
    assert set(found["by"]["fraud"]) <= KINDS.keys()
    text = told_by(main, "consigne", "evaluate visits hall.toml", capfd.readouterr).out
    assert f"{100 * found['refused_first']:.2f} %" in text
    page = two_visits.with_name("visits.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "Corporation" in page, "the assumptions are quoted with their sources"
    assert "<script" not in page


@pytest.mark.parametrize(("text", "named"), [("version = 7\n", "version 7"), ("visits = [", "end of document"), ("", "version None")])
def test_a_file_that_says_something_else_is_told(two_visits: Path, capfd: pytest.CaptureFixture[str], text: str, named: str) -> None:
    two_visits.write_text(text, encoding="utf-8")
    said = told_by(main, "consigne", "evaluate visits hall.toml", capfd.readouterr)
    assert said.code == 2
    assert "hall.toml" in said.err
    assert named in said.err


def test_a_folder_without_pictures_is_told(two_visits: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert two_visits.exists()
    said = told_by(main, "consigne", "evaluate visits hall.toml --pictures .", capfd.readouterr)
    assert said.code == 2
    assert "labels.csv" in said.err
