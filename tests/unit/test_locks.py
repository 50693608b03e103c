"""The lock files: every package with its hashes, one version in all of them, no host named, and no Qt or OpenCV for a city."""

import re
from pathlib import Path

import pytest

LOCKS = Path(__file__).parents[2] / "locks"
NAMES = ("kiosk", "city", "dev")


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
