"""What kiosk and sync write to the disk on a day without anybody and on a busy one, in MB.

    python -m benchmarks.disk_writes [--seconds S] [--visits V] [--bottles B] [--busy N]

The kiosk's own programs (``consigne run --lines``, ``consigne sync``) beside a twin and a city. The kernel counts what each had written to a block
device (``write_bytes`` in /proc/PID/io, whole pages), so the temporary folder must lie on a disk. *Idle*: S seconds in which nobody is there, scaled to
86,400; the sync is asked here twice a second, and what one round writes is scaled to a round a minute, as configured. *Busy*: V visits of B bottles,
each kept as a voucher; what the kiosk writes for a bottle, with its share of a visit, is scaled to N bottles on top of its idle day, and what a round of the
sync writes meanwhile to all the rounds of a day. What the sync
tells anew every quarter of an hour (25 kB) is seen by no run that is shorter. Nightly backups, Debian's own logs and the controller's flash are not in it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from benchmarks.arguments import above_nothing, at_least
from config.settings import load
from kiosk.begin import begin_ledger
from simulation.at_city import enrol
from simulation.launcher import Plan, configure, start_city, start_twin_by_hand
from simulation.processes import Folders, Processes
from simulation.visitor import Visitor
from simulation.witnesses import ask_metal

BOTTLE: Final = 'put "pet_clear_50" roll 5'
SETTLE_S: Final = 5.0
DAY_S: Final = 86_400
SYNC_EVERY_S: Final = 60
"""As configured if nothing else is; here it is ``simulation.launcher``'s."""

HERE_EVERY_S: Final = 0.5
MB: Final = 1_000_000


def written(process: "subprocess.Popen[str]") -> int:
    """Bytes that the kernel had written to a block device for it so far."""
    told = dict(line.split(": ") for line in Path(f"/proc/{process.pid}/io").read_text(encoding="ascii").splitlines())
    return int(told["write_bytes"])


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-m", "commands", *arguments], stdin=pipe, stdout=pipe, text=True, bufsize=1) as process:
        try:
            yield process
        finally:
            process.terminate()


def until(visitor: Visitor, processes: Processes, ready: str) -> None:
    """The visitor stands there and does what is due until that screen stands."""
    while visitor.shown is None or visitor.shown["screen"] != ready:
        if not visitor.attend():
            raise processes.failure("twin")
        processes.check()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=above_nothing, default=120.0, help="how long nobody is there")
    parser.add_argument("--visits", type=at_least(1), default=5)
    parser.add_argument("--bottles", type=at_least(1), default=4, help="of a visit")
    parser.add_argument("--busy", type=at_least(1), default=600, help="bottles of a busy day")
    asked = parser.parse_args()
    plan = Plan(items=None, frames=None, scenario=None, seed=1, mechanics="standard")
    with tempfile.TemporaryDirectory(prefix="consigne-") as folder, Processes(Folders(Path(folder))) as processes:
        folders = Folders(Path(folder))
        folders.make()
        hands = start_twin_by_hand(processes, folders, plan)
        configure(folders, start_city(processes, folders).url, plan)
        settings = load(folders.configuration)
        begin_ledger(settings, by="benchmark", why="writes to the disk")
        enrol(folders, settings.kiosk.id, settings.files.sync_key)
        configuration = ("--config", str(folders.configuration))
        with running("run", "--lines", *configuration) as kiosk, running("sync", *configuration) as sync:
            assert kiosk.stdout is not None
            assert kiosk.stdin is not None
            due = [0]
            visitor = Visitor(
                kiosk.stdout, kiosk.stdin, lambda: len(ask_metal(folders.twin / "metal.jsonl").falls) >= due[0], lambda _: None
            )
            until(visitor, processes, "attract")
            time.sleep(SETTLE_S)
            idle_kiosk, idle_sync = _over(asked.seconds, kiosk, sync)
            before, began_s = (written(kiosk), written(sync)), time.monotonic()
            for _ in range(asked.visits):
                _visit(visitor, processes, hands, asked.bottles, due)
            busy_s = time.monotonic() - began_s
            busy = [now - then for now, then in zip((written(kiosk), written(sync)), before, strict=True)]
    _tell(asked, (idle_kiosk, idle_sync), busy, busy_s)


def _over(seconds: float, *processes: "subprocess.Popen[str]") -> list[int]:
    before = [written(process) for process in processes]
    time.sleep(seconds)
    return [written(process) - then for process, then in zip(processes, before, strict=True)]


def _visit(visitor: Visitor, processes: Processes, hands: IO[str], bottles: int, due: list[int]) -> None:
    """From the first bottle to the kept voucher."""
    for _ in range(bottles):
        due[0] += 1
        hands.write(BOTTLE + "\n")
        hands.flush()
    until(visitor, processes, "voucher")
    until(visitor, processes, "attract")


def _tell(asked: argparse.Namespace, idle: tuple[int, int], busy: list[int], busy_s: float) -> None:
    bottles, rounds = asked.visits * asked.bottles, DAY_S / SYNC_EVERY_S
    kiosk, sync = idle[0] * DAY_S / asked.seconds, rounds * idle[1] * HERE_EVERY_S / asked.seconds
    print(f"nobody there for {asked.seconds:.0f} s: kiosk {idle[0] / 1000:.0f} kB, sync {sync / rounds / 1000:.0f} kB a round")
    print(f"an idle day: kiosk {kiosk / MB:.1f} MB, sync {sync / MB:.1f} MB")
    a_bottle, busy_sync = busy[0] / bottles, rounds * busy[1] * HERE_EVERY_S / busy_s
    print(
        f"{bottles} bottles in visits of {asked.bottles}: kiosk {a_bottle / 1000:.0f} kB a bottle, sync {busy_sync / rounds / 1000:.0f} kB a round"
    )
    print(f"a busy day of {asked.busy} bottles: kiosk {(kiosk + asked.busy * a_bottle) / MB:.1f} MB, sync {busy_sync / MB:.1f} MB at most")


if __name__ == "__main__":
    main()
