"""The socket of a service manager, as NOTIFY_SOCKET names it, and what was said to it."""

import socket

from kiosk.supervision import Notifier
from timing import patient


class Manager:
    """``address`` is a path, or begins with ``@`` for one without a file."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.address = address
        self.notifier = Notifier(address)

    def hears(self) -> str:
        """The next word; waits for it."""
        self._socket.settimeout(patient(10))
        return self._socket.recv(4096).decode()

    def heard(self) -> list[str]:
        """All that was said since, without waiting."""
        self._socket.setblocking(False)
        said = []
        while True:
            try:
                said.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return said

    def close(self) -> None:
        self._socket.close()
