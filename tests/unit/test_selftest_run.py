"""How the self-test goes through its steps, and how it is told: what one stands on, what hands say, in words and as JSON."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from drivers.intake.bus import Answer, ControllerFault, ControllerState, FaultCause
from drivers.twin.items import chamber_items
from drivers.twin.scenario import read_lines
from kiosk.selftest.hands import LINES, Chore, NotDone, TerminalHands, TwinHands
from kiosk.selftest.report import Teller, as_json
from kiosk.selftest.results import (
    Blame,
    Check,
    Figure,
    Group,
    Measured,
    Outcome,
    Part,
    Result,
    Stated,
    StepReason,
    Unit,
    failed,
    judged,
    skipped,
)
from kiosk.selftest.run import PLAN, Report, chosen
from kiosk.selftest.telling import explain
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES

BLAME = Blame(Part.GATE, StepReason.LATE)
SLOW = judged("gate", Check(Measured(Figure.OUT_TIME, 1600, Unit.MS, 20, 1500), BLAME))
READY = Report((judged("link"), skipped("identity", StepReason.NO_LEDGER)), left_ready=True)


def test_a_step_stands_only_on_steps_that_come_before_it() -> None:
    seen: set[str] = set()
    for step in PLAN:
        assert set(step.needs) <= seen, step.name
        assert step.name not in seen
        seen.add(step.name)


def test_whatever_moves_asks_the_controller() -> None:
    assert [step.name for step in PLAN if step.moves and not step.asks] == []


def test_a_chosen_step_brings_all_that_it_stands_on_in_order() -> None:
    assert [step.name for step in chosen(["flap"])] == ["link", "program", "chamber_empty", "flap_locked_at_rest", "flap"]
    assert [step.name for step in chosen(["clock"])] == ["link", "program", "clock"]
    with pytest.raises(KeyError):
        chosen(["no such step"])


def test_the_exit_code_tells_a_failure_from_a_controller_that_does_not_answer() -> None:
    silent = failed("link", Blame(Part.CABLE, StepReason.SILENT))
    lost = failed("supply", Blame(Part.CABLE, StepReason.LINK_LOST))
    assert READY.exit_code == 0
    assert Report((judged("link"), SLOW), left_ready=True).exit_code == 1
    assert [Report((result, SLOW), left_ready=None).exit_code for result in (silent, lost)] == [3, 3]


@pytest.fixture
def terminal() -> Iterator[tuple[int, TerminalHands, list[str]]]:
    """The typing end of a terminal, the hands at it, and what they are asked."""
    reading, writing = os.pipe()
    asked: list[str] = []
    yield writing, TerminalHands(Words("en"), asked.append, reading), asked
    os.close(reading)
    os.close(writing)


def nothing() -> None:
    pass


def test_enter_says_that_it_is_done_and_the_weight_is_named(terminal: tuple[int, TerminalHands, list[str]]) -> None:
    keyboard, hands, asked = terminal
    os.write(keyboard, b"\n")
    hands.do(Chore.PUT_WEIGHT, nothing)
    assert "500 g" in asked[0]


@pytest.mark.parametrize("typed", [b"s no weight here\n", b"s\n\n  no weight here \n", b"S no weight here\n"])
def test_s_skips_but_not_without_a_reason(terminal: tuple[int, TerminalHands, list[str]], typed: bytes) -> None:
    keyboard, hands, _ = terminal
    os.write(keyboard, typed)
    with pytest.raises(NotDone) as caught:
        hands.do(Chore.PUT_WEIGHT, nothing)
    assert (caught.value.reason, caught.value.detail) == (StepReason.PERSON, "no weight here")


def test_a_line_typed_too_early_answers_the_next_question_and_no_other(terminal: tuple[int, TerminalHands, list[str]]) -> None:
    keyboard, hands, _ = terminal
    os.write(keyboard, b"\ns later\n")
    hands.do(Chore.OPEN_DOOR, nothing)
    with pytest.raises(NotDone):
        hands.do(Chore.SHUT_DOOR, nothing)


def test_while_a_person_is_waited_for_the_beat_goes_on(terminal: tuple[int, TerminalHands, list[str]]) -> None:
    keyboard, hands, _ = terminal
    kept: list[int] = []

    def keep() -> None:
        kept.append(1)
        if len(kept) == 3:
            os.write(keyboard, b"\n")

    hands.do(Chore.OPEN_DOOR, keep)
    assert len(kept) == 3


def test_where_nobody_can_answer_it_is_not_done() -> None:
    with Path(os.devnull).open() as nowhere, pytest.raises(NotDone) as caught:
        TerminalHands(Words("fr"), lambda text: None, nowhere.fileno()).do(Chore.OPEN_DOOR, nothing)
    assert caught.value.reason is StepReason.NOBODY


@pytest.mark.parametrize("chore", Chore)
def test_the_twins_people_understand_every_chore(chore: Chore) -> None:
    said = io.StringIO()
    TwinHands(said).do(chore, nothing)
    assert said.getvalue() == LINES[chore] + "\n"
    read_lines([LINES[chore]], "here", chamber_items())


def test_the_json_holds_what_others_rely_on_and_the_figure_that_decided() -> None:
    told = json.loads(json.dumps(as_json(Report((SLOW, skipped("flap", StepReason.NEEDS, "gate")), left_ready=False), PLAN)))
    slow, waits = told["steps"]
    assert {key: slow[key] for key in ("name", "group", "result", "value", "unit", "limits", "part", "reason")} == {
        "name": "gate",
        "group": "actuators",
        "result": "fail",
        "value": 1600,
        "unit": "ms",
        "limits": [20, 1500],
        "part": "gate",
        "reason": "late",
    }
    assert (waits["result"], waits["value"], waits["limits"], waits["reason"], waits["detail"]) == ("skipped", None, None, "needs", "gate")
    assert told["left_ready"] is False


def shown(result: Result, language: str) -> str:
    """What a technician sees of one step."""
    out = io.StringIO()
    step = next(step for step in PLAN if step.name == result.name)
    Teller(Words(language), Console(file=out, width=200)).tell(step, result)
    return out.getvalue()


def test_a_failure_is_told_with_figure_and_limits_part_causes_and_what_to_check_first() -> None:
    french, english = shown(SLOW, "fr"), shown(SLOW, "en")
    assert "aller 1600 ms [20–1500]" in french
    for words in ("échec", "Pièce\u00a0: trappe", "Causes probables\u00a0:", "Vérifier d’abord\u00a0:"):
        assert words in french
    for words in ("failed", "Part: gate", "Likely causes:", "Check first:"):
        assert words in english


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Measured(Figure.DISTANCE, 38, Unit.MM, 30, 45), "38 mm [30–45]"),
        (Measured(Figure.BLUR, 1.05, Unit.PX, None, 1.65), "1.05 px [≤ 1.65]"),
        (Measured(Figure.FREE, 812, Unit.MB, 500, None), "812 MB [≥ 500]"),
        (Measured(Figure.FINDINGS, 2, Unit.NONE, 0, 0), "2 [0]"),
        (Measured(Figure.SIGNAL, 0, Unit.SWITCH, 1, 1), "off [on]"),
        (Measured(Figure.SIGNAL, 1, Unit.SWITCH, 1, 1), "signal on"),
        (Measured(Figure.STEADY, 0, Unit.YES, 1, 1), "steady no [yes]"),
        (Stated(Figure.CODE, "9520696885275"), "9520696885275"),
        (Stated(Figure.FAULT, "gate", "none"), "gate [none]"),
    ],
)
def test_a_figure_is_told_with_its_unit_and_limits(figure: Measured | Stated, expected: str) -> None:
    assert expected in shown(judged("gate", Check(figure, BLAME)), "en")


def test_a_fraction_is_written_as_the_language_does() -> None:
    blur = judged("camera_sharpness", Check(Measured(Figure.BLUR, 1.05, Unit.PX, None, 1.65), BLAME))
    assert "1,05 px [≤ 1,65]" in shown(blur, "fr")


def test_a_skipped_step_names_the_one_that_must_pass_first_by_its_title() -> None:
    assert explain(skipped("flap", StepReason.NEEDS, "gate"), Words("en")) == ["This must pass first: Gate, there and back."]


def test_what_the_controller_said_is_told_in_words() -> None:
    stands = judged(
        "fault", Check(Stated(Figure.FAULT, "drop_beam", "none"), Blame(Part.DROP_BEAM, StepReason.FAULT_STANDS)), detail="blocked"
    )
    told = shown(stands, "fr")
    assert "défaut faisceau de chute [aucun]" in told
    assert "Le défaut reste ou revient (bloqué)." in told
    assert "(un défaut est à acquitter)" in shown(skipped("gate", StepReason.REFUSED, "fault"), "fr")


@pytest.mark.parametrize("language", [name for name, language in LANGUAGES.items() if not language.visitors_only])
def test_every_step_part_reason_figure_unit_and_chore_has_its_words(language: str) -> None:
    words = Words(language)
    keys = [f"step.{step.name}" for step in PLAN] + [f"group.{group}" for group in Group] + [f"outcome.{outcome}" for outcome in Outcome]
    keys += [f"{kind}.{part}" for part in Part for kind in ("part", "causes", "first")] + [f"figure.{figure}" for figure in Figure]
    named = {"fault": ControllerFault, "cause": FaultCause, "state": ControllerState, "answer": Answer}
    keys += [f"{kind}.{value.name.lower()}" for kind, values in named.items() for value in values]
    keys += [f"{unit}.{value}" for unit in (Unit.SWITCH, Unit.YES) for value in (0, 1)]
    for key in keys:
        assert words.text(f"selftest.{key}")
    for reason in StepReason:
        assert words.text(f"selftest.reason.{reason}", detail="…")
    for chore in Chore:
        assert words.text(f"selftest.chore.{chore}", weight_g=500)
    for unit in set(Unit) - {Unit.SWITCH, Unit.YES}:
        assert words.text(f"selftest.unit.{unit}", value=1)


@pytest.mark.parametrize("language", [name for name, language in LANGUAGES.items() if not language.visitors_only])
def test_the_end_names_the_broken_parts_once_and_how_the_machine_was_left(language: str) -> None:
    out = io.StringIO()
    teller = Teller(Words(language), Console(file=out, width=200))
    teller.sum_up(Report((SLOW, SLOW, judged("link")), left_ready=False))
    part = Words(language).text("selftest.part.gate")
    assert out.getvalue().count(part) == 1
    assert Words(language).text("selftest.not_left_ready") in out.getvalue()
