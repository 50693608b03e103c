"""The system's time zone told wrongly: the kiosk needs none, and says so before a library stumbles over it."""

from pathlib import Path

import pytest

from people.command import consigne


@pytest.mark.parametrize(("zone", "typed"), [("/etc/passwd", "--help"), (".", "ledger balance"), (":/dev/null", "screenshots pictures")])
def test_a_time_zone_that_is_no_zones_file_is_told_by_every_command(tmp_path: Path, zone: str, typed: str) -> None:
    done = consigne(*typed.split(), folder=tmp_path, around=("env", f"TZ={zone}"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f'TZ is "{zone}", which is no time zone file. Use a name such as Europe/Paris, or take TZ out.\n'


@pytest.mark.parametrize("zone", ["Europe/Paris", "Nowhere/Nope", ""])
def test_a_time_zone_that_is_a_name_or_none_disturbs_no_command(tmp_path: Path, zone: str) -> None:
    assert consigne("--version", folder=tmp_path, around=("env", f"TZ={zone}")).returncode == 0
