"""Blender's materials, made of the values of ``skins.py``."""

import bpy
import numpy as np

from training.chamber.skins import Brushed, Cloth, Film, Glass, Print, Screen, Solid, Water


class _Nodes:
    """A material's nodes, made and linked by their kind."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self._tree = self.material.node_tree
        self._tree.nodes.clear()

    def make(self, kind: str, **values: object) -> "bpy.types.Node":
        """Keywords are properties of the node where it has them, else inputs, whose spaces are underscores. A socket is linked."""
        node = self._tree.nodes.new(f"ShaderNode{kind}")
        for name, value in values.items():
            if name in node.bl_rna.properties:
                setattr(node, name, value)
                continue
            socket = node.inputs[int(name[1:])] if name[0] == "i" and name[1:].isdecimal() else node.inputs[name.replace("_", " ")]
            if isinstance(value, bpy.types.NodeSocket):
                self._tree.links.new(value, socket)
            else:
                socket.default_value = value
        return node

    def ends(self, shader: "bpy.types.Node") -> "bpy.types.Material":
        self.make("OutputMaterial", Surface=shader.outputs[0])
        return self.material

    def reckon(self, operation: str, one: object, other: object) -> "bpy.types.NodeSocket":
        return self.make("Math", operation=operation, i0=one, i1=other).outputs[0]

    def mixed(self, share: object, one: "bpy.types.Node", other: "bpy.types.Node") -> "bpy.types.Node":
        return self.make("MixShader", i0=share, i1=one.outputs[0], i2=other.outputs[0])

    def noise(self, scale: float, detail: float = 3.0, stretched: tuple[float, float, float] | None = None) -> "bpy.types.NodeSocket":
        where = self.make("TexCoord").outputs["Object"]
        if stretched is not None:
            where = self.make("Mapping", Scale=stretched, Vector=where).outputs[0]
        return self.make("TexNoise", Scale=scale, Detail=detail, Vector=where).outputs[0]

    def bumped(self, height: "bpy.types.NodeSocket", strength: float) -> "bpy.types.NodeSocket":
        return self.make("Bump", Strength=strength, Distance=0.002, Height=height).outputs[0]


def _linear(colour: tuple[float, float, float]) -> tuple[float, ...]:
    return (*(np.array(colour) ** 2.2), 1.0)


def material(skin: object) -> "bpy.types.Material":
    nodes = _Nodes(type(skin).__name__)
    match skin:
        case Glass(tint) | Water(tint):
            return nodes.ends(_clear(nodes, tint, 1.52 if isinstance(skin, Glass) else 1.33))
        case Film(tint, haze):
            return nodes.ends(_film(nodes, tint, haze))
        case Print():
            return nodes.ends(_print(nodes, skin))
        case Screen(image, strength):
            shines = nodes.make(
                "Emission", Color=nodes.make("TexImage", image=_image(image), extension="EXTEND").outputs[0], Strength=strength
            )
            glass = nodes.make("BsdfGlossy", Roughness=0.08, Color=(1, 1, 1, 1))
            return nodes.ends(nodes.mixed(0.05, shines, glass))
        case Solid(colour, roughness, metallic, bump, speckle, grain):
            noise = nodes.noise(grain, 5.0)
            low, high = (tuple(np.clip(np.array(_linear(colour)) * (1 + way * speckle), 0, 1)) for way in (-1, 1))
            shade = _between(nodes, noise, low, high)
            normal = nodes.bumped(noise, bump)
            return nodes.ends(nodes.make("BsdfPrincipled", Base_Color=shade, Roughness=roughness, Metallic=metallic, Normal=normal))
        case Cloth(colour, weave):
            noise = nodes.noise(weave, 2.0)
            made = nodes.make("BsdfPrincipled", Base_Color=_linear(colour), Roughness=0.95, Normal=nodes.bumped(noise, 0.5))
            return nodes.ends(made)
        case Brushed(colour, roughness, metallic, scale, uneven):
            noise = nodes.noise(scale, 2.5, (1, 40, 40))
            low, high = (tuple(np.clip(np.array(_linear(colour)) * (1 + way * uneven), 0, 1)) for way in (-1, 1))
            return nodes.ends(
                nodes.make("BsdfPrincipled", Base_Color=_between(nodes, noise, low, high), Roughness=roughness, Metallic=metallic)
            )
        case _:
            raise TypeError(skin)


def _between(nodes: _Nodes, share: "bpy.types.NodeSocket", low: tuple[float, ...], high: tuple[float, ...]) -> "bpy.types.NodeSocket":
    ramp = nodes.make("ValToRGB", Fac=share)
    for element, place, colour in zip(ramp.color_ramp.elements, (0.32, 0.68), (low, high), strict=True):
        element.position, element.color = place, (*colour[:3], 1.0)
    return ramp.outputs[0]


def _clear(nodes: _Nodes, tint: tuple[float, float, float], bends: float) -> "bpy.types.Node":
    """Glass or water. Shadow and diffuse rays go straight through it: without caustics it would be black inside."""
    facing = nodes.make("LayerWeight", Blend=0.5).outputs["Facing"]
    # the way through the wall is longer at its rim
    colour = nodes.make("MixRGB", i0=facing, i1=(*tint, 1), i2=(*np.array(tint) ** 2.6, 1)).outputs[0]
    glass = nodes.make("BsdfGlass", IOR=bends, Roughness=0.0, Color=colour)
    path = nodes.make("LightPath")
    straight = nodes.reckon("MAXIMUM", path.outputs["Is Shadow Ray"], path.outputs["Is Diffuse Ray"])
    return nodes.mixed(straight, glass, nodes.make("BsdfTransparent", Color=colour))


def _film(nodes: _Nodes, tint: tuple[float, float, float], haze: float) -> "bpy.types.Node":
    """A thin wall: straight through, reflections of both its faces, a little haze."""
    facing = nodes.make("LayerWeight", Blend=0.5).outputs["Facing"]
    colour = nodes.make("MixRGB", i0=facing, i1=(*tint, 1), i2=(*np.array(tint) ** 3.0, 1)).outputs[0]
    uneven = nodes.bumped(nodes.noise(100, 2.0), 0.35)
    mirror = nodes.make("BsdfGlossy", Roughness=0.05, Normal=uneven)
    haze_of = nodes.mixed(0.5, nodes.make("BsdfTranslucent", Color=(0.9, 0.9, 0.9, 1)), nodes.make("BsdfDiffuse", Color=(0.9, 0.9, 0.9, 1)))
    share = nodes.reckon("ADD", nodes.reckon("MULTIPLY", nodes.reckon("POWER", facing, 4.0), 0.75), 0.095)
    return nodes.mixed(share, nodes.mixed(haze, nodes.make("BsdfTransparent", Color=colour), haze_of), mirror)


def _print(nodes: _Nodes, skin: Print) -> "bpy.types.Node":
    colour = nodes.make("TexImage", image=_image(skin.picture), extension="EXTEND").outputs[0]
    front = nodes.make("BsdfPrincipled", Base_Color=colour, Roughness=skin.roughness, Metallic=skin.metallic)
    if skin.metallic:
        return front
    behind = nodes.make("BsdfPrincipled", Base_Color=(*[skin.back] * 3, 1), Roughness=0.6)
    return nodes.mixed(nodes.make("NewGeometry").outputs["Backfacing"], front, behind)


def _image(picture: "object") -> "bpy.types.Image":
    pixels = np.asarray(picture, np.float32)[::-1] / 255
    height, width = pixels.shape[:2]
    image = bpy.data.images.new("print", width, height)
    image.pixels.foreach_set(np.concatenate([pixels, np.ones((height, width, 1), np.float32)], -1).ravel())
    image.pack()
    return image
