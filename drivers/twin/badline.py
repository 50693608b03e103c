"""What a bad line does to requests and answers: each fault for some frames, or for a share of all; and noise that hits any byte.

No port lives here: ``line.py`` sends what is left, and so may whoever joins kiosk and controller without a wire. The same seed gives
the same luck.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from drivers.twin.actions import BadAnswer, LineFault, LineRate, LineRight, LineTrouble, Noise


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back, and how late."""

    late_ms: int
    data: bytes


class BadLine:
    """A right one at first. A request is what one read of the line brings: the masters of this bus ask one thing at a time."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)
        self._left = dict.fromkeys(BadAnswer, 0)
        self._permille = dict.fromkeys(BadAnswer, 0)
        self._noise_permille = 0
        self._late_ms = 0

    def act(self, action: LineTrouble) -> None:
        match action:
            case LineFault(fault, frames, late_ms):
                self._left[fault] += frames
                self._late_ms = late_ms or self._late_ms
            case LineRate(fault, permille, late_ms):
                self._permille[fault] = permille
                self._late_ms = late_ms or self._late_ms
            case Noise(permille):
                self._noise_permille = permille
            case LineRight():
                self._left = dict.fromkeys(BadAnswer, 0)
                self._permille = dict.fromkeys(BadAnswer, 0)
                self._noise_permille = 0

    def carry(self, request: bytes, feed: Callable[[bytes], bytes]) -> list[Reply]:
        """Brings a request to ``feed``, unless it is lost, and gives what of the answers comes back."""
        if self._meets(BadAnswer.LOSE):
            return []
        times = 2 if self._meets(BadAnswer.DOUBLE) else 1
        answers = [feed(self._noisy(request)) for _ in range(times)]
        mute = self._meets(BadAnswer.MUTE)
        return [self._back(answer) for answer in answers if answer and not mute]

    def _back(self, answer: bytes) -> Reply:
        at = self._chance.randrange(len(answer))
        if self._meets(BadAnswer.GARBLE):
            answer = self._flipped(answer, at)
        if self._meets(BadAnswer.DROP):
            answer = answer[:at] + answer[at + 1 :]
        if self._meets(BadAnswer.TWICE):
            answer = answer[: at + 1] + answer[at:]
        if self._meets(BadAnswer.SHORT):
            answer = answer[: len(answer) // 2]
        return Reply(self._late_ms if self._meets(BadAnswer.LATE) else 0, self._noisy(answer))

    def _meets(self, fault: BadAnswer) -> bool:
        """One of those that are counted, which uses it up, or bad luck."""
        if self._left[fault]:
            self._left[fault] -= 1
            return True
        return self._unlucky(self._permille[fault])

    def _unlucky(self, permille: int) -> bool:
        return permille > 0 and self._chance.randrange(1000) < permille

    def _noisy(self, data: bytes) -> bytes:
        if not self._noise_permille:
            return data
        return b"".join(self._hit(data, at) if self._unlucky(self._noise_permille) else data[at : at + 1] for at in range(len(data)))

    def _hit(self, data: bytes, at: int) -> bytes:
        """A byte with a bit changed, none, or twice the byte."""
        byte = data[at : at + 1]
        return self._chance.choice((self._flipped(byte, 0), b"", byte + byte))

    def _flipped(self, data: bytes, at: int) -> bytes:
        return data[:at] + bytes((data[at] ^ 1 << self._chance.randrange(8),)) + data[at + 1 :]
