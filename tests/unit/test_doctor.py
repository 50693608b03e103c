"""The doctor on a machine in a folder: sound, it finds nothing; each harm is found by its name, with a command. In a real Debian the commands are run: tests/booted.py."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commands.doctor import tell
from config.system import Readers
from kiosk.doctor.examine import examine
from kiosk.doctor.machine import Answer, Finding, Machine
from kiosk.words.catalogue import Words
from kiosk.words.reading import parse
from ledger.keys import key_path, write
from ledger.sync.acknowledged import Acknowledged
from ledger.sync.outcomes import NothingToSend, Refused
from money.ledgers import BEGINNING, LedgerIn
from people.command import consigne
from recognition.codes.likelihood.library import library_path
from worlds.dumps import listed

pytest_plugins = ("money.ledger_fixtures",)

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SYNC_UID = 64_002


@dataclass
class Bench:
    """A machine below a folder, and what its programs answer."""

    folder: Path
    machine: Machine
    libraries: str
    unit_state: str = "active"
    enabled: str = "enabled"

    @property
    def config(self) -> Path:
        return self.folder / "etc/consigne/kiosk.toml"

    @property
    def state(self) -> Path:
        return self.folder / "var/lib/consigne"

    def ask(self, command: Sequence[str]) -> Answer:
        match command:
            case ["/sbin/ldconfig", "-p"]:
                return Answer(0, self.libraries)
            case ["systemctl", "is-enabled", _]:
                return Answer(0, self.enabled + "\n")
            case _:
                return Answer(0, self.unit_state + "\n")

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def configure(self, old: str, new: str) -> None:
        text = self.config.read_text()
        assert old in text
        self.config.write_text(text.replace(old, new))

    def clock(self, **others: Callable[[], object]) -> None:
        self.machine = replace(self.machine, clock=replace(self.machine.clock, **others))  # type: ignore[arg-type]

    def examine(self) -> list[Finding]:
        return examine(replace(self.machine, ask=self.ask), self.config)

    def found(self) -> set[str]:
        return {finding.what for finding in self.examine()}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the checkout what the doctor looks at."""
    folder = tmp_path_factory.mktemp("program")
    for name in ("systemd", "config", "kiosk/screens/style/fonts", "recognition/weights"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("script/bootstrap", "locks/kiosk.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def city() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def port() -> Iterator[Path]:
    ours, theirs = os.openpty()
    yield Path(os.ttyname(theirs))
    os.close(ours)
    os.close(theirs)


@pytest.fixture
def bench(tmp_path: Path, program: Path, city: int, port: Path, ledger_in: LedgerIn) -> Bench:
    own = tmp_path / "program"
    shutil.copytree(program, own)
    clock = Readers(utc=lambda: NOW, synchronised=lambda: True, battery_clock=lambda: NOW)
    machine = Machine(root=tmp_path, program=own, prefix=tmp_path / "venv", clock=clock)
    made = Bench(tmp_path, machine, (ROOT / "script/bootstrap").read_text())
    made.write("etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n')
    made.write("etc/passwd", f"consigne:x:{os.getuid()}:{os.getgid()}::/:\nconsigne-sync:x:{os.getuid()}:{os.getgid()}::/:\n")
    groups = ("audio", "dialout", "input", "lp", "render", "video")
    made.write("etc/group", f"consigne:x:{os.getgid()}:\n" + "".join(f"{name}:x:{64_100 + n}:\n" for n, name in enumerate(groups)))
    for name in ("usr/bin/aplay", "usr/bin/gcc", "dev/dri/card0", f"venv/lib/consigne/{library_path().name}"):
        made.write(name, "")
    made.write("sys/class/drm/card0-HDMI-A-1/status", "connected\n")
    made.write("sys/fs/ext4/vda/errors_count", "0\n")
    made.write("sys/block/mmcblk0/device/life_time", "0x01 0x02\n")
    made.write("etc/udev/rules.d/70-consigne.rules", "")
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    shutil.copytree(own / "systemd", machine.vendor / "systemd/system")
    for path, mode in ((made.state, 0o2770), (tmp_path / "var/backups/consigne", 0o700)):
        path.mkdir(parents=True)
        path.chmod(mode)
    (tmp_path / "var/backups/consigne/2026-11-30T03-20-00Z").mkdir()
    text = (ROOT / "config/example.toml").read_text()
    for old, new in (
        ("mairie-11-hall", BEGINNING.kiosk),
        ('url = "https://consigne.example"', f'url = "http://127.0.0.1:{city}"'),
        ("consigne.example", "consigne.invalid"),
        ('"/var/', f'"{tmp_path}/var/'),
        ('"/dev/consigne-intake"', f'"{port}"'),
        ('"/dev/consigne-camera"', f'"{tmp_path}"'),
    ):
        text = text.replace(old, new)
    made.write("etc/consigne/kiosk.toml", text).chmod(0o640)
    os.chown(made.config, -1, os.getgid())
    ledger_in(made.state).close()
    listed(made.state / "catalogue.db", "9520475821661,glass_bottle,Bière imaginaire,330,200,0", now=NOW)
    write(made.state / "sync.key", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    for file in made.state.iterdir():
        file.chmod(0o600 if file.suffix == ".key" else 0o640)
    return made


def a_damaged_list(bench: Bench) -> None:
    path = bench.state / "catalogue.db"
    path.write_bytes(path.read_bytes()[:4096] + b"\xa5" * 9000)


def an_old_list(bench: Bench) -> None:
    told = NOW + timedelta(days=120)
    bench.clock(utc=lambda: told, battery_clock=lambda: told)
    next((bench.folder / "var/backups/consigne").iterdir()).rename(bench.folder / f"var/backups/consigne/{told:%Y-%m-%dT%H-%M-%SZ}")


def test_on_a_sound_machine_nothing_is_found(bench: Bench) -> None:
    assert bench.examine() == []


def test_a_camera_with_an_address_is_no_device(bench: Bench) -> None:
    bench.configure(f'source = "{bench.folder}"', 'source = "http://127.0.0.1:8081/chamber"')
    assert bench.found() == set()


def no_such_group(bench: Bench) -> None:
    path = bench.folder / "etc/group"
    path.write_text(re.sub(r"^dialout.*\n", "", path.read_text(), flags=re.MULTILINE))


def another_member(bench: Bench) -> None:
    path = bench.folder / "etc/group"
    path.write_text(path.read_text().replace(f"consigne:x:{os.getgid()}:", f"consigne:x:{os.getgid()}:paul"))


def sync_with_devices(bench: Bench) -> None:
    path = bench.folder / "etc/group"
    path.write_text(re.sub(r"^(dialout.*)$", r"\1consigne-sync", path.read_text(), flags=re.MULTILINE))


def no_sync_user(bench: Bench) -> None:
    path = bench.folder / "etc/passwd"
    path.write_text(path.read_text().splitlines(keepends=True)[0])


def broken_letters(bench: Bench) -> None:
    (bench.machine.program / "kiosk/screens/style/fonts/KioskSans-400.ttf").write_text("what a card left of it")


def another_version(bench: Bench) -> None:
    path = bench.machine.program / "locks/kiosk.txt"
    path.write_text(re.sub(r"^pyserial==\S+", "pyserial==0.1", path.read_text(), flags=re.MULTILINE))


def a_python_package_that_is_not_there(bench: Bench) -> None:
    path = bench.machine.program / "locks/kiosk.txt"
    path.write_text(f"no-such-package==1.0 \\\n{path.read_text()}")


def unplugged(bench: Bench) -> None:
    bench.config.write_text(
        re.sub(r'^port = "/dev/.*"', 'port = "/dev/consigne-intake"', bench.config.read_text(), count=1, flags=re.MULTILINE)
    )


def another_users_device(bench: Bench) -> None:
    bench.write("etc/passwd", "consigne:x:64001:64001::/:\nconsigne-sync:x:64002:64002::/:\n")


def key_for_all(bench: Bench) -> None:
    key_path(bench.state / "ledger.db").chmod(0o640)


def a_ledger_of_garbage(bench: Bench) -> None:
    (bench.state / "ledger.db").write_bytes(b"no database" * 100)


def another_key(bench: Bench) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key_path(bench.state / "ledger.db").write_bytes(pem)


def nobody_at_the_city(bench: Bench) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
    bench.config.write_text(re.sub(r'url = "http://127.0.0.1:\d+"', f'url = "http://127.0.0.1:{number}"', bench.config.read_text()))


def the_sync_is_another_user(bench: Bench) -> None:
    path = bench.folder / "etc/passwd"
    path.write_text(re.sub(r"^consigne-sync:x:\d+", f"consigne-sync:x:{SYNC_UID}", path.read_text(), flags=re.MULTILINE))


def refused(error: str) -> Callable[[Bench], None]:
    """The city's answer to the sync's last round."""

    def harm(bench: Bench) -> None:
        with Acknowledged(bench.state / "sync.db") as mark:
            mark.finish(Refused(403, error), "2026-11-30T09:00:00Z")
        (bench.state / "sync.db").chmod(0o640)

    return harm


def stopped(bench: Bench) -> None:
    bench.unit_state = "failed"


def switched_off(bench: Bench) -> None:
    bench.enabled = "disabled"


HARMS: dict[str, Callable[[Bench], object]] = {
    "debian": lambda bench: bench.write("etc/os-release", "ID=arch\n"),
    "package_missing": lambda bench: (bench.folder / "usr/bin/aplay").unlink(),
    "python_package": another_version,
    "reader_not_compiled": lambda bench: next((bench.folder / "venv/lib/consigne").iterdir()).unlink(),
    "no_material": lambda bench: (bench.machine.program / "recognition/weights/material.json").unlink(),
    "letters": broken_letters,
    "encoding": lambda bench: bench.write("etc/default/locale", "LANG=fr_FR.ISO-8859-1\n"),
    "clock_wrong": lambda bench: bench.clock(
        utc=lambda: datetime(1970, 1, 2, tzinfo=UTC), battery_clock=lambda: datetime(1970, 1, 2, tzinfo=UTC)
    ),
    "clock_not_synchronised": lambda bench: bench.clock(synchronised=lambda: False),
    "no_battery_clock": lambda bench: bench.clock(battery_clock=lambda: None),
    "battery_clock_differs": lambda bench: bench.clock(battery_clock=lambda: NOW - timedelta(hours=1)),
    "no_display": lambda bench: (bench.folder / "dev/dri/card0").unlink(),
    "no_panel": lambda bench: bench.write("sys/class/drm/card0-HDMI-A-1/status", "disconnected\n"),
    "not_installed": lambda bench: shutil.rmtree(bench.machine.vendor),
    "group_missing": no_such_group,
    "user_missing": no_sync_user,
    "reads_ledger": another_member,
    "sync_in_group": sync_with_devices,
    "folder_missing": lambda bench: shutil.rmtree(bench.folder / "var/backups/consigne"),
    "folder_wrong": lambda bench: bench.state.chmod(0o2750),
    "file_owner": the_sync_is_another_user,
    "file_readable": key_for_all,
    "configuration_readable": lambda bench: bench.config.chmod(0o644),
    "configuration": lambda bench: bench.configure("glass_bin = 1", "glass_bin = 7"),
    "still_example": lambda bench: bench.configure(f'"{BEGINNING.kiosk}"', '"mairie-11-hall"'),
    "rules_missing": lambda bench: (bench.folder / "etc/udev/rules.d/70-consigne.rules").unlink(),
    "device_missing": unplugged,
    "device_denied": another_users_device,
    "disk_errors": lambda bench: bench.write("sys/fs/ext4/vda/errors_count", "3\n"),
    "card_worn": lambda bench: bench.write("sys/block/mmcblk0/device/life_time", "0x02 0x0a\n"),
    "no_ledger": lambda bench: (bench.state / "ledger.db").unlink(),
    "ledger_unreadable": a_ledger_of_garbage,
    "ledger_of_another": lambda bench: bench.configure(f'"{BEGINNING.kiosk}"', '"another-hall"'),
    "key_missing": lambda bench: key_path(bench.state / "ledger.db").unlink(),
    "key_wrong": another_key,
    "no_backup": lambda bench: next((bench.folder / "var/backups/consigne").iterdir()).rmdir(),
    "backup_old": lambda bench: bench.clock(utc=lambda: NOW + timedelta(days=9), battery_clock=lambda: NOW + timedelta(days=9)),
    "no_catalogue": lambda bench: (bench.state / "catalogue.db").unlink(),
    "catalogue_unreadable": a_damaged_list,
    "catalogue_old": an_old_list,
    "medium_gone": lambda bench: bench.configure('second_medium = ""', f'second_medium = "{bench.folder}/mnt"'),
    "authorities_missing": lambda bench: bench.configure('ca_file = ""', f'ca_file = "{bench.folder}/city.pem"'),
    "city_unreachable": nobody_at_the_city,
    "not_enrolled": lambda bench: (bench.state / "sync.key").unlink(),
    "key_refused": refused("revoked"),
    "city_is_real": refused("demonstration"),
    "city_is_demonstration": refused("real"),
    "unit_differs": lambda bench: bench.write("usr/local/lib/systemd/system/consigne-sync.service", "[Service]\n"),
    "unit_disabled": switched_off,
    "unit_not_running": stopped,
}


SHORT = frozenset(
    {
        "group_missing",
        "reads_ledger",
        "folder_wrong",
        "file_owner",
        "configuration",
        "device_missing",
        "key_wrong",
        "unit_not_running",
        "no_backup",
        "catalogue_unreadable",
    }
)
"""Of these the short run takes one a module; the others are looked for in the same way."""


@pytest.mark.parametrize("what", [pytest.param(what, marks=() if what in SHORT else pytest.mark.long) for what in HARMS])
def test_a_harm_is_found_by_its_name_with_a_command_and_told_in_both_languages(bench: Bench, what: str) -> None:
    HARMS[what](bench)
    found = [finding for finding in bench.examine() if finding.what == what]
    assert found
    for finding in found:
        assert finding.mend
        assert tell(finding, Words("fr")) != tell(finding, Words("en"))


def test_a_package_of_the_lock_that_is_gone_is_named(bench: Bench) -> None:
    a_python_package_that_is_not_there(bench)
    (found,) = [finding for finding in bench.examine() if finding.what == "python_package"]
    assert found.facts["package"] == "no-such-package"


@pytest.mark.parametrize("what", ["file_readable", "encoding", "rules_missing", "folder_wrong"])
def test_the_command_mends_it(bench: Bench, what: str) -> None:
    if what == "folder_wrong" and subprocess.run(["id", "consigne"], capture_output=True, check=False).returncode:
        pytest.skip("this machine has no user consigne; tests/booted.py runs this one")
    HARMS[what](bench)
    for finding in bench.examine():
        subprocess.run(["sh", "-c", finding.mend], check=True)
    assert bench.found() == set()


@pytest.mark.parametrize("what", ["no_battery_clock", "no_display"])
def test_a_raspberry_pi_is_told_once_of_what_is_on_its_board(bench: Bench, what: str, tmp_path: Path) -> None:
    bench.write("boot/firmware/config.txt", "arm_64bit=1\n")
    reboots = tmp_path / "systemctl"
    reboots.write_text('#!/bin/sh\necho "$@" >> $0.asked\n')
    reboots.chmod(0o755)
    HARMS[what](bench)
    for finding in bench.examine() * 2:
        subprocess.run(["sh", "-c", finding.mend], check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    lines = (bench.folder / "boot/firmware/config.txt").read_text().splitlines()
    assert [line.startswith("dtoverlay=") for line in lines] == [False, True]
    assert (tmp_path / "systemctl.asked").read_text() == "reboot\n" * 2


def test_a_device_whose_rules_are_not_filled_in_leads_to_them(bench: Bench) -> None:
    unplugged(bench)
    shutil.copy(ROOT / "systemd/70-consigne.rules", bench.folder / "etc/udev/rules.d/70-consigne.rules")
    (found,) = [finding for finding in bench.examine() if finding.what == "device_missing"]
    assert found.mend.startswith(f"editor {bench.folder}/etc/udev/rules.d/70-consigne.rules")


def test_every_finding_has_words_and_every_word_is_provoked_here() -> None:
    told = {str(message.id).removeprefix("doctor.") for message in parse("en") if str(message.id).startswith("doctor.")}
    # full and read-only disks, a process that reads for hours, a broken catalogue: made by tests of their own subject, or by no test
    elsewhere = {"sound", "words", "disk_full", "disk_read_only", "ledger_held"}
    # a configuration is told in its own words, a cut ledger has a test of its own
    assert told - elsewhere - {"ledger_doubted"} == set(HARMS) - {"configuration"}


def test_a_city_that_takes_the_key_again_and_one_that_was_never_asked_are_no_findings(bench: Bench) -> None:
    refused("revoked")(bench)
    assert bench.found() == {"key_refused"}
    with Acknowledged(bench.state / "sync.db") as mark:
        mark.finish(NothingToSend(str(bench.state / "ledger.db")), "2026-11-30T09:01:00Z")
    assert bench.found() == set()


def test_a_ledger_that_was_cut_is_doubted(bench: Bench) -> None:
    with closing(sqlite3.connect(bench.state / "ledger.db")) as raw:
        generation = raw.execute("SELECT hash FROM entry WHERE row = 1").fetchone()[0]
    with Acknowledged(bench.state / "sync.db") as mark:
        mark.acknowledge(generation, 999, "f" * 64, "2026-11-30T09:00:00Z")
    assert "ledger_doubted" in bench.found()


def test_the_command_ends_as_the_others_do_and_gives_what_and_mend(tmp_path: Path) -> None:
    import json

    ended = consigne("doctor", "--json", "--config", tmp_path / "none.toml", folder=tmp_path)
    told = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert {"not_installed", "configuration"} <= {finding["what"] for finding in told["findings"]}
    assert all(finding["mend"] for finding in told["findings"])
