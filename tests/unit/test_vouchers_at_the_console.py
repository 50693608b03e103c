"""Vouchers as the console steps through them: what takes two agents, codes that are tried out, an answer about another voucher than the one that stands there."""

from pathlib import Path

import pytest

from kiosk.console.actions import FindVoucher
from kiosk.console.denials import MustWait
from kiosk.console.events import DeedAsked, Failed, PayAsked, PayNotSure, SecondAsked, SecondLeft, VoucherAsked, VoucherPaid, VoucherTold
from kiosk.console.roles import Deed
from kiosk.console.told import Reassurance
from ledger.kinds import Kind
from ledger.vocabulary import Cause, Refusal
from money.ledgers import LedgerIn
from worlds.desk_room import OTHER, PIN, Room

pytest_plugins = ("money.ledger_fixtures",)

WRONG = "K7QP4M2XR5TBW9NHX"


@pytest.fixture
def room(ledger_in: LedgerIn, tmp_path: Path) -> Room:
    return Room(ledger_in(tmp_path))


def code_of_a_voucher(room: Room, bottles: int = 2) -> str:
    kiosk = room.kiosk
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(bottles), Cause.TIMED_OUT, kiosk.now())
    kiosk.journal.mark_shown(voucher.code, kiosk.now())
    return voucher.code


def test_a_doubtful_voucher_is_paid_by_two_agents_with_a_reason_and_by_no_one_alone(room: Room) -> None:
    code = code_of_a_voucher(room)
    room.kiosk.succeed(totaliser=200, why="restored from a copy", restored=True)
    room.kiosk.journal = room.kiosk.open()
    room.logs_in().does(DeedAsked(Deed.VOUCHERS), VoucherAsked(code))
    assert room.face.presented.refused is not None
    assert room.face.presented.refused.why is Refusal.DOUBTFUL
    room.does(PayAsked(sure=False), PayAsked(sure=True))
    assert (room.face.seconding is not None, room.written(Kind.PAID)) == (True, [])
    room.does(SecondAsked("101", PIN, Reassurance.TICKET), SecondAsked("103", PIN, Reassurance.TICKET), SecondLeft())
    assert (room.face.seconding, room.written(Kind.PAID)) == (None, [])
    room.does(PayAsked(sure=False), PayAsked(sure=True), SecondAsked("102", OTHER, Reassurance.TICKET))
    assert room.face.presented.payment is not None
    assert [(body["agent"], body["second"], body["why"]) for body in room.written(Kind.PAID)] == [("101", "102", "ticket")]
    assert room.kiosk.findings() == []


def test_who_tries_codes_out_waits_twice_as_long_each_time_and_a_right_one_ends_it(room: Room) -> None:
    code = code_of_a_voucher(room)
    waits = []
    for _ in range(5):
        assert isinstance(room.clerk.does(FindVoucher(WRONG)), VoucherTold)
    for _ in range(3):
        told = room.clerk.does(FindVoucher(code))
        assert isinstance(told, Failed)
        assert isinstance(told.why, MustWait)
        waits.append(told.why.seconds)
        room.kiosk.clock.advance(told.why.seconds)
        assert isinstance(room.clerk.does(FindVoucher(WRONG)), VoucherTold)
    assert waits == [30, 60, 120]
    room.kiosk.clock.advance(240)
    assert isinstance(room.clerk.does(FindVoucher(code)), VoucherTold)
    assert isinstance(room.clerk.does(FindVoucher(WRONG)), VoucherTold)
    assert isinstance(room.clerk.does(FindVoucher(code)), VoucherTold)


def test_a_touch_that_comes_while_the_ledger_pays_asks_nothing_again_and_what_it_answers_is_told(room: Room) -> None:
    code = code_of_a_voucher(room)
    room.logs_in().does(DeedAsked(Deed.VOUCHERS), VoucherAsked(code), PayAsked(sure=False))
    room.tells(*(PayAsked(sure=sure) for sure in (True, True, False)), PayNotSure())
    assert (room.face.presented.paying, room.face.presented.sure) == (True, False)
    room.serves()
    assert room.face.presented.payment is not None
    assert [body["code"] for body in room.written(Kind.PAID)] == [code]


def test_a_look_up_that_comes_while_the_ledger_pays_takes_nothing_away_of_what_it_answers(room: Room) -> None:
    first, second = code_of_a_voucher(room), code_of_a_voucher(room, 1)
    slow = room.clerk.does(FindVoucher(second))
    room.logs_in().does(DeedAsked(Deed.VOUCHERS), VoucherAsked(first), PayAsked(sure=False)).tells(PayAsked(sure=True), slow)
    room.serves()
    assert room.face.presented.payment is not None
    assert room.face.presented.payment.code == first


def test_a_payment_of_another_voucher_than_the_one_that_stands_there_is_told_to_nobody(room: Room) -> None:
    first, second = code_of_a_voucher(room), code_of_a_voucher(room, 1)
    room.logs_in().does(DeedAsked(Deed.VOUCHERS), VoucherAsked(second))
    paid = room.kiosk.journal.desk.pay(first, "102", room.kiosk.now())
    room.does(VoucherPaid(paid), PayAsked(sure=False)).tells(PayAsked(sure=True), VoucherPaid(paid))
    before, after = room.face.presented, room.serves().face.presented
    assert before.payment is None
    assert after.payment is not None
    assert after.payment.code == second
