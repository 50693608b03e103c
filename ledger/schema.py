"""The tables of a ledger file, what may happen once (indexes) and what may never happen (triggers).

This is the present, to be read in one piece; ``migrations/`` makes every file, and a test holds the two equal. A migration only ever adds: rebuilding
a table, as Alembic's batch mode does on SQLite, would drop the triggers and rewrite what must not be touched. So what one revision has, every
later one has, and whoever reads by the names of the first reads them all.
"""

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

APPLICATION_ID = 0x434F4E53
"""``CONS``: SQLite's application_id, by which a ledger is told from any other database."""

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003")
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
    ("paid_once", "subject", "kind = 'paid'"),
    ("grant_once", "subject", "kind = 'grant'"),
    ("claimed_once", "subject", "kind = 'claimed'"),
    ("printed_once", "subject", "kind = 'printed'"),
    ("emptied_once", "subject", "kind = 'emptied'"),
    ("weighed_once", "subject", "kind = 'weighed'"),
    ("closure_once", "subject", "kind = 'closure'"),
    ("correction_once", "subject", "kind = 'correction'"),
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
    """CREATE TRIGGER a_payment_has_its_voucher BEFORE INSERT ON entry
WHEN NEW.kind = 'paid' AND NOT EXISTS (
  SELECT 1 FROM entry WHERE kind = 'voucher' AND subject = NEW.subject
    AND json_extract(body, '$.amount') = json_extract(NEW.body, '$.amount')
    AND json_extract(body, '$.payer') = 'kiosk'
    AND json_extract(body, '$.valid_until') >= json_extract(NEW.body, '$.day')
  UNION ALL
  SELECT 1 FROM entry, json_each(entry.body, '$.previous.vouchers') AS open
  WHERE entry.kind = 'generation' AND json_extract(open.value, '$.code') = NEW.subject
    AND json_extract(open.value, '$.amount') = json_extract(NEW.body, '$.amount')
    AND coalesce(json_extract(open.value, '$.payer'), 'kiosk') = 'kiosk'
    AND json_extract(open.value, '$.valid_until') >= json_extract(NEW.body, '$.day')
    AND (json_extract(open.value, '$.doubtful') IS NULL OR json_extract(NEW.body, '$.second') IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'there is no such voucher to pay'); END""",
    """CREATE TRIGGER two_agents_are_two BEFORE INSERT ON entry
WHEN NEW.kind IN ('paid', 'grant', 'claimed', 'emptied', 'weighed', 'correction') AND (
  json_extract(NEW.body, '$.second') = json_extract(NEW.body, '$.agent')
  OR (json_extract(NEW.body, '$.second') IS NULL
    AND (NEW.kind = 'correction' OR (NEW.kind = 'claimed' AND json_extract(NEW.body, '$.by_number') = 0))))
BEGIN SELECT RAISE(ABORT, 'a second agent is needed'); END""",
    """CREATE TRIGGER a_grant_stands_in_a_desks_visit BEFORE INSERT ON entry
WHEN NEW.kind = 'grant' AND (
  NOT EXISTS (SELECT 1 FROM entry WHERE visit = NEW.visit AND kind = 'visit' AND json_extract(body, '$.desk') IS NOT NULL)
  OR EXISTS (SELECT 1 FROM entry WHERE visit = NEW.visit AND kind IN ('voucher', 'gift', 'closed')))
BEGIN SELECT RAISE(ABORT, 'a grant stands in a visit of the desk'); END""",
    """CREATE TRIGGER a_grant_is_of_a_bottle BEFORE INSERT ON entry
WHEN NEW.kind = 'grant' AND NOT EXISTS (
  SELECT 1 FROM entry AS ended JOIN entry AS intent ON intent.kind = 'intent' AND intent.subject = ended.subject
  WHERE ended.kind IN ('credit', 'cancelled', 'uncounted') AND ended.kind = 'uncounted'
    AND ended.subject = substr(NEW.subject, 1, instr(NEW.subject, '@') - 1)
    AND substr(NEW.subject, instr(NEW.subject, '@') + 1) = (SELECT substr(hash, 1, 8) FROM entry WHERE row = 1)
    AND json_extract(intent.body, '$.amount') = json_extract(NEW.body, '$.amount')
  UNION ALL
  SELECT 1 FROM entry, json_each(entry.body, '$.previous.uncounted') AS open
  WHERE entry.kind = 'generation' AND json_extract(open.value, '$.bottle') = NEW.subject
    AND json_extract(open.value, '$.amount') = json_extract(NEW.body, '$.amount')
  UNION ALL
  SELECT 1 FROM (
    SELECT kind, visit, body FROM entry
    WHERE kind IN ('credit', 'step') AND json_extract(body, '$.totaliser') >= CAST(substr(NEW.subject, 11) AS INTEGER)
    ORDER BY json_extract(body, '$.totaliser') LIMIT 1) AS step
  WHERE NEW.subject = 'totaliser:' || CAST(substr(NEW.subject, 11) AS INTEGER) AND step.kind = 'step' AND step.visit IS NOT NULL
    AND json_extract(step.body, '$.from') < CAST(substr(NEW.subject, 11) AS INTEGER)
  UNION ALL
  SELECT 1 FROM entry AS begun
  WHERE begun.kind = 'visit' AND NEW.subject LIKE 'visit:%' AND begun.visit = substr(NEW.subject, 7, 15)
    AND json_extract(begun.body, '$.desk') IS NULL)
BEGIN SELECT RAISE(ABORT, 'there is no such bottle to credit'); END""",
    """CREATE TRIGGER a_voucher_is_handed_over_while_open BEFORE INSERT ON entry
WHEN NEW.kind IN ('claimed', 'printed') AND (
  EXISTS (SELECT 1 FROM entry WHERE kind = 'paid' AND subject = json_extract(NEW.body, '$.code'))
  OR NOT EXISTS (
    SELECT 1 FROM entry WHERE kind = 'voucher' AND subject = json_extract(NEW.body, '$.code')
    UNION ALL
    SELECT 1 FROM entry, json_each(entry.body, '$.previous.vouchers') AS open
    WHERE entry.kind = 'generation' AND json_extract(open.value, '$.code') = json_extract(NEW.body, '$.code')))
BEGIN SELECT RAISE(ABORT, 'there is no such open voucher'); END""",
    """CREATE TRIGGER an_emptying_is_explained BEFORE INSERT ON entry
WHEN NEW.kind = 'emptied' AND json_extract(NEW.body, '$.door_seen') = 0 AND json_extract(NEW.body, '$.why') IS NULL
BEGIN SELECT RAISE(ABORT, 'nobody saw the door open, and nobody says why'); END""",
    """CREATE TRIGGER a_weighing_has_its_emptying BEFORE INSERT ON entry
WHEN NEW.kind = 'weighed' AND NOT EXISTS (
  SELECT 1 FROM entry WHERE kind = 'emptied' AND subject = NEW.subject
  UNION ALL
  SELECT 1 FROM entry, json_each(entry.body, '$.previous.unweighed') AS open
  WHERE entry.kind = 'generation' AND open.value = NEW.subject)
BEGIN SELECT RAISE(ABORT, 'there is no such emptying'); END""",
    """CREATE TRIGGER closures_are_in_order BEFORE INSERT ON entry
WHEN NEW.kind = 'closure' AND (
  NEW.trusted = 0
  OR json_extract(NEW.body, '$.first') IS NOT coalesce((SELECT max(json_extract(body, '$.last')) FROM entry WHERE kind = 'closure'), 0) + 1
  OR json_extract(NEW.body, '$.last') < json_extract(NEW.body, '$.first')
  OR json_extract(NEW.body, '$.last') >= NEW.row)
BEGIN SELECT RAISE(ABORT, 'a closure follows the one before'); END""",
    """CREATE TRIGGER a_correction_has_its_row BEFORE INSERT ON entry
WHEN NEW.kind = 'correction' AND (
  json_extract(NEW.body, '$.amount') <= 0 OR NOT EXISTS (SELECT 1 FROM entry WHERE row = json_extract(NEW.body, '$.row')))
BEGIN SELECT RAISE(ABORT, 'there is no such row to correct'); END""",
)
"""At most one intent and one visit are ever open, so only the newest of each can be: each look back is short, however long the file."""


def create(connection: Connection) -> None:
    """The present schema in an empty file, without the migrations."""
    metadata.create_all(connection)
    for trigger in TRIGGERS:
        connection.exec_driver_sql(trigger)
