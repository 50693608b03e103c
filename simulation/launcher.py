"""One simulated run from start to end: processes up, bottles in, money synced, witnesses asked."""

import json
import random
import shlex
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from config.demonstration import ASSOCIATIONS, as_configured
from config.settings import load
from config.state import Files
from drivers.twin.items import Item, chamber_items, frame_items
from drivers.twin.looks import PICTURE_MM
from drivers.twin.mechanics import PROFILES
from drivers.twin.scenario import read_file
from kiosk.begin import begin_ledger
from kiosk.failures import ProcessFailed
from recognition.shape.background import keep
from simulation.at_city import AtCity, database, enrol, log_in
from simulation.chamber import empty_chamber
from simulation.incidents import troubled
from simulation.outcome import Outcome, outcome, read_notes
from simulation.processes import CONSIGNE, READY_S, Folders, Processes, write_configuration
from simulation.visitor import Shown, Visitor
from simulation.weights import weight_of_one
from simulation.witnesses import ask_books, ask_city, ask_metal, compare, compare_with_city

KIOSK = "demonstration"

EMPTIED_EVERY = 60
"""So many items never fill a bin."""

BOTTLES = ("glass_bottle", "plastic_bottle")
TAKEN_TO_G = 500
"""What is heavier is not empty, by the policy that these runs are judged by."""

PATIENCE_S = 120.0
"""A run in which nothing at all happens for this long has failed; a kiosk's start counts as such."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. ``items`` None: every item of the folder once; ``frames`` None: the rendered pictures of the chamber.

    ``troubled``: with every kind of bad luck between the bottles that go well.
    """

    items: int | None
    frames: Path | None
    scenario: Path | None
    seed: int
    mechanics: str
    troubled: bool = False


def simulate(plan: Plan, state: Path, tell: Callable[[Shown], None]) -> Outcome:
    """Runs a plan in a folder; ``tell`` gets every view-state. Raises ProcessFailed, and the twin's errors about pictures, labels and scenario."""
    if plan.scenario is not None:
        # told here: later it would be the end of a process
        read_file(plan.scenario, frame_items(plan.frames) if plan.frames else chamber_items())
    folders = Folders(state)
    folders.make()
    scenario = plan.scenario or write_scenario(plan, state / "scenario.txt")
    with Processes(folders) as processes:
        city = start_city(processes, folders)
        start_twin(processes, folders, plan, scenario)
        configure(folders, city.url, plan)
        settings = load(folders.configuration)
        if not Files(folders.kiosk).ledger.exists():
            begin_ledger(settings, by="simulate", why="simulated run")
        enrol(folders, KIOSK, settings.files.sync_key)
        processes.start("sync", CONSIGNE, "sync", "--config", str(folders.configuration))
        screen, fingers = processes.start_talking("kiosk", CONSIGNE, "run", "--lines", "--config", str(folders.configuration))
        took_s = _attend(Visitor(screen, fingers, lambda: ask_metal(folders.twin / "metal.jsonl").done, tell), processes, folders)
        processes.end("kiosk")
        return testimony(processes, folders, city, plan, took_s)


def testimony(processes: Processes, folders: Folders, city: AtCity, plan: Plan, took_s: float | None) -> Outcome:
    """What the three witnesses say of a run whose kiosk has ended, once the city has heard of all of it."""
    books = ask_books(Files(folders.kiosk).ledger)
    _wait_for_city(city, books.head, processes)
    metal = ask_metal(folders.twin / "metal.jsonl")
    found = compare(metal, books)
    found = replace(found, disagreements=found.disagreements + compare_with_city(books, ask_city(city.url, city.cookies, KIOSK)))
    mechanics = asdict(PROFILES[plan.mechanics])
    return outcome(metal, books, found, read_notes(folders.kiosk), mechanics=mechanics, seed=plan.seed, took_s=took_s, city_asked=True)


def write_scenario(plan: Plan, path: Path) -> Path:
    """One ``put`` line an item, and whatever happens between. The same seed gives the same items at the same angles."""
    items = frame_items(plan.frames) if plan.frames else chamber_items()
    count = len(items) if plan.items is None else plan.items
    lines = _troubled(items, count, plan.seed) if plan.troubled else _untroubled(items, count, plan.seed)
    each = _each_another(lines, items, random.Random(plan.seed))
    path.write_text("\n".join(_emptied(each)) + "\n", encoding="utf-8")
    return path


def _each_another(lines: Sequence[str], items: Mapping[str, Item], chance: random.Random) -> Iterator[str]:
    """With each item another one of its kind: ten bottles of glass of one weight are one bottle to whoever weighs them."""
    for line in lines:
        if line.startswith("put"):
            words = shlex.split(line)
            before_the_second = words.index("with") if "with" in words else len(words)
            words[before_the_second:before_the_second] = ["weighing", str(weight_of_one(items[words[1]].weight_g, chance))]
            yield shlex.join(words)
        else:
            yield line


def _emptied(lines: Iterable[str]) -> Iterator[str]:
    """With the bins emptied in time: what is shown is bottles, not how a full machine waits."""
    puts = 0
    for line in lines:
        yield line
        puts += line.startswith("put")
        if puts == EMPTIED_EVERY:
            puts = 0
            yield from ("bin 1 0", "bin 2 0")


def _untroubled(items: dict[str, Item], count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    return [_put(items[name], chance) for name in _drawn(sorted(items), count, chance)]


def _troubled(items: dict[str, Item], count: int, seed: int) -> list[str]:
    """Bottles with a code are taken when nothing happens; all the rest is not."""
    bottles = [name for name, item in sorted(items.items()) if item.kind in BOTTLES and item.codes and item.weight_g <= TAKEN_TO_G]
    return troubled(bottles, sorted(items.keys() - set(bottles)), count, seed)


def _put(item: Item, chance: random.Random) -> str:
    """A person holds an item with any of its pictured sides to the camera, more or less."""
    side = chance.choice(item.pictures)
    return f"put {shlex.quote(item.name)} roll {(side.roll_deg + chance.randint(-5, 5)) % 360}"


def _drawn(names: Sequence[str], count: int, chance: random.Random) -> Iterator[str]:
    """A seeded shuffle without repetition until all are used up, then another."""
    while count > 0:
        batch = list(names)
        chance.shuffle(batch)
        yield from batch[:count]
        count -= len(batch)


def start_city(processes: Processes, folders: Folders) -> AtCity:
    """The city, once it listens and somebody is logged in."""
    port_file = folders.city / "port"
    port_file.unlink(missing_ok=True)
    open_city(processes, folders, port=0)
    processes.wait_until("city", lambda: port_file.exists() and port_file.read_text().strip().isdigit())
    return log_in(folders, f"http://127.0.0.1:{port_file.read_text().strip()}")


def open_city(processes: Processes, folders: Folders, port: int) -> None:
    """Begins to start the city on a port, 0 for any."""
    arguments = ("serve", "--port", str(port), "--port-file", str(folders.city / "port"), "--database", database(folders))
    processes.start("city", "city", *arguments, "--demonstration")


def start_twin(processes: Processes, folders: Folders, plan: Plan, scenario: Path | None) -> None:
    arguments = _twin_arguments(folders, plan)
    arguments += ["--scenario", str(scenario)] if scenario else []
    processes.start("twin", CONSIGNE, *arguments)
    processes.wait_until("twin", _twin_port(folders).exists)


def start_twin_by_hand(processes: Processes, folders: Folders, plan: Plan) -> IO[str]:
    """The twin's standard input, for lines of people and faults."""
    hands = processes.start_told("twin", CONSIGNE, *_twin_arguments(folders, plan))
    processes.wait_until("twin", _twin_port(folders).exists)
    return hands


def _twin_port(folders: Folders) -> Path:
    return folders.twin / "port"


def _twin_arguments(folders: Folders, plan: Plan) -> list[str]:
    _twin_port(folders).unlink(missing_ok=True)
    arguments = ["twin", "--state", str(folders.twin), "--port-file", str(_twin_port(folders))]
    arguments += ["--seed", str(plan.seed), "--mechanics", plan.mechanics]
    return arguments + (["--frames", str(plan.frames)] if plan.frames else [])


def configure(folders: Folders, city: str, plan: Plan, *, printer: bool = False) -> None:
    """The run's configuration. Its budget is wide: what ends a visit here is the visit's own limit. ``printer``: with the twin's, whose tickets lie in its folder."""
    write_configuration(
        folders,
        {
            "kiosk": {"id": KIOSK, "state": str(folders.kiosk)},
            "intake": {"port": str(folders.twin / "intake")},
            "camera": {
                "source": json.loads((folders.twin / "twin.json").read_text(encoding="utf-8"))["camera_url"],
                "picture_mm": PICTURE_MM,
            },
            "printer": {"kind": "serial", "device": str(folders.twin / "printer")} if printer else {},
            "recognition": {"policy": "barcode-only" if plan.frames else "every-vote"},
            "limits": {"day_cents": 1_000_000},
            "reward": {"voucher_page": "https://consigne.example/bon"},
            "gift": {"associations": [as_configured(association) for association in ASSOCIATIONS]},
            "city": {"url": city, "every_s": 0.5},
        },
    )
    if not plan.frames:
        # a run's visitors leave no pause in which the kiosk would take it by itself
        background = load(folders.configuration).files.background
        background.parent.mkdir(parents=True, exist_ok=True)
        keep(background, empty_chamber(plan.seed))


def _attend(visitor: Visitor, processes: Processes, folders: Folders) -> float | None:
    """Stands at the screen until the last bottle is reconciled. Seconds from the first bottle to the end, None without any."""
    began: float | None = None
    last_shown, quiet_since = visitor.shown, time.monotonic()
    while not visitor.gone:
        if not visitor.attend():
            raise processes.failure("kiosk")
        processes.check()
        now = time.monotonic()
        if visitor.shown != last_shown:
            last_shown, quiet_since = visitor.shown, now
        if now - quiet_since > PATIENCE_S:
            raise ProcessFailed("kiosk", None, f"nothing happened for {PATIENCE_S:.0f} s, screen: {last_shown}", folders.logs / "kiosk.log")
        if began is None and visitor.shown is not None and visitor.shown["visit_number"]:
            began = now
    return None if began is None else time.monotonic() - began


def _wait_for_city(city: AtCity, head: tuple[int, str], processes: Processes) -> None:
    """Until the city holds the ledger's head, or for as long as a start may take: then the witnesses tell the difference."""
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        desk = ask_city(city.url, city.cookies, KIOSK)
        if desk is not None and desk.head == head:
            return
        processes.check()
        time.sleep(0.1)
