"""A controller's Modbus server on a bench, and requests as a client sends them. Runs under MicroPython as well."""

import os
import struct

from firmware import registers
from firmware.server import Server, crc16, framed
from wires.bench import Bench

CONTROLLER_ID = 0x5457494E_00C0FFEE
BENCH_BEAT = 1
"""The beat that the bench has written in its one tick."""


class Wire:
    """``send`` gives bytes to the server after some silence; the others ask one question and check the answer's frame."""

    def __init__(self, folder: "os.PathLike[str] | str") -> None:
        self.bench = Bench(folder)
        self.server = Server(self.bench.controller, CONTROLLER_ID, self.bench.clock)

    def send(self, data: bytes, after_ms: int = 5) -> bytes:
        self.bench.clock.now += after_ms
        return self.server.feed(data)

    def ask(self, function: int, *words: int, values: "list[int] | None" = None) -> bytes:
        """The answer's bytes without unit and CRC, both checked."""
        answer = self.send(request(function, *words, values=values))
        assert crc16(answer) == 0
        assert answer[0] == registers.UNIT
        return answer[1:-2]

    def registers(self, function: int, *words: int, values: "list[int] | None" = None) -> "list[int]":
        answer = self.ask(function, *words, values=values)
        assert answer[0] == function
        assert answer[1] == len(answer) - 2
        return list(struct.unpack(f">{answer[1] // 2}H", answer[2:]))

    def value(self, name: str) -> int:
        """One hot or input register."""
        register = registers.BY_NAME[name]
        return registers.unpack(name, self.registers(4, register.address, register.words), register.address)


def request(function: int, *words: int, values: "list[int] | None" = None, unit: int = registers.UNIT) -> bytes:
    body = bytes((unit, function)) + struct.pack(f">{len(words)}H", *words)
    if values is not None:
        body += bytes((2 * len(values),)) + struct.pack(f">{len(values)}H", *values)
    return framed(body)


def beat_and_read(nonce: int, beat: int) -> bytes:
    """What the driver asks again and again."""
    return request(23, registers.HOT_START, registers.HOT_COUNT, registers.BEAT_START, 2, values=[nonce, beat])


def command(code: int, argument: int, sequence: int) -> bytes:
    """What the driver writes to make something move."""
    values = [code, argument, sequence >> 16, sequence & 0xFFFF]
    return request(16, registers.COMMAND_START, registers.COMMAND_COUNT, values=values)
