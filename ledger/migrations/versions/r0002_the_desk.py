"""The desk: what staff do once, and what each of it needs before it may be done."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONCE = (
    ("paid", "paid_once"),
    ("grant", "grant_once"),
    ("claimed", "claimed_once"),
    ("printed", "printed_once"),
    ("emptied", "emptied_once"),
    ("weighed", "weighed_once"),
    ("closure", "closure_once"),
    ("correction", "correction_once"),
)

TRIGGERS = (
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


def upgrade() -> None:
    for kind, name in ONCE:
        op.create_index(name, "entry", ["subject"], unique=True, sqlite_where=sa.text(f"kind = '{kind}'"))
    for trigger in TRIGGERS:
        # straight to the driver: in the text of a statement ``:%`` would be a place for a value
        op.get_bind().exec_driver_sql(trigger)
