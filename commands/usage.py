"""What was typed wrongly, as one sentence that names it and says what is possible.

Typer raises such errors with English texts of its own; here only their facts are taken. What it lets pass is refused before a command runs: an
empty value (an empty path is the present folder), spaces alone, and an option that was given twice (the last would win).
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

# typer keeps these types to itself, and no other name of theirs is public
from typer._click.exceptions import BadOptionUsage, BadParameter, ClickException, MissingParameter, NoArgsIsHelpError, NoSuchOption

from config.told import WrongUse

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words

__all__ = ["ClickException", "EmptyValue", "GivenTwice", "Needs", "NoArgsIsHelpError", "WrongValue", "WronglyTyped", "refuse", "tell_usage"]


class WronglyTyped(WrongUse):
    """What Typer cannot see."""


class WrongValue(WronglyTyped):
    """``allowed`` are the values, as they are typed."""

    def __init__(self, option: str, found: str, allowed: str) -> None:
        super().__init__(f"{option} is {found}, allowed: {allowed}")
        self.option = option
        self.found = found
        self.allowed = allowed


class Needs(WronglyTyped):
    """An option that means nothing without another one."""

    def __init__(self, option: str, other: str) -> None:
        super().__init__(f"{option} without {other}")
        self.option = option
        self.other = other


class EmptyValue(WronglyTyped):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is empty")
        self.name = name


class GivenTwice(WronglyTyped):
    def __init__(self, option: str) -> None:
        super().__init__(f"{option} is given twice")
        self.option = option


def refuse(app: typer.Typer, typed: Sequence[str]) -> None:
    """Raises EmptyValue, GivenTwice."""
    _, command = _command(app, typed)
    options = {name: parameter for parameter in command.params for name in parameter.opts if name.startswith("-")}
    given: set[str] = set()
    before = ""
    for word in typed:
        option, equals, value = word.partition("=")
        valued = option in options and not getattr(options[option], "is_flag", False)
        if not word.strip() or (valued and equals and not value.strip()):
            raise EmptyValue(option.strip() or (before if _takes_value(options, before) else repr(word)))
        if valued and not _takes_value(options, before):
            if option in given and not options[option].multiple:
                raise GivenTwice(option)
            given.add(option)
        before = word


def _takes_value(options: dict[str, Any], word: str) -> bool:
    return word in options and not options[word].is_flag


def _command(app: typer.Typer, typed: Sequence[str]) -> tuple[str, Any]:
    """The command that was typed, as far as its words are known: its whole name, and Typer's description of it."""
    command: Any = typer.main.get_command(app)
    name = "consigne"
    for word in typed:
        found = getattr(command, "commands", {}).get(word)
        if found is None:
            break
        command, name = found, f"{name} {word}"
    return name, command


def tell_usage(error: ClickException | WronglyTyped, app: typer.Typer, typed: Sequence[str], words: "Words") -> str:
    """One sentence: what is wrong with what was typed, and what is possible."""
    name, command = _command(app, typed)
    see = f"{name} --help"
    match error:
        case WrongValue():
            return words.text("usage.wrong", option=error.option, found=error.found, allowed=error.allowed)
        case Needs():
            return words.text("usage.needs", option=error.option, other=error.other)
        case EmptyValue():
            return words.text("usage.empty", option=error.name, help=see)
        case GivenTwice():
            return words.text("usage.twice", option=error.option, help=see)
        case NoSuchOption(possibilities=[near, *_]):
            return words.text("usage.option_near", option=error.option_name, near=near, help=see)
        case NoSuchOption():
            return words.text("usage.option", option=error.option_name, help=see)
        case BadOptionUsage():
            flag = any(error.option_name in parameter.opts and parameter.is_flag for parameter in command.params)
            return words.text("usage.value" if flag else "usage.no_value", option=error.option_name, help=see)
        case MissingParameter():
            return words.text("usage.missing", missing=", ".join(_missing(command, typed)) or str(error), help=see)
        case BadParameter() if error.param is not None:
            return _wrong_value(error, words)
        case _:
            return _other(str(error), command, see, words)


def _missing(command: Any, typed: Sequence[str]) -> Iterator[str]:
    """All that is required and not there: of what stands without a name, the first to be missed is all that is left."""
    for parameter in command.params:
        given = any(word.partition("=")[0] in parameter.opts for word in typed)
        if parameter.required and not given:
            yield parameter.opts[0] if parameter.opts[0].startswith("-") else _argument(parameter)


def _argument(parameter: Any) -> str:
    choices = parameter.type_descriptor.choices
    return "|".join(map(_as_typed, choices)) if choices else str(parameter.metavar or parameter.name.upper())


def _wrong_value(error: BadParameter, words: "Words") -> str:
    parameter: Any = error.param
    cause: Any = error.__cause__
    details = cause.errors() if hasattr(cause, "errors") else []
    found = details[0]["input"] if details else error.message
    name = parameter.opts[0] if parameter.opts[0].startswith("-") else str(parameter.metavar or parameter.name.upper())
    return words.text("usage.wrong", option=name, found=found, allowed=_allowed(parameter, words))


def _allowed(parameter: Any, words: "Words") -> str:
    kind = parameter.type_descriptor
    low, high = parameter.min, parameter.max
    match kind:
        case _ if kind.choices:
            return ", ".join(map(_as_typed, kind.choices))
        case _ if low is not None and high is not None:
            return words.text("type.range", low=low, high=high)
        case _ if low is not None:
            return words.text("type.least", low=low)
        case _ if "int" in str(kind.annotation):
            return words.text("type.integer")
        case _ if "float" in str(kind.annotation):
            return words.text("type.number")
        case _:
            return words.text("type.value")


def _as_typed(choice: Any) -> str:
    return str(getattr(choice, "value", choice))


def _other(message: str, command: Any, see: str, words: "Words") -> str:
    """A command that is not there, or a word too many: Typer has a text for each, and no type."""
    if no_command := re.match(r"No such command '(.*?)'\.", message):
        return words.text("usage.command", found=no_command[1], known=", ".join(command.commands))
    if too_much := re.fullmatch(r"Got unexpected extra argument\(s\) \((.*)\)", message):
        return words.text("usage.extra", found=too_much[1], help=see)
    return words.text("usage.other", detail=message, help=see)
