"""A technician's live page, on the lent line and camera: what the controller tells, what the camera shows, and a part that moves while it is touched.

::

    runner ─BeginLive▶ LiveBench ─▶ ToolWorker ─▶ LiveTool.use: polls ─LiveTold, LiveMoved▶ runner
                                                  └─ Eye (a thread): looks ─LiveSaw▶ runner

A touch must be said again every 350 ms at least, or the motion is let go of; the controller wants the same of this thread. So a screen, a runner or a line
that hangs ends it. Not here: what may move, and for how long (``firmware/hold.py``).
"""

import contextlib
import math
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.clock import Clock
from config.vocabulary import SequenceNumber
from drivers.camera.faults import SourceLost
from drivers.camera.worker import OpenSource
from drivers.intake.bus import (
    LAST_SEQUENCE,
    Answer,
    BusError,
    Command,
    CommandCode,
    ControllerState,
    HoldEnd,
    HotBlock,
    NoAnswer,
    ServiceLine,
)
from drivers.intake.trouble import LinkTrouble, link_trouble
from kiosk.console.live.vocabulary import (
    BeginLive,
    EndLive,
    Lamp,
    LetGo,
    LiveAction,
    LiveEvent,
    LiveLent,
    LiveLost,
    LiveMoved,
    LiveRefused,
    LiveSaw,
    LiveTold,
    Moment,
    Moved,
    Touch,
)
from kiosk.deposit.loans import Hindrance
from kiosk.workers.tools import Borrowed, Tool
from recognition.shown import Mark

if TYPE_CHECKING:
    from drivers.camera.picture import Image, Sample
    from recognition.shape.background import Background

POLL_S: Final = 0.1
"""Ten looks a second at the sensors; what is shorter the controller keeps until the next of its own reads, not of these."""

TOLD_EVERY: Final = 2
"""So many looks are told at once: five times a second is as often as people see a number change."""

HEALTH_EVERY: Final = 5
"""Of so many looks one asks for the slower registers as well; each while something is touched."""

SILENCE_S: Final = 1.5
"""As the kiosk's own driver takes it: not one lost frame, but a lost link."""

REOPEN_S: Final = 0.5

TOUCH_S: Final = 0.35
"""A touch that was not said again for so long is over."""

DARK_S: Final = 3.0
"""The lamp is dark for so long at most, as every part moves for so long at most."""

PICTURE_S: Final = 0.25
"""From one picture to the next."""

CHANGED: Final = 1.5
"""Grey levels, in the mean: another picture than that in which codes were looked for last."""

READ_CHANGED_S, READ_STILL_S = 0.5, 3.0
"""Codes are looked for this often in a picture that changes, and in one that does not: where there is none to be seen a look may take a tenth of a second and more."""


class LiveBench:
    """``perform`` may be called from any thread, and never waits. ``lend_to`` asks the session for a loan."""

    def __init__(self, lend_to: Callable[[Tool], None], post: Callable[[LiveEvent], None], background: Path) -> None:
        self._lend_to = lend_to
        self._post = post
        self._background = background
        self._tool: LiveTool | None = None

    def perform(self, action: LiveAction) -> None:
        match action:
            case BeginLive(run):
                self._tool = LiveTool(run, self._post, self._background)
                self._lend_to(self._tool)
            case EndLive() if self._tool is not None:
                self._tool.ask(None)
                self._tool = None
            case Touch() | LetGo() if self._tool is not None:
                self._tool.ask(action)
            case _:
                pass


@dataclass(slots=True)
class _Held:
    """What is touched since ``began_s``, and was said to be at ``heard_s``. ``sequence``: the Hold's; ``before``: the lamp's light."""

    what: Moved
    press: int
    began_s: float
    heard_s: float
    sequence: int = 0
    before: int = 0


class LiveTool:
    """One look at the machine, from its loan to its end. ``ask`` may be called from any thread; None ends it."""

    def __init__(self, run: int, post: Callable[[LiveEvent], None], background: Path) -> None:
        self._run = run
        self._post = post
        self._background = background
        self._inbox: queue.SimpleQueue[Touch | LetGo | None] = queue.SimpleQueue()
        self._ended = False
        self._is_open = False
        self._answered_s = 0.0
        self._lost: LinkTrouble | None = None
        self._held: _Held | None = None
        self._over = 0
        self._hot: HotBlock | None = None
        self._moments: list[Moment] = []
        self._turns = 0

    def ask(self, action: Touch | LetGo | None) -> None:
        self._inbox.put(action)

    def refused(self, why: Hindrance) -> None:
        self._post(LiveRefused(self._run, why))

    def use(self, borrowed: Borrowed) -> None:
        line, clock = borrowed.line, borrowed.clock
        self._post(LiveLent(self._run))
        eye = Eye(self._run, borrowed.open_camera, clock, self._post, self._background)
        eye.start()
        try:
            while not self._ended:
                self._turn(line, clock, borrowed.line.beat)
            with contextlib.suppress(BusError):
                self._go_home(line, borrowed.line.beat)
        finally:
            eye.stop()

    def _turn(self, line: ServiceLine, clock: Clock, beat: Callable[[], int]) -> None:
        """What was asked since the last look, and the next one."""
        due_s = clock.monotonic() + (POLL_S if self._is_open else REOPEN_S)
        try:
            if not self._is_open:
                self._open(line, clock)
            self._look(line, clock, beat)
        except NoAnswer as error:
            if clock.monotonic() - self._answered_s >= SILENCE_S:
                self._lose(line, error)
        except BusError as error:
            self._lose(line, error)
        while not self._ended and (left_s := due_s - clock.monotonic()) > 0:
            try:
                asked = self._inbox.get(timeout=left_s)
            except queue.Empty:
                return
            self._hear(asked, line, clock, beat)

    def _open(self, line: ServiceLine, clock: Clock) -> None:
        self._answered_s = clock.monotonic() - SILENCE_S
        line.open()
        identity = line.identity()
        self._is_open = True
        self._lost = None
        self._turns = 0
        self._answered_s = clock.monotonic()
        self._post(LiveTold(self._run, (), identity=identity))

    def _lose(self, line: ServiceLine, error: BusError) -> None:
        """Whatever was touched the controller has let go of by itself."""
        with contextlib.suppress(BusError):
            line.close()
        self._is_open = False
        self._hot = None
        self._moments.clear()
        trouble = link_trouble(error)
        if self._held is not None:
            self._end(HoldEnd.LET_GO)
        if trouble != self._lost:
            self._lost = trouble
            self._post(LiveLost(self._run, trouble))

    def _look(self, line: ServiceLine, clock: Clock, beat: Callable[[], int]) -> None:
        self._renew(line, clock)
        hot = self._hot = line.read(beat() & 0xFFFF)
        self._answered_s = clock.monotonic()
        self._moments.append(Moment(self._answered_s, hot))
        slowly = self._turns % HEALTH_EVERY == 0
        health = line.health() if slowly or self._held is not None else None
        felt = line.felt() if slowly else None
        self._turns += 1
        if len(self._moments) >= TOLD_EVERY or health is not None:
            self._post(LiveTold(self._run, tuple(self._moments), health, felt=felt))
            self._moments.clear()
        moved = self._held is not None and not isinstance(self._held.what, Lamp)
        if moved and (hot.state is not ControllerState.HELD or (health is not None and health.held is not HoldEnd.NONE)):
            self._end(health.held if health is not None else HoldEnd.LET_GO)

    def _renew(self, line: ServiceLine, clock: Clock) -> None:
        """Says to the controller what the touch says here, or that it is over."""
        held, now = self._held, clock.monotonic()
        if held is None:
            return
        touched = now - held.heard_s < TOUCH_S
        if isinstance(held.what, Lamp):
            if not touched or now - held.began_s >= DARK_S:
                line.light(held.before)
                self._end(HoldEnd.TIME if touched else HoldEnd.LET_GO)
        elif touched:
            line.hold(held.sequence)
        else:
            line.hold(0)

    def _hear(self, asked: Touch | LetGo | None, line: ServiceLine, clock: Clock, beat: Callable[[], int]) -> None:
        held = self._held
        try:
            match asked:
                case None:
                    self._ended = True
                    if held is not None:
                        self._let_go(line, held)
                case LetGo() if held is not None:
                    self._let_go(line, held)
                case Touch(_, press) if held is not None and held.press == press:
                    held.heard_s = clock.monotonic()
                case Touch(what, press) if held is None and press > self._over and self._is_open:
                    self._begin(what, press, line, clock, beat)
                case _:
                    pass
        except BusError:
            # the next look tells what there is to tell; the controller lets go by itself
            if held is not None:
                held.heard_s = clock.monotonic() - TOUCH_S

    def _let_go(self, line: ServiceLine, held: _Held) -> None:
        if isinstance(held.what, Lamp):
            line.light(held.before)
            self._end(HoldEnd.LET_GO)
        else:
            held.heard_s -= TOUCH_S
            line.hold(0)

    def _begin(self, what: Moved, press: int, line: ServiceLine, clock: Clock, beat: Callable[[], int]) -> None:
        now = clock.monotonic()
        if isinstance(what, Lamp):
            before = line.health().lamp_percent
            line.light(0)
            self._held = _Held(what, press, now, now, before=before)
            self._post(LiveMoved(self._run, what, press))
            return
        hot = line.read(beat() & 0xFFFF)
        sequence = SequenceNumber(hot.taken + 1)
        if hot.taken >= LAST_SEQUENCE:
            self._refuse(what, press, Answer.STALE)
            return
        with contextlib.suppress(NoAnswer):
            # one that is not answered may have arrived: *taken* tells
            line.write(Command(CommandCode.HOLD, sequence, motion=what))
        hot = line.read(beat() & 0xFFFF)
        if hot.taken != sequence:
            self._refuse(what, press, hot.answer)
            return
        self._held = _Held(what, press, now, clock.monotonic(), sequence)
        self._post(LiveMoved(self._run, what, press))

    def _refuse(self, what: Moved, press: int, answer: Answer) -> None:
        """Of one press once: a finger that stays on it asks for nothing more."""
        self._over = press
        self._post(LiveMoved(self._run, what, press, answer=answer))

    def _end(self, how: HoldEnd) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._over = held.press
            self._post(LiveMoved(self._run, held.what, held.press, ended=how))

    def _go_home(self, line: ServiceLine, beat: Callable[[], int]) -> None:
        """What was left where it stood goes home. Before an open door the controller refuses, and does it by itself later."""
        if not self._is_open:
            return
        line.hold(0)
        hot = line.read(beat() & 0xFFFF)
        if hot.state is ControllerState.HELD and hot.taken < LAST_SEQUENCE:
            line.write(Command(CommandCode.CLEAR, SequenceNumber(hot.taken + 1)))


class Eye(threading.Thread):
    """Shows what the camera sees, four times a second, and what is read in it. ``stop`` waits for the picture under way."""

    def __init__(self, run: int, open_camera: OpenSource, clock: Clock, post: Callable[[LiveEvent], None], background: Path) -> None:
        super().__init__(name="live eye", daemon=True)
        self._run = run
        self._open_camera = open_camera
        self._clock = clock
        self._post = post
        self._stopped = threading.Event()
        self._background = background
        self._chamber: Background | None = None
        self._marks: tuple[Mark, ...] = ()
        self._read_in: Sample | None = None
        self._read_s = -math.inf

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def run(self) -> None:
        # loaded when somebody looks, and not by every start of a kiosk
        from drivers.camera.source import settle_opencv

        settle_opencv()
        self._chamber = self._known()
        while not self._stopped.is_set():
            try:
                self._follow()
            except SourceLost as lost:
                self._post(LiveSaw(self._run, blind=lost.trouble))
                self._stopped.wait(REOPEN_S)

    def _known(self) -> "Background | None":
        """The empty chamber, if a picture of it is kept that can be read: the log has told of one that cannot."""
        from recognition.shape.background import BackgroundUnreadable, kept

        try:
            return kept(self._background)
        except (BackgroundUnreadable, OSError):
            return None

    def _follow(self) -> None:
        """Pictures from one opening of the source: of a stream one, as its next would be old by then. Raises SourceLost."""
        source, _ = self._open_camera()
        with contextlib.closing(source):
            while not self._stopped.is_set():
                due_s = self._clock.monotonic() + PICTURE_S
                self._show(source.read().image)
                while source.drains and not self._stopped.is_set() and self._clock.monotonic() < due_s:
                    source.skip()
                self._stopped.wait(max(0.0, due_s - self._clock.monotonic()))
                if not source.drains:
                    return

    def _show(self, image: "Image") -> None:
        from drivers.camera.picture import change_from, sampled
        from recognition.codes.cascade import marked_look
        from recognition.shape.look import seen_in
        from recognition.shown import live

        now, sample = self._clock.monotonic(), sampled(image)
        changed = self._read_in is None or change_from(sample, self._read_in) >= CHANGED
        if now - self._read_s >= (READ_CHANGED_S if changed else READ_STILL_S):
            self._marks, self._read_in, self._read_s = marked_look(image), sample, now
        outlines = () if self._chamber is None else seen_in(image, self._chamber).outlines
        self._post(LiveSaw(self._run, live(image, self._marks, outlines)))
