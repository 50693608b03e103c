"""How long the sync waits after each way in which a round can end."""

from typing import get_args

import pytest

from config.files import Trouble
from ledger.sync.outcomes import (
    AuthoritiesUnusable,
    Between,
    CityAhead,
    CityTroubled,
    Delivered,
    Disagreed,
    Doubted,
    Garbled,
    Intercepted,
    KeyUnusable,
    LedgerUnreadable,
    NotEnrolled,
    NothingToSend,
    Outcome,
    ProxyUnreachable,
    Refused,
    Rejected,
    StateUnusable,
    Stopped,
    TooLarge,
    Unreachable,
    Untrusted,
)
from ledger.sync.rounds import delay_s

AS_USUAL: list[Outcome] = [Delivered("a", 1, "b", 0, ()), NothingToSend("ledger.db"), NotEnrolled("sync.key")]
BACKED_OFF: list[Outcome] = [
    Unreachable("refused"),
    CityTroubled(503, None),
    ProxyUnreachable("proxy.example:3128", "refused"),
    AuthoritiesUnusable("/etc/house.pem", "no such file"),
    Untrusted("self-signed certificate", ""),
    Intercepted(511, Between.PORTAL, ""),
    TooLarge(7, 812_300),
    Garbled("a page"),
    LedgerUnreadable("ledger.db", "malformed", Trouble.DAMAGED),
    StateUnusable("sync.db", "full", Trouble.FULL),
    KeyUnusable("sync.key", "mode is 0644, must be 0600"),
    Doubted(9, "ab", None, 4, Unreachable("refused")),
]
SLOWLY: list[Outcome] = [
    Refused(403, "demonstration"),
    Rejected(422, "hash", "", 4),
    Disagreed("row", 7, "ab", "cd"),
    CityAhead(9, "ab", 7),
    Doubted(9, "ab", None, 4, Refused(403, "demonstration")),
]
EVERY_S = 60.0


def pauses(outcome: Outcome, spread: float) -> list[float]:
    """After one, two, three, four and forty failures in a row."""
    return [delay_s(outcome, failures, EVERY_S, lambda: spread) for failures in (1, 2, 3, 4, 40)]


@pytest.mark.parametrize("outcome", AS_USUAL, ids=lambda outcome: type(outcome).__name__)
def test_what_is_no_failure_is_followed_by_the_usual_pause(outcome: Outcome) -> None:
    assert pauses(outcome, 0.0) == [54.0] * 5
    assert pauses(outcome, 1.0) == [66.0] * 5


@pytest.mark.parametrize("outcome", BACKED_OFF, ids=lambda outcome: type(outcome).__name__)
def test_what_may_mend_itself_is_tried_again_ever_more_rarely_up_to_a_limit(outcome: Outcome) -> None:
    assert pauses(outcome, 0.0) == [60.0, 120.0, 240.0, 480.0, 480.0]
    assert pauses(outcome, 1.0) == [120.0, 240.0, 480.0, 960.0, 960.0]


@pytest.mark.parametrize("outcome", SLOWLY, ids=lambda outcome: type(outcome).__name__)
def test_what_a_person_must_look_at_is_asked_about_slowly_from_the_first_time_on(outcome: Outcome) -> None:
    assert pauses(outcome, 0.0) == [480.0] * 5
    assert pauses(outcome, 1.0) == [960.0] * 5


def test_after_a_stop_nothing_is_waited_for() -> None:
    assert pauses(Stopped(), 1.0) == [0.0] * 5


def test_a_city_that_asks_for_a_pause_gets_it_up_to_an_hour() -> None:
    assert delay_s(CityTroubled(503, 1800), 1, EVERY_S, lambda: 1.0) == 1800
    assert delay_s(CityTroubled(503, 10**6), 1, EVERY_S, lambda: 1.0) == 3600


def test_a_city_that_asks_for_a_short_pause_again_and_again_is_left_alone_ever_longer_all_the_same() -> None:
    assert pauses(CityTroubled(503, 1), 1.0) == [120.0, 240.0, 480.0, 960.0, 960.0]


def test_every_way_to_end_is_among_these() -> None:
    assert {type(outcome) for outcome in (*AS_USUAL, *BACKED_OFF, *SLOWLY, Stopped())} == set(get_args(Outcome))
