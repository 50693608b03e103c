"""The agents' page, for a manager: who may log in, an agent more, another role, another PIN, blocked, erased. A PIN that was drawn stands here once."""

from collections.abc import Callable
from functools import partial

from kiosk.console.events import AgentChangeAsked, AgentPicked, AgentSure
from kiosk.console.roles import Role
from kiosk.console.told import Adding, Appointing, AtAgents, Blocking, Forgetting, Listed, Repinning
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.staff.guided import LETTERS, Choice, Guided, Scene
from kiosk.words.denials import tell_denial

SHOWN = 5
"""Agents at a time."""


class Agents(Guided):
    def build(self) -> None:
        super().build()
        self._view: StaffView | None = None
        self._from = 0
        self._adding: Role | None = None
        self._choosing: str = ""

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        before, self._view = self._view, view
        if before is not None and isinstance(before.shows, WorkView) and before.shows.agents != work.agents:
            # something was done, or somebody else is looked at
            self._adding, self._choosing = None, ""
        failing = tell_denial(work.failing, self.words) if work.failing is not None else ""
        self.stand(self._scene_of(work.agents, failing))

    def _scene_of(self, here: AtAgents, failing: str) -> Scene:
        words = self.words
        if here.listed is None:
            return Scene("looking", failing or words.text("staff.looking"))
        if here.asking is not None:
            key = "staff.agents.sure_forget" if isinstance(here.asking, Forgetting) else "staff.agents.sure_block"
            yes = Choice("yes", words.text("staff.agents.yes"), AgentSure(sure=True))
            no = Choice("no", words.text("staff.agents.no"), AgentSure(sure=False), main=True)
            return Scene("sure", words.text(key, number=here.picked), choices=(no, yes))
        picked = next((one for one in here.listed if one.number == here.picked), None)
        if self._choosing:
            return self._roles(picked)
        if self._adding is not None:
            role = self._adding
            prompt = failing or words.text("staff.agents.type_name")
            return Scene(
                "name",
                prompt,
                types=LETTERS,
                typed=lambda name: AgentChangeAsked(Adding(role, name.strip())),
                back=self._then(self._stops_adding),
            )
        return self._list(here, here.listed, failing) if picked is None else self._one(here, picked, failing)

    def _list(self, here: AtAgents, listed: tuple[Listed, ...], failing: str) -> Scene:
        words = self.words
        self._from = self._from if self._from < len(listed) else 0
        some = listed[self._from : self._from + SHOWN]
        choices = [Choice(f"agent.{one.number}", self._named(one), AgentPicked(one.number), self._state(one)) for one in some]
        choices.append(Choice("add", words.text("staff.agents.add"), self._then(lambda: self._chooses("add")), icon="plus"))
        if len(listed) > SHOWN:
            choices.append(Choice("following", words.text("staff.agents.following"), self._then(self._next), icon="arrow-right"))
        return Scene(f"list.{self._from}", failing or words.text("staff.agents.who"), choices=choices)

    def _one(self, here: AtAgents, one: Listed, failing: str) -> Scene:
        words = self.words
        told = [self._named(one), self._state(one)]
        if here.given is not None:
            # told once: before all else, where not all of it has room
            told = [words.text("staff.agents.given", pin=here.given), *told, words.text("staff.agents.given_once")]
        choices = [
            Choice("role", words.text("staff.agents.other_role"), self._then(lambda: self._chooses("role"))),
            Choice("repin", words.text("staff.agents.new_pin"), AgentChangeAsked(Repinning(one.number))),
            Choice(
                "block",
                words.text("staff.agents.unblock" if one.blocked else "staff.agents.block"),
                AgentChangeAsked(Blocking(one.number, not one.blocked)),
            ),
            Choice("forget", words.text("staff.agents.forget"), AgentChangeAsked(Forgetting(one.number))),
        ]
        return Scene(f"agent.{one.number}", failing, told, choices, back=AgentPicked(None))

    def _roles(self, picked: Listed | None) -> Scene:
        words = self.words
        choices = []
        for role in Role:
            if self._choosing == "role" and picked is not None:
                does = self._chosen_for(picked.number, role)
            else:
                does = self._then(partial(self._adds, role))
            choices.append(Choice(f"role.{role}", words.text(f"staff.role.{role}"), does))
        return Scene(
            f"roles.{self._choosing}", words.text("staff.agents.which_role"), choices=choices, back=self._then(lambda: self._chooses(""))
        )

    def _named(self, one: Listed) -> str:
        return self.words.text("staff.agents.one", number=one.number, name=one.name or "–")

    def _state(self, one: Listed) -> str:
        state = "blocked" if one.blocked else "active" if one.has_pin else "no_pin"
        words = self.words
        return words.text("staff.agents.is", role=words.text(f"staff.role.{one.role}"), state=words.text(f"staff.agents.{state}"))

    # what the page alone knows: who is being added, whose role is being chosen

    def _then(self, does: Callable[[], None]) -> Callable[[], None]:
        def both() -> None:
            does()
            if self._view is not None:
                self.show_view(self._view)

        return both

    def _chosen_for(self, number: str, role: Role) -> Callable[[], None]:
        def does() -> None:
            self._choosing = ""
            self.asked.emit(AgentChangeAsked(Appointing(number, role)))

        return does

    def _chooses(self, what: str) -> None:
        self._choosing = what

    def _adds(self, role: Role) -> None:
        self._choosing, self._adding = "", role

    def _stops_adding(self) -> None:
        self._adding = None

    def _next(self) -> None:
        self._from += SHOWN
