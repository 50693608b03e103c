"""What stands between kiosk and city: proxies, filters, networks that want a sign-in, certificates, name servers. Each is told by its name."""

import http.client
import http.server
import json
import socket
import sqlite3
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.vocabulary import Material
from kiosk.words.catalogue import Words
from kiosk.words.reports import tell_outcome
from ledger.sync import rounds as sync
from ledger.sync.outcomes import (
    AuthoritiesUnusable,
    Between,
    CityTroubled,
    Delivered,
    Garbled,
    Intercepted,
    Outcome,
    ProxyUnreachable,
    Stopped,
    TooLarge,
    Unreachable,
    Untrusted,
)
from ledger.sync.rounds import once, run_forever
from money.city_server import city
from money.sending_kiosk import Kiosk, held, route
from timing import FakeClock, patient
from wires.rude_server import nonsense, reply, self_signed

PAGE = b"<html><head><title>Request refused</title></head></html>"


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def kiosk(tmp_path: Path, clock: FakeClock) -> Kiosk:
    (tmp_path / "kiosk").mkdir()
    kiosk = Kiosk(tmp_path / "kiosk", clock)
    kiosk.visit(Material.GLASS, Material.PLASTIC)
    return kiosk


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "city").mkdir()
    with city(tmp_path / "city") as address:
        yield address


Says = Callable[[http.server.BaseHTTPRequestHandler, bytes], tuple[int, bytes]]


@contextmanager
def relay(says: Says) -> Iterator[str]:
    """An HTTP server that reads a request whole and answers with the status and body that ``says`` gives; status 0 cuts the line instead."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, body = says(self, self.rfile.read(int(self.headers["Content-Length"])))
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def forwarded(address: str, asked: http.server.BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
    """With what was signed, and nothing that was meant for the one between."""
    own = ("host", "connection", "proxy-authorization")
    headers = {name: value for name, value in asked.headers.items() if name.lower() not in own}
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=patient(10))) as line:
        line.request("POST", urlsplit(asked.path).path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read()


# a message that is too large


@pytest.mark.parametrize("refusal", [413, 408])
def test_rows_get_through_a_proxy_that_takes_only_small_messages(
    kiosk: Kiosk, address: str, stop: threading.Event, clock: FakeClock, refusal: int
) -> None:
    sizes: list[int] = []

    def says(asked: http.server.BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        sizes.append(len(body))
        return (refusal, PAGE) if len(body) > 2500 else forwarded(address, asked, body)

    with relay(says) as proxy:
        outcome = once(route(kiosk, proxy), stop, clock)

    assert isinstance(outcome, Delivered)
    assert held(address)["row"] == kiosk.rows()
    assert len({size for size in sizes if size > 2500}) == len([size for size in sizes if size > 2500]), (
        "nothing that was refused is sent again"
    )


def test_a_single_row_that_is_too_large_is_told_with_its_size(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    sizes: list[int] = []

    def says(_asked: http.server.BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        sizes.append(len(body))
        return 413, json.dumps({"error": "too_large", "message": ""}).encode()

    with relay(says) as proxy:
        outcome = once(route(kiosk, proxy), stop, clock)

    assert outcome == TooLarge(1, sizes[-1])
    assert sizes == sorted(sizes, reverse=True)


def test_where_long_messages_are_cut_off_without_a_word_shorter_ones_are_tried_in_the_next_rounds(
    kiosk: Kiosk, address: str, clock: FakeClock
) -> None:
    outcomes: list[Outcome] = []

    class NoPauses(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if isinstance(outcomes[-1], Delivered) or len(outcomes) == 12:
                self.set()
            return self.is_set()

    def says(asked: http.server.BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        return (0, b"") if len(body) > 2500 else forwarded(address, asked, body)

    with relay(says) as proxy:
        run_forever(route(kiosk, proxy, rows_at_once=16), NoPauses(), outcomes.append, clock, lambda: 1.0)

    assert isinstance(outcomes[0], Unreachable)
    assert isinstance(outcomes[-1], Delivered)


# answers that are not the city's


@pytest.mark.parametrize(
    ("status", "by"),
    [
        (407, Between.PROXY_SIGN_IN),
        (411, Between.NO_LENGTH),
        (414, Between.HEADER_TOO_LONG),
        (421, Between.MISDIRECTED),
        (431, Between.HEADER_TOO_LONG),
        (451, Between.BLOCKED),
        (511, Between.PORTAL),
        (401, Between.BLOCKED),
        (403, Between.BLOCKED),
        (200, Between.PORTAL),
    ],
)
def test_what_answers_in_the_citys_place_is_named(kiosk: Kiosk, stop: threading.Event, clock: FakeClock, status: int, by: Between) -> None:
    with relay(lambda _asked, _body: (status, PAGE)) as proxy:
        assert once(route(kiosk, proxy), stop, clock) == Intercepted(status, by, "")


def test_a_proxy_that_does_not_wait_for_a_single_row_is_named(kiosk: Kiosk, stop: threading.Event, clock: FakeClock) -> None:
    with relay(lambda _asked, _body: (408, PAGE)) as proxy:
        assert once(route(kiosk, proxy), stop, clock) == Intercepted(408, Between.TOO_SLOW, "")


@pytest.mark.parametrize(
    "where", ["http://portal.example/login", "//portal.example/login", "HTTP://Portal.example/identifi\u00e9"], ids=ascii
)
def test_a_redirect_to_another_host_is_a_network_that_wants_a_sign_in(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, where: str
) -> None:
    data = "\r\n".join(("HTTP/1.1 302 Found", f"Location: {where}", "Content-Length: 0", "Connection: close", "", "")).encode("latin-1")
    with nonsense(lambda line: line.sendall(data)) as proxy:
        assert once(route(kiosk, proxy), stop, clock) == Intercepted(302, Between.PORTAL, where)


@pytest.mark.parametrize("status", [302, 308])
@pytest.mark.parametrize("where", ["http://[portal", "https://[::1", "javascript:alert(1)", "/elsewhere", ""])
def test_a_redirect_to_no_other_host_is_no_answer_of_the_city(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, where: str, status: int
) -> None:
    with nonsense(lambda line: line.sendall(reply(status, b"", f"Location: {where}"))) as proxy:
        outcome = once(route(kiosk, proxy), stop, clock)
    assert isinstance(outcome, Garbled)
    assert (where or "nowhere") in outcome.detail


def test_an_answer_whose_parts_have_lengths_that_no_part_can_have_is_no_answer_of_the_city(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock
) -> None:
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n"
    with nonsense(lambda line: line.sendall(data)) as proxy:
        assert isinstance(once(route(kiosk, proxy), stop, clock), Garbled)


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 70}.example"])
def test_a_name_that_no_host_can_have_is_told_with_the_key_to_check(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, host: str
) -> None:
    outcome = once(route(kiosk, f"http://{host}"), stop, clock)
    assert isinstance(outcome, Garbled)
    assert "city.url" in tell_outcome(outcome, Words("en"))


# through a proxy that the configuration names


def test_rows_go_through_the_configured_proxy(kiosk: Kiosk, address: str, stop: threading.Event, clock: FakeClock) -> None:
    asked: list[str] = []

    def says(request: http.server.BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        asked.append(request.headers["Proxy-Authorization"])
        return forwarded(address, request, body)

    with relay(says) as proxy:
        outcome = once(route(kiosk, "http://city.invalid", proxy=proxy.replace("//", "//name:secret@")), stop, clock)

    assert isinstance(outcome, Delivered)
    assert asked == ["Basic bmFtZTpzZWNyZXQ="]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_away_is_named_without_its_password(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, free_port: int, scheme: str
) -> None:
    proxy = f"http://name:secret@127.0.0.1:{free_port}"
    outcome = once(route(kiosk, f"{scheme}://city.invalid", proxy=proxy), stop, clock)
    assert outcome == ProxyUnreachable(f"127.0.0.1:{free_port}", "Connection refused")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (407, Intercepted(407, Between.PROXY_SIGN_IN, "")),
        (403, Intercepted(403, Between.BLOCKED, "")),
        (503, CityTroubled(503, None)),
    ],
)
def test_what_a_proxy_says_to_a_line_to_the_city_is_told(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, status: int, expected: Outcome
) -> None:
    with nonsense(lambda line: line.sendall(reply(status, b""))) as proxy:
        outcome = once(route(kiosk, "https://city.invalid", proxy=proxy), stop, clock)

    address = urlsplit(proxy).netloc
    assert outcome == (expected if isinstance(expected, Intercepted) else ProxyUnreachable(address, f"status {status}"))


# whom to trust


@contextmanager
def sealed_city(folder: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server under a certificate that it signed itself and answers 503, and the certificate."""
    certificate = self_signed(folder / "certificate.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                with listener.accept()[0] as line, context.wrap_socket(line, server_side=True) as sealed:
                    while b"}}" not in sealed.recv(1 << 16):
                        continue
                    sealed.sendall(reply(503, b""))
            except OSError:
                # whoever asked does not trust the certificate
                return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}", certificate
        finally:
            thread.join(patient(10))


def test_an_authority_that_the_machine_trusts_is_trusted(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sealed_city(tmp_path) as (address, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert once(route(kiosk, address), stop, clock) == CityTroubled(503, None)


def test_the_authorities_of_the_configured_file_are_trusted(kiosk: Kiosk, stop: threading.Event, clock: FakeClock, tmp_path: Path) -> None:
    with sealed_city(tmp_path) as (address, certificate):
        assert once(route(kiosk, address, authorities=str(certificate)), stop, clock) == CityTroubled(503, None)


def test_the_authorities_of_the_configured_file_are_the_only_ones(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = str(self_signed(tmp_path / "other.pem"))
    with sealed_city(tmp_path) as (address, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        outcome = once(route(kiosk, address, authorities=other), stop, clock)

    assert isinstance(outcome, Untrusted)
    assert outcome.authorities == other


def test_a_file_of_authorities_that_is_not_there_or_none_is_told_with_its_path(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, tmp_path: Path
) -> None:
    for name in ("none.pem", "poem.pem"):
        path = tmp_path / name
        if name == "poem.pem":
            path.write_text("Sous le pont Mirabeau coule la Seine\n")
        outcome = once(route(kiosk, "https://city.invalid", authorities=str(path)), stop, clock)
        assert isinstance(outcome, AuthoritiesUnusable)
        assert outcome.path == str(path)


# what cannot be interrupted


@pytest.fixture
def silent_name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set once somebody asks for a name; nobody ever answers while the test runs."""
    asked, over = threading.Event(), threading.Event()

    def wait_for_an_answer(*_args: object, **_kwargs: object) -> list[object]:
        asked.set()
        over.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", wait_for_an_answer)
    yield asked
    over.set()


def begun(kiosk: Kiosk, address: str, stop: threading.Event, clock: FakeClock) -> tuple[threading.Thread, list[Outcome]]:
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(once(route(kiosk, address), stop, clock)), daemon=True)
    thread.start()
    return thread, outcomes


def test_a_stop_does_not_wait_for_a_silent_name_server(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, silent_name_server: threading.Event
) -> None:
    thread, outcomes = begun(kiosk, "https://city.invalid", stop, clock)
    assert silent_name_server.wait(patient(10))
    stop.set()
    thread.join(patient(10))

    assert outcomes == [Stopped()]


def test_a_silent_name_server_is_given_up_in_time(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, silent_name_server: threading.Event
) -> None:
    thread, outcomes = begun(kiosk, "https://city.invalid", stop, clock)
    assert silent_name_server.wait(patient(10))
    clock.advance(3 * 5.0 + 1)
    thread.join(patient(10))

    assert outcomes == [Unreachable("neither a name server nor the address answered within 15 s")]


def test_a_stop_does_not_wait_for_a_locked_sync_db(
    kiosk: Kiosk, stop: threading.Event, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "GRACE_S", 0.0)
    reached, over = threading.Event(), threading.Event()

    def wait_for_the_lock(_path: Path) -> None:
        reached.set()
        over.wait()
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(sync, "Acknowledged", wait_for_the_lock)
    thread, outcomes = begun(kiosk, "http://127.0.0.1:9", stop, clock)
    assert reached.wait(patient(10))
    stop.set()
    thread.join(patient(10))
    over.set()

    assert outcomes == [Stopped()]
