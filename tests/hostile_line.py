"""Bottles in real time over a line whose every way is spoilt, and what three witnesses say of them afterwards.

    python tests/hostile_line.py --bottles 500 --seed 1

Twin and kiosk are the product's own on real pseudo-terminals, with ``relay.py`` between them.
"""

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen
from simulation.processes import Folders
from simulation.witnesses import Comparison, LedgerSays, MetalSays
from timing import wait_until
from wires.relay import Relay
from worlds.installation import CAN, GLASS, PLASTIC, Installation, RunningKiosk

ITEMS = (GLASS, PLASTIC, GLASS, CAN, PLASTIC)
SHARE = 0.05
BOTTLE_S = 60.0
"""How long one bottle may take at most: lost frames cost time-outs, and a doubt is reconciled before the next one."""

WANTED = {
    Screen.CHOOSE: Touch.KEEP,
    Screen.VOUCHER: Touch.DONE,
    Screen.PARTING: Touch.DONE,
    Screen.THANKS: Touch.DONE,
    Screen.STILL_HERE: Touch.ALIVE,
}


@dataclass(frozen=True)
class Told:
    """What became of it: by the metal, by the books, by all three compared, and what the relay did."""

    metal: MetalSays
    books: LedgerSays
    found: Comparison
    relayed: Counter[str]

    @property
    def agree(self) -> bool:
        return (self.found.lost, self.found.duplicated, self.found.misread, self.found.disagreements) == (0, 0, (), ())

    def __str__(self) -> str:
        frames = ", ".join(f"{name} {times}" for name, times in sorted(self.relayed.items()))
        return (
            f"{self.metal.put_in} put in, {len(self.metal.falls)} fell, {self.metal.handed_back} handed back; "
            f"credited {sum(self.books.credits.values())}, {self.books.credited_cents} cents, uncounted {len(self.books.uncounted)}, "
            f"cancelled {len(self.books.cancelled)}; lost {self.found.lost}, duplicated {self.found.duplicated}, "
            f"misread {len(self.found.misread)}, disagreements {list(self.found.disagreements)}\n    {frames}"
        )


def over_a_hostile_line(folder: Path, bottles: int, seed: int, share: float = SHARE) -> Told:
    port = folder / "relayed"
    with (
        Relay(port, Folders(folder / "hall").twin / "intake", seed) as relay,
        Installation(folder / "hall", intake={"port": str(port)}) as hall,
    ):
        with RunningKiosk(hall) as kiosk:
            kiosk.until_screen(Screen.ATTRACT)
            relay.hostile(share)
            for number in range(1, bottles + 1):
                hall.feed(ITEMS[number % len(ITEMS)])
                wait_until(lambda: (_touched(kiosk), hall.all_in)[1], timeout_s=BOTTLE_S)
            relay.hostile(0.0)
            wait_until(lambda: _touched(kiosk, leaves=True), timeout_s=BOTTLE_S)
        return Told(hall.metal(), hall.books(), hall.compare(), relay.happened())


def _touched(kiosk: RunningKiosk, leaves: bool = False) -> bool:
    """The visitor does what the screen wants; whether nobody is there any more."""
    shown = kiosk.shown()
    if shown.halt is Halt.LEFT_BEHIND:
        kiosk.touch(Touch.TAKE_OUT)
    elif shown.screen in WANTED:
        kiosk.touch(WANTED[shown.screen])
    elif leaves and shown.screen is Screen.FEEDING:
        kiosk.touch(Touch.FINISH)
    return shown.screen is Screen.ATTRACT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bottles", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=SHARE, help="of the frames of each way that meet trouble")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="consigne-") as folder:
        told = over_a_hostile_line(Path(folder), given.bottles, given.seed, given.share)
    sys.stdout.write(f"{given.bottles} bottles, seed {given.seed}: {told}\n")
    return int(not told.agree)


if __name__ == "__main__":
    sys.exit(main())
