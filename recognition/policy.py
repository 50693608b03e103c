"""The policy: every limit a verdict rests on, as values. Where they come from: ``policies.py``; what each file holds: ``policies/*.toml``.

A vote that the policy says nothing of (``shape``, ``repeats``, ``without_code``, ``learning``: None) is not asked.
"""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

WHOLE = ConfigDict(extra="forbid", allow_inf_nan=False)
"""How pydantic reads one from a file: no other key, and no limit that is none."""

VERSION = 1
"""Of the form of a policy file. A later form gets another number, and this program refuses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeRules:
    """What an outline may be, and what something of its size may weigh.

    What is less than ``slender`` times as long as wide is no bottle's outline: wider than ``widest_mm`` it is two that touch each other. What is wider and longer than that is too large.
    An outline of length and width is taken for a cylinder of which a bottle fills the share ``filling``. Of grams per millilitre of that: empty plastic has ``plastic_most`` at most, or weighs ``plastic_any_g`` at most whatever its size, as it may be crushed, empty glass ``glass_least`` to
    ``glass_most``; a full bottle has 1 and more, whatever it is made of. Between the two lies what is not empty, or not clear. What is smaller than ``small_ml`` is no bottle for
    wine, which alone is so heavy: of it empty glass of a product that nobody knows has ``small_glass_most`` at most. ``least_looks`` must show a scene.
    """

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    shortest_mm: float
    longest_mm: float
    widest_mm: float
    slender: float
    filling: float
    plastic_most: float
    plastic_any_g: float
    glass_least: float
    glass_most: float
    small_ml: float
    small_glass_most: float
    least_looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How often the same code may come with the same weight, within ``alike_g``, among the last ``among`` bottles that were taken here.

    From ``flagged_from`` on it is flagged, after ``most`` refused. Bottles of glass differ in weight (``scatter_share`` is the deviation of one kind): where the last ``scatter_from`` of a code differ far less
    than that and the scale explain (``scatter_least`` of it), they are one bottle.
    """

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    among: int
    alike_g: float
    flagged_from: int
    most: int
    scatter_from: int
    scatter_share: float
    scatter_least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutCode:
    """How many bottles a visit may hand in that bear no code at all, and how many may be among the last ``among`` that were taken here."""

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    a_visit: int
    among: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """When the weights that were seen of a code make a window: so many of them, from so many visits, of which the share ``agreeing`` lies within it.

    The window is ``share`` of the median to both sides, and ``least_g`` at the least.
    """

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    weights: int
    visits: int
    agreeing: float
    share: float
    least_g: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits a verdict rests on; every output that rests on them names the policy.

    Without a scene the weight alone tells glass from plastic and full from empty: a wine bottle weighs some 450 g empty, a
    full half-litre 525 g, a half-litre of PET 22 g, the lightest small PET bottle about 9 g. Nothing is refused for being
    beyond a limit by no more than ``scale_g``, which the scale is never sure of; above ``scale_most_g`` it shows no weight at all.
    A catalogue's empty weight is believed within ``window_share`` of it, ``window_least_g`` at the least, and ``cap_g`` more where the cap is on.
    """

    __pydantic_config__: ClassVar[ConfigDict] = WHOLE

    name: str
    agreeing_looks: int = 2
    most_looks: int = 8
    looks_without_code: int = 8
    lightest_g: int = 5
    glass_from_g: int = 120
    full_g: int = 500
    scale_g: int = 2
    scale_most_g: int = 20_000
    refuses_metal: bool = True
    refuses_restricted: bool = True
    refuses_demonstration: bool = True
    window_share: float = 0.15
    window_least_g: float = 4
    cap_g: float = 3
    veto_from: float = 0.8
    shape: ShapeRules | None = None
    repeats: Repeats | None = None
    without_code: WithoutCode | None = None
    learning: Learning | None = None
