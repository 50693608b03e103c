"""A request's body has a largest size, whether or not it says its own; beyond it the request ends with 413. Says nothing about its content."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware. FastAPI has the same under ``max_body_size``, but answers in plain text where the contract says JSON."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"0")
        received = int(said) if said.isdigit() and int(said) > self._largest else 0

        async def limited() -> Message:
            nonlocal received
            if received <= self._largest:
                message = await receive()
                received += len(message.get("body", b""))
                if received <= self._largest:
                    return message
            raise HTTPException(413, f"a body has at most {self._largest} bytes")

        await self._app(scope, limited, send)
