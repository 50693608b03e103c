"""The red team: what each pattern of fraud comes to before the whole kiosk on the twin, and how many honest people are hurt.

    python -m benchmarks.red_team [--policy every-vote] [--pattern jar …] [--tries N] [--seed N] [--pool DIR] [--json]

Pictures are those of the pool, which nothing was tuned on; sight, rules, session, driver core, firmware and ledger are the real ones, in virtual time.
Shares are means over pictures, with intervals over pictures.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from config.settings import Recognition
from recognition.policies import policy_of
from recognition.policy import Policy
from simulation.redteam.attack import attack
from simulation.redteam.figures import Figure, figure
from simulation.redteam.patterns import BY_NAME, FRAUDS
from simulation.redteam.pool import POOL, read_pool

BLOCKED, HURT = 0.90, 0.01


def measure(policy: Policy, patterns: list[str], pool: Path, seed: int, tries: int) -> list[Figure]:
    drawn = read_pool(pool)
    return [figure(BY_NAME[name], attack(BY_NAME[name], drawn, policy, seed, tries)) for name in patterns]


def told(one: Figure) -> str:
    reasons = ", ".join(f"{reason} {times}" for reason, times in list(one.reasons.items())[:4])
    return f"{one.pattern:24}{one.pictures:9}{one.puts:6}{100 * one.right:8.1f} %  [{100 * one.low:5.1f}, {100 * one.high:5.1f}]  {reasons}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--policy", default="every-vote", choices=("every-vote", "weight-and-code"))
    parser.add_argument("--pattern", nargs="*", choices=tuple(BY_NAME), default=list(BY_NAME))
    parser.add_argument("--tries", type=int, default=1, help="with each picture")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pool", type=Path, default=POOL)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    policy = policy_of(Recognition(policy=arguments.policy), demonstration=True)
    found = measure(policy, arguments.pattern, arguments.pool, arguments.seed, arguments.tries)
    if arguments.json:
        print(json.dumps({"policy": policy.name, "seed": arguments.seed, "figures": [asdict(one) for one in found]}))
    else:
        print(f"policy {policy.name}, seed {arguments.seed}")
        print(f"{'pattern':24}{'pictures':>9}{'puts':>6}{'right':>10}  {'interval':16}  what they were told")
        print("\n".join(told(one) for one in found))
    frauds = {pattern.name for pattern in FRAUDS}
    missed = [one.pattern for one in found if one.right < (BLOCKED if one.pattern in frauds else 1 - HURT)]
    print(f"below the goal ({BLOCKED:.0%} blocked, {HURT:.0%} hurt): {', '.join(missed) or 'none'}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
