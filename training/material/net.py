"""ShuffleNetV2 (Ma et al. 2018) as NanoDet-m has it, which has learnt to find bottles, cups and cans' like among eighty things (COCO), with two heads in place of its detector."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from recognition.material import INPUT, KINDS, MATERIALS

MEAN_BGR, SPREAD_BGR = (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)

SLOPE = 0.1
"""Of the leaky rectifier below nothing."""

FIRST = 24
STAGES = ((24, 116, 3), (116, 232, 7), (232, 464, 2))
"""Channels in and out, and units behind the one that halves the picture. Of the last stage's three units as published the last is left out: the file would be larger than 3 MB, and what it says is of things, not of what they are made of."""

UNITS_PUBLISHED = (3, 7, 3)


def _convolution(channels: int, out: int, size: int, *, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(channels, out, size, stride=stride, padding=size // 2, groups=groups)


def _active(values: Tensor) -> Tensor:
    return nn.functional.leaky_relu(values, SLOPE)


def _shuffled(left: Tensor, right: Tensor) -> Tensor:
    """Channels of the one and of the other in turn."""
    whole = torch.cat([left, right], 1)
    count, channels, rows, columns = whole.shape
    return whole.view(count, 2, channels // 2, rows, columns).transpose(1, 2).reshape(count, channels, rows, columns)


class Halving(nn.Module):
    """Half the rows and columns, both ways through all channels. Convolutions in the order in which they were published."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        half = out // 2
        self.left_deep = _convolution(channels, channels, 3, stride=2, groups=channels)
        self.left = _convolution(channels, half, 1)
        self.right_in = _convolution(channels, half, 1)
        self.right_deep = _convolution(half, half, 3, stride=2, groups=half)
        self.right = _convolution(half, half, 1)

    def forward(self, values: Tensor) -> Tensor:
        left = _active(self.left(self.left_deep(values)))
        right = _active(self.right(self.right_deep(_active(self.right_in(values)))))
        return _shuffled(left, right)


class Unit(nn.Module):
    """Half of the channels pass by, the others are worked on."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.into = _convolution(half, half, 1)
        self.deep = _convolution(half, half, 3, groups=half)
        self.out = _convolution(half, half, 1)

    def forward(self, values: Tensor) -> Tensor:
        left, right = values.chunk(2, 1)
        return _shuffled(left, _active(self.out(self.deep(_active(self.into(right))))))


def _stage(number: int) -> nn.Sequential:
    channels, out, units = STAGES[number]
    return nn.Sequential(Halving(channels, out), *(Unit(out) for _ in range(units)))


class Stem(nn.Module):
    """The first convolution and the first stage, which stay as they were published: edges and colours. From a picture (BGR, 0 to 255): what is taken off and divided by stands within, so that nobody can forget it."""

    def __init__(self) -> None:
        super().__init__()
        self.first = _convolution(3, FIRST, 3, stride=2)
        self.stage = _stage(0)
        self.register_buffer("mean", torch.tensor(MEAN_BGR).view(1, 3, 1, 1))
        self.register_buffer("spread", torch.tensor(SPREAD_BGR).view(1, 3, 1, 1))

    def forward(self, picture: Tensor) -> Tensor:
        values = (picture - self.mean) / self.spread
        return self.stage(nn.functional.max_pool2d(_active(self.first(values)), 3, 2, 1))


class Top(nn.Module):
    """What is trained: two more stages, and the heads on the means of both, the earlier too as a material is also a texture: KINDS first, then MATERIALS."""

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        self.middle, self.late = _stage(1), _stage(2)
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.Linear(STAGES[1][1] + STAGES[2][1], len(KINDS) + len(MATERIALS))

    def forward(self, values: Tensor) -> Tensor:
        return self.heads(self.dropout(self.means(values)))

    def means(self, values: Tensor) -> Tensor:
        middle = self.middle(values)
        return torch.cat([level.mean((2, 3)) for level in (middle, self.late(middle))], 1)


def published(weights: Path) -> tuple[Stem, Top]:
    """``weights``: nanodet_m.npz. The heads start near nothing, the same for every seed, so that nets of several seeds can be averaged."""
    stem, top = Stem(), Top()
    data = np.load(weights)
    named = iter([name.removesuffix(".weight") for name in data.files if name.endswith(".weight")])
    _take(data, named, [stem.first])
    for stage, units in zip((stem.stage, top.middle, top.late), UNITS_PUBLISHED, strict=True):
        _take(data, named, [one for one in stage.modules() if isinstance(one, nn.Conv2d)])
        for _ in range(3 * (units + 1 - len(stage))):
            next(named)
    torch.manual_seed(0)
    nn.init.normal_(top.heads.weight, std=0.01)
    nn.init.zeros_(top.heads.bias)
    return stem, top


def _take(data: "np.lib.npyio.NpzFile", named: Iterator[str], layers: list[nn.Conv2d]) -> None:
    for layer in layers:
        name = next(named)
        with torch.no_grad():
            for to, kind in ((layer.weight, "weight"), (layer.bias, "bias")):
                values = torch.from_numpy(data[f"{name}.{kind}"].astype(np.float32))
                if values.shape != to.shape:
                    raise ValueError(f"{name}.{kind} is {tuple(values.shape)}, not {tuple(to.shape)}")
                to.copy_(values)


class Whole(nn.Module):
    def __init__(self, stem: Stem, top: Top) -> None:
        super().__init__()
        self.stem, self.top = stem, top

    def forward(self, picture: Tensor) -> Tensor:
        return self.top(self.stem(picture))


def export(stem: Stem, top: Top, path: Path) -> None:
    """ONNX of opset 13, with weights of 32 bits, which cv2.dnn reads."""
    whole = Whole(stem, top).eval()
    picture = torch.zeros(1, 3, INPUT[1], INPUT[0])
    torch.onnx.export(whole, (picture,), str(path), opset_version=13, input_names=["picture"], output_names=["logits"], dynamo=False)
