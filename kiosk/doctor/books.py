"""Ledger, keys, backups, the list of products and the way to the city."""

import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from config.settings import Settings
from kiosk.doctor.machine import KIOSK, Finding, Machine
from ledger.beside import ask
from ledger.findings import FindingKind
from ledger.keys import key_path
from ledger.long_reads import TOLD_FROM, readers
from ledger.sync.acknowledged import StateError, read_last_round
from ledger.sync.outcomes import NOT_RECOGNISED, Refused
from ledger.vocabulary import LedgerError
from recognition.catalogue.store import OLD_DAYS, CatalogueUnreadable, age_days, check, lists

BACKUP_OLD = timedelta(days=2)
REACHED_S = 5.0
FIRST = 'consigne ledger begin --by NAME --why "first start"'
ENROL = "consigne sync enrol CODE"
OF_THE_OTHER_KIND = {"demonstration": "city_is_real", "real": "city_is_demonstration"}
SUCCEED = 'consigne ledger begin --succeeding --by NAME --why "key lost"'


def ledger(machine: Machine, settings: Settings, config: Path) -> Iterator[Finding]:
    path = settings.files.ledger
    if not path.exists():
        yield Finding("no_ledger", _begun(machine, FIRST), {"path": path})
        return
    if machine.installed and path.stat().st_uid != machine.user(KIOSK):
        # told as such; a look at it would leave an index of the wrong owner, too
        return
    try:
        answers = ask(path, settings.kiosk.id)
    except (LedgerError, OSError) as error:
        yield Finding("ledger_unreadable", "consigne ledger verify", {"path": path, "detail": str(error)})
        return
    for found in answers.findings:
        if found.what is FindingKind.KIOSK:
            yield Finding("ledger_of_another", f"editor {config}", {"found": found.facts["found"], "configured": settings.kiosk.id})
        elif found.what is FindingKind.KEY:
            yield Finding("key_wrong", _begun(machine, SUCCEED), {"path": key_path(path)})
        else:
            yield Finding("ledger_doubted", "consigne ledger verify", {"what": found.what.value})
    if not key_path(path).exists():
        yield Finding("key_missing", _begun(machine, SUCCEED), {"path": key_path(path)})
    yield from _long_readers(path)


def _begun(machine: Machine, command: str) -> str:
    """The kiosk has the ledger's lock and the controller's line for as long as it runs."""
    return f"systemctl stop consigne-kiosk && {command} && systemctl start consigne-kiosk" if machine.booted else command


def _long_readers(path: Path) -> Iterator[Finding]:
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size > TOLD_FROM:
        for reader in readers(path):
            yield Finding("ledger_held", f"kill {reader.pid}", {"pid": reader.pid, "command": reader.command})


def backups(machine: Machine, settings: Settings) -> Iterator[Finding]:
    if not settings.files.ledger.exists():
        return
    mend = "systemctl start consigne-backup" if machine.booted else "consigne backup"
    folder, now = settings.backup.folder, machine.clock.utc()
    times = [_time(path) for path in folder.glob("????-??-??T??-??-??Z")] if folder.is_dir() else []
    newest = max(filter(None, times), default=None)
    if newest is None:
        yield Finding("no_backup", mend, {"path": folder})
    elif now - newest > BACKUP_OLD:
        yield Finding("backup_old", mend, {"path": folder, "days": (now - newest).days})
    second = settings.backup.second
    if second is not None and (not second.is_dir() or second.stat().st_dev == settings.kiosk.state.stat().st_dev):
        yield Finding("medium_gone", f"mount {second}", {"path": second})


def _time(path: Path) -> datetime | None:
    if not re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(-\d\d){2}Z", path.name):
        return None
    return datetime.strptime(path.name, "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)


def catalogue(machine: Machine, settings: Settings) -> Iterator[Finding]:
    path, mend = settings.catalogue, "consigne catalogue import FILE"
    if not path.exists():
        yield Finding("no_catalogue", mend, {"path": path})
        return
    try:
        check(path)
        days = age_days(lists(path), machine.clock.utc().date())
    except CatalogueUnreadable as error:
        yield Finding("catalogue_unreadable", mend, {"path": path, "detail": error.detail})
        return
    if days is not None and days > OLD_DAYS:
        yield Finding("catalogue_old", mend, {"path": path, "days": days})


def enrolment(settings: Settings, config: Path) -> Iterator[Finding]:
    """Whether the city takes the sync's key, by what it said last: the doctor itself asks it nothing."""
    key = settings.files.sync_key
    if not key.exists():
        yield Finding("not_enrolled", ENROL, {"path": key, "kiosk": settings.kiosk.id})
        return
    try:
        last = read_last_round(settings.files.acknowledged)
    except StateError:
        # the next round sets it aside and makes it anew
        return
    error = str(last.facts.get("error")) if last is not None and last.outcome == Refused.__name__ else None
    if error in NOT_RECOGNISED:
        yield Finding("key_refused", ENROL, {"kiosk": settings.kiosk.id, "error": error})
    elif error in OF_THE_OTHER_KIND:
        yield Finding(OF_THE_OTHER_KIND[error], f"editor {config}", {"url": settings.city.url})


def city(machine: Machine, settings: Settings) -> Iterator[Finding]:
    """Whether somebody listens there, or at the proxy on the way; what they say is the sync's business."""
    del machine
    if settings.city.ca_file and not Path(settings.city.ca_file).is_file():
        yield Finding("authorities_missing", f"ls -l {settings.city.ca_file}", {"path": settings.city.ca_file})
    address = urlsplit(settings.city.proxy or settings.city.url)
    try:
        with socket.create_connection((address.hostname or "", address.port or (443 if address.scheme == "https" else 80)), REACHED_S):
            return
    except OSError as error:
        yield Finding("city_unreachable", "consigne sync --once", {"host": address.hostname, "detail": error.strerror or str(error)})
