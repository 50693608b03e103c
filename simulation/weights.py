"""How one bottle of a kind differs from the next: whoever puts in many of one kind puts in no bottle twice."""

import random

SCATTER = 0.01
"""Two bottles of one kind differ by so much in weight (one standard deviation). A choice: nothing was measured."""


def weight_of_one(kind_g: int, chance: random.Random) -> int:
    """Grams of another one of its kind."""
    return max(1, round(kind_g * chance.gauss(1, SCATTER)))
