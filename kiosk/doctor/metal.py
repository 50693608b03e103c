"""What is plugged in: intake, camera, printer, panel, clock, and the disk with its health."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

from config.clock import BUILD
from config.settings import Settings
from kiosk.doctor.machine import GROUP, Finding, Machine
from kiosk.doctor.users import WANTED_GROUPS

RULES = "/etc/udev/rules.d/70-consigne.rules"
TO_FILL_IN = "TO-FILL-IN"
FREE_MB = 500
"""Months of ledger and log, and room for a backup of them."""
WORN_FROM = 9
"""Tenths of its life that a card says are used (eMMC 5.0, EXT_CSD DEVICE_LIFE_TIME_EST); 11 is beyond."""
CLOCKS_DIFFER = timedelta(minutes=1)


def rules(machine: Machine) -> Iterator[Finding]:
    path = machine.at(RULES)
    if not path.exists():
        yield Finding("rules_missing", f"install -m 644 {machine.program}/systemd/70-consigne.rules {path}", {"path": path})


def devices(machine: Machine, settings: Settings) -> Iterator[Finding]:
    wanted = {"intake.port": settings.intake.port}
    if "://" not in settings.camera.source:
        wanted["camera.source"] = Path(settings.camera.source)
    if settings.printer.kind in {"usb", "serial"}:
        wanted["printer.device"] = Path(settings.printer.device)
    for key, path in wanted.items():
        if path.is_dir() or path.is_file():
            # pictures for a trial
            continue
        if not path.exists():
            yield Finding("device_missing", _mend_missing(machine, path), {"key": key, "path": path})
        elif not _reached(machine, path):
            real = path.resolve()
            facts = {"key": key, "path": path, "mode": f"{stat.S_IMODE(path.stat().st_mode):04o}"}
            yield Finding("device_denied", f"chgrp {GROUP} {real} && chmod g+rw {real}", facts)


def _mend_missing(machine: Machine, path: Path) -> str:
    rules_file = machine.at(RULES)
    again = "udevadm control --reload && udevadm trigger --action=add"
    unfilled = rules_file.exists() and any(TO_FILL_IN in line for line in rules_file.read_text().splitlines() if not line.startswith("#"))
    return f"editor {rules_file} && {again}" if unfilled and path.name.startswith("consigne-") else again


def _reached(machine: Machine, path: Path) -> bool:
    found = path.stat()
    groups = {machine.group(name) for name in (GROUP, *WANTED_GROUPS)}
    if found.st_uid == machine.user(GROUP):
        return found.st_mode & 0o600 == 0o600
    return (found.st_gid in groups and found.st_mode & 0o060 == 0o060) or found.st_mode & 0o006 == 0o006


def display(machine: Machine) -> Iterator[Finding]:
    """A card to draw with, and a panel on one of its connectors. What a desktop says is the desktop's."""
    if not list(machine.at("/dev/dri").glob("card*")):
        yield Finding("no_display", _overlay(machine, "vc4-kms-v3d", "ls -l /dev/dri /sys/class/drm"), {})
        return
    told = {path.parent.name: path.read_text().strip() for path in machine.at("/sys/class/drm").glob("card*-*/status")}
    if told and "connected" not in told.values():
        yield Finding("no_panel", "systemctl restart consigne-kiosk", {"connectors": ", ".join(sorted(told))})


def _overlay(machine: Machine, overlay: str, elsewhere: str) -> str:
    """A Raspberry Pi is told of what is on its board by a line of its configuration, once; another machine is looked at."""
    path = machine.at("/boot/firmware/config.txt")
    if not path.exists():
        return elsewhere
    line = f"dtoverlay={overlay}"
    return f"(grep -qx {line} {path} || echo {line} >> {path}) && systemctl reboot"


def clock(machine: Machine) -> Iterator[Finding]:
    ntp = "apt-get install --yes systemd-timesyncd && timedatectl set-ntp true"
    now = machine.clock.utc()
    if now.date() < BUILD:
        yield Finding("clock_wrong", ntp, {"shown": f"{now:%Y-%m-%d}", "build": f"{BUILD:%Y-%m-%d}"})
    try:
        synchronised = machine.clock.synchronised()
    except OSError:
        synchronised = False
    if not synchronised:
        yield Finding("clock_not_synchronised", ntp, {})
    battery = machine.clock.battery_clock()
    if battery is None:
        yield Finding("no_battery_clock", _overlay(machine, "i2c-rtc,ds3231", "hwclock --show --verbose"), {})
    elif synchronised and abs(battery - now) > CLOCKS_DIFFER:
        facts = {"shown": f"{now.astimezone(UTC):%Y-%m-%d %H:%M}", "battery": f"{battery.astimezone(UTC):%Y-%m-%d %H:%M}"}
        yield Finding("battery_clock_differs", "hwclock --systohc --utc", facts)


def disk(machine: Machine, settings: Settings) -> Iterator[Finding]:
    state = settings.kiosk.state
    if state.is_dir():
        free_mb = shutil.disk_usage(state).free // 1_000_000
        if free_mb < FREE_MB:
            yield Finding(
                "disk_full", "journalctl --vacuum-size=100M; apt-get clean", {"path": state, "free_mb": free_mb, "wanted_mb": FREE_MB}
            )
        if os.statvfs(state).f_flag & os.ST_RDONLY:
            yield Finding(
                "disk_read_only", f"mount -o remount,rw $(findmnt --noheadings --output TARGET --target {state})", {"path": state}
            )
    for path in sorted(machine.at("/sys/fs/ext4").glob("*/errors_count")):
        if (count := path.read_text().strip()) != "0":
            yield Finding("disk_errors", "consigne backup && systemctl reboot", {"device": path.parent.name, "count": count})
    for path in sorted(machine.at("/sys/block").glob("mmcblk*/device/life_time")):
        worn = max(int(part, 16) for part in path.read_text().split())
        if worn >= WORN_FROM:
            yield Finding("card_worn", "consigne backup", {"device": path.parents[1].name, "percent": min(worn * 10, 100)})
