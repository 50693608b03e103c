"""The technician's words at a kiosk without a screen, what is told of them, and that no visitor can say one."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from config.vocabulary import SequenceNumber
from drivers.intake.bus import PortTaken
from kiosk.deposit.events import Event, ServiceAsked, ServiceEnded, Touch
from kiosk.deposit.loans import AlreadyLent, BottleOpen, Hindrance, ItemInside, NotInService, StillBusy, VisitOpen
from kiosk.runner import Runner
from kiosk.selftest.hands import Chore, NotDone, SpokenHands
from kiosk.selftest.on_loan import SelfTest
from kiosk.selftest.results import StepReason
from kiosk.selftest.run import PLAN
from kiosk.technician import Technician
from kiosk.words.catalogue import Words
from kiosk.words.loans import tell_hindrance
from kiosk.workers.tools import Tool
from timing import patient, wait_until

HINDRANCES: tuple[tuple[Hindrance, str], ...] = (
    (NotInService(), "service"),
    (VisitOpen("0417"), "0417"),
    (VisitOpen(None), "–"),
    (BottleOpen(SequenceNumber(33)), "33"),
    (ItemInside(), ""),
    (StillBusy(), ""),
    (AlreadyLent(), ""),
)


class Posts:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def post(self, event: Event) -> None:
        self.events.append(event)


class Kiosk:
    """What was asked of it."""

    def __init__(self) -> None:
        self.posts = Posts()
        self.tools: list[Tool] = []

    @property
    def runner(self) -> Runner:
        return self.posts  # type: ignore[return-value]

    def lend_to(self, tool: Tool) -> None:
        self.tools.append(tool)

    def serve(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class Bench:
    def __init__(self, settings: Settings) -> None:
        self.kiosk = Kiosk()
        self.written: list[Mapping[str, Any]] = []
        self.said: list[str] = []
        self.technician = Technician(self.kiosk, settings, Words("en"), self.written.append, self.said.append)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    settings = Settings.model_validate(
        {
            "kiosk": {"id": "test-hall", "state": str(tmp_path)},
            "intake": {"port": "/dev/consigne-intake"},
            "camera": {"source": "/dev/video0"},
            "reward": {"voucher_page": "https://consigne.example/bon"},
            "city": {"url": "https://city.example"},
        }
    )
    return Bench(settings)


def test_the_machine_is_asked_for_and_let_go_by_a_word(bench: Bench) -> None:
    assert bench.technician.hears("service")
    assert bench.technician.hears("service end")
    assert bench.kiosk.posts.events == [ServiceAsked(), ServiceEnded()]


def test_no_touch_of_a_visitor_is_a_technicians_word(bench: Bench) -> None:
    bench.technician.hands = SpokenHands(lambda chore: None)
    assert [touch for touch in Touch if bench.technician.hears(touch.value)] == []
    assert (bench.kiosk.posts.events, bench.kiosk.tools) == ([], [])


@pytest.mark.parametrize("word", ["", "services", "service end now", "skip", "skip it", "self-tests", "ready"])
def test_what_means_nothing_is_left_to_whoever_reads_touches(bench: Bench, word: str) -> None:
    assert not bench.technician.hears(word)
    assert bench.kiosk.posts.events == []


def test_a_self_test_asks_for_the_line(bench: Bench) -> None:
    assert bench.technician.hears("self-test")
    assert bench.technician.hears("self-test gate drop")
    assert [type(tool) for tool in bench.kiosk.tools] == [SelfTest, SelfTest]


def test_a_step_that_there_is_not_is_told_with_those_that_there_are(bench: Bench) -> None:
    assert bench.technician.hears("self-test gates")
    assert bench.kiosk.tools == []
    (sentence,) = bench.said
    assert "gates" in sentence
    assert all(step.name in sentence for step in PLAN)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("why", "fact"), HINDRANCES, ids=str)
def test_each_hindrance_is_told_in_a_sentence_with_its_facts(why: Hindrance, fact: str, language: str) -> None:
    told = tell_hindrance(why, Words(language))
    assert fact in told
    assert not set("{}") & set(told)


def test_no_hindrance_is_left_out() -> None:
    assert {type(why).__name__ for why, _ in HINDRANCES} == {kind.__name__ for kind in Hindrance.__subclasses__()}


def test_a_refusal_is_told_as_a_line_and_in_words(bench: Bench) -> None:
    bench.technician.refused(VisitOpen("0417"))
    assert bench.written == [{"service": "refused", "why": {"type": "VisitOpen", "number": "0417"}}]
    assert "0417" in bench.said[0]


def test_a_port_that_another_program_took_meanwhile_is_told(bench: Bench) -> None:
    bench.technician.failed(PortTaken("/dev/consigne-intake", "locked"))
    assert bench.written == [{"service": "failed", "error": "PortTaken"}]
    assert "/dev/consigne-intake" in bench.said[0]


class Asked:
    """Hands that were asked for something, in a thread of their own."""

    def __init__(self, bench: Bench) -> None:
        self.kept = 0
        self.came_to: list[object] = []
        self.hands = SpokenHands(bench.technician._ask)
        bench.technician.hands = self.hands
        self._thread = threading.Thread(target=self._do)
        self._thread.start()
        wait_until(lambda: self.kept)

    def _do(self) -> None:
        try:
            self.hands.do(Chore.OPEN_DOOR, self._keep)
            self.came_to.append("done")
        except NotDone as undone:
            self.came_to.append((undone.reason, undone.detail))

    def _keep(self) -> None:
        self.kept += 1

    def end(self) -> list[object]:
        self._thread.join(patient(10))
        return self.came_to


@pytest.mark.parametrize(
    ("word", "came_to"),
    [("ready", "done"), ("skip no key", (StepReason.PERSON, "no key")), ("service end", (StepReason.NOBODY, ""))],
)
def test_hands_are_asked_in_words_and_answer_in_words_while_the_beat_is_kept(bench: Bench, word: str, came_to: object) -> None:
    asked = Asked(bench)
    assert bench.written == [{"service": "chore", "chore": "open_door", "weight_g": 500}]
    assert "door" in bench.said[0]
    assert bench.technician.hears(word)
    assert asked.end() == [came_to]
