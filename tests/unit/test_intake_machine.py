"""The promises of driver and controller (``intake_machine.py``) hold under whatever mixture of bad luck hypothesis finds; and each breaks.

A promise that holds whatever the program does promises nothing: each rule of the driver, and of the controller where the driver rests on
it, is taken out in turn, by changing the source of one function, and some promise must then break. There the histories are the same ones
each time: whether a rule is missed must depend on the promises, not on luck.
"""

import inspect
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import drivers.intake.following
import drivers.intake.modbus
import drivers.intake.worker
import firmware.controller
from config.vocabulary import Bin
from drivers.intake.bus import Actuator, CommandCode, Motion
from wires.intake_machine import IntakeMachine


class LongIntakeMachine(IntakeMachine):
    """The same, for longer."""


TestIntakeMachine = IntakeMachine.TestCase
TestIntakeMachine.settings = settings(max_examples=50, stateful_step_count=40, suppress_health_check=list(HealthCheck))

TestLongIntakeMachine = pytest.mark.timeout(1200)(pytest.mark.long(LongIntakeMachine.TestCase))
TestLongIntakeMachine.settings = settings(max_examples=300, stateful_step_count=60, suppress_health_check=list(HealthCheck))

Rule = tuple[ModuleType, str, str, str]
"""Module, function (or class.method), and the text that states the rule with the text that does not."""

RULES: dict[str, Rule] = {
    "a block must hold its question's nonce": (drivers.intake.modbus, "ModbusBus.read", "if answered != self._nonce", "if False"),
    "another number of starts is a start": (drivers.intake.following, "advance", "hot.boots != last.boots", "False"),
    "a drop is told when counted rises": (drivers.intake.following, "advance", "hot.counted > last.counted", "hot.counted"),
    "what lies there at the first reading is nobody's": (
        drivers.intake.following,
        "_follow",
        "before is ItemStage.NONE or before",
        "before",
    ),
    "a door is told when it moves": (drivers.intake.following, "_machine", "hot.door_open != last.door_open", "hot.door_open"),
    "an older command is refused": (drivers.intake.worker, "Intake.send", "command.sequence < self._newest", "False"),
    "a hand is told when it comes or goes": (drivers.intake.worker, "Intake._look_for_hand", "if self._hand != before", "if self._hand"),
    "taken ends the wait": (drivers.intake.worker, "Intake._wait_for_taken", "hot.taken == sequence", "False"),
    "a start drops the command": (drivers.intake.worker, "Intake._poll", "self._pending = None", "pass"),
    "a lost link is looked for anew": (drivers.intake.worker, "Intake.let_go", "self._tracker = None", "pass"),
    "a lost link is told": (drivers.intake.worker, "Intake._lose", "return [LinkLost(self._told)]", "return []"),
    "the controller takes no older sequence": (firmware.controller, "Controller._objection", "sequence <= self.record.taken", "False"),
    "taken is durable": (firmware.controller, "Controller.command", "record.taken = sequence", "pass"),
}


def without(rule: Rule) -> tuple[object, str, Callable[..., Any]]:
    """Where the changed function goes, its name, and itself."""
    module, path, stated, left_out = rule
    owner_name, _, name = path.rpartition(".")
    owner = getattr(module, owner_name) if owner_name else module
    source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
    assert source.count(stated) == 1, f"{path} no longer says {stated!r} once"
    changed: dict[str, Any] = dict(vars(module))
    exec(compile(source.replace(stated, left_out), f"<{path} without its rule>", "exec"), changed)  # noqa: S102 - our own source
    return owner, name, changed[name]


def test_an_older_command_that_was_lost_is_not_given_the_answer_of_another() -> None:
    """A history that chance found: the kiosk starts anew, and a command below the last one that was taken gets lost on its way."""
    state = IntakeMachine()
    state.begin()
    state.bottle(accepted=False, gate_ms=50, span_ms=100)
    state.kiosk_starts_anew()
    state.bad_line(fates=["lost"], of_commands=True, span_ms=20)
    state.order(bin=Bin(1), code=CommandCode.OPEN, motion=Motion.GATE_OPEN, older=True, part=Actuator.GATE, span_ms=1)
    state.teardown()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_text_of_each_rule_stands_where_it_is_taken_out(rule: Rule) -> None:
    assert callable(without(rule)[2])


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_without_a_rule_a_promise_breaks(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*without(rule))

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            IntakeMachine,
            settings=settings(
                derandomize=True,
                max_examples=1000,
                stateful_step_count=40,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
