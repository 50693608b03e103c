"""Every state that a folder goes through while a piece of work is done in a process of its own: what a power cut at that moment leaves there.

The process is traced (ptrace) and held at each of its system calls; whenever a file in the folder is another than at the one before, the folder
is copied. A kill leaves exactly that: what was written stays, locks are gone. Copies are made from another process, so no lock is lost by them.
"""

import ctypes
import os
import shutil
import signal
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

_TRACEME, _SYSCALL, _SETOPTIONS = 0, 24, 0x4200
_SYSCALL_STOPS_ARE_MARKED, _DIES_WITH_ITS_TRACER = 0x1, 0x100000


def moments(folder: Path, images: Path, work: Callable[[], object]) -> list[Path]:
    """Does ``work`` once on ``folder``; returns copies of the folder in order, the first as it was before, the last as it was after."""
    images.mkdir()
    made: list[Path] = []
    last: object = None
    for _ in _stops(work):
        seen = _state(folder)
        if seen != last:
            made.append(images / f"{len(made):04}")
            copy(folder, made[-1])
            last = seen
    return made


def copy(folder: Path, to: Path) -> None:
    """A copy in which two names of one file are that again."""
    to.mkdir()
    made: dict[int, Path] = {}
    for file in folder.iterdir():
        inode = file.stat().st_ino
        if inode in made:
            os.link(made[inode], to / file.name)
        else:
            made[inode] = Path(shutil.copy2(file, to / file.name))


def _stops(work: Callable[[], object]) -> Iterator[None]:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

    def ask(request: int, pid: int, data: int = 0) -> None:
        if libc.ptrace(request, pid, None, data) == -1:
            raise OSError(ctypes.get_errno(), "ptrace")

    pid = os.fork()
    if pid == 0:
        _child(lambda: ask(_TRACEME, 0), work)
    os.waitpid(pid, 0)
    ask(_SETOPTIONS, pid, _SYSCALL_STOPS_ARE_MARKED | _DIES_WITH_ITS_TRACER)
    delivered = 0
    while True:
        ask(_SYSCALL, pid, delivered)
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "the work itself failed"
            return
        assert os.WIFSTOPPED(status), f"ended by signal {os.WTERMSIG(status)}"
        stopped = os.WSTOPSIG(status)
        delivered = 0 if stopped & 0x80 else stopped
        yield


def _child(trace_me: Callable[[], None], work: Callable[[], object]) -> None:
    code = 1
    try:
        trace_me()
        os.kill(os.getpid(), signal.SIGSTOP)
        work()
        code = 0
    finally:
        os._exit(code)


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Names with what is in them. A name that is gone between two looks is seen at the next stop."""
    return {entry.name: (entry.inode(), zlib.crc32(Path(entry.path).read_bytes())) for entry in os.scandir(folder) if entry.is_file()}
