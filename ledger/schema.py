"""The tables of a ledger file, what may happen once (indexes) and what may never happen (triggers).

This is the present, to be read in one piece; ``migrations/`` makes every file, and a test holds the two equal. A migration only ever adds: rebuilding
a table, as Alembic's batch mode does on SQLite, would drop the triggers and rewrite what must not be touched. So what one revision has, every
later one has, and whoever reads by the names of the first reads them all.
"""

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

APPLICATION_ID = 0x434F4E53
"""``CONS``: SQLite's application_id, by which a ledger is told from any other database."""

REVISIONS: tuple[str, ...] = ("0001",)
"""Every revision that this program reads, in the order of the migrations; it writes the last. A test holds them equal to ``migrations/``."""

metadata = MetaData()

entry = Table(
    "entry",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("visit", Text),
    Column("occurred", Text, nullable=False),
    Column("booked", Text, nullable=False),
    Column("trusted", Integer, CheckConstraint("trusted IN (0, 1)", name="trusted_is_a_bool"), nullable=False),
    Column("body", Text, CheckConstraint("json_type(body) = 'object'", name="body_is_an_object"), nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    sqlite_strict=True,
)

posting = Table(
    "posting",
    metadata,
    Column("row", Integer, ForeignKey("entry.row"), nullable=False),
    Column("account", Text, nullable=False),
    Column("cents", Integer, nullable=False),
    UniqueConstraint("row", "account", name="posting_once"),
    sqlite_strict=True,
)

ONCE = (
    ("generation_once", "kind", "kind = 'generation'"),
    ("visit_once", "visit", "kind = 'visit'"),
    ("intent_once", "subject", "kind = 'intent'"),
    ("intent_ends_once", "subject", "kind IN ('credit', 'cancelled', 'uncounted')"),
    ("visit_ends_once", "visit", "kind IN ('voucher', 'gift', 'closed')"),
    ("voucher_once", "subject", "kind = 'voucher'"),
    ("totaliser_once", "json_extract(body, '$.totaliser')", "kind IN ('credit', 'step')"),
)
"""Name, what is unique, among which entries."""

for name, unique, among in ONCE:
    Index(name, entry.c[unique] if unique in entry.c else text(unique), unique=True, sqlite_where=text(among), _table=entry)

Index("credit_day", text("json_extract(body, '$.day')"), sqlite_where=text("kind = 'credit'"), _table=entry)

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
"""At most one intent and one visit are ever open, so only the newest of each can be: each look back is short, however long the file."""


def create(connection: Connection) -> None:
    """The present schema in an empty file, without the migrations."""
    metadata.create_all(connection)
    for trigger in TRIGGERS:
        connection.exec_driver_sql(trigger)
