"""What a request's body may be, whatever stands in it: JSON as it is (a page's form as a browser sends it), of a largest size, whole within a time. Beyond that the request ends with 415, 413, 408.

FastAPI has a limit of its own (``max_body_size``) but answers in plain text where the contract says JSON; a time it has not.
"""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes; seconds from the end of the header to the end of the body."""

    largest: int
    whole_s: float


class Bodies:
    """ASGI middleware. What is wrong is told when the body is asked for, so that an unknown path stays 404 and a wrong method 405."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self._app = app
        self._bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # who only reads sends none, and a file is sent while it is asked whether somebody still listens
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            receive = _bounded(receive, scope["path"], Headers(scope=scope), self._bounds)
        await self._app(scope, receive, send)


def _bounded(receive: Receive, path: str, headers: Headers, bounds: Bounds) -> Receive:
    said = headers.get("content-length", "")
    received = int(said) if said.isdigit() and int(said) > bounds.largest else 0
    ends = asyncio.get_running_loop().time() + bounds.whole_s

    async def bounded() -> Message:
        nonlocal received
        _check_type(path, headers)
        if received <= bounds.largest:
            try:
                async with asyncio.timeout_at(ends):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, f"a body is whole within {bounds.whole_s:g} seconds", {"Connection": "close"}) from error
            received += len(message.get("body", b""))
            if received <= bounds.largest:
                return message
        raise HTTPException(413, f"a body has at most {bounds.largest} bytes")

    return bounded


def _check_type(path: str, headers: Headers) -> None:
    wanted = "application/json" if path.startswith("/v1/") else "application/x-www-form-urlencoded"
    if headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        raise HTTPException(415, f"a body is {wanted}", {"Accept": wanted})
    if headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "a body comes without a content encoding", {"Accept-Encoding": "identity"})
