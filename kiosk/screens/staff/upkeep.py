"""Faults and upkeep: what stands and how it is cleared, what latched before, what wears, what was cleaned, and the technical log searched. No rule stands here."""

from collections.abc import Callable
from datetime import date, timedelta

from config.clock import PARIS
from config.wear import ASSUMED
from drivers.intake.bus import ControllerFault
from kiosk.console.roles import Deed
from kiosk.console.upkeep.steps import is_due
from kiosk.console.upkeep.vocabulary import AtUpkeep, Cleaned, CleaningAsked, LogQuery, LogSought, UpkeepLook, UpkeepShown, UpkeepView
from kiosk.console.view import MachineView, StaffView, WorkView
from kiosk.log_reading import LogGroup, LogLine
from kiosk.screens.staff.guided import DIGITS, Choice, Guided, Scene
from kiosk.screens.staff.log_page import told_line
from kiosk.words.denials import tell_denial
from kiosk.words.obstacles import tell_obstacle

LINES, LINES_ACROSS = 10, 4
"""Of the log on a page, on a panel upright and across."""

PERCENT = 100


class Upkeep(Guided):
    def build(self) -> None:
        self._work: WorkView | None = None
        self._machine: MachineView | None = None
        self._first = 0
        self._picking = ""
        self._seen: tuple[LogLine, ...] | None = None
        super().build()

    def show_view(self, view: StaffView) -> None:
        if not isinstance(view.shows, WorkView):
            return
        self._work, self._machine = view.shows, view.machine
        self._stands()

    def _stands(self) -> None:
        work, machine = self._work, self._machine
        if work is None or machine is None:
            return
        here = work.upkeep
        failing = tell_denial(work.failing, self.words) if work.failing is not None else ""
        match here.view:
            case UpkeepView.FAULTS:
                self.stand(self._faults(here, machine, failing))
            case UpkeepView.HISTORY:
                self.stand(self._history(here, failing))
            case UpkeepView.WEAR:
                self.stand(self._wear(here, machine, failing))
            case UpkeepView.CLEANING:
                self.stand(self._cleaning(here, machine, failing, Deed.UPKEEP in work.deeds))
            case UpkeepView.LOG:
                self.stand(self._log(here, failing))

    def _to(self, view: UpkeepView, *, note: str = "") -> Choice:
        return Choice(f"upkeep.{view}", self.words.text(f"staff.upkeep.{view}"), UpkeepShown(view), note=note)

    def _faults(self, here: AtUpkeep, machine: MachineView, failing: str) -> Scene:
        """What stands, and the one thing to do next; the session clears it once that is done."""
        words, counted = self.words, machine.seen.counted
        fault = ControllerFault.NONE if counted is None or not machine.seen.linked else counted.fault
        told: list[str] = []
        if machine.why is not None:
            told.append(tell_obstacle(machine.why, words))
        if (since := self._since(here.look, fault)) is not None:
            told.append(since)
        if fault.latched:
            part = fault.name.lower()
            told.append(words.text("staff.upkeep.look", causes=words.text(f"selftest.causes.{part}")))
            step = "shut" if machine.seen.door_open else "tries" if machine.attended else "open"
            told.append(words.text(f"staff.upkeep.clear.{step}"))
        elif fault is not ControllerFault.NONE:
            told.append(words.text(f"staff.upkeep.itself.{fault.name.lower()}"))
        if machine.why is None:
            told.append(words.text("staff.upkeep.fine"))
        due = here.look is not None and is_due(here.look, counted)
        views = (UpkeepView.HISTORY, UpkeepView.WEAR, UpkeepView.CLEANING, UpkeepView.LOG)
        reminder = words.text("staff.upkeep.due") if due else ""
        return Scene("faults", failing or reminder, told, [self._to(view) for view in views])

    def _since(self, look: UpkeepLook | None, fault: ControllerFault) -> str | None:
        """When what stands latched, as the log tells."""
        found = next(
            (line for line in (look.faults if look is not None else ()) if line.what == fault.name.lower() and line.seconds is None), None
        )
        if fault is ControllerFault.NONE or found is None:
            return None
        at = found.at.astimezone(PARIS)
        return self.words.text("staff.upkeep.since", day=self.words.day(at.date(), short=True), time=self.words.time_of_day(at))

    def _history(self, here: AtUpkeep, failing: str) -> Scene:
        words = self.words
        lines = () if here.look is None else here.look.faults[: self._page()]
        told = [told_line(line, words, day=True) for line in lines] or [words.text("staff.upkeep.nothing")]
        return Scene("history", failing, told, back=UpkeepShown(UpkeepView.FAULTS))

    def _wear(self, here: AtUpkeep, machine: MachineView, failing: str) -> Scene:
        """Of each part what was counted, of how much, and who says so."""
        words, counted = self.words, machine.seen.counted
        told = []
        for limit in here.look.limits if here.look is not None else ():
            n = None if counted is None else counted.of(limit)
            source = words.text("staff.upkeep.assumed") if limit.source == ASSUMED else limit.source
            told.append(
                words.text(
                    "staff.upkeep.part",
                    part=words.text(f"staff.upkeep.part.{limit.part}"),
                    n="–" if n is None else n,
                    limit=limit.limit,
                    percent="–" if n is None else n * PERCENT // limit.limit,
                    counts=words.text(f"staff.upkeep.counts.{limit.counts}"),
                    source=source,
                )
            )
        if counted is not None:
            told.append(words.text("staff.upkeep.counted", items=counted.items, commands=counted.commands, starts=counted.starts))
        return Scene("wear", failing, told, back=UpkeepShown(UpkeepView.FAULTS))

    def _cleaning(self, here: AtUpkeep, machine: MachineView, failing: str, may: bool) -> Scene:
        words, look = self.words, here.look
        if look is None:
            return Scene("cleaning", failing or words.text("staff.looking"), back=UpkeepShown(UpkeepView.FAULTS))
        if here.sure:
            sure = Choice("sure", words.text("staff.upkeep.cleaned_sure"), CleaningAsked(True), main=True, icon="check")
            return Scene("cleaning-sure", words.text("staff.upkeep.cleaned_q"), choices=[sure], back=CleaningAsked(None))
        told = [self._told_cleaned(cleaned) for cleaned in look.cleaned[: self._page() - 2]] or [words.text("staff.upkeep.never")]
        due = words.text("staff.upkeep.due") if is_due(look, machine.seen.counted) else ""
        done = Choice("cleaned", words.text("staff.upkeep.cleaned"), CleaningAsked(False), main=True, icon="check", enabled=may)
        every = words.text("staff.upkeep.every", bottles=look.terms.bottles, days=look.terms.days)
        return Scene("cleaning", failing or due, (every, *told), [done], back=UpkeepShown(UpkeepView.FAULTS))

    def _told_cleaned(self, cleaned: Cleaned) -> str:
        at, words = cleaned.at.astimezone(PARIS), self.words
        items = "–" if cleaned.items is None else cleaned.items
        return words.text(
            "staff.upkeep.was", day=words.day(at.date(), short=True), time=words.time_of_day(at), agent=cleaned.by, items=items
        )

    def _log(self, here: AtUpkeep, failing: str) -> Scene:
        words, query = self.words, here.query
        if here.lines is not self._seen:
            self._seen, self._first = here.lines, 0
        if self._picking == "kind":
            choices = [
                Choice(f"group.{group}", words.text(f"staff.log.group.{group}"), self._seeks(LogQuery(group, query.day, query.visit)))
                for group in LogGroup
            ]
            return Scene("log-kind", words.text("staff.log.which"), choices=choices, back=self._picks(""))
        if self._picking == "visit":
            return Scene("log-visit", words.text("staff.log.visit_q"), types=DIGITS, typed=self._typed_visit, back=self._picks(""))
        lines = here.lines or ()
        shown = lines[self._first : self._first + self._page()]
        told = [told_line(line, words, day=query.day is None) for line in shown]
        if here.lines is None:
            told = [words.text("staff.looking")]
        elif not lines:
            told = [words.text("staff.upkeep.nothing")]
        return Scene(
            "log",
            failing or self._asked_for(query, len(lines)),
            told,
            self._log_choices(query, len(lines)),
            back=UpkeepShown(UpkeepView.FAULTS),
        )

    def _asked_for(self, query: LogQuery, n: int) -> str:
        words = self.words
        day = words.text("staff.log.all_days") if query.day is None else words.day(query.day, short=True)
        visit = words.text("visit", number=query.visit) if query.visit else ""
        return " · ".join(
            part for part in (words.text(f"staff.log.group.{query.group}"), day, visit, words.plural("staff.log.lines", n)) if part
        )

    def _log_choices(self, query: LogQuery, n: int) -> list[Choice]:
        words = self.words
        today = self._today()
        before = today if query.day is None else query.day - timedelta(days=1)
        return [
            Choice("log.kind", words.text("staff.log.kind"), self._picks("kind")),
            Choice(
                "log.day",
                words.text("staff.log.day_before" if query.day else "staff.log.today"),
                LogSought(LogQuery(query.group, before, query.visit)),
            ),
            Choice("log.visit", words.text("staff.log.visit"), self._picks("visit")),
            Choice("log.all", words.text("staff.log.all"), LogSought(LogQuery())),
            Choice("page_up", words.text("staff.page_up"), lambda: self._turns(-self._page()), enabled=self._first > 0),
            Choice("page_down", words.text("staff.page_down"), lambda: self._turns(self._page()), enabled=self._first + self._page() < n),
        ]

    def _today(self) -> date:
        work = self._work
        look = None if work is None else work.upkeep.look
        return (look.at if look is not None else self.clock.now().utc).astimezone(PARIS).date()

    def _page(self) -> int:
        return LINES_ACROSS if self.theme.landscape else LINES

    def _turns(self, by: int) -> None:
        self._first = max(0, self._first + by)
        self._stands()

    def _picks(self, what: str) -> Callable[[], None]:
        def pick() -> None:
            self._picking = what
            self._stands()

        return pick

    def _seeks(self, query: LogQuery) -> Callable[[], None]:
        def seek() -> None:
            self._picking = ""
            self.asked.emit(LogSought(query))

        return seek

    def _typed_visit(self, typed: str) -> LogSought | None:
        work = self._work
        if work is None or len(typed) > 4:
            return None
        self._picking = ""
        query = work.upkeep.query
        return LogSought(LogQuery(query.group, query.day, typed.zfill(4) if typed else ""))
