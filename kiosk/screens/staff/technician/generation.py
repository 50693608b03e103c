"""The page on which two people begin a ledger, the first or a new one: the one that is written now, why another one begins, what happens then, and what hindered the last try."""

from config.clock import PARIS
from kiosk.console.succession.vocabulary import AtSuccession, Ledger, NoneYet, SuccessionAsked, WhyChosen
from kiosk.console.technician.events import GlassGiven
from kiosk.console.told import NewLedger
from kiosk.console.view import MachineView, StaffView, WorkView
from kiosk.deposit.halts import NoController, OtherVersion
from kiosk.screens.staff.guided import Choice, Guided, Scene
from kiosk.words.denials import tell_denial
from kiosk.words.obstacles import tell_obstacle


class Generation(Guided):
    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if isinstance(work, WorkView):
            failing = tell_denial(work.failing, self.words) if work.failing is not None else ""
            self.stand(self._scene_of(work.succeeding, view.machine, failing))

    def _scene_of(self, here: AtSuccession, machine: MachineView, failing: str) -> Scene:
        text = self.words.text
        if here.ordering:
            return Scene("ordering", text("moment"), (text("generation.ordering"),))
        if machine.visit is not None:
            number = machine.visit.rpartition("/")[2]
            give = Choice("give", text("selftest.give_glass"), GlassGiven(), main=True, icon="undo-2")
            return Scene("visit", text("selftest.visit", number=number), (text("selftest.visit_how"),), (give,))
        if here.ledger is None:
            return Scene("looking", failing or text("staff.looking"))
        if isinstance(here.ledger, NoneYet):
            return self._first(here, here.ledger, machine, failing)
        if here.why is not None:
            return self._sure(here.why, here.ledger, machine, failing)
        return self._listed(here, here.ledger, machine, failing)

    def _first(self, here: AtSuccession, none: NoneYet, machine: MachineView, failing: str) -> Scene:
        """The kiosk is commissioned: what must be so before its first ledger begins, and then that it does."""
        text, why = self.words.text, NewLedger.COMMISSIONED
        if here.why is not None:
            told = (
                text("generation.first.name", kiosk=none.kiosk),
                text("generation.first.controller"),
                text("generation.first.for_ever"),
            )
            go = Choice("order", text("generation.order"), SuccessionAsked(), main=True, icon="check", enabled=machine.parked)
            return Scene("sure.first", failing or text("generation.first.sure"), told, (go,), back=WhyChosen(None))
        told = (
            *((tell_obstacle(machine.why, self.words),) if isinstance(machine.why, NoController | OtherVersion) else ()),
            text("generation.first.name", kiosk=none.kiosk),
            text("generation.first.machine"),
            text("generation.first.people"),
        )
        remark = text(f"generation.first.hindered.{here.hindered}" if here.hindered is not None else "generation.first.intro")
        go = Choice(f"why.{why}", text("generation.first.begin"), WhyChosen(why), main=True, icon="check", enabled=machine.parked)
        return Scene("first", failing or (remark if machine.parked else text("selftest.parking")), told, (go,))

    def _listed(self, here: AtSuccession, ledger: Ledger, machine: MachineView, failing: str) -> Scene:
        text = self.words.text
        if here.hindered is not None:
            remark = text(f"generation.hindered.{here.hindered}")
        else:
            remark = text("generation.intro" if machine.parked else "selftest.parking")
        told = [*self._told_of(ledger)]
        if machine.why is not None:
            told.insert(0, tell_obstacle(machine.why, self.words))
        choices = [
            Choice(f"why.{why}", text(f"generation.why.{why}"), WhyChosen(why), icon="sliders-horizontal", enabled=machine.parked)
            for why in NewLedger
        ]
        return Scene("list", failing or remark, told, choices)

    def _told_of(self, ledger: Ledger) -> tuple[str, ...]:
        words, begun = self.words, ledger.begun.astimezone(PARIS)
        return (
            words.text("generation.begun", day=words.day(begun.date(), short=True), by=ledger.by, why=ledger.why),
            words.text("generation.bound", kiosk=ledger.kiosk, controller=f"{ledger.controller_id:016x}"),
            self._sync_of(ledger),
            words.plural("generation.vouchers", ledger.vouchers, sum=words.amount(ledger.cents)),
        )

    def _sync_of(self, ledger: Ledger) -> str:
        """What the city has of it."""
        words = self.words
        if ledger.synced is None:
            return words.text("generation.sync.never", rows=ledger.rows)
        at = ledger.synced.astimezone(PARIS)
        told = "generation.sync.waits" if ledger.unsent else "generation.sync.all"
        return words.text(told, rows=ledger.rows, unsent=ledger.unsent, day=words.day(at.date(), short=True), time=words.time_of_day(at))

    def _sure(self, why: NewLedger, ledger: Ledger, machine: MachineView, failing: str) -> Scene:
        text = self.words.text
        told = (
            *((text("generation.moved"),) if why is NewLedger.MOVED else ()),
            text("generation.then.archive"),
            text("generation.then.open"),
            text("generation.then.controller"),
            self._sync_of(ledger),
            *((text("generation.then.sent"),) if ledger.unsent else ()),
        )
        go = Choice("order", text("generation.order"), SuccessionAsked(), main=True, icon="check", enabled=machine.parked)
        return Scene(
            f"sure.{why}", failing or text("generation.sure", why=text(f"generation.why.{why}")), told, (go,), back=WhyChosen(None)
        )
