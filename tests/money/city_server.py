"""The city as it is served: uvicorn in a thread on a loopback port, its database a real file."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from city.app import BODY_S, create_app
from city.prompt import Prompt
from city.store import open_store
from money.callers import KIOSKS, NOW, OPEN, introduce, let_read
from timing import wait_until


@contextmanager
def city(
    where: Path | str, *, kiosks: tuple[str, ...] = KIOSKS, port: int = 0, demonstration: bool = False, body_s: float = BODY_S
) -> Iterator[str]:
    """The address of a city whose database lies in this folder, or at this address; a second one there goes on where the first stopped.

    It knows ``kiosks`` by their keys, and an auditor is logged in (``money.callers``).
    """
    store = open_store(where if isinstance(where, str) else f"sqlite:///{where / 'city.db'}")
    introduce(store, *kiosks)
    let_read(store)
    listener = socket.create_server(("127.0.0.1", port))
    app = create_app(store, demonstration=demonstration, now=lambda: NOW, body_s=body_s)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1, http=Prompt))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started)
        OPEN[address] = store
        yield address
    finally:
        OPEN.pop(address, None)
        server.should_exit = True
        thread.join()
        listener.close()
        store.close()
