"""The wire's contract: every register of the intake controller, once.

Driver, controller and the table in ``drivers/README.md`` are derived from ``TABLE``. Runs under MicroPython: no dataclasses,
no ``match``, no imports beyond the language.

Address spaces (Modbus): *hot* registers are read with FC23 (their holding addresses) and mirrored as input registers
(FC04) at the same addresses for plain readers such as mbpoll; *input* registers are read with FC04; *holding* registers
are written with FC16 and FC23. 32-bit and 64-bit values are big-endian by word, the high word first.
"""

MAP_VERSION = 5
"""Raised when a register comes, goes or changes its meaning; the driver refuses a controller with another one, older or newer."""

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

LEAP = 65_536
"""A sequence this far above *taken* is still the next of somebody whose commands were refused; one further above is nobody's, and would
leave no number for the next command."""

# Controller states. It stands still, and may take a command, only in a state of rest; in FAILED a Clear alone.
SHUT, OPENING, OPEN, CLOSING, SORTING, RETURNING, FAILED, TESTING, HELD = 0, 1, 2, 3, 4, 5, 6, 7, 8
AT_REST = (SHUT, OPEN, FAILED)

# Commands, each with an argument and a sequence, in one FC16 write.
CMD_OPEN, CMD_SORT, CMD_RETURN, CMD_TEST, CMD_CLEAR, CMD_HOLD = 1, 2, 3, 4, 5, 6
COMMAND_NAMES = {CMD_OPEN: "open", CMD_SORT: "sort", CMD_RETURN: "return", CMD_TEST: "test", CMD_CLEAR: "clear", CMD_HOLD: "hold"}

# Parts that a Test moves there and back: the argument of the command.
PART_GATE, PART_FLAP, PART_SORTER = 1, 2, 3
PARTS = (PART_GATE, PART_FLAP, PART_SORTER)

# How the last Test ended.
TEST_NONE, TEST_ARRIVED, TEST_LATE, TEST_OVER_CURRENT, TEST_FORCE_STOPPED, TEST_LET_GO = 0, 1, 2, 3, 4, 5

# Motions that a Hold makes for as long as it is renewed: the argument of the command.
HOLD_GATE_OPEN, HOLD_GATE_SHUT, HOLD_FLAP_OPEN, HOLD_FLAP_SHUT, HOLD_SORTER_1, HOLD_SORTER_2 = 1, 2, 3, 4, 5, 6
HOLDS = (HOLD_GATE_OPEN, HOLD_GATE_SHUT, HOLD_FLAP_OPEN, HOLD_FLAP_SHUT, HOLD_SORTER_1, HOLD_SORTER_2)

# How the last Hold ended.
HELD_NONE, HELD_LET_GO, HELD_TIME, HELD_ARRIVED, HELD_UNSAFE, HELD_FORCE, HELD_HAND = 0, 1, 2, 3, 4, 5, 6

# How the scale's zero and span stand in their registers: grams felt of nothing, so many more as a register has no sign; and what is felt of
# 10,000 g. No cell that is whole is further off than the registers' ranges allow.
ZERO_AT, SPAN_ONE = 10000, 10000

# Sensor bits of the hot block.
OCCUPIED, STEADY, METAL, GATE_SHUT, ENTRY_BEAM, DROP_BEAM, FLAP_LOCKED = 1, 2, 4, 8, 16, 32, 64
HAND, DOOR_OPEN, BEATING, GATE_OPEN = 128, 256, 512, 1024

# What became of the last command that arrived.
ANSWER_NONE, ANSWER_TAKEN, ANSWER_STALE, ANSWER_BUSY, ANSWER_UNKNOWN, ANSWER_UNSAFE, ANSWER_FAULT = 0, 1, 2, 3, 4, 5, 6

# Faults the controller reports; 0 is none. Those of LATCHED stay until a Clear, FAULT_STORE until the next boot,
# FAULT_DROP until the next Sort; the others end by themselves.
FAULT_NONE, FAULT_DROP, FAULT_STORE, FAULT_GATE, FAULT_FLAP, FAULT_SORTER, FAULT_DROP_BEAM = 0, 1, 2, 3, 4, 5, 6
FAULT_ENTRY_BEAM, FAULT_SCALE, FAULT_SUPPLY = 7, 8, 9
LATCHED = (FAULT_GATE, FAULT_FLAP, FAULT_SORTER, FAULT_DROP_BEAM)

# What is known of a fault's cause.
CAUSE_NONE, CAUSE_LATE, CAUSE_OVER_CURRENT, CAUSE_FORCED, CAUSE_BLOCKED = 0, 1, 2, 3, 4

TABLE = (
    Register("nonce", HOT, 0, 1, "", 0, U16, "r", "the nonce of the request that this answers"),
    Register(
        "state",
        HOT,
        1,
        1,
        "",
        0,
        8,
        "r",
        "shut 0, opening 1, open 2, closing 3, sorting 4, returning 5, failed 6, testing 7, held 8; at rest: 0, 2 and 6",
    ),
    Register(
        "fault",
        HOT,
        2,
        1,
        "",
        0,
        9,
        "r",
        "none 0; until the next Sort: drop 1 (the last one let nothing fall); until the next boot: store 2 (its memory fails); "
        "until a Clear: gate 3, flap 4, sorter 5, drop beam 6; ending by itself: entry beam 7, scale 8, supply 9",
    ),
    Register(
        "sensors",
        HOT,
        3,
        1,
        "bits",
        0,
        2047,
        "r",
        "occupied 1, steady 2, metal 4, gate shut 8, entry beam 16, drop beam 32, flap locked 64, a hand keeps the gate from "
        "shutting 128, service door open 256, the beat is heard 512, gate open 1024",
    ),
    Register("weight_g", HOT, 4, 1, "g", 0, 20000, "r", "what lies in the chamber"),
    Register("boots", HOT, 5, 1, "", 0, U16, "r", "starts of the controller"),
    Register("totaliser", HOT, 6, 2, "items", 0, U32, "r", "drops of any kind since the controller was made; never falls"),
    Register("taken", HOT, 8, 2, "", 0, U32, "r", "sequence of the last command taken"),
    Register("sorted", HOT, 10, 2, "", 0, U32, "r", "sequence of the last Sort taken"),
    Register("counted", HOT, 12, 2, "", 0, U32, "r", "sequence of the last Sort whose drop was counted"),
    Register("back", HOT, 14, 2, "", 0, U32, "r", "sequence of the last Return that handed an item back"),
    Register(
        "answer",
        HOT,
        16,
        1,
        "",
        0,
        6,
        "r",
        "last command that arrived: none 0, taken 1, stale 2 (or more than 65536 above taken), busy 3, unknown 4, unsafe 5 (door, supply, beat), "
        "fault 6 (a Clear must come first)",
    ),
    Register("beat_echo", HOT, 17, 1, "", 0, U16, "r", "the beat as last written"),
    Register("bin_1_percent", HOT, 18, 1, "%", 0, 100, "r", "how full bin 1 is", 2),
    Register("bin_2_percent", HOT, 19, 1, "%", 0, 100, "r", "how full bin 2 is", 2),
    Register("cause", HOT, 20, 1, "", 0, 4, "r", "of the fault: none 0, late 1, over-current 2, forced 3, blocked 4", 2),
    Register("map_version", INPUT, 32, 1, "", 1, U16, "r", "version of this table; 32 to 38 mean the same in every version"),
    Register("firmware", INPUT, 33, 1, "", 0, U16, "r", "version of the program, major x 256 + minor"),
    Register("controller_id", INPUT, 34, 4, "", 1, U64, "r", "identity of the controller, pinned in the ledger"),
    Register("bins", INPUT, 38, 1, "", 1, 2, "r", "number of bins"),
    Register("bin_1_mm", INPUT, 39, 1, "mm", 0, 2000, "r", "from the sensor down to what lies in bin 1", 2),
    Register("bin_2_mm", INPUT, 40, 1, "mm", 0, 2000, "r", "from the sensor down to what lies in bin 2", 2),
    Register("motor_ma", INPUT, 41, 1, "mA", 0, 20000, "r", "current of the drives", 2),
    Register("supply_mv", INPUT, 42, 1, "mV", 0, 60000, "r", "supply of the drives", 2),
    Register("temperature_dk", INPUT, 43, 1, "0.1 K", 2000, 4000, "r", "temperature of the controller", 2),
    Register("sorter_bin", INPUT, 44, 1, "", 0, 2, "r", "bin that the sorter points at, 0 while it turns", 2),
    Register("drops_visit", INPUT, 45, 2, "items", 0, U32, "r", "drops counted of a Sort", 2),
    Register("drops_test", INPUT, 47, 2, "items", 0, U32, "r", "drops counted of a Test", 2),
    Register("drops_manual", INPUT, 49, 2, "items", 0, U32, "r", "drops counted without a command, by hand", 2),
    Register(
        "test_result",
        INPUT,
        51,
        1,
        "",
        0,
        5,
        "r",
        "last Test: none 0, arrived 1, late 2, over-current 3, stopped by force and opened 4, let go 5",
        2,
    ),
    Register("test_out_ms", INPUT, 52, 1, "ms", 0, U16, "r", "last Test: time of the way out", 2),
    Register("test_out_ma", INPUT, 53, 1, "mA", 0, 20000, "r", "last Test: highest current on the way out", 2),
    Register("test_back_ms", INPUT, 54, 1, "ms", 0, U16, "r", "last Test: time of the way back", 2),
    Register("test_back_ma", INPUT, 55, 1, "mA", 0, 20000, "r", "last Test: highest current on the way back", 2),
    Register("lamp_now_percent", INPUT, 56, 1, "%", 0, 100, "r", "the chamber's lamp, 0 while it is dark", 2),
    Register("watchdog_now_ms", INPUT, 57, 1, "ms", 500, 60000, "r", "how long the beat may stay the same", 2),
    Register(
        "held",
        INPUT,
        58,
        1,
        "",
        0,
        6,
        "r",
        "last Hold: none yet or going on 0, let go 1, its time was over 2, arrived 3, unsafe 4 (door, supply, beat), force 5, a hand in the gate 6",
        3,
    ),
    Register("scale_felt_g", INPUT, 59, 1, "g + 10000", 0, 30000, "r", "what the scale feels, before its zero and span", 4),
    Register("scale_zero_now", INPUT, 60, 1, "g + 10000", 8000, 12000, "r", "what it feels of nothing", 4),
    Register("scale_span_now", INPUT, 61, 1, "", 8000, 12500, "r", "what it feels of 10000 g", 4),
    Register("bin_1_empty_now_mm", INPUT, 62, 1, "mm", 300, 1500, "r", "from the sensor down to the ground of bin 1", 4),
    Register("bin_2_empty_now_mm", INPUT, 63, 1, "mm", 300, 1500, "r", "from the sensor down to the ground of bin 2", 4),
    Register("nonce_in", HOLDING, 64, 1, "", 0, U16, "w", "nonce of this request, written with FC23"),
    Register("beat", HOLDING, 65, 1, "", 0, U16, "w", "changed by the kiosk's runner alone, written with FC23"),
    Register(
        "command", HOLDING, 72, 1, "", 1, 6, "w", "open 1, sort 2, return 3, test 4, clear 5, hold 6; one FC16 write with the next two"
    ),
    Register(
        "argument",
        HOLDING,
        73,
        1,
        "",
        0,
        U16,
        "w",
        "sort: the bin; test: gate 1, flap 2, sorter 3; hold: gate open 1, gate shut 2, flap open 3, flap shut 4, sorter to bin 1 5, to bin 2 6",
    ),
    Register("sequence", HOLDING, 74, 2, "", 1, U32, "w", "number of this command, above taken by at most 65536"),
    Register("lamp_percent", HOLDING, 76, 1, "%", 0, 100, "w", "sets the chamber's lamp; 100 after a boot", 2),
    Register("watchdog_ms", HOLDING, 77, 1, "ms", 500, 60000, "w", "sets how long the beat may stay the same; 2000 after a boot", 2),
    Register(
        "hold",
        HOLDING,
        78,
        1,
        "",
        0,
        U16,
        "w",
        "the low word of the sequence of the Hold that goes on, at least every 400 ms; any other value ends it at once; 0 ends a Test as well",
        3,
    ),
    Register(
        "dark_ms", HOLDING, 79, 1, "ms", 0, 2000, "w", "the lamp goes dark for so long and is lit again by itself; 0 lights it at once", 5
    ),
    Register(
        "scale_zero",
        HOLDING,
        80,
        1,
        "g + 10000",
        8000,
        12000,
        "w",
        "sets what the scale feels of nothing; one FC16 write with the next three, kept",
        4,
    ),
    Register("scale_span", HOLDING, 81, 1, "", 8000, 12500, "w", "sets what it feels of 10000 g", 4),
    Register("bin_1_empty_mm", HOLDING, 82, 1, "mm", 300, 1500, "w", "sets how deep bin 1 is", 4),
    Register("bin_2_empty_mm", HOLDING, 83, 1, "mm", 300, 1500, "w", "sets how deep bin 2 is", 4),
)

HOT_START, HOT_COUNT = 0, 21
BEAT_START = 64
COMMAND_START, COMMAND_COUNT = 72, 4
SETTINGS_START, SETTINGS_COUNT = 76, 4
IDENTITY_START, IDENTITY_COUNT = 32, 7
HEALTH_START, HEALTH_COUNT = 39, 20
CALIBRATION_START, CALIBRATION_COUNT = 59, 5
CALIBRATE_START, CALIBRATE_COUNT = 80, 4

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
