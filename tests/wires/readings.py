"""A hot block to start from: a controller new from the factory, at rest, shut and empty. Tests ``replace`` what they need."""

from config.vocabulary import SequenceNumber
from drivers.intake.bus import Answer, ControllerFault, ControllerState, FaultCause, HotBlock

REST = HotBlock(
    state=ControllerState.SHUT,
    fault=ControllerFault.NONE,
    cause=FaultCause.NONE,
    occupied=False,
    steady=True,
    metal=False,
    gate_shut=True,
    gate_open=False,
    entry_beam=False,
    drop_beam=False,
    flap_locked=True,
    hand=False,
    door_open=False,
    beating=True,
    weight_g=0,
    boots=1,
    totaliser=0,
    taken=SequenceNumber(0),
    sorted=SequenceNumber(0),
    counted=SequenceNumber(0),
    back=SequenceNumber(0),
    answer=Answer.NONE,
    bin_percent=(0, 0),
)
