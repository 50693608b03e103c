"""One pattern tried on the whole kiosk: trials in, what became of each put out. Its witnesses are the metal's truth and the ledger's file, as of any simulated run."""

import json
import random
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from config.vocabulary import Gtin
from drivers.twin.mechanics import STANDARD
from kiosk.deposit.notes import Note
from kiosk.deposit.view import ViewState
from kiosk.remembered import Remembered
from ledger.reader import open_reader
from recognition.catalogue.entry import Entry, Source
from recognition.policy import Policy
from simulation.redteam.patterns import Pattern, Trial, Wrong
from simulation.redteam.pool import Drawn
from simulation.virtual.eyes import Eyes
from simulation.virtual.world import World

KNOWN_SINCE = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one put. ``material``: as what it was credited, None if it was not. ``reason``: why it was handed back; None if paid, or ended otherwise."""

    picture: str
    material: str | None
    reason: str | None

    def is_wrong(self, wrong: Wrong) -> bool:
        match wrong:
            case Wrong.PAID:
                return self.material is not None
            case Wrong.AS_PLASTIC:
                return self.material == "plastic"
            case Wrong.NOT_PAID:
                return self.material is None


class Known:
    """The catalogue of a run: what the trials' codes are claimed to stand for."""

    def __init__(self, trials: Iterable[Trial]) -> None:
        self._entries = {
            Gtin(code): Entry(Gtin(code), trial.picture, trial.claim.packaging, None, trial.claim.empty_g, False, Source.CITY, KNOWN_SINCE)
            for trial in trials
            if trial.claim is not None
            for item in trial.puts
            for code in item.codes[:1]
        }

    def find(self, gtin: Gtin) -> Entry | None:
        return self._entries.get(gtin)

    def credited(self, gtin: Gtin | None) -> None:
        """Nobody is to hear of it."""

    def keep(self) -> None:
        """It is as it was."""


def attack(pattern: Pattern, pool: Iterable[Drawn], policy: Policy, seed: int, tries: int = 1) -> list[Outcome]:
    """Each picture of the pattern ``tries`` times, by somebody else each time, in an order of the seed's. Forgiven puts are left out."""
    rng = random.Random(f"{seed} {pattern.name}")
    chosen = [drawn for drawn in pool if drawn.pattern == pattern.pool and pattern.chosen(drawn)][: pattern.most_pictures]
    trials = [pattern.make(drawn, rng, number) for number in range(tries) for drawn in chosen]
    rng.shuffle(trials)
    with tempfile.TemporaryDirectory(prefix="consigne-") as folder:
        return _tried(trials, Path(folder), policy, seed, pattern.forgiven)


def _tried(trials: list[Trial], folder: Path, policy: Policy, seed: int, forgiven: int) -> list[Outcome]:
    items = {item.name: item for trial in trials for item in trial.puts}
    world = World(
        twin=folder / "twin",
        kiosk=folder / "kiosk",
        items=items,
        scenario=(),
        mechanics=STANDARD,
        sight=partial(Eyes, policy=policy, memory=Remembered(folder / "kiosk.db", _unheard), products=Known(trials), seed=seed),
        seed=seed,
        on_call=True,
        show=_nobody,
        later=[trial.lines() for trial in trials],
    )
    world.run()
    told = _told(folder)
    return [told[item.name] for trial in trials for item in trial.puts[forgiven:]]


def _told(folder: Path) -> dict[str, Outcome]:
    """By item, each of which was put in once."""
    sequences: defaultdict[str, set[int]] = defaultdict(set)
    names: list[str] = []
    for line in (folder / "twin" / "metal.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        if "item" not in told:
            continue
        if told["event"] == "in":
            names.append(told["item"])
        if told["sequence"] is not None:
            sequences[told["item"]].add(told["sequence"])
    credited = _credited(folder / "kiosk" / "ledger.db")
    reasons = _reasons(folder / "kiosk")
    return {
        name: Outcome(name.split("-")[0], next((credited[one] for one in sequences[name] if one in credited), None), reasons.get(number))
        for number, name in enumerate(names, 1)
    }


def _credited(ledger: Path) -> dict[int, str]:
    """The material of each credit, by the sequence of its Sort."""
    with closing(open_reader(ledger)) as database:
        bodies: list[sqlite3.Row] = database.execute("SELECT body FROM entry WHERE kind = 'credit'").fetchall()
    told = [json.loads(body) for (body,) in bodies]
    return {one["sequence"]: one["material"] for one in told}


def _reasons(kiosk: Path) -> dict[int, str]:
    lines = [json.loads(line) for path in sorted(kiosk.glob("log-*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return {line["item"]: line["reason"] for line in lines if line["kind"] == "handed_back"}


def _nobody(shown: ViewState) -> None:
    """Nobody looks."""


def _unheard(note: Note) -> None:
    """A note that its memory cannot be kept: its folder is new, and it can."""
    raise RuntimeError(note)
