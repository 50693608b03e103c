"""The twin's ticket printer: a second pseudo-terminal on which it speaks the ESC/POS that a ticket needs, its paper, cover and plug, and what came out.

It reads the language by itself, from Epson's reference, and not by way of ``drivers/printer``. In the state folder::

    printer          a link to its pseudo-terminal; gone while it is unplugged
    tickets/0001.pbm what was printed and cut, 1 is black (netpbm's P4); a ticket that broke off lies there as 0002-torn.pbm
"""

import os
import tty
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from drivers.twin.actions import Answering, Cover, HoldSheet, Manner, Plug, PrinterDeed, Reel, Roll
from drivers.twin.line import READ_BYTES, point

NOISE = b"\xff\x00\x8a\x41"


class Pressing:
    """The printer without its plug: bytes in, answers out. ``tickets``: folder of what came out."""

    def __init__(self, tickets: Path) -> None:
        self._tickets = tickets
        self._buffer = bytearray()
        self._rows = bytearray()
        self._stride = 0
        self._due: list[Reel | Cover | Plug] = []
        self.roll = Roll.ENOUGH
        self.cover_open = False
        self.manner = Manner.RIGHT
        self.plugged = True

    def act(self, deed: PrinterDeed | HoldSheet) -> None:
        match deed:
            case HoldSheet():
                # it is in somebody's hands; where there is a camera, the twin's process shows it there
                pass
            case Reel(after=after) | Cover(after=after) | Plug(after=after) if after:
                self._due.append(deed)
            case Reel(roll):
                self.roll = roll
            case Cover(is_open):
                self.cover_open = is_open
            case Plug(is_in):
                self.plugged = is_in
                if not is_in:
                    # what was in its memory is gone with the current
                    self._buffer.clear()
                    self._tear()
            case Answering(manner):
                self.manner = manner

    def feed(self, data: bytes) -> bytes:
        """What it answers. DLE is heeded at once, all else in its turn, and not while it cannot print."""
        answer = b""
        for byte in data:
            self._buffer.append(byte)
            answer += self._at_once()
        answer += self._in_turn()
        if self.manner is Manner.SILENT:
            return b""
        return NOISE[: len(answer)] if self.manner is Manner.GARBAGE else answer

    @property
    def waits(self) -> bool:
        """Whether it prints nothing now."""
        return self.cover_open or self.roll is Roll.OUT or not self.plugged

    def _at_once(self) -> bytes:
        tail = bytes(self._buffer[-10:])
        if tail.endswith(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"):
            self._buffer.clear()
            self._tear()
            return b"\x37\x25\x00"
        if len(tail) >= 3 and tail[-3:-1] == b"\x10\x04" and 1 <= tail[-1] <= 4 and not self._within_picture():
            del self._buffer[-3:]
            return bytes((self._status(tail[-1]),))
        return b""

    def _within_picture(self) -> bool:
        """Whether what came last are dots: 10 04 01 may be some. (A real printer heeds them all the same, which is why it is asked between bands alone.)"""
        return self._buffer.startswith(b"\x1dv0") and len(self._buffer) <= self._picture_bytes()

    def _picture_bytes(self) -> int:
        if len(self._buffer) < 8:
            return 8
        return 8 + int.from_bytes(self._buffer[4:6], "little") * int.from_bytes(self._buffer[6:8], "little")

    def _status(self, n: int) -> int:
        out = self.roll is Roll.OUT and not self.cover_open
        match n:
            case 1:
                return 0x12 | (0x08 if self.waits else 0)
            case 2:
                return 0x12 | (0x04 if self.cover_open else 0) | (0x20 if out else 0)
            case 4:
                return 0x12 | (0x0C if self.roll is not Roll.ENOUGH else 0) | (0x60 if out else 0)
            case _:
                return 0x12

    def _in_turn(self) -> bytes:
        answer = b""
        while self._buffer and not self.waits:
            length, told = self._command(bytes(self._buffer[:8]))
            if length == 0 or len(self._buffer) < length:
                break
            if self._buffer.startswith(b"\x1dv0") and not self._print(bytes(self._buffer[:length])):
                break
            del self._buffer[:length]
            answer += told
        return answer

    def _command(self, head: bytes) -> tuple[int, bytes]:
        """How long the command at the head is, 0 while that is not known yet, and what is answered to it. It is carried out, but for a picture."""
        match head[:2]:
            case b"\x1b@":
                return 2, b""
            case b"\x1da":
                return 3, b""
            case b"\x1dr":
                return 3, bytes((0x03 if self.roll is Roll.LOW else 0,))
            case b"\x1dV":
                if len(head) >= 4:
                    self._cut()
                return 4, b""
            case b"\x1dv":
                return self._picture_bytes() if len(head) == 8 else 0, b""
            case b"\x1b" | b"\x1d":
                return 0, b""
            case _:
                return 1, b""

    def _print(self, picture: bytes) -> bool:
        """Row by row, until something that was to happen after so many rows does. False: the rest of the picture stays."""
        stride = int.from_bytes(picture[4:6], "little")
        rows = len(picture[8:]) // stride
        self._stride = stride
        for row in range(rows):
            self._rows += picture[8 + row * stride : 8 + (row + 1) * stride]
            if self._happens():
                left = rows - row - 1
                rest = picture[:6] + left.to_bytes(2, "little") + picture[8 + (row + 1) * stride :] if left else b""
                self._buffer[: len(picture)] = rest
                return False
        return True

    def _happens(self) -> bool:
        """One row more has been printed. Whether it prints no further."""
        due, self._due = self._due, []
        for deed in due:
            left = replace(deed, after=deed.after - 1)
            if left.after:
                self._due.append(left)
            else:
                self.act(left)
        return self.waits

    def _cut(self) -> None:
        self._keep("")

    def _tear(self) -> None:
        """What hangs there is pulled off."""
        self._keep("-torn")

    def _keep(self, name: str) -> None:
        if not self._rows:
            return
        self._tickets.mkdir(exist_ok=True)
        number = 1 + sum(1 for _ in self._tickets.glob("*.pbm"))
        head = f"P4\n{8 * self._stride} {len(self._rows) // self._stride}\n".encode()
        new = self._tickets / f"{number:04}{name}.new"
        new.write_bytes(head + self._rows)
        new.replace(new.with_suffix(".pbm"))
        self._rows.clear()


class PrinterPty:
    """Its plug: a pseudo-terminal while it is in. ``descriptor`` is what to wait for, None while it is out; each plug is another one."""

    def __init__(self, state: Path) -> None:
        self._link = state / "printer"
        self._ends: tuple[int, int] | None = None
        self.pressing = Pressing(state / "tickets")
        self._plug()

    @property
    def descriptor(self) -> int | None:
        return None if self._ends is None else self._ends[0]

    @property
    def path(self) -> str:
        """The pseudo-terminal's own name."""
        return "" if self._ends is None else os.ttyname(self._ends[1])

    def act(self, deed: PrinterDeed) -> None:
        self.pressing.act(deed)
        self._plug()

    def serve(self) -> None:
        """Takes what has come while it has room, and answers. Without paper it takes nothing but questions; this one's memory has no end."""
        if self._ends is None:
            return
        with suppress(BlockingIOError):
            request = os.read(self._ends[0], READ_BYTES)
            answer = self.pressing.feed(request)
            if answer and self.pressing.plugged:
                os.write(self._ends[0], answer)
        self._plug()

    def close(self) -> None:
        if self._ends is not None:
            for end in self._ends:
                os.close(end)
            self._ends = None
            self._link.unlink(missing_ok=True)

    def _plug(self) -> None:
        if not self.pressing.plugged:
            self.close()
        elif self._ends is None:
            self._ends = os.openpty()
            tty.setraw(self._ends[1])
            os.set_blocking(self._ends[0], False)
            point(self._link, f"/proc/{os.getpid()}/fd/{self._ends[1]}")
