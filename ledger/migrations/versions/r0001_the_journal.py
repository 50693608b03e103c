"""The journal: entries in a chain, their postings, what happens once, what never happens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = (
    """CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END""",
    """CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END""",
    """CREATE TRIGGER posting_stays BEFORE UPDATE ON posting
BEGIN SELECT RAISE(ABORT, 'postings are never changed'); END""",
    """CREATE TRIGGER posting_is_kept BEFORE DELETE ON posting
BEGIN SELECT RAISE(ABORT, 'postings are never deleted'); END""",
    """CREATE TRIGGER entry_continues BEFORE INSERT ON entry
WHEN NEW.row IS NOT coalesce((SELECT max(row) FROM entry), 0) + 1
  OR NEW.prev IS NOT coalesce((SELECT hash FROM entry NOT INDEXED ORDER BY row DESC LIMIT 1), printf('%064d', 0))
BEGIN SELECT RAISE(ABORT, 'an entry continues the one before'); END""",
    """CREATE TRIGGER posting_is_of_the_newest BEFORE INSERT ON posting
WHEN NEW.row IS NOT (SELECT max(row) FROM entry)
BEGIN SELECT RAISE(ABORT, 'postings belong to the newest entry'); END""",
    """CREATE TRIGGER one_open_intent BEFORE INSERT ON entry
WHEN NEW.kind = 'intent' AND EXISTS (
  SELECT 1 FROM (SELECT subject FROM entry NOT INDEXED WHERE kind = 'intent' ORDER BY row DESC LIMIT 1) AS last
  WHERE NOT EXISTS (SELECT 1 FROM entry WHERE subject = last.subject AND kind IN ('credit', 'cancelled', 'uncounted')))
BEGIN SELECT RAISE(ABORT, 'an intent is open already'); END""",
    """CREATE TRIGGER an_end_has_its_intent BEFORE INSERT ON entry
WHEN NEW.kind IN ('credit', 'cancelled', 'uncounted') AND NOT EXISTS (
  SELECT 1 FROM entry WHERE subject = NEW.subject AND kind = 'intent' AND visit IS NEW.visit)
BEGIN SELECT RAISE(ABORT, 'there is no such intent'); END""",
    """CREATE TRIGGER one_open_visit BEFORE INSERT ON entry
WHEN NEW.kind = 'visit' AND EXISTS (
  SELECT 1 FROM (SELECT visit FROM entry NOT INDEXED WHERE kind = 'visit' ORDER BY row DESC LIMIT 1) AS last
  WHERE NOT EXISTS (SELECT 1 FROM entry WHERE visit = last.visit AND kind IN ('voucher', 'gift', 'closed')))
BEGIN SELECT RAISE(ABORT, 'a visit is open already'); END""",
    """CREATE TRIGGER an_intent_has_its_open_visit BEFORE INSERT ON entry
WHEN NEW.kind = 'intent' AND (
  NOT EXISTS (SELECT 1 FROM entry WHERE visit = NEW.visit AND kind = 'visit')
  OR EXISTS (SELECT 1 FROM entry WHERE visit = NEW.visit AND kind IN ('voucher', 'gift', 'closed')))
BEGIN SELECT RAISE(ABORT, 'the visit is not open'); END""",
    """CREATE TRIGGER a_visit_ends_settled BEFORE INSERT ON entry
WHEN NEW.kind IN ('voucher', 'gift', 'closed') AND (
  NOT EXISTS (SELECT 1 FROM entry WHERE visit = NEW.visit AND kind = 'visit')
  OR EXISTS (
    SELECT 1 FROM (SELECT subject, visit FROM entry NOT INDEXED WHERE kind = 'intent' ORDER BY row DESC LIMIT 1) AS last
    WHERE last.visit = NEW.visit
      AND NOT EXISTS (SELECT 1 FROM entry WHERE subject = last.subject AND kind IN ('credit', 'cancelled', 'uncounted'))))
BEGIN SELECT RAISE(ABORT, 'the visit cannot end now'); END""",
)


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("visit", sa.Text),
        sa.Column("occurred", sa.Text, nullable=False),
        sa.Column("booked", sa.Text, nullable=False),
        sa.Column("trusted", sa.Integer, sa.CheckConstraint("trusted IN (0, 1)", name="trusted_is_a_bool"), nullable=False),
        sa.Column("body", sa.Text, sa.CheckConstraint("json_type(body) = 'object'", name="body_is_an_object"), nullable=False),
        sa.Column("prev", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "posting",
        sa.Column("row", sa.Integer, sa.ForeignKey("entry.row"), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("cents", sa.Integer, nullable=False),
        sa.UniqueConstraint("row", "account", name="posting_once"),
        sqlite_strict=True,
    )
    once("generation_once", "kind", "kind = 'generation'")
    once("visit_once", "visit", "kind = 'visit'")
    once("intent_once", "subject", "kind = 'intent'")
    once("intent_ends_once", "subject", "kind IN ('credit', 'cancelled', 'uncounted')")
    once("visit_ends_once", "visit", "kind IN ('voucher', 'gift', 'closed')")
    once("voucher_once", "subject", "kind = 'voucher'")
    once("totaliser_once", sa.text("json_extract(body, '$.totaliser')"), "kind IN ('credit', 'step')")
    op.create_index("credit_day", "entry", [sa.text("json_extract(body, '$.day')")], sqlite_where=sa.text("kind = 'credit'"))
    for trigger in TRIGGERS:
        op.execute(trigger)


def once(name: str, unique: str | sa.TextClause, among: str) -> None:
    op.create_index(name, "entry", [unique], unique=True, sqlite_where=sa.text(among))
