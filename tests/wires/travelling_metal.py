"""Metal whose parts take some time to travel, on a clock that a test turns; people and troubles are methods and attributes."""

from collections.abc import Callable

from firmware.metal import Metal, Sensors

GATE_MS, FLAP_MS, SORTER_MS, FALL_MS = 60, 40, 50, 40
MOTOR_MA = 600


class Travel:
    """A part between its two ends."""

    def __init__(self, takes_ms: int) -> None:
        self.open = False
        self._takes_ms = takes_ms
        self._arrives_at = 0

    def drive(self, is_open: bool, now: int) -> None:
        if is_open != self.open:
            self.open = is_open
            self._arrives_at = now + self._takes_ms

    def arrived(self, now: int) -> bool:
        return now >= self._arrives_at

    def stands(self, is_open: bool, now: int) -> bool:
        return self.open == is_open and self.arrived(now)


class TravellingMetal(Metal):
    """One chamber for one bottle. ``fallen`` and ``out`` are the numbers of the bottles that fell, and that were taken out again.

    ``jams``: so many times more an opening flap lets nothing fall.
    """

    def __init__(self, clock_ms: Callable[[], int]) -> None:
        self.bottle: int | None = None
        self.fallen: list[int] = []
        self.out: list[int] = []
        self.hand_in_gate = False
        self.door_open = False
        self.supply_mv = 12_000
        self.jams = 0
        self._clock_ms = clock_ms
        self._gate = Travel(GATE_MS)
        self._flap = Travel(FLAP_MS)
        self._sorter_at = (1, 0)
        self._holds = False
        self._below: int | None = None
        self._falls_since = 0

    def read(self) -> Sensors:
        now = self._clock_ms()
        beam = self._fall(now)
        sorter_bin, arrives_at = self._sorter_at
        gate, flap = self._gate, self._flap
        return Sensors(
            weight_g=0 if self.bottle is None else 300,
            occupied=self.bottle is not None,
            metal=False,
            gate_shut=gate.stands(False, now),
            gate_open=gate.stands(True, now),
            entry_beam=self.hand_in_gate,
            drop_beam=beam,
            flap_locked=flap.stands(False, now),
            sorter_bin=sorter_bin if now >= arrives_at else 0,
            door_open=self.door_open,
            motor_ma=0 if gate.arrived(now) and flap.arrived(now) else MOTOR_MA,
            supply_mv=self.supply_mv,
            temperature_dk=2950,
        )

    def put(self, bottle: int) -> bool:
        """A person puts a bottle in; False where it does not go in."""
        if self.bottle is not None or self._gate.stands(False, self._clock_ms()):
            return False
        self.bottle = bottle
        return True

    def take(self) -> bool:
        """A person takes the bottle out; False where nobody can reach it."""
        if self.bottle is None or self._gate.stands(False, self._clock_ms()):
            return False
        self.out.append(self.bottle)
        self.bottle = None
        return True

    def bin_mm(self, bin_number: int) -> int:
        return 900 - 8 * len(self.fallen) if bin_number == 1 else 900

    def drive_gate(self, is_open: bool) -> None:
        self._gate.drive(is_open, self._clock_ms())

    def drive_flap(self, is_open: bool) -> None:
        if is_open and not self._flap.open:
            self._holds = self.jams > 0
            self.jams -= self._holds
        self._flap.drive(is_open, self._clock_ms())

    def turn_sorter(self, bin_number: int) -> None:
        if bin_number != self._sorter_at[0]:
            self._sorter_at = bin_number, self._clock_ms() + SORTER_MS

    def stop(self) -> None:
        pass

    def light(self, percent: int) -> None:
        pass

    def _fall(self, now: int) -> bool:
        """Out of the chamber, then through the beam in a later look, which is held for one look. True while the beam is cut."""
        if self._below is not None:
            if now - self._falls_since < FALL_MS:
                return False
            self.fallen.append(self._below)
            self._below = None
            return True
        if self.bottle is not None and self._flap.stands(True, now) and not self._holds:
            self._below, self.bottle = self.bottle, None
            self._falls_since = now
        return False
