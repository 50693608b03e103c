"""The units as systemd reads them, and that they say what their README and the design say. What they do on a machine: tests/booted.py."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = sorted(path for path in (ROOT / "systemd").iterdir() if path.suffix in {".service", ".timer", ".socket"})
MOST_EXPOSED = {"consigne-kiosk": 10, "consigne-out-of-service": 10, "consigne-sync": 12, "consigne-backup": 12, "consigne-twin": 20}
"""Ten times systemd's score, as ``--threshold`` takes it."""


class Unit(ConfigParser):
    """Every value of a key, one after the other: a unit file may repeat them."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.text = (ROOT / "systemd" / name).read_text()
        self.read_string(self.text)

    def every(self, key: str) -> list[str]:
        return re.findall(rf"^{key}=(.*)$", self.text, re.MULTILINE)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The units as they would be if this checkout were installed where it stands: their programs are there."""
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/consigne", str(ROOT)))
    return tmp_path


@pytest.mark.long
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_finds_nothing_to_say(here: Path) -> None:
    units = [str(path) for path in here.iterdir()]
    found = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=yes", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (found.stdout, found.stderr, found.returncode) == ("", "", 0)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
@pytest.mark.parametrize("unit", MOST_EXPOSED)
def test_no_unit_is_more_exposed_than_it_may_be(unit: str) -> None:
    most = MOST_EXPOSED[unit]
    found = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={most}", "--no-pager", str(ROOT / "systemd" / f"{unit}.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout.splitlines()[-1]


@pytest.mark.parametrize("unit", sorted(MOST_EXPOSED))
def test_what_a_unit_may_not_do_is_refused_and_never_kills_it(unit: str) -> None:
    assert Unit(f"{unit}.service")["Service"]["SystemCallErrorNumber"] == "EPERM"


def test_the_kiosk_has_devices_and_no_network_and_the_sync_network_and_no_devices() -> None:
    kiosk, sync = Unit("consigne-kiosk.service"), Unit("consigne-sync.service")
    assert kiosk["Service"]["PrivateNetwork"] == "yes"
    assert kiosk["Service"]["RestrictAddressFamilies"] == "AF_UNIX"
    assert kiosk["Service"]["DevicePolicy"] == "closed"
    assert all(device.startswith("char-") for device in kiosk.every("DeviceAllow"))
    assert sync["Service"]["PrivateDevices"] == "yes"
    assert sync.every("DeviceAllow") == []
    assert sync["Service"]["User"] != kiosk["Service"]["User"]
    assert sync["Service"]["Group"] == kiosk["Service"]["Group"] == "consigne"


def test_neither_the_sync_nor_a_backup_ever_sees_the_key_that_signs_vouchers() -> None:
    for unit in ("consigne-sync.service", "consigne-backup.service"):
        assert "-/var/lib/consigne/ledger.key" in " ".join(Unit(unit).every("InaccessiblePaths")).split()


def test_a_dead_kiosk_gives_way_to_the_notice_and_the_notice_to_the_kiosk() -> None:
    kiosk, notice = Unit("consigne-kiosk.service"), Unit("consigne-out-of-service.service")
    assert kiosk["Unit"]["OnFailure"] == "consigne-out-of-service.service"
    assert (kiosk["Unit"]["StartLimitBurst"], kiosk["Unit"]["StartLimitIntervalSec"]) == ("3", "120")
    assert (kiosk["Service"]["Restart"], kiosk["Service"]["RestartPreventExitStatus"]) == ("on-failure", "2")
    assert notice["Unit"]["OnFailure"] == "consigne-kiosk.service"
    assert "consigne-kiosk.service" in notice["Unit"]["Conflicts"].split()
    assert int(notice["Service"]["RuntimeMaxSec"]) > int(kiosk["Unit"]["StartLimitIntervalSec"])
    assert "Restart" not in notice["Service"]


def test_every_unit_is_put_in_place_and_every_group_that_one_names_is_made() -> None:
    install = (ROOT / "script" / "install").read_text()
    assert [path.name for path in UNITS if path.name not in install] == []
    made = {line.split()[1] for line in (ROOT / "systemd" / "consigne.sysusers").read_text().splitlines() if line[:2] in {"g ", "u "}}
    for path in UNITS:
        unit = Unit(path.name)
        for key in ("User", "Group", "SupplementaryGroups", "SocketGroup"):
            assert set(" ".join(unit.every(key)).split()) <= made, (path.name, key)
