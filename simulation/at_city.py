"""A run's own city as somebody meets it there: its address, a log-in that exists only there, and the kiosk that is made known to it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import requests

from kiosk.failures import ProcessFailed
from simulation.processes import CONSIGNE, READY_S, Folders

LOG_IN = "demo"
CITY_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class AtCity:
    """Where a city listens, and who reads there."""

    url: str
    name: str
    password: str
    cookies: dict[str, str]


def database(folders: Folders) -> str:
    return f"sqlite:///{folders.city / 'city.db'}"


def log_in(folders: Folders, url: str) -> AtCity:
    """Somebody with a log-in of this city's, made the first time and kept in the run's folder. Raises ProcessFailed, requests' errors."""
    kept = folders.city / "access.json"
    if not kept.exists():
        # a run that was ended before it kept the password has left the log-in, and nobody can say its password
        try:
            password = _staff(folders, "add", LOG_IN, "--role", "manager")
        except ProcessFailed:
            password = _staff(folders, "renew", LOG_IN)
        beside = kept.with_name(f"{kept.name}.new")
        beside.touch(0o600)
        beside.write_text(json.dumps({"name": LOG_IN, "password": password}), encoding="utf-8")
        beside.replace(kept)
    access = json.loads(kept.read_text(encoding="utf-8"))
    answer = requests.post(f"{url}/login", data=access, timeout=CITY_TIMEOUT_S, allow_redirects=False)
    answer.raise_for_status()
    return AtCity(url, **access, cookies=answer.cookies.get_dict())


def enrol(folders: Folders, kiosk: str, key: Path) -> None:
    """Makes the kiosk known to the city, as its configuration has it; once. Raises ProcessFailed."""
    if not key.exists():
        code = _said(folders, "city", "enrol", kiosk, "--database", database(folders))
        _said(folders, CONSIGNE, "sync", "enrol", code, "--config", str(folders.configuration))


def _staff(folders: Folders, *arguments: str) -> str:
    return _said(folders, "city", "staff", *arguments, "--database", database(folders))


def _said(folders: Folders, module: str, *arguments: str) -> str:
    """What a command says that ends by itself."""
    log = folders.logs / f"{arguments[0]}.log"
    with log.open("a", encoding="utf-8") as errors:
        command = [sys.executable, "-P", "-m", module, *arguments]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8", timeout=READY_S, check=False)
    if ended.returncode != 0:
        lines = log.read_text(encoding="utf-8").splitlines()
        raise ProcessFailed(arguments[0], ended.returncode, lines[-1] if lines else "", log)
    return ended.stdout.strip()
