"""A folder of labelled pictures with its ``labels.csv``, as ``training/`` takes it. A picture is written whole, then its line: what a power cut leaves is a folder in order.

::

    folder/labels.csv                              file,class,source,is_bottle,kind,look_group,taken
    folder/glass_bottle/paris-11-01-0003-02.jpg    the third bottle, its second picture

Pictures of one bottle are one ``look_group``: whoever trains keeps them on one side.
"""

import csv
import io
import os
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final

import cv2

from config.files import read_text
from config.told import WrongUse
from recognition.shape.background import Image

CLASSES: Final = ("glass_bottle", "plastic_bottle")
"""Bottles only: nothing else is to be collected here."""

KIND: Final = re.compile(r"[a-z0-9_]{1,40}")
QUALITY: Final = 95
ENCODING: Final = "utf-8"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``kind``: a word of the technician's, as beer or water. ``taken``: the day; ``source``: by which kiosk."""

    file: str
    label: str
    source: str
    is_bottle: int
    kind: str
    look_group: str
    taken: str


COLUMNS: Final = tuple("class" if one.name == "label" else one.name for one in fields(Row))


class CollectionWrong(WrongUse):
    """The folder's labels.csv is no list of this command's; nothing is written there."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path}, line {line}")
        self.path = path
        self.line = line


class NoSuchBottle(WrongUse):
    """Nobody has taken a picture of that bottle here."""

    def __init__(self, group: str, folder: Path) -> None:
        super().__init__(f"no bottle {group} in {folder}")
        self.group = group
        self.folder = folder


class Collection:
    """``source``: the kiosk's name, which stands before the numbers of its bottles, so that the folders of several can be put together. Raises CollectionWrong, OSError, NotText."""

    def __init__(self, folder: Path, source: str) -> None:
        self.folder = folder
        self._source = source
        self._labels = folder / "labels.csv"
        self._rows = list(_read(self._labels)) if self._labels.exists() else []

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    def next_bottle(self) -> str:
        """The name of a bottle that nobody has taken yet."""
        numbers = [row.look_group.rpartition("-")[2] for row in self._rows if row.look_group.rpartition("-")[0] == self._source]
        return f"{self._source}-{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1:04}"

    def known(self, group: str) -> Row:
        """The last picture of a bottle that was taken before. Raises NoSuchBottle."""
        found = [row for row in self._rows if row.look_group == group]
        if not found:
            raise NoSuchBottle(group, self.folder)
        return found[-1]

    def add(self, image: Image, label: str, kind: str, group: str, taken: date) -> Path:
        """On the disk when it returns, picture and line. Raises OSError."""
        number = 1 + sum(row.look_group == group for row in self._rows)
        row = Row(f"{label}/{group}-{number:02}.jpg", label, f"capture/{self._source}", 1, kind, group, taken.isoformat())
        path = self.folder / row.file
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())
        _write(self._labels, _text([*self._rows, row]).encode(ENCODING))
        self._rows.append(row)
        return path


def _read(path: Path) -> Iterable[Row]:
    reader = csv.reader(read_text(path).splitlines())
    try:
        if next(reader, None) != list(COLUMNS):
            raise CollectionWrong(path, 1)
        for values in reader:
            if len(values) != len(COLUMNS) or values[3] != "1":
                raise CollectionWrong(path, reader.line_num)
            yield Row(values[0], values[1], values[2], 1, *values[4:])
    except csv.Error as error:
        raise CollectionWrong(path, reader.line_num) from error


def _text(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
