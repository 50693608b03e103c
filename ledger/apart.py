"""Work in a thread that can be left behind: what waits inside the system, for a name server or a disk, can be neither cut off nor asked to stop."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def apart(name: str, work: Callable[[], T]) -> "Future[T]":
    """Begins ``work``; what it returns or raises comes with the future. Its thread never keeps the process from ending."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - whoever asks the future raises it
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
