"""Seeded noise round every limit, for 20 s on a clock that is turned: what people see changes twice at most, and no bottle is refused for it."""

import itertools
import os
import random
from collections.abc import Callable, Sequence

import pytest

from config.settings import Recognition
from config.vocabulary import Gtin
from drivers.camera.health import (
    BLUR_LIMIT_PX,
    BRIGHT_LIMIT,
    CHANGE_LIMIT,
    SATURATED_LIMIT,
    CameraHealth,
    PictureFigures,
)
from firmware.calibration import BIN_EMPTY_MM
from firmware.guard import SCALE_BACK_G, SCALE_G, SUPPLY_BACK_MV, SUPPLY_LOW_MV
from firmware.registers import FAULT_NONE, OPEN, SHUT
from firmware.server import BIN_FULL_MM, LEVEL_BAND_PERCENT, LEVEL_MS
from recognition.judge import judge
from recognition.policies import policy_of
from recognition.verdict import Evidence
from simulation.virtual.sight import clear_look
from wires.bench import Bench
from wires.wire import Wire

SEEDS = pytest.mark.parametrize("seed", range(5))
LASTS_MS = 20_000
MOST_CHANGES = 2


def changes(seen: Sequence[object]) -> int:
    return sum(before != now for before, now in itertools.pairwise(seen))


def faults(bench: Bench, sensor: str, values: Callable[[], int], every_ms: int) -> list[int]:
    """What the controller shows as its fault, tick after tick."""
    seen = [bench.controller.fault]
    for _ in range(LASTS_MS // every_ms):
        setattr(bench.metal.sensors, sensor, values())
        for _ in range(every_ms // 10):
            bench.tick(10)
            seen.append(bench.controller.fault)
    return seen


@SEEDS
@pytest.mark.parametrize("every_ms", [10, 100, 500])
@pytest.mark.parametrize(
    ("sensor", "mean", "width"),
    [
        ("supply_mv", SUPPLY_LOW_MV, 300),
        ("supply_mv", (SUPPLY_LOW_MV + SUPPLY_BACK_MV) // 2, 500),
        ("supply_mv", SUPPLY_BACK_MV, 600),
        ("weight_g", SCALE_G, 4),
        ("weight_g", -SCALE_G, 4),
        ("weight_g", (SCALE_G + SCALE_BACK_G) // 2, 10),
        ("weight_g", SCALE_BACK_G, 4),
    ],
)
def test_noise_round_a_limit_changes_the_controllers_fault_twice_at_most(
    tmp_path: os.PathLike[str], sensor: str, mean: int, width: int, every_ms: int, seed: int
) -> None:
    chance, bench = random.Random(seed), Bench(tmp_path)
    assert changes(faults(bench, sensor, lambda: mean + chance.randint(-width, width), every_ms)) <= MOST_CHANGES


@SEEDS
@pytest.mark.parametrize("every_ms", [10, 100, 500])
def test_a_gate_beam_that_flickers_changes_the_controllers_fault_twice_at_most(
    tmp_path: os.PathLike[str], every_ms: int, seed: int
) -> None:
    chance, bench = random.Random(seed), Bench(tmp_path)
    bench.tick(entry_beam=True)
    bench.run(60_000, step_ms=100)
    assert changes(faults(bench, "entry_beam", lambda: chance.randrange(2), every_ms)) <= MOST_CHANGES


@SEEDS
def test_short_dips_of_a_good_supply_shut_no_gate(tmp_path: os.PathLike[str], seed: int) -> None:
    """As drives make them when they start."""
    chance, bench = random.Random(seed), Bench(tmp_path)
    bench.open()
    for _ in range(LASTS_MS // 100):
        bench.tick(10, supply_mv=SUPPLY_LOW_MV - chance.randint(1, 2000))
        bench.run(30)
        bench.tick(10, supply_mv=12_000)
        bench.run(50)
        assert (bench.controller.state, bench.controller.fault) == (OPEN, FAULT_NONE)


@SEEDS
def test_a_hand_and_the_door_act_at_the_first_look_however_short(tmp_path: os.PathLike[str], seed: int) -> None:
    chance, bench = random.Random(seed), Bench(tmp_path)
    for sequence in range(1, 20):
        bench.open(sequence)
        bench.run(10 * chance.randint(1, 20))
        bench.tick(2, door_open=True)
        assert bench.driven()[-1] == "gate shuts"
        bench.tick(2, door_open=False, gate_open=False, entry_beam=True)
        assert bench.driven() == ["gate opens"]
        bench.tick(2, gate_open=True, entry_beam=False)
        bench.run(1000)
        bench.gate_shut()
        bench.driven()
        assert bench.controller.state == SHUT


@SEEDS
@pytest.mark.parametrize("width_g", [1, 2])
def test_a_bottle_on_a_scale_that_trembles_lies_still_before_patience_ends(tmp_path: os.PathLike[str], width_g: int, seed: int) -> None:
    chance, bench = random.Random(seed), Bench(tmp_path)
    bench.tick(occupied=True, weight_g=23)
    for _ in range(1000):
        bench.tick(5, weight_g=23 + chance.randint(-width_g, width_g))
        if bench.controller.steady:
            return
    raise AssertionError("never still in 5 s")


@SEEDS
@pytest.mark.parametrize("percent", [0, 50, 94, 95, 100])
def test_a_bins_level_that_trembles_is_shown_still_and_one_that_moves_is_followed(
    tmp_path: os.PathLike[str], percent: int, seed: int
) -> None:
    chance, wire = random.Random(seed), Wire(tmp_path)

    def level(shown: int) -> int:
        return BIN_EMPTY_MM - (BIN_EMPTY_MM - BIN_FULL_MM) * shown // 100

    seen = []
    for _ in range(LASTS_MS // 100):
        wire.bench.metal.mm[1] = level(percent) + chance.randint(-20, 20)
        wire.bench.clock.now += 100
        seen.append(wire.value("bin_1_percent"))
    assert changes(seen) <= MOST_CHANGES
    assert all(abs(shown - percent) <= LEVEL_BAND_PERCENT + 3 for shown in seen)
    wire.bench.metal.mm[1] = level(70)
    wire.value("bin_1_percent")
    wire.bench.clock.now += LEVEL_MS
    assert abs(wire.value("bin_1_percent") - 70) <= 1


BOTTLE = Gtin("3080216000008")


@SEEDS
@pytest.mark.parametrize("limit", ["lightest", "full"])
def test_no_bottle_within_the_limits_is_refused_for_the_scales_noise(limit: str, seed: int) -> None:
    policy, chance = policy_of(Recognition(policy="weight-and-code"), demonstration=False), random.Random(seed)
    weight_g = policy.lightest_g if limit == "lightest" else policy.full_g
    looks = tuple(clear_look(number, {BOTTLE}) for number in range(2))
    for _ in range(200):
        assert judge(Evidence(looks, weight_g + chance.randint(-policy.scale_g, policy.scale_g), metal=False), policy).accepted


GOOD = PictureFigures(bright=200.0, saturated=0.0, change=2.3, blur_px=1.1)


@SEEDS
@pytest.mark.parametrize("every_s", [0.04, 0.5])
@pytest.mark.parametrize(
    ("figure", "limit", "width"),
    [("bright", BRIGHT_LIMIT, 4.0), ("saturated", SATURATED_LIMIT, 0.06), ("blur_px", BLUR_LIMIT_PX, 0.1), ("change", CHANGE_LIMIT, 0.03)],
)
def test_noise_round_a_limit_of_the_picture_tells_a_fault_once_and_does_not_take_it_back(
    figure: str, limit: float, width: float, every_s: float, seed: int
) -> None:
    chance, health, told = random.Random(seed), CameraHealth(), []
    for number in range(round(LASTS_MS / 1000 / every_s)):
        values = {"bright": GOOD.bright, "saturated": GOOD.saturated, "change": GOOD.change, "blur_px": GOOD.blur_px}
        values[figure] = chance.uniform(limit - width, limit + width)
        health = health.seen(PictureFigures(**values), number * every_s)  # type: ignore[arg-type]
        told.append(None if health.told is None else health.told.fault)
    assert changes(told) <= MOST_CHANGES
