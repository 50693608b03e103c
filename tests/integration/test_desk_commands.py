"""``consigne voucher show|pay`` and ``consigne ledger close`` on a real ledger: once, by an agent of the desk's, and never beside a running kiosk."""

import json
import subprocess
from pathlib import Path

import pytest

from commands.cli import main
from config.clock import PARIS
from config.settings import Settings
from config.state import Files
from config.system import AssumedClock
from kiosk.agents import Agents, Cost
from kiosk.console.roles import Role
from ledger.database import reading
from ledger.verify import verify
from ledger.vocabulary import Cause, LedgerExists
from money.ledgers import Kiosk, LedgerIn
from people.command import consigne
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    """Yesterday by the machine's clock, which the commands ask."""
    (tmp_path / "kiosk").mkdir()
    yesterday = FakeClock(AssumedClock().now().utc.astimezone(PARIS).replace(hour=1))
    yesterday.advance(-24 * 3600)
    agents = Agents(Files(tmp_path / "kiosk").kiosk, yesterday, Cost(8, 1, 1))
    for role in (Role.DESK, Role.AUDITOR):
        agents.add("somebody", role, "271828")
    (tmp_path / "kiosk.toml").write_text(
        '[kiosk]\nid = "essai-01"\nstate = "kiosk"\n[intake]\nport = "none"\n[camera]\nsource = "none"\n'
        '[reward]\nvoucher_page = "https://consigne.example/bon"\n[city]\nurl = "http://127.0.0.1:9"\n'
    )
    return ledger_in(tmp_path / "kiosk", clock=yesterday)


def typed(kiosk: Kiosk, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return consigne(*arguments, "--config", kiosk.path.parent.parent / "kiosk.toml", folder=kiosk.path.parent)


def test_a_voucher_is_shown_paid_once_and_then_told_as_paid(kiosk: Kiosk) -> None:
    kept = kiosk.journal.issue_voucher(kiosk.visit_of(3), Cause.KEPT, kiosk.now())
    kiosk.journal.close()
    shown = typed(kiosk, "voucher", "show", kept.code)
    assert (shown.returncode, shown.stderr, "€0.60" in shown.stdout, "It is to be paid." in shown.stdout) == (0, "", True, True)
    paid = typed(kiosk, "voucher", "pay", kept.link, "--agent", "101", "--json")
    assert (paid.returncode, json.loads(paid.stdout)["amount"]) == (0, 60)
    again = typed(kiosk, "voucher", "pay", kept.code, "--agent", "101")
    assert (again.returncode, again.stdout, "was paid before" in again.stderr, "agent 101" in again.stderr) == (1, "", True, True)
    told = typed(kiosk, "voucher", "show", kept.code, "--json")
    assert (told.returncode, json.loads(told.stdout)["refusal"]) == (1, "paid")
    assert kiosk.findings() == []


@pytest.mark.parametrize("agent", ["102", "103", "desk"])
def test_who_is_no_agent_of_the_desk_pays_nothing(kiosk: Kiosk, agent: str) -> None:
    """An auditor, nobody, and a word."""
    kept = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    kiosk.journal.close()
    refused = typed(kiosk, "voucher", "pay", kept.code, "--agent", agent)
    assert (refused.returncode, refused.stdout, agent in refused.stderr) == (2, "", True)
    with reading(kiosk.path) as connection:
        assert list(verify(connection)) == []


def test_beside_a_running_kiosk_nothing_is_paid_or_closed_and_its_console_is_named(kiosk: Kiosk) -> None:
    kept = kiosk.journal.issue_voucher(kiosk.visit_of(1), Cause.KEPT, kiosk.now())
    for command in (("voucher", "pay", kept.code, "--agent", "101"), ("ledger", "close")):
        refused = typed(kiosk, *command)
        assert (refused.returncode, refused.stdout) == (3, "")
        assert "console" in refused.stderr
        assert "the kiosk, process" in refused.stderr
    assert typed(kiosk, "voucher", "show", kept.code).returncode == 0


def test_days_that_have_ended_are_closed_once(kiosk: Kiosk) -> None:
    kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())
    kiosk.journal.close()
    closed = typed(kiosk, "ledger", "close")
    assert (closed.returncode, closed.stderr, "rows 1 to" in closed.stdout) == (0, "", True)
    again = typed(kiosk, "ledger", "close", "--json")
    assert (again.returncode, json.loads(again.stdout)) == (0, [])
    assert kiosk.findings() == []


def test_a_ledger_that_was_restored_from_a_copy_is_begun_as_such(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    def remember(_settings: Settings, *others: object) -> None:
        asked.append(others)
        raise LedgerExists("ledger.db")

    monkeypatch.setattr("kiosk.begin.begin_ledger", remember)
    config = str(kiosk.path.parent.parent / "kiosk.toml")
    for options in ([], ["--succeeding", "--restored"]):
        monkeypatch.setattr("sys.argv", ["consigne", "ledger", "begin", "--by", "a", "--why", "b", "--config", config, *options])
        with pytest.raises(SystemExit):
            main()
    assert asked == [("a", "b", False, None, False), ("a", "b", True, None, True)]
