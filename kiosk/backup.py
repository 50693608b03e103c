"""Copies of a kiosk's books: ledger, its archives, kiosk.db and logs, made while the kiosk runs, verified after they were written. Never a key.

::

    NAME.part ─written, on the disk, verified─▶ NAME                 sound: the newest ``keep`` of these stay
                                            └─▶ NAME.findings        the ledger has findings: kept apart, and no sound one goes for it
    NAME ─copied, read back, compared─▶ the second medium, if one is configured

A lost key is a new generation (``consigne ledger begin``): a copy of it would let whoever finds the medium sign vouchers. What a copy holds is
as secret as the ledger, so it is the user's alone (0700, 0600). How one is put back: ``systemd/README.md``.
"""

import hashlib
import json
import os
import shutil
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from config.settings import Settings
from config.state import Files
from config.told import OutOfService
from ledger.database import reading
from ledger.findings import Finding
from ledger.reader import connect, open_reader
from ledger.verify import verify
from ledger.views import head
from ledger.vocabulary import NoLedger

PART, FINDINGS = ".part", ".findings"
LEFT_FREE = 2
"""So many times the size of a backup must be free before it is begun: a backup never fills the disk that the ledger is on."""
MANIFEST = "backup.json"


class BackupMediumGone(OutOfService):
    """The second medium is not there: no folder, or the one on which it would be mounted. The first copy was made."""

    def __init__(self, path: Path, made: Path) -> None:
        super().__init__(f"{path} is no medium of its own")
        self.path = path
        self.made = made


class BackupNoRoom(OutOfService):
    """Nothing was written."""

    def __init__(self, path: Path, needed: int, free: int) -> None:
        super().__init__(f"{path}: {free} bytes are free, {needed} needed")
        self.path = path
        self.needed_mb = f"{needed / 1e6:.0f}"
        self.free_mb = f"{free / 1e6:.0f}"


class BackupDiffers(OutOfService):
    """What was read back is not what was written: the medium fails."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} differs")
        self.path = path


@dataclass(frozen=True, slots=True)
class BackedUp:
    """``row`` and ``hash``: the head of the ledger that was copied; ``second``: where the other copy lies, None without a second medium."""

    folder: Path
    second: Path | None
    row: int
    hash: str
    findings: tuple[Finding, ...]
    bytes: int
    dropped: tuple[str, ...]


def back_up(settings: Settings, at: datetime) -> BackedUp:
    """One backup, named by its time. Raises NoLedger and other LedgerErrors, BackupMediumGone, BackupDiffers, OSError."""
    files, target = settings.files, settings.backup.folder
    if not files.ledger.exists():
        raise NoLedger(str(files.ledger))
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear(target)
    _need_room(target, sum(path.stat().st_size for path in _held(files)))
    part = target / f"{at:%Y-%m-%dT%H-%M-%SZ}{PART}"
    part.mkdir(mode=0o700)
    try:
        _copy(files, part, _newest(target))
        with reading(part / files.ledger.name) as connection:
            newest, findings = head(connection), tuple(verify(connection))
        _write_manifest(part, newest.row, newest.hash, findings)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    made = part.with_name(part.stem + FINDINGS if findings else part.stem)
    part.rename(made)
    _to_disk(target)
    dropped = _prune(target, settings.backup.keep)
    second = settings.backup.second
    other = None if second is None else _copy_to(second, made, files.state)
    if second is not None:
        _prune(second, settings.backup.keep)
    return BackedUp(made, other, newest.row, newest.hash, findings, sum(path.stat().st_size for path in made.iterdir()), dropped)


def _held(files: Files) -> list[Path]:
    """What a backup holds. No key is among it."""
    wal = files.ledger.with_name(f"{files.ledger.name}-wal")
    return [path for path in (files.ledger, wal, files.kiosk) if path.exists()] + _grown(files)


def _grown(files: Files) -> list[Path]:
    """What is written once, or only added to: ledgers that were succeeded, and the log's months."""
    return [*files.state.glob("ledger-*-*.db"), *files.state.glob("log-*.jsonl")]


def _need_room(target: Path, needed: int) -> None:
    free = shutil.disk_usage(target).free
    if free < LEFT_FREE * needed:
        raise BackupNoRoom(target, LEFT_FREE * needed, free)


def _copy(files: Files, into: Path, before: Path | None) -> None:
    _copy_database(files.ledger, into / files.ledger.name)
    if files.kiosk.exists():
        _copy_database(files.kiosk, into / files.kiosk.name)
    for path in _grown(files):
        _copy_file(path, into / path.name, before)
    for path in into.iterdir():
        _to_disk(path)


def _copy_database(source: Path, copy: Path) -> None:
    """One moment of it, by SQLite's own online copy, as one plain file that is well-formed."""
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(open_reader(source)) as reader, closing(connect(copy, "rw")) as writer:
        reader.backup(writer)
        writer.execute("PRAGMA journal_mode = DELETE").fetchone()
        told = writer.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if told != "ok" and source.name != "ledger.db":
        # of the ledger, verify tells it as a finding
        raise BackupDiffers(copy)


def _copy_file(source: Path, copy: Path, before: Path | None) -> None:
    """A month that is over is the same file in each backup: a card is written to once for it."""
    known = before / source.name if before is not None else None
    if known is not None and known.exists() and _same(known, source):
        os.link(known, copy)
        return
    shutil.copyfile(source, copy)
    shutil.copystat(source, copy)
    copy.chmod(0o600)


def _same(one: Path, other: Path) -> bool:
    ours, theirs = one.stat(), other.stat()
    return (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)


def _write_manifest(folder: Path, row: int, head_hash: str, findings: tuple[Finding, ...]) -> None:
    held = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    told = {
        "program": version("consigne"),
        "row": row,
        "hash": head_hash,
        "findings": [asdict(finding) for finding in findings],
        "sha256": held,
    }
    path = folder / MANIFEST
    path.touch(mode=0o600)
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="ascii")
    _to_disk(path)
    _to_disk(folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        # from the disk and not from memory, as far as the kernel lets go of it
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_to(second: Path, made: Path, state: Path) -> Path:
    """The same on another medium, read back. Raises BackupMediumGone where the folder lies on the kiosk's own disk: nothing is mounted there."""
    if not second.is_dir() or second.stat().st_dev == state.stat().st_dev:
        raise BackupMediumGone(second, made)
    _clear(second)
    _need_room(second, sum(path.stat().st_size for path in made.iterdir()))
    part, copy = second / (made.name + PART), second / made.name
    part.mkdir(mode=0o700)
    for path in made.iterdir():
        shutil.copyfile(path, part / path.name)
        _to_disk(part / path.name)
    for path in made.iterdir():
        if _digest(part / path.name) != _digest(path):
            raise BackupDiffers(part / path.name)
    part.rename(copy)
    _to_disk(second)
    return copy


def _clear(target: Path) -> None:
    """What a power cut left half written."""
    for path in target.glob(f"*{PART}"):
        shutil.rmtree(path)


def _sound(target: Path) -> list[Path]:
    """The finished backups without findings, the oldest first: their names are in the order of time."""
    return sorted(path for path in target.glob("????-??-??T??-??-??Z") if path.is_dir())


def _newest(target: Path) -> Path | None:
    return next(reversed(_sound(target)), None)


def _prune(target: Path, keep: int) -> tuple[str, ...]:
    """Of the backups with findings the first and the newest stay: the oldest tells most, the newest has what was written since."""
    gone = [*_sound(target)[:-keep], *sorted(target.glob(f"*{FINDINGS}"))[1:-1]]
    for path in gone:
        shutil.rmtree(path)
    return tuple(path.name for path in gone)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
