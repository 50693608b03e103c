"""A city's own policy in a file: taken whole, or the one before it stays in use and the reason is told."""

from pathlib import Path

import pytest

from config.settings import Recognition
from kiosk.policy_in_use import policy_in_use
from recognition.policies import EVERY_VOTE, PolicyOfAnotherVersion, PolicyWrong


def mine(path: Path, *changes: tuple[str, str]) -> Recognition:
    text = EVERY_VOTE.read_text(encoding="utf-8").replace("every-vote-2", "mine-7")
    for said, instead in changes:
        assert said in text
        text = text.replace(said, instead, 1)
    path.write_text(text, encoding="utf-8")
    return Recognition(policy_file=str(path))


def test_a_policy_of_ones_own_is_used_under_its_name(tmp_path: Path) -> None:
    settings = mine(tmp_path / "mine.toml", ("most = 24", "most = 6"))
    policy, why_not = policy_in_use(settings, tmp_path / "policy.toml", demonstration=True)
    assert why_not is None
    assert policy.repeats is not None
    assert (policy.name, policy.repeats.most, policy.refuses_demonstration) == ("mine-7", 6, False)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("version = 1", "version = 2"), PolicyOfAnotherVersion),
        (("alike_g = 1", 'alike_g = "one"'), PolicyWrong),
        (("[shape]", "[shape"), PolicyWrong),
    ],
)
def test_a_file_that_cannot_be_used_leaves_the_one_before_in_use(tmp_path: Path, change: tuple[str, str], error: type[Exception]) -> None:
    path, kept = tmp_path / "mine.toml", tmp_path / "policy.toml"
    policy_in_use(mine(path, ("most = 24", "most = 6")), kept, demonstration=False)
    policy, why_not = policy_in_use(mine(path, change), kept, demonstration=False)
    assert policy.repeats is not None
    assert (policy.name, policy.repeats.most) == ("mine-7", 6)
    assert type(why_not) is error


def test_without_one_before_it_the_named_policy_is_used_and_the_reason_told(tmp_path: Path) -> None:
    settings = Recognition(policy="every-vote", policy_file=str(tmp_path / "gone.toml"))
    policy, why_not = policy_in_use(settings, tmp_path / "policy.toml", demonstration=False)
    assert (policy.name, type(why_not)) == ("every-vote-2", PolicyWrong)
