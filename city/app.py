"""The city's HTTP door: paths, sizes and statuses. What is accepted stands in ``checks``, what is answered in ``answers``.

Nothing is kept here between two requests; ``create_app`` gets the store, the clock and whether demonstrations are welcome.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Path, Query, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.staticfiles import StaticFiles

from city import views
from city.answers import (
    Accepted,
    AllTotals,
    Conflict,
    Conflicts,
    Enrolled,
    Failed,
    FieldError,
    Gap,
    Kiosk,
    Kiosks,
    Problem,
    Rows,
    Unacceptable,
    Vouchers,
)
from city.bodies import Bodies, Bounds
from city.callers import Body, Doors, Turned, turned
from city.identity import Caller, Refusal, admit, enrol, rotate
from city.messages import LARGEST, Batch, Day, Enrolment, Hash, KioskId, NewKey
from city.pages import desk, log_in, voucher
from city.pages.rendering import STATIC, Rendering
from city.receive import receive
from city.store import Store, Unusable

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes. 500 rows are some 300 kB; only a first row with thousands of open vouchers comes near a megabyte."""

BODY_S = 30.0
"""For a body to come whole. A kiosk whose line is slower is answered 408, and sends fewer rows at once."""

KioskName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{2,39}$")]
LARGEST_ID = 2**31 - 1
"""Of what the database numbers itself."""

Limit = Annotated[int, Query(ge=1, le=views.PAGE, description=f"How many at most; {views.PAGE} where nothing is said.")]
JSON, PROBLEM = "application/json", "application/problem+json"

PROGRAMS = ("/v1/", "/healthz")
"""What programs ask for, who are answered in JSON; all else is people's pages."""

_STATUS = {Problem: 403, Unacceptable: 422, Conflict: 409, Gap: 409}
_ERRORS = {400: "not_json", 404: "not_found", 405: "method", 408: "too_slow", 413: "too_large", 415: "media_type"}


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(store: Store, *, demonstration: bool, now: Callable[[], datetime] = utc_now, body_s: float = BODY_S) -> FastAPI:
    """The application on this store. ``now`` is the city's own time in UTC: what a request or a session is too old for, never an order.

    ``demonstration``: a city for ledgers made on a simulated intake, and for no others.
    """
    app = FastAPI(
        title="Consigne, the city's side",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False},
        generate_unique_id_function=lambda route: route.name,
        responses=_say({503: (Problem, "The city's database does not answer; nothing was stored.")}),
    )
    app.add_middleware(Bodies, bounds=Bounds(LARGEST_BODY, body_s))
    doors = Doors(store, now)
    rendering = Rendering(demonstration=demonstration)
    _add_failures(app, rendering)
    _add_intake(app, store, doors, now, demonstration)
    _add_enrolment(app, store, doors, now)
    _add_reading(app, store, doors)
    log_in.add(app, store, doors, rendering, now)
    desk.add(app, store, doors, rendering, now, demonstration=demonstration)
    voucher.add(app, store, rendering, now, demonstration=demonstration)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.openapi = partial(_described, app)  # type: ignore[method-assign]
    return app


def _say(answers: dict[int, tuple[Any, str]]) -> dict[int | str, dict[str, Any]]:
    """Statuses as FastAPI wants them. Described here: its own words for a status differ from one Python to the next."""
    return {status: {"model": model, "description": words} for status, (model, words) in answers.items()}


_BODIES = {
    400: (Problem, "Not JSON."),
    401: (
        Problem,
        "Not signed, or by a key that does not speak for this kiosk, or a request that was here before, or at no time of the city's.",
    ),
    408: (Problem, "The body did not come whole in time."),
    413: (Problem, "The body is too large."),
    415: (Problem, "The body is not application/json, or comes with a content encoding."),
}
"""What may be wrong with a message whatever it says."""


def _add_intake(app: FastAPI, store: Store, doors: Doors, now: Callable[[], datetime], demonstration: bool) -> None:
    refusals = _say(
        _BODIES
        | {
            403: (Problem, "Another kiosk's key; or a demonstration where only real ledgers are taken, or the other way round."),
            409: (Conflict | Gap, "The rows do not continue what is held."),
            422: (Unacceptable, "Not the contract's shape, or rows that are wrong in themselves."),
        }
    )

    def caller(request: Request, kiosk: KioskName, body: Body) -> Caller:
        return doors.kiosk(request, kiosk, body)

    @app.post("/v1/kiosks/{kiosk}/rows", response_model=Accepted, responses=refusals)
    def send_rows(kiosk: KioskName, caller: Annotated[Caller, Depends(caller)], batch: Batch) -> Any:
        """Rows that continue the kiosk's ledger. The same rows again are accepted and change nothing."""
        at = now()
        with store.write() as connection:
            answer = admit(connection, caller, at) or receive(connection, kiosk, batch, at, demonstration=demonstration)
        if isinstance(answer, Refusal):
            raise turned(answer)
        return answer if isinstance(answer, Accepted) else _json(_STATUS[type(answer)], answer)

    @app.post("/v1/kiosks/{kiosk}/keys", response_model=Enrolled, responses=refusals)
    def send_key(kiosk: KioskName, caller: Annotated[Caller, Depends(caller)], new: NewKey) -> Any:
        """Another key in place of the one that signs this: it counts, and this one ends, with the first request that the new one signs."""
        with store.write() as connection:
            refused = admit(connection, caller, now()) or rotate(connection, caller, new.key, now())
        if refused is not None:
            raise turned(refused)
        return Enrolled(kiosk=kiosk, key=new.key)


def _add_enrolment(app: FastAPI, store: Store, doors: Doors, now: Callable[[], datetime]) -> None:
    refusals = _say(
        _BODIES
        | {
            403: (Problem, "The code enrols no key for this kiosk, or the key was enrolled before."),
            422: (Unacceptable, "Not the contract's shape."),
        }
    )

    @app.post("/v1/enrolments", response_model=Enrolled, responses=refusals)
    def send_enrolment(request: Request, body: Body, new: Enrolment) -> Any:
        """A kiosk's key, signed by itself, with the one-time code that the city gave out for this kiosk. The same again is accepted."""
        doors.signed(request, body, lambda key: key == new.key)
        with store.write() as connection:
            refused = enrol(connection, new.kiosk, new.code, new.key, now())
        if refused is not None:
            raise Turned(403, refused.error, refused.message)
        return Enrolled(kiosk=new.kiosk, key=new.key)


def _add_reading(app: FastAPI, store: Store, doors: Doors) -> None:
    wrong = _say(
        {
            401: (Problem, "Nobody is logged in."),
            403: (Problem, "Who is logged in does not read this."),
            422: (Unacceptable, "Not a name, a number or a day."),
        }
    )
    missing = _say({404: (Problem, "Not known here.")}) | wrong

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Whether the city and its database answer."""
        with store.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        return {"status": "ok"}

    inside = [Security(doors.cookie), Depends(doors.reader)]

    @app.get("/v1/kiosks", dependencies=inside, responses=wrong)
    def kiosks(after: Annotated[KioskId | None, Query(description="Begin behind this name.")] = None, limit: Limit = views.PAGE) -> Kiosks:
        """The kiosks, how far their ledgers are held, and how many things a person must look at."""
        with store.read() as connection:
            return views.kiosks(connection, after, limit)

    @app.get("/v1/totals", dependencies=inside, responses=wrong)
    def totals(after: Annotated[Day | None, Query(description="Begin behind this day.")] = None, limit: Limit = views.PAGE) -> AllTotals:
        """What all ledgers add up to."""
        with store.read() as connection:
            return views.totals(connection, after, limit)

    @app.get("/v1/kiosks/{kiosk}", dependencies=inside, responses=missing)
    def kiosk(kiosk: KioskName) -> Kiosk:
        """One kiosk: its ledgers, totals, conflicts and differences."""
        with store.read() as connection:
            return _found(views.kiosk(connection, kiosk), "kiosk")

    @app.get("/v1/kiosks/{kiosk}/conflicts", dependencies=inside, responses=missing)
    def conflicts(
        kiosk: KioskName,
        after: Annotated[int, Query(ge=0, le=LARGEST_ID, description="Begin behind this one, as `next` named it.")] = 0,
        limit: Limit = views.PAGE,
    ) -> Conflicts:
        """What a kiosk sent that could not be stored, because something else stands in its place."""
        with store.read() as connection:
            return _found(views.conflicts(connection, kiosk, after, limit), "kiosk")

    @app.get("/v1/kiosks/{kiosk}/vouchers", dependencies=inside, responses=missing)
    def vouchers(
        kiosk: KioskName,
        after: Annotated[str | None, Query(pattern=views.PLACE, description="Begin behind this one, as `next` named it.")] = None,
        limit: Limit = views.PAGE,
    ) -> Vouchers:
        """The vouchers that a kiosk's rows issued."""
        with store.read() as connection:
            return _found(views.vouchers(connection, kiosk, after, limit), "kiosk")

    # as they came: what a row does not say is not in what its hash was made of
    @app.get("/v1/kiosks/{kiosk}/rows", dependencies=inside, responses=missing, response_model_exclude_unset=True)
    def rows(
        kiosk: KioskName,
        after: Annotated[int, Query(ge=0, le=LARGEST, description="Begin behind this row.")] = 0,
        generation: Annotated[Hash | None, Query()] = None,
        limit: Limit = views.PAGE,
    ) -> Rows:
        """Rows of the ledger named, or of the one that may still grow."""
        with store.read() as connection:
            return _found(views.rows(connection, kiosk, generation, after, limit), "ledger")


T = TypeVar("T")


def _found(value: T | None, what: str) -> T:
    if value is None:
        raise HTTPException(404, f"no such {what}")
    return value


def _json(status: int, answer: Failed, headers: dict[str, str] | None = None) -> JSONResponse:
    told = answer.model_copy(update={"status": status, "detail": answer.message})
    return JSONResponse(told.model_dump(), status, headers, PROBLEM)


def _described(app: FastAPI) -> dict[str, Any]:
    """The framework names one media type for all answers of a path."""
    found = get_openapi(title=app.title, version=app.version, routes=app.routes)
    answers = [answer for path in found["paths"].values() for method in path.values() for answer in method["responses"].items()]
    for status, answer in answers:
        if int(status) >= 400:
            answer["content"] = {PROBLEM: answer["content"].pop(JSON)}
    return found


def _add_failures(app: FastAPI, rendering: Rendering) -> None:
    @app.exception_handler(RequestValidationError)
    def shape(request: Request, error: RequestValidationError) -> Response:
        if _is_of_people(request):
            return rendering.page("failed.html", status=422)
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return _json(400, Problem(error="not_json", message="the body is not JSON"))
        fields = tuple(FieldError(field=_printable(".".join(map(str, one["loc"]))), message=_printable(one["msg"])) for one in found[:20])
        return _json(422, Unacceptable(error="shape", message=f"{len(found)} fields are not as they must be", fields=fields))

    @app.exception_handler(HTTPException)
    def known(request: Request, error: HTTPException) -> Response:
        headers = {"Allow": _methods(app, request)} if error.status_code == 405 else dict(error.headers or {})
        if _is_of_people(request):
            page = rendering.page("not_found.html" if error.status_code == 404 else "failed.html", status=error.status_code)
            page.headers.update(headers)
            return page
        return _json(error.status_code, Problem(error=_ERRORS.get(error.status_code, "refused"), message=str(error.detail)), headers)

    @app.exception_handler(Turned)
    def turned_away(_request: Request, error: Turned) -> JSONResponse:
        return _json(error.status, error.problem, error.headers)

    @app.exception_handler(Unusable)
    def unusable(request: Request, _error: Unusable) -> Response:
        if _is_of_people(request):
            return rendering.page("away.html", status=503)
        problem = Problem(error="database", message="the city's database does not answer; nothing was stored")
        return _json(503, problem, {"Retry-After": "30"})

    @app.exception_handler(Exception)
    def unexpected(request: Request, _error: Exception) -> Response:
        if _is_of_people(request):
            return rendering.page("failed.html", status=500)
        return _json(500, Problem(error="fault", message="the city's program failed; nothing was stored"))


def _is_of_people(request: Request) -> bool:
    return not request.url.path.startswith(PROGRAMS)


def _methods(app: FastAPI, request: Request) -> str:
    """What this path takes. The framework names the methods of the first route that has it, and a path may have two."""
    here = [route for route in app.routes if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in here for method in route.methods or ()}))


def _printable(text: str) -> str:
    """What a sender wrote may hold half characters that no answer can carry."""
    return text.encode("utf-8", "replace").decode()[:200]
