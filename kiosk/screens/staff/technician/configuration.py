"""The page of the configuration: every key with value, source and default; those that are safe changed, and when that holds from."""

from collections.abc import Callable

from config.changing import Key, Source
from kiosk.console.configuring.vocabulary import AtConfiguration, KeyPicked, ValueTyped
from kiosk.console.events import StartAskedAnew
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.staff.guided import WEIGHT, Choice, Guided, Scene
from kiosk.words.denials import tell_denial

AT_ONCE = 5
"""Keys that can be changed on a page."""


class Configuration(Guided):
    def build(self) -> None:
        self._view: StaffView | None = None
        self._changing = False
        self._first = 0
        super().build()

    def show_view(self, view: StaffView) -> None:
        self._view = view
        self._stands()

    def begin_anew(self) -> None:
        self._changing, self._first = False, 0
        super().begin_anew()

    def turns(self) -> None:
        """From all keys to those that can be changed, and back."""
        self._changing, self._first = not self._changing, 0
        self._stands()

    def _stands(self) -> None:
        view = self._view
        if view is None or not isinstance(view.shows, WorkView):
            return
        work, here = view.shows, view.shows.configuring
        failing = tell_denial(work.failing, self.words) if work.failing is not None else ""
        if here.keys is None:
            self.stand(Scene("looking", failing or self.words.text("staff.looking")))
        elif (key := here.key) is not None:
            self.stand(self._typing(here, key, failing))
        elif self._changing:
            self.stand(self._picking(here.keys, failing))
        else:
            self.stand(self._all(here, here.keys, failing, in_visit=view.machine.visit is not None))

    def _all(self, here: AtConfiguration, keys: tuple[Key, ...], failing: str, *, in_visit: bool) -> Scene:
        text = self.words.text
        told = [self._told_of(key) for key in keys]
        choices = [Choice("change", text("configuration.change"), self.turns, icon="sliders-horizontal", main=not here.changes)]
        if here.changes:
            last = here.changes[-1]
            changed = text("configuration.changed", key=self._name(last.key), old=self._value(last.old), new=self._value(last.new))
            failing = failing or (text("configuration.anew.visit") if in_visit else changed)
            anew = Choice("anew", text("configuration.anew"), StartAskedAnew(), main=True, icon="undo-2", enabled=not in_visit)
            choices.append(anew)
        return Scene("all", failing or text("configuration.intro"), told, choices)

    def _told_of(self, key: Key) -> str:
        """As it stands in the file: whoever edits that looks for it so."""
        text = self.words.text
        default = "" if key.default is None or key.source is Source.DEFAULT else text("configuration.default", default=key.default)
        told = (f"{key.name} = {key.value}", text(f"configuration.source.{key.source}"), default)
        return " · ".join(part for part in told if part)

    def _picking(self, keys: tuple[Key, ...], failing: str) -> Scene:
        text = self.words.text
        safe = [key for key in keys if key.safe]
        # large letters on a low panel: what it is stands on the page where it is changed
        note = {key.name: "" if self.theme.compact else self._now(key) for key in safe}
        shown = safe[self._first : self._first + AT_ONCE]
        choices = [Choice(f"key.{key.name}", self._name(key.name), KeyPicked(key.name), note=note[key.name]) for key in shown]
        beyond = self._first + AT_ONCE if self._first + AT_ONCE < len(safe) else 0
        choices.append(Choice("others", text("configuration.others"), self._shows_from(beyond)))
        return Scene(f"pick.{self._first}", failing or text("configuration.which"), choices=choices, back=self.turns)

    def _typing(self, here: AtConfiguration, key: Key, failing: str) -> Scene:
        text = self.words.text
        remark = failing or text("configuration.value_q", key=self._name(key.name))
        if here.refused is not None:
            allowed = text(f"type.{here.refused.allowed}") if here.refused.allowed.isalpha() else here.refused.allowed
            remark = failing or text("configuration.refused", found=here.refused.found or "–", allowed=allowed)
        told = (self._now(key), text("configuration.key", key=key.name))
        if here.writing:
            return Scene("writing", text("moment"))
        if key.value in ("true", "false"):
            other = "false" if key.value == "true" else "true"
            choice = Choice("other", text("configuration.becomes", new=self._value(other)), ValueTyped(other), main=True, icon="check")
            return Scene(f"switch.{key.name}", remark, told, (choice,), back=KeyPicked(""))
        field = text("configuration.field", allowed=key.allowed)
        return Scene(f"type.{key.name}", remark, told, types=WEIGHT, typed=ValueTyped, field=field, back=KeyPicked(""))

    def _name(self, key: str) -> str:
        return self.words.text(f"configuration.key.{key}")

    def _now(self, key: Key) -> str:
        return f"{self._value(key.value)} {self.words.text(f'configuration.source.{key.source}')}"

    def _value(self, value: str) -> str:
        return self.words.text(f"configuration.{value}") if value in ("true", "false") else value

    def _shows_from(self, first: int) -> Callable[[], None]:
        def show() -> None:
            self._first = first
            self._stands()

        return show
