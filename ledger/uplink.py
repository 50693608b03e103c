"""One message to the city, one typed answer, within bounds of time and size. Knows HTTP and the contract's answers; keeps nothing.

Never follows a redirect: rows go to the address that was configured or nowhere. Takes no proxy or password from the environment.
"""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

from ledger.outcomes import CityTroubled, Difference, Disagreed, Garbled, Refused, Rejected, Stopped, Unreachable

LARGEST_ANSWER = 1 << 20
WHOLE = 6
"""An exchange as a whole may last this many times ``timeout_s``, so that a slow line gets its rows through and a dripping city does not hold the sync."""

LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Accepted:
    generation: str
    row: int
    head: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """The city wants row ``expected`` next; the one before it has hash ``head``."""

    expected: int
    head: str


Answer = Accepted | Gap | Disagreed | Rejected | Refused | CityTroubled | Garbled | Unreachable | Stopped


class _Shape(Exception):
    """The answer is not as the contract has it."""


class _Cut(HTTPAdapter):
    """The usual adapter, but the sockets stay within reach: another thread can cut an exchange off while it waits for a byte."""

    def __init__(self) -> None:
        self.sockets: list[socket.socket] = []
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        if "ConnectionCls" not in vars(pool):
            made = pool.ConnectionCls

            def make(*args: Any, **kwargs: Any) -> Any:
                return self._within_reach(made(*args, **kwargs))

            pool.ConnectionCls = make
        return pool

    def _within_reach(self, line: Any) -> Any:
        connect = line.connect

        def connected() -> None:
            connect()
            self.sockets.append(line.sock)

        line.connect = connected
        return line

    def cut(self) -> None:
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                # closed already: nothing waits on it
                continue


class Uplink:
    """A connection to one city for one round.

    ``timeout_s``: seconds to connect, and to wait for each byte; ``monotonic`` bounds the whole; ``stop`` ends an exchange under way.
    """

    def __init__(self, city: str, timeout_s: float, monotonic: Callable[[], float], stop: threading.Event) -> None:
        self._city = city.rstrip("/")
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._stop = stop
        self._adapter = _Cut()
        self._session = requests.Session()
        self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)
        self._session.headers["Accept-Encoding"] = "identity"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._session.close()

    def send(self, kiosk: str, message: object) -> Answer:
        """Posts rows. Every way this can go is an answer, none an exception."""
        late = threading.Event()
        try:
            with self._watched(late):
                status, headers, body = self._exchange(f"{self._city}/v1/kiosks/{quote(kiosk, safe='')}/rows", message)
        except requests.RequestException as error:
            return self._failed(error, late)
        if self._stop.is_set() and late.is_set():
            return Stopped()
        if late.is_set():
            return Unreachable("the answer did not end in time")
        if len(body) > LARGEST_ANSWER:
            return Garbled(f"an answer of more than {LARGEST_ANSWER} bytes")
        return read_answer(status, headers, body)

    def _exchange(self, url: str, message: object) -> tuple[int, dict[str, str], bytes]:
        data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        with self._session.post(url, data, headers=headers, timeout=self._timeout_s, allow_redirects=False, stream=True) as response:
            body = b""
            for chunk in response.iter_content(1 << 16):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    break
            return response.status_code, {name.lower(): value for name, value in response.headers.items()}, body

    @contextmanager
    def _watched(self, late: threading.Event) -> Iterator[None]:
        """Cuts the line and sets ``late`` when the whole takes too long or the stop comes."""
        done = threading.Event()
        deadline = self._monotonic() + WHOLE * self._timeout_s

        def watch() -> None:
            while not done.wait(LOOK_S):
                if self._stop.is_set() or self._monotonic() > deadline:
                    late.set()
                    self._adapter.cut()

        watcher = threading.Thread(target=watch, name="uplink-watch", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _failed(self, error: requests.RequestException, late: threading.Event) -> Answer:
        if late.is_set():
            return Stopped() if self._stop.is_set() else Unreachable("the answer did not end in time")
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, http.client.IncompleteRead | http.client.RemoteDisconnected):
                return Unreachable("the line was closed before the answer was whole")
            if isinstance(cause, http.client.HTTPException | requests.exceptions.ContentDecodingError):
                return Garbled(f"not an HTTP answer: {type(cause).__name__}")
        if isinstance(error, requests.Timeout):
            return Unreachable(f"no answer within {self._timeout_s:g} s")
        reasons = [cause for cause in causes if isinstance(cause, OSError) and cause.strerror]
        return Unreachable(str(reasons[-1].strerror) if reasons else str(causes[-1]) or type(causes[-1]).__name__)


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


def read_answer(status: int, headers: dict[str, str], body: bytes) -> Answer:
    """The answer to a batch, by the contract."""
    if status == 429 or status >= 500:
        wait = headers.get("retry-after", "")
        return CityTroubled(status, int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else None)
    if 300 <= status < 400:
        return Garbled(f"status {status}, a redirect to {headers.get('location', 'nowhere')[:200]}")
    try:
        answer = _object(body)
        match status:
            case 200:
                return _accepted(answer)
            case 401 | 403:
                return Refused(status, _text(answer, "error"))
            case 409 if answer.get("error") == "gap":
                return Gap(_number(answer, "expected"), _hash(answer, "head"))
            case 409:
                return Disagreed(_text(answer, "error"), _number(answer, "row"), _hash(answer, "held"), _hash(answer, "sent"))
            case 400 | 413 | 422:
                return Rejected(status, _text(answer, "error"), _text(answer, "message"), _optional_number(answer, "row"))
            case _:
                return Garbled(f"status {status}")
    except _Shape as error:
        # who is refused by something in front of the city must not read as a fault of the line
        return Refused(status, "") if status in (401, 403) else Garbled(f"status {status}, {error}")


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Shape("the answer is not JSON") from error
    if not isinstance(answer, dict):
        raise _Shape("the answer is not a JSON object")
    return answer


def _accepted(answer: dict[str, Any]) -> Accepted:
    differences = answer.get("differences")
    if not isinstance(differences, list) or not all(isinstance(one, dict) for one in differences):
        raise _Shape("differences are missing")
    found = tuple(Difference(_text(one, "item"), _number(one, "city"), _number(one, "kiosk")) for one in differences)
    return Accepted(_hash(answer, "generation"), _number(answer, "row"), _hash(answer, "head"), found)


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise _Shape(f"{name} is missing")
    return value.encode("utf-8", "replace").decode()[:200]


def _hash(answer: dict[str, Any], name: str) -> str:
    value = _text(answer, name)
    if len(value) != 64 or any(letter not in "0123456789abcdef" for letter in value):
        raise _Shape(f"{name} is not a hash")
    return value


def _number(answer: dict[str, Any], name: str) -> int:
    value = answer.get(name)
    if type(value) is not int or abs(value) >= 1 << 53:
        raise _Shape(f"{name} is not a whole number")
    return value


def _optional_number(answer: dict[str, Any], name: str) -> int | None:
    return None if answer.get(name) is None else _number(answer, name)
