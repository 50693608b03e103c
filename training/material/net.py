"""SqueezeNet 1.1 (Iandola et al. 2016) with two heads in place of its thousand classes, from the published weights."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from recognition.material import INPUT, KINDS, MATERIALS

MEAN_BGR = (104.0, 117.0, 123.0)

FIRES = {2: (64, 16, 64), 3: (128, 16, 64), 4: (128, 32, 128), 5: (256, 32, 128), 6: (256, 48, 192), 7: (384, 48, 192), 8: (384, 64, 256), 9: (512, 64, 256)}  # fmt: skip
"""Of each: channels in, squeezed, and of each of the two expansions."""


SCALES = (0.07, 0.4, 1.0)
"""Means of earlier layers are larger: with these all three vary as much."""


class Fire(nn.Module):
    def __init__(self, channels: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze1x1 = nn.Conv2d(channels, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, values: Tensor) -> Tensor:
        squeezed = torch.relu(self.squeeze1x1(values))
        return torch.relu(torch.cat([self.expand1x1(squeezed), self.expand3x3(squeezed)], 1))


def _pool() -> nn.Module:
    return nn.MaxPool2d(3, 2, ceil_mode=True)


class Stem(nn.Sequential):
    """conv1 to fire3, which stay as they were published: edges and colours."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, stride=2, padding=1)
        self.relu = nn.ReLU()
        self.pool1 = _pool()
        self.fire2 = Fire(*FIRES[2])
        self.fire3 = Fire(*FIRES[3])
        self.pool3 = _pool()


class Top(nn.Module):
    """What is trained: fire4 to fire9, and the heads on the means of three of them, early ones too as a material is also a texture: KINDS first, then MATERIALS."""

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        self.fire4, self.fire5 = Fire(*FIRES[4]), Fire(*FIRES[5])
        self.pool5 = _pool()
        self.fire6, self.fire7, self.fire8, self.fire9 = (Fire(*FIRES[number]) for number in (6, 7, 8, 9))
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.Linear(256 + 384 + 512, len(KINDS) + len(MATERIALS))

    def forward(self, values: Tensor) -> Tensor:
        return self.heads(self.dropout(self.means(values)))

    def means(self, values: Tensor) -> Tensor:
        early = self.pool5(self.fire5(self.fire4(values)))
        middle = self.fire7(self.fire6(early))
        late = self.fire9(self.fire8(middle))
        return torch.cat([scale * level.mean((2, 3)) for scale, level in zip(SCALES, (early, middle, late), strict=True)], 1)


def published(weights: Path) -> tuple[Stem, Top]:
    """``weights``: squeezenet_v1.1.npz. The heads start near nothing, the same for every seed, so that nets of several seeds can be averaged."""
    data = np.load(weights)
    stem, top = Stem(), Top()
    for part in (stem, top):
        state = part.state_dict()
        for name in state:
            if not name.startswith("heads"):
                layer, kind = name.rsplit(".", 1)
                state[name] = torch.from_numpy(data[f"{layer.replace('.', '/')}.{kind}"].astype(np.float32))
        part.load_state_dict(state)
    torch.manual_seed(0)
    nn.init.normal_(top.heads.weight, std=0.01)
    nn.init.zeros_(top.heads.bias)
    return stem, top


class Whole(nn.Module):
    """From a picture (BGR, 0 to 255) to the logits: the mean is taken off within, so that nobody can forget it."""

    def __init__(self, stem: Stem, top: Top) -> None:
        super().__init__()
        self.stem, self.top = stem, top
        self.register_buffer("mean", torch.tensor(MEAN_BGR).view(1, 3, 1, 1))

    def forward(self, picture: Tensor) -> Tensor:
        return self.top(self.stem(picture - self.mean))


def export(stem: Stem, top: Top, path: Path) -> None:
    """ONNX of opset 13, with weights of 32 bits, which cv2.dnn reads."""
    whole = Whole(stem, top).eval()
    picture = torch.zeros(1, 3, INPUT[1], INPUT[0])
    torch.onnx.export(whole, (picture,), str(path), opset_version=13, input_names=["picture"], output_names=["logits"], dynamo=False)
