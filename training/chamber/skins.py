"""What surfaces are of, as values; ``blender.py`` makes materials of them. Colours are sRGB 0..1, ``tint`` is what one wall lets through."""

from dataclasses import dataclass

from PIL.Image import Image

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Glass:
    """A thick wall, modelled by its inner and outer face."""

    tint: Colour


@dataclass(frozen=True)
class Film:
    """A thin wall of clear plastic, one face: it bends no light."""

    tint: Colour
    haze: float = 0.03


@dataclass(frozen=True)
class Water:
    tint: Colour = (0.985, 0.995, 0.997)


@dataclass(frozen=True, eq=False)
class Print:
    """A printed picture, ``back`` being how bright its other side is. ``metallic``: printed on aluminium."""

    picture: Image
    roughness: float = 0.5
    metallic: float = 0.0
    back: float = 0.85


@dataclass(frozen=True, eq=False)
class Screen:
    """A picture that shines by itself."""

    picture: Image
    strength: float


@dataclass(frozen=True)
class Solid:
    """Paint, opaque plastic, stone, skin: ``bump`` is how rough it looks, ``speckle`` how unevenly coloured it is."""

    colour: Colour
    roughness: float = 0.5
    metallic: float = 0.0
    bump: float = 0.0
    speckle: float = 0.0
    grain: float = 120.0


@dataclass(frozen=True)
class Cloth:
    colour: Colour
    weave: float = 900.0


@dataclass(frozen=True)
class Brushed:
    """The chamber's sheet metal, brushed along x."""

    colour: Colour
    roughness: float
    metallic: float
    scale: float
    uneven: float
