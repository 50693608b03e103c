"""The configuration as a technician at the glass reads and changes it. ``config/changing.py`` does it to the file; nothing of a running kiosk changes before its next start."""

from pathlib import Path

from config.changing import NotSafe, ValueRefused, change, keys_of, value_of
from config.files import Trouble, trouble_of
from config.told import WrongUse
from kiosk.console.configuring.vocabulary import (
    Change,
    ChangeKey,
    ConfigurationAction,
    ConfigurationTold,
    KeyChanged,
    KeyKept,
    NotAllowed,
)
from kiosk.console.denials import FileFails, NotTheirs
from kiosk.console.events import ConsoleEvent, Failed


def configured(path: Path | None, action: ConfigurationAction) -> ConsoleEvent:
    """What came of an action on the file at ``path``, None where the kiosk was given its settings without one."""
    if path is None:
        return Failed(FileFails(Trouble.MISSING))
    try:
        return _changed(path, action) if isinstance(action, ChangeKey) else ConfigurationTold(keys_of(path))
    except NotSafe:
        return Failed(NotTheirs())
    except OSError as error:
        return Failed(FileFails(trouble_of(error)))
    except WrongUse:
        # somebody edits the file, and has not got it right yet
        return Failed(FileFails(Trouble.DAMAGED))


def _changed(path: Path, asked: ChangeKey) -> ConsoleEvent:
    """Raises NotSafe, OSError, and what ``load`` raises."""
    before = value_of(path, asked.key)
    try:
        change(path, asked.key, asked.value)
    except ValueRefused as refused:
        return KeyKept(asked.key, NotAllowed(refused.found, refused.allowed))
    return KeyChanged(keys_of(path), Change(asked.key, before, value_of(path, asked.key)))
