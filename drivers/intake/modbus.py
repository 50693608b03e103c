"""The ``Bus`` over Modbus RTU with pymodbus: frames to values, and every failure to ``PortGone`` or ``NoAnswer``.

What pymodbus does behind one's back, and what is done against it here:

==============================================================  =====================================================
pymodbus 3.16, synchronous, RTU                                 here
==============================================================  =====================================================
repeats a write up to four times                                retries off; the sequence makes a repeat harmless
takes a late answer for the next question's                     a nonce in each read; the line is drained after a failure
takes an answer to another function, or one that is too short   function, unit and length are compared
opens a lost port again by itself, whoever answers there now    a lost port stays closed until ``open``; then ``identity``
says nothing of why a port did not open                         the port is opened here and handed over
takes an adapter's echo for the answer, unless told of it       what begins with the question itself is an echo, and let go
says "no response" of whatever came                             its bytes are kept, and told apart in ``heard.py``
takes a write that lasted for a lost port                       the answer tells: a process that stood still has written all of it
waits by the civil clock: set back, it waits as much longer     waits by the port's own time-out, in one sleep
logs each failure, on standard error if nobody listens          its facts are in the exception; its log is kept to critical
==============================================================  =====================================================

No thread, no polling and no repetition live here: ``drivers/intake/worker.py``.
"""

import errno
import logging
import os
import secrets
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

import serial
from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ModbusPDU

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import (
    Answer,
    Calibration,
    Came,
    Command,
    CommandCode,
    ControllerFault,
    ControllerHealth,
    ControllerState,
    FaultCause,
    Felt,
    HoldEnd,
    HotBlock,
    Identity,
    NeverSilent,
    NoAnswer,
    PortGone,
    PortTaken,
    Trial,
    TrialResult,
    WrongController,
)
from drivers.intake.heard import what_came
from firmware import registers

BAUD: Final = 115_200
READ_INPUT, WRITE_MANY, READ_WRITE = 4, 16, 23
"""Function codes of the Modbus application protocol, V1.1b3 section 6."""

FRAME_BYTES: Final = {READ_INPUT: 5, WRITE_MANY: 8, READ_WRITE: 5}
"""Bytes of a right answer beside those of the registers in it: unit, function, CRC, and a byte count or address and count."""

DRAIN_WINDOWS: Final = 5
"""A line that was not silent for one time-out in this many is given up and opened anew."""

TOLD_BYTES: Final = 24
"""Of what came instead of an answer, so many are told: enough to see by eye what it was."""

DRAIN_BYTES: Final = 4096
"""More than 115200 baud can bring in one time-out, so that one read lasts a whole window."""


class _Client(ModbusSerialClient):
    """pymodbus on a port that is already open, waiting in one sleep for as many bytes as a right answer has."""

    def __init__(self, line: serial.Serial, timeout_s: float) -> None:
        super().__init__(str(line.name), baudrate=BAUD, timeout=timeout_s, retries=0)
        self.socket = line
        self.answer_bytes = 0
        self.question = self.heard = b""
        self.echoes = False

    def send(self, request: bytes, addr: tuple[str, int] | None = None) -> int:
        self.question, self.heard = request, b""
        try:
            return super().send(request, addr)
        except ConnectionException as error:
            if not isinstance(error.__context__, serial.SerialTimeoutException):
                raise
            # pyserial looks at the time only after it has written: whether the question is out, the answer tells
            return len(request)

    def recv(self, size: int | None) -> bytes:
        """What came within the port's time-out, at most a whole answer. pymodbus parses it, and asks again while it is not complete."""
        if self.socket is None:
            raise ConnectionException("not open")
        came = self.socket.read(size or self.answer_bytes)
        if not self.heard and came and self._begins_as_the_question(came):
            came = self._behind_the_echo(self.socket, came)
        self.heard += came
        return came

    def _begins_as_the_question(self, came: bytes) -> bool:
        return self.question.startswith(came[: len(self.question)])

    def _behind_the_echo(self, line: serial.Serial, came: bytes) -> bytes:
        """Without the question that a two-wire adapter hears itself ask. No right answer begins with all of it: see ``test_heard.py``."""
        came += line.read(max(0, len(self.question) - len(came)))
        if not came.startswith(self.question):
            return came
        self.echoes = True
        answer = came[len(self.question) :]
        return answer + line.read(max(0, self.answer_bytes - len(answer)))


def _reason(error: Exception) -> str:
    """The system's own words; pyserial wraps them in the port's name and a number, once or twice."""
    causes = (error, error.__context__)
    numbers = (cause.args[0] for cause in causes if isinstance(cause, OSError | termios.error) and cause.args)
    return next((os.strerror(number) for number in numbers if isinstance(number, int)), str(error))


class ModbusBus:
    """One serial port with one controller on it. For one thread; ``timeout_s`` is the longest silence before an answer."""

    def __init__(self, port: Path, timeout_s: float = 0.2) -> None:
        self._port = port
        self._timeout_s = timeout_s
        self._link: tuple[_Client, serial.Serial] | None = None
        # Begins anywhere: an answer still under way to a program that died must not carry the first nonce of the next.
        self._nonce = secrets.randbits(16)

    def open(self) -> None:
        """Opens the port for this program alone, and empties what waited in it. Raises PortGone."""
        self.close()
        _keep_to_critical(logging.getLogger("pymodbus"))
        line = self._open_port()
        self._link = _Client(line, self._timeout_s), line
        try:
            line.reset_input_buffer()
        except (OSError, termios.error) as error:
            self._lose(error)

    def _open_port(self) -> serial.Serial:
        path, wait_s = str(self._port), self._timeout_s
        try:
            return serial.Serial(path, baudrate=BAUD, timeout=wait_s, write_timeout=wait_s, exclusive=True)
        except (OSError, termios.error) as error:
            taken = isinstance(error, OSError) and error.errno in (errno.EAGAIN, errno.EBUSY)
            raise (PortTaken if taken else PortGone)(path, _reason(error)) from error

    @property
    def echoes(self) -> bool:
        """Whether the adapter gives back what is asked: seen since the port was opened."""
        return self._link is not None and self._link[0].echoes

    def close(self) -> None:
        """Closes the port; nothing happens if it is closed."""
        if self._link is not None:
            _, line = self._link
            self._link = None
            line.close()

    def identity(self) -> Identity:
        """Who answers. Raises WrongController if it speaks another version of the register table, else BusError."""
        words = self._read_input(registers.IDENTITY_START, registers.IDENTITY_COUNT)
        try:
            return identity_of(words)
        except ValueError as error:
            self._refuse(str(error))

    def health(self) -> ControllerHealth:
        """What a technician wants to know. Raises BusError."""
        words = self._read_input(registers.HEALTH_START, registers.HEALTH_COUNT)
        try:
            return health_of(words)
        except ValueError as error:
            self._refuse(str(error))

    def light(self, percent: int) -> None:
        """Sets the chamber's lamp. Raises BusError; ValueError beyond 0 to 100."""
        self._set("lamp_percent", percent)

    def darken(self, for_ms: int) -> None:
        """The chamber's lamp off for so long; the controller lights it again by itself. Raises BusError; ValueError beyond 0 to 2000."""
        self._set("dark_ms", for_ms)

    def hold(self, sequence: int) -> None:
        """The Hold of this sequence goes on for some 400 ms more; 0 ends the one that goes on at once. Raises BusError."""
        self._set("hold", sequence & registers.U16)

    def felt(self) -> Felt:
        """What the scale feels, and what scale and bins are set to. Raises BusError."""
        words = self._read_input(registers.CALIBRATION_START, registers.CALIBRATION_COUNT)
        try:
            return felt_of(words)
        except ValueError as error:
            self._refuse(str(error))

    def calibrate(self, calibration: Calibration) -> None:
        """Sets scale and bins, all at once. Raises BusError; ValueError for what no cell or bin can be."""
        values = words_of_calibration(calibration)
        address = registers.CALIBRATE_START
        self._exchange(WRITE_MANY, 0, lambda client: client.write_registers(address, values, device_id=registers.UNIT))

    def _set(self, name: str, value: int) -> None:
        """One register, one write. Raises BusError; ValueError beyond its range."""
        values, address = registers.pack(name, value), registers.BY_NAME[name].address
        self._exchange(WRITE_MANY, 0, lambda client: client.write_registers(address, values, device_id=registers.UNIT))

    def read(self, beat: int) -> HotBlock:
        """The hot block now; ``beat`` (16 bits) is written in the same frame. Raises BusError."""
        self._nonce = (self._nonce + 1) & registers.U16
        written = registers.pack("nonce_in", self._nonce) + registers.pack("beat", beat)
        words = self._exchange(
            READ_WRITE,
            registers.HOT_COUNT,
            lambda client: client.readwrite_registers(
                read_address=registers.HOT_START,
                read_count=registers.HOT_COUNT,
                write_address=registers.BEAT_START,
                values=written,
                device_id=registers.UNIT,
            ),
        )
        try:
            answered = registers.unpack("nonce", words, registers.HOT_START)
            if answered != self._nonce:
                self._refuse(f"answer to question {answered}, asked was {self._nonce}")
            return hot_block_of(words)
        except ValueError as error:
            self._refuse(str(error))

    def write(self, command: Command) -> None:
        """One frame with one command. NoAnswer leaves open whether it arrived: the next reads tell, and it may be repeated."""
        values = words_of(command)
        self._exchange(WRITE_MANY, 0, lambda client: client.write_registers(registers.COMMAND_START, values, device_id=registers.UNIT))

    def _read_input(self, start: int, count: int) -> list[int]:
        return self._exchange(READ_INPUT, count, lambda client: client.read_input_registers(start, count=count, device_id=registers.UNIT))

    def _exchange(self, function: int, count: int, ask: Callable[[ModbusSerialClient], ModbusPDU]) -> list[int]:
        """The ``count`` words of the answer to one question."""
        if self._link is None:
            raise PortGone(str(self._port), "not open")
        client, _ = self._link
        client.answer_bytes = FRAME_BYTES[function] + 2 * count
        try:
            answer = ask(client)
        except ConnectionException as error:
            self._lose(error.__context__ or error)
        except (OSError, termios.error) as error:
            self._lose(error)
        except ModbusException as error:
            self._refuse(f"nothing right within {self._timeout_s} s: {error}")
        if answer.isError():
            self._refuse(f"refused: {answer}")
        if answer.function_code != function or answer.dev_id != registers.UNIT:
            self._refuse(f"answer to function {answer.function_code} of unit {answer.dev_id}, asked was {function} of {registers.UNIT}")
        words = list(answer.registers)
        if len(words) != count:
            self._refuse(f"answer of {len(words)} registers, asked were {count}")
        return words

    def _refuse(self, detail: str) -> NoReturn:
        """Waits until the line has been silent for one time-out: what is late must not answer the next question."""
        if self._link is None:
            raise PortGone(str(self._port), f"not open; {detail}")
        client, line = self._link
        heard = client.heard
        try:
            for _ in range(DRAIN_WINDOWS):
                if not (late := line.read(DRAIN_BYTES)):
                    raise _no_answer(detail, client, heard)
                heard += late
        except (OSError, termios.error) as error:
            self._lose(error)
        self.close()
        raise NeverSilent(str(self._port), f"the line is never silent; {detail}")

    def _lose(self, error: BaseException) -> NoReturn:
        self.close()
        raise PortGone(str(self._port), str(error)) from error


def _no_answer(detail: str, client: _Client, heard: bytes) -> NoAnswer:
    came, unit = what_came(client.question, heard)
    if came is Came.NOTHING and client.echoes:
        came = Came.ECHO
    told = f"; heard {heard[:TOLD_BYTES].hex(' ')}" if heard else ""
    return NoAnswer(f"{detail} ({came}{told})", came, heard, unit)


def _keep_to_critical(logger: logging.Logger) -> None:
    """Unless somebody has set this log's level to see more of it."""
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)


def hot_block_of(words: list[int]) -> HotBlock:
    """The hot block's words as values. ValueError where one is out of the range that the register table allows."""

    def value(name: str) -> int:
        return registers.unpack(name, words, registers.HOT_START)

    sensors = value("sensors")
    return HotBlock(
        state=ControllerState(value("state")),
        fault=ControllerFault(value("fault")),
        cause=FaultCause(value("cause")),
        occupied=bool(sensors & registers.OCCUPIED),
        steady=bool(sensors & registers.STEADY),
        metal=bool(sensors & registers.METAL),
        gate_shut=bool(sensors & registers.GATE_SHUT),
        gate_open=bool(sensors & registers.GATE_OPEN),
        entry_beam=bool(sensors & registers.ENTRY_BEAM),
        drop_beam=bool(sensors & registers.DROP_BEAM),
        flap_locked=bool(sensors & registers.FLAP_LOCKED),
        hand=bool(sensors & registers.HAND),
        door_open=bool(sensors & registers.DOOR_OPEN),
        beating=bool(sensors & registers.BEATING),
        weight_g=value("weight_g"),
        boots=value("boots"),
        totaliser=value("totaliser"),
        taken=SequenceNumber(value("taken")),
        sorted=SequenceNumber(value("sorted")),
        counted=SequenceNumber(value("counted")),
        back=SequenceNumber(value("back")),
        answer=Answer(value("answer")),
        bin_percent=(value("bin_1_percent"), value("bin_2_percent")),
    )


def identity_of(words: list[int]) -> Identity:
    """The identity's words as values. WrongController before anything else is looked at; ValueError out of range."""

    def value(name: str) -> int:
        return registers.unpack(name, words, registers.IDENTITY_START)

    map_version, firmware = value("map_version"), value("firmware")
    program = firmware >> 8, firmware & 0xFF
    if map_version != registers.MAP_VERSION:
        raise WrongController(map_version, registers.MAP_VERSION, program)
    return Identity(controller_id=value("controller_id"), firmware=program, map_version=map_version, bins=value("bins"))


def health_of(words: list[int]) -> ControllerHealth:
    """The health's words as values. ValueError out of range."""

    def value(name: str) -> int:
        return registers.unpack(name, words, registers.HEALTH_START)

    return ControllerHealth(
        bin_mm=(value("bin_1_mm"), value("bin_2_mm")),
        motor_ma=value("motor_ma"),
        supply_mv=value("supply_mv"),
        temperature_c=round(value("temperature_dk") / 10 - 273.15, 1),
        sorter_bin=Bin(value("sorter_bin")) or None,
        drops_visit=value("drops_visit"),
        drops_test=value("drops_test"),
        drops_manual=value("drops_manual"),
        trial=Trial(
            result=TrialResult(value("test_result")),
            out_ms=value("test_out_ms"),
            out_ma=value("test_out_ma"),
            back_ms=value("test_back_ms"),
            back_ma=value("test_back_ma"),
        ),
        lamp_percent=value("lamp_now_percent"),
        watchdog_ms=value("watchdog_now_ms"),
        held=HoldEnd(value("held")),
    )


def felt_of(words: list[int]) -> Felt:
    """What is felt, and the calibration's words, as values. ValueError out of range."""

    def value(name: str) -> int:
        return registers.unpack(name, words, registers.CALIBRATION_START)

    bins = value("bin_1_empty_now_mm"), value("bin_2_empty_now_mm")
    calibration = Calibration(value("scale_zero_now") - registers.ZERO_AT, value("scale_span_now") / registers.SPAN_ONE, bins)
    return Felt(value("scale_felt_g") - registers.ZERO_AT, calibration)


def words_of_calibration(calibration: Calibration) -> list[int]:
    """For one write. ValueError out of range."""
    first, second = calibration.bin_empty_mm
    values = {
        "scale_zero": calibration.zero_g + registers.ZERO_AT,
        "scale_span": round(calibration.span * registers.SPAN_ONE),
        "bin_1_empty_mm": first,
        "bin_2_empty_mm": second,
    }
    return [word for name, value in values.items() for word in registers.pack(name, value)]


def words_of(command: Command) -> list[int]:
    """Command, argument and sequence for one write. ValueError for a Sort without a bin, a Test without a part, a Hold without a motion, or no sequence."""
    named = {CommandCode.SORT: command.bin, CommandCode.TEST: command.part, CommandCode.HOLD: command.motion}
    if any((command.code is code) != (named[code] is not None) for code in named):
        raise ValueError(
            f"{command.code.name}, bin {command.bin}, part {command.part}, motion {command.motion}: a Sort names a bin, a Test a part and a "
            "Hold a motion, nothing else does"
        )
    argument = command.bin or command.part or command.motion or 0
    return registers.pack("command", command.code) + registers.pack("argument", argument) + registers.pack("sequence", command.sequence)
