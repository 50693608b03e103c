"""The city's desk: what is paid, what is not and why, paid once whoever pays at the same moment, undone within the day, and a till that adds up."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, text

from city import desk, staff, tables
from city.answers import Accepted
from city.codes import digest, make_token
from city.desk import DeskRefused, Why
from city.messages import Batch
from city.moments import stamp
from city.receive import receive
from city.staff import Person, Role
from city.store import Store, Unusable, open_store
from config.vocabulary import Cents
from ledger.vouchers import Claim, grouped, link, sign
from money.callers import NOW, send
from money.chain_rows import KIOSK, Chain
from money.city_server import city
from money.postgresql import Database, somebody_waits
from timing import patient, wait_until

pytest_plugins = ("money.city_fixtures",)

KEY = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
PAGE = "https://consigne.example/bon"


def with_check(letters: str) -> str:
    """Sixteen letters and the one that checks them."""
    from ledger.vouchers import LETTERS, _check_letter

    return letters + LETTERS[_check_letter([LETTERS.index(letter) for letter in letters])]


def code(number: int) -> str:
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return with_check("".join(alphabet[(number * 7 + place * 5) % 32] for place in range(16)))


def scanned(
    code: str,
    amount: int = 120,
    *,
    key: Ed25519PrivateKey = KEY,
    valid_until: date = date(2029, 11, 23),
    kiosk: str = KIOSK,
    demonstration: bool = False,
) -> str:
    claim = Claim(kiosk, code, Cents(amount), date(2026, 11, 24), valid_until, demonstration)
    return link(PAGE, claim, sign(claim, key))


def a_ledger(*codes: str, amount: int = 120, payer: str = "city", valid_until: str = "2029-11-23") -> Chain:
    """A real ledger whose first entry names the key, with vouchers of this sum."""
    chain = Chain()
    chain.rows[0]["body"]["public_key"] = KEY.public_key().public_bytes_raw().hex()
    from money.chain_rows import sealed

    chain.rows[0] = sealed(chain.rows[0])
    for one in codes:
        more(chain, one, amount=amount, payer=payer, valid_until=valid_until)
    return chain


def more(chain: Chain, code: str, *, amount: int = 120, payer: str = "city", valid_until: str = "2029-11-23") -> None:
    body = {"code": code, "amount": amount, "issued": "2026-11-24", "valid_until": valid_until, "cause": "kept", "payer": payer}
    postings = (("liabilities:visits", amount), ("liabilities:vouchers", -amount))
    chain.add("voucher", body, subject=code, visit=f"v-{len(chain.rows)}", postings=postings)


@pytest.fixture
def store(empty_database: str) -> Iterator[Store]:
    with closing(open_store(empty_database)) as made:
        yield made


@pytest.fixture
def address(empty_database: str, store: Store) -> Iterator[str]:
    with city(empty_database) as url:
        yield url


def somebody(store: Store, name: str, role: Role = Role.DESK, *, till: bool = True) -> Person:
    """Logged in, with an open till of 100 €."""
    person = Person(name, role, make_token())
    with store.write() as connection:
        staff.add(connection, name, role, NOW, "tests")
        session = {"token": digest(person.token), "staff": name, "until": stamp(NOW + staff.WORKDAY)}
        connection.execute(insert(tables.session).values(**session))
        if till:
            desk.open_till(connection, person, {1000: 10}, NOW)
    return person


def pays(store: Store, person: Person, *typed: str, cents: int, payment: str | None = None, now: datetime = NOW) -> str:
    with store.write() as connection:
        return desk.pay(connection, person, typed, payment or make_token(), cents, now, demonstration=False)


def looks(store: Store, *typed: str, now: datetime = NOW) -> list[Why | None]:
    with store.read() as connection:
        return [one.why for one in desk.look(connection, typed, now, demonstration=False)]


def undoes(store: Store, person: Person, payment: str, now: datetime = NOW, reason: str = "wrong voucher") -> None:
    with store.write() as connection:
        desk.undo(connection, person, payment, reason, now)


def counted(store: Store, statement: str) -> Any:
    with store.read() as connection:
        return connection.exec_driver_sql(statement).scalar()


def test_a_voucher_is_paid_by_its_code_or_its_link_and_then_it_is_paid(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1), code(2)).batch()).status_code == 200
    person = somebody(store, "a.martin")

    assert looks(store, grouped(code(1)).lower(), scanned(code(2))) == [None, None]
    pays(store, person, code(1), scanned(code(2)), cents=240)

    assert looks(store, code(1), scanned(code(2))) == [Why.PAID, Why.PAID]
    assert counted(store, "SELECT sum(cents) FROM desk_payment") == 240
    assert counted(store, "SELECT count(*) FROM voucher WHERE state = 'paid'") == 2


def test_what_is_not_paid_says_why(address: str, store: Store) -> None:
    chain = a_ledger(code(1), payer="kiosk")
    more(chain, code(2), valid_until="2026-11-23")
    more(chain, code(3))
    assert send(address, KIOSK, chain.batch()).status_code == 200
    wrong = Ed25519PrivateKey.from_private_bytes(b"8" * 32)

    asked = {
        code(1): Why.KIOSK_PAYS,
        code(2): Why.EXPIRED,
        code(3)[:-1]: Why.MISTYPED,
        scanned(code(3), key=wrong): Why.FORGED,
        scanned(code(3), amount=1200): Why.FORGED,
        code(4): Why.NOT_RECEIVED,
        scanned(code(4), key=wrong): Why.FORGED,
        scanned(code(4), kiosk="paris-12-01"): Why.FORGED,
        scanned(code(4), demonstration=True): Why.DEMONSTRATION,
        "https://elsewhere.example/#c=1": Why.MISTYPED,
        code(3): None,
        grouped(code(3)): Why.TWICE,
    }
    assert dict(zip(asked, looks(store, *asked), strict=True)) == asked
    person = somebody(store, "a.martin")
    with pytest.raises(DeskRefused, match="not_payable"):
        pays(store, person, code(3), code(1), cents=240)
    assert counted(store, "SELECT count(*) FROM movement") == counted(store, "SELECT count(*) FROM desk_payment") == 0


def test_a_signed_link_whose_row_has_not_come_is_paid_under_the_days_sum_of_its_kiosk(address: str, store: Store) -> None:
    chain = a_ledger(code(1))
    assert send(address, KIOSK, chain.batch()).status_code == 200
    person = somebody(store, "a.martin")
    late = [scanned(code(number), amount=900) for number in (5, 6, 7)]

    with pytest.raises(DeskRefused, match="not_payable"):
        pays(store, person, *late, cents=2700)
    payment = pays(store, person, *late[:2], cents=1800)
    assert looks(store, late[0], late[2], scanned(code(8), amount=200)) == [Why.PAID, Why.DAY_SPENT, None]
    assert looks(store, late[2], now=NOW + timedelta(days=1)) == [None]
    # its row comes afterwards, and says what the link said
    more(chain, code(5), amount=900)
    assert send(address, KIOSK, chain.batch(3)).status_code == 200
    assert looks(store, code(5)) == [Why.PAID]
    assert counted(store, "SELECT count(*) FROM voucher WHERE state = 'paid'") == 1
    undoes(store, person, payment)
    assert looks(store, code(5), late[1]) == [None, None]


def test_an_undo_names_its_payment_makes_the_voucher_payable_again_and_is_the_same_desks_the_same_day(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1)).batch()).status_code == 200
    person, other = somebody(store, "a.martin"), somebody(store, "b.petit")
    payment = pays(store, person, code(1), cents=120)

    for who, at, reason, refused in (
        (other, NOW, "mine", "other_desk"),
        (person, NOW + timedelta(days=1), "late", "other_day"),
        (person, NOW, " ", "no_reason"),
    ):
        with pytest.raises(DeskRefused, match=refused):
            undoes(store, who, payment, at, reason)
    undoes(store, person, payment)
    with pytest.raises(DeskRefused, match="undone_before"):
        undoes(store, person, payment)
    assert looks(store, code(1)) == [None]
    again = pays(store, other, code(1), cents=120)
    with pytest.raises(DeskRefused, match="undone_before"):
        undoes(store, person, payment)
    undoes(store, other, again)
    pays(store, person, code(1), cents=120)
    assert counted(store, "SELECT sum(CASE kind WHEN 'paid' THEN 1 ELSE -1 END) FROM movement") == 1
    told = "SELECT count(*) FROM audit WHERE what IN ('paid', 'undone')"
    assert counted(store, told) == 5


@pytest.mark.parametrize("desks", [8, pytest.param(200, marks=pytest.mark.long)])
def test_of_desks_that_pay_one_voucher_at_the_same_moment_one_wins(empty_database: str, address: str, store: Store, desks: int) -> None:
    assert send(address, KIOSK, a_ledger(code(1), code(2)).batch()).status_code == 200
    people = [somebody(store, f"desk-{number}") for number in range(desks)]
    stores = [open_store(empty_database) for _ in range(2)]
    outcomes: list[str] = []

    def tries(number: int) -> None:
        # the two in either order: whoever waits for the other must not wait for ever
        typed = (code(1), code(2)) if number % 2 else (code(2), code(1))
        name = make_token()
        while True:
            try:
                pays(stores[number % 2], people[number], *typed, cents=240, payment=name)
                outcomes.append("paid")
            except DeskRefused as refused:
                outcomes.append(str(refused))
            except Unusable:
                # others have been writing for too long: the page says so, and the person presses once more
                continue
            return

    threads = [threading.Thread(target=tries, args=(number,)) for number in range(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in stores:
        one.close()
    assert sorted(outcomes) == ["not_payable"] * (desks - 1) + ["paid"]
    assert counted(store, "SELECT count(*) FROM movement") == 2
    assert counted(store, "SELECT sum(cents) FROM desk_payment") == 240


def test_a_voucher_that_its_kiosk_paid_too_stays_paid_when_the_desk_undoes_its_own(address: str, store: Store) -> None:
    chain = a_ledger(code(1))
    assert send(address, KIOSK, chain.batch()).status_code == 200
    person = somebody(store, "a.martin")
    payment = pays(store, person, scanned(code(5)), cents=120)
    more(chain, code(5), payer="kiosk")
    chain.paid(code(5), 120)
    for _ in range(2):
        assert send(address, KIOSK, chain.batch(3)).status_code == 200
    with store.read() as connection:
        (told,) = connection.execute(text("SELECT who, subject, facts FROM audit WHERE what = 'paid_twice'"))
    assert (told.who, told.subject, json.loads(told.facts)["cents"]) == (KIOSK, code(5), 120)
    undoes(store, person, payment)
    assert looks(store, code(5)) == [Why.PAID]


# --- two servers on one PostgreSQL


@pytest.fixture
def servers(on_postgresql: Database) -> Iterator[tuple[Store, Store]]:
    """The first has a kiosk's ledger with one voucher, ``code(1)``."""
    database = on_postgresql()
    with closing(open_store(database)) as first, closing(open_store(database)) as second:
        with first.write() as connection:
            takes(connection, a_ledger(code(1)))
        yield first, second


def takes(connection: Connection, chain: Chain, first: int = 1) -> None:
    batch = Batch.model_validate_json(json.dumps(chain.batch(first)))
    assert isinstance(receive(connection, KIOSK, batch, NOW, demonstration=False), Accepted)


T = TypeVar("T")


def beside(servers: tuple[Store, Store], begun: Callable[[Connection], object], then: Callable[[Store], T]) -> T:
    """What ``then`` gives at the second server, which comes while what the first one has begun is not committed yet."""
    first, second = servers
    with ThreadPoolExecutor(1) as pool:
        with first.write() as connection:
            begun(connection)
            other = pool.submit(then, second)
            wait_until(lambda: other.done() or somebody_waits(first))
        return other.result(patient(10))


@pytest.mark.long
def test_a_row_that_comes_while_its_link_is_paid_is_a_paid_voucher(servers: tuple[Store, Store]) -> None:
    person = somebody(servers[0], "a.martin")
    chain = a_ledger(code(1))
    more(chain, code(5))
    beside(servers, lambda connection: takes(connection, chain, 3), lambda second: pays(second, person, scanned(code(5)), cents=120))
    assert counted(servers[0], "SELECT count(*) FROM voucher WHERE state = 'paid'") == 1


@pytest.mark.long
def test_a_row_that_comes_while_its_links_payment_is_undone_is_payable_again(servers: tuple[Store, Store]) -> None:
    person = somebody(servers[0], "a.martin")
    payment = pays(servers[0], person, scanned(code(5)), cents=120)
    chain = a_ledger(code(1))
    more(chain, code(5))
    beside(servers, lambda connection: takes(connection, chain, 3), lambda second: undoes(second, person, payment))
    assert looks(servers[0], code(5)) == [None]


@pytest.mark.long
def test_a_till_is_closed_with_the_payment_that_was_under_way_in_another_window(servers: tuple[Store, Store]) -> None:
    person = somebody(servers[0], "a.martin")

    def pays_first(connection: Connection) -> None:
        desk.pay(connection, person, [code(1)], make_token(), 120, NOW, demonstration=False)

    def closes(second: Store) -> int:
        with second.write() as connection:
            return desk.close_till(connection, person, {1000: 9, 500: 1, 200: 1, 100: 1, 50: 1, 20: 1, 10: 1}, "", "", NOW)

    # 100 € less 1.20 €
    assert beside(servers, pays_first, closes) == 0


@pytest.mark.parametrize(
    "wrong",
    ["n = 2, before = 1, kind = 'paid'", "n = 2, before = 1, kind = 'undone', code = 'ANOTHER'", "n = 3, before = 1, kind = 'paid'"],
)
def test_the_database_itself_holds_a_code_to_payments_and_undos_by_turns(address: str, store: Store, wrong: str) -> None:
    assert send(address, KIOSK, a_ledger(code(1)).batch()).status_code == 200
    pays(store, somebody(store, "a.martin"), code(1), cents=120)
    names = "n, before, kind, code"
    given = dict(part.split(" = ") for part in wrong.split(", "))
    values = ", ".join(given.get(name, name) for name in names.split(", "))
    rest = "payment, till, kiosk, amount, received, at, day, staff"
    with pytest.raises(Unusable), store.write() as connection:
        connection.exec_driver_sql(f"INSERT INTO movement ({names}, {rest}) SELECT {values}, {rest} FROM movement")  # noqa: S608 - words of this test
    with pytest.raises(Unusable), store.write() as connection:
        connection.exec_driver_sql(f"INSERT INTO movement ({names}, {rest}) SELECT {names}, {rest} FROM movement")  # noqa: S608 - words of this test


def test_the_same_form_sent_twice_is_one_payment(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1)).batch()).status_code == 200
    person, other = somebody(store, "a.martin"), somebody(store, "b.petit")
    name = make_token()

    assert pays(store, person, code(1), cents=120, payment=name) == pays(store, person, code(1), cents=120, payment=name) == name
    with pytest.raises(DeskRefused, match="other_desk"):
        pays(store, other, code(1), cents=120, payment=name)
    with pytest.raises(DeskRefused, match="not_payable"):
        pays(store, other, code(1), cents=120)
    assert counted(store, "SELECT count(*) FROM desk_payment") == 1


def test_a_sum_that_is_not_the_one_that_was_shown_pays_nothing(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1)).batch()).status_code == 200
    person = somebody(store, "a.martin")
    with pytest.raises(DeskRefused, match="sum_changed"):
        pays(store, person, code(1), cents=100)
    with pytest.raises(DeskRefused, match="not_payable"):
        pays(store, person, cents=0)
    assert looks(store, code(1)) == [None]


def test_a_till_is_counted_and_what_is_missing_has_a_reason(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1), code(2)).batch()).status_code == 200
    person = somebody(store, "a.martin", till=False)
    with pytest.raises(DeskRefused, match="no_till"):
        pays(store, person, code(1), cents=120)
    with store.write() as connection:
        desk.open_till(connection, person, {1000: 2, 50: 4}, NOW)
    with pytest.raises(DeskRefused, match="till_open"), store.write() as connection:
        desk.open_till(connection, person, {}, NOW)
    undoes(store, person, pays(store, person, code(1), cents=120))
    pays(store, person, code(2), cents=120)
    with store.read() as connection:
        held = desk.till_of(connection, person)
    assert held is not None
    assert (held.begun, held.paid, held.expected) == (2200, 120, 2080)
    for pieces, reason, refused in (({1000: 2}, "", "no_reason"), ({3: 1}, "x", "miscounted"), ({1000: -1}, "x", "miscounted")):
        with pytest.raises(DeskRefused, match=refused), store.write() as connection:
            desk.close_till(connection, person, pieces, reason, "", NOW)
    with store.write() as connection:
        assert desk.close_till(connection, person, {1000: 2}, "a coin fell", "b.petit", NOW) == -80
    with pytest.raises(DeskRefused, match="no_till"):
        pays(store, person, code(1), cents=120)
    assert counted(store, "SELECT expected_cents - counted_cents FROM till") == 80


# --- the pages


def browser_of(person: Person) -> requests.Session:
    browser = requests.Session()
    browser.cookies.set("consigne", person.token)
    return browser


def form(page: requests.Response, action: str) -> list[tuple[str, str]]:
    """The hidden fields of the form that sends there."""
    part = re.search(rf'<form[^>]*action="{action}".*?</form>', page.text, re.DOTALL)
    assert part is not None, page.text
    return re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', part[0])


def test_at_the_pages_a_voucher_is_scanned_paid_receipted_undone_and_the_till_closed(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1), code(2)).batch()).status_code == 200
    person = somebody(store, "a.martin", till=False)
    with browser_of(person) as browser:
        assert "Votre caisse est fermée" in browser.get(f"{address}/", timeout=patient(10)).text
        till = browser.get(f"{address}/desk/till", timeout=patient(10))
        opened = browser.post(f"{address}/desk/till/open", data=[*form(till, "/desk/till/open"), ("piece1000", "3")], timeout=patient(10))
        assert opened.url == f"{address}/desk"
        page = browser.post(f"{address}/desk", data=[*form(opened, "/desk"), ("typed", grouped(code(1)))], timeout=patient(10))
        page = browser.post(f"{address}/desk", data=[*form(page, "/desk"), ("typed", scanned(code(2)))], timeout=patient(10))
        assert "Payer 2,40\N{NO-BREAK SPACE}€" in page.text
        fields = [(name, value.replace("&amp;", "&")) for name, value in form(page, "/desk/payments")]
        receipt = browser.post(f"{address}/desk/payments", data=fields, timeout=patient(10))
        assert "Payé : <strong>2,40" in receipt.text
        assert browser.post(f"{address}/desk/payments", data=fields, timeout=patient(10)).url == receipt.url
        action = receipt.url.removeprefix(address) + "/undo"
        undone = browser.post(address + action, data=[*form(receipt, action), ("reason", "<b>oops</b>")], timeout=patient(10))
        assert "Paiement annulé" in undone.text
        closing_page = browser.get(f"{address}/desk/till", timeout=patient(10))
        closed = browser.post(
            f"{address}/desk/till/close", data=[*form(closing_page, "/desk/till/close"), ("piece1000", "3")], timeout=patient(10)
        )
        assert "Le compte est juste" in closed.text


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nowhere", 404, "Il n’y a rien sous cette adresse."),
        ("PUT", "/desk", 405, "Cette demande ne peut pas être servie"),
        ("POST", "/desk/payments", 422, "Cette demande ne peut pas être servie"),
    ],
)
def test_people_are_told_on_a_page_what_cannot_be_served_and_programs_in_json(
    address: str, store: Store, method: str, path: str, status: int, words: str
) -> None:
    with browser_of(somebody(store, "a.martin")) as browser:
        fields = form(browser.get(f"{address}/desk", timeout=patient(10)), "/desk")
        told = browser.request(method, f"{address}{path}", data=[*fields, ("payment", "../.."), ("typed", code(1))], timeout=patient(10))
    assert (told.status_code, told.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert words in told.text
    assert told.headers.get("Allow") == ("GET, POST" if status == 405 else None)
    program = requests.request(method, f"{address}/v1{path}", timeout=patient(10))
    assert program.headers["Content-Type"] == "application/problem+json"


def test_while_the_database_is_away_a_desk_is_told_what_to_do_and_the_same_form_pays_once_afterwards(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1)).batch()).status_code == 200
    person = somebody(store, "a.martin")
    with browser_of(person) as browser:
        empty = browser.get(f"{address}/desk", timeout=patient(10))
        page = browser.post(f"{address}/desk", data=[*form(empty, "/desk"), ("typed", code(1))], timeout=patient(10))
        fields = form(page, "/desk/payments")
        with store.write() as connection:
            connection.exec_driver_sql("ALTER TABLE movement RENAME TO away")
        told = browser.post(f"{address}/desk/payments", data=fields, timeout=patient(10))
        assert told.status_code == 503
        assert "ne donnez l’argent qu’une fois le reçu affiché" in told.text
        with store.write() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO movement")
        for _ in range(2):
            receipt = browser.post(f"{address}/desk/payments", data=fields, timeout=patient(10))
            assert "Payé : <strong>1,20" in receipt.text
    assert counted(store, "SELECT count(*) FROM movement") == 1


def test_a_voucher_more_than_a_payment_takes_is_told_and_the_others_can_be_paid(address: str, store: Store) -> None:
    codes = [code(n) for n in range(1, desk.MOST_AT_ONCE + 2)]
    assert send(address, KIOSK, a_ledger(*codes).batch()).status_code == 200
    person = somebody(store, "a.martin")
    with browser_of(person) as browser:
        fields = [("form", person.form), *(("typed", one) for one in codes)]
        page = browser.post(f"{address}/desk", data=fields, timeout=patient(10))
        assert page.status_code == 409
        assert "Le dernier scanné n’est pas dans la liste" in page.text
        assert "Payer 24,00\N{NO-BREAK SPACE}€" in page.text
    with pytest.raises(DeskRefused, match="too_many"):
        pays(store, person, *codes, cents=120 * len(codes))
    assert looks(store, *codes) == [None] * len(codes)


def test_who_may_not_pay_and_a_form_from_elsewhere_are_turned_away(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1)).batch()).status_code == 200
    assert requests.get(f"{address}/desk", timeout=patient(10)).url == f"{address}/login"
    auditor, person = somebody(store, "c.audit", Role.AUDITOR), somebody(store, "a.martin")
    fields = {"typed": code(1), "payment": make_token(), "cents": "120"}
    with browser_of(auditor) as browser:
        assert browser.get(f"{address}/desk", timeout=patient(10)).status_code == 403
        assert "--green" in browser.get(f"{address}/static/city.css", timeout=patient(10)).text
    with browser_of(person) as browser:
        url = f"{address}/desk/payments"
        for forged, headers in (({}, {}), ({"form": "guessed"}, {}), ({"form": person.form}, {"Sec-Fetch-Site": "cross-site"})):
            assert browser.post(url, data={**fields, **forged}, headers=headers, timeout=patient(10)).status_code == 403
        assert browser.post(url, data={**fields, "form": person.form, "cents": "1.2"}, timeout=patient(10)).status_code == 422
        assert browser.get(f"{address}/v1/kiosks", timeout=patient(10)).status_code == 403
    assert looks(store, code(1)) == [None]


def test_what_was_scanned_is_shown_as_text_and_never_as_a_page(address: str, store: Store) -> None:
    person = somebody(store, "a.martin")
    with browser_of(person) as browser:
        page = browser.post(f"{address}/desk", data={"form": person.form, "typed": '"><script>alert(1)</script>'}, timeout=patient(10))
    assert "<script" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


# --- the page that a voucher's QR opens


def asks(address: str, typed: str, lang: str = "en") -> str:
    answer = requests.post(f"{address}/bon", params={"lang": lang}, data={"typed": typed}, timeout=patient(10))
    assert answer.status_code == 200
    return answer.text


def test_anybody_is_told_what_a_voucher_is_and_nothing_is_paid(address: str, store: Store) -> None:
    chain = a_ledger(code(1))
    more(chain, code(2), payer="kiosk")
    more(chain, code(3), valid_until="2026-11-23", payer="kiosk")
    assert send(address, KIOSK, chain.batch()).status_code == 200
    for typed, told in (
        (code(1), "Paid at any of the City’s desks"),
        (scanned(code(1)), "Paid at any of the City’s desks"),
        (scanned(code(1)).replace("a=120", "a=121"), "no voucher of the City’s"),
        (code(2), "Paid at the desk of its kiosk’s town hall"),
        (code(3), "Expired"),
        (code(4), "does not know this voucher"),
        (scanned(code(4)), "the signature is right"),
        ("nonsense", "no voucher’s code"),
        ("", "no voucher’s code"),
    ):
        assert told in asks(address, typed), typed
    assert "1,20" in asks(address, code(1))
    person = somebody(store, "a.martin")
    pays(store, person, code(1), cents=120)
    assert "Paid already" in asks(address, scanned(code(1)))
    assert counted(store, "SELECT count(*) FROM movement") == 1
    page = requests.get(f"{address}/bon", params={"c": code(2)}, headers={"Accept-Language": "ar-DZ, fr"}, timeout=patient(10))
    assert 'dir="rtl"' in page.text
    assert counted(store, "SELECT count(*) FROM movement") == 1


def test_while_the_database_is_away_the_signature_alone_is_told(address: str, store: Store) -> None:
    assert send(address, KIOSK, a_ledger(code(1)).batch()).status_code == 200
    assert "Paid at any" in asks(address, code(1))
    with store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE voucher RENAME TO away")
    told = asks(address, scanned(code(1)))
    assert "Whether this voucher was paid cannot be told now" in told
    assert "1,20" in told
    for typed in (
        code(1),
        scanned(code(1)).replace("a=120", "a=130"),
        scanned(code(1), key=Ed25519PrivateKey.from_private_bytes(b"8" * 32)),
    ):
        assert "A code alone cannot be checked now" in asks(address, typed)
    assert "no voucher’s code" in asks(address, "nonsense")
