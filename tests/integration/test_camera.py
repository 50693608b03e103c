"""The camera driver on real MJPEG streams and real files: what is newest, what is fresh, what is wrong, and a source that comes and goes."""

import itertools
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, Self

import cv2
import numpy as np
import pytest

from config.clock import Instant
from drivers.camera import source as camera_source
from drivers.camera import worker as camera_module
from drivers.camera.faults import CameraFault, CameraTrouble, SourceLost
from drivers.camera.settings import DeviceSettings, NotTaken
from drivers.camera.worker import Camera, CameraGone, Frame
from drivers.twin.camera import CameraServer, Spoil
from drivers.twin.items import chamber_items
from drivers.twin.looks import render
from people.wrong_things import png
from timing import patient, wait_until

PATIENCE_S = patient(15.0)
DARK, LIGHT = 40, 210


class MonotonicClock:
    """The machine's monotonic time, which the threads and processes of these tests really live in."""

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), trusted=True)

    def monotonic(self) -> float:
        return time.monotonic()


def look(grey: int, number: int = 0) -> bytes:
    """A look of some 200 kB with this mean grey, so that buffers hold a few of them as they do of real ones; each number has its own noise."""
    noise = np.random.default_rng([grey, number]).integers(-25, 26, (720, 1280, 3))
    jpeg = cv2.imencode(".jpg", (grey + noise).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    assert len(jpeg) > 150_000
    return jpeg


DARK_LOOKS, LIGHT_LOOKS = [look(DARK, number) for number in range(4)], [look(LIGHT, number) for number in range(4)]


def grey_of(frame: Frame | None) -> int:
    assert frame is not None
    return round(float(frame.image.mean()))


class Told:
    """What a camera told, and a way to wait for it."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[CameraTrouble | None] = queue.SimpleQueue()
        self.not_taken: list[tuple[NotTaken, ...]] = []

    def lost(self, trouble: CameraTrouble) -> None:
        self.events.put(trouble)

    def back(self) -> None:
        self.events.put(None)

    def next_lost(self) -> CameraTrouble:
        trouble = self.events.get(timeout=PATIENCE_S)
        assert trouble is not None
        return trouble

    def next_back(self) -> None:
        assert self.events.get(timeout=PATIENCE_S) is None


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


class OpenCamera(Protocol):
    def __call__(self, source: str, in_visit: bool = True) -> Camera: ...


@pytest.fixture
def open_camera(told: Told, clock: MonotonicClock) -> Iterator[OpenCamera]:
    cameras: list[Camera] = []

    def opened(source: str, in_visit: bool = True) -> Camera:
        camera = Camera(source, DeviceSettings(1280, 720), clock, told.lost, told.back, told.not_taken.append)
        camera.set_pace(in_visit)
        cameras.append(camera)
        camera.start()
        return camera

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


def flood(connection: socket.socket, jpegs: list[bytes]) -> int:
    """Sends parts, in turn, until nobody takes more; how many."""
    parts = b"".join(Source.part(jpeg) for jpeg in jpegs)
    connection.setblocking(False)
    sent = 0
    try:
        while True:
            place = sent % len(parts)
            sent += connection.send(parts[place:])
    except BlockingIOError:
        return sent * len(jpegs) // len(parts)


def light_up(source: Source, stop: threading.Event) -> None:
    """Light looks on the next connection until told to stop."""
    with source.accept() as connection:
        for jpeg in itertools.cycle(LIGHT_LOOKS):
            if stop.wait(0.01):
                return
            connection.sendall(Source.part(jpeg))


def hung_up(connection: socket.socket) -> bool:
    """Waits until the other end says something, or hangs up."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def until_gone(camera: Camera, frame: Frame | None) -> Iterator[Frame]:
    """This frame and all after it until the camera has none any more."""
    try:
        while frame is not None:
            yield frame
            frame = camera.wait(frame.number, 0.0, PATIENCE_S)
    except CameraGone:
        return


def test_what_is_shown_is_what_is_seen(server: CameraServer, open_camera: OpenCamera, clock: MonotonicClock) -> None:
    camera = open_camera(server.url)
    for jpegs, grey in ((DARK_LOOKS, DARK), (LIGHT_LOOKS, LIGHT)) * 3:
        server.show(jpegs)
        assert grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S)) == pytest.approx(grey, abs=3)


def test_nothing_shown_is_the_empty_chamber_again(server: CameraServer, open_camera: OpenCamera, clock: MonotonicClock) -> None:
    camera = open_camera(server.url)
    before = grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S))
    server.show(LIGHT_LOOKS)
    assert grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S)) == pytest.approx(LIGHT, abs=3)
    server.show(())
    assert grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S)) == pytest.approx(before, abs=1)


def test_frames_are_numbered_upwards_and_each_is_handed_out_once(server: CameraServer, open_camera: OpenCamera) -> None:
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


def test_with_the_lamp_off_it_shows_what_shines_by_itself_and_else_nothing(server: CameraServer) -> None:
    with Client(server) as client:
        for shines, grey in ((look(90), 90), (None, 0)):
            for lamp, seen in ((100, LIGHT), (0, grey)):
                server.show(LIGHT_LOOKS, shines)
                server.light(lamp)
                parts = (
                    float(np.asarray(cv2.imdecode(np.frombuffer(client.part(), np.uint8), cv2.IMREAD_GRAYSCALE)).mean()) for _ in range(10)
                )
                assert any(part == pytest.approx(seen, abs=5) for part in parts)


def test_clients_that_hang_up_do_no_harm(server: CameraServer, open_camera: OpenCamera) -> None:
    for _ in range(3):
        with Client(server) as client:
            client.part()
    assert open_camera(server.url).wait(0, 0.0, PATIENCE_S) is not None


def test_pictures_that_piled_up_while_nobody_read_are_not_taken_for_fresh(
    source: Source, open_camera: OpenCamera, told: Told, clock: MonotonicClock
) -> None:
    standing, go_on, stop = threading.Event(), threading.Event(), threading.Event()

    def stand_still() -> None:
        standing.set()
        assert go_on.wait(PATIENCE_S)

    told.back = stand_still  # type: ignore[method-assign]
    camera = open_camera(source.url)
    source.accept().close()
    assert told.next_lost().fault is CameraFault.UNPLUGGED
    with source.accept() as connection:
        connection.sendall(Source.part(DARK_LOOKS[0]))
        assert standing.wait(PATIENCE_S)  # the camera's thread is in its call and reads nothing
        piled_up = flood(connection, DARK_LOOKS)
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
    source: Source, open_camera: OpenCamera, clock: MonotonicClock
) -> None:
    camera = open_camera(source.url)
    with source.accept() as connection:
        connection.sendall(Source.part(DARK_LOOKS[0]))
        first = camera.wait(0, 0.0, PATIENCE_S)
        connection.sendall(Source.part(DARK_LOOKS[1]))
        second = camera.wait(1, 0.0, PATIENCE_S)
        assert first is not None
        assert second is not None
        assert second.monotonic_s == first.monotonic_s
        later_s = clock.monotonic()
        assert camera.wait(0, later_s, 0.0) is None
        connection.sendall(Source.part(DARK_LOOKS[2]))
        with source.accept() as anew:
            anew.sendall(Source.part(LIGHT_LOOKS[0]))
            third = camera.wait(0, later_s, PATIENCE_S)
    assert grey_of(third) == pytest.approx(LIGHT, abs=3)
    assert third is not None
    assert third.monotonic_s >= later_s
    assert third.number == 4


def test_no_frame_in_time_is_none(source: Source, open_camera: OpenCamera) -> None:
    camera = open_camera(source.url)
    with source.accept():
        assert camera.wait(0, 0.0, 0.01) is None


@pytest.mark.parametrize(
    ("absent", "detail"),
    [
        ("/dev/null", "unplugged: cannot be opened"),
        ("http://127.0.0.1:9/", "unplugged: cannot be opened"),
    ],
)
def test_a_source_that_is_not_there_is_told_once_and_by_name(open_camera: OpenCamera, told: Told, absent: str, detail: str) -> None:
    camera = open_camera(absent)
    assert str(told.next_lost()) == detail
    with pytest.raises(CameraGone) as caught:
        camera.wait(0, 0.0, PATIENCE_S)
    assert (caught.value.source, str(caught.value.trouble)) == (absent, detail)
    assert str(caught.value) == f"{absent}: {detail}"


def test_a_path_that_is_gone_is_told_as_that_with_the_cameras_that_are_there(
    open_camera: OpenCamera, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_source, "devices", lambda: ["/dev/video1"])
    open_camera("/dev/video-that-is-not-there")
    assert str(told.next_lost()) == "absent: there is /dev/video1"


def until_lost(url: str, clock: MonotonicClock) -> list[CameraFault | None]:
    """None for each picture of one connection, and why there are no more."""
    seen: list[CameraFault | None] = []
    try:
        stream = camera_source.Stream(url, clock)
        with closing(stream):
            while True:
                stream.read()
                seen.append(None)
    except SourceLost as lost:
        return [*seen, lost.trouble.fault]


@pytest.mark.parametrize(
    ("whole", "share"),
    [
        pytest.param(whole, share, marks=() if (whole, share) in {(0, 0.5), (3, 0.99)} else pytest.mark.long)
        for whole in (0, 1, 3)
        for share in (0.0, 0.01, 0.5, 0.99)
    ],
)
def test_of_a_picture_that_stops_half_way_none_is_handed_out_and_the_stall_is_told(
    source: Source, clock: MonotonicClock, whole: int, share: float
) -> None:
    """By one time-out after the last whole picture, not by a second one after the half."""
    parts = [Source.part(jpeg) for jpeg in DARK_LOOKS]
    sent = b"".join(parts[:whole]) + parts[whole][: round(share * len(parts[whole]))]

    def serve() -> None:
        with source.accept() as connection:
            connection.sendall(sent)
            hung_up(connection)

    camera_source.settle_opencv()
    server = threading.Thread(target=serve)
    server.start()
    pictures = until_lost(source.url, clock)
    assert [fault for fault in pictures if fault is not None] == [CameraFault.STALLED]
    assert len(pictures) == whole + 1
    server.join()


def test_a_stream_that_falls_silent_is_lost(source: Source, open_camera: OpenCamera, told: Told) -> None:
    camera = open_camera(source.url)
    with source.accept() as connection:
        connection.sendall(Source.part(DARK_LOOKS[0]))
        assert camera.wait(0, 0.0, PATIENCE_S) is not None
        trouble = told.next_lost()
        assert trouble.fault is CameraFault.STALLED
        assert trouble.limit is not None
        assert trouble.measured is not None
        assert trouble.measured >= trouble.limit
        with pytest.raises(CameraGone):
            camera.wait(0, 0.0, PATIENCE_S)


def test_a_stream_that_accepts_and_never_answers_is_lost(source: Source, open_camera: OpenCamera, told: Told) -> None:
    open_camera(source.url)
    with source.accept():
        assert told.next_lost().fault is CameraFault.STALLED


@pytest.mark.parametrize(
    ("spoil", "fault", "in_visit"),
    [
        (Spoil.BLACK, CameraFault.BLACK, False),
        pytest.param(Spoil.BRIGHT, CameraFault.OVER_EXPOSED, True, marks=pytest.mark.long),
        pytest.param(Spoil.FROZEN, CameraFault.FROZEN, True, marks=pytest.mark.long),
        (Spoil.FROZEN, CameraFault.FROZEN, False),
        (Spoil.OFF, CameraFault.UNPLUGGED, True),
        (Spoil.OFF, CameraFault.UNPLUGGED, False),
    ],
)
def test_each_fault_of_a_camera_is_named_and_ends_by_itself(
    server: CameraServer, open_camera: OpenCamera, told: Told, clock: MonotonicClock, spoil: Spoil, fault: CameraFault, in_visit: bool
) -> None:
    camera = open_camera(server.url, in_visit)
    assert camera.wait(0, 0.0, PATIENCE_S) is not None
    server.spoil(spoil)
    assert told.next_lost().fault is fault
    with pytest.raises(CameraGone) as caught:
        camera.wait(0, 0.0, PATIENCE_S)
    assert caught.value.trouble.fault is fault
    server.spoil(Spoil.RIGHT)
    told.next_back()
    assert camera.wait(0, clock.monotonic(), PATIENCE_S) is not None
    assert told.events.empty()


def test_a_camera_out_of_focus_is_named_while_nobody_is_there(server: CameraServer, open_camera: OpenCamera, told: Told) -> None:
    open_camera(server.url, in_visit=False)
    server.spoil(Spoil.BLURRED)
    trouble = told.next_lost()
    assert trouble.fault is CameraFault.BLURRED
    assert trouble.limit is not None
    assert trouble.measured is not None
    assert trouble.measured > trouble.limit
    server.spoil(Spoil.RIGHT)
    told.next_back()


def test_sharpness_is_no_matter_in_a_visit(server: CameraServer, open_camera: OpenCamera, told: Told, clock: MonotonicClock) -> None:
    camera = open_camera(server.url, in_visit=True)
    server.spoil(Spoil.BLURRED)
    frame = camera.wait(0, clock.monotonic(), PATIENCE_S)
    for _ in range(40):
        assert frame is not None
        frame = camera.wait(frame.number, 0.0, PATIENCE_S)
    assert told.events.empty()


def test_a_chamber_without_light_is_black(server: CameraServer, open_camera: OpenCamera, told: Told) -> None:
    open_camera(server.url, in_visit=False)
    server.light(0)
    trouble = told.next_lost()
    assert trouble.fault is CameraFault.BLACK
    server.light(100)
    told.next_back()


def test_half_of_the_light_is_enough(server: CameraServer, open_camera: OpenCamera, told: Told, clock: MonotonicClock) -> None:
    camera = open_camera(server.url)
    server.light(50)
    changed_s = clock.monotonic()
    assert grey_of(camera.wait(0, changed_s, PATIENCE_S)) < 100
    assert told.events.empty()


def test_no_bad_picture_is_handed_out_before_its_fault_is_certain(server: CameraServer, open_camera: OpenCamera) -> None:
    camera = open_camera(server.url)
    frame = camera.wait(0, 0.0, PATIENCE_S)
    assert frame is not None
    server.spoil(Spoil.BLACK)
    assert min(grey_of(frame) for frame in until_gone(camera, frame)) > 100


@pytest.mark.parametrize("item", ["glass_green_75", "can_33", "carton"])
def test_an_item_in_the_chamber_is_no_fault_of_the_camera(
    server: CameraServer, open_camera: OpenCamera, told: Told, clock: MonotonicClock, item: str
) -> None:
    camera = open_camera(server.url, in_visit=False)
    server.show(render(chamber_items()[item], 1))
    shown_s = clock.monotonic()
    frame = camera.wait(0, shown_s, PATIENCE_S)
    for _ in range(4):
        assert frame is not None
        wait_until(lambda: camera.wait(0, clock.monotonic() - 0.1, 0.01) is not None or not told.events.empty())
        frame = camera.wait(frame.number, 0.0, PATIENCE_S)
    assert told.events.empty()


@pytest.fixture
def endless_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """While nobody is there the next picture is due in an hour: who gets one sooner has ended the pause."""
    monkeypatch.setattr(camera_module, "IDLE_EVERY_S", 3600.0)


@pytest.mark.usefixtures("endless_pause")
def test_while_nobody_is_there_a_stream_is_left_after_each_picture(source: Source, open_camera: OpenCamera) -> None:
    camera = open_camera(source.url)
    with source.accept() as connection:
        camera.set_pace(in_visit=False)
        connection.sendall(Source.part(DARK_LOOKS[0]))
        assert hung_up(connection)


@pytest.mark.usefixtures("endless_pause")
def test_somebody_who_waits_for_a_picture_ends_the_pause(
    server: CameraServer, open_camera: OpenCamera, told: Told, clock: MonotonicClock
) -> None:
    camera = open_camera(server.url, in_visit=False)
    for _ in range(3):
        frame = camera.wait(0, clock.monotonic(), PATIENCE_S)
        assert frame is not None
        assert camera.wait(frame.number, 0.0, PATIENCE_S) is not None
    assert told.events.empty()


@pytest.mark.usefixtures("endless_pause")
def test_a_visit_that_begins_ends_the_pause(source: Source, open_camera: OpenCamera) -> None:
    camera = open_camera(source.url)
    with source.accept() as connection:
        camera.set_pace(in_visit=False)
        connection.sendall(Source.part(DARK_LOOKS[0]))
        assert hung_up(connection)
    camera.set_pace(in_visit=True)
    with source.accept() as connection:
        connection.sendall(Source.part(DARK_LOOKS[1]))
        assert camera.wait(1, 0.0, PATIENCE_S) is not None
        connection.sendall(Source.part(DARK_LOOKS[2]))
        assert camera.wait(2, 0.0, PATIENCE_S) is not None


def test_while_nobody_is_there_pictures_go_on(server: CameraServer, open_camera: OpenCamera, told: Told) -> None:
    camera = open_camera(server.url, in_visit=False)
    wait_until(lambda: (frame := camera.wait(0, 0.0, 0.0)) is not None and frame.number >= 3)
    assert told.events.empty()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a dark and a light picture, and one file that is none."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "a.jpg").write_bytes(DARK_LOOKS[0])
    (pictures / "b.JPG").write_bytes(LIGHT_LOOKS[0])
    (pictures / "SOURCES.md").write_text("by hand")
    return pictures


def test_a_picture_file_is_shown_again_and_again(folder: Path, open_camera: OpenCamera, told: Told, clock: MonotonicClock) -> None:
    camera = open_camera(str(folder / "a.jpg"))
    for _ in range(3):
        assert grey_of(camera.wait(0, clock.monotonic(), PATIENCE_S)) == pytest.approx(DARK, abs=3)
    assert told.events.empty()


def test_the_pictures_of_a_folder_are_shown_in_turn(folder: Path, open_camera: OpenCamera) -> None:
    camera = open_camera(str(folder))
    seen: dict[int, int] = {}
    number = 0
    while len(seen) < 5:
        frame = camera.wait(number, 0.0, PATIENCE_S)
        assert frame is not None
        number, seen[frame.number] = frame.number, grey_of(frame)
    assert all(grey == pytest.approx(LIGHT if number % 2 == 0 else DARK, abs=3) for number, grey in seen.items())


def test_a_black_picture_on_the_disk_is_shown_as_it_is(tmp_path: Path, open_camera: OpenCamera, told: Told) -> None:
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((720, 1280, 3), np.uint8))
    camera = open_camera(str(tmp_path / "black.png"))
    frame = None
    for _ in range(40):
        frame = camera.wait(0 if frame is None else frame.number, 0.0, PATIENCE_S)
        assert grey_of(frame) == 0
    assert told.events.empty()


def test_a_folder_without_pictures_is_told_as_that_until_there_is_one(tmp_path: Path, open_camera: OpenCamera, told: Told) -> None:
    camera = open_camera(str(tmp_path))
    assert str(told.next_lost()) == "unreadable: a folder without pictures"
    (tmp_path / "a.jpg.new").write_bytes(DARK_LOOKS[0])
    (tmp_path / "a.jpg.new").rename(tmp_path / "a.jpg")
    told.next_back()
    assert grey_of(camera.wait(0, 0.0, PATIENCE_S)) == pytest.approx(DARK, abs=3)


def test_a_file_that_is_no_picture_is_told_by_name(folder: Path, open_camera: OpenCamera, told: Told) -> None:
    camera = open_camera(str(folder / "SOURCES.md"))
    assert str(told.next_lost()) == "unreadable: SOURCES.md is no picture"
    with pytest.raises(CameraGone, match=r"SOURCES.md: unreadable"):
        camera.wait(0, 0.0, PATIENCE_S)


def test_a_broken_picture_among_others_is_told_by_name(folder: Path, open_camera: OpenCamera, told: Told) -> None:
    (folder / "c.png").write_bytes(b"not a picture")
    open_camera(str(folder))
    assert str(told.next_lost()) == "unreadable: c.png is no picture"


@pytest.mark.parametrize(("size", "why"), [((60_000, 60_000), "c.png is no picture"), ((1, 1), "a picture of 1 x 1 pixels")])
def test_a_picture_too_large_or_too_small_to_be_one_is_told(
    tmp_path: Path, open_camera: OpenCamera, told: Told, size: tuple[int, int], why: str
) -> None:
    (tmp_path / "c.png").write_bytes(png(*size))
    open_camera(str(tmp_path / "c.png"))
    assert str(told.next_lost()) == f"unreadable: {why}"


SERVE = "import sys, threading; from drivers.twin.camera import CameraServer; CameraServer(int(sys.argv[1])); print('up', flush=True); threading.Event().wait()"


def _served(port: int) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_a_twin_that_was_killed_is_told_lost_and_on_the_same_port_back(
    free_port: int, open_camera: OpenCamera, told: Told, clock: MonotonicClock, capfd: pytest.CaptureFixture[str]
) -> None:
    with _served(free_port) as first:
        camera = open_camera(f"http://127.0.0.1:{free_port}/chamber.mjpg")
        before = camera.wait(0, 0.0, PATIENCE_S)
        first.send_signal(signal.SIGKILL)
        assert str(told.next_lost()) == "unplugged: the stream ended"
    with _served(free_port) as second:
        told.next_back()
        after = camera.wait(0, clock.monotonic(), PATIENCE_S)
        second.kill()
        assert str(told.next_lost()) == "unplugged: the stream ended"
    assert before is not None
    assert after is not None
    assert after.number > before.number
    assert told.events.empty()
    assert capfd.readouterr().err == ""
