"""What was given to each association, by ledger. Gifts that were held before the city read whom they are for are added up."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LONGEST = 200


def upgrade() -> None:
    op.create_table(
        "gift_total",
        sa.Column("generation", sa.String(64), sa.ForeignKey("generation.generation"), primary_key=True),
        sa.Column("association", sa.String(LONGEST), primary_key=True),
        sa.Column("name", sa.String(LONGEST), nullable=False),
        sa.Column("gifts", sa.BigInteger, nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
    )
    _add_up()


def _add_up() -> None:
    """Of a city to which newer kiosks had sent before it was brought up to date. What is not what a gift says is left out."""
    connection = op.get_bind()
    entry = sa.table("entry", *(sa.column(name) for name in ("generation", "row", "kind", "body")))
    held = connection.execute(sa.select(entry).where(entry.c.kind == "gift").order_by(entry.c.generation, entry.c.row))
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    for row in held:
        body = json.loads(row.body)
        association, name, amount = body.get("association"), body.get("name", ""), body.get("amount")
        if not _is_text(association) or not _is_text(name) or type(amount) is not int:
            continue
        last = sums.get((row.generation, association), {"gifts": 0, "cents": 0})
        sums[row.generation, association] = {"name": name, "gifts": last["gifts"] + 1, "cents": last["cents"] + amount}
    total = sa.table("gift_total", *(sa.column(name) for name in ("generation", "association", "name", "gifts", "cents")))
    if sums:
        connection.execute(
            sa.insert(total),
            [{"generation": generation, "association": association, **one} for (generation, association), one in sums.items()],
        )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST
