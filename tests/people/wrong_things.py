"""A folder full of what people name by mistake, and a command told in this process with it: what it said, and how it ended.

A row of a table in ``tests/wrong_inputs`` is what was typed, the exit code, what the sentence must name, and a word of it in French and in English.
``{picture}`` and the like stand for the things made here.
"""

import os
import shlex
import shutil
import signal
import socket
import sqlite3
import struct
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.vocabulary import Cause
from money.ledgers import Kiosk

Row = tuple[str, int, str, str, str]
"""Typed, exit code, named, a word in French, a word in English."""

Judge = Callable[[Row, str], None]
"""Types a row in a language and judges what was said."""

LANGUAGES = ("fr", pytest.param("en", marks=pytest.mark.long))
"""In each of them every row is tried; in English where there is time for it."""

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40

LABELS = "file,gtin,symbology,kind,source,severity\n"


def png(width: int, height: int) -> bytes:
    """A picture of which the header alone is right, whatever its size."""
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(4))), (b"IEND", b""))
    return PNG[:8] + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


CONFIGURATION = """
[kiosk]
id = "essai-01"
state = "{state}"
[intake]
port = "{port}"
[camera]
source = "{state}/no-camera"
[reward]
voucher_page = "https://consigne.example/bon"
[city]
url = "{city}"
"""


class Things:
    """Makes them in a folder; ``names`` is what a row may write in braces."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, str] = {"here": str(folder), "nowhere": str(folder / "nowhere"), "below": str(folder / "nowhere" / "below")}
        self._taken = socket.create_server(("127.0.0.1", 0))
        self.names["taken"] = str(self._taken.getsockname()[1])
        self._files()
        self._ledgers()
        self._configurations()
        self._states_of_a_twin()
        self.names["long"] = "n" * 300

    def close(self) -> None:
        self._taken.close()

    def seen(self) -> dict[Path, bytes]:
        """Every name, with what is in a file: a wrong input changes nothing. What SQLite keeps beside a database comes and goes."""
        names = (path for path in self.folder.rglob("*") if not path.name.endswith(("-shm", "-wal")))
        return {path: path.read_bytes() if path.is_file() else b"" for path in names}

    def put(self, name: str, data: bytes | str, called: str | None = None) -> Path:
        path = self.folder / (called or name)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        self.names[name] = str(path)
        return path

    def _files(self) -> None:
        self.put("picture", PNG, "picture.png")
        self.put("empty", b"", "empty.txt")
        self.put("file", "a line of text\n", "file.txt")
        self.put("turned", "x\n", "turned\u202e.txt")
        self.put("latin", "é\n".encode("latin-1"), "latin.txt")
        self.names["under_file"] = str(self.folder / "file.txt" / "below")
        for name in ("folder", "state"):
            (self.folder / name).mkdir()
            self.names[name] = str(self.folder / name)
        os.mkfifo(self.folder / "pipe")
        (self.folder / "loop").symlink_to(self.folder / "loop")
        (self.folder / "dangling").symlink_to(self.folder / "gone")
        for name in ("pipe", "loop", "dangling"):
            self.names[name] = str(self.folder / name)
        with closing(socket.socket(socket.AF_UNIX)) as bound:
            bound.bind(str(self.folder / "socket"))
        self.names["socket"] = str(self.folder / "socket")

    def _ledgers(self) -> None:
        made = self.folder / "ledger"
        made.mkdir()
        kiosk = Kiosk(made)
        for _ in range(8):
            kiosk.journal.issue_voucher(kiosk.visit_of(5), Cause.KEPT, kiosk.now())
        kiosk.close()
        with closing(sqlite3.connect(kiosk.path, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
        sound = kiosk.path.read_bytes()
        self.put("ledger", sound, "sound.db")
        self.put("half", sound[: len(sound) // 8192 * 4096], "half.db")
        self.put("page_less", sound[:-4096], "page-less.db")
        self.put("scribbled", sound[:100] + b"\xff" * 4000 + sound[4100:], "scribbled.db")
        self.put("zeros", bytes(len(sound)), "zeros.db")
        newer = self.put("newer", sound, "newer.db")
        with closing(sqlite3.connect(newer, isolation_level=None)) as database:
            database.execute("UPDATE alembic_version SET version_num = '0099'")
        with closing(sqlite3.connect(self.folder / "other.db", isolation_level=None)) as database:
            database.execute("CREATE TABLE song (title TEXT)")
        self.names["other"] = str(self.folder / "other.db")
        with closing(sqlite3.connect(self.folder / "view.db", isolation_level=None)) as database:
            database.execute("CREATE VIEW song AS SELECT 1")
        self.names["view"] = str(self.folder / "view.db")

    def _states_of_a_twin(self) -> None:
        for name, file, data in (
            ("twin_picture", "twin.json", PNG),
            ("twin_list", "twin.json", b"[1]"),
            ("twin_stranger", "twin.json", b'{"controller_id": 1, "seed": 1, "camera_url": "nowhere"}'),
            ("twin_memory", "controller.bin", b"hello" * 30),
            ("twin_metal", "metal.jsonl", b"hello\nx\n"),
            ("twin_lock", "twin.lock/in/the/way", b""),
            ("labels_picture", "labels.csv", PNG),
            ("labels_empty", "labels.csv", b""),
            ("labels_other", "labels.csv", b"title,singer\nx,y\n"),
            ("labels_gone", "labels.csv", f"{LABELS}gone.png,,,negative,x,\n".encode()),
            ("labels_wide", "labels.csv", f"{LABELS}{'n' * 200_000},,,negative,x,\n".encode()),
            ("labels_huge", "labels.csv", f"{LABELS}huge.png,,,negative,x,\n".encode()),
            ("labels_tiny", "labels.csv", f"{LABELS}tiny.png,,,negative,x,\n".encode()),
            ("begun", "kiosk/ledger.db", b"whatever"),
            ("folder_as_config", "kiosk.toml/in/the/way", b""),
            ("file_as_logs", "logs", b""),
        ):
            path = self.folder / name / file
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
            if name in ("twin_picture", "twin_list", "twin_stranger"):
                (path.parent / "twin.lock").touch()
            self.names[name] = str(self.folder / name)

        self.put("huge", png(60_000, 60_000), "labels_huge/huge.png")
        self.put("tiny", png(1, 1), "labels_tiny/tiny.png")

    def configuration(self, name: str, *, state: Path | None = None, port: str = "/dev/none", city: str = "http://127.0.0.1:9") -> None:
        text = CONFIGURATION.format(state=state or self.folder / "state", port=port, city=city)
        self.put(name, text, f"{name}.toml")

    def state_with(self, name: str, ledger: str) -> Path:
        """A kiosk's folder whose ledger is a copy of another, with its key."""
        folder = self.folder / f"state-{name}"
        folder.mkdir()
        shutil.copy(self.folder / "ledger" / "ledger.key", folder / "ledger.key")
        source = Path(self.names[ledger])
        if source.is_dir():
            (folder / "ledger.db").mkdir()
        else:
            shutil.copy(source, folder / "ledger.db")
        return folder

    def _configurations(self) -> None:
        self.configuration("config")
        self.configuration("no_state", state=self.folder / "nowhere")
        self.configuration("state_is_file", state=self.folder / "file.txt")
        self.configuration("port_is_file", port=self.names["file"])
        self.configuration("port_is_folder", port=self.names["folder"])
        for name, ledger in (
            ("of_sound", "ledger"),
            ("of_half", "half"),
            ("of_scribbled", "scribbled"),
            ("of_zeros", "zeros"),
            ("of_picture", "picture"),
            ("of_newer", "newer"),
            ("of_folder", "folder"),
            ("of_other", "other"),
            ("of_empty", "empty"),
        ):
            self.configuration(name, state=self.state_with(name, ledger))
        whole = CONFIGURATION.format(state=self.folder / "state", port="/dev/none", city="http://127.0.0.1:9")
        self.put("not_toml", whole + "\n[broken\n", "not-toml.toml")
        self.put("wrong_key", whole + "colour = 1\n", "wrong-key.toml")
        self.put("wrong_type", whole.replace('"essai-01"', "11"), "wrong-type.toml")
        self.put("latin_toml", whole.replace("essai", "été").encode("latin-1"), "latin.toml")


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


def told_by(main: Callable[[], None], program: str, typed: str, capture: Callable[[], tuple[str, str]]) -> Said:
    """The command in this process, as its entry point starts it; what it did to signals is undone."""
    arguments, handlers = sys.argv, {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    sys.argv = [program, *shlex.split(typed)]
    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv = arguments
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return Said(code if isinstance(code, int) else int(code is not None), *capture())
