"""The words of the configuration's page: what is looked at, asked for, and told."""

from dataclasses import dataclass

from config.changing import Key
from kiosk.console.actions import ConsoleAction
from kiosk.console.events import ConsoleEvent


@dataclass(frozen=True, slots=True)
class Change:
    """What a key was and what it has become, each as TOML writes it. The next start reads it."""

    key: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Why a key stayed as it was. ``allowed``: as ``config.settings.Problem`` has it."""

    found: str
    allowed: str


@dataclass(frozen=True, slots=True)
class AtConfiguration:
    """``keys`` is None until the answer is there. ``picked``: the name of the key that another value is typed for; ``writing``: the file is being written;
    ``refused``: why it was not; ``changes``: those since this page was opened, the newest last."""

    keys: tuple[Key, ...] | None = None
    picked: str = ""
    writing: bool = False
    refused: NotAllowed | None = None
    changes: tuple[Change, ...] = ()

    @property
    def key(self) -> Key | None:
        return next((key for key in self.keys or () if key.name == self.picked), None)


NO_CONFIGURATION = AtConfiguration()


@dataclass(frozen=True, slots=True)
class ConfigurationEvent(ConsoleEvent):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class KeyPicked(ConfigurationEvent):
    """By its name; empty: none any more."""

    key: str


@dataclass(frozen=True, slots=True)
class ValueTyped(ConfigurationEvent):
    """For the key that was picked."""

    value: str


@dataclass(frozen=True, slots=True)
class ConfigurationTold(ConfigurationEvent):
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class KeyChanged(ConfigurationEvent):
    """The file is on the disk."""

    keys: tuple[Key, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class KeyKept(ConfigurationEvent):
    """The file has stayed as it was."""

    key: str
    why: NotAllowed


@dataclass(frozen=True, slots=True)
class ConfigurationAction(ConsoleAction):
    """Each subclass is one."""


@dataclass(frozen=True, slots=True)
class LookAtConfiguration(ConfigurationAction):
    """Comes back as ConfigurationTold, or Failed."""


@dataclass(frozen=True, slots=True)
class ChangeKey(ConfigurationAction):
    """By agent ``number``. Comes back as KeyChanged, KeyKept or Failed."""

    number: str
    key: str
    value: str
