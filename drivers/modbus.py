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
logs each failure, on standard error if nobody listens          its facts are in the exception; its log is kept to critical
==============================================================  =====================================================

No thread, no polling and no repetition live here: ``drivers/intake.py``.
"""

import logging
import secrets
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

import serial
from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ModbusPDU

from config.vocabulary import SequenceNumber
from drivers.bus import Command, CommandCode, ControllerFault, ControllerState, HotBlock, Identity, NoAnswer, PortGone, WrongController
from firmware import registers

BAUD: Final = 115_200
READ_INPUT, WRITE_MANY, READ_WRITE = 4, 16, 23
"""Function codes of the Modbus application protocol, V1.1b3 section 6."""

DRAIN_WINDOWS: Final = 5
"""A line that was not silent for one time-out in this many is given up and opened anew."""

DRAIN_BYTES: Final = 4096
"""More than 115200 baud can bring in one time-out, so that one read lasts a whole window."""


class ModbusBus:
    """One serial port with one controller on it. For one thread; ``timeout_s`` is the longest silence before an answer."""

    def __init__(self, port: Path, timeout_s: float = 0.2) -> None:
        self._port = port
        self._timeout_s = timeout_s
        self._link: tuple[ModbusSerialClient, serial.Serial] | None = None
        # Begins anywhere: an answer still under way to a program that died must not carry the first nonce of the next.
        self._nonce = secrets.randbits(16)

    def open(self) -> None:
        """Opens the port for this program alone, and empties what waited in it. Raises PortGone."""
        self.close()
        _keep_to_critical(logging.getLogger("pymodbus"))
        path, wait_s = str(self._port), self._timeout_s
        try:
            line = serial.Serial(path, baudrate=BAUD, timeout=wait_s, write_timeout=wait_s, exclusive=True)
        except (OSError, termios.error) as error:
            raise PortGone(path, str(error)) from error
        client = ModbusSerialClient(path, baudrate=BAUD, timeout=wait_s, retries=0)
        client.socket = line
        self._link = client, line
        try:
            line.reset_input_buffer()
        except (OSError, termios.error) as error:
            self._lose(error)

    def close(self) -> None:
        """Closes the port; nothing happens if it is closed."""
        if self._link is not None:
            _, line = self._link
            self._link = None
            line.close()

    def identity(self) -> Identity:
        """Who answers. Raises WrongController if it speaks another version of the register table, else BusError."""
        words = self._exchange(
            READ_INPUT,
            registers.IDENTITY_COUNT,
            lambda client: client.read_input_registers(registers.IDENTITY_START, count=registers.IDENTITY_COUNT, device_id=registers.UNIT),
        )
        try:
            return identity_of(words)
        except ValueError as error:
            self._refuse(str(error))

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

    def _exchange(self, function: int, count: int, ask: Callable[[ModbusSerialClient], ModbusPDU]) -> list[int]:
        """The ``count`` words of the answer to one question."""
        if self._link is None:
            raise PortGone(str(self._port), "not open")
        client, _ = self._link
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
        _, line = self._link
        try:
            for _ in range(DRAIN_WINDOWS):
                if not line.read(DRAIN_BYTES):
                    raise NoAnswer(detail)
        except (OSError, termios.error) as error:
            self._lose(error)
        self._lose(NoAnswer(f"the line is never silent; {detail}"))

    def _lose(self, error: BaseException) -> NoReturn:
        self.close()
        raise PortGone(str(self._port), str(error)) from error


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
        occupied=bool(sensors & registers.OCCUPIED),
        steady=bool(sensors & registers.STEADY),
        metal=bool(sensors & registers.METAL),
        gate_shut=bool(sensors & registers.GATE_SHUT),
        weight_g=value("weight_g"),
        boots=value("boots"),
        totaliser=value("totaliser"),
        taken=SequenceNumber(value("taken")),
        sorted=SequenceNumber(value("sorted")),
        counted=SequenceNumber(value("counted")),
        back=SequenceNumber(value("back")),
    )


def identity_of(words: list[int]) -> Identity:
    """The identity's words as values. WrongController before anything else is looked at; ValueError out of range."""

    def value(name: str) -> int:
        return registers.unpack(name, words, registers.IDENTITY_START)

    map_version = value("map_version")
    if map_version != registers.MAP_VERSION:
        raise WrongController(map_version, registers.MAP_VERSION)
    firmware, bins = value("firmware"), value("bins")
    return Identity(
        controller_id=value("controller_id"),
        firmware=(firmware >> 8, firmware & 0xFF),
        map_version=map_version,
        bins=bins,
        bin_percent=tuple(value(f"bin_{number}_percent") for number in range(1, bins + 1)),
    )


def words_of(command: Command) -> list[int]:
    """Command, argument and sequence for one write. ValueError for a Sort without a bin, or a sequence that is not one."""
    if (command.code is CommandCode.SORT) != (command.bin is not None):
        raise ValueError(f"{command.code.name} with bin {command.bin}: a Sort names a bin, nothing else does")
    argument = 0 if command.bin is None else command.bin
    return registers.pack("command", command.code) + registers.pack("argument", argument) + registers.pack("sequence", command.sequence)
