"""The bins' page: an emptying in steps for a thumb, the slips that are still to come, and what was weighed against what was expected."""

from collections.abc import Iterator

from config.clock import PARIS
from config.vocabulary import Bin
from kiosk.console.events import (
    ChecksAsked,
    ConsoleEvent,
    EmptyingAnswered,
    EmptyingAsked,
    EmptyingBack,
    EmptyingDropped,
    EmptyingSure,
    WeighingAsked,
    WeighingSure,
    WeightTyped,
)
from kiosk.console.roles import Deed
from kiosk.console.told import AtBins, BinsLook, Doubt, Excuse, Round, Stage, Unweighed
from kiosk.console.view import StaffView, WorkView
from kiosk.console.weighing import Compared, by_agent, by_bin, is_outside
from kiosk.screens.staff.guided import LETTERS, WEIGHT, Choice, Guided, Scene
from kiosk.words.catalogue import Words
from kiosk.words.denials import tell_denial
from ledger.bins import Content, Destination, Emptying

WAITING = 3
"""Slips still to come that stand as buttons, the newest; the others follow once these have come."""

SHOWN = 6
"""Emptyings and agents on the page of weights: the newest, and who is off most."""


class Bins(Guided):
    def build(self) -> None:
        super().build()
        self._view: StaffView | None = None
        self._another_carrier = False

    def show_view(self, view: StaffView) -> None:
        if not isinstance(view.shows, WorkView):
            return
        before, self._view = self._view, view
        if before is not None and isinstance(before.shows, WorkView) and before.shows.emptying != view.shows.emptying:
            self._another_carrier = False
        self.stand(self._scene_of(view, view.shows))

    def _scene_of(self, view: StaffView, work: WorkView) -> Scene:
        bins, words = work.bins, self.words
        failing = tell_denial(work.failing, words) if work.failing is not None else ""
        if bins.look is None:
            return Scene("looking", failing or words.text("staff.looking"))
        if bins.checking:
            return Scene("checks", told=tuple(told_checks(bins.look, words)), back=ChecksAsked(open=False))
        if bins.weighing is not None:
            return self._weighing(bins, bins.look, bins.weighing, failing)
        if work.emptying is not None and bins.on_it and Deed.EMPTY in work.deeds:
            return self._round(view, work, work.emptying, failing)
        return self._list(view, work, bins.look, failing)

    def _list(self, view: StaffView, work: WorkView, look: BinsLook, failing: str) -> Scene:
        words = self.words
        here, empties = work.emptying, Deed.EMPTY in work.deeds
        choices: list[Choice] = []
        if empties and here is not None:
            begun = words.text("staff.bins.begun_by", agent=here.by)
            note, failing = ("", failing or begun) if self.theme.compact else (begun, failing)
            go_on = words.text("staff.bins.go_on", bin=here.bin)
            choices.append(Choice("go_on", go_on, EmptyingAsked(here.bin), note, main=True))
            choices.append(Choice("drop", words.text("staff.bins.drop"), EmptyingDropped()))
        elif empties:
            for seen in view.machine.seen.bins:
                level = words.text("staff.bins.level", material=words.text(f"material.{seen.material}"), percent=seen.percent)
                note = words.text(f"staff.tile.bin.{seen.material}", percent=seen.percent) if self.theme.compact else level
                choices.append(Choice(f"empty.{seen.bin}", words.text("staff.bins.empty", bin=seen.bin), EmptyingAsked(seen.bin), note))
        if empties:
            for one in look.unweighed[-WAITING:][::-1]:
                weigh = words.text("staff.bins.weigh", bin=one.bin, n=one.n)
                choices.append(Choice(f"weigh.{one.bin}.{one.n}", weigh, WeighingAsked((one.bin, one.n))))
        choices.append(Choice("checks", words.text("staff.bins.checks"), ChecksAsked(open=True)))
        return Scene("list", failing or self._just_done(work.bins), tuple(self._contents(view, look)), choices)

    def _just_done(self, bins: AtBins) -> str:
        words = self.words
        if bins.emptied is not None:
            done, n = bins.emptied, sum(bins.emptied.counts.values())
            key = "staff.bins.again" if bins.again else "staff.bins.emptied"
            return words.plural(key, n, bin=done.bin, number=done.n, kg=kilograms(done.grams))
        return "" if bins.weighed is None else words.text("staff.bins.weighed", kg=kilograms(bins.weighed))

    def _contents(self, view: StaffView, look: BinsLook) -> Iterator[str]:
        """What the ledger has in each bin, and what the machine sees there."""
        for content in look.contents:
            last = next((one for one in look.emptyings if one.content.bin == content.bin), None)
            yield self._content(content, last)
            percent = view.machine.seen.percent(content.bin)
            if percent is not None and percent == 0 and sum(content.counts.values()) > 0:
                yield self.words.text("staff.bins.unwritten", bin=content.bin)
        if len(look.unweighed) > WAITING:
            yield self.words.plural("staff.bins.more_unweighed", len(look.unweighed) - WAITING)

    def _content(self, content: Content, last: Emptying | None) -> str:
        words = self.words
        n = sum(content.counts.values())
        if last is None:
            return words.plural("staff.bins.content_first", n, bin=content.bin, kg=kilograms(content.grams))
        at = last.at.astimezone(PARIS)
        return words.plural(
            "staff.bins.content",
            n,
            bin=content.bin,
            kg=kilograms(content.grams),
            day=words.day(at.date(), short=True),
            time=words.time_of_day(at),
            agent=last.agent,
        )

    # an emptying

    def _round(self, view: StaffView, work: WorkView, here: Round, failing: str) -> Scene:
        words = self.words
        name = f"round.{here.stage}"
        prompt = failing or words.text(f"staff.bins.step.{here.stage}", bin=here.bin)
        back = EmptyingBack()
        match here.stage:
            case Stage.DOOR:
                done = Choice("done", words.text("staff.bins.bin_is_back"), EmptyingAnswered(Stage.DOOR), main=True, icon="check")
                nothing = Choice("drop", words.text("staff.bins.drop"), EmptyingDropped(), icon="x")
                return Scene(name, prompt, tuple(self._door(view, work, here)), (done, nothing))
            case Stage.SEAL:
                return Scene(name, prompt, types=LETTERS, typed=lambda text: EmptyingAnswered(Stage.SEAL, text), back=back)
            case Stage.DESTINATION:
                choices = [
                    Choice(one.value, words.text(f"staff.bins.destination.{one}"), EmptyingAnswered(Stage.DESTINATION, one.value))
                    for one in Destination
                ]
                return Scene(name, prompt, choices=choices, back=back)
            case Stage.CARRIER:
                return self._carrier(work, name, prompt)
            case Stage.WHY:
                choices = [
                    Choice(one.value, words.text(f"staff.bins.excuse.{one}"), EmptyingAnswered(Stage.WHY, one.value)) for one in Excuse
                ]
                return Scene(name, prompt, tuple(self._doubts(view, work, here)), choices, back=back)
            case Stage.CHECK:
                sure = words.text("moment" if work.bins.writing else "staff.bins.write")
                write = Choice("write", sure, EmptyingSure(), main=True, icon="check", enabled=not work.bins.writing)
                return Scene(name, prompt, tuple(self._facts(view, work, here)), (write,), back=back)

    def _carrier(self, work: WorkView, name: str, prompt: str) -> Scene:
        known = work.bins.look.carriers if work.bins.look is not None else ()

        def said(text: str) -> ConsoleEvent:
            return EmptyingAnswered(Stage.CARRIER, text)

        if self._another_carrier or not known:
            return Scene(f"{name}.typed", prompt, types=LETTERS, typed=said, back=self._back_to_carriers if known else EmptyingBack())
        choices = [Choice(f"carrier.{place}", carrier, said(carrier)) for place, carrier in enumerate(known)]
        another = Choice("carrier.other", self.words.text("staff.bins.other_carrier"), self._types_carrier)
        return Scene(name, prompt, choices=(*choices, another), back=EmptyingBack())

    def _types_carrier(self) -> None:
        self._another_carrier = True
        if self._view is not None:
            self.show_view(self._view)

    def _back_to_carriers(self) -> None:
        self._another_carrier = False
        if self._view is not None:
            self.show_view(self._view)

    def _door(self, view: StaffView, work: WorkView, here: Round) -> Iterator[str]:
        words, seen = self.words, view.machine.seen
        yield from self._counted(work, here)
        door = "open" if seen.door_open else "unseen" if Doubt.DOOR_UNSEEN in work.doubts else "shut"
        yield words.text(f"staff.bins.door.{door}")
        yield self._level(view, here)

    def _counted(self, work: WorkView, here: Round) -> Iterator[str]:
        words, look = self.words, work.bins.look
        content = next((one for one in look.contents if one.bin == here.bin), None) if look is not None else None
        if content is not None:
            told = ", ".join(
                words.text("staff.bins.count", material=words.text(f"material.{material}"), n=n) for material, n in content.counts.items()
            )
            yield words.text("staff.bins.counted", counts=told or "0", kg=kilograms(content.grams))

    def _level(self, view: StaffView, here: Round) -> str:
        percent = view.machine.seen.percent(here.bin)
        return self.words.text("staff.bins.level_unknown") if percent is None else self.words.text("staff.bins.seen", percent=percent)

    def _doubts(self, view: StaffView, work: WorkView, here: Round) -> Iterator[str]:
        for doubt in work.doubts:
            yield self.words.text(f"staff.bins.doubt.{doubt}", percent=view.machine.seen.percent(here.bin) or 0)

    def _facts(self, view: StaffView, work: WorkView, here: Round) -> Iterator[str]:
        words = self.words
        yield from self._counted(work, here)
        destination = words.text(f"staff.bins.destination.{here.destination}") if here.destination is not None else "–"
        yield words.text("staff.bins.handing", seal=here.seal, destination=destination, carrier=here.carrier)
        yield self._level(view, here)
        yield from self._doubts(view, work, here)
        if here.why is not None and work.doubts:
            yield words.text("staff.bins.because", why=words.text(f"staff.bins.excuse.{here.why}"))
        if view.machine.seen.door_open:
            yield words.text("staff.bins.door_left_open")
        if here.by != work.agent.number:
            yield words.text("staff.bins.begun_by", agent=here.by)

    # a slip

    def _weighing(self, bins: AtBins, look: BinsLook, here: Unweighed, failing: str) -> Scene:
        words = self.words
        if bins.grams is None:
            return Scene(
                "weigh",
                failing or words.text("staff.bins.type_weight", bin=here.bin, n=here.n),
                tuple(told_emptying(here.emptying, words)),
                types=WEIGHT,
                typed=WeightTyped,
                field=words.text("staff.bins.kg"),
                back=WeighingAsked(None),
            )
        told, outside = [words.text("staff.bins.slip_says", kg=kilograms(bins.grams))], False
        if here.emptying is not None:
            outside = is_outside(here.emptying, bins.grams, look.tolerance)
            told.append(
                words.text(
                    "staff.bins.expected",
                    kg=kilograms(here.emptying.content.grams),
                    off=kilograms(bins.grams - here.emptying.content.grams),
                    tolerated=kilograms(look.tolerance.of(here.emptying.content.counts)),
                )
            )
        write = words.text("moment" if bins.writing else "staff.bins.write_weight")
        choices = (
            Choice("write_weight", write, WeighingSure(sure=True), main=True, icon="check", enabled=not bins.writing),
            Choice("correct", words.text("staff.bins.correct"), WeighingSure(sure=False), enabled=not bins.writing),
        )
        return Scene("weigh.sure", failing or words.text("staff.bins.outside" if outside else "staff.bins.once"), told, choices)


def kilograms(grams: int) -> float:
    """To a tenth, as slips have them."""
    return round(grams / 1000, 1)


def told_emptying(emptying: Emptying | None, words: Words) -> Iterator[str]:
    if emptying is None:
        yield words.text("staff.bins.in_archive")
        return
    at = emptying.at.astimezone(PARIS)
    yield words.text(
        "staff.bins.was",
        day=words.day(at.date(), short=True),
        time=words.time_of_day(at),
        agent=emptying.agent,
        seal=emptying.handing.seal,
        carrier=emptying.handing.carrier,
    )


def told_checks(look: BinsLook, words: Words) -> Iterator[str]:
    """By bin, by agent, and the newest one by one."""
    emptyings, tolerance = look.emptyings, look.tolerance
    weighed = [one for one in emptyings if one.weighed is not None]
    if not weighed:
        yield words.text("staff.bins.none_weighed")
    for bin, of_bin in by_bin(weighed, tolerance).items():
        yield _compared(words.text("staff.bins.of_bin", bin=Bin(bin)), of_bin, words)
    for agent, of_agent in list(by_agent(weighed, tolerance).items())[:SHOWN]:
        yield _compared(words.text("staff.bins.of_agent", agent=agent), of_agent, words)
    for one in weighed[:SHOWN]:
        yield _one(one, outside=is_outside(one, one.weighed or 0, tolerance), words=words)
    for archive in look.unread:
        yield words.text("staff.bins.unread", archive=archive)


def _compared(who: str, of: Compared, words: Words) -> str:
    return words.plural(
        "staff.bins.compared",
        of.times,
        who=who,
        weighed=kilograms(of.weighed_g),
        expected=kilograms(of.expected_g),
        percent=f"{of.percent:+}",
        outside=of.outside,
    )


def _one(one: Emptying, *, outside: bool, words: Words) -> str:
    at = one.at.astimezone(PARIS)
    return words.text(
        "staff.bins.one_outside" if outside else "staff.bins.one",
        day=words.day(at.date(), short=True),
        bin=one.content.bin,
        agent=one.agent,
        weighed=kilograms(one.weighed or 0),
        expected=kilograms(one.content.grams),
    )
