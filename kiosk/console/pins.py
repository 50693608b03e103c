"""Which PINs are refused as too easily guessed, and how long one who mistyped has to wait.

A PIN of six digits has a million values, so it is the waiting that keeps it: after the first few wrong ones the wait doubles with each (NIST SP 800-63B,
5.2.2, asks for a limit on attempts and for refusing what is common).
"""

from datetime import timedelta
from itertools import pairwise

SHORTEST, LONGEST = 6, 12
"""Digits."""

FEWEST_KINDS = 3
"""Of different digits."""

FREE_TRIES = 3
AGENT_FIRST_S, AGENT_LONGEST_S = 30.0, 3600.0
"""An agent's: after the third wrong one in a row, then twice as long each time."""

MACHINE_TRIES = 12
MACHINE_FIRST_S, MACHINE_LONGEST_S = 60.0, 900.0
"""The machine's, whoever was named: somebody who tries agents one after the other. Shorter at its longest, since it keeps everybody out."""


CODE_TRIES = 5
CODE_FIRST_S, CODE_LONGEST_S = 30.0, 3600.0
"""Wrong codes of vouchers in a row: who tries some out waits as long as who tries PINs."""


def too_simple(pin: str, number: str) -> bool:
    """Whether somebody would guess it: too short or too long, few different digits, a run, a repetition, or the agent's own number in it."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST) or len(set(pin)) < FEWEST_KINDS:
        return True
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(pin == pin[:length] * (len(pin) // length) for length in range(1, len(pin) // 2 + 1) if len(pin) % length == 0)
    return len(steps) == 1 or repeats or (bool(number) and number in pin)


def agent_waits(wrong: int) -> timedelta:
    """After so many wrong PINs in a row for one agent."""
    return _wait(wrong - FREE_TRIES, AGENT_FIRST_S, AGENT_LONGEST_S)


def machine_waits(wrong: int) -> timedelta:
    """After so many wrong PINs since the last right one, for whomever."""
    return _wait(wrong - MACHINE_TRIES, MACHINE_FIRST_S, MACHINE_LONGEST_S)


def code_waits(wrong: int) -> timedelta:
    """After so many codes in a row that are no voucher of this kiosk's."""
    return _wait(wrong - CODE_TRIES, CODE_FIRST_S, CODE_LONGEST_S)


def _wait(beyond: int, first_s: float, longest_s: float) -> timedelta:
    # no power beyond what is needed: two to the ten-thousandth is no float
    return timedelta(seconds=min(longest_s, first_s * 2 ** min(beyond, 20)) if beyond >= 0 else 0.0)
