"""script/bootstrap in a folder of its own, on a PATH that holds only what a test allows: what it installs, what it skips, and what it says."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from timing import patient

ROOT = Path(__file__).parents[2]
KERNELS = "recognition/codes/likelihood/kernels.c"
TOOLS = (
    *("bash", "cat", "chmod", "dirname", "env", "find", "grep", "mkdir", "readlink", "rm", "sed", "sha256sum", "sort", "tail", "test"),
    *("tr", "wc"),
)
LIBRARIES = (
    "libGL.so.1 libEGL.so.1 libglib-2.0.so.0 libfontconfig.so.1 libxkbcommon.so.0 libzbar.so.0 "
    "libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-image.so.0 libxcb-keysyms.so.1 libxcb-shape.so.0 libxkbcommon-x11.so.0"
)

PYTHON = """#!/bin/sh
echo "$*" >>"{calls}"
case "$*" in
*"-m venv"*) mkdir -p .venv/bin && cat "$0" >.venv/bin/python && chmod +x .venv/bin/python ;;
*base_prefix*) echo here ;;
esac
"""


SLOW_PIP = """case "$*" in *--require-hashes*)
    echo "Collecting alembic==1.20.1 (from -r locks/kiosk.txt (line 3))"
    echo "  Downloading alembic-1.20.1-py3-none-any.whl (270 kB)"
    echo "  Downloading numpy-2.5.5-cp313-cp313-manylinux_2_28_x86_64.whl.metadata (5 kB)"
    echo "  Downloading numpy-2.5.5-cp313-cp313-manylinux_2_28_x86_64.whl (15.7 MB)"
    until grep -q "fetching 2 of" {told}; do /bin/sleep 0.1; done ;;
esac
"""

APT = """0 upgraded, 81 newly installed, 0 to remove and 0 not upgraded.
Need to get 64.1 MB of archives.
Get:1 http://deb.debian.org/debian trixie/main amd64 libpython3.13-minimal amd64 3.13.5-2+deb13u5 [863 kB]
"""


@dataclass
class Machine:
    """A machine with a copy of what bootstrap reads, an interpreter that only notes what is asked of it, every library, aplay and a compiler."""

    root: Path
    bin: Path
    calls: Path

    def program(self, name: str, text: str) -> None:
        # what stands there may be a link to the machine's own program
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def bootstrap(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.script("bootstrap", *arguments, **environment)

    def script(self, name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "script" / name, *arguments],
            env={"PATH": str(self.bin), "HOME": str(self.root), **environment},
            capture_output=True,
            text=True,
            timeout=patient(100),
            check=False,
        )

    def asked(self) -> list[str]:
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "checkout", tmp_path / "bin", tmp_path / "calls")
    made.bin.mkdir()
    shutil.copytree(ROOT / "script", made.root / "script")
    shutil.copytree(ROOT / "locks", made.root / "locks")
    shutil.copy(ROOT / "pyproject.toml", made.root)
    (made.root / KERNELS).parent.mkdir(parents=True)
    shutil.copy(ROOT / KERNELS, made.root / KERNELS)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (made.bin / tool).symlink_to(found)
    made.program("ldconfig", f"#!/bin/sh\necho {LIBRARIES}\n")
    made.program("id", "#!/bin/sh\necho 0\n")
    made.program("stat", "#!/bin/sh\necho 0\n")
    made.program("python3", PYTHON.format(calls=made.calls))
    made.program("aplay", "#!/bin/sh\n")
    made.program("gcc", "#!/bin/sh\n")
    return made


def without_libraries(machine: Machine) -> None:
    machine.program("ldconfig", "#!/bin/sh\n")


def test_the_environment_the_locked_packages_and_the_project_are_installed(machine: Machine) -> None:
    done = machine.bootstrap("dev")
    assert done.returncode == 0, done.stderr
    asked = "\n".join(machine.asked())
    assert "-m venv" in asked
    assert "install --require-hashes -r locks/dev.txt" in asked
    assert "install --no-deps --no-build-isolation --editable ." in asked
    assert "-m compileall" in asked


def test_to_run_it_takes_the_packages_of_kiosk_and_city(machine: Machine) -> None:
    machine.bootstrap()
    assert "--require-hashes -r locks/kiosk.txt -r locks/city.txt" in "\n".join(machine.asked())


def test_a_second_start_asks_nothing_of_the_interpreter_and_says_nothing(machine: Machine) -> None:
    machine.bootstrap("run")
    machine.asked()
    again = machine.bootstrap("run")
    assert (again.returncode, again.stderr, machine.asked()) == (0, "", [])


def test_what_is_enough_to_develop_is_enough_to_run(machine: Machine) -> None:
    machine.bootstrap("dev")
    machine.asked()
    assert machine.bootstrap("run").returncode == 0
    assert machine.asked() == []


def test_what_is_enough_to_run_is_not_enough_to_develop(machine: Machine) -> None:
    machine.bootstrap("run")
    machine.asked()
    machine.bootstrap("dev")
    assert "-r locks/dev.txt" in "\n".join(machine.asked())


@pytest.mark.parametrize("file", ["locks/kiosk.txt", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_anew(machine: Machine, file: str) -> None:
    machine.bootstrap("run")
    machine.asked()
    with (machine.root / file).open("a") as changed:
        changed.write("# changed\n")
    machine.bootstrap("run")
    asked = "\n".join(machine.asked())
    assert "--require-hashes" in asked
    assert "-m venv .venv" in asked, "the environment itself is kept"


def test_an_installation_that_failed_is_tried_again(machine: Machine) -> None:
    machine.program("python3", PYTHON.format(calls=machine.calls) + 'case "$*" in *" install "*) exit 1 ;; esac\n')
    failed = machine.bootstrap("run")
    assert failed.returncode == 3
    assert "pip could not install" in failed.stderr
    machine.program("python3", PYTHON.format(calls=machine.calls))
    machine.asked()
    assert machine.bootstrap("run").returncode == 0
    assert "--require-hashes" in "\n".join(machine.asked())


def test_an_environment_of_another_interpreter_is_made_anew(machine: Machine) -> None:
    machine.bootstrap("run")
    machine.program("python3", PYTHON.format(calls=machine.calls).replace("echo here", "echo there"))
    with (machine.root / "pyproject.toml").open("a") as changed:
        changed.write("# changed\n")
    machine.asked()
    machine.bootstrap("run")
    assert "-m venv --clear .venv" in "\n".join(machine.asked())


def test_for_all_tests_the_programs_they_are_held_against_are_installed_too(machine: Machine) -> None:
    machine.program("apt-get", f'#!/bin/sh\necho "apt-get $*" >>"{machine.calls}"\n')
    machine.program("strace", "#!/bin/sh\n")
    assert machine.bootstrap("all").returncode == 0
    installs = [line for line in machine.asked() if line.startswith("apt-get") and " install " in line]
    (packages,) = (line.partition("--no-install-recommends ")[2].split() for line in installs)
    assert packages[:4] == ["hledger", "mbpoll", "nodejs", "npm"]
    assert set(packages[4:]) <= {"chromium", "chromium-driver", "libc6-dev", "libmodbus-dev", "postgresql"}, (
        "a browser, headers and a server, where this machine has none"
    )


def test_missing_libraries_are_installed_by_apt(machine: Machine) -> None:
    without_libraries(machine)
    machine.program("apt-get", f'#!/bin/sh\necho "apt-get $*" >>"{machine.calls}"\n')
    assert machine.bootstrap("run").returncode == 0
    installs = [line for line in machine.asked() if line.startswith("apt-get") and " install " in line]
    assert len(installs) == 1
    assert "libgl1 libegl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libzbar0" in installs[0]


def test_what_plays_the_sounds_is_installed_to_run_the_kiosk(machine: Machine) -> None:
    (machine.bin / "aplay").unlink()
    machine.program("apt-get", f'#!/bin/sh\necho "apt-get $*" >>"{machine.calls}"\n')
    assert machine.bootstrap("run").returncode == 0
    assert any(line.endswith("--no-install-recommends alsa-utils") for line in machine.asked())


def test_a_library_that_went_missing_since_is_installed_again(machine: Machine) -> None:
    machine.bootstrap("run")
    machine.program("ldconfig", f"#!/bin/sh\necho {LIBRARIES.replace('libEGL.so.1 ', '')}\n")
    machine.program("apt-get", f'#!/bin/sh\necho "apt-get $*" >>"{machine.calls}"\n')
    assert machine.bootstrap("run").returncode == 0
    assert any(line.endswith("--no-install-recommends libegl1") for line in machine.asked())


def test_a_machine_without_apt_is_told_which_packages_are_needed(machine: Machine) -> None:
    without_libraries(machine)
    done = machine.bootstrap()
    assert done.returncode == 3
    assert "no apt" in done.stderr
    assert "libzbar0" in done.stderr


def test_without_root_and_sudo_the_command_for_root_is_told(machine: Machine) -> None:
    without_libraries(machine)
    machine.program("apt-get", "#!/bin/sh\n")
    machine.program("id", "#!/bin/sh\necho 1000\n")
    done = machine.bootstrap()
    assert done.returncode == 3
    assert "neither root nor sudo" in done.stderr
    assert "apt-get install libgl1" in done.stderr


def test_a_sudo_that_refuses_is_told(machine: Machine) -> None:
    without_libraries(machine)
    machine.program("apt-get", "#!/bin/sh\n")
    machine.program("id", "#!/bin/sh\necho 1000\n")
    machine.program("sudo", "#!/bin/sh\nexit 1\n")
    done = machine.bootstrap()
    assert done.returncode == 3
    assert "sudo refused" in done.stderr


def test_an_apt_that_fails_is_told_with_its_last_words(machine: Machine) -> None:
    without_libraries(machine)
    machine.program("apt-get", "#!/bin/sh\necho E: nothing resolves\nexit 100\n")
    done = machine.bootstrap()
    assert done.returncode == 3
    assert "package mirror" in done.stderr
    assert "E: nothing resolves" in done.stderr


def test_a_python_of_another_age_is_told(machine: Machine) -> None:
    machine.program("python3", '#!/bin/sh\ncase "$*" in --version) echo Python 3.9.2 ;; *version_info*) exit 1 ;; esac\n')
    done = machine.bootstrap()
    assert done.returncode == 3
    assert "Python 3.9.2 is here; the kiosk needs 3.11, 3.12 or 3.13" in done.stderr


def test_what_apt_fetches_is_told_with_number_and_size_before_it_starts(machine: Machine) -> None:
    without_libraries(machine)
    machine.program("apt-get", f"#!/bin/sh\ncat <<'SAID'\n{APT}SAID\n")
    told = machine.bootstrap("run").stderr
    assert "up to 300 MB are fetched" in told
    assert told.index("with what they need: 81 packages") < told.index("64.1 MB to fetch") < told.index("Making the environment")


def test_a_long_silence_is_broken_by_what_is_being_fetched_and_for_how_long(machine: Machine, tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = machine.root / "script/bootstrap"
    script.write_text(script.read_text().replace("every_s=10 ", "every_s=1 "))
    machine.program("python3", PYTHON.format(calls=machine.calls) + SLOW_PIP.format(told=told))
    with told.open("w") as stream:
        subprocess.run([script], env={"PATH": str(machine.bin), "HOME": str(machine.root)}, stderr=stream, timeout=patient(100), check=True)
    assert re.search(r"^  \d:\d\d  fetching 2 of \d+: numpy-2\.5\.5 \(15\.7 MB\)$", told.read_text(), re.MULTILINE)


def test_all_that_the_installers_say_is_in_the_log(machine: Machine) -> None:
    without_libraries(machine)
    machine.program("apt-get", f"#!/bin/sh\ncat <<'SAID'\n{APT}SAID\nprintf 'half a line'\n")
    machine.bootstrap("run")
    assert (machine.root / "var/bootstrap.log").read_text().count(APT + "half a line") == 2


def test_what_somebody_else_made_in_the_checkout_is_named_with_how_to_get_it(machine: Machine) -> None:
    machine.program("find", "#!/bin/sh\necho ./.venv/bin\n")
    machine.program("id", '#!/bin/sh\n[ "$1" = -un ] && echo keeper || echo 1000\n')
    machine.program("stat", "#!/bin/sh\necho root\n")
    done = machine.bootstrap("run")
    assert done.returncode == 3
    assert done.stderr == f"{machine.root}/.venv/bin belongs to root. Make this checkout yours, as root: chown -R keeper: {machine.root}\n"


def test_started_by_root_all_but_system_packages_is_done_by_the_owner_of_the_checkout(machine: Machine) -> None:
    without_libraries(machine)
    machine.program("stat", "#!/bin/sh\necho 1234\n")
    machine.program("id", '#!/bin/sh\n[ "$1" = -un ] && echo keeper || echo 0\n')
    machine.program("getent", "#!/bin/sh\necho keeper:x:1234:1234::/home/keeper:/bin/sh\n")
    (machine.bin / "cut").symlink_to("/usr/bin/cut")
    machine.program("chown", "#!/bin/sh\n")
    machine.program("setpriv", f'#!/bin/sh\necho "$1 $2 $3 HOME=$HOME" >>{machine.calls}\nshift 4\nexec "$@"\n')
    machine.program("apt-get", f'#!/bin/sh\necho "apt-get as root" >>"{machine.calls}"\n')
    assert machine.bootstrap("run").returncode == 0
    asked = machine.asked()
    as_owner = "--reuid=1234 --regid=1234 --init-groups HOME=/home/keeper"
    done_by_owner = [after for before, after in pairwise(asked) if before == as_owner]
    assert all(
        any(part in line for line in done_by_owner) for part in ("-m venv", "install --require-hashes", "--editable .", "-m compileall")
    )
    assert "apt-get as root" in asked
    assert "apt-get as root" not in done_by_owner


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ((), "demo"),
        (("--auto",), "demo --auto"),
        (("--auto", "--seed", "7"), "demo --auto --seed 7"),
        (("--help",), "--help"),
        (("--version",), "--version"),
        (("simulate", "--items", "5"), "simulate --items 5"),
    ],
)
def test_options_alone_are_those_of_the_demonstration(machine: Machine, arguments: tuple[str, ...], command: str) -> None:
    machine.bootstrap("run")
    (machine.root / ".venv/bin/consigne").write_text('#!/bin/sh\necho "consigne $*"\n')
    (machine.root / ".venv/bin/consigne").chmod(0o755)
    assert machine.script("run", *arguments).stdout == f"consigne {command}\n"


def test_another_purpose_is_refused(machine: Machine) -> None:
    assert machine.bootstrap("fly").returncode == 2


@pytest.mark.long
def test_without_a_package_index_one_sentence_says_so(machine: Machine, free_port: int) -> None:
    done = machine.bootstrap("run", PYTHON=sys.executable, PIP_INDEX_URL=f"http://127.0.0.1:{free_port}/")
    assert done.returncode == 3
    assert "No package index can be reached" in done.stderr
