"""Fixtures that tests of every package share; one that a single part needs stands in that part's test file."""

import contextlib
import os
import random
import socket
from itertools import groupby

import hypothesis
import pytest

from timing import FakeClock, patient

# before pytest-qt makes an application: no test needs a display
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples each time: whether a change is kept depends on the change alone. ``--hypothesis-profile wide`` looks for others.
# A deadline would fail a test for being slow on a busy machine.
hypothesis.settings.register_profile("kiosk", deadline=None, derandomize=True)
hypothesis.settings.register_profile("wide", deadline=None)
hypothesis.settings.load_profile("kiosk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", type=int, metavar="SEED", help="files in a random order, and the tests within each")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        stated = item.get_closest_marker("timeout")
        timeout_s = float(stated.args[0] if stated else config.getini("timeout"))
        item.add_marker(pytest.mark.timeout(patient(timeout_s)), append=False)
    seed = config.getoption("shuffle")
    if seed is not None:
        _shuffle(items, random.Random(seed))


def _shuffle(items: list[pytest.Item], chance: random.Random) -> None:
    """Every test holds in any order; those of a file stay together, as some share what is dear to make."""
    files = [list(of_file) for _, of_file in groupby(items, key=lambda item: item.path)]
    chance.shuffle(files)
    for of_file in files:
        chance.shuffle(of_file)
    items[:] = [item for of_file in files for item in of_file]


@pytest.fixture
def clock() -> FakeClock:
    """Stands still until a test calls ``advance``."""
    return FakeClock()


@pytest.fixture
def free_port() -> int:
    """A TCP port on loopback on which nobody listens; none of those that the system gives out by itself, to a test next door for instance."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
