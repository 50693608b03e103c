"""Fixtures that tests of every package share; one that a single part needs stands in that part's test file."""

import os
import random
import socket
from itertools import groupby

import hypothesis
import pytest

from timing import FakeClock

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
    """Every test holds in any order; those of a file stay together, as some share what is dear to make."""
    seed = config.getoption("shuffle")
    if seed is None:
        return
    chance = random.Random(seed)
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
    """A TCP port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
