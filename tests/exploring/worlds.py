"""Visitor, kiosk, wire, controller and ledger together: every event that may come next, and the world after it.

What one part does about one event is worked out by the real code once and remembered, for a few thousand such answers make up millions of
worlds.
"""

from collections.abc import Iterator

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import Actuator, Command, CommandCode
from drivers.printer.state import Paper, PrinterState
from exploring.books import State
from exploring.device import NEW
from exploring.device_side import DeviceSide, Move, named
from exploring.kiosk_side import OFF, KioskSide, Posted, told_of
from exploring.life import RULES
from exploring.world import MASK, ONE, Bounds, Numbers, Past, System, World, affords, all_of
from firmware import registers
from firmware.store import Record
from kiosk.deposit.events import GiveTo, LoanAsked, PrinterTold, RestChanged, ServiceAsked, ServiceEnded, StaffCame, StaffLeft, Touch
from kiosk.deposit.halts import Resting, RestMessage
from ledger.vocabulary import LedgerError

PICKS = tuple(GiveTo(association.id) for association in RULES.associations)

Next = Iterator[tuple[str, World]]
"""Events in the words of a history, and the worlds after them."""


class Worlds:
    def __init__(self, bounds: Bounds, system: System) -> None:
        self.bounds = bounds
        self.device_side = DeviceSide(system.machine)
        self.kiosk_side = KioskSide(system)
        self.pasts: Numbers[Past] = Numbers()
        self._frames: Numbers[Command] = Numbers()

    def first(self) -> World:
        """Nobody is there, and both sides are without power."""
        books = self.kiosk_side.books(State(allowed=self.bounds.bottles))
        return World(self.device_side.devices(NEW), 0, OFF, books, self.pasts(Past(self.bounds.bottles)), all_of(self.bounds))

    def after(self, world: World) -> Next:
        """Every event that may come next."""
        to_come = self.pasts.values[world.past].to_come
        for move in self.device_side.moves(world.device, to_come, bool(world.kiosk)):
            if affords(world.left, move.costs):
                yield move.label, self._moved(world, move)
        if world.wire:
            yield from self._on_the_wire(world)
        if world.left & MASK["strangers"]:
            yield from self._by_a_stranger(world)
        if not world.kiosk:
            yield "kiosk boots", world._replace(kiosk=self.kiosk_side.boot(world.books))
            return
        if world.left & MASK["kiosk_cuts"]:
            yield "kiosk loses power", world._replace(kiosk=OFF, left=world.left - ONE["kiosk_cuts"])
        yield from self._in_the_driver(world)
        yield from self._in_the_runner(world)
        yield from self._in_service(world)
        if world.left & MASK["prints"]:
            yield from self._at_the_printer(world._replace(left=world.left - ONE["prints"]))

    def knows(self, world: World) -> bool:
        """Whether the kiosk, if it has power, knows what its ledger holds, or will soon be told."""
        return not world.kiosk or self.kiosk_side.knows(world.kiosk, world.books)

    def counts_from(self, world: World) -> tuple[int, int]:
        """The highest sequence that the kiosk knows of, and the totaliser that it read last."""
        if not world.kiosk:
            return 0, 0
        session = self.kiosk_side.kiosk(world.kiosk).session
        return session.last_sequence, session.hot.totaliser if session.hot else 0

    def _moved(self, world: World, move: Move) -> World:
        past = world.past
        if move.facts or move.came:
            past = self.pasts(self.pasts.values[past].with_facts(move.facts, move.came))
        return World(move.device, world.wire, world.kiosk, world.books, past, world.left - move.costs)

    def _on_the_wire(self, world: World) -> Next:
        """A frame that was under way arrives."""
        for number, command in enumerate(self._frames.values):
            bit = 1 << number
            if world.wire & bit:
                for told in self.device_side.tell(world.device, command):
                    if affords(world.left, told.costs):
                        yield f"late {told.label}", self._moved(world, told)._replace(wire=world.wire & ~bit)

    def _by_a_stranger(self, world: World) -> Next:
        """Another master, or a kiosk that should not be there, gives an order."""
        device = self.device_side.devices.values[world.device]
        if not device.on:
            return
        following = SequenceNumber(Record(device.record).taken + 1)
        for command in (Command(CommandCode.SORT, following, Bin(1)), Command(CommandCode.OPEN, SequenceNumber(registers.U32))):
            for told in self.device_side.tell(world.device, command):
                if affords(world.left, told.costs):
                    yield (
                        f"another master's {told.label}",
                        self._moved(world, told)._replace(left=world.left - told.costs - ONE["strangers"]),
                    )

    def _in_service(self, world: World) -> Next:
        """Staff log in or out; a technician asks for the machine, or is done; a tool asks for the line, uses it without looking, or gives it back."""
        side, kiosk = self.kiosk_side, self.kiosk_side.kiosk(world.kiosk)
        session = kiosk.session
        if world.left & MASK["services"] and not session.service:
            asked = world._replace(left=world.left - ONE["services"])
            yield from self._posted(asked, "a technician asks for the machine", side.tell(world.kiosk, ServiceAsked()))
        if world.left & MASK["services"] and not session.staff:
            came = world._replace(left=world.left - ONE["services"])
            yield from self._posted(came, "staff log in", side.tell(world.kiosk, StaffCame()))
        if world.left & MASK["services"] and session.resting is None:
            rests = world._replace(left=world.left - ONE["services"])
            yield from self._posted(rests, "staff put the kiosk to rest", side.tell(world.kiosk, RestChanged(Resting(RestMessage.DESK))))
        if session.resting is not None:
            yield from self._posted(world, "staff take it up again", side.tell(world.kiosk, RestChanged(None)))
        if session.staff:
            yield from self._posted(world, "staff log out", side.tell(world.kiosk, StaffLeft()))
        if session.service:
            yield from self._posted(world, "the technician is done", side.tell(world.kiosk, ServiceEnded()))
        if world.left & MASK["loans"] and not (kiosk.lent or session.loan_asked):
            asked = world._replace(left=world.left - ONE["loans"])
            yield from self._posted(asked, "a tool asks for the line", side.tell(world.kiosk, LoanAsked()))
        if kiosk.lent:
            yield from self._posted(world, "the tool gives the line back", side.give_back(world.kiosk))
            yield "the tool reads", world._replace(device=self.device_side.read(world.device)[0])
            if world.left & MASK["orders"]:
                yield from self._by_the_tool(world._replace(left=world.left - ONE["orders"]))

    def _at_the_printer(self, world: World) -> Next:
        """It says that it is ready; what it was given comes out, or some of it does."""
        side, kiosk = self.kiosk_side, self.kiosk_side.kiosk(world.kiosk)
        if kiosk.session.printer is None:
            yield from self._posted(world, "the printer is ready", side.tell(world.kiosk, PrinterTold(PrinterState(Paper.ENOUGH))))
        if kiosk.to_print:
            given = kiosk.to_print[0]
            past = self.pasts.values[world.past]
            out = world._replace(past=self.pasts(past._replace(paper=(*past.paper, (given.voucher.code, given.copy)))))
            for whole, label in ((True, "is printed"), (False, "breaks off")):
                yield from self._posted(out, f"copy {given.copy} of {given.voucher.code} {label}", side.printed(world.kiosk, whole))

    def _by_the_tool(self, world: World) -> Next:
        device = self.device_side.devices.values[world.device]
        if not device.on:
            return
        following = SequenceNumber(Record(device.record).taken + 1)
        for command in (
            Command(CommandCode.OPEN, following),
            Command(CommandCode.RETURN, following),
            Command(CommandCode.TEST, following, part=Actuator.FLAP),
        ):
            for told in self.device_side.tell(world.device, command):
                if affords(world.left, told.costs):
                    yield f"the tool's {told.label}", self._moved(world, told)

    def _in_the_driver(self, world: World) -> Next:
        if self.kiosk_side.kiosk(world.kiosk).lent:
            return
        command = self.kiosk_side.writes(world.kiosk)
        if command is None:
            yield from self._turned(world, "kiosk reads", *self.device_side.read(world.device))
        else:
            for told in self.device_side.tell(world.device, command):
                if affords(world.left, told.costs):
                    yield from self._written(world, told, 1 << self._frames(command))
            yield from self._not_written(world, command)
        if not self.device_side.devices.values[world.device].on:
            yield from self._posted(world, "the line stays silent", self.kiosk_side.silence(world.kiosk))
        if world.left & MASK["unplugged"]:
            gone = world._replace(left=world.left - ONE["unplugged"])
            yield from self._posted(gone, "the port is gone", self.kiosk_side.unplug(world.kiosk))

    def _written(self, world: World, told: Move, bit: int) -> Next:
        """The command arrives; then comes a reading, or it is lost, or it comes after a long time."""
        moved = self._moved(world, told)
        yield from self._turned(moved, told.label, told.read, told.hot)
        if not told.hot:
            return
        yield from self._turned(moved, f"{told.label}; the reading after it is lost", told.device, 0)
        if world.left & MASK["doubles"]:
            doubled = moved._replace(wire=moved.wire | bit, left=moved.left - ONE["doubles"])
            yield from self._turned(doubled, f"{told.label}, its double under way", told.read, told.hot)
        if world.left & MASK["waits"]:
            late = moved._replace(left=moved.left - ONE["waits"])
            yield from self._turned(late, f"{told.label}, and long after it a reading", told.read, told.hot, waited=True)

    def _not_written(self, world: World, command: Command) -> Next:
        read, hot = self.device_side.read(world.device)
        if hot and world.left & MASK["losses"]:
            lost = world._replace(left=world.left - ONE["losses"])
            yield from self._turned(lost, f"{named(command)} lost", read, hot, written=False)
        if hot and world.left & MASK["delays"]:
            delayed = world._replace(wire=world.wire | 1 << self._frames(command), left=world.left - ONE["delays"])
            yield from self._turned(delayed, f"{named(command)} delayed", read, hot, written=False)

    def _turned(self, world: World, label: str, device: int, hot: int, written: bool = True, waited: bool = False) -> Next:
        """A turn of the driver that reads what has this number; ``device`` is as the reading leaves it."""
        posted = self.kiosk_side.turn(world.kiosk, self.device_side.hots.values[hot], hot, written, waited)
        yield from self._posted(world._replace(device=device), label, posted)

    def _in_the_runner(self, world: World) -> Next:
        side, number = self.kiosk_side, world.kiosk
        kiosk = side.kiosk(number)
        if kiosk.inbox:
            yield "the runner comes to it", world._replace(kiosk=side.handle(number))
        if kiosk.asked:
            yield from self._asks_the_ledger(world)
        if kiosk.late:
            yield from self._posted(world, "a late answer of the ledger comes", side.late_answer(number))
        if kiosk.judging is not None:
            bottle = kiosk.judging[1]
            yield from self._posted(world, f"bottle {bottle} judged", side.judge(number, bottle > self.bounds.refused))
        if kiosk.due and world.left & MASK["waits"]:
            yield "the kiosk's wait is over", world._replace(kiosk=side.elapse(number), left=world.left - ONE["waits"])
        if world.left & MASK["touches"]:
            for touch in (*Touch, *PICKS):
                touched = side.touch(number, touch)
                if touched != number:
                    yield f"visitor touches {touch}", world._replace(kiosk=touched, left=world.left - ONE["touches"])

    def _asks_the_ledger(self, world: World) -> Next:
        side = self.kiosk_side
        books, number = side.ask(world.kiosk, world.books)
        label, answer = f"ledger: {told_of(side.kiosk(world.kiosk).asked[0])}", side.answers.values[number]
        if isinstance(answer, LedgerError):
            past = self.pasts(self.pasts.values[world.past]._replace(complaint=str(answer)))
            yield f"{label} is refused: {answer}", world._replace(past=past)
        else:
            done = world._replace(books=books)
            yield from self._posted(done, label, side.answer(world.kiosk, number, answer))
            if world.left & MASK["late"]:
                later = side.answer_later(world.kiosk, number, answer)
                yield f"{label}; its answer is late", done._replace(kiosk=later, left=world.left - ONE["late"])

    def _posted(self, world: World, label: str, posted: Posted) -> Next:
        """What is posted to the runner is handled at once, or waits while the runner is busy."""
        at_once, later = posted
        waiting = self.kiosk_side.kiosk(world.kiosk).inbox
        if waiting:
            yield f"{label}, behind what waits", world._replace(kiosk=later)
            return
        yield label, world._replace(kiosk=at_once)
        if world.left & MASK["behind"] and self.kiosk_side.kiosk(later).inbox:
            yield f"{label}; the runner is busy", world._replace(kiosk=later, left=world.left - ONE["behind"])
