"""The twin's camera: an MJPEG stream on loopback that shows what lies in the chamber, and what can go wrong with a camera.

A client always gets the newest look: nothing is queued for one that is slow, and the socket's own buffer is kept small. Looks are
made in ``looks.py``.
"""

import itertools
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from drivers.twin.looks import empty, from_elsewhere, seen_through, with_sheet

FRAME_S = 0.04
BOUNDARY = "look"
SEND_BUFFER_BYTES = 64 * 1024
"""Less than one look, so that at most one is on its way to a client that does not read."""

CLIENT_TIMEOUT_S = 5.0
"""A client that reads nothing for so long is hung up on."""

GLARE = 4.0
"""Light of a camera that exposes too long, in times of the right light: nine tenths of the empty chamber are saturated."""

OUT_OF_FOCUS_PX = 4.0


class Spoil(StrEnum):
    """What is wrong with the camera. ``FROZEN``: it repeats its last look. ``OFF``: unplugged. ``SWAPPED``: it is another one, which looks from elsewhere."""

    RIGHT = "right"
    BLACK = "black"
    BRIGHT = "bright"
    BLURRED = "blurred"
    FROZEN = "frozen"
    OFF = "off"
    SWAPPED = "swapped"


class Held(StrEnum):
    """Where somebody holds a printed sheet under the camera, through the service door."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"
    AWAY = "away"


class CameraServer:
    """Serves on 127.0.0.1 from its own threads until ``close``. OSError if the port is taken.

    ``seed`` is that of the empty chamber, which is shown until something else is. All methods may be called from any thread and
    act from the next frame on.
    """

    def __init__(self, port: int = 0, seed: int = 0) -> None:
        self._empty = tuple(empty(seed))
        self._stage = _Stage(self._empty)
        self._server = _Server(port, self._stage)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="twin-camera", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/chamber.mjpg"

    def show(self, jpegs: Sequence[bytes], dark: bytes | None = None) -> None:
        """These looks one after the other, and again; none: the empty chamber. ``dark``: what lies there with the lamp off; None: nothing that shines."""
        self._stage.show(tuple(jpegs) or self._empty, dark)

    def spoil(self, spoil: Spoil) -> None:
        """One fault at a time; ``RIGHT`` ends it."""
        self._stage.spoil(spoil)

    def hold(self, held: Held, sheet: bytes | None) -> None:
        """A sheet, as an image file, over whatever is shown; None: one with a code of its own. ``AWAY`` ends it."""
        self._stage.hold(held, sheet)

    def light(self, percent: int) -> None:
        """The chamber's lamp, 0 to 100; 100 until something else is said."""
        self._stage.light(percent)

    def close(self) -> None:
        """Hangs up on every client and frees the port."""
        self._stage.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class _Optics:
    """How the looks are seen: as they are, or in other light or focus."""

    spoil: Spoil = Spoil.RIGHT
    lamp_percent: int = 100
    held: Held = Held.AWAY
    sheet: bytes | None = None

    def of(self, jpeg: bytes) -> bytes:
        light = {Spoil.BLACK: 0.0, Spoil.BRIGHT: GLARE}.get(self.spoil, 1.0) * self.lamp_percent / 100
        blur_px = OUT_OF_FOCUS_PX if self.spoil is Spoil.BLURRED else 0.0
        if self.held is not Held.AWAY:
            jpeg = with_sheet(jpeg, self.sheet, list(Held).index(self.held))
        if self.spoil is Spoil.SWAPPED:
            jpeg = from_elsewhere(jpeg)
        return jpeg if (light, blur_px) == (1.0, 0.0) else seen_through(jpeg, light, blur_px)


class _Stage:
    """What is shown now, shared by the threads of all clients.

    Each client begins one look further than the one before: a camera that is opened anew shows another frame too.
    """

    def __init__(self, looks: tuple[bytes, ...]) -> None:
        self._changed = threading.Condition()
        self._looks = looks
        self._dark: bytes | None = None
        self._scene = 0
        self._first = itertools.count()
        self._optics = _Optics()
        self._made: dict[tuple[_Optics, bytes], bytes] = {}
        self._last: bytes | None = None
        self._closed = False

    def show(self, looks: tuple[bytes, ...], dark: bytes | None) -> None:
        with self._changed:
            self._looks, self._dark = looks, dark
            self._scene += 1
            self._made.clear()
            self._changed.notify_all()

    def spoil(self, spoil: Spoil) -> None:
        with self._changed:
            self._see(replace(self._optics, spoil=spoil))

    def hold(self, held: Held, sheet: bytes | None) -> None:
        with self._changed:
            self._see(replace(self._optics, held=held, sheet=sheet))

    def light(self, percent: int) -> None:
        with self._changed:
            self._see(replace(self._optics, lamp_percent=percent))

    def _see(self, optics: _Optics) -> None:
        if optics != self._optics:
            self._optics = optics
            self._made.clear()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def next_look(self, scene: int, place: int) -> tuple[int, int, bytes] | None:
        """Waits one frame's time, or until the scene changes; then the scene, the place in it, and the look. None: hang up."""
        with self._changed:
            self._changed.wait_for(lambda: self._over() or self._scene != scene, FRAME_S)
            if self._over():
                return None
            place = place + 1 if self._scene == scene else next(self._first)
            scene, optics = self._scene, self._optics
            if optics.spoil is Spoil.FROZEN and self._last is not None:
                return scene, place, self._last
            look = self._looks[place % len(self._looks)]
            if optics.lamp_percent == 0 and self._dark is not None:
                # as bright as it was drawn: the lamp has no part in it
                look, optics = self._dark, replace(optics, lamp_percent=100)
        jpeg = self._seen(optics, look)
        self._last = jpeg
        return scene, place, jpeg

    def _over(self) -> bool:
        return self._closed or self._optics.spoil is Spoil.OFF

    def _seen(self, optics: _Optics, look: bytes) -> bytes:
        """The look through these optics, made once. Outside the lock, as it takes longer than a frame may be late."""
        made = self._made.get((optics, look))
        if made is None:
            made = self._made[optics, look] = optics.of(look)
        return made


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
        scene, place = -1, -1
        begun = False
        while (shown := self.server.stage.next_look(scene, place)) is not None:
            if not begun:
                self._head()
                begun = True
            scene, place, jpeg = shown
            head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            self.wfile.write(head.encode("ascii") + jpeg + b"\r\n")

    def _head(self) -> None:
        """Not before there is something to show: nobody answers for a camera that is off."""
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Requests are of no interest to anyone."""
