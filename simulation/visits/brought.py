"""Who brings what: products, visits and what is put in, drawn from a seed, whatever becomes of it. So the same things are brought to every variant that is judged."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from config.vocabulary import Gtin
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.gtin import check_digit
from simulation.redteam.patterns import FRAUDS, Pattern, Wrong
from simulation.redteam.pool import Drawn
from simulation.visits.assumptions import Assumptions, Format

LISTED = date(2026, 1, 1)

LABELLED, BARE = frozenset({"honest", "heavy_glass", "large_pet"}), frozenset({"no_label"})
"""Patterns of the pool that show bottles as honest people bring them."""

KINDS: dict[str, Pattern] = {
    # what is fished out again, and what only repetition makes wrong, needs the whole machine: simulation/redteam
    pattern.name: pattern
    for pattern in FRAUDS
    if pattern.wrong is Wrong.PAID and not pattern.forgiven and pattern.pool != "string"
}
MOST_IN_A_VISIT = 30


class NoPictures(Exception):
    """No picture of the pool shows what the assumptions ask for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no picture of {what}")
        self.what = what


@dataclass(frozen=True, slots=True)
class Product:
    """``entry``: what the catalogue says of it; None where it does not know it."""

    gtin: Gtin
    prefix: str
    form: Format
    picture: Drawn
    grams: float
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing, with all that is true of it. ``wrong``: as which kind of thing it must not be paid; None for an empty bottle. ``product``: None for a wrong thing, whose code is its picture's.

    ``seed``: of what happens each time it is put in.
    """

    picture: Drawn
    weight_g: int
    metal: bool
    gtin: Gtin | None
    entry: Entry | None
    labelled: bool
    seed: str
    product: Product | None = None
    wrong: str | None = None


def formats_of(assumed: Assumptions, pool: Sequence[Drawn]) -> dict[str, tuple[Drawn, ...]]:
    """The pictures of bottles with a label, by format. Raises NoPictures for a format that has none."""
    found = {form.name: tuple(one for one in pool if one.pattern in LABELLED and _is(one, form)) for form in assumed.format}
    for name, pictures in found.items():
        if not pictures:
            raise NoPictures(name)
    return found


def _is(drawn: Drawn, form: Format) -> bool:
    sized = form.length_mm[0] <= drawn.length_mm <= form.length_mm[1] and form.width_mm[0] <= drawn.width_mm <= form.width_mm[1]
    return drawn.material == form.material and sized


def products_of(assumed: Assumptions, pool: Sequence[Drawn]) -> tuple[Product, ...]:
    """All products of a run. Raises NoPictures."""
    rng = random.Random(f"{assumed.seed} products")
    pictures = formats_of(assumed, pool)
    return tuple(_product(assumed, pictures, rng, number) for number in range(assumed.bottles.products))


def _product(assumed: Assumptions, pictures: dict[str, tuple[Drawn, ...]], rng: random.Random, number: int) -> Product:
    form = rng.choices(assumed.format, [one.share for one in assumed.format])[0]
    prefix = rng.choices(assumed.prefix, [one.share for one in assumed.prefix])[0]
    body = f"{prefix.digits}{number:0{12 - len(prefix.digits)}d}"
    gtin = Gtin(body + check_digit(body))
    least, common, most = form.grams
    grams = rng.triangular(least, most, common)
    picture = rng.choice(pictures[form.name])
    known, weighed, error, wrong = rng.random(), rng.random(), rng.gauss(1, assumed.catalogue.weight_error), rng.random()
    entry = None
    if known < prefix.known:
        glass = (form.material == "glass") != (wrong < assumed.catalogue.wrong_material)
        packaging = Packaging.GLASS_BOTTLE if glass else Packaging.PLASTIC_BOTTLE
        empty_g = grams * error if weighed < assumed.catalogue.with_weight else None
        entry = Entry(gtin, form.name, packaging, None, empty_g, False, Source.OPEN_FOOD_FACTS, LISTED)
    return Product(gtin, prefix.digits, form, picture, grams, entry)


def visits_of(assumed: Assumptions, pool: Sequence[Drawn]) -> Iterator[tuple[Brought, ...]]:
    """What each visitor brings, one after the other. Raises NoPictures."""
    products = products_of(assumed, pool)
    bare = tuple(one for one in pool if one.pattern in BARE)
    if assumed.bottles.without_label and not bare:
        raise NoPictures("bottles without a label")
    wrong = {name: _wrong_pictures(KINDS[name], pool) for name, share in assumed.wrong.items() if share}
    for number in range(assumed.visits):
        yield _visit(assumed, number, products, bare, wrong)


def _wrong_pictures(pattern: Pattern, pool: Sequence[Drawn]) -> tuple[Drawn, ...]:
    found = tuple(one for one in pool if one.pattern == pattern.pool and pattern.chosen(one))
    if not found:
        raise NoPictures(pattern.name)
    return found


def _visit(
    assumed: Assumptions, number: int, products: tuple[Product, ...], bare: tuple[Drawn, ...], wrong: dict[str, tuple[Drawn, ...]]
) -> tuple[Brought, ...]:
    rng = random.Random(f"{assumed.seed} visit {number}")
    brought: list[Brought] = []
    before: Product | None = None
    while not brought or (len(brought) < MOST_IN_A_VISIT and rng.random() > 1 / assumed.people.bottles):
        seed = f"{assumed.seed} put {number} {len(brought)}"
        if rng.random() < assumed.people.wrong:
            brought.append(_wrong_thing(assumed, wrong, rng, seed))
            continue
        before = before if before is not None and rng.random() < assumed.people.same else rng.choice(products)
        brought.append(_bottle(assumed, before, bare, rng, seed))
    return tuple(brought)


def _bottle(assumed: Assumptions, product: Product, bare: tuple[Drawn, ...], rng: random.Random, seed: str) -> Brought:
    weight_g = max(1, round(product.grams * rng.gauss(1, assumed.bottles.scatter) + rng.gauss(0, assumed.bottles.scale_g)))
    whole = Brought(product.picture, weight_g, False, product.gtin, product.entry, True, seed, product)
    if rng.random() >= assumed.bottles.without_label:
        return whole
    # its picture is that of a bottle without one of the same material, where one of its own size was not drawn
    alike = [one for one in bare if _is(one, product.form)] or [one for one in bare if one.material == product.form.material] or list(bare)
    drawn = rng.choice(alike)
    weight_g = whole.weight_g if _is(drawn, product.form) else drawn.item.weight_g
    return replace(whole, picture=drawn, weight_g=weight_g, gtin=None, entry=None, labelled=False)


def _wrong_thing(assumed: Assumptions, pictures: dict[str, tuple[Drawn, ...]], rng: random.Random, seed: str) -> Brought:
    name = rng.choices(tuple(pictures), [assumed.wrong[name] for name in pictures])[0]
    drawn = rng.choice(pictures[name])
    trial = KINDS[name].make(drawn, rng, 0)
    (item,) = trial.puts
    gtin = Gtin(item.codes[0]) if item.codes else None
    entry = None
    if gtin is not None and trial.claim is not None:
        entry = Entry(gtin, name, trial.claim.packaging, None, trial.claim.empty_g, False, Source.OPEN_FOOD_FACTS, LISTED)
    return Brought(drawn, item.weight_g, item.metal, gtin, entry, drawn.label, seed, None, name)
