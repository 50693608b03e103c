"""Which touches count: not the second of a double tap, and not one that was meant for the page before."""

from config.clock import Clock

APART_S = 0.5
"""Two equal presses closer than this are one (EN 301 549, 5.8: at least 0.5 s)."""


class TouchGuard:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counted_at = -APART_S
        self._changed_at = -APART_S

    def page_changed(self) -> None:
        """What stood under the finger is another thing now."""
        self._changed_at = self._clock.monotonic()

    def counts(self) -> bool:
        now = self._clock.monotonic()
        if now - self._counted_at < APART_S or now - self._changed_at < APART_S:
            return False
        self._counted_at = now
        return True
