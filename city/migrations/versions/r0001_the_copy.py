"""The copy of the ledgers, what follows from it, and what a person must see. Databases made before there were migrations have these tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosk",
        sa.Column("kiosk", sa.String(40), primary_key=True),
        sa.Column("generation", sa.String(64), nullable=False),
        sa.Column("first_seen", sa.String(24), nullable=False),
        sa.Column("last_seen", sa.String(24), nullable=False),
        sa.Column("health", sa.Text, nullable=False),
    )
    op.create_table(
        "generation",
        sa.Column("generation", sa.String(64), primary_key=True),
        sa.Column("kiosk", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("demonstration", sa.Boolean, nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.UniqueConstraint("kiosk", "number"),
    )
    op.create_index("ix_generation_kiosk", "generation", ["kiosk"])
    op.create_table(
        "entry",
        sa.Column("generation", sa.String(64), sa.ForeignKey("generation.generation"), primary_key=True),
        sa.Column("row", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("visit", sa.String(200)),
        sa.Column("occurred", sa.String(24), nullable=False),
        sa.Column("booked", sa.String(24), nullable=False),
        sa.Column("trusted", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "posting",
        sa.Column("generation", sa.String(64), primary_key=True),
        sa.Column("row", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["generation", "row"], ["entry.generation", "entry.row"]),
    )
    op.create_table(
        "day_total",
        sa.Column("generation", sa.String(64), sa.ForeignKey("generation.generation"), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("glass", sa.BigInteger, nullable=False),
        sa.Column("plastic", sa.BigInteger, nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "voucher",
        sa.Column("code", sa.String(200), primary_key=True),
        sa.Column("kiosk", sa.String(40), nullable=False),
        sa.Column("generation", sa.String(64), sa.ForeignKey("generation.generation"), nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("visit", sa.String(200)),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("cause", sa.String(200), nullable=False),
        sa.Column("issued", sa.String(10), nullable=False),
        sa.Column("valid_until", sa.String(10), nullable=False),
    )
    op.create_index("ix_voucher_kiosk", "voucher", ["kiosk"])
    op.create_index("ix_voucher_generation", "voucher", ["generation"])
    op.create_table(
        "gift",
        sa.Column("generation", sa.String(64), sa.ForeignKey("generation.generation"), primary_key=True),
        sa.Column("row", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kiosk", sa.String(40), nullable=False),
        sa.Column("generation", sa.String(64), nullable=False),
        sa.Column("error", sa.String(20), nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("held", sa.String(64), nullable=False),
        sa.Column("sent", sa.String(64), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("first_seen", sa.String(24), nullable=False),
        sa.Column("last_seen", sa.String(24), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.UniqueConstraint("generation", "error", "row", "sent"),
    )
    op.create_index("ix_conflict_kiosk", "conflict", ["kiosk"])
    op.create_table(
        "difference",
        sa.Column("generation", sa.String(64), sa.ForeignKey("generation.generation"), primary_key=True),
        sa.Column("item", sa.String(40), primary_key=True),
        sa.Column("city", sa.BigInteger, nullable=False),
        sa.Column("kiosk", sa.BigInteger, nullable=False),
        sa.Column("first_row", sa.BigInteger, nullable=False),
        sa.Column("last_row", sa.BigInteger, nullable=False),
        sa.Column("first_seen", sa.String(24), nullable=False),
        sa.Column("last_seen", sa.String(24), nullable=False),
    )
