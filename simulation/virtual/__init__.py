"""The whole kiosk in one process on a clock that jumps: the same firmware, driver core, session and ledger, joined by the ``Bus``."""
