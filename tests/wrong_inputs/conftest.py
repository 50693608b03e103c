"""One folder of wrong things for all tables, and the judgement that every row gets."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from city.cli import main as city
from commands.cli import main as consigne
from people.wrong_things import Judge, Row, Things, told_by

MOST_LINES = 6


@pytest.fixture(scope="session")
def things() -> Iterator[Things]:
    with tempfile.TemporaryDirectory(prefix="wrong-") as folder:
        made = Things(Path(folder))
        yield made
        made.close()


@pytest.fixture
def judge(things: Things, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Judge:
    """Types a row and looks at what was said: the exit code, the thing by its name, the words in that language, and nothing that never may be."""

    def look(row: Row, language: str) -> None:
        typed, code, named, *in_words = row
        monkeypatch.setenv("CONSIGNE_LANG", language)
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        program, main = ("consigne-city", city) if typed.startswith("consigne-city") else ("consigne", consigne)
        before = things.seen()
        said = told_by(main, program, typed.removeprefix(program).format(**things.names), capfd.readouterr)
        words = in_words[language == "en"].format(**things.names)
        assert (said.code, words in said.err, named.format(**things.names) in said.err) == (code, True, True), said
        assert said.err.endswith(".\n"), said
        assert len(said.err.splitlines()) <= MOST_LINES, said
        for never in ("Traceback", "..", "geheim", "None", "[Errno"):
            assert never not in said.err, said
        assert things.seen() == before
        assert list(tmp_path.iterdir()) == []

    return look
