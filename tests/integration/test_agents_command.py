"""``consigne agents`` as its user calls it, beside a kiosk or alone."""

import json
import stat
from pathlib import Path

import pytest

from config.system import AssumedClock
from kiosk.agents import Agents
from kiosk.console.roles import Role
from people.command import consigne

PIN, OTHER = "274951", "839017"
EXAMPLE = Path(__file__).parents[2] / "config/example.toml"


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    path = tmp_path / "kiosk.toml"
    example = EXAMPLE.read_text().splitlines()
    path.write_text("\n".join(f'state = "{tmp_path / "state"}"' if line.startswith("state =") else line for line in example))
    return path


def test_an_agent_is_added_listed_blocked_and_forgotten(configuration: Path) -> None:
    folder = configuration.parent
    added = consigne("agents", "add", "--name", "Camille", "--role", "desk", "--config", configuration, folder=folder, stdin=f"{PIN}\n")
    assert (added.returncode, added.stderr) == (0, "")
    assert "101" in added.stdout
    agents = Agents(folder / "state" / "kiosk.db", AssumedClock())
    assert agents.judge("101", PIN) is Role.DESK
    assert stat.S_IMODE((folder / "state" / "kiosk.db").stat().st_mode) == 0o600
    assert consigne("agents", "block", "101", "--config", configuration, folder=folder).returncode == 0
    listed = json.loads(consigne("agents", "list", "--json", "--config", configuration, folder=folder).stdout)
    assert listed == [{"number": "101", "name": "Camille", "role": "desk", "has_pin": True, "blocked": True}]
    assert consigne("agents", "unblock", "101", "--config", configuration, folder=folder).returncode == 0
    assert consigne("agents", "role", "101", "auditor", "--config", configuration, folder=folder).returncode == 0
    assert agents.judge("101", PIN) is Role.AUDITOR
    assert consigne("agents", "pin", "101", "--config", configuration, folder=folder, stdin=f"{OTHER}\n").returncode == 0
    assert agents.judge("101", OTHER) is Role.AUDITOR
    assert consigne("agents", "forget", "101", "--config", configuration, folder=folder).returncode == 0
    assert "Camille" not in consigne("agents", "list", "--config", configuration, folder=folder).stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("block", "105"), None, "There is no agent 105"),
        (("role", "105", "desk"), None, "There is no agent 105"),
        (("add", "--name", "x", "--role", "desk"), "123456\n", "PIN too simple"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(configuration: Path, arguments: tuple[str, ...], stdin: str | None, told: str) -> None:
    refused = consigne("agents", *arguments, "--config", configuration, folder=configuration.parent, stdin=stdin)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert told in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
