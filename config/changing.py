"""One key of the configuration's file changed by a person at the machine: what stands there, where it comes from, and a new value in its place.

The file stays the one source: its comments and all other lines stay as they are, and the next start reads it. What would not load is not written, and a cut at any
moment leaves the old file or the new one. Only keys that can neither pay nor shut anybody out are changed here: the rest is for whoever may edit the file.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from config.files import read_text
from config.printable import masked
from config.settings import Settings, allowed_at, as_toml, load
from config.told import WrongUse

SAFE = frozenset(
    {
        "backup.keep",
        "bins.glass_tolerance_g",
        "bins.plastic_tolerance_g",
        "bins.slip_tolerance_g",
        "camera.exposure_auto",
        "camera.exposure_ms",
        "camera.focus",
        "camera.focus_auto",
        "city.every_s",
        "intake.full_percent",
        "kiosk.log_months",
        "sound.volume_percent",
    }
)
"""Neither money, nor hours, nor names, nor where files lie and whom the kiosk talks to."""

VALUE = re.compile(r"-?[0-9]+([.,][0-9]+)?|true|false")
"""All that a safe key may be."""


class Source(StrEnum):
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Key:
    """``value`` and ``default`` as TOML writes them; ``default`` None: it must be given. ``allowed``: as ``config.settings.Problem`` has it. ``safe``: it can be changed here."""

    name: str
    value: str
    source: Source
    default: str | None
    allowed: str
    safe: bool

    @property
    def section(self) -> str:
        return self.name.partition(".")[0]


class NotSafe(WrongUse):
    """This key is changed in the file, by whoever may edit it."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is not changed here")
        self.key = key


class ValueRefused(WrongUse):
    """The file would not load with it, or says the same in a way that cannot be changed line by line. ``allowed``: what may stand there."""

    def __init__(self, key: str, found: str, allowed: str) -> None:
        super().__init__(f"{key}: {found}; allowed: {allowed}")
        self.key = key
        self.found = found
        self.allowed = allowed


def keys_of(path: Path) -> tuple[Key, ...]:
    """Every key of the file's model, in its order; passwords in addresses are left out. Raises what ``load`` raises."""
    settings, written = load(path), tomllib.loads(read_text(path))
    found = []
    for section in type(settings).model_fields:
        values = getattr(settings, section)
        in_file: Mapping[str, Any] = written.get(section, {})
        for name, field in type(values).model_fields.items():
            key = f"{section}.{name}"
            value = in_file[name] if name in in_file else getattr(values, name)
            source = Source.FILE if name in in_file else Source.DEFAULT
            default = None if field.is_required() else as_toml(field.get_default())
            found.append(Key(key, masked(as_toml(value)), source, default, allowed_at(key), key in SAFE))
    return tuple(found)


def value_of(path: Path, key: str) -> str:
    """As TOML writes it. Raises NotSafe for a key that there is none of."""
    found = next((one for one in keys_of(path) if one.name == key), None)
    if found is None:
        raise NotSafe(key)
    return found.value


def change(path: Path, key: str, typed: str) -> Settings:
    """The file with another value of a key. On the disk when it returns. Raises NotSafe, ValueRefused, OSError, and what ``load`` raises."""
    if key not in SAFE:
        raise NotSafe(key)
    load(path)
    allowed = allowed_at(key)
    if not VALUE.fullmatch(typed.strip()):
        raise ValueRefused(key, typed, allowed)
    text = read_text(path)
    written = _with_value(text, key, typed.strip().replace(",", "."))
    if _others(text, key, typed, allowed) != _others(written, key, typed, allowed):
        raise ValueRefused(key, typed, allowed)
    new = path.with_name(path.name + ".new")
    try:
        _write(new, written, path)
        try:
            after = load(new)
        except WrongUse as error:
            raise ValueRefused(key, typed, allowed) from error
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return after


def _write(new: Path, text: str, like: Path) -> None:
    """As readable as the one that it will replace."""
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), like.stat().st_mode & 0o777)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _with_value(text: str, key: str, value: str) -> str:
    """In its line, what stands behind it kept; else in a line of its own under its section; else in a section of its own."""
    section, _, name = key.partition(".")
    lines = text.splitlines()
    header = next((place for place, line in enumerate(lines) if re.fullmatch(rf"\s*\[\s*{section}\s*\]\s*(#.*)?", line)), None)
    if header is None:
        return "\n".join([*lines, "", f"[{section}]", f"{name} = {value}", ""])
    end = next((place for place in range(header + 1, len(lines)) if lines[place].lstrip().startswith("[")), len(lines))
    for place in range(header + 1, end):
        if (found := re.fullmatch(rf"(\s*{name}\s*=\s*)([^#\s]+)(\s*(#.*)?)", lines[place])) is not None:
            lines[place] = f"{found[1]}{value}{found[3]}"
            return "\n".join([*lines, ""])
    return "\n".join([*lines[: header + 1], f"{name} = {value}", *lines[header + 1 :], ""])


def _others(text: str, key: str, typed: str, allowed: str) -> dict[str, Any]:
    """All that stands in it beside the key. Raises ValueRefused for what is no TOML."""
    section, _, name = key.partition(".")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueRefused(key, typed, allowed) from error
    here = dict(values.get(section, {}))
    here.pop(name, None)
    return {**values, section: here}
