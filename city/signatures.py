"""Whether a request was signed by the key that it names: HTTP Message Signatures (RFC 9421) by Ed25519 over method, path and body's digest (RFC 9530).

Pure: what the key may do, and whether this request came before, is ``identity``'s. The cryptography is the library's; this module says what must be
covered and which parameters there may be.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

TAG = "consigne-city-v1"
"""Names what the signature is for: one made for another use of the key is none here."""

COVERED = ("@method", "@path", "content-digest")

PARAMETERS = frozenset({"alg", "created", "keyid", "nonce", "tag"})

KEY = re.compile(r"[0-9a-f]{64}")
"""A key's name: its 32 public bytes in hex."""

NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature that holds says. ``created``: seconds since 1970 by the sender's clock, None where it does not say."""

    key: str
    nonce: str
    created: int | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as the signature's library reads one. The host is not covered: a proxy may change it."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://city{self.path}"


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, known: Callable[[str], bool]) -> None:
        self._known = known

    def resolve_public_key(self, key_id: str) -> Any:
        if not KEY.fullmatch(key_id) or not self._known(key_id):
            return None
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key_id))


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Times are held against the city's own clock, and a kiosk may have none: ``identity`` judges them."""


def verify(sent: Sent, body: bytes, known: Callable[[str], bool]) -> Signed | None:
    """What the request's signature says; None where it has none that holds. ``known`` is asked for the key's name before anything is computed."""
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(known))
    verifier.require_created = False
    try:
        found = verifier.verify(sent, max_age=None, expect_tag=TAG, require_components=COVERED, body=body)
    except HTTPMessageSignaturesException:
        return None
    if len(found) != 1 or not found[0].parameters.keys() <= PARAMETERS:
        return None
    said = found[0].parameters
    key, nonce, created = said.get("keyid"), said.get("nonce"), said.get("created")
    if not isinstance(key, str) or not isinstance(nonce, str) or not NONCE.fullmatch(nonce):
        return None
    return Signed(key, nonce, created if isinstance(created, int) else None)
