"""The net for the material, from folders of labelled pictures::

    python -m training.material.train see     what the frozen stem gives of every picture, once
    python -m training.material.train fold 0  a net that never saw fold 0, asked about it; so for each fold
    python -m training.material.train whole 0 a net of all pictures, of seed 0; so for each seed
    python -m training.material.train finish  calibration and limits from the folds, the net from the seeds: material.onnx, material.json, folds.csv

Each leaves its files in ``--work``; what is there is not made again. Set OMP_NUM_THREADS on a machine that is shared.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from training.material.finish import finish
from training.material.fit import REFIT_WAYS, Recipe, Seen, fitted, logits_of, plain, refit_heads
from training.material.net import published
from training.material.pictures import Labelled, folds, labelled

FOLDS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["see", "fold", "whole", "finish"])
    parser.add_argument("number", nargs="?", type=int, default=0)
    parser.add_argument("--photographs", type=Path, action="append", required=True, help="a folder with labels.csv; again for another")
    parser.add_argument("--drawn", type=Path, action="append", default=[], help="the same, of drawn pictures: never judged by, mixed in")
    parser.add_argument("--published", type=Path, required=True, help="nanodet_m.npz")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("recognition/weights"))
    parser.add_argument("--times", type=int, default=12, help="augmentations of each photograph")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    photographs = [picture for folder in arguments.photographs for picture in labelled(folder)]
    drawn = [picture for folder in arguments.drawn for picture in labelled(folder)]
    match arguments.stage:
        case "see":
            _see(photographs, drawn, arguments)
        case "fold":
            _fold(photographs, drawn, arguments)
        case "whole":
            path = arguments.work / f"whole-{arguments.number}.pt"
            if not path.exists():
                _, top = published(arguments.published)
                every = range(len(photographs)), range(len(drawn))
                _fit(top, photographs, drawn, every, arguments, path)
        case "finish":
            finish(photographs, drawn, arguments.work, arguments.published, arguments.out, FOLDS)


def _see(photographs: list[Labelled], drawn: list[Labelled], arguments: argparse.Namespace) -> None:
    stem, _ = published(arguments.published)
    # drawn pictures are fewer and come as often: each is seen in more ways
    times = {"photographs": arguments.times, "drawn": min(32, 4 * arguments.times)}
    for name, pictures in (("photographs", photographs), ("drawn", drawn)):
        path = arguments.work / f"{name}.npy"
        if pictures and not path.exists():
            print(f"{name}: {len(pictures)}", flush=True)
            Seen.made(pictures, stem, times[name], path, 1, grounds=name == "photographs")
        path = arguments.work / f"{name}-plain.npy"
        if pictures and not path.exists():
            plain(pictures, stem, path)


def _fold(photographs: list[Labelled], drawn: list[Labelled], arguments: argparse.Namespace) -> None:
    fold, path = arguments.number, arguments.work / f"fold-{arguments.number}.npz"
    if path.exists():
        return
    which, which_drawn = folds(photographs, FOLDS), folds(drawn, FOLDS) if drawn else np.zeros(0, np.int64)
    learnt = np.flatnonzero(which != fold), np.flatnonzero(which_drawn != fold)
    _, top = published(arguments.published)
    _fit(top, photographs, drawn, learnt, arguments, arguments.work / f"fold-{fold}.pt")
    held, held_drawn = np.flatnonzero(which == fold), np.flatnonzero(which_drawn == fold)
    values = np.load(arguments.work / "photographs-plain.npy", mmap_mode="r")
    logits = logits_of(top, values, held)
    found = {"places": held, "logits": logits}
    if drawn:
        values = np.load(arguments.work / "drawn-plain.npy", mmap_mode="r")
        found |= {"drawn": held_drawn, "drawn_logits": logits_of(top, values, held_drawn)}
    np.savez(path, **found)
    kinds = np.array([photographs[place].kind for place in held])
    print(f"fold {fold}: {(logits.mean(1)[:, :4].argmax(1) == kinds).mean():.3f} of kinds right", flush=True)


def _fit(top, photographs, drawn, learnt, arguments, path: Path) -> None:  # type: ignore[no-untyped-def]
    seen = Seen(arguments.work / "photographs.npy"), learnt[0]
    seen_drawn = (Seen(arguments.work / "drawn.npy"), learnt[1]) if drawn else None
    fitted(top, seen, seen_drawn, (photographs, drawn), Recipe(), arguments.number)
    as_they_are = _of("photographs", learnt[0], arguments), [photographs[place] for place in learnt[0]]
    drawn_as_they_are = (_of("drawn", learnt[1], arguments), [drawn[place] for place in learnt[1]]) if drawn else None
    refit_heads(top, as_they_are, drawn_as_they_are)
    torch.save(top.state_dict(), path)


def _of(name: str, places, arguments):  # type: ignore[no-untyped-def]
    """What the stem gave of these pictures as they are, in the ways that the heads are fitted to."""
    return np.load(arguments.work / f"{name}-plain.npy", mmap_mode="r")[places, :REFIT_WAYS]


if __name__ == "__main__":
    main()
