"""The folder of a run: the one that was asked for, or one of its own that goes with the run, unless a process failed whose log explains it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.failures import ProcessFailed


@contextmanager
def folder_for(state: Path | None, prefix: str, kept: bool = False) -> Iterator[Path]:
    if state is not None:
        # before anything is shown: what cannot be a folder is told by the name that was typed
        state.mkdir(parents=True, exist_ok=True)
        yield state
        return
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    except ProcessFailed:
        # what is told of it names a log in here
        raise
    except BaseException:
        shutil.rmtree(folder)
        raise
    if not kept:
        shutil.rmtree(folder)
