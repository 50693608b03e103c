"""Training on a small machine: the stem is run once on several ways of seeing each picture, and the rest is trained on what it gave."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recognition.material import INPUT, KINDS, MATERIALS, turned
from training.material.augmentation import augmented, thing
from training.material.net import Stem, Top
from training.material.pictures import UNKNOWN, Labelled, Picture

WAYS = 4
"""In which a picture is looked at when it is judged: recognition/material.py turns look after look."""


REFIT_WAYS = 2
DRAWN_WEIGHT = 0.5
RIDGE = 3e-3


@dataclass(frozen=True)
class Recipe:
    steps: int = 1300
    rate: float = 1.2e-3
    batch: int = 32
    smoothing: float = 0.05
    decay: float = 0.01
    drawn_share: float = 0.2


Floats = NDArray[np.float16]


class Seen:
    """What the stem gave of each of several augmentations of each picture, on disk as 16-bit floats, read as memory."""

    def __init__(self, path: Path) -> None:
        self.values = np.load(path, mmap_mode="r")
        self.times = self.values.shape[1]

    @staticmethod
    def made(pictures: Sequence[Labelled], stem: Stem, times: int, path: Path, seed: int, *, grounds: bool) -> None:
        began_s = time.monotonic()
        unfinished = path.with_suffix(".part")
        values = np.lib.format.open_memmap(unfinished, "w+", np.float16, (len(pictures), times, *shape_of(stem)))
        for place, picture in enumerate(pictures):
            image = picture.read()
            mask = thing(image) if grounds else None
            rng = np.random.default_rng([seed, place])
            values[place] = run_stem(stem, [augmented(image, mask, rng) for _ in range(times)]).numpy()
            if place % 100 == 0:
                print(f"  {place} of {len(pictures)} pictures, {time.monotonic() - began_s:.0f} s", flush=True)
        values.flush()
        unfinished.rename(path)


def shape_of(stem: Stem) -> tuple[int, ...]:
    with torch.no_grad():
        return tuple(stem(torch.zeros(1, 3, INPUT[1], INPUT[0])).shape[1:])


def run_stem(stem: Stem, ways: Sequence[Picture]) -> Tensor:
    values = torch.from_numpy(np.stack(ways).astype(np.float32)).permute(0, 3, 1, 2)
    with torch.no_grad():
        return stem.to(memory_format=torch.channels_last)(values).half()


def plain(pictures: Sequence[Labelled], stem: Stem, path: Path) -> None:
    """What the stem gives of each picture, the ways round that it is judged in: (pictures, WAYS, channels, rows, columns)."""
    unfinished = path.with_suffix(".part")
    values = np.lib.format.open_memmap(unfinished, "w+", np.float16, (len(pictures), WAYS, *shape_of(stem)))
    for place, picture in enumerate(pictures):
        image = picture.read()
        values[place] = run_stem(stem, [turned(image, way) for way in range(WAYS)]).numpy()
    values.flush()
    unfinished.rename(path)


def fitted(
    top: Top,
    photographs: tuple[Seen, Sequence[int]],
    drawn: tuple[Seen, Sequence[int]] | None,
    labels: tuple[Sequence[Labelled], Sequence[Labelled]],
    recipe: Recipe,
    seed: int,
) -> Top:
    """``photographs`` and ``drawn``: the whole of what was seen, and which of the pictures may be learnt from."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    pools = [_Pool(photographs, labels[0], rng)]
    if drawn is not None and len(drawn[1]):
        pools.append(_Pool(drawn, labels[1], rng))
    of_drawn = round(recipe.drawn_share * recipe.batch) if len(pools) == 2 else 0
    counts = [recipe.batch - of_drawn, of_drawn][: len(pools)]
    optimiser = torch.optim.AdamW(top.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step / recipe.steps))
    top.train().to(memory_format=torch.channels_last)
    kind_loss = nn.CrossEntropyLoss(label_smoothing=recipe.smoothing)
    material_loss = nn.CrossEntropyLoss(label_smoothing=recipe.smoothing, ignore_index=UNKNOWN)
    began_s = time.monotonic()
    total = 0.0
    for step in range(recipe.steps):
        drawn_now = [pool.batch(count) for pool, count in zip(pools, counts, strict=True)]
        values = torch.cat([one[0] for one in drawn_now]).float().contiguous(memory_format=torch.channels_last)
        kinds, materials = (torch.cat([one[index] for one in drawn_now]) for index in (1, 2))
        logits = top(values)
        loss = kind_loss(logits[:, : len(KINDS)], kinds)
        if (materials != UNKNOWN).any():
            loss = loss + material_loss(logits[:, len(KINDS) :], materials)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(top.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if (step + 1) % 200 == 0:
            print(f"  step {step + 1}, loss {total / 200:.3f}, {time.monotonic() - began_s:.0f} s", flush=True)
            total = 0.0
    return top.eval()


class _Pool:
    """Batches in which every picture comes once before any comes again, each time another of its augmentations."""

    def __init__(self, seen: tuple[Seen, Sequence[int]], labels: Sequence[Labelled], rng: np.random.Generator) -> None:
        self._seen, places = seen
        self._places = np.array(places)
        self._kinds = torch.tensor([one.kind for one in labels])
        self._materials = torch.tensor([one.material for one in labels])
        self._rng = rng
        self._left: list[int] = []

    def batch(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        while len(self._left) < count:
            self._left.extend(self._rng.permutation(self._places).tolist())
        places, self._left = self._left[:count], self._left[count:]
        ways = self._rng.integers(0, self._seen.times, count)
        values = np.stack([self._seen.values[place, way] for place, way in zip(places, ways, strict=True)])
        return torch.from_numpy(values), self._kinds[places], self._materials[places]


def _rate(done: float) -> float:
    """One cycle: up in the first tenth, then down as a cosine to nothing."""
    return done / 0.1 if done < 0.1 else 0.5 * (1 + math.cos(math.pi * (done - 0.1) / 0.9))


def logits_of(top: Top, values: NDArray[np.float16], places: Sequence[int]) -> NDArray[np.float64]:
    """(places, ways, outputs)."""
    with torch.no_grad():
        return np.stack([top(torch.from_numpy(np.array(values[place])).float()).double().numpy() for place in places])


def refit_heads(top: Top, photographs: tuple[Floats, Sequence[Labelled]], drawn: tuple[Floats, Sequence[Labelled]] | None) -> None:
    """The heads once more, on the pictures as they are and turned by half, all at once: a logistic regression on what the trained layers give (Kang et al. 2020, *Decoupling*)."""
    parts = [(photographs, 1.0)] + ([] if drawn is None else [(drawn, DRAWN_WEIGHT)])
    features = [_features(top, seen) for (seen, _), _ in parts]
    middle, spread = features[0].mean(0), features[0].std(0) + 1e-3
    values = (torch.cat(features) - middle) / spread
    weights = torch.cat([torch.full((len(one),), weight) for one, (_, weight) in zip(features, parts, strict=True)])
    both = [label for (_, labels), _ in parts for label in labels for _ in range(REFIT_WAYS)]
    outputs = []
    for truth, count in (([one.kind for one in both], len(KINDS)), ([one.material for one in both], len(MATERIALS))):
        outputs.append(_regression(values, torch.tensor(truth), weights, count))
    found = torch.cat(outputs, 1)
    slopes = found[:-1].T / spread
    with torch.no_grad():
        top.heads.weight.copy_(slopes)
        top.heads.bias.copy_(found[-1] - slopes @ middle)


def _features(top: Top, values: Floats) -> Tensor:
    """Of each picture its first REFIT_WAYS ways, one after the other."""
    found = []
    with torch.no_grad():
        for start in range(0, len(values), 32):
            part = torch.from_numpy(values[start : start + 32]).float()
            found.append(top.means(part.flatten(0, 1)))
    return torch.cat(found)


def _regression(values: Tensor, truth: Tensor, weights: Tensor, count: int) -> Tensor:
    """Slopes, and the intercepts in the last row."""
    known = truth != UNKNOWN
    values, truth, weights = values[known], truth[known], weights[known] / weights[known].sum()
    found = torch.zeros(values.shape[1] + 1, count, requires_grad=True)
    optimiser = torch.optim.LBFGS([found], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        error = nn.functional.cross_entropy(values @ found[:-1] + found[-1], truth, reduction="none")
        total = (weights * error).sum() + RIDGE * (found[:-1] ** 2).sum()
        total.backward()
        return total

    optimiser.step(loss)
    return found.detach()


def averaged(tops: Sequence[Top]) -> Top:
    """One net of several seeds, by the mean of their weights (Wortsman et al. 2022, *Model soups*): all set out from the same weights."""
    made = Top()
    states = [top.state_dict() for top in tops]
    made.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return made.eval()
