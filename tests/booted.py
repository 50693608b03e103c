"""A whole Debian with the kiosk as its service, booted by systemd-nspawn: what the units do on a machine, and not only what they say.

    sudo .venv/bin/python tests/booted.py [--suite bookworm|trixie] [--again] [--keep]

It makes a bare Debian (debootstrap, kept in /var/tmp/consigne-boot), runs ``script/install`` in it, and boots it twice, without network: twin, city,
sync and kiosk inside, the kiosk drawing offscreen. Each line that it prints is something that was waited for and came true; the first that does
not ends it. Needs root, a Debian mirror and a package index; 5 to 15 minutes. ``--again``: on the Debian that the last run installed. No pytest runs it.

What is held::

    in the chroot what the doctor finds missing of packages, users and groups, mended by the command that it prints, for which a network is needed
    first boot    without a ledger READY, begun by the doctor's command; five bottles, the sum in the ledger, at the city, and the backup's; who may read and write what; the session's loop
                  blocked: SIGABRT, restart, sum kept; what the doctor finds, mended by the command that it prints; ledger unreadable: three starts, the notice, and the kiosk again once it is mended
    power cut     in the middle of a sixth bottle: nspawn is killed
    second boot   everything is up by itself, and the three witnesses agree about the sixth bottle
    removed       by script/install --remove: the program is gone, the ledger is there
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.witnesses import MetalSays

CACHE = Path("/var/tmp/consigne-boot")
HERE = Path(__file__).resolve().parents[1]
MIRROR = "http://deb.debian.org/debian"
STATE, TWIN, TOLD = Path("/var/lib/consigne"), Path("/var/lib/consigne-twin"), Path("/booted/told")
PATIENCE_S = 240.0
STARTS = 5
RESTART_S = 2.0
"""The kiosk unit's RestartSec."""
BOTTLE = 'put "pet_clear_50" roll 5'
CITY = "http://127.0.0.1:8000"
CITYS_DATABASE, CITYS_COMMAND, ACCESS = "sqlite:////var/lib/city/city.db", "/opt/consigne/.venv/bin/consigne-city", Path("/booted/access")

HANGS = """
import signal, time
def hang(*_):
    from kiosk.runner import Runner
    Runner._take = lambda *_: time.sleep(3600)
signal.signal(signal.SIGUSR1, hang)
def anew(*_):
    from kiosk.console.actions import StartAnew
    from kiosk.runner import Runner
    take = Runner._take
    def last(runner, workers):
        Runner._take = take
        runner._perform(StartAnew(), workers)
        return True
    Runner._take = last
signal.signal(signal.SIGUSR2, anew)
"""
"""Loaded by the kiosk of this test alone: at SIGUSR1 the session's loop stands still, and all else goes on; at SIGUSR2 the kiosk begins anew, as staff ask for it at the glass."""

BARE = """
import os, socket
from PySide6.QtWidgets import QApplication, QWidget

class Window(QWidget):
    def paintEvent(self, event):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as outlet:
            outlet.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])

application = QApplication([])
window = Window()
window.showFullScreen()
application.exec()
"""
"""A window with nothing in it, which says when it is painted: what a start is compared with."""

CLOCK_IS_ASKED = "from config.system import kernel_synchronised; kernel_synchronised()"

FILES = {
    "/etc/systemd/system/consigne-kiosk.service.d/booted.conf": f"""[Unit]
StartLimitIntervalSec=40
[Service]
Environment=QT_QPA_PLATFORM=offscreen:configfile=/booted/screen.json PYTHONPATH=/booted/hook
ExecStartPre=/opt/consigne/.venv/bin/python -c "{CLOCK_IS_ASKED}"
""",
    "/etc/systemd/system/consigne-out-of-service.service.d/booted.conf": """[Service]
Environment=QT_QPA_PLATFORM=offscreen
RuntimeMaxSec=45
""",
    "/etc/systemd/system/city.service": f"""[Service]
StateDirectory=city
ExecStartPre=/opt/consigne/.venv/bin/consigne-city init --database sqlite:////var/lib/city/city.db
ExecStart=/opt/consigne/.venv/bin/consigne-city serve --port {CITY.rpartition(":")[2]} --database sqlite:////var/lib/city/city.db --demonstration
[Install]
WantedBy=multi-user.target
""",
    "/etc/systemd/system/booted.service": """[Unit]
After=multi-user.target
[Service]
Type=exec
ExecStart=/opt/consigne/.venv/bin/python /src/tests/booted.py --inside
[Install]
WantedBy=default.target
""",
    "/etc/systemd/system/bare.service": """[Service]
Type=notify
NotifyAccess=main
Environment=QT_QPA_PLATFORM=offscreen:configfile=/booted/screen.json
User=consigne
ExecStart=/opt/consigne/.venv/bin/python /booted/bare.py
""",
    "/booted/bare.py": BARE,
    "/booted/hook/sitecustomize.py": HANGS,
    "/booted/screen.json": json.dumps(
        {"screens": [{"name": "panel", "x": 0, "y": 0, "width": 1080, "height": 1920, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}
    ),
}


class Untrue(Exception):
    """What did not come true."""


# --- outside


def run(*command: str | Path, **more: object) -> None:
    subprocess.run([str(part) for part in command], check=True, **more)  # type: ignore[call-overload]


def bare(suite: str) -> Path:
    """A minimal Debian with systemd. It is made once."""
    base = CACHE / f"{suite}.tar"
    if not base.exists():
        made = CACHE / f"{suite}.base"
        shutil.rmtree(made, ignore_errors=True)
        run("debootstrap", "--variant=minbase", "--include=ca-certificates,systemd,systemd-sysv,udev", suite, made, MIRROR)
        run("tar", "-C", made, "-cf", base, ".")
        shutil.rmtree(made)
    return base


def mounted(root: Path) -> Sequence[tuple[str, ...]]:
    dev = root / "dev"
    return (
        ("mount", "-t", "proc", "proc", str(root / "proc")),
        ("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(dev)),
        ("mkdir", str(dev / "pts"), str(dev / "shm")),
        ("mount", "-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=0620,gid=5", "devpts", str(dev / "pts")),
        ("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(dev / "shm")),
        ("ln", "-s", "pts/ptmx", str(dev / "ptmx")),
        ("ln", "-s", "/proc/self/fd", str(dev / "fd")),
        *(("mknod", "-m", "666", str(dev / name), "c", "1", minor) for name, minor in NODES),
    )


NODES = (("null", "3"), ("zero", "5"), ("full", "7"), ("random", "8"), ("urandom", "9"))


def in_chroot(root: Path, *command: str) -> None:
    """With devices of its own: nothing that is done to /dev in there reaches this machine."""
    authorities = dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), "/etc/host-ca.crt")
    environment = {
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        **authorities,
    }
    try:
        for step in mounted(root):
            run(*step)
        run("chroot", root, *command, env=environment)
    finally:
        subprocess.run(["umount", "-R", str(root / "dev"), str(root / "proc")], check=False, stderr=subprocess.DEVNULL)


def install(root: Path, suite: str) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(mode=0o755)
    run("tar", "-C", root, "-xf", bare(suite))
    root.chmod(0o755)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    # kept where no package rewrites them
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/host-ca.crt")
    copy_checkout(root)
    in_chroot(root, "/src/script/install")


def copy_checkout(root: Path) -> None:
    """What is tracked, as it stands."""
    shutil.rmtree(root / "src", ignore_errors=True)
    (root / "src").mkdir()
    listed = subprocess.run(["git", "-C", str(HERE), "ls-files", "-z"], check=True, capture_output=True).stdout
    packed = subprocess.run(["tar", "-C", str(HERE), "--null", "-T", "-", "-cf", "-"], input=listed, check=True, capture_output=True)
    run("tar", "-C", root / "src", "-xf", "-", input=packed.stdout)


def prepare(root: Path) -> None:
    shutil.rmtree(root / "booted", ignore_errors=True)
    for folder in ("var/lib/consigne", "var/lib/consigne-twin", "var/lib/city", "var/backups/consigne", "var/log/journal"):
        shutil.rmtree(root / folder, ignore_errors=True)
    for name, text in FILES.items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "etc/consigne/kiosk.toml").unlink(missing_ok=True)
    in_chroot(root, "/src/script/install")
    shutil.copy(root / "opt/consigne/systemd/demonstration.conf", root / "etc/systemd/system/consigne-kiosk.service.d/demonstration.conf")
    in_chroot(root, "systemctl", "enable", "--quiet", "city.service", "booted.service")


def mended_with_network(root: Path) -> None:
    in_chroot(root, "/opt/consigne/.venv/bin/python", "/src/tests/booted.py", "--chroot")
    print((root / str(TOLD).lstrip("/")).read_text(), end="", flush=True)  # noqa: T201


class Booted:
    """One boot of it, whose story writes lines into a file that both sides see."""

    def __init__(self, root: Path, log: Path) -> None:
        # the kernel's clock is asked, and may be: nspawn refuses that to all
        options = ["--register=no", "--keep-unit", "--private-network", "--system-call-filter=adjtimex clock_adjtime", "--console=pipe"]
        self._told = root / str(TOLD).lstrip("/")
        self._seen = 0
        # what the boot before told was printed then
        self._lines()
        with log.open("a") as output:
            command = ["systemd-nspawn", "--quiet", "-D", str(root), *options, "-b"]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)

    def until(self, last: str) -> None:
        # each wait has its own: this one is for a machine that stands still
        deadline = time.monotonic() + 12 * PATIENCE_S
        while True:
            for line in self._lines():
                print(line, flush=True)  # noqa: T201
                if line == last:
                    return
                if line.startswith("NOT TRUE"):
                    time.sleep(1)
                    raise Untrue("\n".join([line, *self._lines()]))
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Untrue(f"the machine ended, or took too long, before: {last}")
            time.sleep(0.5)

    def _lines(self) -> list[str]:
        lines = self._told.read_text().splitlines() if self._told.exists() else []
        new, self._seen = lines[self._seen :], len(lines)
        return new

    def cut(self) -> None:
        """The power goes: the machine's first process dies, and with it all others. nspawn itself would leave them alone."""
        for pid in self._first():
            os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE_S)

    def _first(self) -> list[int]:
        """Of nspawn's children the one that is number 1 in there."""
        found = []
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                told = dict(line.split(":", 1) for line in status.read_text().splitlines())
            except OSError:
                # it has just ended
                continue
            if int(told["PPid"]) == self.process.pid and told["NSpid"].split()[1:] == ["1"]:
                found.append(int(status.parent.name))
        return found


def outside(suite: str, *, again: bool, keep: bool) -> None:
    CACHE.mkdir(exist_ok=True)
    root, log = CACHE / f"{suite}.root", CACHE / f"{suite}.console"
    log.unlink(missing_ok=True)
    if again:
        copy_checkout(root)
    else:
        install(root, suite)
    prepare(root)
    mended_with_network(root)
    for last in ("the sixth bottle is under way", "all is well"):
        booted = Booted(root, log)
        try:
            booted.until(last)
        finally:
            booted.cut()
    removed(root)
    if not keep:
        shutil.rmtree(root)


def removed(root: Path) -> None:
    in_chroot(root, "/src/script/install", "--remove")
    gone = ("opt/consigne", "usr/local/bin/consigne", "usr/local/lib/systemd/system/consigne-kiosk.service")
    kept = ("var/lib/consigne/ledger.db", "var/lib/consigne/ledger.key", "var/backups/consigne", "etc/consigne/kiosk.toml")
    if any((root / name).exists() for name in gone) or not all((root / name).exists() for name in kept):
        raise Untrue("removed, something is left or something is lost")
    print("removed: the program is gone, the ledger is there", flush=True)  # noqa: T201


# --- inside


def tell(line: str) -> None:
    with TOLD.open("a") as file:
        file.write(line + "\n")


def out(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def until(what: str, true: Callable[[], object]) -> None:
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > PATIENCE_S:
            units = ("consigne-kiosk", "consigne-sync", "consigne-twin", "consigne-out-of-service", "city")
            journal = out("journalctl", "--no-pager", "-n", "60", "-o", "cat", *(f"--unit={unit}" for unit in units))
            raise Untrue(f"{what}\n{out('systemctl', '--no-pager', 'status', *units)}\n{journal}")
        time.sleep(0.3)
    tell(f"{time.monotonic() - began:6.1f} s  {what}")


def done(what: str, *command: str, said: str | None = None) -> None:
    """A command that must end well."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, input=said)
    if ended.returncode:
        raise Untrue(f"{what}: {' '.join(command)} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
    tell(f"          {what}")


def active(unit: str) -> bool:
    return out("systemctl", "is-active", unit) == "active"


def shown(unit: str, fact: str) -> str:
    return out("systemctl", "show", "--value", f"--property={fact}", unit)


def credited() -> int:
    """Bottles with a credit, by the file itself."""
    told = out("consigne", "ledger", "entries", "--kind", "credit", "--json")
    return len(told.splitlines())


@cache
def reader() -> dict[str, str]:
    """The cookie of somebody who is logged in at the city, whose password is kept for the second boot."""
    import requests

    if not ACCESS.exists():
        ACCESS.write_text(out(CITYS_COMMAND, "staff", "add", "booted", "--role", "auditor", "--database", CITYS_DATABASE))
    access = {"name": "booted", "password": ACCESS.read_text()}
    answer = requests.post(f"{CITY}/login", data=access, timeout=30, allow_redirects=False)
    answer.raise_for_status()
    return answer.cookies.get_dict()


def enrol() -> None:
    """As a technician does: as root, whose command runs under the sync's account."""
    code = out(CITYS_COMMAND, "enrol", "booted-hall", "--database", CITYS_DATABASE)
    done("the kiosk was enrolled at the city", "consigne", "sync", "enrol", code)


def at_city() -> tuple[int, str] | None:
    from simulation.witnesses import ask_city

    desk = ask_city(CITY, reader(), "booted-hall")
    return None if desk is None else desk.head


def ledger_head() -> tuple[int, str]:
    told = json.loads(out("consigne", "ledger", "balance", "--json"))
    return told["row"], told["hash"]


def people(line: str) -> None:
    Path("/run/consigne-twin.people").write_text(line + "\n")


def configure() -> None:
    camera = json.loads((TWIN / "twin.json").read_text())["camera_url"]
    path = Path("/etc/consigne/kiosk.toml")
    text = path.read_text()
    for old, new in (
        ('id = "mairie-11-hall"', 'id = "booted-hall"'),
        ('"/dev/consigne-intake"', f'"{TWIN}/intake"'),
        ('"/dev/consigne-camera"', f'"{camera}"'),
        ('"https://consigne.example"\n# Proxy', f'"{CITY}"\n# Proxy'),
        ("every_s = 60.0", "every_s = 1.0"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text)


def first_boot() -> None:
    until("the simulated intake runs", lambda: out("systemctl", "start", "consigne-twin") == "" and (TWIN / "port").exists())
    until("without a ledger the kiosk is READY, for those who begin it at its glass", lambda: active("consigne-kiosk"))
    configure()
    done("a ledger was begun by the command that the doctor prints", "sh", "-c", doctor_says()["no_ledger"])
    enrol()
    out("systemctl", "reset-failed", "consigne-kiosk", "consigne-sync")
    out("systemctl", "restart", "--no-block", "consigne-kiosk", "consigne-sync")
    until("the kiosk is READY", lambda: active("consigne-kiosk"))
    until("five bottles are credited", five_are_credited)
    until("the city holds them", lambda: at_city() == ledger_head())
    starts()
    backed_up()
    who_may_what()
    begins_anew()
    loop_blocked()
    doctor_mends(HARMS)
    ledger_unreadable()
    under_way()


def five_are_credited() -> bool:
    """One after the other; one that a busy machine has handed back is put in again."""
    have, metal = credited(), ask_metal_now()
    if have < 5 and metal.put_in == metal.handed_back + len(metal.falls) and have == len(metal.falls):
        people(BOTTLE)
        wait_for_one_more(metal.put_in)
    return have == 5


def wait_for_one_more(before: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while put_in() == before and time.monotonic() < deadline:
        time.sleep(0.3)


def starts() -> None:
    """From a process's start to READY, the kiosk and the bare window in turn: their ratio counts, on a machine that others use too."""
    took: dict[str, list[float]] = {"consigne-kiosk": [], "bare": []}
    for _ in range(STARTS):
        for unit, found in took.items():
            out("systemctl", "reset-failed", unit)
            done(f"{unit} was started", "systemctl", "restart", unit)
            ready_us, start_us = (int(shown(unit, fact)) for fact in ("ActiveEnterTimestampMonotonic", "ExecMainStartTimestampMonotonic"))
            found.append((ready_us - start_us) / 1e6)
    out("systemctl", "stop", "bare")
    kiosk_s, bare_s = (sorted(found)[STARTS // 2] for found in took.values())
    tell(f"          start to READY, median of {STARTS}: kiosk {kiosk_s:.2f} s, bare window {bare_s:.2f} s, {kiosk_s / bare_s:.1f} times")


def backed_up() -> None:
    done("somebody of the staff may log in", "consigne", "agents", "add", "--name", "Camille", "--role", "manager", said="274951\n274951\n")
    done("a backup was made and verified", "systemctl", "start", "consigne-backup")
    (made,) = Path("/var/backups/consigne").glob("*Z")
    held = {path.name for path in made.iterdir()}
    if not {"ledger.db", "kiosk.db", "backup.json"} <= held or any(name.endswith(".key") for name in held):
        raise Untrue(f"a backup of {sorted(held)}")


def who_may_what() -> None:
    """DESIGN section 7's table, tried by each of the users, and by one who is neither."""
    for user, name, may in (
        ("consigne", "/etc/consigne/kiosk.toml", "rw"),
        ("consigne-sync", "/etc/consigne/kiosk.toml", "r"),
        ("nobody", "/etc/consigne/kiosk.toml", ""),
        ("consigne", "ledger.db", "rw"),
        ("consigne", "ledger.key", "rw"),
        ("consigne", "kiosk.db", "rw"),
        ("consigne", "sync.db", "r"),
        ("consigne-sync", "ledger.db", "r"),
        ("consigne-sync", "ledger.key", ""),
        ("consigne-sync", "kiosk.db", ""),
        ("consigne-sync", "sync.db", "rw"),
        ("consigne-sync", "sync.key", "rw"),
        ("consigne", "sync.key", ""),
        ("nobody", "ledger.db", ""),
        ("nobody", "ledger.key", ""),
        ("nobody", "sync.db", ""),
        ("nobody", "sync.key", ""),
    ):
        found = "".join(letter for letter, how in (("r", "<"), ("w", "+<")) if may_open(user, STATE / name, how))
        if found != may or not (STATE / name).exists():
            raise Untrue(f"{user} may {found!r} with {name}: {out('ls', '-la', str(STATE))}")
        tell(f"          {user} may {may or 'nothing'} with {name}")


def may_open(user: str, path: Path, how: str) -> bool:
    group = "consigne" if user.startswith("consigne") else "nogroup"
    mode = "O_RDONLY" if how == "<" else "O_RDWR"
    program = f"import os, sys; os.open(sys.argv[1], os.{mode})"
    command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", sys.executable, "-c", program, str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


HARMS = {
    "reads_ledger": "(id paul || useradd paul) && usermod -aG consigne paul",
    "sync_in_group": "usermod -aG dialout consigne-sync",
    "folder_wrong": "chmod 755 /var/lib/consigne",
    "folder_missing": "rm -rf /var/backups/aside && mv /var/backups/consigne /var/backups/aside",
    "no_backup": "rm -rf /var/backups/consigne/2*",
    "file_owner": "chown root /var/lib/consigne/ledger.db",
    "file_readable": "chmod 644 /var/lib/consigne/ledger.key",
    "configuration_readable": "chmod 644 /etc/consigne/kiosk.toml",
    "rules_missing": "rm /etc/udev/rules.d/70-consigne.rules",
    "reader_not_compiled": "rm /opt/consigne/.venv/lib/consigne/*.so",
    "disk_read_only": "mount --bind /var/lib/consigne /var/lib/consigne && mount -o remount,bind,ro /var/lib/consigne",
    "medium_gone": "umount /mnt/consigne-backup 2>&1; echo 'tmpfs /mnt/consigne-backup tmpfs mode=700' >> /etc/fstab && mkdir -p /mnt/consigne-backup"
    " && sed -i 's#^second_medium = .*#second_medium = \"/mnt/consigne-backup\"#' /etc/consigne/kiosk.toml",
    "no_material": "rm /opt/consigne/recognition/weights/material.onnx",
    "encoding": "echo LANG=fr_FR.ISO-8859-1 > /etc/default/locale",
    "unit_disabled": "systemctl disable consigne-sync.service",
    "unit_not_running": "systemctl stop consigne-sync.service",
    "unit_differs": "echo >> /usr/local/lib/systemd/system/consigne-twin.service",
    "letters": "echo x > /opt/consigne/kiosk/screens/style/fonts/KioskSans-400.ttf",
    "city_unreachable": "systemctl stop city",
}
WITH_NETWORK = {
    "package_missing": "dpkg --purge --force-depends libzbar0 libzbar0t64 2>&1 && ldconfig",
    "python_package": "/opt/consigne/.venv/bin/python -m pip uninstall --quiet --yes pyzbar",
    "user_missing": "userdel consigne-sync",
    "group_missing": "groupdel input",
}
"""For the chroot."""
BY_HAND = {"city_unreachable": "systemctl start city"}
"""Where the command shows why, and a person mends."""


def doctor_says() -> dict[str, str]:
    ended = subprocess.run(["consigne", "doctor", "--json"], capture_output=True, text=True, check=False)
    if ended.returncode not in {0, 1}:
        raise Untrue(f"the doctor ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
    return {finding["what"]: finding["mend"] for finding in json.loads(ended.stdout)["findings"]}


def doctor_mends(harms: Mapping[str, str]) -> None:
    before = doctor_says()
    for what, harm in harms.items():
        subprocess.run(["sh", "-c", harm], check=True)
        said = doctor_says()
        if what not in said:
            raise Untrue(f"the doctor does not find {what} after: {harm}")
        mended = subprocess.run(["sh", "-c", BY_HAND.get(what, said[what])], check=False, capture_output=True, text=True)
        # a unit that was started takes a moment
        until(f"{what} is mended by: {said[what]}", lambda name=what: name not in doctor_says())  # type: ignore[misc]
        if mended.returncode:
            raise Untrue(f"{said[what]} ended with {mended.returncode}: {mended.stderr}")
    if more := doctor_says().keys() - before.keys():
        raise Untrue(f"the doctor says {more}, and did not before")


def begins_anew() -> None:
    """As after a new setting or for a new generation: in the same process, which the service manager takes for one that has reloaded."""
    process, starts, sum_before = shown("consigne-kiosk", "MainPID"), starts_in_log(), credited()
    out("systemctl", "kill", "--kill-whom=main", "--signal=SIGUSR2", "consigne-kiosk")
    until("asked to, the kiosk begins anew", lambda: starts_in_log() > starts)
    until("and is READY again, in its own process", lambda: active("consigne-kiosk") and shown("consigne-kiosk", "SubState") == "running")
    if (shown("consigne-kiosk", "MainPID"), shown("consigne-kiosk", "NRestarts"), credited()) != (process, "0", sum_before):
        raise Untrue("another process runs, or the sum changed")
    period = shown("consigne-kiosk", "WatchdogUSec")
    if period != "10s":
        raise Untrue(f"its watchdog has {period}")


def starts_in_log() -> int:
    return "".join(path.read_text() for path in STATE.glob("log-*.jsonl")).replace(" ", "").count('"kind":"started"')


def loop_blocked() -> None:
    """In the middle of a visit, whose sum is kept."""
    before, sum_before = shown("consigne-kiosk", "NRestarts"), credited()
    out("systemctl", "kill", "--kill-whom=main", "--signal=SIGUSR1", "consigne-kiosk")
    until("the session's loop is blocked: the watchdog ends the kiosk by SIGABRT", lambda: shown("consigne-kiosk", "NRestarts") != before)
    until("and it is READY again", lambda: active("consigne-kiosk"))
    if "watchdog" not in out("journalctl", "-u", "consigne-kiosk", "--no-pager").lower() or credited() != sum_before:
        raise Untrue("it was not the watchdog, or the sum changed")
    log = "".join(path.read_text() for path in STATE.glob("log-*.jsonl")).replace(" ", "")
    until("the log names the runner", lambda: '"part":"runner"' in log)


def ledger_unreadable() -> None:
    ledger = STATE / "ledger.db"
    ledger.chmod(0)
    out("systemctl", "restart", "--no-block", "consigne-kiosk")
    until("the ledger cannot be read: three starts, and the notice has the panel", notice_stays)
    ledger.chmod(0o640)
    until("mended: the kiosk is READY again by itself", lambda: active("consigne-kiosk") and not active("consigne-out-of-service"))


def notice_stays() -> bool:
    """For longer than a pause between two starts, in which systemd 254 and later shows it too."""
    since_us = int(shown("consigne-out-of-service", "ActiveEnterTimestampMonotonic") or 0)
    return active("consigne-out-of-service") and time.monotonic() - since_us / 1e6 > 3 * RESTART_S


def under_way() -> None:
    before = put_in()
    people(BOTTLE)
    until("a sixth bottle was put in", lambda: put_in() > before)
    tell("the sixth bottle is under way")
    while True:
        time.sleep(60)


def put_in() -> int:
    return ask_metal_now().put_in


def ask_metal_now() -> "MetalSays":
    from simulation.witnesses import ask_metal

    return ask_metal(TWIN / "metal.jsonl")


def second_boot() -> None:
    from simulation.witnesses import ask_books, ask_metal, compare

    until("after the power cut the kiosk is READY by itself", lambda: active("consigne-kiosk"))

    def agree() -> bool:
        # no lines are compared before what was open has ended
        return not compare(ask_metal(TWIN / "metal.jsonl"), ask_books(STATE / "ledger.db")).disagreements

    until("metal and ledger agree about six bottles", agree)
    until("the city holds them, too", lambda: at_city() == ledger_head())
    until("the ledger is sound", lambda: subprocess.run(["consigne", "ledger", "verify"], check=False, capture_output=True).returncode == 0)
    tell("all is well")


def inside() -> None:
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    os.environ["CONSIGNE_LANG"] = "en"
    try:
        if (STATE / "ledger.db").exists():
            second_boot()
        else:
            first_boot()
    except Exception as untrue:  # noqa: BLE001 (told to the other side, which ends)
        tell(f"NOT TRUE: {type(untrue).__name__}: {untrue}".replace("\n", "\nNOT TRUE: "))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/booted.py")
    parser.add_argument("--suite", default="bookworm", choices=["bookworm", "trixie"])
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--inside", action="store_true")
    parser.add_argument("--chroot", action="store_true")
    asked = parser.parse_args()
    if asked.inside:
        inside()
    elif asked.chroot:
        doctor_mends(WITH_NETWORK)
    else:
        outside(asked.suite, again=asked.again, keep=asked.keep)


if __name__ == "__main__":
    main()
