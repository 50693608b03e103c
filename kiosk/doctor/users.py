"""Users, groups, folders and files: who owns what, and who may read it (``systemd/README.md``)."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from config.settings import Settings
from kiosk.doctor.machine import GROUP, KIOSK, SYNC, Finding, Machine, mode_of

WANTED_GROUPS = ("audio", "dialout", "input", "lp", "render", "video")
SECRET = frozenset({"ledger.key", "sync.key", "kiosk.db"})


def accounts(machine: Machine) -> Iterator[Finding]:
    mend = f"systemd-sysusers {machine.vendor}/sysusers.d/consigne.conf"
    for group in (GROUP, *WANTED_GROUPS):
        if machine.group(group) is None:
            yield Finding("group_missing", mend, {"group": group})
    for user in (KIOSK, SYNC):
        if machine.user(user) is None:
            yield Finding("user_missing", mend, {"user": user})


def who_reads(machine: Machine) -> Iterator[Finding]:
    """Whoever is in the kiosk's group reads the ledger, whose rows are money."""
    for user in sorted(machine.members(GROUP) - {KIOSK, SYNC}):
        yield Finding("reads_ledger", f"gpasswd --delete {user} {GROUP}", {"user": user})
    for group in sorted(machine.groups_of(SYNC) - {GROUP, SYNC}):
        yield Finding("sync_in_group", f"gpasswd --delete {SYNC} {group}", {"group": group})


def folders(machine: Machine, settings: Settings) -> Iterator[Finding]:
    for path, mode in ((settings.kiosk.state, 0o2770), (settings.backup.folder, 0o700)):
        mend = f"install -d -m {mode:o} -o {KIOSK} -g {GROUP} {path}"
        if not path.is_dir():
            yield Finding("folder_missing", mend, {"path": path})
        elif mode_of(path) != mode or _owner(path) != (machine.user(KIOSK), machine.group(GROUP)):
            facts = {"path": path, "mode": f"{mode_of(path):04o}", "owner": machine.name_of(path.stat().st_uid), "wanted": f"{mode:04o}"}
            yield Finding("folder_wrong", mend, facts)


def files(machine: Machine, settings: Settings) -> Iterator[Finding]:
    for path, found in _plain(settings.kiosk.state):
        owner = SYNC if path.name.startswith("sync") else KIOSK
        uid, mode = machine.user(owner), found.st_mode & 0o7777
        if uid is not None and found.st_uid != uid:
            facts = {"path": path, "owner": machine.name_of(found.st_uid), "wanted": owner}
            yield Finding("file_owner", f"chown {owner}:{GROUP} {path}", facts)
        forbidden = 0o077 if path.name in SECRET else 0o007
        if mode & forbidden:
            mend = f"chmod 600 {path}" if path.name in SECRET else f"chmod o-rwx {path}"
            yield Finding("file_readable", mend, {"path": path, "mode": f"{mode:04o}"})


def configuration_file(machine: Machine, path: Path) -> Iterator[Finding]:
    """It may hold a proxy's password, and both users read it."""
    group = machine.group(GROUP)
    if not path.exists() or group is None:
        return
    if mode_of(path) & 0o027 or not mode_of(path) & 0o040 or path.stat().st_gid != group:
        yield Finding("configuration_readable", f"chgrp {GROUP} {path} && chmod 640 {path}", {"path": path, "mode": f"{mode_of(path):04o}"})


def _plain(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """The files in a folder, links left out. SQLite's come and go while kiosk and sync run: what is gone again is no finding."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISREG((told := path.lstat()).st_mode):
                found.append((path, told))
    return found


def _owner(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid
