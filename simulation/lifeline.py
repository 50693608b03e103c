"""A process on a life line: it ends when the process that started it is gone, however that one died.

``python -m simulation.lifeline FD MODULE ARGUMENTS…`` runs MODULE as ``python -m MODULE ARGUMENTS…`` does. FD is the reading end of a
pipe whose other end the launcher alone holds, and never writes to: it ends with the launcher, before or after anybody looks. What is held
so knows nothing of it. It is asked to end as by a polite kill; one that does not is ended by its alarm, for which nothing in it has to run.
The end of the pipe is inherited: a kiosk that begins anew in its process (``commands/run.py``) is held by the same line.
"""

import os
import runpy
import signal
import sys
import threading

END_S = 10
"""How long a process may take to end in order."""


def main() -> None:
    line = int(sys.argv[1])
    threading.Thread(target=_hold, args=(line,), name="life line", daemon=True).start()
    del sys.argv[:2]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _hold(line: int) -> None:
    os.read(line, 1)
    signal.alarm(END_S)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
