"""The command line itself: version, help with examples, and the language that commands speak."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from city.cli import app as city
from commands.cli import app as kiosk
from commands.language import asked_for
from drivers.twin.mechanics import PROFILES


def each(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    """A command and all below it, with the words that call each."""
    yield words, command
    for word, part in getattr(command, "commands", {}).items():
        yield from each(f"{words} {word}", part)


COMMANDS = dict([*each("consigne", get_command(kiosk)), *each("consigne-city", get_command(city))])


@pytest.mark.parametrize(("name", "program"), [("consigne", kiosk), ("consigne-city", city)])
def test_the_version_is_told_and_nothing_else(name: str, program: typer.Typer) -> None:
    told = CliRunner().invoke(program, ["--version"])
    assert (told.exit_code, told.output) == (0, f"{name} {version('consigne')}\n")


@pytest.mark.parametrize("called", COMMANDS)
def test_every_help_ends_with_examples_that_name_commands_and_options_there_are(called: str) -> None:
    help_words, *examples = (COMMANDS[called].epilog or "").split("\n\n")
    assert "xample" in help_words
    assert examples
    for example in examples:
        words = [word for word in example.split() if not word.startswith("'")]
        command = max((known for known in COMMANDS if example.startswith(known)), key=len)
        options = {option for parameter in COMMANDS[command].params for option in parameter.opts} | {"--help"}
        assert called in example
        assert {word for word in words if word.startswith("--")} <= options, example


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"CONSIGNE_LANG": "en"}, "en"),
        ({"CONSIGNE_LANG": "EN"}, "en"),
        ({"CONSIGNE_LANG": "fr_FR.UTF-8", "LANG": "en_US.UTF-8"}, "fr"),
        ({"CONSIGNE_LANG": "en-GB"}, "en"),
        ({"CONSIGNE_LANG": "de"}, "fr"),
        ({"CONSIGNE_LANG": "de", "LANG": "en_US.UTF-8"}, "en"),
        ({"CONSIGNE_LANG": "\udce9 ?", "LANG": "C.UTF-8"}, "fr"),
        ({"CONSIGNE_LANG": "ar"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro"}, "fr"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "de:en_GB:fr"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "POSIX"}, "fr"),
    ],
)
def test_commands_speak_the_first_language_asked_for_that_they_know(environment: dict[str, str], language: str) -> None:
    assert asked_for(environment) == language


@pytest.mark.parametrize("called", ["consigne simulate", "consigne twin"])
def test_the_help_of_the_simulated_mechanics_names_every_profile(called: str) -> None:
    (mechanics,) = (parameter for parameter in COMMANDS[called].params if parameter.name == "mechanics")
    assert mechanics.help == " | ".join(PROFILES)
