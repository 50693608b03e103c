"""The simplest metal that the controller's program can move: what is driven is there at once, and each hand is an attribute."""

from firmware.metal import Metal, Sensors


class InstantMetal(Metal):
    """A bottle falls in no time and cuts the drop beam for one look. What a person does is set from outside."""

    def __init__(self) -> None:
        self.bottle_g = 0
        self.gate_open = False
        self.flap_open = False
        self.hand_in_gate = False
        self.door_open = False
        self.supply_mv = 12_000
        self.bin_mms = {1: 820, 2: 740}
        self.lamp_percent = 0
        self.sorter_bin = 1
        self.fallen: list[int] = []
        self._beam_cut = False

    def read(self) -> Sensors:
        beam, self._beam_cut = self._beam_cut, False
        return Sensors(
            weight_g=self.bottle_g,
            occupied=self.bottle_g > 0,
            metal=False,
            gate_shut=not self.gate_open,
            gate_open=self.gate_open,
            entry_beam=self.hand_in_gate,
            drop_beam=beam,
            flap_locked=not self.flap_open,
            sorter_bin=self.sorter_bin,
            door_open=self.door_open,
            motor_ma=0,
            supply_mv=self.supply_mv,
            temperature_dk=2950,
        )

    def bin_mm(self, bin_number: int) -> int:
        return self.bin_mms[bin_number]

    def drive_gate(self, is_open: bool) -> None:
        self.gate_open = is_open

    def drive_flap(self, is_open: bool) -> None:
        opens = is_open and not self.flap_open
        self.flap_open = is_open
        if opens and self.bottle_g:
            self.fallen.append(self.bottle_g)
            self.bottle_g = 0
            self._beam_cut = True

    def turn_sorter(self, bin_number: int) -> None:
        self.sorter_bin = bin_number

    def stop(self) -> None:
        pass

    def light(self, percent: int) -> None:
        self.lamp_percent = percent
