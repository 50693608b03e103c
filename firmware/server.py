"""Modbus RTU on the controller's side: bytes in, bytes out. Register addresses are ``registers.py``'s, decisions the controller's.

Functions (Modbus Application Protocol V1.1b3, section 6): 03 and 04 read, 16 writes, 23 writes and then reads. What is
open to each::

    03  hot registers                     16  nonce, beat; lamp, watchdog, hold, dark; or a whole command (four registers, never part of one)
    04  hot registers, input registers    23  reads hot registers; writes nonce, beat

Exceptions: 1 another function, 2 an address that is not open to the function, 3 a count that does not fit the frame, or a
value beyond its register's range. Frames are found by length and CRC; noise before a frame is skipped, and a frame that stays unfinished for ``SILENCE_MS`` is dropped.
"""

from firmware import registers
from firmware.controller import VERSION, Controller
from firmware.lasting import Follower
from firmware.metal import BINS

try:
    from collections.abc import Callable
except ImportError:  # MicroPython has no such module, and evaluates no annotation
    pass

SILENCE_MS = 100
"""RTU asks for 1.75 ms of silence between frames; nothing behind a USB adapter keeps to it. FTDI's keep up to 62 bytes back for 16 ms
(their latency timer, unless it is set), hosts send in frames of 1 ms, and a busy master is put off for some tens of milliseconds between
two writes: a request with a gap of 30 ms is whole all the same. Frames are found by length and CRC, so that a piece that is left over
spoils nothing; it must only be gone when the kiosk asks again, which it does after 200 ms of silence (``drivers/intake/modbus.py``)."""

BIN_FULL_MM = 100
"""What the sensor above a bin measures when nothing more should fall into it. How deep an empty one is is set (``calibration.py``)."""

LEVEL_BAND_PERCENT, LEVEL_MS = 2, 2000
"""A bin's level is shown anew once it was higher, or lower by so much, for so long: the echo from a heap of bottles is never still."""

MAX_FRAME = 256
MAX_READ, MAX_WRITE, MAX_WRITE_WITH_READ = 125, 123, 121

READ_HOLDING, READ_INPUT, WRITE_MANY, READ_WRITE = 3, 4, 16, 23
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, DEVICE_FAILURE, DEVICE_BUSY = 1, 2, 3, 4, 6

_MORE = -1
_BYTE_COUNT_AT = {15: 6, WRITE_MANY: 6, READ_WRITE: 10}
"""Where in a request of variable length its number of further bytes stands."""

_CRC_NIBBLES = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip


def crc16(data: bytes) -> int:
    """CRC-16/MODBUS, half a byte at a time (polynomial 0x8005 reflected, start 0xFFFF)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        crc = (crc >> 4) ^ _CRC_NIBBLES[crc & 15]
        crc = (crc >> 4) ^ _CRC_NIBBLES[crc & 15]
    return crc


def framed(body: bytes) -> bytes:
    """A frame with its CRC, low byte first."""
    crc = crc16(body)
    return body + bytes((crc & 0xFF, crc >> 8))


class Server:
    """Answers for one controller. ``controller_id`` is 64 bits that no other controller has."""

    def __init__(self, controller: Controller, controller_id: int, clock_ms: "Callable[[], int]") -> None:
        self._controller = controller
        self._controller_id = controller_id
        self._clock_ms = clock_ms
        self._nonce = 0
        self._buffer = b""
        self._heard_at = clock_ms()
        self._levels = [Follower(LEVEL_BAND_PERCENT, LEVEL_MS) for _ in range(BINS)]

    def feed(self, data: bytes) -> bytes:
        """Takes what the line brought, and gives the answers to the requests that it completed, empty for none."""
        now = self._clock_ms()
        if now - self._heard_at > SILENCE_MS:
            self._buffer = b""
        self._heard_at = now
        self._buffer += data
        answers = b""
        while True:
            frame = self._next_frame()
            if frame is None:
                return answers
            answers += framed(bytes((registers.UNIT,)) + self._answer(frame[1:-2]))

    def _next_frame(self) -> "bytes | None":
        """The first whole frame with a right CRC; keeps from the first place where one may still be coming."""
        buffer = self._buffer
        unfinished = len(buffer)
        for start in range(len(buffer)):
            if buffer[start] != registers.UNIT:
                continue
            length = _frame_length(buffer, start)
            if length == _MORE:
                unfinished = min(unfinished, start)
            elif crc16(buffer[start : start + length]) == 0:
                self._buffer = buffer[start + length :]
                return buffer[start : start + length]
        self._buffer = buffer[unfinished:][-MAX_FRAME:]
        return None

    def _answer(self, pdu: bytes) -> bytes:
        function = pdu[0]
        if function == READ_HOLDING:
            return self._read(pdu, (self._hot,))
        if function == READ_INPUT:
            return self._read(pdu, (self._hot, self._inputs))
        if function == WRITE_MANY:
            return self._write(pdu)
        if function == READ_WRITE:
            return self._write_and_read(pdu)
        return _exception(function, ILLEGAL_FUNCTION)

    def _read(self, pdu: bytes, blocks: "tuple[Callable[[], tuple[int, list[int]]], ...]") -> bytes:
        start, count = _word(pdu, 1), _word(pdu, 3)
        if not 1 <= count <= MAX_READ:
            return _exception(pdu[0], ILLEGAL_VALUE)
        for block in blocks:
            first, words = block()
            if first <= start and start + count <= first + len(words):
                return _registers(pdu[0], words[start - first : start - first + count])
        return _exception(pdu[0], ILLEGAL_ADDRESS)

    def _write(self, pdu: bytes) -> bytes:
        start, count = _word(pdu, 1), _word(pdu, 3)
        if not 1 <= count <= MAX_WRITE or pdu[5] != 2 * count:
            return _exception(pdu[0], ILLEGAL_VALUE)
        words = [_word(pdu, 6 + 2 * index) for index in range(count)]
        if start == registers.COMMAND_START and count == registers.COMMAND_COUNT:
            self._controller.command(words[0], words[1], (words[2] << 16) | words[3])
        elif start == registers.CALIBRATE_START and count == registers.CALIBRATE_COUNT:
            wrong = self._calibrate(words)
            if wrong != 0:
                return _exception(pdu[0], wrong)
        elif registers.SETTINGS_START <= start and start + count <= registers.SETTINGS_START + registers.SETTINGS_COUNT:
            if not self._set(start, words):
                return _exception(pdu[0], ILLEGAL_VALUE)
        elif not self._store_beat(start, words):
            return _exception(pdu[0], ILLEGAL_ADDRESS)
        return pdu[:5]

    def _calibrate(self, words: list[int]) -> int:
        """All four together and only at rest: what is being weighed is weighed with one scale. An exception's code, 0 for none."""
        named = [registers.BY_NAME[name] for name in ("scale_zero", "scale_span", "bin_1_empty_mm", "bin_2_empty_mm")]
        if not all(named[place].low <= word <= named[place].high for place, word in enumerate(words)):
            return ILLEGAL_VALUE
        if self._controller.state not in registers.AT_REST:
            return DEVICE_BUSY
        try:
            self._controller.calibrate((words[0], words[1], words[2], words[3]))
        except OSError:
            return DEVICE_FAILURE
        return 0

    def _set(self, start: int, words: list[int]) -> bool:
        """Lamp, watchdog, hold and dark; False, and nothing set, if one is out of range."""
        named = [registers.BY_NAME[name] for name in ("lamp_percent", "watchdog_ms", "hold", "dark_ms")]
        asked = [(register, words[register.address - start]) for register in named if 0 <= register.address - start < len(words)]
        if not all(register.low <= word <= register.high for register, word in asked):
            return False
        for register, word in asked:
            if register is named[0]:
                self._controller.light(word)
            elif register is named[2]:
                self._controller.renew(word)
            elif register is named[3]:
                self._controller.darken(word)
            else:
                self._controller.guard.watchdog_ms = word
        return True

    def _write_and_read(self, pdu: bytes) -> bytes:
        count, written = _word(pdu, 3), _word(pdu, 7)
        if not 1 <= count <= MAX_READ or not 1 <= written <= MAX_WRITE_WITH_READ or pdu[9] != 2 * written:
            return _exception(pdu[0], ILLEGAL_VALUE)
        start = _word(pdu, 1)
        if start < registers.HOT_START or start + count > registers.HOT_START + registers.HOT_COUNT:
            return _exception(pdu[0], ILLEGAL_ADDRESS)
        if not self._store_beat(_word(pdu, 5), [_word(pdu, 10 + 2 * index) for index in range(written)]):
            return _exception(pdu[0], ILLEGAL_ADDRESS)
        return self._read(pdu, (self._hot,))

    def _store_beat(self, start: int, words: list[int]) -> bool:
        """Keeps what is written to nonce and beat; False, and nothing kept, if it goes beyond them."""
        at_nonce, at_beat = registers.BY_NAME["nonce_in"].address, registers.BY_NAME["beat"].address
        if any(address not in (at_nonce, at_beat) for address in range(start, start + len(words))):
            return False
        for offset, word in enumerate(words):
            if start + offset == at_nonce:
                self._nonce = word
            else:
                self._controller.guard.hear(word, self._clock_ms())
        return True

    def _hot(self) -> tuple[int, list[int]]:
        controller, record = self._controller, self._controller.record
        values = {
            "nonce": self._nonce,
            "state": controller.state,
            "fault": controller.fault,
            "sensors": _sensor_bits(controller),
            "weight_g": controller.sensors.weight_g,
            "boots": record.boots,
            "totaliser": record.totaliser,
            "taken": record.taken,
            "sorted": record.sorted,
            "counted": record.counted,
            "back": record.back,
            "answer": controller.answer,
            "beat_echo": controller.guard.beat,
            "cause": controller.cause,
        }
        for number in range(1, BINS + 1):
            measured = percent_of(controller.bin_mm(number), controller.calibration.empty_mm(number))
            values[f"bin_{number}_percent"] = self._levels[number - 1].look(measured, self._clock_ms())
        return registers.HOT_START, _words(values, registers.HOT_START, registers.HOT_COUNT)

    def _inputs(self) -> tuple[int, list[int]]:
        controller, sensors, record, trial = self._controller, self._controller.sensors, self._controller.record, self._controller.trial
        values = {
            "map_version": registers.MAP_VERSION,
            "firmware": VERSION,
            "controller_id": self._controller_id,
            "bins": BINS,
            "motor_ma": sensors.motor_ma,
            "supply_mv": sensors.supply_mv,
            "temperature_dk": sensors.temperature_dk,
            "sorter_bin": sensors.sorter_bin,
            "drops_visit": record.totaliser - record.drops_test - record.drops_manual,
            "drops_test": record.drops_test,
            "drops_manual": record.drops_manual,
            "test_result": trial.result,
            "test_out_ms": trial.out_ms,
            "test_out_ma": trial.out_ma,
            "test_back_ms": trial.back_ms,
            "test_back_ma": trial.back_ma,
            "held": controller.hold.ended,
            "lamp_now_percent": controller.lamp_percent,
            "watchdog_now_ms": controller.guard.watchdog_ms,
            "scale_felt_g": controller.felt_g + registers.ZERO_AT,
            "scale_zero_now": controller.calibration.values[0],
            "scale_span_now": controller.calibration.values[1],
        }
        for number in range(1, BINS + 1):
            values[f"bin_{number}_mm"] = controller.bin_mm(number)
            values[f"bin_{number}_empty_now_mm"] = controller.calibration.empty_mm(number)
        return registers.IDENTITY_START, _words(
            values, registers.IDENTITY_START, registers.IDENTITY_COUNT + registers.HEALTH_COUNT + registers.CALIBRATION_COUNT
        )


def percent_of(bin_mm: int, empty_mm: int) -> int:
    """How full a bin is, from the distance down to what lies in it."""
    share = 100 * (empty_mm - bin_mm) // (empty_mm - BIN_FULL_MM)
    return min(100, max(0, share))


def _sensor_bits(controller: Controller) -> int:
    sensors = controller.sensors
    bits = (
        (sensors.occupied, registers.OCCUPIED),
        (controller.steady, registers.STEADY),
        (sensors.metal, registers.METAL),
        (sensors.gate_shut, registers.GATE_SHUT),
        (sensors.entry_beam, registers.ENTRY_BEAM),
        (sensors.drop_beam, registers.DROP_BEAM),
        (sensors.flap_locked, registers.FLAP_LOCKED),
        (controller.hand, registers.HAND),
        (sensors.door_open, registers.DOOR_OPEN),
        (controller.guard.beating, registers.BEATING),
        (sensors.gate_open, registers.GATE_OPEN),
    )
    return sum(bit for seen, bit in bits if seen)


def _words(values: dict[str, int], start: int, count: int) -> list[int]:
    """A sensor beyond what its register can hold is shown at the end of the range."""
    words = [0] * count
    for name, value in values.items():
        register = registers.BY_NAME[name]
        held = min(register.high, max(register.low, value))
        words[register.address - start : register.address - start + register.words] = registers.pack(name, held)
    return words


def _frame_length(buffer: bytes, start: int) -> int:
    """The length of the request that begins at ``start``, 0 if none can, or ``_MORE`` if too little of it is there."""
    here = len(buffer) - start
    if here < 4:
        return _MORE
    function = buffer[start + 1]
    if function in _BYTE_COUNT_AT:
        at = _BYTE_COUNT_AT[function]
        if here <= at:
            return _MORE
        length = at + 3 + buffer[start + at]
    elif 1 <= function <= 6:
        length = 8
    else:
        length = here if function < 0x80 else 0
    if length > MAX_FRAME:
        return 0
    return length if length <= here else _MORE


def _word(pdu: bytes, at: int) -> int:
    return (pdu[at] << 8) | pdu[at + 1]


def _registers(function: int, words: list[int]) -> bytes:
    return bytes([function, 2 * len(words)] + [byte for word in words for byte in (word >> 8, word & 0xFF)])


def _exception(function: int, code: int) -> bytes:
    return bytes((function | 0x80, code))
