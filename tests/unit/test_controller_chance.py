"""The controller under sensors that a seed moves keeps what it promises. Runs under MicroPython as well."""

import os

from wires.whims import lives


def test_what_is_promised_holds_whatever_the_sensors_say(tmp_path: os.PathLike[str]) -> None:
    reached = lives(tmp_path, range(24), 1500)
    assert min(reached.values()) > 0, reached
