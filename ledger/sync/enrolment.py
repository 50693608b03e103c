"""The sync's key becomes known to the city: with a one-time code the first time, signed by the key before it later on.

The new key lies in a file beside the one in use until the city has taken it::

    sync.key.next made ──▶ city: Enrolled ──▶ sync.key
                             │ no answer: it stays, and the same command sends the same key again
                             └ refused for good ("key"): thrown away, the same command makes another

A cut after the city's yes, when the new key is in use already, leaves a code that is used up: so the key in use is brought first, and the city, which knows the two together, says yes again.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.keys import load_own, public_text, sync_folder, write
from ledger.sync.answers import Answer, Enrolled
from ledger.sync.outcomes import Refused
from ledger.sync.signing import Signer
from ledger.sync.uplink import Address, Uplink, as_bytes
from ledger.vocabulary import WrongKey


@dataclass(frozen=True, slots=True)
class Enrolling:
    """Which kiosk's key in which file, to which city. ``utc``: this machine's time; ``monotonic`` in seconds."""

    kiosk: str
    key: Path
    address: Address
    utc: Callable[[], datetime]
    monotonic: Callable[[], float]
    stop: threading.Event

    @property
    def next(self) -> Path:
        return self.key.with_name(self.key.name + ".next")


def enrol(enrolling: Enrolling, code: str) -> Answer:
    """Brings a key of its own to the city with the code that was given out there. Raises WrongKey, OSError."""
    used = _in_use(enrolling)
    if used is not None:
        answer = _brought(enrolling, used, code)
        if not isinstance(answer, Refused) or answer.error != "key":
            return answer
    return _settled(enrolling, _brought(enrolling, _next(enrolling), code))


def _in_use(enrolling: Enrolling) -> Ed25519PrivateKey | None:
    """The key in use, if it can be used at all and no other is on its way."""
    if enrolling.next.exists() or not enrolling.key.exists():
        return None
    try:
        return load_own(enrolling.key)
    except WrongKey:
        return None


def _brought(enrolling: Enrolling, key: Ed25519PrivateKey, code: str) -> Answer:
    return _posted(enrolling, key, "/v1/enrolments", {"kiosk": enrolling.kiosk, "code": code, "key": public_text(key)})


def rotate(enrolling: Enrolling) -> Answer:
    """Another key in place of the one in use, which signs for it. Raises WrongKey, OSError."""
    key = load_own(enrolling.key)
    message = {"key": public_text(_next(enrolling))}
    return _settled(enrolling, _posted(enrolling, key, f"/v1/kiosks/{quote(enrolling.kiosk, safe='')}/keys", message))


def _next(enrolling: Enrolling) -> Ed25519PrivateKey:
    if not enrolling.next.exists():
        write(enrolling.next, Ed25519PrivateKey.from_private_bytes(secrets.token_bytes(32)))
    return load_own(enrolling.next)


def _posted(enrolling: Enrolling, key: Ed25519PrivateKey, path: str, message: dict[str, str]) -> Answer:
    with Uplink(enrolling.address, Signer(key, enrolling.utc), enrolling.monotonic, enrolling.stop) as uplink:
        return uplink.post(path, as_bytes(message), of_rows=False)


def _settled(enrolling: Enrolling, answer: Answer) -> Answer:
    match answer:
        case Enrolled():
            enrolling.next.replace(enrolling.key)
            sync_folder(enrolling.key.parent)
        case Refused(error="key"):
            enrolling.next.unlink()
        case _:
            pass
    return answer
