"""The twin's camera: an MJPEG stream on loopback that shows what lies in the chamber. Looks are made in ``looks.py``.

A client always gets the newest look: nothing is queued for one that is slow, and the socket's own buffer is kept small.
"""

import socket
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from drivers.twin.looks import empty

FRAME_S = 0.04
BOUNDARY = "look"
SEND_BUFFER_BYTES = 64 * 1024
"""Less than one look, so that at most one is on its way to a client that does not read."""

CLIENT_TIMEOUT_S = 5.0
"""A client that reads nothing for so long is hung up on."""


class CameraServer:
    """Serves on 127.0.0.1 from its own threads until ``close``. OSError if the port is taken.

    ``seed`` is that of the empty chamber, which is shown until something else is.
    """

    def __init__(self, port: int = 0, seed: int = 0) -> None:
        self._empty = (empty(seed),)
        self._stage = _Stage(self._empty)
        self._server = _Server(port, self._stage)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="twin-camera", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/chamber.mjpg"

    def show(self, jpegs: Sequence[bytes]) -> None:
        """From the next frame on, these looks one after the other, and again; none: the empty chamber."""
        self._stage.show(tuple(jpegs) or self._empty)

    def close(self) -> None:
        """Hangs up on every client and frees the port."""
        self._stage.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Stage:
    """What is shown now, shared by the threads of all clients."""

    def __init__(self, looks: tuple[bytes, ...]) -> None:
        self._changed = threading.Condition()
        self._looks = looks
        self._scene = 0
        self._closed = False

    def show(self, looks: tuple[bytes, ...]) -> None:
        with self._changed:
            self._looks = looks
            self._scene += 1
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def next_look(self, scene: int, place: int) -> tuple[int, int, bytes] | None:
        """Waits one frame's time, or until the scene changes; then the scene, the place in it, and the look. None: closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._scene != scene, FRAME_S)
            if self._closed:
                return None
            place = place + 1 if self._scene == scene else 0
            return self._scene, place, self._looks[place % len(self._looks)]


class _Server(ThreadingHTTPServer):
    """``allow_reuse_address`` (set by the base class) lets a twin that was killed take the same port at once."""

    daemon_threads = True

    def __init__(self, port: int, stage: _Stage) -> None:
        super().__init__(("127.0.0.1", port), _Client)
        self.stage = stage

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


class _Client(BaseHTTPRequestHandler):
    server: _Server
    timeout = CLIENT_TIMEOUT_S

    def do_GET(self) -> None:
        try:
            self._stream()
        except OSError:
            # It went away, or stopped reading; the next one gets a thread of its own.
            self.close_connection = True

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        scene, place = -1, -1
        while (shown := self.server.stage.next_look(scene, place)) is not None:
            scene, place, jpeg = shown
            head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            self.wfile.write(head.encode("ascii") + jpeg + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Requests are of no interest to anyone."""
