"""What a real screen reader gets: the kiosk's window on an X display, through Qt's own bridge, AT-SPI and D-Bus, to a program that is not ours."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SYSTEM_PYTHON = "/usr/bin/python3"
BUS = "/usr/libexec/at-spi-bus-launcher"
ATSPI = "import gi; gi.require_version('Atspi', '2.0')"


def lacking() -> str:
    """Debian's packages that are not here."""
    wanted = {"xvfb": shutil.which("Xvfb"), "dbus-daemon": shutil.which("dbus-daemon"), "at-spi2-core": Path(BUS).exists()}
    known = subprocess.run([SYSTEM_PYTHON, "-c", ATSPI], capture_output=True, check=False) if Path(SYSTEM_PYTHON).exists() else None
    wanted["python3-gi gir1.2-atspi-2.0"] = known is not None and known.returncode == 0
    return " ".join(package for package, there in wanted.items() if not there)


class Reader:
    """The screen reader and the window that it reads."""

    def __init__(self, stack: ExitStack, display: str, bus: str, folder: Path) -> None:
        environment = {**os.environ, "DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_RUNTIME_DIR": str(folder)}
        start(stack, [BUS, "--launch-immediately"], environment)
        self._reader = start(stack, [SYSTEM_PYTHON, str(TESTS / "peers" / "screen_reader.py")], environment)
        assert self._said() == "ready"
        shown = {**environment, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        self._window = start(stack, [sys.executable, str(TESTS / "people" / "on_display.py")], shown)
        # Qt joins the screen reader's bus some time after its window stands: on a busy machine, after the first page was announced
        assert self._said() == "joined"

    def sees(self, shot: str) -> str:
        """What is announced when that comes onto the screen."""
        self._write(self._window, shot)
        return self._said()

    def tree(self) -> list[str]:
        self._write(self._reader, "tree")
        return list(iter(self._said, ""))

    def _said(self) -> str:
        assert self._reader.stdout is not None
        return self._reader.stdout.readline().rstrip("\n")

    @staticmethod
    def _write(process: subprocess.Popen[str], line: str) -> None:
        assert process.stdin is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def start(stack: ExitStack, command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    process = stack.enter_context(subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    # the bus launcher, asked to end, ends its own bus too
    stack.callback(process.terminate)
    return process


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    missing = lacking()
    if missing:
        pytest.skip(f"no screen reader can be tried without Debian's {missing}")
    with ExitStack() as stack:
        display = start(stack, ["Xvfb", "-displayfd", "1", "-screen", "0", "1080x1920x24", "-nolisten", "tcp"], dict(os.environ))
        bus = start(
            stack, ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:dir={tmp_path}"], dict(os.environ)
        )
        assert display.stdout is not None
        assert bus.stdout is not None
        yield Reader(stack, f":{display.stdout.readline().strip()}", bus.stdout.readline().strip(), tmp_path)


@pytest.mark.long
def test_a_screen_reader_is_told_what_happens_and_finds_what_can_be_touched(reader: Reader) -> None:
    assert reader.sees("feeding").startswith("announced: Mettez vos bouteilles. ")
    assert reader.sees("checking") == "announced: Un instant…"
    assert reader.sees("feeding-accepted").startswith("announced: Bouteille acceptée. Plastique : vingt centimes. ")
    assert reader.sees("refused-can").startswith("announced: Reprenez la canette. ")
    assert "un euro quarante" in reader.sees("voucher")
    tree = reader.tree()
    assert {"radio button: Français", "radio button: العربية", "check box: Contraste", "push button: Aide"} <= set(tree)
    assert any("K 7 Q P, 4 M 2 X, R 5 T B, W 9 N H J" in line for line in tree)
    assert not any("€" in line for line in tree)
