"""The machine's metrics: the text format line by line, what it tells of a machine that stands, and a file that is never half written."""

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.deposit.halts import Halt
from kiosk.metrics import Around, exposition, metrics_of, write_atomically
from kiosk.workers.metrics import MetricsWorker
from people.stories import Story
from wires.readings import REST

AROUND = Around('mairie "11"', "0.1.0", 1_790_000_000.0, 12_000_000, 32_000_000_000, 4_096)

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf'({NAME})(?:\{{((?:{NAME}="(?:[^"\\\n]|\\[\\"n])*",?)*)\}})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)')
UNITS = ("_seconds", "_bytes", "_ratio", "_total", "_info", "_up", "_open", "_halted", "_fault")


def parsed(text: str) -> dict[tuple[str, str], float]:
    """Name and labels to number, if the text keeps to version 0.0.4 of the format: each metric once, with its help and type before its samples."""
    found: dict[tuple[str, str], float] = {}
    types: dict[str, str] = {}
    helped = ""
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            helped = line.split(" ")[2]
            assert len(line.split(" ", 3)[3]) > 0
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == helped
            assert name not in types
            types[name] = kind
        else:
            match = SAMPLE.fullmatch(line)
            assert match is not None, line
            name, labels, value = match[1], match[2] or "", match[3]
            assert name == helped
            assert (name, labels) not in found
            found[name, labels] = float(value)
    for name, kind in types.items():
        assert name.startswith("consigne_")
        assert name.endswith(UNITS), name
        assert (kind == "counter") is name.endswith("_total")
    return found


def test_a_machine_that_takes_bottles_is_told_by_the_conventions() -> None:
    session = replace(Story().open().session, hot=replace(REST, totaliser=4_711, boots=12, bin_percent=(41, 12)))
    told = parsed(exposition(metrics_of(session, AROUND)))
    assert told["consigne_items_total", ""] == 4_711
    assert told["consigne_controller_starts_total", ""] == 12
    assert told["consigne_bin_full_ratio", 'bin="1",material="glass"'] == 0.41
    assert told["consigne_link_up", ""] == 1
    assert told["consigne_info", r'kiosk="mairie \"11\"",version="0.1.0"'] == 1
    assert told["consigne_start_time_seconds", ""] == 1_790_000_000
    assert told["consigne_disk_size_bytes", ""] == 32_000_000_000
    halts = {labels for name, labels in told if name == "consigne_halted"}
    assert halts == {f'halt="{halt}"' for halt in Halt}


def test_of_a_controller_that_is_gone_nothing_old_is_told() -> None:
    session = replace(Story().open().session, linked=False)
    told = parsed(exposition(metrics_of(session, AROUND)))
    assert told["consigne_link_up", ""] == 0
    assert not any(name in ("consigne_items_total", "consigne_bin_full_ratio", "consigne_service_door_open") for name, _ in told)


def test_the_file_is_replaced_whole_and_everybody_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "consigne.prom"
    write_atomically(path, "old 1\n")
    before = path.open(encoding="utf-8")
    write_atomically(path, "new 2\n")
    with before:
        assert before.read() == "old 1\n"
    assert path.read_text() == "new 2\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [child.name for child in tmp_path.iterdir()] == ["consigne.prom"]


def test_a_file_that_cannot_be_written_is_said_once_and_found_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "run" / "consigne.prom"
    worker = MetricsWorker(path, tmp_path, ("hall", "0.1.0", 0.0), lambda: Story().open().session)
    worker.write()
    worker.write()
    assert capsys.readouterr().err.count(str(path)) == 1
    path.parent.mkdir()
    worker.write()
    assert parsed(path.read_text())["consigne_log_size_bytes", ""] == 0
