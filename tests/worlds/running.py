"""Which processes run, as /proc tells."""

from pathlib import Path


def running(folder: Path, *words: str) -> list[int]:
    """The numbers of those that were started with this folder in their arguments, and with these words."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            told = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue  # it has just ended
        if all(word in told for word in words) and any(str(folder) in word for word in told):
            found.append(int(process.name))
    return found
