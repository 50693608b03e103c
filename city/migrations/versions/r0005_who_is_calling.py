"""Who is calling: kiosks' keys with the codes that enrol them, staff who log in, and what each of them did."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("kiosk", sa.String(40), nullable=False, index=True),
        sa.Column("until", sa.String(24), nullable=False),
        sa.Column("key", sa.String(64)),
    )
    op.create_table(
        "kiosk_key",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("kiosk", sa.String(40), nullable=False, index=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", sa.String(24), nullable=False),
        sa.Column("ended", sa.String(24)),
    )
    for state in ("active", "next"):
        only = sa.text(f"state = '{state}'")
        op.create_index(f"kiosk_key_{state}", "kiosk_key", ["kiosk"], unique=True, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "nonce",
        sa.Column("key", sa.String(64), sa.ForeignKey("kiosk_key.key"), primary_key=True),
        sa.Column("nonce", sa.String(64), primary_key=True),
        sa.Column("offered", sa.Boolean, nullable=False),
        sa.Column("until", sa.String(24), nullable=False),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("locked_until", sa.String(24)),
        sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("since", sa.String(24), nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("staff", sa.String(40), sa.ForeignKey("staff.name"), nullable=False, index=True),
        sa.Column("until", sa.String(24), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(24), nullable=False, index=True),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
