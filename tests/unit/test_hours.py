"""Opening hours: whether the hall is open, when it opens next, and what a kiosk makes of it."""

from datetime import UTC, date, datetime

import pytest

from config.clock import PARIS, Instant
from config.hours import OpeningHours

OFFICE = ((510, 750), (810, 1020))
HOURS = OpeningHours(dict.fromkeys(range(5), OFFICE), frozenset({date(2026, 11, 25)}))
"""Monday to Friday, 8:30 to 12:30 and 13:30 to 17:00; the Wednesday is a holiday. 24 November 2026 is a Tuesday."""


def at(day: int, hour: int, minute: int = 0, *, trusted: bool = True) -> Instant:
    return Instant(datetime(2026, 11, day, hour, minute, tzinfo=PARIS).astimezone(UTC), trusted)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(24, 8, 29), (24, 8, 30)),
        (at(24, 8, 30), None),
        (at(24, 12, 29), None),
        (at(24, 12, 30), (24, 13, 30)),
        (at(24, 17), (26, 8, 30)),
        (at(25, 10), (26, 8, 30)),
        (at(27, 18), (30, 8, 30)),
        (at(29, 23, 59), (30, 8, 30)),
    ],
)
def test_a_closed_hall_says_when_it_opens_next(now: Instant, opens: tuple[int, int, int] | None) -> None:
    assert HOURS.opens(now) == (None if opens is None else datetime(2026, 11, *opens, tzinfo=PARIS))


def test_summer_and_winter_time_are_those_of_paris() -> None:
    hours = OpeningHours({6: ((540, 600),)})
    summer, winter = (Instant(datetime(2026, 10, day, 7, 30, tzinfo=UTC), True) for day in (18, 25))
    assert hours.opens(summer) is None
    assert hours.opens(winter) == datetime(2026, 10, 25, 9, tzinfo=PARIS)


def test_nobody_is_sent_away_by_a_clock_that_cannot_be_trusted() -> None:
    assert HOURS.opens(at(24, 3, trusted=False)) is None


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    hours = OpeningHours(dict.fromkeys(range(7), ((0, 1440),)))
    assert {hours.opens(at(day, hour, 59)) for day in (24, 28) for hour in (0, 23)} == {None}
