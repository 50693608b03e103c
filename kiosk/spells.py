"""The spells of a kiosk: each trouble's beginning and end, noted once, whoever tells of it and however often it comes and goes. Pure but for the clock.

``Spells`` is shown each event with the session after it. It knows six streams (halt, link, camera, ledger, fault, door); in each at most
one thing stands at a time, and another that takes its place ends it. The session never hears of the loudspeaker: its thread has a ``SpellBook`` of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from config.clock import Clock
from drivers.intake.bus import ControllerFault
from drivers.intake.events import LinkBack
from kiosk.composed import AnyEvent
from kiosk.deposit.events import Answered, LedgerFailed
from kiosk.deposit.halts import facts_of
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.states import Checking, Crediting, Intending, Opening, Ready, Returning, Session, Sorting, StillHere
from kiosk.deposit.view import stopped_by

QUIET_S = 60.0
"""What comes back within this time had not ended: a loose plug writes two lines, not thousands."""

TAKING = (Opening, Ready, StillHere, Checking, Intending, Sorting, Crediting, Returning)
"""The phases that say that a halt is over. All others lie between a halt and these: while it is tried again, and while a visitor keeps a sum."""


class Stream(Enum):
    """What can stand, as the kinds of its beginning and its end."""

    HALT = (NoteKind.HALT, NoteKind.HALT_OVER)
    LINK = (NoteKind.LINK_LOST, NoteKind.LINK_BACK)
    CAMERA = (NoteKind.CAMERA_LOST, NoteKind.CAMERA_BACK)
    LEDGER = (NoteKind.LEDGER_FAILED, NoteKind.LEDGER_BACK)
    FAULT = (NoteKind.FAULT, NoteKind.FAULT_OVER)
    DOOR = (NoteKind.DOOR_OPENED, NoteKind.DOOR_SHUT)
    SOUND = (NoteKind.SOUND_LOST, NoteKind.SOUND_BACK)
    PRINTER = (NoteKind.PRINTER_LOST, NoteKind.PRINTER_BACK)


@dataclass(frozen=True, slots=True)
class StandingTrouble:
    """``named`` tells it from others of its stream, and stands in both lines; ``facts`` in the first alone."""

    named: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class _Spell:
    """``over_s``: since when it does not stand; None while it does."""

    stream: Stream
    named: Mapping[str, object]
    began_s: float
    times: int = 1
    over_s: float | None = None
    until: datetime | None = None


class SpellBook:
    """What stands now, and what has stopped to stand a short while ago. For one thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spells: dict[tuple[Stream, tuple[object, ...]], _Spell] = {}

    def over(self) -> Iterator[Note]:
        """What has stayed away for long enough to have ended."""
        now_s = self._clock.monotonic()
        for key, spell in list(self._spells.items()):
            if spell.over_s is not None and now_s - spell.over_s >= QUIET_S:
                del self._spells[key]
                yield self._end(spell)

    def close(self) -> Iterator[Note]:
        """The program stops: each spell ends, whether it stands or not."""
        for spell in self._spells.values():
            yield self._end(spell)
        self._spells.clear()

    def stands(self, stream: Stream, standing: StandingTrouble | None) -> Iterator[Note]:
        """Of a stream, this and nothing else stands; None: nothing does."""
        now_s = self._clock.monotonic()
        here = None if standing is None else (stream, tuple(standing.named.values()))
        for key, spell in self._spells.items():
            if spell.stream is stream and key != here and spell.over_s is None:
                spell.over_s, spell.until = now_s, self._clock.now().utc
        if standing is None or here is None:
            return
        known = self._spells.get(here)
        if known is None:
            self._spells[here] = _Spell(stream, standing.named, now_s)
            yield Note(stream.value[0], {**standing.named, **standing.facts})
        elif known.over_s is not None:
            known.times += 1
            known.over_s = known.until = None

    def _end(self, spell: _Spell) -> Note:
        standing = spell.over_s is None
        over_s = self._clock.monotonic() if spell.over_s is None else spell.over_s
        until = self._clock.now().utc if spell.until is None else spell.until
        facts = {
            **spell.named,
            "for_s": round(over_s - spell.began_s, 1),
            "times": spell.times,
            "until": until.isoformat(timespec="milliseconds"),
            "standing": standing,
        }
        return Note(spell.stream.value[1], facts)


class Spells(SpellBook):
    """Those that the runner sees."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._ledger: LedgerFailed | None = None
        self._controller: Mapping[str, object] | None = None
        self._controller_s = 0.0

    def seen(self, event: AnyEvent, session: Session) -> Iterator[Note]:
        """What begins by an event, with the session as it is after it."""
        if isinstance(event, LedgerFailed):
            self._ledger = event
        elif isinstance(event, Answered):
            self._ledger = None
        yield from self._look_at_controller(event, session)
        camera, link, hot = session.camera_lost, session.link_lost, session.hot
        yield from self.stands(Stream.LINK, None if link is None else StandingTrouble({}, {"trouble": facts_of(link)}))
        yield from self.stands(
            Stream.CAMERA,
            None
            if camera is None
            else StandingTrouble({"fault": camera.fault.value}, {"measured": camera.measured, "limit": camera.limit}),
        )
        yield from self.stands(
            Stream.LEDGER,
            None
            if self._ledger is None
            else StandingTrouble({}, {"asked": type(self._ledger.asked).__name__, "facts": facts_of(self._ledger.why)}),
        )
        if hot is not None:
            faulty = hot.fault is not ControllerFault.NONE
            yield from self.stands(
                Stream.FAULT, StandingTrouble({"fault": hot.fault.name.lower()}, {"cause": hot.cause.name.lower()}) if faulty else None
            )
            yield from self.stands(Stream.DOOR, StandingTrouble() if hot.door_open else None)
        why = stopped_by(session)
        if why is not None:
            yield from self.stands(Stream.HALT, StandingTrouble({"halt": why.halt.value}, {"code": why.halt.code, "facts": facts_of(why)}))
        elif isinstance(session.phase, TAKING):
            yield from self.stands(Stream.HALT, None)

    def _look_at_controller(self, event: AnyEvent, session: Session) -> Iterator[Note]:
        """Who answers, and each of its starts; of starts in quick succession the last, which counts them all."""
        if isinstance(event, LinkBack):
            identity = event.identity
            who = {
                "controller_id": f"{identity.controller_id:016x}",
                "firmware": ".".join(map(str, identity.firmware)),
                "map_version": identity.map_version,
            }
        elif self._controller is None:
            return
        else:
            who = {name: value for name, value in self._controller.items() if name != "boots"}
        if session.hot is None:
            return
        now_s, now = self._clock.monotonic(), {**who, "boots": session.hot.boots}
        known = self._controller
        if known is None or (now != known and (now_s - self._controller_s >= QUIET_S or known["controller_id"] != now["controller_id"])):
            self._controller, self._controller_s = now, now_s
            yield Note(NoteKind.CONTROLLER, now)
