"""What can go wrong with the kiosk's own processes and threads, as errors with the facts in them."""

from pathlib import Path

from config.told import OutOfService, WrongUse


class ProcessFailed(OutOfService):
    """A process ended or was not ready in time; ``last`` is the last line it wrote, ``code`` its exit code if it has one."""

    def __init__(self, name: str, code: int | None, last: str, log: Path) -> None:
        self.how = "is not ready" if code is None else f"ended with {code}"
        super().__init__(f"{name} {self.how}: {last or log}")
        self.name = name
        self.code = code
        self.last = last or "…"
        self.log = log


class WrongArgument(WrongUse):
    """What was named on the command line is not what is needed; ``error`` says what it is."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class WorkerDied(OutOfService):
    """A thread ended by a fault of the program. The kiosk must not go on deaf or blind; the next start reconciles what is open."""

    def __init__(self, worker: str, error: BaseException) -> None:
        super().__init__(f"{worker}: {type(error).__name__}: {error}")
        self.worker = worker


class RunStuck(OutOfService):
    """A simulated run in virtual time came to a standstill with bottles still to come: ``screen`` stood for ``quiet_s``."""

    def __init__(self, screen: str, halt: str | None, quiet_s: float, at_s: float) -> None:
        super().__init__(f"{screen} {halt or ''} for {quiet_s:.0f} s, {at_s:.0f} s after the start")
        self.screen = screen
        self.halt = halt
        self.quiet_s = quiet_s
        self.at_s = at_s
