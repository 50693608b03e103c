"""Helping a visitor on a real ledger, log and agents' file, step by step: what one agent may do alone, what is written when somebody leaves, is blocked or answers late."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.files import Trouble
from config.vocabulary import Cents, Material, Reason
from kiosk.console.actions import ReadVisit
from kiosk.console.denials import FileFails, NotTheirs
from kiosk.console.events import (
    ClaimAnswered,
    ClaimAsked,
    ConsoleEvent,
    ContestJudged,
    DeedAsked,
    GrantAsked,
    HelpSought,
    IdleTooLong,
    ItemPicked,
    LeaveAsked,
    PayAsked,
    SecondAsked,
    SecondLeft,
    VisitPicked,
    VisitsFound,
    VoucherAsked,
)
from kiosk.console.helping import concealed, grantable
from kiosk.console.roles import Deed
from kiosk.console.states import Shut
from kiosk.console.told import Outcome, Reassurance
from kiosk.deposit.halts import Halt
from kiosk.deposit.notes import Note, NoteKind
from kiosk.visit_reading import refusals_of
from ledger.claims import generations
from ledger.database import driver, reading
from ledger.kinds import Kind
from ledger.visits import visits_of
from ledger.vocabulary import Cause, Refusal, Ungranted
from money.desk_days import DAY_S, lose
from money.ledgers import TERMS, Kiosk, LedgerIn
from worlds.desk_room import OTHER, PIN, Room, writes

pytest_plugins = ("money.ledger_fixtures",)


@pytest.fixture
def room(ledger_in: LedgerIn, tmp_path: Path) -> Room:
    return Room(ledger_in(tmp_path))


def left(kiosk: Kiosk, bottles: int = 2, *, lost: int = 0) -> str:
    """A visit whose sum waits under its number."""
    visit = kiosk.visit_of(bottles)
    for _ in range(lost):
        lose(kiosk, visit)
    kiosk.journal.mark_shown(kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, kiosk.now()).code, kiosk.now())
    return visit


def looked_at(room: Room) -> str | None:
    return None if room.here.visit is None else room.here.visit.record.id


# found


def test_a_number_leads_to_the_visit_and_of_several_the_newest_comes_first(room: Room) -> None:
    visit = left(room.kiosk)
    assert room.helps(visit).here.visit is not None
    assert room.does(HelpSought("0000")).here.visits == ()
    days = (visit, f"2026-11-23/{visit[-4:]}")
    room.tells(HelpSought(visit[-4:]))
    room.waiting.clear()
    assert room.does(VisitsFound(visit[-4:], days)).here.visit is None
    room.does(VisitPicked(visit))
    assert room.here.visit is not None
    assert room.here.visit.record.id == visit


def test_a_visit_of_an_earlier_ledger_is_found_and_its_sum_claimed(room: Room) -> None:
    visit = left(room.kiosk)
    room.kiosk.succeed(totaliser=200)
    room.kiosk.journal = room.kiosk.open()
    room.helps(visit).does(ClaimAsked(), ClaimAnswered(2))
    assert room.here.voucher is not None
    assert room.here.voucher.amount == 40


def test_a_number_that_may_stand_in_an_archive_that_was_moved_names_it(room: Room) -> None:
    visit = left(room.kiosk)
    archive = room.kiosk.succeed(totaliser=200).archive
    room.kiosk.journal = room.kiosk.open()
    assert archive is not None
    assert room.helps(visit).does(HelpSought("0000")).here.missing is None
    elsewhere = archive.rename(archive.with_suffix(".away"))
    room.does(HelpSought(visit[-4:]))
    assert (room.here.visits, room.here.missing) == ((), archive.name)
    elsewhere.rename(archive)
    assert room.does(HelpSought(visit[-4:])).here.visit is not None
    assert room.here.missing is None


def test_earlier_ledgers_are_looked_through_without_reading_what_vouchers_were_open_then(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each there may be tens of thousands, and somebody waits."""
    visit = left(room.kiosk)
    for _ in range(2):
        room.kiosk.succeed()
        room.kiosk.reopen()
    monkeypatch.setattr("ledger.views._open_voucher", lambda body: pytest.fail(f"read {body}"))
    with reading(room.kiosk.path) as connection:
        found = [
            it for ledger in generations(connection, room.kiosk.path) for it in visits_of(ledger, visit[-4:], room.kiosk.now().day(), 30)
        ]
    assert found == [visit]


def test_a_code_of_the_screen_is_no_question_to_the_ledger(room: Room) -> None:
    room.logs_in().does(DeedAsked(Deed.HELP)).tells(HelpSought("m4"))
    assert room.here.halt is Halt.JAM
    assert [type(action).__name__ for action in room.waiting] == ["Recheck"]


def test_an_answer_about_another_visit_than_the_one_that_is_looked_at_changes_nothing(room: Room) -> None:
    first, second = left(room.kiosk), left(room.kiosk, 1)
    room.helps(first)
    seen = room.here.visit
    room.tells(HelpSought(second[-4:]))
    late = room.clerk.does(ReadVisit(first))
    room.tells(late)
    assert looked_at(room) is None
    room.serves()
    assert seen is not None
    assert looked_at(room) == second


# a sum


def test_what_the_claimant_is_asked_stands_nowhere_before_the_answer(room: Room) -> None:
    visit = left(room.kiosk, 3)
    shown = concealed(room.helps(visit).here)
    assert shown.visit is not None
    assert (shown.visit.record.items, shown.visit.record.cents, shown.visit.record.bottles) == ((), 0, 0)
    assert shown.visit.voucher is not None
    assert (shown.visit.voucher.amount, shown.visit.voucher.code) == (0, "")
    room.does(ClaimAsked(), ClaimAnswered(3))
    assert concealed(room.here).visit == room.here.visit


def test_a_third_answer_takes_two_agents(room: Room) -> None:
    visit = left(room.kiosk)
    room.helps(visit).does(ClaimAsked(), ClaimAnswered(1), ClaimAnswered(3))
    assert room.here.misfit
    room.does(ClaimAnswered(2))
    assert (room.face.seconding is not None, room.here.voucher) == (True, None)
    room.does(SecondLeft(), ClaimAnswered(2), SecondAsked("102", OTHER, Reassurance.KNOWN))
    assert room.here.voucher is not None
    assert [(body["fitted"], body.get("second")) for body in room.written(Kind.CLAIMED)] == [(False, None), (False, None), (True, "102")]
    assert room.kiosk.findings() == []


def test_a_code_is_revealed_by_one_agent_once(room: Room) -> None:
    visit = left(room.kiosk)
    assert room.helps(visit).does(ClaimAsked(), ClaimAnswered(2)).here.voucher is not None
    again = room.does(HelpSought(visit[-4:]), ClaimAsked(), ClaimAnswered(2)).face
    assert (again.seconding is not None, again.helping.voucher) == (True, None)
    assert len(room.written(Kind.CLAIMED)) == 1


def test_a_sum_that_was_paid_meanwhile_is_claimed_by_nobody(room: Room) -> None:
    visit = left(room.kiosk)
    room.helps(visit).does(ClaimAsked())
    found = room.kiosk.journal.desk.voucher_of(visit)
    assert found is not None
    room.kiosk.journal.desk.pay(found.code, "7", room.kiosk.now())
    room.does(ClaimAnswered(2))
    assert room.here.refused is not None
    assert room.here.refused.why is Refusal.PAID
    assert room.written(Kind.CLAIMED) == []


# credited by hand


def test_what_was_lost_is_credited_once_after_one_question(room: Room) -> None:
    visit = left(room.kiosk, 1, lost=2)
    room.helps(visit)
    assert room.here.visit is not None
    bottles = grantable(room.here.visit)
    room.does(GrantAsked(bottles, sure=True))
    assert room.written(Kind.GRANT) == []
    room.does(GrantAsked(bottles, sure=True))
    assert [(body["bottle"], body["why"]) for body in room.written(Kind.GRANT)] == [(bottle, "not counted") for bottle in bottles]
    assert room.here.voucher is not None
    room.does(GrantAsked(bottles, sure=False), GrantAsked(bottles, sure=True))
    assert len(room.written(Kind.GRANT)) == 2
    assert room.kiosk.findings() == []


def test_a_refused_bottle_is_credited_only_once_its_refusal_was_found_wrong(room: Room) -> None:
    visit = left(room.kiosk, 1)
    room.log.note(Note(NoteKind.HANDED_BACK, {"item": 2, "visit": visit, "reason": Reason.CAN}))
    bottle = (f"visit:{visit}:1",)
    room.helps(visit).does(ItemPicked(1), GrantAsked(bottle, sure=False), GrantAsked(bottle, sure=True))
    assert room.written(Kind.GRANT) == []
    room.does(ContestJudged(Outcome.UPHELD), GrantAsked(bottle, sure=False), GrantAsked(bottle, sure=True))
    assert room.written(Kind.GRANT) == []
    room.does(ContestJudged(Outcome.WRONG), GrantAsked(bottle, sure=False), GrantAsked(bottle, sure=True))
    assert [body["why"] for body in room.written(Kind.GRANT)] == ["refused wrongly"]
    with reading(room.kiosk.path) as connection:
        (refused,) = refusals_of(room.kiosk.path.parent, visit, connection, Cents(20))
    assert (refused.outcome, refused.granted) == ("wrong", True)


def test_a_credit_while_a_visit_is_open_is_refused_in_words_of_its_own(room: Room) -> None:
    visit = left(room.kiosk, 1, lost=1)
    room.kiosk.visit_of(1)
    room.helps(visit)
    assert room.here.visit is not None
    bottles = grantable(room.here.visit)
    room.does(GrantAsked(bottles, sure=False), GrantAsked(bottles, sure=True))
    assert (room.here.ungranted, room.written(Kind.GRANT)) == (Ungranted.VISIT_OPEN, [])


def test_above_what_one_agent_may_credit_the_second_has_to_be_another_who_may(ledger_in: LedgerIn, tmp_path: Path) -> None:
    room = Room(ledger_in(tmp_path, replace(TERMS, grant_alone_cents=Cents(20))))
    visit = left(room.kiosk, 1, lost=2)
    room.helps(visit)
    assert room.here.visit is not None
    bottles = grantable(room.here.visit)
    room.does(GrantAsked(bottles, sure=False), GrantAsked(bottles, sure=True))
    for number, pin in (("101", PIN), ("103", PIN), ("102", PIN)):
        room.does(SecondAsked(number, pin, None))
        assert room.face.seconding is not None
        assert room.face.seconding.denied is not None
    assert room.written(Kind.GRANT) == []
    room.does(SecondAsked("102", OTHER, None))
    assert {body["second"] for body in room.written(Kind.GRANT)} == {"102"}


# in the middle


def granting(room: Room) -> None:
    visit = left(room.kiosk, 1, lost=1)
    room.helps(visit)
    assert room.here.visit is not None
    bottles = grantable(room.here.visit)
    room.does(GrantAsked(bottles, sure=False)).tells(GrantAsked(bottles, sure=True))


def claiming(room: Room) -> None:
    room.helps(left(room.kiosk)).does(ClaimAsked()).tells(ClaimAnswered(2))


def paying(room: Room) -> None:
    visit = left(room.kiosk)
    found = room.kiosk.journal.desk.voucher_of(visit)
    assert found is not None
    room.logs_in().does(DeedAsked(Deed.VOUCHERS), VoucherAsked(found.code), PayAsked(sure=False)).tells(PayAsked(sure=True))


WORKS = pytest.mark.parametrize(("work", "kind"), [(granting, Kind.GRANT), (claiming, Kind.CLAIMED), (paying, Kind.PAID)])
Work = Callable[[Room], None]


@WORKS
def test_an_agent_who_is_blocked_before_it_is_written_writes_nothing(room: Room, work: Work, kind: Kind) -> None:
    work(room)
    room.agents.block("101")
    room.serves()
    assert (room.console.face, room.written(kind)) == (Shut(), [])


@WORKS
@pytest.mark.parametrize("gone", [LeaveAsked(), IdleTooLong()])
def test_what_the_ledger_answers_after_the_log_out_is_found_at_the_next_log_in(
    room: Room, work: Work, kind: Kind, gone: ConsoleEvent
) -> None:
    work(room)
    room.serves(until=writes).tells(gone).serves()
    assert room.console.face == Shut()
    assert len(room.written(kind)) == 1
    room.logs_in()
    assert not room.face.writing
    assert (room.face.presented.payment is not None) is (kind is Kind.PAID)
    assert (room.here.voucher is not None) is (kind is not Kind.PAID)
    assert not room.here.shown


@WORKS
def test_who_logs_out_before_it_was_sent_to_the_ledger_has_written_nothing_and_may_ask_again(room: Room, work: Work, kind: Kind) -> None:
    work(room)
    room.tells(LeaveAsked()).serves()
    assert room.written(kind) == []
    room.logs_in()
    assert not room.face.writing


@WORKS
def test_nobody_goes_to_another_page_while_the_ledger_writes(room: Room, work: Work, kind: Kind) -> None:
    work(room)
    deed = room.face.deed
    room.serves(until=writes).tells(DeedAsked(Deed.TODAY), HelpSought(""), VoucherAsked(""))
    assert room.face.deed is deed
    room.serves()
    assert len(room.written(kind)) == 1


def test_a_second_who_is_blocked_while_typing_or_whose_first_has_left_vouches_for_nothing(room: Room) -> None:
    visit = left(room.kiosk)
    room.kiosk.clock.advance(DAY_S)
    room.helps(visit).does(ClaimAsked(), ClaimAnswered(2))
    room.agents.block("102")
    room.does(SecondAsked("102", OTHER, Reassurance.TICKET))
    room.agents.block("102", blocked=False)
    room.tells(SecondAsked("102", OTHER, Reassurance.TICKET), IdleTooLong()).serves()
    assert room.written(Kind.CLAIMED) == []
    assert room.logs_in().face.seconding is None
    room.does(ClaimAnswered(2)).tells(SecondAsked("102", OTHER, Reassurance.TICKET))
    room.agents.block("101")
    room.serves()
    assert (room.console.face, room.written(Kind.CLAIMED)) == (Shut(), [])


def test_a_right_that_was_taken_away_meanwhile_is_told_and_nothing_is_written(room: Room) -> None:
    claiming(room)
    with room.agents._opened() as db:
        db.execute("UPDATE agent SET role = 'auditor' WHERE number = '101'")
    room.serves()
    assert (room.face.failing, room.face.writing, room.written(Kind.CLAIMED)) == (NotTheirs(), False, [])


# the log


def test_a_refusal_is_read_with_what_was_judged_of_its_own_item_and_of_no_other_start(room: Room) -> None:
    visit = left(room.kiosk)
    log = room.log
    values = {"recognition": {"full_g": 480}}
    judged = {"visit": None, "accepted": False, "material": None, "gtin": None, "metal": False, "policy": "weight-and-code"}
    heavy = {**judged, "item": 1, "weight_g": 900, "looks": [["3252210390014"], []], "reasons": ["not_empty"]}
    for kind, facts in (
        (NoteKind.STARTED, {"program": "0.9"}),
        (NoteKind.CONFIGURATION, {"sha256": "", "values": values}),
        (NoteKind.JUDGED, heavy),
        (NoteKind.HANDED_BACK, {"item": 1, "visit": visit, "reason": "not_empty"}),
        (NoteKind.HANDED_BACK, {"item": 2, "visit": visit, "reason": "bin_full"}),
        (NoteKind.HANDED_BACK, {"item": 3, "visit": "2026-11-24/9999", "reason": "can"}),
        (NoteKind.STARTED, {"program": "1.0"}),
        (NoteKind.HANDED_BACK, {"item": 1, "visit": visit, "reason": "interrupted"}),
    ):
        log.note(Note(kind, facts))
    with reading(room.kiosk.path) as connection:
        found = refusals_of(room.kiosk.path.parent, visit, connection, Cents(20))
    assert [(it.n, it.reason, it.judged.get("weight_g"), it.judged.get("policy"), it.program) for it in found] == [
        (1, "not_empty", 900, "weight-and-code", "0.9"),
        (2, "bin_full", None, None, "0.9"),
        (3, "interrupted", None, None, "1.0"),
    ]
    assert found[0].judged["looks"] == [["3252210390014"], []]
    # a line of the first programs: its limit stood in the configuration alone
    assert found[0].judged["figures"] == {"not_empty": {"quantity": "weight_g", "value": 900, "least": None, "most": 480}}


def test_a_ledger_that_cannot_be_read_is_told_and_no_visit_stands(room: Room) -> None:
    visit = left(room.kiosk)
    room.helps(visit)
    room.kiosk.journal.close()
    room.kiosk.path.rename(room.kiosk.path.with_suffix(".away"))
    room.does(HelpSought(visit[-4:]))
    assert (room.face.failing, room.here.visit) == (FileFails(Trouble.MISSING), None)


def test_items_stand_in_the_order_in_which_they_came(room: Room) -> None:
    kiosk = room.kiosk
    visit = kiosk.visit_of(1)
    kiosk.clock.advance(5)
    room.log.note(Note(NoteKind.HANDED_BACK, {"item": 2, "visit": visit, "reason": Reason.CAN}))
    kiosk.clock.advance(5)
    lose(kiosk, visit, Material.PLASTIC)
    kiosk.journal.mark_shown(kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, kiosk.now()).code, kiosk.now())
    seen = room.helps(visit).here.visit
    assert seen is not None
    assert [getattr(item, "kind", "refused") for item in seen.items] == [Kind.CREDIT, "refused", Kind.UNCOUNTED]


@WORKS
def test_a_file_that_takes_no_writes_is_told_and_nothing_is_written(room: Room, work: Work, kind: Kind) -> None:
    work(room)
    raw = driver(room.kiosk.journal._writer._connection)
    room.serves(until=writes)
    raw.execute("PRAGMA query_only = ON")
    room.serves()
    assert isinstance(room.face.failing, FileFails)
    assert (room.face.writing, room.here.voucher, room.face.presented.payment) == (False, None, None)
    raw.execute("PRAGMA query_only = OFF")
    assert room.written(kind) == []
    assert room.kiosk.findings() == []
