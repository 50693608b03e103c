"""The camera driver on real MJPEG streams: what is newest, what is fresh, and a source that comes and goes."""

import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import pytest

from config.clock import Instant
from drivers.camera import Camera, CameraGone, Frame
from drivers.twin.camera import CameraServer

PATIENCE_S = 15.0
DARK, LIGHT = 40, 210


class MonotonicClock:
    """The machine's monotonic time, which the threads and processes of these tests really live in."""

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), trusted=True)

    def monotonic(self) -> float:
        return time.monotonic()


def look(grey: int) -> bytes:
    """A look of some 200 kB with this mean grey, so that buffers hold a few of them as they do of real ones."""
    noise = np.random.default_rng(grey).integers(-25, 26, (720, 1280, 3))
    jpeg = cv2.imencode(".jpg", (grey + noise).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    assert len(jpeg) > 150_000
    return jpeg


DARK_LOOK, LIGHT_LOOK = look(DARK), look(LIGHT)


def grey_of(frame: Frame | None) -> int:
    assert frame is not None
    return round(float(frame.image.mean()))


class Told:
    """What a camera told, and a way to wait for it."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[str] = queue.SimpleQueue()

    def lost(self, detail: str) -> None:
        self.events.put(f"lost: {detail}")

    def back(self) -> None:
        self.events.put("back")

    def next(self) -> str:
        return self.events.get(timeout=PATIENCE_S)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def clock() -> MonotonicClock:
    return MonotonicClock()


@pytest.fixture
def server() -> Iterator[CameraServer]:
    server = CameraServer()
    yield server
    server.close()


@pytest.fixture
def open_camera(told: Told, clock: MonotonicClock) -> Iterator[Callable[[str], Camera]]:
    cameras: list[Camera] = []

    def opened(source: str) -> Camera:
        cameras.append(Camera(source, 1280, 720, clock, told.lost, told.back))
        cameras[-1].start()
        return cameras[-1]

    yield opened
    for camera in cameras:
        camera.close()


class Source:
    """An MJPEG server of one connection at a time, that a test drives: it floods, paces, or falls silent."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE_S)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def accept(self) -> socket.socket:
        connection, _ = self._listener.accept()
        connection.settimeout(PATIENCE_S)
        connection.recv(65536)
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=look\r\n\r\n")
        return connection

    @staticmethod
    def part(jpeg: bytes) -> bytes:
        return b"--look\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(jpeg), jpeg)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def source() -> Iterator[Source]:
    source = Source()
    yield source
    source.close()


def flood(connection: socket.socket, jpeg: bytes) -> int:
    """Sends parts until nobody takes more; how many."""
    part = Source.part(jpeg)
    connection.setblocking(False)
    sent = 0
    try:
        while True:
            place = sent % len(part)
            sent += connection.send(part[place:])
    except BlockingIOError:
        return sent // len(part)


def light_up(source: Source, stop: threading.Event) -> None:
    """Light looks on the next connection until told to stop."""
    with source.accept() as connection:
        while not stop.wait(0.01):
            connection.sendall(Source.part(LIGHT_LOOK))


def test_what_is_shown_is_what_is_seen(server: CameraServer, open_camera: Callable[[str], Camera], clock: MonotonicClock) -> None:
    camera = open_camera(server.url)
    for jpeg, grey in ((DARK_LOOK, DARK), (LIGHT_LOOK, LIGHT)) * 3:
        server.show([jpeg])
        assert grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S)) == pytest.approx(grey, abs=3)


def test_nothing_shown_is_the_empty_chamber_again(
    server: CameraServer, open_camera: Callable[[str], Camera], clock: MonotonicClock
) -> None:
    camera = open_camera(server.url)
    before = grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S))
    server.show([LIGHT_LOOK])
    assert grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S)) == pytest.approx(LIGHT, abs=3)
    server.show(())
    assert grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S)) == before


def test_frames_are_numbered_upwards_and_each_is_handed_out_once(server: CameraServer, open_camera: Callable[[str], Camera]) -> None:
    camera = open_camera(server.url)
    numbers, stamps = [0], [0.0]
    for _ in range(10):
        frame = camera.wait(numbers[-1], 0.0, PATIENCE_S)
        assert frame is not None
        assert frame.image.shape == (720, 1280, 3)
        numbers.append(frame.number)
        stamps.append(frame.monotonic_s)
    assert len(set(numbers)) == len(numbers)
    assert sorted(numbers) == numbers
    assert sorted(stamps) == stamps


def test_every_look_of_an_item_is_shown_in_turn(server: CameraServer) -> None:
    shades = [look(grey) for grey in (40, 90, 140)]
    server.show(shades)
    with Client(server) as client:
        parts = [client.part() for _ in range(6)]
    first = shades.index(parts[0])
    assert parts == [shades[(first + step) % 3] for step in range(6)]


class Client:
    """A plain reader of the stream with a small receive buffer, which reads only when told to."""

    def __init__(self, server: CameraServer) -> None:
        port = int(server.url.split(":")[2].split("/")[0])
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(b"GET / HTTP/1.0\r\n\r\n")
        self._stream = self._socket.makefile("rb")
        while self._stream.readline().strip():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._socket.close()

    def part(self) -> bytes:
        length = 0
        while line := self._stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name == b"Content-Length" else length
        jpeg = self._stream.read(length)
        assert self._stream.readline() == b"\r\n"
        return jpeg


def test_a_client_that_did_not_read_gets_the_newest_look_and_no_backlog(server: CameraServer) -> None:
    shades = [look(grey) for grey in range(40, 200, 10)]
    with Client(server) as client:
        client.part()
        for shade in shades:
            server.show([shade])
        seen = [client.part()]
        while seen[-1] != shades[-1]:
            seen.append(client.part())
        assert len(seen) <= 4


def test_clients_that_hang_up_do_no_harm(server: CameraServer, open_camera: Callable[[str], Camera]) -> None:
    for _ in range(3):
        with Client(server) as client:
            client.part()
    assert open_camera(server.url).wait(0, 0.0, PATIENCE_S) is not None


def test_pictures_that_piled_up_while_nobody_read_are_not_taken_for_fresh(
    source: Source, open_camera: Callable[[str], Camera], told: Told, clock: MonotonicClock
) -> None:
    standing, go_on, stop = threading.Event(), threading.Event(), threading.Event()

    def stand_still() -> None:
        standing.set()
        assert go_on.wait(PATIENCE_S)

    told.back = stand_still  # type: ignore[method-assign]
    camera = open_camera(source.url)
    source.accept().close()
    assert told.next().startswith("lost")
    with source.accept() as connection:
        connection.sendall(Source.part(DARK_LOOK))
        assert standing.wait(PATIENCE_S)  # the camera's thread is in its call and reads nothing
        piled_up = flood(connection, DARK_LOOK)
        changed_s = clock.monotonic()  # from here on only light looks are taken
        go_on.set()
        later = threading.Thread(target=light_up, args=(source, stop))
        later.start()
        fresh = camera.wait(0, changed_s, PATIENCE_S)
        stop.set()
        later.join()
    assert piled_up > 2
    assert grey_of(fresh) == pytest.approx(LIGHT, abs=3)


def test_a_stream_is_opened_anew_for_pictures_of_a_later_time_and_only_then(
    source: Source, open_camera: Callable[[str], Camera], clock: MonotonicClock
) -> None:
    camera = open_camera(source.url)
    with source.accept() as connection:
        connection.sendall(Source.part(DARK_LOOK))
        first = camera.wait(0, 0.0, PATIENCE_S)
        connection.sendall(Source.part(DARK_LOOK))
        second = camera.wait(1, 0.0, PATIENCE_S)
        assert first is not None
        assert second is not None
        assert second.monotonic_s == first.monotonic_s
        later_s = clock.monotonic()
        assert camera.wait(0, later_s, 0.0) is None
        connection.sendall(Source.part(DARK_LOOK))
        with source.accept() as anew:
            anew.sendall(Source.part(LIGHT_LOOK))
            third = camera.wait(0, later_s, PATIENCE_S)
    assert grey_of(third) == pytest.approx(LIGHT, abs=3)
    assert third is not None
    assert third.monotonic_s >= later_s
    assert third.number == 4


def test_no_frame_in_time_is_none(source: Source, open_camera: Callable[[str], Camera]) -> None:
    camera = open_camera(source.url)
    with source.accept():
        assert camera.wait(0, 0.0, 0.01) is None


@pytest.mark.parametrize("absent", ["/dev/video-that-is-not-there", "http://127.0.0.1:9/"])
def test_a_source_that_is_not_there_is_told_once_and_by_name(open_camera: Callable[[str], Camera], told: Told, absent: str) -> None:
    camera = open_camera(absent)
    assert told.next() == "lost: cannot be opened"
    with pytest.raises(CameraGone) as caught:
        camera.wait(0, 0.0, PATIENCE_S)
    assert (caught.value.source, caught.value.detail) == (absent, "cannot be opened")


def test_a_stream_that_falls_silent_is_lost(source: Source, open_camera: Callable[[str], Camera], told: Told) -> None:
    camera = open_camera(source.url)
    with source.accept() as connection:
        connection.sendall(Source.part(DARK_LOOK))
        assert camera.wait(0, 0.0, PATIENCE_S) is not None
        assert told.next() == "lost: no picture for 2 s"
        with pytest.raises(CameraGone):
            camera.wait(0, 0.0, PATIENCE_S)


SERVE = "import sys, threading; from drivers.twin.camera import CameraServer; CameraServer(int(sys.argv[1])); print('up', flush=True); threading.Event().wait()"


def _served(port: int) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_a_twin_that_was_killed_is_told_lost_and_on_the_same_port_back(
    free_port: int, open_camera: Callable[[str], Camera], told: Told, clock: MonotonicClock, capfd: pytest.CaptureFixture[str]
) -> None:
    with _served(free_port) as first:
        camera = open_camera(f"http://127.0.0.1:{free_port}/chamber.mjpg")
        before = camera.wait(0, 0.0, PATIENCE_S)
        first.send_signal(signal.SIGKILL)
        assert told.next() == "lost: the stream ended"
    with _served(free_port) as second:
        assert told.next() == "back"
        after = camera.wait(0, clock.monotonic(), PATIENCE_S)
        second.kill()
        assert told.next() == "lost: the stream ended"
    assert before is not None
    assert after is not None
    assert after.number > before.number
    assert told.events.empty()
    assert capfd.readouterr().err == ""
