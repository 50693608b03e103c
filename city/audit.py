"""Who did what at the city, and when: written in the transaction of the deed, never changed. No address of a visitor or of a holder stands in it."""

import json
from datetime import datetime

from sqlalchemy import Connection, insert

from city import tables
from city.moments import stamp


def record(connection: Connection, now: datetime, who: str, what: str, subject: str, **facts: object) -> None:
    """``who`` is a person's log-in, a kiosk, or *command line*; ``subject`` what it was done to."""
    values = {"at": stamp(now), "who": who, "what": what, "subject": subject, "facts": json.dumps(facts, sort_keys=True)}
    connection.execute(insert(tables.audit).values(**values))
