"""Signs what is sent to the city: HTTP Message Signatures (RFC 9421) by the sync's own Ed25519 key over method, path and the body's digest (RFC 9530).

The key lies in a file of the sync's user and is enrolled at the city. It is never the key that signs vouchers, which the sync cannot read.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.keys import public_text

TAG = "consigne-city-v1"
COVERED = ("@method", "@path")
"""The library adds the body's digest."""


@dataclass(frozen=True, slots=True)
class _Request:
    """As the signature's library reads one, and writes its headers into it."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Signer:
    """``utc`` is this machine's time, right or wrong: the city says where it does not believe it."""

    key: Ed25519PrivateKey
    utc: Callable[[], datetime]

    def headers(self, method: str, url: str, body: bytes, nonce: str | None) -> dict[str, str]:
        """Digest and signature. Without a ``nonce`` of the city's with our own and our time, each call another."""
        # loaded with the first message: time that a command without one does not take
        from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

        request, name = _Request(method, url, {}), public_text(self.key)
        signer = HTTPMessageSigner(
            signature_algorithm=algorithms.ED25519, key_resolver=MappingKeyResolver(public_keys={}, private_keys={name: self.key})
        )
        signer.sign(
            request,
            key_id=name,
            created=self.utc(),
            nonce=nonce or secrets.token_urlsafe(24),
            label="consigne",
            tag=TAG,
            covered_component_ids=COVERED,
            body=body,
        )
        return request.headers
