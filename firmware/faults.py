"""The faults that stand, and which of them is shown. Who finds one, and what the machine then does, is not here."""

from firmware.guard import Guard
from firmware.registers import CAUSE_NONE, FAULT_DROP, FAULT_NONE, FAULT_STORE


class Faults:
    """``memory_fails`` stands until the next boot, ``latched`` until a Clear, ``gave_up`` until the next Sort, the guard's while it lasts."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.memory_fails = False
        self.latched = FAULT_NONE
        self._latched_cause = CAUSE_NONE
        self.gave_up = False

    @property
    def shown(self) -> int:
        """The gravest."""
        if self.memory_fails:
            return FAULT_STORE
        if self.latched != FAULT_NONE:
            return self.latched
        if self._guard.fault != FAULT_NONE:
            return self._guard.fault
        return FAULT_DROP if self.gave_up else FAULT_NONE

    @property
    def cause(self) -> int:
        """What is known of the cause of the one that is shown."""
        return CAUSE_NONE if self.memory_fails else self._latched_cause

    def latch(self, fault: int, cause: int) -> None:
        self.latched = fault
        self._latched_cause = cause

    def clear(self) -> None:
        self.latched = FAULT_NONE
        self._latched_cause = CAUSE_NONE
        self.gave_up = False
