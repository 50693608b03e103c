"""The wire's contract: every register of the intake controller, once.

Driver, controller and the table in ``drivers/README.md`` are derived from ``TABLE``. Runs under MicroPython: no dataclasses,
no ``match``, no imports beyond the language.

Address spaces (Modbus): *hot* registers are read with FC23 (their holding addresses) and mirrored as input registers
(FC04) at the same addresses for plain readers such as mbpoll; *input* registers are read with FC04; *holding* registers
are written with FC16 and FC23. 32-bit and 64-bit values are big-endian by word, the high word first.
"""

MAP_VERSION = 1
"""Raised when a register changes its meaning; the driver refuses a controller with another one."""

UNIT = 1
"""The controller's Modbus unit address."""

TWIN_PREFIX = 0x5457494E
"""The high half ("TWIN") of the controller_id of a simulated intake: a ledger begun on one is a demonstration."""

HOT, INPUT, HOLDING = "hot", "input", "holding"


class Register:
    """One value on the wire: ``words`` registers of 16 bits from ``address``, in ``unit``, between ``low`` and ``high``."""

    def __init__(
        self, name: str, space: str, address: int, words: int, unit: str, low: int, high: int, access: str, meaning: str, since: int = 1
    ) -> None:
        self.name = name
        self.space = space
        self.address = address
        self.words = words
        self.unit = unit
        self.low = low
        self.high = high
        self.access = access
        self.meaning = meaning
        self.since = since


U16, U32, U64 = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF

# Controller states. It takes a command only in a state of rest.
SHUT, OPENING, OPEN, CLOSING, SORTING, RETURNING = 0, 1, 2, 3, 4, 5
AT_REST = (SHUT, OPEN)

# Commands, each with an argument and a sequence, in one FC16 write.
CMD_OPEN, CMD_SORT, CMD_RETURN = 1, 2, 3
COMMAND_NAMES = {CMD_OPEN: "open", CMD_SORT: "sort", CMD_RETURN: "return"}

# Sensor bits of the hot block.
OCCUPIED, STEADY, METAL, GATE_SHUT, ENTRY_BEAM, DROP_BEAM, FLAP_LOCKED = 1, 2, 4, 8, 16, 32, 64

# What became of the last command that arrived.
ANSWER_NONE, ANSWER_TAKEN, ANSWER_STALE, ANSWER_BUSY, ANSWER_UNKNOWN = 0, 1, 2, 3, 4

# Faults the controller reports; 0 is none.
FAULT_NONE, FAULT_DROP, FAULT_STORE = 0, 1, 2

TABLE = (
    Register("nonce", HOT, 0, 1, "", 0, U16, "r", "the nonce of the request that this answers"),
    Register("state", HOT, 1, 1, "", 0, 5, "r", "shut 0, opening 1, open 2, closing 3, sorting 4, returning 5; at rest: 0 and 2"),
    Register("fault", HOT, 2, 1, "", 0, 2, "r", "none 0, drop 1 (the last Sort let nothing fall), store 2 (its memory fails)"),
    Register(
        "sensors", HOT, 3, 1, "bits", 0, 127, "r", "occupied 1, steady 2, metal 4, gate shut 8, entry beam 16, drop beam 32, flap locked 64"
    ),
    Register("weight_g", HOT, 4, 1, "g", 0, 20000, "r", "what lies in the chamber"),
    Register("boots", HOT, 5, 1, "", 0, U16, "r", "starts of the controller"),
    Register("totaliser", HOT, 6, 2, "items", 0, U32, "r", "drops of any kind since the controller was made; never falls"),
    Register("taken", HOT, 8, 2, "", 0, U32, "r", "sequence of the last command taken"),
    Register("sorted", HOT, 10, 2, "", 0, U32, "r", "sequence of the last Sort taken"),
    Register("counted", HOT, 12, 2, "", 0, U32, "r", "sequence of the last Sort whose drop was counted"),
    Register("back", HOT, 14, 2, "", 0, U32, "r", "sequence of the last Return that handed an item back"),
    Register("answer", HOT, 16, 1, "", 0, 4, "r", "last command that arrived: none 0, taken 1, stale 2, busy 3, unknown 4"),
    Register("beat_echo", HOT, 17, 1, "", 0, U16, "r", "the beat as last written"),
    Register("map_version", INPUT, 32, 1, "", 1, U16, "r", "version of this table"),
    Register("firmware", INPUT, 33, 1, "", 0, U16, "r", "version of the program, major x 256 + minor"),
    Register("controller_id", INPUT, 34, 4, "", 1, U64, "r", "identity of the controller, pinned in the ledger"),
    Register("bins", INPUT, 38, 1, "", 1, 2, "r", "number of bins"),
    Register("bin_1_percent", INPUT, 39, 1, "%", 0, 100, "r", "how full bin 1 is"),
    Register("bin_2_percent", INPUT, 40, 1, "%", 0, 100, "r", "how full bin 2 is"),
    Register("nonce_in", HOLDING, 64, 1, "", 0, U16, "w", "nonce of this request, written with FC23"),
    Register("beat", HOLDING, 65, 1, "", 0, U16, "w", "changed by the kiosk's runner alone, written with FC23"),
    Register("command", HOLDING, 72, 1, "", 1, 3, "w", "open 1, sort 2, return 3; one FC16 write with the next two"),
    Register("argument", HOLDING, 73, 1, "", 0, U16, "w", "sort: the bin"),
    Register("sequence", HOLDING, 74, 2, "", 1, U32, "w", "number of this command, above taken"),
)

HOT_START, HOT_COUNT = 0, 18
BEAT_START = 64
COMMAND_START, COMMAND_COUNT = 72, 4
IDENTITY_START, IDENTITY_COUNT = 32, 9

BY_NAME = {register.name: register for register in TABLE}


def pack(name: str, value: int) -> list[int]:
    """The words of one value, high word first. ValueError with the allowed range if it does not fit."""
    register = BY_NAME[name]
    if not register.low <= value <= register.high:
        raise ValueError(f"{name}: {value} is not within {register.low} and {register.high} {register.unit}")
    return [(value >> (16 * shift)) & 0xFFFF for shift in range(register.words - 1, -1, -1)]


def unpack(name: str, words: list[int], start: int) -> int:
    """The value of a register from ``words``, the first of which stands at address ``start``. ValueError out of range."""
    register = BY_NAME[name]
    value = 0
    for offset in range(register.words):
        value = (value << 16) | words[register.address - start + offset]
    if not register.low <= value <= register.high:
        raise ValueError(f"{name}: {value} is not within {register.low} and {register.high} {register.unit}")
    return value
