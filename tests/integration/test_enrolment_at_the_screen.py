"""The city's one-time code typed at the console reaches a real city by way of the sync alone, and what the city said comes back to the page."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from city import identity
from city.store import open_store
from config.state import Files
from kiosk.composed import AnyAction, Composed, step
from kiosk.console.enrolling.vocabulary import BringCode, CodeTyped, CodeWanted, EnrolmentTold, Known, LookAtEnrolment
from kiosk.console.events import Admitted, AgentsTold, ConsoleEvent, DeedAsked, LogInAsked, Opened
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork, Console
from kiosk.deposit.notes import Note, NoteKind
from kiosk.enrolling import enrolment
from ledger.keys import load_own, public_text
from ledger.sync.answers import Answer, Enrolled
from ledger.sync.enrolment import Enrolling, enrol
from ledger.sync.outcomes import Delivered, Outcome
from ledger.sync.rounds import once, run_forever
from ledger.sync.typed import Came, Typed
from ledger.sync.uplink import Address
from money.callers import NOW
from money.city_server import city
from money.sending_kiosk import KIOSK, Kiosk, route
from people.stories import Story
from timing import FakeClock, patient
from wires.readings import REST

CODE = "7KQP-2MZD-9FHW-X3TA"


class Glass:
    """The console as a technician has it, with the files between kiosk and sync for a worker."""

    def __init__(self, files: Files, role: Role = Role.TECHNICIAN) -> None:
        self.files, self.notes = files, list[Note]()
        self.session = Composed(replace(Story().open().session, hot=REST), Console())
        self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", role), DeedAsked(Deed.ENROLMENT))

    def tell(self, *events: ConsoleEvent) -> tuple[AnyAction, ...]:
        asked: tuple[AnyAction, ...] = ()
        for event in events:
            self.session, asked = step(self.session, event)
            self.notes += [one for one in asked if isinstance(one, Note)]
            for action in asked:
                if isinstance(action, LookAtEnrolment | BringCode):
                    self.tell(enrolment(self.files, KIOSK, action))
        return asked

    def types(self, code: str) -> None:
        self.tell(CodeWanted(wanted=True), CodeTyped(code))

    def stands(self) -> tuple[Known, bool, Came | None]:
        self.tell(enrolment(self.files, KIOSK, LookAtEnrolment()))
        face = self.session.console.face
        assert isinstance(face, AtWork)
        assert face.enrolling.seen is not None
        return face.enrolling.seen.known, face.enrolling.seen.waits, face.enrolling.seen.came


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/city.db"


@pytest.fixture
def address(database: str) -> Iterator[str]:
    with city(database, kiosks=()) as url:
        yield url


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    made = Kiosk(tmp_path, FakeClock())
    Files(tmp_path).sync_key.unlink()
    return made


def enrolling(folder: Path, address: str) -> Enrolling:
    clock = FakeClock()
    return Enrolling(KIOSK, folder / "sync.key", Address(address, patient(10)), lambda: clock.now().utc, clock.monotonic, threading.Event())


def typed_in(folder: Path) -> Typed:
    return Typed(Files(folder).enrolment_code, Files(folder).enrolled)


def code_for(database: str) -> str:
    store = open_store(database)
    try:
        with store.write() as connection:
            return identity.invite(connection, KIOSK, NOW, "tests")
    finally:
        store.close()


def test_a_typed_code_enrols_the_kiosk_and_its_rows_go_out(kiosk: Kiosk, tmp_path: Path, database: str, address: str) -> None:
    made, stop, typed = route(kiosk, address), threading.Event(), typed_in(tmp_path)
    once(made, stop, kiosk.clock)
    glass = Glass(Files(tmp_path))
    assert glass.stands() == (Known.NO, False, None)
    code = code_for(database)
    glass.types(code.lower().replace("-", " "))
    assert glass.stands() == (Known.NO, True, None)
    outcomes: list[Outcome] = []

    def report(outcome: Outcome) -> None:
        outcomes.append(outcome)
        stop.set()

    run_forever(
        made, stop, report, kiosk.clock, lambda: 1.0, settles=lambda: typed.settle(enrolling(tmp_path, address), enrol), waits=typed.waits
    )

    assert isinstance(outcomes[0], Delivered)
    assert glass.stands() == (Known.YES, False, Came.ENROLLED)
    assert [note for note in glass.notes if note.kind is NoteKind.ENROLMENT_ASKED] == [Note(NoteKind.ENROLMENT_ASKED, {"agent": "101"})]
    assert code not in str(glass.notes)


def test_a_wrong_and_a_used_code_are_told_and_taken_away(kiosk: Kiosk, tmp_path: Path, database: str, address: str) -> None:
    glass, typed = Glass(Files(tmp_path)), typed_in(tmp_path)
    code = code_for(database)
    for one, came in ((CODE, Came.WRONG), (code, Came.ENROLLED)):
        glass.types(one)
        typed.settle(enrolling(tmp_path, address), enrol)
        assert glass.stands()[1:] == (False, came)
    Files(tmp_path).sync_key.unlink()
    glass.types(code)
    typed.settle(enrolling(tmp_path, address), enrol)
    assert glass.stands()[1:] == (False, Came.WRONG)


def test_a_code_that_the_city_does_not_answer_waits_for_it(
    kiosk: Kiosk, tmp_path: Path, database: str, address: str, free_port: int
) -> None:
    glass, typed = Glass(Files(tmp_path)), typed_in(tmp_path)
    glass.types(code_for(database))
    typed.settle(enrolling(tmp_path, f"http://127.0.0.1:{free_port}"), enrol)
    assert glass.stands()[1:] == (True, Came.AWAY)
    typed.settle(enrolling(tmp_path, address), enrol)
    assert glass.stands()[1:] == (False, Came.ENROLLED)


class _Cut(BaseException):
    """The power goes."""


def test_a_cut_after_the_citys_yes_ends_enrolled(kiosk: Kiosk, tmp_path: Path, database: str, address: str) -> None:
    glass, typed = Glass(Files(tmp_path)), typed_in(tmp_path)
    glass.types(code_for(database))

    def cut(told: Enrolling, code: str) -> Answer:
        assert isinstance(enrol(told, code), Enrolled)
        raise _Cut

    with pytest.raises(_Cut):
        typed.settle(enrolling(tmp_path, address), cut)
    key = public_text(load_own(tmp_path / "sync.key"))
    assert glass.stands()[1:] == (True, None)

    typed.settle(enrolling(tmp_path, address), enrol)

    assert glass.stands()[1:] == (False, Came.ENROLLED)
    assert public_text(load_own(tmp_path / "sync.key")) == key


def test_another_code_typed_while_one_is_on_its_way_is_not_taken_away(kiosk: Kiosk, tmp_path: Path, database: str, address: str) -> None:
    glass, typed = Glass(Files(tmp_path)), typed_in(tmp_path)
    glass.types(CODE)

    def meanwhile(told: Enrolling, code: str) -> Answer:
        glass.types(code_for(database))
        return enrol(told, code)

    typed.settle(enrolling(tmp_path, address), meanwhile)
    assert glass.stands()[1] is True
    typed.settle(enrolling(tmp_path, address), enrol)
    assert glass.stands()[1:] == (False, Came.ENROLLED)


@pytest.mark.parametrize("text", ["", "short", "x" * 41, "7KQP_2MZD_9FHW_X3TA", "é" * 20])
def test_what_can_be_no_code_reaches_no_sync(kiosk: Kiosk, tmp_path: Path, text: str) -> None:
    glass = Glass(Files(tmp_path))
    glass.types(text)
    face = glass.session.console.face
    assert isinstance(face, AtWork)
    assert face.enrolling.unfit
    assert not Files(tmp_path).enrolment_code.exists()


def test_what_others_lay_in_the_codes_place_is_neither_followed_nor_sent(kiosk: Kiosk, tmp_path: Path) -> None:
    typed, secret = typed_in(tmp_path), tmp_path / "secret"
    secret.write_text(CODE)
    sent: list[str] = []

    def deed(_: Enrolling, code: str) -> Answer:
        sent.append(code)
        return Enrolled(KIOSK, "")

    for lay in (lambda: typed.code.symlink_to(secret), lambda: os.mkfifo(typed.code), lambda: typed.code.write_bytes(b"\xff" * 2_000)):
        lay()
        came = typed.settle(enrolling(tmp_path, "http://127.0.0.1:9"), deed)
        assert came is not None
        assert came.came is Came.WRONG
        typed.code.unlink(missing_ok=True)
    assert sent == []
    assert secret.read_text() == CODE


@pytest.mark.parametrize("role", [Role.DESK, Role.AUDITOR])
def test_it_is_no_page_of_the_desks(kiosk: Kiosk, tmp_path: Path, role: Role) -> None:
    glass = Glass(Files(tmp_path), role)
    glass.types(CODE)
    glass.tell(EnrolmentTold(enrolment(Files(tmp_path), KIOSK, LookAtEnrolment()).seen))  # type: ignore[attr-defined]
    assert not Files(tmp_path).enrolment_code.exists()
