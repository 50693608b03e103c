"""The technician's thread: waits until the session lends intake line and camera, and runs one tool on them. No tool lives here.

::

    anybody ─ask(tool)▶ LoanAsked ─▶ session ─Lend▶ tool.use(borrowed) ─▶ LineReturned, LinkBack ─▶ reconcile
                                        └────RefuseLoan▶ tool.refused(why)
"""

import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from config.clock import Clock
from drivers.camera.worker import OpenSource
from drivers.intake.loan import BorrowedLine, LoanOver
from kiosk.deposit.events import LoanAsked
from kiosk.deposit.loans import AlreadyLent, Hindrance


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What a tool works with, until it returns. Whoever reads on the line writes its ``beat``, and closes each source that it opened."""

    line: BorrowedLine
    open_camera: OpenSource
    clock: Clock


class Tool(Protocol):
    """What a technician wants to do with the machine."""

    def use(self, borrowed: Borrowed) -> None:
        """In the technician's thread; what it raises ends the kiosk, except LoanOver."""
        ...

    def refused(self, why: Hindrance) -> None:
        """It is not lent. From any thread."""
        ...


class LendsLine(Protocol):
    def lend(self) -> AbstractContextManager[BorrowedLine]: ...


class LendsCamera(Protocol):
    def lend(self) -> AbstractContextManager[OpenSource]: ...


class ToolWorker(threading.Thread):
    """One tool at a time. A tool that dies by a fault of the program gives both back and ends the kiosk, like every worker."""

    def __init__(self, intake: LendsLine, camera: LendsCamera, clock: Clock, post: Callable[[LoanAsked], None]) -> None:
        super().__init__(name="tools", daemon=True)
        self._intake = intake
        self._camera = camera
        self._clock = clock
        self._post = post
        self._inbox: queue.SimpleQueue[Tool | None] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._tool: Tool | None = None

    def ask(self, tool: Tool) -> None:
        """Asks for a loan from any thread; ``use`` or ``refused`` is called in time."""
        with self._guard:
            taken, self._tool = self._tool is not None, self._tool or tool
        if taken:
            tool.refused(AlreadyLent())
        else:
            self._post(LoanAsked())

    def lend(self) -> None:
        """The session lends line and camera."""
        self._inbox.put(self._tool)

    def refuse(self, why: Hindrance) -> None:
        """The session does not lend them."""
        tool = self._let_go()
        if tool is not None:
            tool.refused(why)

    def stop(self) -> None:
        """Ends the thread after its tool. One that still works is told LoanOver by the line, once the serial worker has ended."""
        self._inbox.put(None)

    def run(self) -> None:
        while (tool := self._inbox.get()) is not None:
            try:
                with self._intake.lend() as line, self._camera.lend() as open_camera:
                    tool.use(Borrowed(line, open_camera, self._clock))
            except LoanOver:
                return
            self._let_go()

    def _let_go(self) -> Tool | None:
        with self._guard:
            tool, self._tool = self._tool, None
            return tool
