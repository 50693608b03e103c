"""What the camera's limits rest on, and what watching it costs.

    python -m benchmarks.camera [--seconds S]

The tables: the twin's rendered chamber in other light and focus, what ``drivers/camera/picture.py`` makes of the empty one, and how many
looks of items with their code to the camera can still be read. The costs: this process's share of one core while the camera
thread follows the twin's stream in another process, beside a bare loop of OpenCV that reads every frame and does nothing with it.
"""

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import cv2
import numpy as np

from benchmarks.arguments import above_nothing
from config.clock import Instant
from drivers.camera.health import PictureFigures
from drivers.camera.picture import Image, Sample, read
from drivers.camera.settings import DeviceSettings
from drivers.camera.worker import Camera
from drivers.twin.camera import CameraServer
from drivers.twin.items import chamber_items
from drivers.twin.looks import empty, render, seen_through
from recognition.codes.cascade import read_look

LIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 1.12, 1.3, 1.5, 1.6, 1.8, 2.0, 4.0)
BLURS_PX = (0.0, 0.8, 1.0, 1.2, 1.3, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0)
CODE_IN_SIGHT_DEG = 5


class MachineClock:
    def now(self) -> Instant:
        return Instant(datetime.now(UTC), trusted=True)

    def monotonic(self) -> float:
        return time.monotonic()


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def judged(jpegs: list[bytes], light: float, blur_px: float) -> list[PictureFigures]:
    readings: list[PictureFigures] = []
    before: Sample | None = None
    for jpeg in jpegs:
        reading, before = read(decoded(seen_through(jpeg, light, blur_px)), before, sharpness=True)
        readings.append(reading)
    return readings


def span(values: list[float]) -> str:
    return f"{min(values):.2f}–{max(values):.2f}"


def table(chamber: list[bytes], codes: list[bytes], steps: list[tuple[float, float]]) -> None:
    print("  light  blur px     bright    saturated       blur_px       change   codes read")
    for light, blur_px in steps:
        found = judged(chamber, light, blur_px)
        legible = sum(bool(read_look(decoded(seen_through(jpeg, light, blur_px)), 0).codes) for jpeg in codes)
        bright = span([reading.bright for reading in found])
        saturated = span([reading.saturated for reading in found])
        edges = span([reading.blur_px or 0.0 for reading in found])
        change = span([reading.change for reading in found if reading.change is not None])
        print(f"{light:7.2f} {blur_px:8.1f} {bright:>14} {saturated:>11} {edges:>13} {change:>12} {legible:6} of {len(codes)}")


def serve(up: Connection) -> None:
    server = CameraServer()
    up.send(server.url)
    up.poll(None)
    server.close()


@contextmanager
def served() -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there,))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send(None)
        process.join()


def share(seconds: float) -> float:
    """Of one core, by this process, in the coming seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    time.sleep(seconds)
    return (time.process_time() - cpu) / (time.perf_counter() - wall)


def costs(seconds: float) -> None:
    with served() as url:
        camera = Camera(url, DeviceSettings(1280, 720), MachineClock(), on_lost=print, on_back=print, on_not_taken=print)
        camera.start()
        for in_visit, name in ((False, "nobody there, 2 a second"), (True, "in a visit, 25 a second")):
            camera.set_pace(in_visit)
            first = camera.wait(0, time.monotonic(), 10.0)
            used = share(seconds)
            last = camera.wait(0, time.monotonic(), 10.0)
            pictures = (last.number - first.number) / seconds if first and last else 0.0
            print(f"{name:26} {pictures:5.1f} pictures/s  {100 * used:5.1f} % of a core")
        camera.close()
        capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
        count, wall, cpu = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - wall < seconds:
            capture.read()
            count += 1
        print(f"{'bare, every frame':26} {count / seconds:5.1f} pictures/s  {100 * (time.process_time() - cpu) / seconds:5.1f} % of a core")
        capture.release()


def each(image: Image, rounds: int = 50) -> None:
    for sharpness in (False, True):
        before = read(image, None, sharpness)[1]
        began = time.process_time()
        for _ in range(rounds):
            read(image, before, sharpness)
        print(f"one picture judged, {'with' if sharpness else 'without'} sharpness: {(time.process_time() - began) / rounds * 1000:.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=above_nothing, default=5.0, help="how long each cost is measured")
    seconds: float = parser.parse_args().seconds
    chamber = empty(1, count=4)
    coded = [item for item in chamber_items().values() if item.codes]
    codes = [jpeg for item in coded for jpeg in render(item, 1, CODE_IN_SIGHT_DEG, count=2)]
    table(chamber, codes, [(light, 0.0) for light in LIGHTS] + [(1.0, blur_px) for blur_px in BLURS_PX])
    print("in 30 % of the light:")
    table(chamber, codes, [(0.3, blur_px) for blur_px in (0.0, 1.2, 1.5, 3.0, 6.0, 10.0)])
    each(decoded(chamber[0]))
    costs(seconds)


if __name__ == "__main__":
    main()
