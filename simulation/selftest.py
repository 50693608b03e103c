"""A self-test without metal and without a person: a twin of its own, a ledger begun on it, and the twin's people as hands."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.files import read_text
from config.settings import Settings, load
from drivers.twin.items import chamber_items
from drivers.twin.scenario import read_file
from kiosk.begin import begin_ledger
from kiosk.selftest.hands import TwinHands
from simulation.processes import CONSIGNE, Folders, Processes, write_configuration

SLOW_ENOUGH = ("gate_open_ms", "gate_shut_ms", "sorter_turn_ms", "flap_open_ms", "flap_shut_ms")
SLOW_MS = 300
"""How long the twin's drives take here: on a busy machine its process may stand still for longer than its liveliest motion lasts."""


@contextmanager
def on_a_twin(folder: Path, scenario: Path | None) -> Iterator[tuple[Settings, TwinHands]]:
    """The configuration and the hands, while the twin runs. The lines of ``scenario`` act once its ledger is begun.

    Raises ScenarioWrong, NotText, OSError before anything starts, ProcessFailed, BusError, LedgerError.
    """
    if scenario is not None:
        read_file(scenario, chamber_items())
    lines = () if scenario is None else tuple(read_text(scenario).splitlines())
    folders = Folders(folder)
    folders.make()
    ready = folders.twin / "port"
    with Processes(folders) as processes:
        arguments = ("twin", "--state", str(folders.twin), "--port-file", str(ready))
        _, people = processes.start_talking("twin", CONSIGNE, *arguments)
        processes.wait_until("twin", ready.exists)
        _configure(folders)
        settings = load(folders.configuration)
        begin_ledger(settings, by="self-test", why="self-test on a twin")
        hands = TwinHands(people)
        for line in (*(f"mechanics {name} {SLOW_MS}" for name in SLOW_ENOUGH), *lines):
            hands.say(line)
        try:
            yield settings, hands
        finally:
            # a twin does not end with its standard input: told to end, it need not be waited for
            people.close()


def _configure(folders: Folders) -> None:
    write_configuration(
        folders,
        {
            "kiosk": {"id": "self-test", "state": str(folders.kiosk)},
            "intake": {"port": str(folders.twin / "intake")},
            "camera": {"source": json.loads((folders.twin / "twin.json").read_text(encoding="utf-8"))["camera_url"]},
            "reward": {"voucher_page": "https://consigne.example/bon"},
            "city": {"url": "http://127.0.0.1:9"},
        },
    )
