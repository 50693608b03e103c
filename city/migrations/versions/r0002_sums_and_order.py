"""What a ledger's vouchers and gifts add up to stands beside its head, and two indexes give the order in which pages are read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("vouchers", "voucher_cents", "gifts", "gift_cents"):
        op.add_column("generation", sa.Column(name, sa.BigInteger, nullable=False, server_default="0"))
    op.execute(
        """UPDATE generation SET
  vouchers = (SELECT count(*) FROM voucher WHERE voucher.generation = generation.generation),
  voucher_cents = (SELECT coalesce(sum(amount), 0) FROM voucher WHERE voucher.generation = generation.generation),
  gifts = (SELECT count(*) FROM gift WHERE gift.generation = generation.generation),
  gift_cents = (SELECT coalesce(sum(amount), 0) FROM gift WHERE gift.generation = generation.generation)"""
    )
    op.create_index("voucher_in_order", "voucher", ["generation", "row"])
    op.create_index("day_total_by_day", "day_total", ["day", "generation", "glass", "plastic", "cents"])
