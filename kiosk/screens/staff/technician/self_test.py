"""The self-test's page: the parts of the machine with their state, then one step at a time with what to do, a picture, the value as it is now, and STOP; at the end the report.

Which of these stands the console's state says (``kiosk/console/technician/``). What is only looked at, such as the second half of a long list, is the page's own.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.console.events import ConsoleEvent
from kiosk.console.technician.events import (
    GlassGiven,
    GroupPicked,
    HandsReady,
    ReportRead,
    SelfTestAsked,
    SkipAsked,
    SkippedFor,
    StepPicked,
    StopPressed,
    TaskDone,
    TurnTaken,
)
from kiosk.console.technician.told import AtTest, Stage
from kiosk.console.view import MachineView, StaffView, WorkView
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Text
from kiosk.screens.parts.ticket import Ticket
from kiosk.screens.staff.entry import LINE_END
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.staff.technician.gauge import Gauge
from kiosk.screens.staff.technician.machine import ABOUT, Machine
from kiosk.screens.staff.technician.tasks import Tasks
from kiosk.screens.style.theme import Type
from kiosk.selftest.devices import Key, Task
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Group, Measured, Outcome, Part, Result
from kiosk.selftest.telling import SkipWhy, explain, tell_figure
from kiosk.words.denials import tell_denial
from kiosk.words.loans import tell_hindrance

ICONS = {Outcome.PASS: "check", Outcome.FAIL: "x", Outcome.SKIPPED: "arrow-right"}
NOT_DONE = "clock"

JUDGED = frozenset({Task.COLOURS, Task.SOUNDS})
"""What a person says of it, nobody can measure."""

STEPS_A_PAGE, STEPS_A_PAGE_ACROSS = 14, 9

BELOW_EACH_OTHER = 2
"""So many lines leave a drawing its height below them on a low panel."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, as on the guided pages; ``note`` stands below its words."""

    name: str
    words: str
    does: ConsoleEvent | Callable[[], None]
    note: str = ""
    icon: str = ""
    main: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands. ``across``: how many choices stand side by side. ``part``: what is marked in the picture, None where there is none; ``code``: what a phone reads."""

    name: str
    remark: str = ""
    told: Sequence[str] = ()
    choices: Sequence[Choice] = ()
    across: int = 1
    pictured: bool = False
    part: Part | None = None
    failed: bool = False
    chore: Chore | None = None
    live: Measured | None = None
    stop: bool = False
    code: str = ""


class SelfTest(StaffPage):
    def build(self) -> None:
        theme = self.theme
        self._scene = Scene("")
        self._from = 0
        self._view: StaffView | None = None
        # beside the stack of pages, so that it goes with them when all are made anew
        stack = self.parentWidget() or self
        window = stack.parentWidget() or stack
        self.tasks = Tasks(window, theme, self.words, self.clock, lambda task, answer: self.asked.emit(TaskDone(task, answer)), self._again)
        column = self.column()
        self.remark = Remark(self, theme, "wrench", step=Type.LEAD if theme.landscape else Type.HEAD)
        self.lines = Text(self, theme, Type.BODY if theme.landscape else Type.LEAD)
        self.beside = Text(self, theme, Type.BODY)
        self.machine = Machine(self, theme)
        self.gauge = Gauge(self, theme, self.words)
        self.ticket = Ticket(self, theme, lines=0)
        self.blank = QWidget(self)
        self.blank.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._choices = QWidget(self)
        self._grid = QGridLayout(self._choices)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.gap)
        self._offered: list[Button] = []
        self.stop = self.button(self.words.text("selftest.stop"), "stop", icon="hand", look=Weight.STOP, step=Type.HEAD, height=theme.main)
        self.stop.clicked.connect(lambda: self.asked.emit(StopPressed()))
        column.addWidget(self.remark)
        column.addWidget(self.lines)
        shown = self.row() if theme.landscape else self.column(into=column)
        for widget, share in (
            (self.blank, 3),
            (self.beside, 4),
            (self.machine, 3),
            (self.ticket, 3),
            (self.gauge, 2 if theme.landscape else 1),
        ):
            shown.addWidget(widget, share)
        if theme.landscape:
            shown.addWidget(self.stop, 2)
        column.addLayout(shown, 1)
        column.addWidget(self._choices)
        if not theme.landscape:
            column.addWidget(self.stop)

    def show_view(self, view: StaffView) -> None:
        self._view, work = view, view.shows
        if isinstance(work, WorkView):
            self.tasks.stand(work.testing.task)
            self._stand(self._scene_of(work, view.machine))

    def _again(self) -> None:
        """Something that only the page knows has changed."""
        if self._view is not None:
            self.show_view(self._view)

    def tick(self) -> None:
        self.tasks.tick()

    def takes_key(self, key: Qt.Key) -> bool:
        return self.tasks.takes_key(key)

    def types(self, letters: str) -> bool:
        return self.tasks.types(letters)

    def main(self) -> Button | None:
        return next((button for button in self._offered if button.isEnabled()), None)

    def enters(self) -> bool:
        """Return says that it is done, as the main choice does: a keyboard on the floor is easier to reach than the glass."""
        if self.tasks.enters():
            return True
        place = next((place for place, choice in enumerate(self._scene.choices) if choice.main and choice.enabled), None)
        if place is None:
            return False
        self._chosen(place)
        return True

    def _scene_of(self, work: WorkView, machine: MachineView) -> Scene:
        here = work.testing
        if work.failing is not None:
            return Scene("failing", tell_denial(work.failing, self.words))
        match here.stage:
            case Stage.LOOKING:
                return Scene("looking", self.words.text("selftest.looking"))
            case Stage.ASKED | Stage.AT_WORK | Stage.STOPPING:
                return self._running(here)
            case Stage.OVER:
                return self._over(here, machine)
            case Stage.LISTED if machine.visit is not None:
                number = machine.visit.rpartition("/")[2]
                give = Choice("give", self.words.text("selftest.give_glass"), GlassGiven(), main=True, icon="undo-2")
                return Scene("visit", self.words.text("selftest.visit", number=number), (self.words.text("selftest.visit_how"),), (give,))
            case Stage.LISTED if here.opened is not None:
                return self._opened(here, here.opened, machine)
            case Stage.LISTED if here.group is not None:
                return self._group(here, here.group)
            case _:
                return self._listed(here, machine)

    def _listed(self, here: AtTest, machine: MachineView) -> Scene:
        text, plural = self.words.text, self.words.plural
        groups = list(dict.fromkeys(step.group for step in here.plan))
        choices = [self._group_choice(here, group) for group in groups]
        fresh = not here.results
        choices.append(
            Choice("all", text("selftest.all"), SelfTestAsked(anew=True), icon="play", main=fresh or not here.left, enabled=machine.parked)
        )
        if here.left and not fresh:
            choices.append(
                Choice(
                    "left", plural("selftest.go_on_left", len(here.left)), SelfTestAsked(), icon="play", main=True, enabled=machine.parked
                )
            )
        elif here.unpassed and not fresh:
            choices.append(
                Choice(
                    *("unpassed", plural("selftest.unpassed", len(here.unpassed)), SelfTestAsked(unpassed=True)),
                    icon="undo-2",
                    enabled=machine.parked,
                )
            )
        if here.why is not None:
            remark = tell_hindrance(here.why, self.words)
        elif not machine.parked:
            remark = text("selftest.parking")
        elif here.resumed:
            remark = text("selftest.resumed")
        else:
            remark = text("selftest.intro")
        return Scene("list", remark, (self._counts(here),) if here.results else (), choices, across=4 if self.theme.landscape else 2)

    def _group_choice(self, here: AtTest, group: Group) -> Choice:
        steps = [step for step in here.plan if step.group is group]
        results = [result for step in steps if (result := here.result(step.name)) is not None]
        passed = sum(result.outcome is Outcome.PASS for result in results)
        failures = sum(result.outcome is Outcome.FAIL for result in results)
        icon = "x" if failures else "check" if passed == len(steps) else "arrow-right" if len(results) == len(steps) else NOT_DONE
        note = (
            self.words.plural("selftest.count.fail", failures)
            if failures
            else self.words.text("selftest.of", passed=passed, steps=len(steps))
        )
        return Choice(f"group.{group}", self.words.text(f"selftest.group.{group}"), GroupPicked(group), note=note, icon=icon)

    def _group(self, here: AtTest, group: Group) -> Scene:
        steps = [step for step in here.plan if step.group is group]
        a_page = STEPS_A_PAGE_ACROSS if self.theme.landscape else STEPS_A_PAGE
        first = self._from if self._from < len(steps) else 0
        choices = [self._step_choice(here, step.name) for step in steps[first : first + a_page]]
        if len(steps) > a_page:
            choices.append(
                Choice("more", self.words.text("selftest.more_steps"), self._turn_page(steps, first, a_page), icon="arrow-right")
            )
        choices.append(Choice("back", self.words.text("staff.one_back"), self._back_to_groups, icon="undo-2"))
        title = self.words.text(f"selftest.group.{group}")
        return Scene(f"group.{group}.{first}", title, (), choices, across=4 if self.theme.landscape else 2)

    def _turn_page(self, steps: Sequence[object], first: int, a_page: int) -> Callable[[], None]:
        def turn() -> None:
            self._from = first + a_page if first + a_page < len(steps) else 0
            self.asked.emit(StepPicked(None))

        return turn

    def _back_to_groups(self) -> None:
        self._from = 0
        self.asked.emit(GroupPicked(None))

    def _step_choice(self, here: AtTest, name: str) -> Choice:
        result = here.result(name)
        note = self.words.text("selftest.not_done" if result is None else f"selftest.outcome.{result.outcome}")
        icon = NOT_DONE if result is None else ICONS[result.outcome]
        return Choice(f"step.{name}", self.words.text(f"selftest.step.{name}"), StepPicked(name), note=note, icon=icon)

    def _opened(self, here: AtTest, name: str, machine: MachineView) -> Scene:
        """One step: what it came to, and it alone once more."""
        result = here.result(name)
        title = self.words.text(f"selftest.step.{name}")
        again = Choice(
            "again", self.words.text("selftest.test_it"), SelfTestAsked(step=name), icon="play", main=True, enabled=machine.parked
        )
        back = Choice("back", self.words.text("staff.one_back"), StepPicked(None), icon="undo-2")
        told = (self.words.text("selftest.not_done"),) if result is None else tuple(self._came_to(result))
        part = ABOUT.get(name) if result is None or result.part is None else result.part
        failed = result is not None and result.outcome is Outcome.FAIL
        return Scene(f"step.{name}", title, told, (again, back), across=2, pictured=True, part=part, failed=failed)

    def _came_to(self, result: Result) -> Iterator[str]:
        yield self.words.text(f"selftest.outcome.{result.outcome}").capitalize()
        yield from explain(result, self.words)
        figures = ", ".join(tell_figure(figure, self.words) for figure in result.figures)
        if figures:
            yield figures

    def _running(self, here: AtTest) -> Scene:
        text = self.words.text
        if here.stage is Stage.STOPPING:
            return Scene("stopping", text("selftest.stopping"), (text("selftest.stopping_how"),))
        if here.step is None:
            return Scene("asked", text("selftest.begins"), stop=True)
        title, name = text(f"selftest.step.{here.step}"), here.step
        place = next((place for place, step in enumerate(here.plan, 1) if step.name == name), 0)
        progress = text("selftest.progress", n=place, of=len(here.plan))
        if here.failed and (result := here.result(name)) is not None:
            again = Choice("again", text("selftest.again"), TurnTaken(again=True), icon="undo-2", main=True)
            on = Choice("on", text("selftest.on"), TurnTaken(again=False), icon="arrow-right")
            told = tuple(self._came_to(result))
            return Scene(f"failed.{name}", title, told, (again, on), across=2, pictured=True, part=result.part, failed=True, stop=True)
        if here.skipping:
            choices = [Choice(f"why.{why}", text(f"selftest.skip.{why}"), SkippedFor(why)) for why in SkipWhy]
            choices.append(Choice("back", text("staff.one_back"), SkipAsked(skip=False), icon="undo-2"))
            return Scene(f"skip.{name}", text("selftest.why"), (title,), choices, across=3 if self.theme.landscape else 1, stop=True)
        part = ABOUT.get(name)
        if here.task is not None:
            return self._task(here, here.task, title, progress)
        if here.chore is not None:
            told = (text(f"selftest.chore.{here.chore}", weight_g=here.weight_g), f"{progress} · {title}")
            ready = Choice("ready", text("selftest.ready"), HandsReady(), icon="check", main=True)
            skip = Choice("skip", text("selftest.skip"), SkipAsked(skip=True), icon="arrow-right")
            return Scene(
                *(f"chore.{here.chore}", told[0], told[1:], (ready, skip), 2),
                pictured=True,
                part=part,
                chore=here.chore,
                live=here.live,
                stop=True,
            )
        return Scene("at_work", title, (progress, self._counts(here)), pictured=True, part=part, live=here.live, stop=True)

    def _task(self, here: AtTest, task: Task, title: str, progress: str) -> Scene:
        """What is done at the glass."""
        text, tasks = self.words.text, self.tasks
        skip = Choice("skip", text("selftest.skip"), SkipAsked(skip=True), icon="arrow-right")
        good = Choice("good", text(f"selftest.task.{task}.good"), lambda: tasks.says(True), icon="check") if task in JUDGED else None
        bad = Choice("bad", text(f"selftest.task.{task}.bad"), lambda: tasks.says(False), icon="x") if task in JUDGED else None
        told = [f"{progress} · {title}"]
        match task:
            case Task.TOUCH:
                choices = [Choice("begin", text("selftest.task.begin"), tasks.touches_circles, icon="play", main=True)]
            case Task.COLOURS:
                show = Choice("begin", text("selftest.task.show"), tasks.colours.begin, icon="play", main=not tasks.seen)
                choices = [show, *(replace(one, enabled=tasks.seen) for one in (good, bad) if one is not None)]
            case Task.KEYS:
                told += [
                    text(f"selftest.key.{'heard' if key in tasks.pressed else 'waits'}", key=text(f"selftest.key.{key}")) for key in Key
                ]
                choices = [Choice("bad", text("selftest.task.keys.bad"), tasks.keys_end, icon="x")]
            case Task.SOUNDS:
                choices = [one for one in (good, bad) if one is not None]
            case Task.SCANNER:
                choices = [Choice("bad", text("selftest.task.scanner.bad"), tasks.nothing_scanned, icon="x")]
            case _:
                assert_never(task)
        code = here.code if task is Task.SCANNER else ""
        return Scene(f"task.{task}", text(f"selftest.task.{task}"), told, [*choices, skip], across=2, code=code, stop=True)

    def _over(self, here: AtTest, machine: MachineView) -> Scene:
        text, filed = self.words.text, here.filed
        told = []
        parts = dict.fromkeys(result.part for result in here.results if result.part is not None)
        if parts:
            told.append(text("selftest.parts", parts=", ".join(text(f"selftest.part.{part}") for part in parts)))
        if filed is not None and filed.left_ready is not None:
            told.append(text("selftest.left_ready" if filed.left_ready else "selftest.not_left_ready"))
        told.append(text("selftest.filed", path=filed.path) if filed is not None and filed.path is not None else text("selftest.not_filed"))
        told.append(text("selftest.phone"))
        choices = [Choice("list", text("selftest.to_list"), ReportRead(), icon="undo-2", main=True)]
        if here.unpassed:
            choices.append(
                Choice(
                    "unpassed",
                    self.words.plural("selftest.unpassed", len(here.unpassed)),
                    SelfTestAsked(unpassed=True),
                    icon="undo-2",
                    enabled=machine.parked,
                )
            )
        return Scene("over", self._counts(here), told, choices, across=2, code="" if filed is None else filed.brief)

    def _counts(self, here: AtTest) -> str:
        counts = Counter(result.outcome for result in here.results)
        told = [self.words.plural(f"selftest.count.{outcome}", counts[outcome]) for outcome in Outcome if counts[outcome]]
        if here.left:
            told.append(self.words.plural("selftest.count.left", len(here.left)))
        return ", ".join(told)

    def _stand(self, scene: Scene) -> None:
        before, self._scene = self._scene, scene
        self.remark.say(scene.remark)
        # a low panel has room for a code or a drawing beside the words alone
        beside = self.theme.landscape and (bool(scene.code) or len(scene.told) > BELOW_EACH_OTHER)
        self.lines.say("" if beside else LINE_END.join(scene.told))
        self.beside.say(LINE_END.join(scene.told) if beside else "")
        self.machine.setVisible(scene.pictured)
        self.blank.setVisible(not (scene.pictured or scene.code or beside))
        self.machine.mark(scene.part, failed=scene.failed, chore=scene.chore)
        self.gauge.show_figure(scene.live)
        self.ticket.setVisible(bool(scene.code))
        if scene.code:
            self.ticket.show_ticket(scene.code, "", self.words.text("selftest.phone"))
        self.stop.setVisible(scene.stop)
        if (
            scene.name != before.name
            or [one.name for one in scene.choices] != [one.name for one in before.choices]
            or scene.across != before.across
        ):
            self._furnish(scene)
        for button, choice in zip(self._offered, scene.choices, strict=True):
            button.say(choice.words, choice.note)
            button.setEnabled(choice.enabled)

    def _furnish(self, scene: Scene) -> None:
        # no item of the layout is asked for: why not stands in visitor/page.py, ``in_order``
        for button in self._offered:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._offered = []
        for place, choice in enumerate(scene.choices):
            button = Button(
                self._choices,
                self.theme,
                choice.words,
                name=choice.name,
                icon=choice.icon,
                note=choice.note,
                look=Weight.MAIN if choice.main else Weight.PLAIN,
                form=Arrangement.CHOICE if choice.note else Arrangement.ROW,
                step=Type.BODY,
            )
            button.clicked.connect(lambda _=False, place=place: self._chosen(place))
            self._grid.addWidget(button, place // scene.across, place % scene.across)
            self._offered.append(button)
            button.show()
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < min(scene.across, len(scene.choices))))
        self._choices.setVisible(bool(scene.choices))

    def _chosen(self, place: int) -> None:
        does = self._scene.choices[place].does
        if isinstance(does, ConsoleEvent):
            self.asked.emit(does)
        else:
            does()
