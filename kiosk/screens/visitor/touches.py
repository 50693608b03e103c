"""Which touches and keys count: not the second of a double tap, nor what a contact that chatters or hangs repeats, nor what was meant for the page before."""

from collections.abc import Hashable

from config.clock import Clock

APART_S = 0.5
"""Two equal presses closer than this are one (EN 301 549, 5.8: at least 0.5 s)."""

BOUNCE_S = 0.05
"""A key that is down again so soon after it was up was not let go: no finger is as quick, contacts and X's repeats are."""

HANGS_S = 2.0
"""A key that hangs repeats itself, and more often than this; one that was silent for as long was let go, and nobody told."""


class TouchGuard:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counted_at = -APART_S
        self._changed_at = -APART_S
        self._repeated_at: dict[Hashable, float] = {}

    def page_changed(self) -> None:
        """What stood under the finger is another thing now."""
        self._changed_at = self._clock.monotonic()

    def counts(self, what: Hashable) -> bool:
        """Whether to do ``what`` was asked for. A drop that comes and goes on a button asks once, however long it does."""
        now = self._clock.monotonic()
        if now - self._repeated_at.get(what, -APART_S) < APART_S:
            self._repeated_at[what] = now
            return False
        if now - self._counted_at < APART_S or now - self._changed_at < APART_S:
            return False
        self._counted_at = self._repeated_at[what] = now
        return True


TYPED_S = 0.5
"""A key that ends what somebody types comes sooner after its letters; hand scanners send all of it within some tens of milliseconds."""

LETTERS = range(0x21, 0x0100_0000)
"""The keys that write something, by Qt's numbers for them; the space is no letter here, it presses like Return."""


class KeyGuard:
    """Which presses of a key are new ones, whether the system marks its repeats or not; and which only end what a scanner or a keyboard typed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._down_at: dict[int, float] = {}
        self._up_at: dict[int, float] = {}
        self._typed_at = -TYPED_S

    def pressed(self, key: int, *, repeat: bool) -> bool:
        now = self._clock.monotonic()
        held = now - self._down_at.get(key, -HANGS_S) < HANGS_S
        bounced = now - self._up_at.get(key, -BOUNCE_S) < BOUNCE_S
        self._down_at[key] = now
        typed = now - self._typed_at < TYPED_S
        if key in LETTERS:
            self._typed_at = now
        return not (repeat or held or bounced or typed)

    def released(self, key: int, *, repeat: bool) -> None:
        if not repeat:
            self._down_at.pop(key, None)
            self._up_at[key] = self._clock.monotonic()
