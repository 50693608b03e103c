"""Where what staff and technicians take along is written."""

import os
from pathlib import Path

STICKS = ("/media", "/run/media")
"""Where Raspberry Pi OS and udisks mount a stick, one or two folders deep."""


def export_folder(otherwise: Path, mounts: tuple[str, ...] = STICKS) -> Path:
    """A stick that is in and takes writes; else the kiosk's own folder, made if need be. Raises OSError."""
    for mount in mounts:
        for folder in sorted(Path(mount).glob("*")) + sorted(Path(mount).glob("*/*")):
            if os.path.ismount(folder) and os.access(folder, os.W_OK):
                return folder
    otherwise.mkdir(mode=0o770, exist_ok=True)
    return otherwise
