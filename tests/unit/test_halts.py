"""What stops the machine: each name has a code that stays, each cause its facts, and both are what ``--lines`` prints."""

import inspect
import json
import re

import pytest

from config.vocabulary import Bin
from drivers.intake.bus import ControllerFault, FaultCause
from drivers.intake.trouble import PortUnusable
from kiosk.deposit.halts import BinsFull, Halt, Jammed, NoController, Obstacle
from kiosk.deposit.view import Screen, ViewState
from kiosk.face import as_line
from kiosk.screens.gallery import OBSTACLES


def test_each_halt_has_a_short_code_of_its_own_and_the_table_says_it() -> None:
    table = dict(re.findall(r"^ *(\w+) +([A-Z]\d) ", inspect.getdoc(Halt) or "", re.MULTILINE))
    assert table == {halt.value: halt.code for halt in Halt}
    assert len({halt.code for halt in Halt}) == len(Halt)


def test_each_halt_has_a_cause_and_each_cause_one_name() -> None:
    assert {cause.halt for cause in Obstacle.__subclasses__()} == set(Halt)
    assert set(OBSTACLES) == set(Halt)


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (None, {"halt": None, "code": None, "facts": None}),
        (
            BinsFull(((Bin(1), 97), (Bin(2), 96)), 95),
            {"halt": "bins_full", "code": "B1", "facts": {"type": "BinsFull", "levels": [[1, 97], [2, 96]], "limit": 95}},
        ),
        (
            Jammed(ControllerFault.FLAP, FaultCause.OVER_CURRENT),
            {"halt": "jam", "code": "M4", "facts": {"type": "Jammed", "fault": "flap", "cause": "over_current"}},
        ),
        (
            NoController(PortUnusable("/dev/ttyX", "PortTaken", "EAGAIN")),
            {
                "halt": "intake",
                "code": "L1",
                "facts": {
                    "type": "NoController",
                    "trouble": {"type": "PortUnusable", "port": "/dev/ttyX", "error": "PortTaken", "system": "EAGAIN"},
                },
            },
        ),
    ],
    ids=["none", "bins", "jam", "port"],
)
def test_a_line_of_the_screen_tells_the_halt_its_code_and_its_facts(why: Obstacle | None, told: dict[str, object]) -> None:
    line = json.loads(as_line(ViewState(Screen.OUT_OF_ORDER, why=why)))
    assert {key: line[key] for key in told} == told
    assert "why" not in line


def test_every_cause_can_be_written_as_json() -> None:
    for why in OBSTACLES.values():
        line = as_line(ViewState(Screen.OUT_OF_ORDER, why=why))
        assert json.loads(line)["facts"]["type"] == type(why).__name__
        assert " object at " not in line
