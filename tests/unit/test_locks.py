"""The lock files: every package with its hashes, one version in all of them, no host named, no Qt or OpenCV for a city, and a wheel of each for
a Raspberry Pi."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "locks"
NAMES = ("kiosk", "city", "dev")
RASPBERRY_PI = {
    "platform_machine": "aarch64",
    "sys_platform": "linux",
    "python_full_version": "3.13.5",
    "python_version": "3.13",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}


def packages(name: str) -> dict[str, str]:
    """Each pinned requirement with all that stands behind it until the next one."""
    text = (LOCKS / f"{name}.txt").read_text()
    found = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found
    return {package: f"{version}{rest}" for package, version, rest in found}


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_no_host(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text()
    assert re.findall(r"\w+://|--index-url|--extra-index-url|--find-links|--trusted-host| @ ", text) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_package_of_a_lock_has_hashes(name: str) -> None:
    assert [package for package, rest in packages(name).items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_a_lock_is_a_pinned_package_a_hash_or_a_remark(name: str) -> None:
    lines = (LOCKS / f"{name}.txt").read_text().splitlines()
    allowed = re.compile(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ;.*)? \\$|    --hash=sha256:[0-9a-f]{64}( \\)?$|    #")
    assert [line for line in lines if not allowed.match(line)] == []


@pytest.mark.parametrize("name", ["kiosk", "city"])
def test_a_package_has_the_version_of_the_development_lock(name: str) -> None:
    def versions(lock: str) -> set[tuple[str, str]]:
        return {(package, rest.split()[0]) for package, rest in packages(lock).items()}

    assert versions(name) <= versions("dev")


def test_a_city_server_needs_no_screen_and_no_camera() -> None:
    city = set(packages("city"))
    assert {"fastapi", "uvicorn", "sqlalchemy", "typer"} <= city
    assert city.isdisjoint({"pyside6-essentials", "opencv-python-headless", "numpy", "pymodbus", "pyserial"})


@pytest.mark.parametrize("name", NAMES)
def test_the_build_back_end_is_locked_too(name: str) -> None:
    assert "setuptools" in packages(name)


def test_the_qt_that_loses_references_is_kept_out() -> None:
    version = packages("kiosk")["pyside6-essentials"].split()[0]
    assert (6, 8) <= tuple(int(part) for part in version.split(".")[:2]) < (6, 12)


def recorded() -> dict[str, str]:
    """The wheels that a Raspberry Pi gets, each with its hash."""
    lines = (LOCKS / "kiosk.aarch64.sha256").read_text().splitlines()
    return {wheel: digest for digest, wheel in (line.split("  ") for line in lines)}


def offered(files: dict[str, str]) -> str:
    """A pylock.toml, each file with its hash in a package of its own name and version; of source ``.tar.gz``."""
    packages: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for file, digest in files.items():
        name, version = file.removesuffix(".tar.gz").split("-")[:2]
        packages.setdefault((canonicalize_name(name), version), []).append((file, digest))
    lines = ['lock-version = "1.0"', 'created-by = "a test"']
    for (name, version), found in packages.items():
        lines += ["[[packages]]", f'name = "{name}"', f'version = "{version}"']
        for file, digest in found:
            kind = "[packages.sdist]" if file.endswith(".tar.gz") else "[[packages.wheels]]"
            lines += [kind, f"path = {json.dumps(file)}", f'hashes = {{ sha256 = "{digest}" }}']
    return "\n".join(lines)


def chosen(files: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """What script/wheels says of such an offer."""
    command = [sys.executable, str(ROOT / "script" / "wheels")]
    return subprocess.run(command, input=offered(files), capture_output=True, text=True, check=False)


def test_a_raspberry_pi_gets_a_wheel_of_each_package_of_the_lock_in_its_version() -> None:
    text = (LOCKS / "kiosk.txt").read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(?: ; (.*))? \\$", text, re.MULTILINE)
    wanted = {(name, version) for name, version, marker in pinned if not marker or Marker(marker).evaluate(RASPBERRY_PI)}
    assert {(name, str(version)) for name, version, _, _ in map(parse_wheel_filename, recorded())} == wanted


def test_the_wheels_of_a_raspberry_pi_have_hashes_of_the_lock() -> None:
    text = (LOCKS / "kiosk.txt").read_text()
    assert [wheel for wheel, digest in recorded().items() if f"--hash=sha256:{digest}" not in text] == []


def test_a_raspberry_pi_takes_each_wheel_that_is_recorded_for_it() -> None:
    told = chosen(recorded())
    assert (told.stdout, told.stderr) == ((LOCKS / "kiosk.aarch64.sha256").read_text(), "")


def test_of_several_wheels_the_most_particular_is_recorded() -> None:
    general, for_the_pi = "a-1-py3-none-any.whl", "a-1-cp313-cp313-manylinux_2_28_aarch64.whl"
    told = chosen({general: "aa", for_the_pi: "bb", "a-1-cp313-cp313-manylinux_2_28_x86_64.whl": "cc"})
    assert told.stdout == f"bb  {for_the_pi}\n"


@pytest.mark.parametrize(
    "file",
    [
        "a-1-cp313-cp313-manylinux_2_28_x86_64.whl",
        "a-1-cp312-cp312-manylinux_2_28_aarch64.whl",
        "a-1-cp313-cp313-manylinux_2_42_aarch64.whl",
        "a-1-cp313-cp313-musllinux_1_2_aarch64.whl",
        "a-1.tar.gz",
    ],
)
def test_a_package_without_a_wheel_for_a_raspberry_pi_is_refused_by_name(file: str) -> None:
    told = chosen({"b-1-py3-none-any.whl": "bb", file: "aa"})
    assert (told.returncode, told.stdout) == (1, "")
    assert "package 'a'" in told.stderr


def test_the_qt_of_the_lock_is_none_for_a_raspberry_pi_with_debian_12() -> None:
    (qt,) = (wheel for wheel in recorded() if wheel.startswith("pyside6_essentials-"))
    on_debian_12 = {f"manylinux_2_{minor}_aarch64" for minor in range(17, 37)}
    assert on_debian_12.isdisjoint(tag.platform for tag in parse_wheel_filename(qt)[3])
