"""The city's desk: tills, payments, and each voucher's payments and undos by turns."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "till",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("staff", sa.String(40), sa.ForeignKey("staff.name"), nullable=False),
        sa.Column("opened", sa.String(24), nullable=False),
        sa.Column("begun_cents", sa.BigInteger, nullable=False),
        sa.Column("closed", sa.String(24)),
        sa.Column("expected_cents", sa.BigInteger),
        sa.Column("counted_cents", sa.BigInteger),
        sa.Column("counted", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("handed_to", sa.String(40)),
    )
    still_open = sa.text("closed IS NULL")
    op.create_index("till_open", "till", ["staff"], unique=True, sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "desk_payment",
        sa.Column("payment", sa.String(64), primary_key=True),
        sa.Column("till", sa.Integer, sa.ForeignKey("till.id"), nullable=False, index=True),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "movement",
        sa.Column("code", sa.String(200), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("before", sa.Integer),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("payment", sa.String(64), sa.ForeignKey("desk_payment.payment"), nullable=False, index=True),
        sa.Column("till", sa.Integer, sa.ForeignKey("till.id"), nullable=False, index=True),
        sa.Column("kiosk", sa.String(40), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("received", sa.Boolean, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["code", "before"], ["movement.code", "movement.n"]),
        sa.CheckConstraint("(n = 1 AND before IS NULL) OR (n > 1 AND before = n - 1)", name="movement_in_order"),
        sa.CheckConstraint("(kind = 'paid' AND n % 2 = 1) OR (kind = 'undone' AND n % 2 = 0)", name="movement_by_turns"),
        sa.CheckConstraint("amount >= 0", name="movement_amount"),
    )
    unreceived = sa.text("NOT received")
    op.create_index("movement_unreceived", "movement", ["kiosk", "day"], sqlite_where=unreceived, postgresql_where=unreceived)
