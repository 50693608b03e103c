"""Who calls a city in tests: kiosks with keys of their own, and a person who reads. What is sent is signed as the sync signs it."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from city import tables
from city.codes import digest
from city.identity import enrol, invite
from city.moments import stamp
from city.staff import WORKDAY, Role, add
from city.store import Store
from ledger.keys import public_text, write
from ledger.sync.signing import Signer
from timing import patient

NOW = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
"""The time of a city in the tests."""

KIOSKS = ("paris-11-01", "demo-01")
"""What each city in the tests knows from its beginning; others are introduced to it."""

OPEN: dict[str, Store] = {}
"""The cities that this process serves now, by their addresses."""

READER = {"consigne": "a token that only the tests know"}
"""The cookie of an auditor who is logged in at each of them."""


def key_of(kiosk: str) -> Ed25519PrivateKey:
    """The same each time."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(kiosk.encode()).digest())


def key_file(folder: Path, kiosk: str = KIOSKS[0]) -> Path:
    """The sync's key in a kiosk's folder."""
    path = folder / "sync.key"
    if not path.exists():
        write(path, key_of(kiosk))
    return path


def introduce(store: Store, *kiosks: str, now: datetime = NOW) -> None:
    """Makes kiosks known to a city, if they are not."""
    with store.write() as connection:
        for kiosk in kiosks:
            key = public_text(key_of(kiosk))
            if connection.execute(select(tables.kiosk_key.c.key).where(tables.kiosk_key.c.key == key)).scalar() is None:
                assert enrol(connection, kiosk, invite(connection, kiosk, now, "tests"), key, now) is None


def introduce_at(address: str, kiosk: str) -> None:
    """Makes a kiosk known to a city that is served by this process; nothing where the address is none of theirs."""
    if address in OPEN and kiosk not in KIOSKS:
        introduce(OPEN[address], kiosk)


def let_read(store: Store, now: datetime = NOW) -> None:
    """Logs the tests' auditor in."""
    with store.write() as connection:
        if connection.execute(select(tables.staff.c.name).where(tables.staff.c.name == "auditor")).scalar() is None:
            add(connection, "auditor", Role.AUDITOR, now, "tests")
            session = {"token": digest(READER["consigne"]), "staff": "auditor", "until": stamp(now + WORKDAY)}
            connection.execute(insert(tables.session).values(**session))


def headers_for(kiosk: str, url: str, body: bytes, **more: str) -> dict[str, str]:
    """Of a request that is this kiosk's, at the time of the city that it is for; ``more`` in place of what it would say itself."""
    here = any(url.startswith(address) for address in OPEN)
    signer = Signer(key_of(kiosk), lambda: NOW if here else datetime.now(UTC))
    return {"Content-Type": "application/json", **signer.headers("POST", url, body, None), **more}


def send(address: str, kiosk: str, batch: Any, **more: str) -> requests.Response:
    """Posts rows, signed by this kiosk's key."""
    introduce_at(address, kiosk)
    url = f"{address}/v1/kiosks/{kiosk}/rows"
    body = batch if isinstance(batch, bytes) else json.dumps(batch).encode()
    return requests.post(url, data=body, headers=headers_for(kiosk, url, body, **more), timeout=patient(30))


def read(address: str, path: str, **asked: Any) -> requests.Response:
    """Asks as the auditor."""
    return requests.get(f"{address}{path}", params=asked, cookies=READER, timeout=patient(30))
