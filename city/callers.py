"""Who is at the door: a kiosk by its request's signature, a person by the session that a log-in began. FastAPI's dependencies."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie

from city import identity, staff
from city.answers import Problem
from city.identity import Caller, Refusal
from city.signatures import COVERED, TAG, Sent, Signed, verify
from city.staff import Person, Role
from city.store import Store

COOKIE = "consigne"

READERS = frozenset({Role.MANAGER, Role.TECHNICIAN, Role.AUDITOR})
"""Who may read what kiosks sent; a desk sees the voucher that is before it."""


class Turned(Exception):
    """Somebody is not let in: with which status and which problem; ``offer`` a nonce to sign."""

    def __init__(self, status: int, error: str, message: str, offer: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = Problem(error=error, message=message)
        self.offer = offer

    @property
    def headers(self) -> dict[str, str]:
        """The nonce as RFC 9421 asks for a signature (section 5.1)."""
        if self.offer is None:
            return {}
        covered = " ".join(f'"{name}"' for name in COVERED)
        return {"Accept-Signature": f'consigne=({covered});keyid;alg="ed25519";nonce="{self.offer}";tag="{TAG}"'}


def turned(refusal: Refusal) -> Turned:
    return Turned(401, refusal.error, refusal.message, refusal.offer)


async def whole_body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(whole_body)]


class Doors:
    """The dependencies, on this store and this clock."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self.cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="A log-in's session (POST /login).")

    def signed(self, request: Request, body: bytes, known: Callable[[str], bool]) -> Signed:
        """What the request's signature says. Raises Turned."""
        path = request.scope["raw_path"].decode("ascii", "replace")
        if "signature" not in request.headers:
            raise Turned(401, "unsigned", "a kiosk signs its requests; enrol it first (consigne sync enrol)")
        found = verify(Sent(request.method, path, request.headers), body, known)
        if found is None:
            raise Turned(401, "signature", "the signature does not hold: unknown key, or method, path or body are not what was signed")
        return found

    def kiosk(self, request: Request, kiosk: str, body: bytes) -> Caller:
        """A key that was enrolled for this kiosk and has signed this request. Whether it may still speak: ``identity.admit``. Raises Turned."""
        owner: str | None = None

        def known(key: str) -> bool:
            nonlocal owner
            with self._store.read() as connection:
                owner = identity.kiosk_of(connection, key)
            return owner is not None

        signed = self.signed(request, body, known)
        if owner != kiosk:
            raise Turned(403, "other_kiosk", "this key speaks for another kiosk")
        return Caller(kiosk, signed)

    def person(self, request: Request) -> Person | None:
        """Who is logged in."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        with self._store.read() as connection:
            return staff.who(connection, token, self._now())

    def reader(self, request: Request) -> Person:
        """A person who may read what kiosks sent. Raises Turned."""
        person = self.person(request)
        if person is None:
            raise Turned(401, "log_in", "log in first (/login)")
        if person.role not in READERS:
            raise Turned(403, "role", f"the role {person.role} does not read this")
        return person
