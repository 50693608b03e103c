"""One message to the city, one typed answer, within bounds of time and size. Knows HTTP, TLS and proxies; what an answer says is ``answers.py``'s.

Never follows a redirect: rows go to the address that was configured or nowhere. Takes no proxy or password from the environment, and trusts whom the
machine trusts (OpenSSL's store, not the list that comes with ``requests``), or only the authorities of the file that was configured.
"""

import http.client
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from ledger.apart import apart
from ledger.sync.answers import Answer, NonceOffered, read_answer
from ledger.sync.outcomes import AuthoritiesUnusable, Garbled, Intercepted, ProxyUnreachable, Refused, Stopped, Unreachable, Untrusted
from ledger.sync.signing import Signer

LARGEST_ANSWER = 1 << 20
WHOLE = 6
"""An exchange as a whole may last this many times ``timeout_s``, so that a slow line gets its rows through and a dripping city does not hold the sync."""

CONNECTING = 3
"""Until there is a line: the name server's answer too, and its second one where the first is silent."""

LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Address:
    """Where the city is and how it is reached. ``timeout_s``: for each part of an answer; ``authorities``: a PEM file, None for the machine's store."""

    url: str
    timeout_s: float
    proxy: str | None = None
    authorities: str | None = None


class _Cut(HTTPAdapter):
    """The usual adapter with the trust that it is given, and its lines stay within reach: another thread can cut them off at any moment."""

    def __init__(self, trust: ssl.SSLContext | None) -> None:
        self._trust = trust
        self._lines: list[socket.socket] = []
        self._severed = False
        super().__init__(max_retries=0)

    @property
    def connected(self) -> bool:
        return bool(self._lines)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._trust)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._trust, proxy_ssl_context=self._trust)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002 - as requests calls it
        """What requests would do here is to add its own list of authorities to the machine's."""
        conn.cert_reqs = "CERT_REQUIRED"

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        if "ConnectionCls" not in vars(pool):
            made = pool.ConnectionCls

            def make(*args: Any, **kwargs: Any) -> Any:
                return self._within_reach(made(*args, **kwargs))

            pool.ConnectionCls = make
        return pool

    def _within_reach(self, line: Any) -> Any:
        connect = line._new_conn  # noqa: SLF001 - the one place before TLS and a proxy's tunnel, both of which may drip

        def connected() -> socket.socket:
            made: socket.socket = connect()
            self._lines.append(made.dup())
            if self._severed:
                made.close()
                self.cut()
                raise OSError("nobody waits for this line any more")
            return made

        line._new_conn = connected  # noqa: SLF001 - same
        return line

    def cut(self) -> None:
        """Ends what is under way, and what is connected later."""
        self._severed = True
        for one in self._lines:
            with suppress(OSError):  # closed at the other end: nothing waits on it
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        super().close()
        for one in self._lines:
            one.close()


class _Session(requests.Session):
    """Leaves it to ``answers.py`` where a redirect leads. The usual one reads each, also where none is followed, and takes it for UTF-8."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - as requests calls it
        return None


class Uplink:
    """A connection to one city for one round. ``monotonic`` bounds each exchange; ``stop`` ends one under way."""

    def __init__(self, address: Address, signer: Signer, monotonic: Callable[[], float], stop: threading.Event) -> None:
        self._address = address
        self._signer = signer
        self._monotonic = monotonic
        self._stop = stop
        self._made: tuple[requests.Session, _Cut] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._made is not None:
            self._made[0].close()

    def send(self, kiosk: str, data: bytes) -> Answer:
        """Posts rows. Every way this can go is an answer, none an exception."""
        return self.post(f"/v1/kiosks/{quote(kiosk, safe='')}/rows", data, of_rows=True)

    def post(self, path: str, data: bytes, *, of_rows: bool) -> Answer:
        """Posts a message, signed. Once more with the nonce that the city offers where it does not believe our time, or where something doubled the request."""
        answer = self._post(path, data, None, of_rows=of_rows)
        match answer:
            case NonceOffered(nonce):
                answer = self._post(path, data, nonce, of_rows=of_rows)
            case Refused(error="replayed"):
                answer = self._post(path, data, None, of_rows=of_rows)
            case _:
                return answer
        return Refused(401, "time") if isinstance(answer, NonceOffered) else answer

    def _post(self, path: str, data: bytes, nonce: str | None, *, of_rows: bool) -> Answer | NonceOffered:
        try:
            session, lines = self._session()
        except (OSError, ssl.SSLError) as error:
            return AuthoritiesUnusable(self._address.authorities or "", error.strerror or str(error))
        url = f"{self._address.url.rstrip('/')}{path}"
        headers = {"Content-Type": "application/json", **self._signer.headers("POST", url, data, nonce)}
        began = self._monotonic()
        exchange = apart("uplink", lambda: self._exchange(session, url, data, headers))
        while not wait((exchange,), LOOK_S).done:
            limit = WHOLE if lines.connected else CONNECTING
            if self._stop.is_set() or self._monotonic() - began > limit * self._address.timeout_s:
                lines.cut()
                return self._given_up(lines)
        try:
            status, said, body = exchange.result()
        except requests.RequestException as error:
            return self._failed(error)
        except ValueError as error:
            # a length below nothing, an address with a part that no name has: the libraries below are not told of by ``requests``
            return Garbled(f"not an HTTP answer: {error}")
        if len(body) > LARGEST_ANSWER:
            return Garbled(f"an answer of more than {LARGEST_ANSWER} bytes")
        return read_answer(url, status, said, body, of_rows=of_rows)

    def _session(self) -> tuple[requests.Session, _Cut]:
        if self._made is None:
            sealed = any((address or "").startswith("https:") for address in (self._address.url, self._address.proxy))
            session, lines = _Session(), _Cut(ssl.create_default_context(cafile=self._address.authorities) if sealed else None)
            session.trust_env = False
            for scheme in ("http", "https"):
                session.mount(f"{scheme}://", lines)
                if self._address.proxy is not None:
                    session.proxies[scheme] = self._address.proxy
            session.headers["Accept-Encoding"] = "identity"
            self._made = session, lines
        return self._made

    def _exchange(self, session: requests.Session, url: str, data: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        with session.post(url, data, headers=headers, timeout=self._address.timeout_s, allow_redirects=False, stream=True) as response:
            body = b""
            for chunk in response.iter_content(1 << 16):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    break
            return response.status_code, {name.lower(): value for name, value in response.headers.items()}, body

    def _given_up(self, lines: _Cut) -> Answer:
        if self._stop.is_set():
            return Stopped()
        if lines.connected:
            return Unreachable("the answer did not end in time")
        return Unreachable(f"neither a name server nor the address answered within {CONNECTING * self._address.timeout_s:g} s")

    def _failed(self, error: requests.RequestException) -> Answer:
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return Untrusted(cause.verify_message, self._address.authorities or "")
            if isinstance(cause, http.client.IncompleteRead | http.client.RemoteDisconnected):
                return Unreachable("the line was closed before the answer was whole")
            if isinstance(cause, http.client.HTTPException | requests.exceptions.ContentDecodingError):
                return Garbled(f"not an HTTP answer: {type(cause).__name__}")
            if isinstance(cause, OSError) and (refused := re.match(r"Tunnel connection failed: (\d{3})", str(cause))):
                return self._tunnel_refused(int(refused[1]))
        if isinstance(error, requests.exceptions.ProxyError):
            return ProxyUnreachable(self._proxy, _said(causes))
        if isinstance(error, requests.Timeout):
            return Unreachable(f"no answer within {self._address.timeout_s:g} s")
        return Unreachable(_said(causes))

    def _tunnel_refused(self, status: int) -> Answer:
        """What the proxy said when it was asked for a line to the city."""
        answer = read_answer(self._address.url, status, {}, b"")
        # a tunnel's refusal has no body, so it offers nothing
        return answer if isinstance(answer, Intercepted) else ProxyUnreachable(self._proxy, f"status {status}")

    @property
    def _proxy(self) -> str:
        return urlsplit(self._address.proxy or "").netloc.rpartition("@")[2]


def _said(causes: list[BaseException]) -> str:
    """The system's words for the innermost cause that it has words for."""
    reasons = [cause for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return str(reasons[-1].strerror) if reasons else str(causes[-1]) or type(causes[-1]).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps, outermost first."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__, *one.args]


def as_bytes(message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
