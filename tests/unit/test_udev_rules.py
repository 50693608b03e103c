"""The udev rules that give intake and camera their stable names: well formed, and of one mind with the configuration and the driver's README."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = ROOT / "systemd" / "70-consigne.rules"
PORT, CAMERA = "consigne-intake", "consigne-camera"
TERM = re.compile(r'(?P<key>[A-Z_]+)(?:\{(?P<attribute>[A-Za-z_]+)\})?(?P<operator>==|!=|\+=|:=|=)"(?P<value>[^"]*)"')
MATCHES = {"ACTION", "SUBSYSTEM", "SUBSYSTEMS", "DRIVER", "ATTRS"}
"""Keys of ``udev(7)`` that these rules match with; ENV, GROUP, MODE and SYMLINK are set, ATTR may be either."""

Rule = dict[tuple[str, str | None], tuple[str, str]]


def rules() -> list[Rule]:
    """Each rule's terms, (key, attribute) -> (operator, value); a line that is not made of terms fails."""
    found = []
    for line in RULES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            terms = [TERM.fullmatch(part) for part in re.split(r",\s*", line)]
            assert None not in terms, line
            found.append({(term["key"], term["attribute"]): (term["operator"], term["value"]) for term in terms if term})
    return found


def test_every_term_matches_or_sets_as_its_key_can() -> None:
    for rule in rules():
        for (key, _), (operator, _) in rule.items():
            if key == "ATTR":
                continue
            assert operator in ({"==", "!="} if key in MATCHES else {"=", "+="}), (key, operator)


def named(name: str) -> Rule:
    (rule,) = [rule for rule in rules() if rule.get(("SYMLINK", None)) == ("+=", name)]
    return rule


def test_the_port_has_its_name_its_group_and_no_modem_manager() -> None:
    port = named(PORT)

    assert port["SUBSYSTEM", None] == ("==", "tty")
    assert (port["GROUP", None], port["MODE", None]) == (("=", "consigne"), ("=", "0660"))
    assert port["ENV", "ID_MM_DEVICE_IGNORE"] == ("=", "1")


def test_the_camera_has_its_name_and_group_and_of_its_nodes_the_one_with_pictures() -> None:
    camera = named(CAMERA)

    assert camera["SUBSYSTEM", None] == ("==", "video4linux")
    assert camera["ATTR", "index"] == ("==", "0")
    assert (camera["GROUP", None], camera["MODE", None]) == (("=", "consigne"), ("=", "0660"))
    assert camera["ATTRS", "serial"] == ("==", "TO-FILL-IN")


def test_both_rules_of_the_adapter_mean_the_same_and_none_until_it_is_filled_in() -> None:
    of_adapter = [rule for rule in rules() if rule != named(CAMERA)]
    adapters = [{attribute: value for (key, attribute), (_, value) in rule.items() if key == "ATTRS"} for rule in of_adapter]

    assert len(adapters) == 2
    assert adapters[0] == adapters[1]
    assert set(adapters[0]) == {"idVendor", "idProduct", "serial"}
    assert adapters[0]["serial"] == "TO-FILL-IN"


def test_the_example_of_a_configuration_and_the_readme_use_the_name() -> None:
    settings = tomllib.loads((ROOT / "config" / "example.toml").read_text(encoding="utf-8"))

    readme = (ROOT / "drivers" / "README.md").read_text(encoding="utf-8")
    for section, key, name in (("intake", "port", PORT), ("camera", "source", CAMERA)):
        assert settings[section][key] == f"/dev/{name}"
        assert f"/dev/{name}" in readme


def can_verify() -> bool:
    """udevadm has had ``verify`` since systemd 254 (Debian 13)."""
    if shutil.which("udevadm") is None:
        return False
    return subprocess.run(["udevadm", "verify", "--help"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_verify(), reason="this machine's udevadm, if it has one, knows no verify")
def test_udevadm_finds_nothing_wrong() -> None:
    found = subprocess.run(["udevadm", "verify", "--resolve-names=never", str(RULES)], capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout + found.stderr
