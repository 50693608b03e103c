"""The table of the technical log's lines in ``kiosk/README.md``, made from ``deposit/notes.py`` so that the two cannot differ.

    python -m kiosk.log_table      writes it anew between the markers

A test holds what is committed against what this makes.
"""

from pathlib import Path

from kiosk.deposit.notes import TABLE

README = Path(__file__).parent / "README.md"
BEGIN = "<!-- log: made by python -m kiosk.log_table -->"
END = "<!-- log: end -->"


def table() -> str:
    """The table in Markdown, one row a kind."""
    rows = [
        "| kind | when | fields |",
        "|---|---|---|",
        *(f"| {kind} | {told.when} | {', '.join(told.fields) or '–'} |" for kind, told in TABLE.items()),
    ]
    return "\n".join(rows)


def with_table(text: str) -> str:
    """``text`` with the table as it must be between the markers. ValueError if one of them is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} or {END} is missing")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
