"""A run's own city, and what an earlier run of the same folder left there."""

from pathlib import Path

import pytest

from simulation.launcher import start_city
from simulation.processes import Folders, Processes


@pytest.mark.parametrize("left", ["nothing", "a log-in whose password was not kept"])
def test_a_run_logs_in_at_its_city_whatever_an_ended_run_left(tmp_path: Path, left: str) -> None:
    folders = Folders(tmp_path)
    folders.make()
    with Processes(folders) as processes:
        first = start_city(processes, folders)
    if left != "nothing":
        (folders.city / "access.json").unlink()
    with Processes(folders) as processes:
        second = start_city(processes, folders)
    assert first.cookies
    assert second.cookies
    assert (first.password == second.password) == (left == "nothing")
