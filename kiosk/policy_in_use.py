"""Which policy this start is judged by. A file that cannot be used takes nothing away: the one before it stays in use, and the reason is told."""

from dataclasses import replace
from pathlib import Path

from config.settings import Recognition
from recognition.policies import PolicyUnusable, policy_of, read_policy
from recognition.policy import Policy


def policy_in_use(settings: Recognition, kept: Path, demonstration: bool) -> tuple[Policy, PolicyUnusable | None]:
    """The policy, and why the configured file is not it. ``kept``: the last one that was used, which is replaced once another is. Raises OSError where that cannot be written."""
    if not settings.policy_file:
        return policy_of(settings, demonstration), None
    configured = Path(settings.policy_file)
    try:
        policy = read_policy(configured)
    except PolicyUnusable as error:
        return _before(settings, kept, demonstration), error
    text = configured.read_bytes()
    if not kept.is_file() or kept.read_bytes() != text:
        fresh = kept.with_suffix(".new")
        fresh.write_bytes(text)
        fresh.replace(kept)
    return replace(policy, refuses_demonstration=not demonstration), None


def _before(settings: Recognition, kept: Path, demonstration: bool) -> Policy:
    """The file's last good text, else what came with the program."""
    try:
        return replace(read_policy(kept), refuses_demonstration=not demonstration)
    except PolicyUnusable:
        return policy_of(settings, demonstration)
