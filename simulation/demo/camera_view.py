"""What the twin's camera sees, shown small: a thread that reads the stream, and the label it is shown on. Nothing is judged here."""

import contextlib
import http.client
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

SHOW_EVERY_S = 0.125
"""Eight pictures a second; the stream's other ones are read and let pass."""

TRY_AGAIN_S = 0.5
TIMEOUT_S = 2.0


class CameraReader(threading.Thread):
    """Reads an MJPEG stream until ``stop``. ``show`` gets the bytes of a JPEG, or None when there is no picture any more."""

    def __init__(self, address: str, show: Callable[[bytes | None], None]) -> None:
        super().__init__(name="camera-view", daemon=True)
        self._address = urlsplit(address)
        self._show = show
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            # unplugged, or the twin ends: whoever looks sees that there is no picture
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                self._follow()
            if not self._stopping.is_set():
                self._show(None)
            self._stopping.wait(TRY_AGAIN_S)

    def _follow(self) -> None:
        """Until the stream ends. Raises OSError, HTTPException, or ValueError for a stream that is none."""
        connection = http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", self._address.path)
            answer = connection.getresponse()
            due_s = time.monotonic()
            while not self._stopping.is_set() and (jpeg := _part(answer)):
                if time.monotonic() >= due_s:
                    due_s = time.monotonic() + SHOW_EVERY_S
                    self._show(jpeg)
        finally:
            connection.close()


def _part(answer: http.client.HTTPResponse) -> bytes:
    """The next picture of a multipart stream; none at its end."""
    while (line := answer.readline()) and not line.startswith(b"--"):
        pass
    return answer.read(int(http.client.parse_headers(answer).get("Content-Length", "0")))


class CameraView(QLabel):
    """``look_at`` begins to show a stream; ``close_eyes`` ends it."""

    _seen = Signal(object)

    def __init__(self, size: QSize, none: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none = none
        self._reader: CameraReader | None = None
        self.setFixedSize(size)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._seen.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._show(None)

    def look_at(self, address: str) -> None:
        if self._reader is None:
            self._reader = CameraReader(address, self._decode)
            self._reader.start()

    def close_eyes(self) -> None:
        if self._reader is not None:
            self._reader.stop()
            self._reader.join()
            self._reader = None

    def _decode(self, jpeg: bytes | None) -> None:
        """In the reader's thread; the picture crosses by a queued signal."""
        self._seen.emit(None if jpeg is None else scaled(QByteArray(jpeg), self.size()))

    def _show(self, image: QImage | None) -> None:
        if image is None or image.isNull():
            self.setText(self._none)
        else:
            self.setPixmap(QPixmap.fromImage(image))


def scaled(jpeg: QByteArray, size: QSize) -> QImage:
    """A JPEG decoded at a smaller size at once, which costs a fraction of decoding it whole; a null image if it is none."""
    buffer = QBuffer(jpeg)
    reader = QImageReader(buffer)
    reader.setScaledSize(size)
    return reader.read()
