"""How long the self-test takes without what hands do: each step on a twin with drives as slow as in the demonstration, its people as hands.

python -m benchmarks.self_test          seconds of all steps that need nobody, and of the five longest
"""

import tempfile
import time
from pathlib import Path

from kiosk.selftest.around import NETWORK
from kiosk.selftest.results import Result
from kiosk.selftest.rig import build
from kiosk.selftest.run import PLAN, follow
from kiosk.selftest.steps import Step
from simulation.selftest import on_a_twin


class Timed:
    """Goes along with a run, and looks at the clock."""

    def __init__(self) -> None:
        self.took_s: dict[str, float] = {}
        self._began_s = 0.0

    def begins(self, step: Step) -> None:
        del step
        self._began_s = time.monotonic()

    def ended(self, step: Step, result: Result) -> None:
        self.took_s[step.name] = time.monotonic() - self._began_s
        print(f"{step.name:24} {self.took_s[step.name]:6.2f} s  {result.outcome}", flush=True)

    def again(self, step: Step, result: Result, keep: object) -> bool:
        del step, result, keep
        return False


def main() -> None:
    timed = Timed()
    with tempfile.TemporaryDirectory() as folder, on_a_twin(Path(folder), None) as (settings, hands):
        began_s = time.monotonic()
        follow(build(settings, hands), (*PLAN, NETWORK), timed)
        all_s = time.monotonic() - began_s
    alone = {step.name: timed.took_s[step.name] for step in (*PLAN, NETWORK) if not step.by_hand}
    longest = ", ".join(f"{name} {took:.1f}" for name, took in sorted(alone.items(), key=lambda one: -one[1])[:5])
    print(
        f"{len(alone)} steps that need nobody: {sum(alone.values()):.1f} s ({longest}); all {len(timed.took_s)} with the twin's people: {all_s:.1f} s"
    )


if __name__ == "__main__":
    main()
