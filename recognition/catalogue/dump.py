"""A dump or a list, line by line: plain or gzip, JSON lines, or text in columns (tabs, commas or semicolons). Holds one line at a time, whatever the file holds.

One record is one line. A line that is too long, is no UTF-8, or has not the columns of the first one is given as None and counted by whoever reads;
that a file was cut off, or is something else altogether, is an error with its reason.
"""

import csv
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config.files import ordinary
from config.told import WrongUse

BLOCK = 1 << 20

LONGEST_LINE = 4 << 20
"""Bytes. The largest products of Open Food Facts have some hundred kilobytes of JSON."""

GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 begins, which Excel writes as "Unicode text"."""


class DumpFlaw(StrEnum):
    """Why a file cannot be taken, or not whole."""

    EMPTY = "empty"
    ENCODING = "encoding"
    """UTF-16, or another encoding than UTF-8 in its first line."""
    COLUMNS = "columns"
    """Its first line names no column with codes."""
    CUT_OFF = "cut_off"
    """It ends in the middle of a line, or of what gzip had packed."""
    DAMAGED = "damaged"
    """What gzip packed is not what comes out."""
    BROKEN = "broken"
    """Too many of its lines are not what the first one promised."""
    LINE = "line"
    """One is not, where every one counts."""


class DumpWrong(WrongUse):
    """``line`` is where it was seen, the first is 1."""

    def __init__(self, path: Path, flaw: DumpFlaw, line: int = 1) -> None:
        super().__init__(f"{path}: {flaw}, line {line}")
        self.path = path
        self.variant = flaw.value
        self.flaw = flaw
        self.line = line


@dataclass(frozen=True, slots=True)
class Record:
    """``fields`` is None for a line that cannot be read. ``end``: where the next line begins, in unpacked bytes. ``number``: of the line, the first is 1."""

    number: int
    end: int
    fields: dict[str, Any] | None


class Dump(AbstractContextManager["Dump"]):
    """Raises DumpWrong, and OSError for what is no file. ``columns`` are those of the first line; None for JSON lines."""

    def __init__(self, path: Path) -> None:
        ordinary(path)
        self.path = path
        self._raw = path.open("rb")
        try:
            self.size = path.stat().st_size
            begin = self._raw.read(BLOCK)
            self._raw.seek(0)
            self.identity = f"{self.size}:{hashlib.sha256(begin).hexdigest()}"
            self._file: gzip.GzipFile | BufferedReader = gzip.GzipFile(fileobj=self._raw) if begin.startswith(GZIP) else self._raw
            self.columns, self._mark = self._first_line()
        except BaseException:
            self._raw.close()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._raw.close()

    def __enter__(self) -> Self:
        return self

    @property
    def at(self) -> int:
        """How far the file itself was read, in bytes of ``size``."""
        return self._raw.tell()

    def records(self, start: int = 0, number: int = 0) -> Iterator[Record]:
        """All of them after ``number`` lines that end at ``start``; with columns the first line is none."""
        self._file.seek(0)
        lines = self._lines(start)
        for end, line in lines:
            number += 1
            if number == 1 and self.columns is not None:
                continue
            fields = None if line is None else self._fields(line)
            if fields is None and line is not None and not line.endswith(b"\n"):
                raise DumpWrong(self.path, DumpFlaw.CUT_OFF, number)
            if line is None or line.strip():
                yield Record(number, end, fields)

    def _first_line(self) -> tuple[tuple[str, ...] | None, str]:
        """The columns and what stands between them; no columns: it is JSON lines."""
        _, line = next(self._lines(), (0, b""))
        if not line or not line.strip():
            raise DumpWrong(self.path, DumpFlaw.EMPTY)
        if line.startswith(WIDE) or b"\0" in line:
            raise DumpWrong(self.path, DumpFlaw.ENCODING)
        try:
            text = line.decode("utf-8-sig").strip()
        except UnicodeDecodeError as error:
            raise DumpWrong(self.path, DumpFlaw.ENCODING) from error
        if text.startswith("{"):
            return None, ""
        mark = max("\t;,", key=text.count)
        return tuple(name.strip().lower() for name in self._split(text, mark) or ()), mark

    def _fields(self, line: bytes) -> dict[str, Any] | None:
        try:
            text = line.decode("utf-8-sig").rstrip("\r\n")
            if self.columns is None:
                found = json.loads(text)
                return found if isinstance(found, dict) else None
        except (ValueError, RecursionError):
            return None
        values = self._split(text, self._mark)
        return dict(zip(self.columns, values, strict=True)) if values is not None and len(values) == len(self.columns) else None

    @staticmethod
    def _split(text: str, mark: str) -> list[str] | None:
        """Between tabs a quote is a sign as any other: Open Food Facts quotes nothing there."""
        if mark == "\t":
            return text.split("\t")
        try:
            return next(csv.reader([text], delimiter=mark, strict=True), None)
        except csv.Error:
            return None

    def _lines(self, start: int = 0) -> Iterator[tuple[int, bytes | None]]:
        """Each line with its end; None for one that is too long, of which nothing is held."""
        end, rest, too_long = start, b"", False
        for block in self._blocks(start):
            *whole, last = (rest + block).split(b"\n")
            for piece in whole:
                end += len(piece) + 1
                yield end, None if too_long or len(piece) > LONGEST_LINE else piece + b"\n"
                too_long = False
            rest = last
            if len(rest) > LONGEST_LINE:
                # what is thrown away counts all the same
                end, rest, too_long = end + len(rest), b"", True
        if rest or too_long:
            yield end + len(rest), None if too_long else rest

    def _blocks(self, start: int) -> Iterator[bytes]:
        """What comes after ``start`` unpacked bytes. gzip has to unpack what lies before, which is quick beside reading it."""
        try:
            self._file.seek(start)
            while block := self._file.read(BLOCK):
                yield block
        except EOFError as error:
            raise DumpWrong(self.path, DumpFlaw.CUT_OFF) from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise DumpWrong(self.path, DumpFlaw.DAMAGED) from error
        except OSError as error:
            # a stick that is pulled out says so without a name
            error.filename = str(self.path)
            raise
