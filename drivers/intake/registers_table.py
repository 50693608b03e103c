"""The register table in ``drivers/README.md``, made from ``firmware/registers.py`` so that the two cannot differ.

    python -m drivers.intake.registers_table      writes it anew between the markers

A test holds what is committed against what this makes.
"""

from pathlib import Path

from firmware.registers import TABLE, Register

README = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- registers: made by python -m drivers.intake.registers_table -->"
END = "<!-- registers: end -->"
HEADINGS = ("register", "space", "address", "words", "unit", "range", "access", "meaning", "since")


def table() -> str:
    """The table in Markdown, one row a register."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(_row(register) for register in TABLE)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(register: Register) -> tuple[str, ...]:
    return (
        register.name,
        register.space,
        str(register.address),
        str(register.words),
        register.unit or "–",
        f"{register.low}–{register.high}",
        register.access,
        register.meaning,
        str(register.since),
    )


def with_table(text: str) -> str:
    """``text`` with the table as it must be between the markers. ValueError if one of them is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} followed by {END}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
