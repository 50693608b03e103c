"""The city's HTTP door: paths, sizes and statuses. What is accepted stands in ``checks``, what is answered in ``answers``.

Nothing is kept here between two requests; ``create_app`` gets the store, the clock and whether demonstrations are welcome.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from city import views
from city.answers import Accepted, AllTotals, Conflict, Conflicts, FieldError, Gap, Kiosk, Kiosks, Problem, Rows, Unacceptable, Vouchers
from city.bodies import Bodies, Bounds
from city.messages import LARGEST, Batch, Day, Hash, KioskId
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
_STATUS = {Problem: 403, Unacceptable: 422, Conflict: 409, Gap: 409}
_ERRORS = {400: "not_json", 404: "not_found", 405: "method", 408: "too_slow", 413: "too_large", 415: "media_type"}


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(store: Store, *, accept_demonstrations: bool, now: Callable[[], datetime] = utc_now, body_s: float = BODY_S) -> FastAPI:
    """The application on this store. ``now`` is the city's own time in UTC; it orders nothing, it only tells when."""
    app = FastAPI(
        title="Consigne, the city's side",
        version="1",
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False},
        generate_unique_id_function=lambda route: route.name,
        responses=_say({503: (Problem, "The city's database does not answer; nothing was stored.")}),
    )
    app.add_middleware(Bodies, bounds=Bounds(LARGEST_BODY, body_s))
    _add_failures(app)
    _add_intake(app, store, now, accept_demonstrations)
    _add_reading(app, store)
    return app


def _say(answers: dict[int, tuple[Any, str]]) -> dict[int | str, dict[str, Any]]:
    """Statuses as FastAPI wants them. Described here: its own words for a status differ from one Python to the next."""
    return {status: {"model": model, "description": words} for status, (model, words) in answers.items()}


def _add_intake(app: FastAPI, store: Store, now: Callable[[], datetime], accept_demonstrations: bool) -> None:
    refusals = _say(
        {
            400: (Problem, "Not JSON."),
            403: (Problem, "A demonstration, and this city takes only real ledgers."),
            409: (Conflict | Gap, "The rows do not continue what is held."),
            408: (Problem, "The body did not come whole in time."),
            413: (Problem, "The body is too large."),
            415: (Problem, "The body is not application/json, or comes with a content encoding."),
            422: (Unacceptable, "Not the contract's shape, or rows that are wrong in themselves."),
        }
    )

    @app.post("/v1/kiosks/{kiosk}/rows", response_model=Accepted, responses=refusals)
    def send_rows(kiosk: KioskName, batch: Batch) -> Any:
        """Rows that continue the kiosk's ledger. The same rows again are accepted and change nothing."""
        at = now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        with store.write() as connection:
            answer = receive(connection, kiosk, batch, at, accept_demonstrations=accept_demonstrations)
        return answer if isinstance(answer, Accepted) else _json(_STATUS[type(answer)], answer)


def _add_reading(app: FastAPI, store: Store) -> None:
    wrong = _say({422: (Unacceptable, "Not a name, a number or a day.")})
    missing = _say({404: (Problem, "Not known here.")}) | wrong

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Whether the city and its database answer."""
        with store.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        return {"status": "ok"}

    @app.get("/v1/kiosks", responses=wrong)
    def kiosks(after: Annotated[KioskId | None, Query(description="Begin behind this name.")] = None, limit: Limit = views.PAGE) -> Kiosks:
        """The kiosks, how far their ledgers are held, and how many things a person must look at."""
        with store.read() as connection:
            return views.kiosks(connection, after, limit)

    @app.get("/v1/totals", responses=wrong)
    def totals(after: Annotated[Day | None, Query(description="Begin behind this day.")] = None, limit: Limit = views.PAGE) -> AllTotals:
        """What all ledgers add up to."""
        with store.read() as connection:
            return views.totals(connection, after, limit)

    @app.get("/v1/kiosks/{kiosk}", responses=missing)
    def kiosk(kiosk: KioskName) -> Kiosk:
        """One kiosk: its ledgers, totals, conflicts and differences."""
        with store.read() as connection:
            return _found(views.kiosk(connection, kiosk), "kiosk")

    @app.get("/v1/kiosks/{kiosk}/conflicts", responses=missing)
    def conflicts(
        kiosk: KioskName,
        after: Annotated[int, Query(ge=0, le=LARGEST_ID, description="Begin behind this one, as `next` named it.")] = 0,
        limit: Limit = views.PAGE,
    ) -> Conflicts:
        """What a kiosk sent that could not be stored, because something else stands in its place."""
        with store.read() as connection:
            return _found(views.conflicts(connection, kiosk, after, limit), "kiosk")

    @app.get("/v1/kiosks/{kiosk}/vouchers", responses=missing)
    def vouchers(
        kiosk: KioskName,
        after: Annotated[str | None, Query(pattern=views.PLACE, description="Begin behind this one, as `next` named it.")] = None,
        limit: Limit = views.PAGE,
    ) -> Vouchers:
        """The vouchers that a kiosk's rows issued."""
        with store.read() as connection:
            return _found(views.vouchers(connection, kiosk, after, limit), "kiosk")

    # as they came: what a row does not say is not in what its hash was made of
    @app.get("/v1/kiosks/{kiosk}/rows", responses=missing, response_model_exclude_unset=True)
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


def _json(status: int, answer: BaseModel, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(answer.model_dump(), status, headers)


def _add_failures(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    def shape(_request: Request, error: RequestValidationError) -> JSONResponse:
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return _json(400, Problem(error="not_json", message="the body is not JSON"))
        fields = tuple(FieldError(field=_printable(".".join(map(str, one["loc"]))), message=_printable(one["msg"])) for one in found[:20])
        return _json(422, Unacceptable(error="shape", message=f"{len(found)} fields are not as they must be", fields=fields))

    @app.exception_handler(HTTPException)
    def known(request: Request, error: HTTPException) -> JSONResponse:
        headers = {"Allow": _methods(app, request)} if error.status_code == 405 else dict(error.headers or {})
        return _json(error.status_code, Problem(error=_ERRORS.get(error.status_code, "refused"), message=str(error.detail)), headers)

    @app.exception_handler(Unusable)
    def unusable(_request: Request, _error: Unusable) -> JSONResponse:
        problem = Problem(error="database", message="the city's database does not answer; nothing was stored")
        return _json(503, problem, {"Retry-After": "30"})

    @app.exception_handler(Exception)
    def unexpected(_request: Request, _error: Exception) -> JSONResponse:
        return _json(500, Problem(error="fault", message="the city's program failed; nothing was stored"))


def _methods(app: FastAPI, request: Request) -> str:
    """What this path takes. The framework names the methods of the first route that has it, and a path may have two."""
    here = [route for route in app.routes if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in here for method in route.methods or ()}))


def _printable(text: str) -> str:
    """What a sender wrote may hold half characters that no answer can carry."""
    return text.encode("utf-8", "replace").decode()[:200]
