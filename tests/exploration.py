"""The session, the driver core and the firmware explored together over every interleaving of visitor, power cuts, frames and time-outs.

    python tests/exploration.py                    all rules: no promise is broken
    python tests/exploration.py --without fence    one rule left out: the shortest history that breaks a promise
    python tests/exploration.py --each             every rule left out in turn: each is needed
    python tests/exploration.py --bottles 1 --kiosk-cuts 1 --controller-cuts 1 --delays 1 --jams 1

Breadth first over the program itself, so the first history found is a shortest one. What is stood in for is small: metal in steps
(``exploring/metal.py``), the ledger without a file (``exploring/books.py``), and clocks that stand still, with every time-out an event of
its own. The promises stand in ``exploring/promises.py``, the rules in ``exploring/rules.py``.
"""

import argparse
import sys

from exploring.rules import RULES
from exploring.search import explore
from exploring.world import Bounds, System


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", choices=RULES)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--home", action="store_true", help="look for a way home from everywhere, too")
    parser.add_argument("--deepest", type=int, help="events to look ahead; else everything in reach")
    parser.add_argument("--most", type=int, help="worlds to look at; else everything in reach")
    for name in Bounds._fields:
        parser.add_argument("--" + name.replace("_", "-"), type=int)
    given = parser.parse_args()
    chosen = {name: getattr(given, name) for name in Bounds._fields if getattr(given, name) is not None}
    if given.each:
        return each(chosen)
    rule = RULES[given.without] if given.without else None
    bounds = (rule.bounds if rule else Bounds())._replace(**chosen)
    found = explore(bounds, rule.without if rule else System(), given.deepest, given.most, given.home)
    say(f"{'all rules' if rule is None else f'without {given.without}'}; {words_of(bounds)}\n    {found.told}")
    return int((found.promise is None) == bool(rule))


def each(chosen: dict[str, int]) -> int:
    """Without each rule a promise must break; with all of them, within the same bounds, none."""
    wrong = 0
    for name, rule in RULES.items():
        bounds = rule.bounds._replace(**chosen)
        without, with_it = explore(bounds, rule.without), explore(bounds, System())
        say(f"without {name} ({rule.meaning}); {words_of(bounds)}\n    {without}\n    with all rules {with_it}")
        wrong += without.promise is None or with_it.promise is not None
    return int(wrong > 0)


def words_of(bounds: Bounds) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in bounds._asdict().items() if count)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
