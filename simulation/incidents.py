"""Scenarios full of trouble, drawn from a seed: between bottles that go well, every kind of bad luck that the twin's lines can tell.

What the lines mean stands in ``drivers/twin/scenario.py``. Each incident ends with whatever makes the machine go on: a hand that lets go, a
technician behind the service door, a current that comes back. Nothing here knows what the kiosk should do about it.
"""

import random
from collections.abc import Sequence

INCIDENT_EVERY = 3
"""Every so many puts there is an incident, on average."""

AFTER_THE_LAST = "wait 4000"
"""The bottle before is in its bin, so that the trouble meets the one that it is meant for."""

OPENED = ("wait 1500", "door open", "wait 1500", "remove", "wait 500", "door shut", "wait 1500")
"""A technician looks inside, takes out what is stuck, and shuts the door again."""

LOOKED_AT = ("wait 9000", *OPENED)
"""The same, some time after a fault."""

INCIDENTS: dict[str, tuple[str, ...]] = {
    "jam that clears": ("jam 2", "put {any}"),
    "jam that stays": ("jam 3", "put {any}"),
    "jam below the chamber": ("jam half", "put {bottle}", *LOOKED_AT),
    "jam below the chamber that loosens": ("jam half 700", "put {bottle}", *LOOKED_AT),
    "jam in the beam": ("jam beam", "put {bottle}", *LOOKED_AT),
    "jam in the beam that loosens": ("jam beam {ms}", "put {bottle}", *LOOKED_AT),
    "fishing above the beam": ("fish half", "put {bottle}", *LOOKED_AT),
    "fishing out of the beam": ("fish beam", "put {bottle}", *LOOKED_AT),
    "hand in the gate": ("hand {ms}", "put {any}"),
    "hand that takes it out again": ("hand 900", "put {any}", "pull"),
    "hand and no bottle": ("reach {ms}",),
    "two at once": ("put {bottle} with {bottle}",),
    "left at the lip": ("leave 1", "put {refused}"),
    "left at the lip for good": ("leave 2", "put {refused}", "wait 80000"),
    "left, and taken out by a technician": ("leave 4", "put {refused}", "wait 140000", *OPENED),
    "gate stopped by an obstacle": ("gate obstacle 1", "put {any}"),
    "gate stopped again and again": ("gate obstacle 3", "put {any}", "wait 9000", *OPENED),
    "gate blocked": ("put {any}", "gate blocked", "wait 9000", "gate right", *OPENED),
    "gate dead": ("gate dead", "wait 9000", "gate right", *OPENED),
    "flap blocked": ("flap blocked", "put {bottle}", "wait 12000", "flap right", *OPENED),
    "flap slow": ("flap slow 900", "put {bottle}", "wait 3000", "flap right"),
    "flap forced": ("flap forced 2500", "wait 6000", *OPENED),
    "sorter blocked": ("sorter blocked", "put {bottle}", "wait 9000", "sorter right", *OPENED),
    "sorter dead": ("sorter dead", "put {bottle}", "wait 9000", "sorter right", *OPENED),
    "sensor stuck on": ("sensor {sensor} stuck on", "wait {ms}", "sensor {sensor} right", *LOOKED_AT),
    "sensor stuck off": ("put {any}", "sensor {sensor} stuck off", "wait {ms}", "sensor {sensor} right", *LOOKED_AT),
    "sensor flickers": ("sensor {sensor} flicker 30", "wait {ms}", "sensor {sensor} right", *LOOKED_AT),
    "scale drifts": ("scale drift 60", "wait 9000", "scale drift 0"),
    "scale a little off": ("scale drift 4", "put {bottle}", "wait 2000", "scale drift 0", *LOOKED_AT),
    "bin full": ("bin 2 97", "put pet_blue_50", "wait 3000", "bin 2 0"),
    "all bins full": ("bin 1 97", "bin 2 97", "wait 9000", "bin 1 0", "bin 2 0"),
    "door": ("put {any}", "wait {short}", "door open", "wait {ms}", "door shut", "wait 1500"),
    "drop by hand": ("put {any}", "wait {short}", "door open", "wait 200", "drop", "wait 1500", "door shut", "wait 1500"),
    "supply sags": ("put {any}", "wait {short}", "supply 9500 {ms}"),
    "supply breaks down": ("put {any}", "wait {short}", "supply 4000 {ms}", "wait 5000"),
    "controller cut": ("put {any}", "wait {short}", "reset {ms}", "wait 5000"),
    "controller cut at the gate": ("reset at gate {ms}", "put {any}", "wait 6000"),
    "controller cut in mid-drop": ("reset at fall {ms}", "put {bottle}", *LOOKED_AT),
    "controller cut with the item in the beam": ("reset at beam {ms}", "put {bottle}", *LOOKED_AT),
    "controller cut behind the drop": ("reset at lock {ms}", "put {bottle}", *LOOKED_AT),
    "requests lost": ("line lose {few}", "put {any}"),
    "requests doubled": ("line double {few}", "put {any}"),
    "answers lost": ("line mute {few}", "put {any}"),
    "answers late": ("line late {late} {few}", "put {any}"),
    "answers changed": ("line garble {few}", "put {any}"),
    "bytes lost": ("line drop {few}", "put {any}"),
    "bytes doubled": ("line twice {few}", "put {any}"),
    "answers short": ("line short {few}", "put {any}"),
    "noise": ("line noise 3", "put {any}", "put {any}", "line right"),
    "camera": ("camera {spoil}", "wait {ms}", "camera right", "wait 3000"),
}
SENSORS = ("occupied", "metal", "gate_shut", "gate_open", "entry_beam", "drop_beam", "flap_locked", "door_open")
SPOILS = ("black", "bright", "blurred", "frozen", "off")


def troubled(bottles: Sequence[str], refused: Sequence[str], count: int, seed: int) -> list[str]:
    """Lines of ``count`` puts at least. ``bottles`` are taken when nothing happens, ``refused`` are not."""
    chance = random.Random(seed)
    lines: list[str] = []
    puts = 0
    while puts < count:
        if chance.randrange(INCIDENT_EVERY):
            next_lines = [_filled("put {any}", bottles, refused, chance)]
        else:
            next_lines = drawn(chance.choice(sorted(INCIDENTS)), bottles, refused, chance)
        puts += sum(line.startswith("put") for line in next_lines)
        lines += next_lines
    return lines


def drawn(name: str, bottles: Sequence[str], refused: Sequence[str], chance: random.Random) -> list[str]:
    """The lines of one incident, with its times, items and sensor drawn."""
    sensor = chance.choice(SENSORS)
    filled = (_filled(line.replace("{sensor}", sensor), bottles, refused, chance) for line in INCIDENTS[name])
    return [f"# {name}", AFTER_THE_LAST, *filled]


def _filled(line: str, bottles: Sequence[str], refused: Sequence[str], chance: random.Random) -> str:
    values: dict[str, Sequence[object]] = {
        "{any}": (*bottles, *bottles, *refused),
        "{bottle}": tuple(bottles),
        "{refused}": tuple(refused),
        "{ms}": (100, 300, 700, 1500, 4000),
        "{short}": (1, 50, 120, 250, 400, 600, 900),
        "{late}": (30, 150, 230, 450, 1200),
        "{few}": (1, 2, 5, 20),
        "{spoil}": SPOILS,
    }
    for name, choices in values.items():
        while name in line:
            line = line.replace(name, str(chance.choice(choices)), 1)
    return line
