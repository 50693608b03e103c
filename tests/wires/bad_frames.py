"""A server under bad frames: what no line may do to it, frame after frame. Runs under MicroPython as well."""

from firmware import registers
from firmware.registers import CMD_SORT, UNIT
from firmware.server import SILENCE_MS, crc16, framed
from wires.bench import Chance
from wires.wire import Wire, beat_and_read, command, request

FUNCTIONS = (0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 22, 23, 43, 0x7F, 0x81, 0x90, 0xFF)


class BadLine:
    """Sends one bad frame after the other, and holds the server to what it must do all the same.

    ``heard`` is all that came since the last silence: a command may only be taken if its frame stands in there, whole. A good frame
    that a silence sets apart has its effect; one right after a bad one may, by chance, lend it the byte that it lacked.
    """

    def __init__(self, wire: Wire, seed: int) -> None:
        self._wire = wire
        self._chance = Chance(seed)
        self._heard = b""
        self.answered = 0
        self.taken = 0

    def upset(self, times: int) -> None:
        """So many bad frames. AssertionError if one of them has an effect, or keeps a good one after it from having its own."""
        for number in range(times):
            self._say(self._bad_frame())
            if self._chance.below(32) == 0:
                self._command()
            if self._chance.below(3) == 0:
                self._ask(number & 0xFFFF)
        self._ask(0)

    def _say(self, data: bytes) -> bytes:
        """In one piece or two, soon after the last or after a silence."""
        cut = self._chance.below(len(data) + 1)
        answer = b""
        silence_ms = self._chance.one_of((1, 5, SILENCE_MS + 1))
        for piece in (data[:cut], data[cut:]):
            self._heard = piece if silence_ms > SILENCE_MS else self._heard + piece
            taken = self._wire.bench.controller.record.taken
            answer += self._wire.send(piece, after_ms=silence_ms)
            silence_ms = 1
            self._hold_to_whole_commands(taken)
        return answer

    def _hold_to_whole_commands(self, before: int) -> None:
        taken = self._wire.bench.controller.record.taken
        if taken != before:
            self.taken += 1
            assert self._frame_of(taken) in self._heard, (taken, self._heard)
        assert self._wire.bench.driven() == []

    def _ask(self, nonce: int) -> None:
        """A good question is answered with its own nonce. It is also the beat, or no command would be taken."""
        question = beat_and_read(nonce, nonce)
        answer = self._say(question)
        if self._heard == question:
            size = 5 + 2 * registers.HOT_COUNT
            assert crc16(answer) == 0, answer
            assert answer[:5] == bytes((UNIT, 23, size - 5, nonce >> 8, nonce & 0xFF)), answer
            self.answered += 1

    def _command(self) -> None:
        """A good Sort on the empty chamber is taken, and moves nothing; unless the silences have outlasted the watchdog."""
        sequence = self._wire.bench.controller.record.taken + 1
        frame = self._frame_of(sequence)
        self._say(frame)
        if self._heard == frame and not self._wire.bench.controller.guard.unsafe:
            assert self._wire.bench.controller.record.taken == sequence

    def _frame_of(self, sequence: int) -> bytes:
        return command(CMD_SORT, 1 + sequence % 2, sequence)

    def _bad_frame(self) -> bytes:
        good = self._some_frame()
        bad = self._spoilt(good)
        return bad if good not in bad else good[1:]

    def _spoilt(self, good: bytes) -> bytes:
        kind = self._chance.below(8)
        at = self._chance.below(len(good))
        if kind == 0:
            return self._noise(self._chance.below(300))
        if kind == 1:
            return self._flipped(good, 1 + self._chance.below(3))
        if kind == 2:
            return good[:at]
        if kind == 3:
            return good[:at] + good[at : at + 1] + good[at:]
        if kind == 4:
            return framed(bytes((self._chance.one_of((0, 2, 17, 247, 255)),)) + good[1:-2])
        if kind == 5:
            return self._wrong_length(good)
        if kind == 6:
            return good[at:]
        # a right CRC around nonsense
        return framed(bytes((UNIT, self._chance.one_of(FUNCTIONS))) + self._noise(self._chance.below(40)))

    def _some_frame(self) -> bytes:
        """One that is fit to be spoilt. Among them are commands that would be taken."""
        kind = self._chance.below(5)
        if kind == 0:
            return request(3, 0, registers.HOT_COUNT)
        if kind == 1:
            return request(4, registers.IDENTITY_START, registers.IDENTITY_COUNT)
        if kind == 2:
            return request(16, registers.SETTINGS_START, 2, values=[self._chance.below(200), self._chance.below(65536)])
        if kind == 3:
            return beat_and_read(self._chance.below(65536), self._chance.below(65536))
        return self._frame_of(self._wire.bench.controller.record.taken + 1 + self._chance.below(300))

    def _flipped(self, good: bytes, times: int) -> bytes:
        """CRC-16 sees any three turned bits in a frame of this length."""
        bad = bytearray(good)
        for _ in range(times):
            bad[self._chance.below(len(bad))] ^= 1 << self._chance.below(8)
        return bytes(bad)

    def _wrong_length(self, good: bytes) -> bytes:
        """Counts that lie, with a right CRC."""
        body = bytearray(good[:-2])
        body[5] = self._chance.one_of((0, 1, 2, 3, 5, 121, 126, 255))
        if self._chance.below(2):
            body[4] = self._chance.below(256)
        if self._chance.below(2):
            body[-1:] = self._noise(self._chance.below(8))
        if len(body) > 6 and self._chance.below(2):
            body[6] = self._chance.below(256)
        return framed(bytes(body))

    def _noise(self, length: int) -> bytes:
        return bytes([self._chance.below(256) for _ in range(length)])
