"""``consigne-city …`` told wrongly; its words are English only. A row as in the other tables. ``geheim`` is a password and never told."""

import pytest

from people.wrong_things import Judge

MEMORY = "in memory"
NO_DATABASE = "is not a database that can be opened"

ROWS: list[tuple[str, int, str, str]] = [
    ("song", 2, "song", "No such command"),
    ("--colour", 2, "--colour", "No such option"),
    ("init extra", 2, "extra", "See: consigne-city init --help"),
    ("init --colour", 2, "--colour", "See: consigne-city init --help"),
    ("init --database", 2, "--database", "requires an argument"),
    ("init --database x", 2, "x", NO_DATABASE),
    ('init --database ""', 2, "--database", NO_DATABASE),
    ("init --database {picture}", 2, "{picture}", NO_DATABASE),
    ("init --database sqlite:///{picture}", 2, "{picture}", "not a database"),
    ("init --database sqlite:///{zeros}", 2, "{zeros}", "not a database"),
    ("init --database sqlite:///{folder}", 2, "{folder}", "a folder"),
    ("init --database sqlite:///{pipe}", 2, "{pipe}", "a device"),
    ("init --database sqlite:////dev/null", 2, "/dev/null", "a device"),
    ("init --database sqlite:///{loop}", 2, "{loop}", "leads nowhere"),
    ("init --database sqlite:///{dangling}", 2, "{dangling}", "leads nowhere"),
    ("init --database sqlite:///{below}", 2, "{nowhere}", "there is no folder"),
    ("init --database sqlite:///{under_file}", 2, "{file}", "there is no folder"),
    ("init --database sqlite:///{here}/{long}", 2, "{long}", "File name too long"),
    ("init --database sqlite://", 2, "sqlite://", MEMORY),
    ("init --database sqlite:///:memory:", 2, "sqlite:///:memory:", MEMORY),
    ("init --database sqlite:///{ledger}", 2, "{ledger}", "tables of another program"),
    ("init --database sqlite:///{other}", 2, "{other}", "tables of another program"),
    ("init --database sqlite:///{half}", 3, "{half}", "malformed"),
    ("init --database sqlite:///{scribbled}", 3, "{scribbled}", "malformed"),
    ("init --database sqlite:///{here}/c.db?mode=geheim", 2, "c.db", "'mode'"),
    ("init --database sqlite:///{here}/c.db?timeout=geheim", 2, "c.db", NO_DATABASE),
    ("init --database sqlite://u:geheim@host/x", 2, "sqlite://u:***@host/x", NO_DATABASE),
    ("init --database postgresql://u:geheim@127.0.0.1:1/x", 3, "postgresql://u:***@127.0.0.1:1/x", "Connection refused"),
    ("init --database postgresql+asyncpg://u:geheim@127.0.0.1:1/x", 2, "postgresql+asyncpg://u:***@127.0.0.1:1/x", "is not installed"),
    ("init --database mysql://u:geheim@127.0.0.1:1/x", 2, "mysql://u:***@127.0.0.1:1/x", "is not installed"),
    ("init --database song://u:geheim@127.0.0.1:1/x", 2, "song://u:***@127.0.0.1:1/x", NO_DATABASE),
    ("init --database postgresql://u:geheim@127.0.0.1:port/x", 2, "u:***@127.0.0.1", NO_DATABASE),
    ("init --database postgresql://u:geheim@[::1/x", 2, "u:***@[::1/x", NO_DATABASE),
    ("init --database postgresql://u:geheim@no.such.host.invalid/x", 3, "u:***@no.such.host.invalid/x", "failed to resolve host"),
    ("init --database 'host=127.0.0.1 password=geheim'", 2, "host=127.0.0.1 password=***", NO_DATABASE),
    ("init --database sqlite:///{turned}", 2, "turned\\u202e.txt", "not a database"),
    ("init --database sqlite:///{here}/c.db?uri=true", 2, "c.db", "a path is needed"),
    ("init --database sqlite:///{view}", 2, "{view}", "tables of another program"),
    ("init --database sqlite:///{here}/a.db --database sqlite:///{here}/b.db", 2, "--database", "given twice"),
    ("Init", 2, "Init", "Did you mean 'init'. See"),
    ("serve --port=0 --port 0", 2, "--port", "given twice"),
    ("serve --host {long} --port 0", 2, "{long}", "no name of a machine"),
    ("serve --port 0 --port-file {turned}", 2, "turned\\u202e.txt", "something else lies there"),
    ("serve extra", 2, "extra", "See: consigne-city serve --help"),
    ("serve --port", 2, "--port", "requires an argument"),
    ("serve --port x", 2, "--port", "valid integer"),
    ("serve --port -1", 2, "--port", "greater than or equal to 0"),
    ("serve --port 99999", 2, "--port", "less than or equal to 65535"),
    ("serve --port 1.5", 2, "--port", "valid integer"),
    ('serve --host ""', 2, "--host", "every address"),
    ("serve --demonstration=1", 2, "--demonstration", "does not take a value"),
    ("serve --port 0 --host no.such.host.invalid", 2, "no.such.host.invalid", "Cannot listen"),
    ("serve --port 0 --host 203.0.113.1", 2, "203.0.113.1", "Cannot assign requested address"),
    ("serve --port {taken}", 3, "{taken}", "Address already in use"),
    ("serve --port 0 --port-file {folder}", 2, "{folder}", "something else lies there"),
    ("serve --port 0 --port-file /dev/null", 2, "/dev/null", "something else lies there"),
    ("serve --port 0 --port-file {pipe}", 2, "{pipe}", "something else lies there"),
    ("serve --port 0 --port-file {loop}", 2, "{loop}", "something else lies there"),
    ("serve --port 0 --port-file {ledger}", 2, "{ledger}", "something else lies there"),
    ("serve --port 0 --port-file {below}", 2, "{nowhere}", "there is no folder"),
    ("serve --port 0 --port-file {under_file}", 2, "{file}", "there is no folder"),
    ("serve --port 0 --port-file {long}", 2, "{long}", "File name too long"),
    ("serve --port 0 --database sqlite:///{picture}", 2, "{picture}", "not a database"),
    ("serve --port 0 --database mysql://u:geheim@127.0.0.1:1/x", 2, "mysql://u:***@127.0.0.1:1/x", "is not installed"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_typed_wrongly_is_told(row: tuple[str, int, str, str], judge: Judge) -> None:
    typed, code, named, words = row
    judge((f"consigne-city {typed}", code, named, words, words), "en")
