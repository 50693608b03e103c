"""What else this machine did while something was measured on it: a figure taken beside other work is worth less."""

import os
import time
from pathlib import Path


class Others:
    """Counts from when it is made. What this process started is its own once it has ended and was waited for."""

    def __init__(self) -> None:
        self._wall_s, self._busy_s, self._own_s = time.monotonic(), _busy_s(), _own_s()

    @property
    def percent(self) -> float:
        """Of one core, by everybody else."""
        busy_s, own_s = _busy_s() - self._busy_s, _own_s() - self._own_s
        return 100 * max(0.0, busy_s - own_s) / (time.monotonic() - self._wall_s)


def keep_compiled() -> None:
    """For this process's children: what the first of them compiles is there for the others, as ``script/bootstrap`` has compiled all that a kiosk loads."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _busy_s() -> float:
    """All processors together, but for idle and waiting for a disk: the first line of stat, proc(5)."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text(encoding="ascii").split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
