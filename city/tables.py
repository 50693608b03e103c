"""The city's tables. ``generation`` and ``entry`` with ``posting`` are the copy of the ledgers; the others follow from them or record what a person must see.

Only types and statements that SQLite and PostgreSQL share. Times are UTC text, as in the rows themselves. Every change is a migration in ``migrations/``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData()

kiosk = Table(
    "kiosk",
    metadata,
    Column("kiosk", String(40), primary_key=True),
    Column("generation", String(64), nullable=False),
    Column("first_seen", String(24), nullable=False),
    Column("last_seen", String(24), nullable=False),
    Column("health", Text, nullable=False),
)
"""``generation`` is the one that may still grow."""

DESK = ("paid", "paid_cents", "granted", "granted_cents", "emptied", "emptied_grams", "weighed", "weighed_grams", "closures")
"""What the desk's work adds up to."""

generation = Table(
    "generation",
    metadata,
    Column("generation", String(64), primary_key=True),
    Column("kiosk", String(40), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("head", String(64), nullable=False),
    Column("vouchers", BigInteger, nullable=False, server_default="0"),
    Column("voucher_cents", BigInteger, nullable=False, server_default="0"),
    Column("gifts", BigInteger, nullable=False, server_default="0"),
    Column("gift_cents", BigInteger, nullable=False, server_default="0"),
    *(Column(name, BigInteger, nullable=False, server_default="0") for name in DESK),
    UniqueConstraint("kiosk", "number"),
)
"""One ledger file: named by the hash of its first row, held up to ``row`` whose hash is ``head``; beside them what its vouchers, gifts and the
desk's work add up to, so that neither a batch nor a view adds them up anew."""

entry = Table(
    "entry",
    metadata,
    Column("generation", String(64), ForeignKey("generation.generation"), primary_key=True),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("visit", String(200)),
    Column("occurred", String(24), nullable=False),
    Column("booked", String(24), nullable=False),
    Column("trusted", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

posting = Table(
    "posting",
    metadata,
    Column("generation", String(64), primary_key=True),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("account", String(200), nullable=False),
    Column("cents", BigInteger, nullable=False),
    ForeignKeyConstraint(["generation", "row"], ["entry.generation", "entry.row"]),
)

day_total = Table(
    "day_total",
    metadata,
    Column("generation", String(64), ForeignKey("generation.generation"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("glass", BigInteger, nullable=False),
    Column("plastic", BigInteger, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Index("day_total_by_day", "day", "generation", "glass", "plastic", "cents"),
)

voucher = Table(
    "voucher",
    metadata,
    Column("code", String(200), primary_key=True),
    Column("kiosk", String(40), nullable=False, index=True),
    Column("generation", String(64), ForeignKey("generation.generation"), nullable=False, index=True),
    Column("row", BigInteger, nullable=False),
    Column("visit", String(200)),
    Column("amount", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("cause", String(200), nullable=False),
    Column("issued", String(10), nullable=False),
    Column("valid_until", String(10), nullable=False),
    Index("voucher_in_order", "generation", "row"),
)

gift = Table(
    "gift",
    metadata,
    Column("generation", String(64), ForeignKey("generation.generation"), primary_key=True),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), nullable=False),
    Column("amount", BigInteger, nullable=False),
)

payment = Table(
    "payment",
    metadata,
    Column("code", String(200), primary_key=True),
    Column("generation", String(64), ForeignKey("generation.generation"), nullable=False, index=True),
    Column("row", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
    Column("agent", String(200), nullable=False),
)
"""A voucher that a kiosk's desk has paid, whether or not the row that issued it is here."""

gift_total = Table(
    "gift_total",
    metadata,
    Column("generation", String(64), ForeignKey("generation.generation"), primary_key=True),
    Column("association", String(200), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("gifts", BigInteger, nullable=False),
    Column("cents", BigInteger, nullable=False),
)
"""What a ledger's gifts to one association add up to, and the name that its newest gift says. Kept as rows come, like ``day_total``."""

conflict = Table(
    "conflict",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kiosk", String(40), nullable=False, index=True),
    Column("generation", String(64), nullable=False),
    Column("error", String(20), nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("held", String(64), nullable=False),
    Column("sent", String(64), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("first_seen", String(24), nullable=False),
    Column("last_seen", String(24), nullable=False),
    Column("times", Integer, nullable=False),
    UniqueConstraint("generation", "error", "row", "sent"),
)
"""What could not be stored because something else stands in its place. ``evidence`` is the row that was sent."""

difference = Table(
    "difference",
    metadata,
    Column("generation", String(64), ForeignKey("generation.generation"), primary_key=True),
    Column("item", String(40), primary_key=True),
    Column("city", BigInteger, nullable=False),
    Column("kiosk", BigInteger, nullable=False),
    Column("first_row", BigInteger, nullable=False),
    Column("last_row", BigInteger, nullable=False),
    Column("first_seen", String(24), nullable=False),
    Column("last_seen", String(24), nullable=False),
)
"""A figure in which a kiosk's totals were not the city's, as they stood at ``last_row``. Kept even when a later row agrees again."""

invitation = Table(
    "invitation",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("kiosk", String(40), nullable=False, index=True),
    Column("until", String(24), nullable=False),
    Column("key", String(64)),
)
"""A one-time code by its digest; ``key`` is the one that it has enrolled."""

kiosk_key = Table(
    "kiosk_key",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("kiosk", String(40), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("since", String(24), nullable=False),
    Column("ended", String(24)),
    Index("kiosk_key_active", "kiosk", unique=True, sqlite_where=text("state = 'active'"), postgresql_where=text("state = 'active'")),
    Index("kiosk_key_next", "kiosk", unique=True, sqlite_where=text("state = 'next'"), postgresql_where=text("state = 'next'")),
)
"""The keys that speak, or have spoken, for kiosks (``identity`` tells the states). A kiosk has one that is active, and at most one that is next."""

nonce = Table(
    "nonce",
    metadata,
    Column("key", String(64), ForeignKey("kiosk_key.key"), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("offered", Boolean, nullable=False),
    Column("until", String(24), nullable=False),
)
"""What a key has signed lately, and what the city has offered it to sign; gone once ``until`` has passed."""

staff = Table(
    "staff",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("password", String(200), nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", String(24)),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    Column("since", String(24), nullable=False),
)
"""Who may log in; ``password`` is an argon2id hash. ``failures`` counts log-ins since the last that went well."""

session = Table(
    "session",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("staff", String(40), ForeignKey("staff.name"), nullable=False, index=True),
    Column("until", String(24), nullable=False),
)
"""Who is logged in; ``token`` is the digest of what the browser carries."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(24), nullable=False, index=True),
    Column("who", String(40), nullable=False),
    Column("what", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("facts", Text, nullable=False),
)
"""Who did what; rows are only added."""

till = Table(
    "till",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("staff", String(40), ForeignKey("staff.name"), nullable=False),
    Column("opened", String(24), nullable=False),
    Column("begun_cents", BigInteger, nullable=False),
    Column("closed", String(24)),
    Column("expected_cents", BigInteger),
    Column("counted_cents", BigInteger),
    Column("counted", Text),
    Column("reason", Text),
    Column("handed_to", String(40)),
    Index("till_open", "staff", unique=True, sqlite_where=text("closed IS NULL"), postgresql_where=text("closed IS NULL")),
)
"""One person's cash from its opening to its count; ``counted`` is JSON, pieces by their value in cents."""

desk_payment = Table(
    "desk_payment",
    metadata,
    Column("payment", String(64), primary_key=True),
    Column("till", Integer, ForeignKey("till.id"), nullable=False, index=True),
    Column("staff", String(40), nullable=False),
    Column("at", String(24), nullable=False),
    Column("day", String(10), nullable=False),
    Column("cents", BigInteger, nullable=False),
)
"""What was handed out at once, for one voucher or several."""

movement = Table(
    "movement",
    metadata,
    Column("code", String(200), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("before", Integer),
    Column("kind", String(10), nullable=False),
    Column("payment", String(64), ForeignKey("desk_payment.payment"), nullable=False, index=True),
    Column("till", Integer, ForeignKey("till.id"), nullable=False, index=True),
    Column("kiosk", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("received", Boolean, nullable=False),
    Column("at", String(24), nullable=False),
    Column("day", String(10), nullable=False),
    Column("staff", String(40), nullable=False),
    ForeignKeyConstraint(["code", "before"], ["movement.code", "movement.n"]),
    CheckConstraint("(n = 1 AND before IS NULL) OR (n > 1 AND before = n - 1)", name="movement_in_order"),
    CheckConstraint("(kind = 'paid' AND n % 2 = 1) OR (kind = 'undone' AND n % 2 = 0)", name="movement_by_turns"),
    CheckConstraint("amount >= 0", name="movement_amount"),
    Index("movement_unreceived", "kiosk", "day", sqlite_where=text("NOT received"), postgresql_where=text("NOT received")),
)
"""A voucher paid at the city's desk, or that undone: by turns, each behind the one before it, so that payments minus undos of a code are 0 or 1
whoever writes. ``payment`` of an undo is the payment that it undoes. ``received``: whether the city held the row that issued it."""
