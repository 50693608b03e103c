"""Who is calling the city: enrolment by a one-time code, signed requests that count once, rotation, revocation, and nothing to read without a log-in."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver, algorithms

from city import identity, staff
from city.store import open_store
from ledger.keys import load_own, public_text, write
from ledger.sync.answers import Enrolled
from ledger.sync.enrolment import Enrolling, enrol, rotate
from ledger.sync.outcomes import Delivered, NotEnrolled, Refused, Unreachable
from ledger.sync.rounds import once
from ledger.sync.signing import Signer
from ledger.sync.uplink import Address
from money.callers import NOW, READER, headers_for, key_of, read, send
from money.chain_rows import Chain
from money.city_server import city
from money.sending_kiosk import KIOSK, Kiosk, route
from timing import FakeClock, patient

pytest_plugins = ("money.city_fixtures",)

OTHER = "paris-12-01"


@pytest.fixture
def database(empty_database: str) -> str:
    return empty_database


@pytest.fixture
def address(database: str) -> Iterator[str]:
    with city(database, kiosks=(KIOSK, OTHER)) as url:
        yield url


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path, FakeClock())


def chain() -> Chain:
    made = Chain()
    made.credit()
    return made


def code_for(database: str, kiosk: str, now: datetime = NOW) -> str:
    with closing(open_store(database)) as store, store.write() as connection:
        return identity.invite(connection, kiosk, now, "tests")


def revoke(database: str, kiosk: str) -> int:
    with closing(open_store(database)) as store, store.write() as connection:
        return identity.revoke(connection, kiosk, NOW, "tests")


def enrolling(folder: Path, address: str, kiosk: str = KIOSK) -> Enrolling:
    clock = FakeClock()
    where = Address(address, patient(10))
    return Enrolling(kiosk, folder / "sync.key", where, lambda: clock.now().utc, clock.monotonic, threading.Event())


def rows_url(address: str, kiosk: str = KIOSK) -> str:
    return f"{address}/v1/kiosks/{kiosk}/rows"


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    answer = requests.post(url, data=body, headers=headers, timeout=patient(10))
    return answer.status_code, answer.json().get("error", "")


def held(address: str) -> list[str]:
    return [one["kiosk"] for one in read(address, "/v1/kiosks").json()["kiosks"]]


def test_a_code_enrols_the_key_that_is_made_for_it_and_then_rows_get_through(kiosk: Kiosk, tmp_path: Path, database: str) -> None:
    stop = threading.Event()
    with city(database, kiosks=()) as address:
        made = route(kiosk, address)
        made.key.unlink()
        assert once(made, stop, kiosk.clock) == NotEnrolled(str(made.key))

        answer = enrol(enrolling(tmp_path, address), code_for(database, KIOSK).lower().replace("-", " "))

        key = load_own(made.key)
        assert answer == Enrolled(KIOSK, public_text(key))
        assert made.key.stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "sync.key.next").exists()
        assert isinstance(once(made, stop, kiosk.clock), Delivered)
        assert held(address) == [KIOSK]


def test_a_code_is_good_once_for_its_kiosk_and_for_a_day(address: str, database: str, tmp_path: Path) -> None:
    def tried(code: str, kiosk: str = KIOSK) -> Any:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        return enrol(enrolling(folder, address, kiosk), code)

    code = code_for(database, KIOSK)
    assert tried(code, OTHER) == Refused(403, "code")
    assert tried("2222-2222-2222-2222") == Refused(403, "code")
    assert isinstance(tried(code), Enrolled)
    assert tried(code) == Refused(403, "code")
    assert tried(code_for(database, KIOSK, NOW - timedelta(hours=24))) == Refused(403, "code")
    first = code_for(database, KIOSK)
    assert isinstance(tried(code_for(database, KIOSK)), Enrolled)
    assert tried(first) == Refused(403, "code")


def test_an_enrolment_whose_answer_was_lost_is_repeated_with_the_same_key(address: str, database: str, tmp_path: Path) -> None:
    code = code_for(database, KIOSK)
    assert isinstance(enrol(enrolling(tmp_path, address), code), Enrolled)
    # as if the answer had not come
    (tmp_path / "sync.key").rename(tmp_path / "sync.key.next")
    assert isinstance(enrol(enrolling(tmp_path, "http://127.0.0.1:9"), code), Unreachable)
    assert isinstance(enrol(enrolling(tmp_path, address), code), Enrolled)
    assert (tmp_path / "sync.key").exists()


def test_a_key_that_signs_no_enrolment_of_its_own_is_refused(address: str, database: str) -> None:
    body = json.dumps({"kiosk": KIOSK, "code": code_for(database, KIOSK), "key": public_text(key_of("somebody"))}).encode()
    url = f"{address}/v1/enrolments"

    assert post(url, body, headers_for("somebody else", url, body)) == (401, "signature")
    assert post(url, body, {"Content-Type": "application/json"}) == (401, "unsigned")
    assert post(url, body, headers_for("somebody", url, body)) == (200, "")


def test_another_code_ends_the_key_before_it(address: str, database: str, tmp_path: Path) -> None:
    assert send(address, KIOSK, chain().batch()).status_code == 200
    assert isinstance(enrol(enrolling(tmp_path, address), code_for(database, KIOSK)), Enrolled)
    assert send(address, KIOSK, chain().batch()).json()["error"] == "revoked"


def test_a_request_that_nobody_signed_or_that_was_changed_is_refused_and_nothing_is_stored(address: str) -> None:
    body = json.dumps(chain().batch()).encode()
    url = rows_url(address)
    right = headers_for(KIOSK, url, body)
    unsigned = {"Content-Type": "application/json"}

    assert post(url, body, unsigned) == (401, "unsigned")
    assert post(url, body.replace(b"glass", b"plast"), right) == (401, "signature")
    assert post(url, body + b" ", right) == (401, "signature")
    assert (
        post(
            url, body, {**right, "Content-Digest": Signer(key_of(KIOSK), lambda: NOW).headers("POST", url, b"{}", None)["Content-Digest"]}
        )[1]
        == "signature"
    )
    assert post(rows_url(address, OTHER), body, right) == (401, "signature")
    assert post(f"{address}/v1/kiosks/{KIOSK}/keys", body, right) == (401, "signature")
    assert post(url, body, headers_for("nobody's", url, body)) == (401, "signature")
    assert held(address) == []


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("the body's digest is not covered", ' "content-digest"'),
        ("the path is not covered", ' "@path"'),
        ("there is no nonce", "nonce"),
        ("it was made for something else", "consigne-city-v1"),
    ],
)
def test_a_signature_that_leaves_out_what_must_be_covered_is_none(address: str, name: str, without: str) -> None:
    body = json.dumps(chain().batch()).encode()
    url = rows_url(address)
    headers = headers_for(KIOSK, url, body)
    said = headers["Signature-Input"].replace(without, "")
    assert said != headers["Signature-Input"], name

    lines = ['"@method": POST', f'"@path": /v1/kiosks/{KIOSK}/rows', f'"content-digest": {headers["Content-Digest"]}']
    covered = [line for line in lines if line.partition(":")[0] in said]
    base = "\n".join([*covered, f'"@signature-params": {said.removeprefix("consigne=")}'])
    signature = base64.b64encode(key_of(KIOSK).sign(base.encode())).decode()
    assert post(url, body, {**headers, "Signature-Input": said, "Signature": f"consigne=:{signature}:"}) == (401, "signature")
    # the same by hand, whole, holds: it is what is left out that is refused
    whole = "\n".join([*lines, f'"@signature-params": {headers["Signature-Input"].removeprefix("consigne=")}'])
    signature = base64.b64encode(key_of(KIOSK).sign(whole.encode())).decode()
    assert post(url, body, {**headers, "Signature": f"consigne=:{signature}:"}) == (200, "")


def test_rows_that_another_kiosk_signs_anew_are_refused(address: str) -> None:
    body = json.dumps(chain().batch()).encode()
    url = rows_url(address)

    assert post(url, body, headers_for(OTHER, url, body)) == (403, "other_kiosk")
    assert held(address) == []


def test_a_request_counts_once(address: str) -> None:
    body = json.dumps(chain().batch()).encode()
    url = rows_url(address)
    headers = headers_for(KIOSK, url, body)

    assert post(url, body, headers) == (200, "")
    assert post(url, body, headers) == (401, "replayed")
    answers = []
    again = headers_for(KIOSK, url, body)
    threads = [threading.Thread(target=lambda: answers.append(post(url, body, again))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(200, "")] + [(401, "replayed")] * 5


@pytest.mark.parametrize("away", [timedelta(minutes=5, seconds=1), timedelta(days=-9000), timedelta(days=3000)])
def test_a_kiosk_whose_clock_is_wrong_gets_through_by_a_nonce_that_the_city_offers_and_that_is_good_once(
    address: str, kiosk: Kiosk, away: timedelta
) -> None:
    clock = FakeClock(NOW + away, trusted=False)
    assert isinstance(once(route(kiosk, address), threading.Event(), clock), Delivered)

    body = json.dumps({"key": public_text(key_of("another"))}).encode()
    url = f"{address}/v1/kiosks/{KIOSK}/keys"
    signer = Signer(key_of(KIOSK), lambda: NOW + away)
    json_body = {"Content-Type": "application/json"}
    asked = requests.post(url, data=body, headers={**json_body, **signer.headers("POST", url, body, None)}, timeout=patient(10))
    assert (asked.status_code, asked.json()["error"]) == (401, "time")
    offered = asked.headers["Accept-Signature"].partition('nonce="')[2].partition('"')[0]
    headers = {**json_body, **signer.headers("POST", url, body, offered)}
    assert post(url, body, headers) == (200, "")
    assert post(url, body, headers) == (401, "time")


def test_a_nonce_is_offered_to_nobody_else(address: str) -> None:
    body = json.dumps(chain().batch()).encode()
    late = Signer(key_of(KIOSK), lambda: NOW - timedelta(days=1))
    url, others = rows_url(address), rows_url(address, OTHER)
    asked = requests.post(
        url, data=body, headers={"Content-Type": "application/json", **late.headers("POST", url, body, None)}, timeout=patient(10)
    )
    offered = asked.headers["Accept-Signature"].partition('nonce="')[2].partition('"')[0]
    stranger = Signer(key_of(OTHER), lambda: NOW - timedelta(days=1))
    headers = {"Content-Type": "application/json", **stranger.headers("POST", others, body, offered)}

    assert post(others, body, headers) == (401, "time")


def test_a_key_is_replaced_by_the_one_that_it_signed_for_once_that_one_is_used(address: str, kiosk: Kiosk, tmp_path: Path) -> None:
    made = route(kiosk, address)
    former = load_own(made.key)
    assert isinstance(once(made, threading.Event(), kiosk.clock), Delivered)
    assert isinstance(rotate(enrolling(tmp_path, address)), Enrolled)
    assert public_text(load_own(made.key)) != public_text(former)
    # nothing has come from the new one yet
    assert send(address, KIOSK, Chain().batch()).json()["error"] != "revoked"

    assert isinstance(once(made, threading.Event(), kiosk.clock), Delivered)
    write(made.key, former)
    assert once(made, threading.Event(), kiosk.clock) == Refused(401, "revoked")


def test_a_stolen_key_is_revoked_and_a_new_code_lets_the_kiosk_in_again(address: str, database: str, kiosk: Kiosk, tmp_path: Path) -> None:
    made = route(kiosk, address)
    assert isinstance(once(made, threading.Event(), kiosk.clock), Delivered)
    open_code = code_for(database, KIOSK)

    assert revoke(database, KIOSK) == 1

    body = json.dumps({"key": public_text(key_of("the thief's"))}).encode()
    url = f"{address}/v1/kiosks/{KIOSK}/keys"
    assert post(url, body, headers_for(KIOSK, url, body)) == (401, "revoked")
    assert once(made, threading.Event(), kiosk.clock) == Refused(401, "revoked")
    assert rotate(enrolling(tmp_path, address)) == Refused(401, "revoked")
    assert enrol(enrolling(tmp_path, address), open_code) == Refused(403, "code")
    # with the stolen key itself no code helps
    url = f"{address}/v1/enrolments"
    body = json.dumps({"kiosk": KIOSK, "code": code_for(database, KIOSK), "key": public_text(key_of(KIOSK))}).encode()
    assert post(url, body, headers_for(KIOSK, url, body)) == (403, "key")

    assert isinstance(enrol(enrolling(tmp_path, address), code_for(database, KIOSK)), Enrolled)
    assert isinstance(once(made, threading.Event(), kiosk.clock), Delivered)


READ = ("/v1/kiosks", "/v1/totals", *(f"/v1/kiosks/{KIOSK}{part}" for part in ("", "/rows", "/vouchers", "/conflicts")))


@pytest.mark.parametrize("path", READ)
def test_nothing_is_readable_without_a_log_in(address: str, path: str) -> None:
    send(address, KIOSK, chain().batch())
    for cookies in ({}, {"consigne": "made up"}, {"consigne": ""}):
        answer = requests.get(address + path, cookies=cookies, timeout=patient(10))
        assert (answer.status_code, answer.json()["error"]) == (401, "log_in")
    assert requests.get(address + path, cookies=READER, timeout=patient(10)).status_code == 200


def test_a_log_in_opens_a_session_that_ends_and_five_wrong_passwords_close_the_name_for_a_while(database: str) -> None:
    now = NOW
    with closing(open_store(database)) as store:
        with store.write() as connection:
            password = staff.add(connection, "a.martin", staff.Role.DESK, now, "tests")
        person = staff.log_in(store, "a.martin", password, lambda: now)
        with store.read() as connection:
            assert staff.who(connection, person.token, now) == person
            assert staff.who(connection, person.token, now + staff.WORKDAY) is None
            assert staff.who(connection, person.token[:-1], now) is None
        for name, tried in (("a.martin", "wrong"), ("nobody", password), ("a.martin", "")):
            with pytest.raises(staff.LogInRefused) as refused:
                staff.log_in(store, name, tried, lambda: now)
            assert not refused.value.locked
        for _ in range(staff.TRIES - 2):
            with pytest.raises(staff.LogInRefused):
                staff.log_in(store, "a.martin", "wrong", lambda: now)
        with pytest.raises(staff.LogInRefused) as refused:
            staff.log_in(store, "a.martin", password, lambda: now)
        assert refused.value.locked
        now += staff.LOCKED
        assert staff.log_in(store, "a.martin", password, lambda: now).name == "a.martin"
        with store.write() as connection:
            staff.block(connection, "a.martin", now, "tests")
        with store.read() as connection:
            assert staff.who(connection, person.token, NOW) is None
        with pytest.raises(staff.LogInRefused):
            staff.log_in(store, "a.martin", password, lambda: now)


def test_the_log_in_page_gives_a_cookie_that_scripts_and_other_sites_do_not_see(database: str) -> None:
    with closing(open_store(database)) as store, store.write() as connection:
        password = staff.add(connection, "b.petit", staff.Role.AUDITOR, NOW, "tests")
    with city(database) as address, requests.Session() as browser:
        page = browser.get(f"{address}/login", timeout=patient(10))
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        wrong = browser.post(f"{address}/login", data={"name": "b.petit", "password": "no"}, timeout=patient(10))
        assert (wrong.status_code, "Identifiant ou mot de passe faux" in wrong.text) == (403, True)
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        form = {"name": "b.petit", "password": password}
        assert browser.post(f"{address}/login", data=form, headers=elsewhere, timeout=patient(10)).status_code == 403
        done = browser.post(f"{address}/login", data=form, timeout=patient(10), allow_redirects=False)
        assert done.status_code == 303
        assert {"httponly", "samesite=strict"} <= set(done.headers["Set-Cookie"].lower().replace(" ", "").split(";"))
        assert browser.get(f"{address}/v1/kiosks", timeout=patient(10)).status_code == 200
        # without the form's own word nobody is logged out by a page elsewhere
        browser.post(f"{address}/logout", data={"form": "guessed"}, timeout=patient(10), allow_redirects=False)
        browser.cookies.set("consigne", done.cookies["consigne"])
        assert browser.get(f"{address}/v1/kiosks", timeout=patient(10)).status_code == 200


def test_who_did_what_is_in_the_audit_log(address: str, database: str, tmp_path: Path) -> None:
    assert isinstance(enrol(enrolling(tmp_path, address), code_for(database, KIOSK)), Enrolled)
    revoke(database, KIOSK)
    with closing(open_store(database)) as store, store.read() as connection:
        told = [tuple(row) for row in connection.exec_driver_sql("SELECT who, what FROM audit ORDER BY id DESC LIMIT 3")]
    assert told == [("tests", "revoked"), (KIOSK, "enrolled"), ("tests", "invited")]


def test_the_signature_is_the_one_of_the_standards_own_example() -> None:
    """RFC 9421, B.2.6: the same key and message give the same signature, and the city's check holds it."""
    pem = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n"
    public = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n"
    expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="

    keys = MappingKeyResolver(public_keys={"test-key-ed25519": public}, private_keys={"test-key-ed25519": pem})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys)
    headers = {"Date": "Tue, 20 Apr 2021 02:07:55 GMT", "Content-Type": "application/json", "Content-Length": "18"}
    message = SimpleNamespace(method="POST", url="https://example.com/foo?param=Value&Pet=dog", headers=headers)
    covered = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    created = datetime.fromtimestamp(1618884473, UTC)
    signer.sign(message, key_id="test-key-ed25519", created=created, include_alg=False, label="sig-b26", covered_component_ids=covered)

    assert message.headers["Signature"] == f"sig-b26=:{expected}:"
    assert HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=keys).verify(message, max_age=None)
