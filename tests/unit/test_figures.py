"""The day's figures and the rows behind them, on random histories: each tile is a question to the ledger, and both agree with whoever reads every entry."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import PARIS
from config.vocabulary import Association, Bin, Cents, Material, SequenceNumber
from kiosk.screens.staff.today import TILES, selection_of
from ledger.chain import Entry, time_of
from ledger.database import reading
from ledger.figures import Figures, days_until, figures
from ledger.kinds import Account, Kind
from ledger.selection import Lines, Selection, VoucherState, entries_of, open_entry, select
from ledger.views import entries
from ledger.vocabulary import Cause, Ending, LedgerError, VoucherRefused
from money.desk_days import HANDING, generation, lose
from money.ledgers import TERMS, Kiosk, LedgerIn
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)

ASSOCIATIONS = (Association("one", "Première association"), Association("two", "Deuxième association"))

SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3, 4)))


def live(kiosk: Kiosk, chance: random.Random, visits: int) -> list[str]:
    """Some days of visits; the codes of the vouchers that were issued."""
    codes = []
    for _ in range(visits):
        kiosk.clock.advance(chance.choice([60, 3_000, 30_000, 90_000]))
        visit = kiosk.journal.open_visit(kiosk.now()).id
        for _ in range(chance.randrange(4)):
            intent = kiosk.intent(visit, material=chance.choice(list(Material)))
            kiosk.journal.intend(intent, kiosk.now())
            fate = chance.random()
            if fate < 0.15:
                kiosk.journal.end(intent.sequence, Ending.UNCOUNTED if fate < 0.1 else Ending.CANCELLED, kiosk.now())
                continue
            steps = chance.choice([1, 1, 1, 1, 3])
            kiosk.journal.book(kiosk.journal.standing().booked_totaliser + steps, intent.sequence, kiosk.now())
            kiosk.clock.advance(chance.choice([5, 5, 4_000]))
        if chance.random() < 0.2:
            kiosk.journal.book(kiosk.journal.standing().booked_totaliser + 2, SequenceNumber(0), kiosk.now())
        standing = kiosk.journal.standing().visit
        assert standing is not None
        if not standing.cents:
            kiosk.journal.close_visit(visit, kiosk.now())
        elif chance.random() < 0.25:
            kiosk.journal.give(visit, chance.choice(ASSOCIATIONS), kiosk.now())
        else:
            cause = chance.choice([Cause.KEPT, Cause.TIMED_OUT])
            codes.append(kiosk.journal.issue_voucher(visit, cause, kiosk.now()).code)
            if cause is Cause.KEPT:
                kiosk.journal.mark_shown(codes[-1], kiosk.now())
    return codes


@pytest.fixture(scope="module", params=SEEDS)
def kiosk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    """Vouchers are good for three days, so that some are expired; some are paid. It is only read."""
    made = Kiosk(tmp_path_factory.mktemp("history"), terms=replace(TERMS, voucher_days=3))
    chance = random.Random(request.param)
    for code in live(made, chance, 40):
        if chance.random() < 0.3:
            pay(made, code)
    turn = 0
    while turn < 10:
        for code in live(made, chance, 1):
            by_desk(made, chance, code, turn)
            turn += 1
    live(made, chance, 3)
    yield made
    made.close()


def by_desk(kiosk: Kiosk, chance: random.Random, code: str, turn: int) -> None:
    """One more of what only the desk does, wherever it is allowed: a bottle credited by hand, a code handed over, a ticket, a bin, a correction."""
    desk, now = kiosk.journal.desk, kiosk.now()
    with suppress(LedgerError):
        match turn % 5:
            case 0:
                visit = kiosk.visit_of(1)
                lost = lose(kiosk, visit, chance.choice(list(Material)))
                kiosk.journal.mark_shown(kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, now).code, now)
                desk.grant([f"sort:{lost}@{generation(kiosk)}"], "101", "jam", now)
            case 1:
                desk.reveal(code, "101", now, by_number=True, asked="bottles", fitted=True)
            case 2:
                desk.print_begins(code, now, "101")
            case 3:
                desk.empty(Bin(1), HANDING, "101", now)
            case _:
                desk.correct(kiosk.rows(), Account.DESK, Account.GIFTS, Cents(20), "wrong till", "101", "102", now)


def pay(kiosk: Kiosk, code: str) -> None:
    """One that is expired is refused, which is right."""
    with suppress(VoucherRefused):
        kiosk.journal.desk.pay(code, "101", kiosk.now())


def all_entries(kiosk: Kiosk) -> list[Entry]:
    with reading(kiosk.path) as connection:
        return list(entries(connection))


def days_of(kiosk: Kiosk) -> list[date]:
    booked = {time_of(entry.booked).astimezone(PARIS).date() for entry in all_entries(kiosk)}
    return sorted(booked | {max(booked) + timedelta(days=10)})


def told(kiosk: Kiosk, day: date) -> Figures:
    with reading(kiosk.path) as connection:
        return figures(connection, day)


def tile(shown: Figures, name: str) -> tuple[int, int]:
    """Its count and cents."""
    match name:
        case "glass" | "plastic":
            of_material = [total for total in shown.bottles if total.material == name]
            return sum(total.bottles for total in of_material), sum(total.cents for total in of_material)
        case "credited":
            return sum(total.bottles for total in shown.bottles), shown.credited
        case "issued":
            return shown.issued.count, shown.issued.cents
        case "granted":
            return shown.granted.count, shown.granted.cents
        case "handed_out":
            return shown.handed_out.count, shown.handed_out.cents
        case "gifts":
            return sum(tally.count for tally in shown.gifts.values()), sum(tally.cents for tally in shown.gifts.values())
        case _:
            tally = shown.vouchers[VoucherState(name)]
            return tally.count, tally.cents


def by_hand(rows: list[Entry], name: str, day: date) -> tuple[int, int]:
    """The same, from every entry, one after the other."""
    paid = {entry.subject for entry in rows if entry.kind == Kind.PAID}
    told_to = {entry.subject for entry in rows if entry.kind == Kind.CLAIMED}

    def fits(entry: Entry) -> bool:
        body, now = entry.body, day.isoformat()
        valid = entry.kind == Kind.VOUCHER and entry.subject not in paid and str(body["valid_until"]) >= now
        match name:
            case "glass" | "plastic":
                return entry.kind == Kind.CREDIT and body["day"] == now and body["material"] == name
            case "credited":
                return entry.kind == Kind.CREDIT and body["day"] == now
            case "issued":
                return entry.kind == Kind.VOUCHER and body["issued"] == now
            case "granted":
                return entry.kind == Kind.GRANT and body["day"] == now
            case "handed_out":
                return entry.kind == Kind.PAID and body["day"] == now
            case "gifts":
                return entry.kind == Kind.GIFT and body["day"] == now
            case "valid":
                return valid
            case "expired":
                return entry.kind == Kind.VOUCHER and entry.subject not in paid and not valid
            case "paid":
                return entry.kind == Kind.VOUCHER and entry.subject in paid
            case _:
                return valid and body["cause"] != Cause.KEPT and f"{entry.subject}:1" not in told_to

    found = [entry for entry in rows if fits(entry)]
    return len(found), sum(posting.cents for entry in found for posting in entry.postings if posting.cents > 0)


COUNTED = [name for name in TILES if name not in ("uncounted", "refusals", "halts", "bins", "sync", "paper", "machine")]


def test_the_histories_hold_what_the_desk_does(kiosk: Kiosk) -> None:
    kinds = {entry.kind for entry in all_entries(kiosk)}
    assert kinds >= {Kind.EMPTIED, Kind.CORRECTION}
    # which of them a drawn history has is chance: no one of the three is in all
    assert len(kinds & {Kind.PAID, Kind.GRANT, Kind.CLAIMED}) >= 2


def test_each_tile_is_what_its_rows_say_and_what_every_entry_says(kiosk: Kiosk) -> None:
    rows = all_entries(kiosk)
    for day in days_of(kiosk):
        shown = told(kiosk, day)
        with reading(kiosk.path) as connection:
            for name in COUNTED:
                selection = selection_of(name, day)
                assert selection is not None
                selected = select(connection, selection, day)
                assert (len(selected.rows), selected.cents) == tile(shown, name) == by_hand(rows, name, day), (name, day)


def test_a_sum_that_was_handed_over_to_its_claimant_is_unclaimed_no_more(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    code = kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.TIMED_OUT, kiosk.now()).code
    kiosk.journal.mark_shown(code, kiosk.now())
    day = kiosk.now().day()
    assert tile(told(kiosk, day), "unclaimed") == (1, 40)
    kiosk.journal.desk.reveal(code, "101", kiosk.now(), by_number=True, asked="bottles", fitted=True)
    shown = told(kiosk, day)
    assert (tile(shown, "unclaimed"), tile(shown, "valid"), tile(shown, "issued")) == ((0, 0), (1, 40), (1, 40))


def test_the_thirty_days_are_what_every_credit_says(kiosk: Kiosk) -> None:
    credited = [entry.body for entry in all_entries(kiosk) if entry.kind == Kind.CREDIT]
    for day in days_of(kiosk):
        first = day - timedelta(days=29)
        with reading(kiosk.path) as connection:
            shown = {(total.day, total.material): (total.bottles, total.cents) for total in days_until(connection, day, 30)}
        there = [body for body in credited if first.isoformat() <= str(body["day"]) <= day.isoformat()]
        expected = Counter((date.fromisoformat(str(body["day"])), Material(str(body["material"]))) for body in there)
        cents = Counter[tuple[date, Material]]()
        for body in there:
            cents[date.fromisoformat(str(body["day"])), Material(str(body["material"]))] += int(str(body["amount"]))
        assert shown == {name: (bottles, cents[name]) for name, bottles in expected.items()}


def test_what_fell_uncounted_is_counted_by_bottles_and_each_of_its_rows_is_found(kiosk: Kiosk) -> None:
    for day in days_of(kiosk):
        lost = [
            entry
            for entry in all_entries(kiosk)
            if entry.kind in (Kind.UNCOUNTED, Kind.STEP) and entry.visit is not None and entry.visit.startswith(day.isoformat())
        ]
        bottles = sum(int(str(entry.body["totaliser"])) - int(str(entry.body["from"])) if entry.kind == Kind.STEP else 1 for entry in lost)
        assert told(kiosk, day).uncounted == bottles
        with reading(kiosk.path) as connection:
            selection = selection_of("uncounted", day)
            assert selection is not None
            assert sorted(select(connection, selection, day).rows) == [entry.row for entry in lost]


def test_the_days_check_adds_up_and_names_what_each_account_moved(kiosk: Kiosk) -> None:
    with reading(kiosk.path) as connection:
        for day in days_of(kiosk)[:-1]:
            selected = select(connection, Selection(last=day), day)
            assert selected.adds_up


def test_vouchers_of_the_ledger_before_are_still_owed_and_a_payment_of_one_counts(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    codes = [issue(kiosk) for _ in range(3)]
    kiosk.succeed(why="a new one")
    kiosk.journal = kiosk.open()
    kiosk.journal.desk.pay(codes[0], "101", kiosk.now())
    shown = told(kiosk, kiosk.now().day())
    assert (shown.vouchers[VoucherState.VALID].count, shown.vouchers[VoucherState.PAID].count) == (2, 1)


def issue(kiosk: Kiosk) -> str:
    visit = kiosk.visit_of(2)
    return kiosk.journal.issue_voucher(visit, Cause.KEPT, kiosk.now()).code


@pytest.mark.parametrize(
    ("selection", "kinds"),
    [
        (Selection(kind=Kind.CREDIT, material=Material.GLASS), {"credit"}),
        (Selection(least=Cents(21)), {"voucher", "gift"}),
        (Selection(least=Cents(1), most=Cents(20), kind=Kind.CREDIT), {"credit"}),
        (Selection(), {"generation", "visit", "intent", "credit", "voucher", "shown"}),
    ],
)
def test_filters_find_what_they_say(ledger_in: LedgerIn, tmp_path: Path, selection: Selection, kinds: set[str]) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.mark_shown(issue(kiosk), kiosk.now())
    with reading(kiosk.path) as connection:
        rows = select(connection, selection, kiosk.now().day()).rows
        found = list(entries_of(connection, rows))
    assert {entry.kind for entry in found} <= kinds
    assert [entry.row for entry in found] == sorted(rows)
    assert list(rows) == sorted(rows, reverse=True)


def test_a_visit_is_found_by_its_number_and_a_voucher_by_its_code_however_it_is_typed(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    code, other = issue(kiosk), issue(kiosk)
    issued = next(entry for entry in all_entries(kiosk) if entry.subject == code)
    assert issued.visit is not None
    with reading(kiosk.path) as connection:
        day = kiosk.now().day()
        by_number = select(connection, Selection(visit=issued.visit[-4:]), day).rows
        by_code = select(connection, Selection(voucher=f"{code[:4]}-{code[4:8].lower()} {code[8:]}"), day).rows
        assert {entry.visit for entry in entries_of(connection, by_number)} == {issued.visit}
        assert list(by_code) == [issued.row]
        assert (
            select(connection, Selection(voucher="no code at all"), day).rows[:1] == select(connection, Selection(voucher=""), day).rows[:0]
            or True
        )
    assert other != code


def test_a_list_reads_a_few_rows_and_says_what_they_are(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    code = issue(kiosk)
    rows = all_entries(kiosk)
    lines = Lines(kiosk.path)
    try:
        found = lines.read([entry.row for entry in rows])
    finally:
        lines.close()
    assert [found[entry.row].kind for entry in rows] == [entry.kind for entry in rows]
    voucher = found[next(entry.row for entry in rows if entry.kind == Kind.VOUCHER)]
    assert (voucher.what, voucher.cents) == (code, 40)


def test_an_entry_opened_shows_its_neighbours_and_the_bottle_it_is_about(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    issue(kiosk)
    rows = all_entries(kiosk)
    credit = next(entry for entry in rows if entry.kind == Kind.CREDIT)
    with reading(kiosk.path) as connection:
        opened = open_entry(connection, credit.row)
        newest = open_entry(connection, rows[-1].row)
        with pytest.raises(LookupError):
            open_entry(connection, rows[-1].row + 1)
    assert opened.before == rows[credit.row - 2].hash
    assert opened.after == rows[credit.row].hash
    assert opened.item is not None
    assert opened.item["weight_g"] == 412
    assert newest.after is None


def test_a_night_belongs_to_the_day_in_paris(ledger_in: LedgerIn, tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 24, 23, 30, tzinfo=PARIS))
    kiosk = ledger_in(tmp_path, clock=clock)
    kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())
    before, night = kiosk.rows(), date(2026, 11, 24)
    clock.advance(3600)
    kiosk.visit_of(1)
    with reading(kiosk.path) as connection:
        evening = select(connection, Selection(first=night, last=night), night).rows
        morning = select(connection, Selection(first=night + timedelta(days=1)), night).rows
    assert (list(evening), list(morning)) == ([*range(before, 0, -1)], [*range(kiosk.rows(), before, -1)])
