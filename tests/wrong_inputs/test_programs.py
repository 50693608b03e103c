"""The programs that measure or prove, told wrongly: argparse names the argument, exit 2, and nothing is begun."""

import subprocess
import sys
from pathlib import Path

import pytest

from timing import patient

ROOT = Path(__file__).parents[2]

ROWS = [
    ("-m benchmarks.ledger_syncs --bottles 0", "--bottles"),
    ("-m benchmarks.ledger_syncs --folder /nowhere", "/nowhere"),
    ("tests/frozen_ledger.py", "name"),
    ("tests/frozen_ledger.py /nowhere/x", "x"),
    ("tests/frozen_ledger.py ..", "new folder"),
    *(
        pytest.param(*row, marks=pytest.mark.long)
        for row in (
            ("-m benchmarks.bare_pyzbar --frames /nowhere", "/nowhere"),
            ("-m benchmarks.camera --seconds -1", "--seconds"),
            ("-m benchmarks.camera --seconds nan", "--seconds"),
            ("-m benchmarks.city_views --kiosks 0", "--kiosks"),
            ("-m benchmarks.city_views --times 0", "--times"),
            ("-m benchmarks.frames --bottles 0", "--bottles"),
            ("-m benchmarks.hot_block --seconds 0", "--seconds"),
            ("-m benchmarks.imports --rounds 0", "--rounds"),
            ("-m benchmarks.ledger_cpu --bottles -1", "--bottles"),
            ("-m benchmarks.ledger_cpu --folder /dev/null", "/dev/null"),
            ("-m benchmarks.mutation session --sample -1", "--sample"),
            ("-m benchmarks.pages --rounds 1e3", "--rounds"),
            ("-m benchmarks.round_trip --rounds 0", "--rounds"),
            ("-m benchmarks.touchscreen --seconds inf", "--seconds"),
            ("tests/exploration.py --without song", "--without"),
            ("tests/power_cuts.py --side cellar", "--side"),
        )
    ),
]


@pytest.mark.parametrize(("typed", "named"), ROWS)
def test_what_is_typed_wrongly_is_told(typed: str, named: str) -> None:
    command = [sys.executable, *typed.split()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patient(20), check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, named in done.stderr, "Traceback" in done.stderr) == (2, "", True, False), done
