"""The configuration at the glass: only what is safe is changed, by whoever may; what is not allowed is told and changes nothing; the log says who, what it was and what it is."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.changing import SAFE, Key, Source
from config.settings import load
from config.state import Files
from config.vocabulary import Cents
from kiosk.agents import Agents, Cost
from kiosk.composed import AnyAction, Composed, step
from kiosk.console.actions import StartAnew
from kiosk.console.configuring.vocabulary import (
    AtConfiguration,
    Change,
    ChangeKey,
    ConfigurationTold,
    KeyChanged,
    KeyKept,
    KeyPicked,
    LookAtConfiguration,
    NotAllowed,
    ValueTyped,
)
from kiosk.console.denials import FileFails, NotTheirs
from kiosk.console.events import Admitted, AgentsTold, ConsoleEvent, DeedAsked, Failed, LogInAsked, Opened, StartAskedAnew
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.deposit.notes import Note, NoteKind
from kiosk.workers.console import Clerk
from people.stories import Story, finished
from timing import FakeClock
from wires.readings import REST

VOLUME = Key("sound.volume_percent", "70", Source.DEFAULT, "70", "0–100", safe=True)
DAY = Key("limits.day_cents", "20000", Source.FILE, "20000", "0–1", safe=False)


class Glass:
    def __init__(self, role: Role = Role.TECHNICIAN, *, in_visit: bool = False) -> None:
        story = finished() if in_visit else Story().open()
        self.session = Composed(replace(story.session, hot=REST), Console())
        self.asked: tuple[AnyAction, ...] = ()
        self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", role), DeedAsked(Deed.CONFIGURATION))

    def tell(self, *events: ConsoleEvent) -> "Glass":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    @property
    def here(self) -> AtConfiguration:
        face = self.session.console.face
        assert isinstance(face, AtWork)
        return face.configuring


def test_a_key_is_changed_and_the_log_tells_who_and_what_it_was() -> None:
    glass = Glass()
    assert LookAtConfiguration() in glass.asked
    glass.tell(ConfigurationTold((VOLUME, DAY)), KeyPicked(VOLUME.name), ValueTyped("40"))
    assert ChangeKey("101", "sound.volume_percent", "40") in glass.asked
    change = Change("sound.volume_percent", "70", "40")
    told = glass.tell(KeyChanged((replace(VOLUME, value="40", source=Source.FILE), DAY), change)).asked
    assert told == (Note(NoteKind.KEY_CHANGED, {"agent": "101", "key": "sound.volume_percent", "old": "70", "new": "40"}),)
    assert (glass.here.picked, glass.here.changes) == ("", (change,))


def test_a_key_that_is_not_safe_is_not_picked_and_nothing_is_written_for_it() -> None:
    glass = Glass().tell(ConfigurationTold((VOLUME, DAY)), KeyPicked(DAY.name), ValueTyped("1"))
    assert glass.asked == ()
    assert glass.here.picked == ""


def test_what_may_not_stand_there_is_told_and_another_value_can_be_typed() -> None:
    glass = Glass().tell(ConfigurationTold((VOLUME,)), KeyPicked(VOLUME.name), ValueTyped("400"))
    assert glass.tell(ValueTyped("40")).asked == (), "one is being written"
    glass.tell(KeyKept(VOLUME.name, NotAllowed("400", "0–100")))
    assert glass.here.refused == NotAllowed("400", "0–100")
    assert ChangeKey("101", VOLUME.name, "40") in glass.tell(ValueTyped("40")).asked


def test_the_kiosk_begins_anew_where_it_was_asked_to_but_in_no_visit() -> None:
    assert StartAnew() in Glass().tell(StartAskedAnew()).asked
    assert StartAnew() not in Glass(in_visit=True).tell(StartAskedAnew()).asked
    assert StartAnew() not in Glass().tell(DeedAsked(Deed.TODAY), StartAskedAnew()).asked


@pytest.mark.parametrize("role", [Role.DESK, Role.AUDITOR])
def test_it_is_no_page_of_the_desk_s(role: Role) -> None:
    assert Glass(role).asked == ()


SHORT = """
[kiosk]
id = "mairie-11-hall"
state = "state"
[intake]
port = "intake"
[camera]
source = "http://kiosk:geheim@10.0.0.9/?token=geheim"
[reward]
voucher_page = "https://consigne.example/bon"
[city]
url = "https://consigne.example"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


@pytest.fixture
def clerk(file: Path, clock: FakeClock) -> Clerk:
    files = Files(file.parent / "state")
    files.state.mkdir(mode=0o770)
    agents = Agents(files.kiosk, clock, Cost(memory_kib=32, passes=1, lanes=1))
    agents.add("Camille", Role.TECHNICIAN, "274951")
    agents.add("Sacha", Role.DESK, "839017")
    return Clerk(agents, files, clock, Cents(20_000), Cents(20), lambda: date(2026, 11, 24), configuration=file)


def test_the_file_itself_is_changed_by_whoever_may(clerk: Clerk, file: Path) -> None:
    changed = clerk.does(ChangeKey("101", VOLUME.name, "40"))
    assert isinstance(changed, KeyChanged)
    assert changed.change == Change(VOLUME.name, "70", "40")
    assert load(file).sound.volume_percent == 40
    assert clerk.does(ChangeKey("101", VOLUME.name, "400")) == KeyKept(VOLUME.name, NotAllowed("400", "0–100"))
    for number, key in (("102", VOLUME.name), ("101", "limits.day_cents")):
        assert clerk.does(ChangeKey(number, key, "1")) == Failed(NotTheirs())
    assert load(file).sound.volume_percent == 40


def test_every_key_is_told_and_no_password(clerk: Clerk) -> None:
    told = clerk.does(LookAtConfiguration())
    assert isinstance(told, ConfigurationTold)
    assert {key.name for key in told.keys if key.safe} == SAFE
    assert "geheim" not in str(told)


def test_a_file_that_is_gone_or_that_somebody_is_in_the_middle_of_is_told(clerk: Clerk, file: Path) -> None:
    file.write_text("[kiosk", encoding="utf-8")
    broken = clerk.does(LookAtConfiguration())
    file.unlink()
    gone = clerk.does(ChangeKey("101", VOLUME.name, "40"))
    assert [type(told.why) for told in (broken, gone) if isinstance(told, Failed)] == [FileFails, FileFails]
