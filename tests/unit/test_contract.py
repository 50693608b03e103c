"""contracts/city-v1.json from both sides: what the city serves, takes and answers, and what the kiosk's sync sends, are what it says."""

import json
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from city.app import create_app
from city.chain import NOTHING_BEFORE, row_hash
from city.store import open_store
from config.vocabulary import Cents
from ledger.generation import Beginning, begin
from ledger.limits import Terms
from ledger.sync.acknowledged import Acknowledged
from ledger.sync.answers import Accepted, Gap, read_answer
from ledger.sync.outcomes import Delivered, Disagreed, Refused, Rejected
from ledger.sync.rounds import Route, once
from money.callers import headers_for, key_file, read, send
from money.chain_rows import Chain
from money.city_server import city
from timing import FakeClock, patient

CONTRACT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "contracts" / "city-v1.json").read_text())
ROWS = "/v1/kiosks/{kiosk}/rows"
POST = CONTRACT["paths"][ROWS]["post"]


def problems(value: object, pointer: str) -> list[str]:
    """Where ``value`` is not what stands at this place of the contract."""
    registry: Registry[Any] = Registry().with_resource("contract:", DRAFT202012.create_resource(CONTRACT))
    schema = {"$ref": f"contract:#{pointer}"}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema, registry=registry).iter_errors(value)]


def answer_problems(answer: requests.Response, path: str, method: str = "get") -> list[str]:
    documented = CONTRACT["paths"][path][method]["responses"]
    if str(answer.status_code) not in documented:
        return [f"status {answer.status_code} is not in the contract"]
    place = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    (media,) = documented[str(answer.status_code)]["content"]
    if answer.headers["Content-Type"] != media:
        return [f"{answer.headers['Content-Type']} is not {media}"]
    escaped = media.replace("/", "~1").replace("+", "%2B")
    return problems(answer.json(), f"/paths/{place}/{method}/responses/{answer.status_code}/content/{escaped}/schema")


def shorn(value: Any) -> Any:
    """Without what only explains: examples, the generated titles, the words of the head."""
    if isinstance(value, dict):
        return {key: shorn(inner) for key, inner in value.items() if key not in ("examples", "info") and not _is_title(key, inner)}
    if isinstance(value, list):
        return [shorn(inner) for inner in value]
    return value


def _is_title(key: str, value: object) -> bool:
    return key == "title" and isinstance(value, str)


def requests_in_contract() -> dict[str, Any]:
    return {name: one["value"] for name, one in POST["requestBody"]["content"]["application/json"]["examples"].items()}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with city(tmp_path) as url:
        yield url


def test_the_city_serves_the_contract_and_nothing_beside_it(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'city.db'}")
    served = create_app(store, demonstration=False).openapi()
    store.close()

    assert shorn(served) == shorn(CONTRACT)


def test_every_schema_of_the_contract_is_one() -> None:
    for name, schema in CONTRACT["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object", name


@pytest.mark.parametrize("name", requests_in_contract())
def test_the_examples_are_of_the_contracts_own_shape(name: str) -> None:
    assert problems(requests_in_contract()[name], "/components/schemas/Batch") == []


def test_the_example_chain_has_real_hashes() -> None:
    examples = requests_in_contract()
    rows = examples["a_first_batch"]["rows"] + examples["the_next_batch"]["rows"]

    assert [row["row"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row_hash(row) for row in rows] == [row["hash"] for row in rows]
    assert [row["prev"] for row in rows] == [NOTHING_BEFORE, *(row["hash"] for row in rows[:-1])]


def test_the_city_answers_the_examples_as_the_contract_says(address: str) -> None:
    answered = set()
    for name, batch in requests_in_contract().items():
        kiosk = "demo-01" if name == "a_demonstration" else "paris-11-01"
        answer = send(address, kiosk, batch)
        (content,) = POST["responses"][str(answer.status_code)]["content"].values()
        expected = content["examples"][name]["value"]
        assert (answer.json(), answer_problems(answer, ROWS, "post")) == (expected, [])
        answered.add(answer.status_code)
    assert answered == {200, 403, 409, 422}
    for path in ("/v1/kiosks", "/v1/totals", "/v1/kiosks/{kiosk}", "/v1/kiosks/{kiosk}/vouchers", "/v1/kiosks/{kiosk}/rows", "/healthz"):
        answer = read(address, path.format(kiosk="paris-11-01"))
        assert (answer.status_code, answer_problems(answer, path)) == (200, [])


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"{}", 422), (b"x" * (4 * 1024 * 1024 + 1), 413)],
)
def test_refused_bodies_are_answered_as_the_contract_says(address: str, body: bytes, status: int) -> None:
    # more than a socket's buffer would be cut off before the answer is read: the size alone is sent
    url = f"{address}/v1/kiosks/paris-11-01/rows"
    prepared = requests.Request("POST", url, data=body[:10], headers=headers_for("paris-11-01", url, body)).prepare()
    prepared.headers["Content-Length"] = str(len(body))
    with requests.Session() as session:
        answer = session.send(prepared, timeout=patient(10))

    assert (answer.status_code, answer_problems(answer, ROWS, "post")) == (status, [])


@pytest.mark.parametrize("path", ["/v1/kiosks/{kiosk}", "/v1/kiosks/{kiosk}/vouchers", "/v1/kiosks/{kiosk}/rows"])
@pytest.mark.parametrize(("kiosk", "status"), [("nobody", 404), ("NOBODY", 422)])
def test_what_is_not_known_is_answered_as_the_contract_says(address: str, path: str, kiosk: str, status: int) -> None:
    answer = read(address, path.format(kiosk=kiosk))

    assert (answer.status_code, answer_problems(answer, path)) == (status, [])


LISTS = ("/v1/kiosks", "/v1/totals", *(f"/v1/kiosks/{{kiosk}}/{name}" for name in ("conflicts", "rows", "vouchers")))


@pytest.mark.parametrize("path", LISTS)
def test_pages_and_what_is_no_page_are_answered_as_the_contract_says(address: str, path: str) -> None:
    for batch in (requests_in_contract()[name] for name in ("a_first_batch", "the_next_batch")):
        send(address, "paris-11-01", batch)
    for limit, status in ((1, 200), (0, 422)):
        answer = read(address, path.format(kiosk="paris-11-01"), limit=limit)
        assert (answer.status_code, answer_problems(answer, path)) == (status, [])


def test_the_sync_understands_every_answer_in_the_contract() -> None:
    understood = {}
    for status, answer in POST["responses"].items():
        (content,) = answer["content"].values()
        for name, example in content.get("examples", {}).items():
            understood[name] = type(read_answer("http://city", int(status), {}, json.dumps(example["value"]).encode()))

    assert understood == {
        "a_first_batch": Accepted,
        "the_next_batch": Accepted,
        "a_sign_of_life": Accepted,
        "another_row_under_an_old_number": Disagreed,
        "a_row_left_out": Gap,
        "a_tampered_row": Rejected,
        "a_demonstration": Refused,
    }


def test_what_the_sync_sends_of_a_real_ledger_is_what_the_contract_says(tmp_path: Path, clock: FakeClock) -> None:
    ledger = tmp_path / "ledger.db"
    terms = Terms(Cents(20), 30, Cents(20_000), "https://consigne.example/bon", 1095)
    begin(ledger, Beginning("paris-11-01", "agent 7", "first start", 5, 0, False), clock=clock, random=secrets, terms=terms)
    sent: list[Any] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert (self.path, self.headers["Content-Type"]) == ("/v1/kiosks/paris-11-01/rows", "application/json")
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            head, generation = sent[-1]["rows"][-1]["hash"], sent[-1]["generation"]
            accepted = {
                "generation": generation,
                "row": sent[-1]["row"],
                "head": head,
                "stored": 1,
                "comparison": "equal",
                "differences": [],
            }
            body = json.dumps(accepted | {"news": ["from a later city"]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        route = Route(ledger, tmp_path / "sync.db", key_file(tmp_path), f"http://127.0.0.1:{server.server_address[1]}", 60.0, 5.0)
        outcome = once(route, threading.Event(), clock)
        thread.join()

    assert isinstance(outcome, Delivered)
    assert problems(sent[0], "/components/schemas/Batch") == []
    with Acknowledged(tmp_path / "sync.db") as state:
        assert state.position(outcome.generation) == (1, sent[0]["rows"][0]["hash"])


@pytest.mark.parametrize("change", [{"rows": [{}]}, {"row": "7"}, {"generation": None}, {"news": []}])
def test_the_contract_tells_a_wrong_request_from_a_right_one(change: dict[str, Any]) -> None:
    chain = Chain()
    chain.credit()
    chain.add("bin_emptied", {"bin": 1})

    assert problems(chain.batch(), "/components/schemas/Batch") == []
    assert problems(chain.batch(**change), "/components/schemas/Batch") != []
