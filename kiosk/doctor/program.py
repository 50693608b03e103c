"""The program and what it stands on: Debian's packages, the lock's, the reader's compiled loops, letters, words, the machine's encoding."""

import importlib.metadata
import re
from collections.abc import Iterator

from kiosk.doctor.machine import Finding, Machine
from kiosk.words.catalogue import choice
from recognition.codes.likelihood.library import library_path

LIBRARIES = re.compile(r"^libraries=\((.*?)^\)", re.MULTILINE | re.DOTALL)
PROGRAMS = re.compile(r"^programs=\((.*?)\)", re.MULTILINE)
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: *;[^\\]*)?", re.MULTILINE)
LETTERS = tuple(f"KioskSans{script}-{weight}.ttf" for script in ("", "Arabic") for weight in (400, 600, 700, 800))
TRUETYPE = (b"\0\1\0\0", b"OTTO", b"true")


def debian_packages(machine: Machine) -> Iterator[Finding]:
    """What ``script/bootstrap`` names: it holds the one list of them."""
    text = (machine.program / "script/bootstrap").read_text(encoding="utf-8")
    known = machine.ask(["/sbin/ldconfig", "-p"]).said
    missing = [entry.split(":")[1] for entry in _entries(LIBRARIES, text) if entry.split(":")[0] not in known]
    missing += [package for program, package in (e.split(":") for e in _entries(PROGRAMS, text)) if not _found(machine, program)]
    for package in dict.fromkeys(missing):
        yield Finding("package_missing", f"apt-get install --yes {package}", {"package": package})


def _entries(pattern: re.Pattern[str], text: str) -> list[str]:
    found = pattern.search(text)
    return [] if found is None else [entry for entry in found[1].split() if ":" in entry]


def _found(machine: Machine, program: str) -> bool:
    return any(machine.at(f"{folder}/{program}").exists() for folder in ("/usr/local/bin", "/usr/bin", "/bin"))


def python_packages(machine: Machine) -> Iterator[Finding]:
    """What is installed is what ``locks/kiosk.txt`` names; the stamp goes, or the set-up would think that nothing is to be done."""
    mend = f"rm -f {machine.prefix}/bootstrap.* && {machine.program}/script/bootstrap run"
    for line in (machine.program / "locks/kiosk.txt").read_text(encoding="utf-8").splitlines():
        locked = LOCKED.match(line)
        # what is for other machines only is not asked for
        if locked is None or ";" in line:
            continue
        try:
            found = importlib.metadata.version(locked[1])
        except importlib.metadata.PackageNotFoundError:
            found = "–"
        if found != locked[2]:
            yield Finding("python_package", mend, {"package": locked[1], "found": found, "locked": locked[2]})


def reader(machine: Machine) -> Iterator[Finding]:
    path = machine.prefix / "lib" / "consigne" / library_path().name
    if not path.exists():
        mend = f"{machine.prefix}/bin/python -m recognition.codes.likelihood.kernels"
        yield Finding("reader_not_compiled", mend, {"path": path})


def material(machine: Machine) -> Iterator[Finding]:
    """The net is loaded as the kiosk does."""
    from recognition.material import ModelUnusable, read_model

    try:
        read_model(machine.program / "recognition/weights")
    except ModelUnusable as error:
        yield Finding("no_material", machine.install, {"detail": str(error)})


def letters(machine: Machine) -> Iterator[Finding]:
    folder = machine.program / "kiosk/screens/style/fonts"
    for name in LETTERS:
        try:
            with (folder / name).open("rb") as file:
                sound = file.read(4) in TRUETYPE
        except OSError:
            sound = False
        if not sound:
            yield Finding("letters", machine.install, {"path": folder / name})


def words(machine: Machine) -> Iterator[Finding]:
    for broken in choice().broken:
        yield Finding("words", machine.install, {"detail": str(broken).splitlines()[0]})


def encoding(machine: Machine) -> Iterator[Finding]:
    """What the service manager gives its services: without a locale Python speaks UTF-8."""
    path = next((found for name in ("/etc/locale.conf", "/etc/default/locale") if (found := machine.at(name)).exists()), None)
    said = "" if path is None else path.read_text(encoding="utf-8", errors="replace")
    named = re.search(r"^\s*(?:LC_ALL|LC_CTYPE|LANG)=[\"']?([^\"'\s]*)", said, re.MULTILINE)
    if named and named[1] not in {"", "C", "POSIX"} and not re.search(r"\.utf-?8", named[1], re.IGNORECASE):
        yield Finding("encoding", f"echo LANG=C.UTF-8 > {path}", {"locale": named[1]})


def debian(machine: Machine) -> Iterator[Finding]:
    try:
        told = machine.at("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        told = ""
    version = re.search(r'^VERSION_ID="?(\d+)', told, re.MULTILINE)
    if not re.search(r"^ID(_LIKE)?=.*(debian|raspbian)", told, re.MULTILINE) or version is None or version[1] not in {"12", "13"}:
        name = re.search(r'^PRETTY_NAME="?([^"\n]*)', told, re.MULTILINE)
        yield Finding("debian", "cat /etc/os-release", {"found": name[1] if name else "–"})
