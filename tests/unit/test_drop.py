"""The one order in which a drop counts, and what breaks it. Runs under MicroPython as well."""

from firmware.drop import ABOVE_BEAM, BELOW_BEAM, BROKEN, DROPPED, IN_CHAMBER, ZERO_G, Drop
from wires.bench import BenchMetal, Chance


def told(*looks: "dict[str, bool | int]") -> int:
    """The stage after looks at a light item that lies on an open flap; each look sees what is given, and else what the last one saw."""
    metal, drop = BenchMetal(), Drop()
    metal.sensors.occupied, metal.sensors.weight_g, metal.sensors.flap_locked = True, 23, False
    for look in looks:
        for name, value in look.items():
            setattr(metal.sensors, name, value)
        drop.look(metal.read())
    return drop.stage


OUT: "dict[str, bool | int]" = {"occupied": False, "weight_g": 0}
IN_BEAM: "dict[str, bool | int]" = {"drop_beam": True}
PAST: "dict[str, bool | int]" = {"drop_beam": False}
LOCKED: "dict[str, bool | int]" = {"flap_locked": True}
BACK: "dict[str, bool | int]" = {"occupied": True, "weight_g": 23}


def test_an_item_is_followed_stage_by_stage() -> None:
    assert told({}) == IN_CHAMBER
    assert told({}, OUT) == ABOVE_BEAM
    assert told({}, OUT, IN_BEAM) == BELOW_BEAM
    assert told({}, OUT, IN_BEAM, PAST) == BELOW_BEAM
    assert told({}, OUT, IN_BEAM, PAST, LOCKED) == DROPPED


def test_an_item_may_leave_the_chamber_and_reach_the_beam_between_two_looks() -> None:
    assert told({"occupied": False, "weight_g": 0, "drop_beam": True}) == BELOW_BEAM


def test_no_single_look_makes_a_drop() -> None:
    assert told({"occupied": False, "weight_g": 0, "drop_beam": True, "flap_locked": True}) == BELOW_BEAM
    assert told({"occupied": False, "weight_g": 0, "flap_locked": True}) == ABOVE_BEAM


def test_the_beam_before_the_chamber_is_empty_breaks_it() -> None:
    assert told(IN_BEAM) == BROKEN
    assert told(IN_BEAM, OUT, PAST, LOCKED) == BROKEN


def test_what_comes_back_before_the_beam_breaks_it() -> None:
    assert told(OUT, BACK) == BROKEN
    assert told(OUT, BACK, OUT, IN_BEAM, PAST, LOCKED) == BROKEN


def test_what_comes_back_after_the_beam_breaks_it() -> None:
    assert told(OUT, IN_BEAM, BACK) == BROKEN
    assert told(OUT, IN_BEAM, PAST, BACK, OUT, LOCKED) == BROKEN


def test_nothing_drops_while_the_beam_is_interrupted_the_scale_loaded_or_the_flap_not_locked() -> None:
    assert told(OUT, IN_BEAM, LOCKED) == BELOW_BEAM
    assert told(OUT, IN_BEAM, {"drop_beam": False, "flap_locked": True, "weight_g": ZERO_G + 1}) == BELOW_BEAM
    assert told(OUT, IN_BEAM, {"drop_beam": False, "flap_locked": True, "weight_g": ZERO_G}) == DROPPED
    assert told(OUT, IN_BEAM, PAST) == BELOW_BEAM


def test_what_ended_stays_ended() -> None:
    assert told(OUT, IN_BEAM, PAST, LOCKED, BACK) == DROPPED
    assert told(IN_BEAM, PAST, OUT, IN_BEAM, PAST, LOCKED) == BROKEN


def test_no_sensors_however_wild_make_a_drop_without_the_beam_after_an_empty_chamber() -> None:
    """10,000 looks of chance: each drop had the chamber empty, then the beam with it still empty, then everything clear."""
    chance, metal, drop = Chance(15), BenchMetal(), Drop()
    beam_seen, drops = False, 0
    for _ in range(10_000):
        for name in ("occupied", "drop_beam", "flap_locked"):
            if chance.below(3) == 0:
                setattr(metal.sensors, name, chance.below(2) == 0)
        metal.sensors.weight_g = 23 if metal.sensors.occupied else chance.below(2 * ZERO_G)
        seen = metal.read()
        stage = drop.look(seen)
        if stage == DROPPED:
            assert beam_seen
            assert seen.flap_locked
            assert not seen.drop_beam
            assert seen.weight_g <= ZERO_G
            drops += 1
        beam_seen = not seen.occupied and (beam_seen or seen.drop_beam)
        if stage in (DROPPED, BROKEN):
            drop, beam_seen = Drop(), False
    assert drops > 100
