"""The wiring table and the drawing of ``firmware/FLASHING.md``, made from ``firmware/wiring.py`` so that they cannot differ from what the board's program does.

    python -m drivers.intake.wiring_table      writes both anew

A test holds what is committed against what this makes.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from firmware.wiring import IN, TABLE, Wire, pin_of

PAGE = Path(__file__).parents[2] / "firmware" / "FLASHING.md"
DRAWING = PAGE.with_name("wiring.svg")
BEGIN = "<!-- wiring: made by python -m drivers.intake.wiring_table -->"
END = "<!-- wiring: end -->"
HEADINGS = ("pin", "GPIO", "name", "kind", "true at", "part", "wired to", "what it says or does")

OTHER_PINS = {
    **dict.fromkeys((3, 8, 13, 18, 23, 28, 33, 38), "GND"),
    30: "RUN",
    34: "GP28, free",
    35: "ADC_VREF",
    36: "3V3 out",
    37: "3V3_EN",
    39: "VSYS, 5 V in",
    40: "VBUS",
}
"""Of the Pico's forty (its data sheet, figure 4); its ground on 33 is the analogue one."""

ROW, WIDTH, LEFT, RIGHT = 26, 1100, 450, 650


def table() -> str:
    """The table in Markdown, one row a wire."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(_row(wire) for wire in TABLE)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(wire: Wire) -> tuple[str, ...]:
    level = "–" if wire.active is None else ("low", "high")[wire.active]
    kind = "in, pulled up" if wire.kind == IN else wire.kind
    return (str(pin_of(wire.gpio)), f"GP{wire.gpio}", f"`{wire.name}`", kind, level, wire.part, wire.end, wire.meaning)


def with_table(text: str) -> str:
    """``text`` with the table as it must be between the markers. ValueError if one of them is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} followed by {END}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def drawing() -> str:
    """The Pico from above, USB at the top, and what hangs on each pin. An SVG."""
    wires = {pin_of(wire.gpio): wire for wire in TABLE}
    height = 20 * ROW + 130
    shapes = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="DejaVu Sans, sans-serif" font-size="13">',
        "<title>The controller's board: what hangs on each pin of the Raspberry Pi Pico</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<rect x="{LEFT}" y="70" width="{RIGHT - LEFT}" height="{height - 90}" rx="10" fill="#e6efe9" stroke="#1d4d3a" stroke-width="2"/>',
        '<rect x="520" y="52" width="60" height="34" rx="4" fill="#d8d8d8" stroke="#555555"/>',
        '<text x="550" y="22" text-anchor="middle" font-size="15">Raspberry Pi Pico (RP2040), from above</text>',
        '<text x="550" y="44" text-anchor="middle">USB: flashing and console</text>',
    ]
    for row in range(20):
        shapes += _pin(row + 1, wires.get(row + 1), row, left=True)
        shapes += _pin(40 - row, wires.get(40 - row), row, left=False)
    return "\n".join([*shapes, "</svg>", ""])


def _pin(number: int, wire: Wire | None, row: int, *, left: bool) -> list[str]:
    y = 106 + row * ROW
    edge, outward, anchor = (LEFT, -1, "end") if left else (RIGHT, 1, "start")
    inner = "start" if left else "end"
    colour = "#1d4d3a" if wire is not None else "#9a9a9a"
    label = f"{wire.name}: {wire.part}, {wire.end}" if wire is not None else OTHER_PINS[number]
    gpio = "" if wire is None else f"  GP{wire.gpio}"
    text = f"{number}{gpio}" if left else f"{gpio.strip()}  {number}".strip()
    return [
        f'<circle cx="{edge}" cy="{y}" r="6" fill="{colour}"/>',
        f'<text x="{edge - outward * 14}" y="{y + 5}" text-anchor="{inner}" fill="#333333">{text}</text>',
        f'<line x1="{edge + outward * 6}" y1="{y}" x2="{edge + outward * 26}" y2="{y}" stroke="{colour}" stroke-width="2"/>',
        f'<text x="{edge + outward * 32}" y="{y + 5}" text-anchor="{anchor}" fill="{"#111111" if wire else "#777777"}">{escape(label)}</text>',
    ]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    DRAWING.write_text(drawing(), encoding="utf-8")
