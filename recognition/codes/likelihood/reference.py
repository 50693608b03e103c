"""The inner loops of the likelihood stage in numpy: what ``kernels.c`` computes, slowly and to be read. Tests hold the two to each other.

A *profile* is the mean of some rows across the bars, dark being low. Lengths are in samples of it unless said otherwise.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.alphabet import DIGIT
from recognition.codes.likelihood.tables import (
    ALTERNATIVES,
    BLURS,
    INKS,
    NEVER,
    PER_MODULE,
    BestTwo,
    Cells,
    Codes,
    Evened,
    Fitted,
    Lattice,
    Profile,
    Segmented,
    Shapes,
    Tables,
    Trellis,
    Warp,
    blurred,
)


class Reference:
    """``Kernels`` in numpy."""

    def correlations(
        self, profile: Profile, among: slice, widths: NDArray[np.float64], shapes: Shapes, asked: NDArray[np.uint8], evened: Evened
    ) -> NDArray[np.float32]:
        profile = _evened(profile, evened)
        contrast = evened.contrast * float(profile.std(dtype=np.float64))
        profile = profile[among]
        guards = [
            self._fits(profile, widths, guard[None], contrast)[0][0] * np.float32(wanted)
            for guard, wanted in zip(shapes.guards, asked, strict=True)
        ]
        mirrored = np.ascontiguousarray(-shapes.digits[:, ::-1])
        (odd, even), worst = self._fits(profile, widths, np.stack([shapes.digits, mirrored]), contrast)
        return np.stack([*guards, odd, np.maximum(odd, even), -worst[0]])

    def _fits(
        self, profile: Profile, widths: NDArray[np.float64], templates: NDArray[np.float32], contrast: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Best and worst correlation with each group of templates: (groups, widths, length)."""
        groups, _, samples = templates.shape
        length = len(profile)
        best = np.full((groups, len(widths), length), -1, np.float32)
        worst = np.full_like(best, 1)
        for row, width in enumerate(widths):
            starts = int(length - np.ceil(samples / 2 * width) - 1)
            if starts < 2:
                continue
            at = ((np.arange(samples) + 0.5) / 2 - 0.5) * width
            whole = np.floor(at).astype(int)
            part = (at - whole).astype(np.float32)
            index = np.clip(np.arange(starts)[:, None] + whole, 0, length - 2)
            cell = profile[index] * (1 - part) + profile[index + 1] * part
            cell -= cell.mean(axis=1, keepdims=True)
            norm = 1 / np.sqrt((cell**2).sum(axis=1) + samples * contrast**2)
            fits = (cell @ templates.transpose(0, 2, 1)) * norm[:, None]
            best[:, row, :starts], worst[:, row, :starts] = fits.max(axis=2), fits.min(axis=2)
        return best, worst

    def segmented(
        self, scores: NDArray[np.float32], kind: NDArray[np.int32], modules: NDArray[np.int32], widths: NDArray[np.float64], cost: float
    ) -> Segmented:
        _, many, length = scores.shape
        value = scores[kind[0]] * modules[0]
        choices: list[tuple[NDArray[np.int8], NDArray[np.int8]]] = []
        for cell in range(1, len(kind)):
            ahead = _ahead(modules[cell - 1], widths)
            moved = np.full_like(value, -1e9)
            for width in range(many):
                moved[width, ahead[width] :] = value[width, : length - ahead[width]]
            moved, slips = _best_of_three(moved, 1, cost)
            moved, steps = _best_of_three(moved, 0, cost)
            choices.append((slips, steps))
            value = moved + scores[kind[cell]] * modules[cell]
        width, start = divmod(int(value.argmax()), length)
        path = [(start, width)]
        for cell in range(len(kind) - 1, 0, -1):
            slips, steps = choices[cell - 1]
            width = int(np.clip(width - int(steps[width, start]), 0, many - 1))
            start = int(np.clip(start - int(slips[width, start]) - _ahead(modules[cell - 1], widths)[width], 0, length - 1))
            path.append((start, width))
        starts, chosen = np.array(path[::-1], np.int32).T
        return Segmented(float(value.max() / modules.sum()), starts, chosen)

    def sampled(self, profile: Profile, warp: Warp, tables: Tables) -> NDArray[np.float64]:
        at = np.clip(tables.powers @ warp, 0, len(profile) - 1.001)
        whole = at.astype(int)
        part = at - whole
        return np.asarray(profile[whole] * (1 - part) + profile[whole + 1] * part, np.float64)

    def fitted(
        self, profile: Profile, warp: Warp, blur: int, ink: int, rounds: int, modules: NDArray[np.float64], tables: Tables, codes: Codes
    ) -> Fitted:
        value, (residual, ink, blur, linear, design) = self._explained(profile, warp, blur, ink, modules, tables, codes)
        for _ in range(rounds):
            warp = self._stepped(warp, value, design, tables)
            value, (residual, ink, blur, linear, design) = self._explained(profile, warp, blur, ink, modules, tables, codes)
        line = tables.powers[:, :2]
        flat = value - line @ np.linalg.lstsq(line, value, rcond=None)[0]
        return Fitted(warp, blur, ink, value, linear, residual, float(1 - residual / max((flat**2).sum(), 1e-9)))

    def _explained(
        self, profile: Profile, warp: Warp, blur: int, ink: int, modules: NDArray[np.float64], tables: Tables, codes: Codes
    ) -> tuple[NDArray[np.float64], tuple[float, int, int, NDArray[np.float64], NDArray[np.float64]]]:
        """The profile at the places; and of the neighbouring inks and blurs the one that leaves least, with offset and gain and their design."""
        offset, gain = tables.powers[:, :4], tables.powers[:, :3]
        value = self.sampled(profile, warp, tables)
        tried: list[tuple[float, int, int, NDArray[np.float64], NDArray[np.float64]]] = []
        for d, s in sorted(((ink, blur), (ink - 1, blur), (ink + 1, blur), (ink, blur - 1), (ink, blur + 1))):
            if 0 <= d < len(INKS) and 0 <= s < len(BLURS):
                if not codes.known[d, s]:
                    codes.code[d, s], codes.known[d, s] = blurred(modules, d, s, tables), 1
                design = np.hstack([offset, -gain * codes.code[d, s][:, None]])
                linear = np.asarray(np.linalg.solve(design.T @ design + 1e-4 * np.eye(7), design.T @ value), np.float64)
                wrong_way = (gain @ linear[4:]).mean() <= 0
                residual = 2 * ((value - value.mean()) ** 2).sum() if wrong_way else ((value - design @ linear) ** 2).sum()
                tried.append((float(residual), d, s, linear, design))
        return value, min(tried, key=lambda one: one[0])

    def _stepped(self, warp: Warp, value: NDArray[np.float64], design: NDArray[np.float64], tables: Tables) -> Warp:
        """One Gauss-Newton step: at most 1.5 samples anywhere, and none that would fold the warp."""
        slope = np.gradient(value) / np.maximum(np.gradient(tables.powers @ warp), 0.2)
        jacobian = np.hstack([design, -slope[:, None] * tables.powers])
        normal = jacobian.T @ jacobian
        step = np.linalg.solve(normal + 1e-6 * np.trace(normal) / len(normal) * np.eye(len(normal)), jacobian.T @ value)[7:]
        step *= min(1.0, 1.5 / max(float(np.abs(tables.powers @ step).max()), 1e-6))
        onward = np.diff(tables.powers @ (warp + step)).min() * PER_MODULE > 1
        return warp + step if onward else warp

    def darkness(
        self,
        profile: Profile,
        first: NDArray[np.float64],
        span: NDArray[np.float64],
        bend: NDArray[np.float64],
        bright: tuple[float, float],
        places: int,
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float32]]:
        module = (np.arange(places)[:, None] + 0.5) / PER_MODULE - 3
        t = module / 95
        at = np.clip(first + span * t + bend * (4 * t * (1 - t)), 0, len(profile) - 1.001)
        whole = at.astype(int)
        part = at - whole
        seen = profile[whole] * (1 - part) + profile[whole + 1] * part
        dark = bright[0] + (bright[1] - bright[0]) * (module + 3) / 101 - seen
        dark /= np.maximum(dark[12:-12].mean(axis=0), 1)
        return dark.astype(np.float32), dark.var(axis=0) * places, (dark**2).sum(axis=0).astype(np.float32)

    def projected(self, dark: NDArray[np.float32], trellis: Trellis) -> NDArray[np.float32]:
        return trellis.spread.T @ dark

    def joint(
        self, onto: NDArray[np.float32], energy: NDArray[np.float32], gain: float, trellis: Trellis, *, mirrored: bool
    ) -> NDArray[np.float32]:
        onto = onto[::-1] if mirrored else onto

        def costs(digit: int) -> NDArray[np.float32]:
            many = ALTERNATIVES if digit < 6 else ALTERNATIVES // 2
            start = trellis.starts[digit]
            own = trellis.single[digit, :many, None] - 2 * gain * (trellis.shapes[digit, :many] @ onto[start : start + DIGIT])
            return np.asarray(own, np.float32)

        best = costs(0)
        for digit in range(1, 12):
            own = costs(digit)
            best = (best[:, None] + trellis.pair[digit - 1, : len(best), : len(own), None]).min(axis=0) + own
        total = best.min(axis=0) + gain**2 * energy + trellis.fixed_energy - 2 * gain * (trellis.fixed @ onto)
        return np.asarray(total, np.float32)

    def correlated(self, value: NDArray[np.float64], cells: Cells, shapes: NDArray[np.float64]) -> NDArray[np.float64]:
        samples = shapes.shape[-1]
        seen = value[cells.starts[:, None] * PER_MODULE - PER_MODULE // 2 + np.arange(samples)]
        seen = seen - seen.mean(axis=1, keepdims=True)
        energy = (seen**2).sum(axis=1) + 1e-6
        rows = np.array([[2, 2] if right else [0, 1] for right in cells.right])
        found = []
        for pictures in shapes:
            fits = np.maximum(np.einsum("cpds,cs->cpd", pictures[rows], seen), 0) ** 2 / energy[:, None, None]
            found.append(_only_printed(-4 * np.log(np.maximum(1 - fits, 0.02)), cells))
        return max(found, key=lambda scores: float(scores.max(axis=(1, 2)).sum()))

    def weighed(
        self,
        fit: Fitted,
        tables: Tables,
        code: NDArray[np.float64],
        pictures: NDArray[np.float64],
        own: NDArray[np.int32],
        noise: float,
        cells: Cells,
    ) -> NDArray[np.float64]:
        digits = len(cells.starts)
        around = (cells.starts[:, None] - 1) * PER_MODULE + np.arange((DIGIT + 2) * PER_MODULE)
        powers = tables.powers[around]
        gain, offset = powers[..., :3] @ fit.linear[4:], powers[..., :4] @ fit.linear[:4]
        rest = fit.value[around] - offset + gain * (code[around] - pictures[np.arange(digits), own])
        left = ((rest[:, None] + gain[:, None] * pictures) ** 2).sum(axis=2)
        return _only_printed((-left / noise).reshape(digits, 2, 10), cells)

    def words(self, scores: NDArray[np.float64], lattice: Lattice) -> BestTwo:
        families, digits = lattice.parities.shape
        fits = (lattice.only[:, :, None] < 0) | (lattice.only[:, :, None] == np.arange(10))
        cells = scores[np.arange(digits), lattice.parities] + np.where(fits, 0.0, NEVER)
        onward = (np.arange(10)[:, None] + lattice.weights[:, :, None, None] * np.arange(10)) % 10
        best = self._to_the_end(cells, lattice.weights)
        at_start = best[np.arange(families), 0, lattice.start]
        family = int(at_start.argmax())
        own, start = cells[family], int(lattice.start[family])
        path = _path(own, onward[family], best[family], start)
        marginal, cell, digit = _best_departure(own, onward[family], best[family], path, start)
        score = float(at_start[family])
        at_start[family] = -np.inf
        rival = int(at_start.argmax())
        if at_start[rival] >= marginal:
            other = _path(cells[rival], onward[rival], best[rival], int(lattice.start[rival]))
            return BestTwo(family, path, score, rival, other, float(at_start[rival]))
        bound = own.copy()
        bound[cell, digit != np.arange(10)] = NEVER
        bound_best = self._to_the_end(bound[None], lattice.weights[family : family + 1])[0]
        return BestTwo(family, path, score, family, _path(bound, onward[family], bound_best, start), marginal)

    def turns(self, row: Profile, step: float) -> int:
        found, way, highest, lowest = 0, 0, row[0], row[0]
        for value in row:
            if way >= 0 and value < highest - np.float32(step):
                found, way, lowest = found + 1, -1, value
            elif way <= 0 and value > lowest + np.float32(step):
                found, way, highest = found + 1, 1, value
            if way >= 0:
                highest = max(highest, value)
            if way <= 0:
                lowest = min(lowest, value)
        return found

    def gradients(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        across, down = (cv2.Sobel(grey, cv2.CV_32F, *way) / np.float32(8) for way in ((1, 0), (0, 1)))
        rows, columns = grey.shape[0] // 2, grey.shape[1] // 2
        planes = np.stack([across, down, across * across, down * down, across * down])[:, : 2 * rows, : 2 * columns]
        return np.asarray(planes.reshape(5, rows, 2, columns, 2).mean(axis=(2, 4)), np.float32)

    def _to_the_end(self, cells: NDArray[np.float64], weights: NDArray[np.int32]) -> NDArray[np.float64]:
        """Best sum from each remainder before each cell to remainder 0 behind the last: (families, digits + 1, 10). A digit moves the remainder by itself times its weight."""
        families, digits, _ = cells.shape
        best = np.full((families, digits + 1, 10), NEVER)
        best[:, digits, 0] = 0.0
        ten = np.arange(10)
        for cell in range(digits - 1, -1, -1):
            onward = (ten[:, None] + weights[:, cell, None, None] * ten) % 10
            best[:, cell] = (cells[:, cell, None] + best[np.arange(families)[:, None, None], cell + 1, onward]).max(axis=2)
        return best


def _ahead(modules: int, widths: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(modules * widths + 0.5).astype(int)


def _best_of_three(value: NDArray[np.float32], axis: int, cost: float) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Staying, or coming from the neighbour before (1) or behind (-1) along ``axis`` at a cost."""
    best, choice = value, np.zeros(value.shape, np.int8)
    for step in (1, -1):
        other = np.full_like(value, -1e9)
        to, of = [slice(None)] * 2, [slice(None)] * 2
        to[axis], of[axis] = (slice(1, None), slice(None, -1)) if step > 0 else (slice(None, -1), slice(1, None))
        other[tuple(to)] = value[tuple(of)] - np.float32(cost)
        better = other > best
        best = np.where(better, other, best)
        choice[better] = step
    return best, choice


def _evened(profile: Profile, evened: Evened) -> Profile:
    window = (evened.over, 1)
    mean = cv2.blur(profile[None], window)[0]
    spread = np.sqrt(np.maximum(cv2.blur((profile * profile)[None], window)[0] - mean * mean, 0))
    return np.asarray((profile - mean) / (spread + evened.floor * profile.std() + 1e-9), np.float32)


def _only_printed(scores: NDArray[np.float64], cells: Cells) -> NDArray[np.float64]:
    """Even parity stands on the left alone, and in no EAN-8."""
    scores[(cells.right != 0) | (not cells.two_parities), 1] = NEVER
    return scores


def _path(cells: NDArray[np.float64], onward: NDArray[np.int64], best: NDArray[np.float64], remainder: int) -> tuple[int, ...]:
    path: list[int] = []
    for cell in range(len(cells)):
        digit = int((cells[cell] + best[cell + 1, onward[cell, remainder]]).argmax())
        path.append(digit)
        remainder = int(onward[cell, remainder, digit])
    return tuple(path)


def _best_departure(
    cells: NDArray[np.float64], onward: NDArray[np.int64], best: NDArray[np.float64], path: tuple[int, ...], remainder: int
) -> tuple[float, int, int]:
    """The highest max-marginal of a (cell, digit) that ``path`` does not use."""
    digits = len(cells)
    forward = np.full(10, NEVER)
    forward[remainder] = 0.0
    marginals = np.empty((digits, 10))
    for cell in range(digits):
        reached = forward[:, None] + cells[cell]
        marginals[cell] = (reached + best[cell + 1, onward[cell]]).max(axis=0)
        forward = np.full(10, NEVER)
        np.maximum.at(forward, onward[cell], reached)
    marginals[np.arange(digits), list(path)] = -np.inf
    cell, digit = divmod(int(marginals.argmax()), 10)
    return float(marginals[cell, digit]), cell, digit
