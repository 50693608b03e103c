"""Logging in and out."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Request
from starlette.responses import Response

from city import staff
from city.callers import COOKIE, Doors
from city.pages.desk import PAYERS
from city.pages.rendering import Fields, Rendering, away, from_elsewhere
from city.staff import LogInRefused
from city.store import Store

HOME = "/"


def add(app: FastAPI, store: Store, doors: Doors, rendering: Rendering, now: Callable[[], datetime]) -> None:
    @app.get("/", include_in_schema=False)
    def home(request: Request) -> Response:
        person = doors.person(request)
        if person is None:
            return away("/login")
        return away("/desk") if person.role in PAYERS else rendering.page("home.html", person)

    @app.get("/login", include_in_schema=False)
    def log_in_page(request: Request) -> Response:
        return away(HOME) if doors.person(request) is not None else rendering.page("log_in.html", name="", refused=None)

    @app.post("/login", include_in_schema=False)
    def log_in(request: Request, form: Fields) -> Response:
        name, password = (form.get(field, [""])[0].strip() for field in ("name", "password"))
        if from_elsewhere(request):
            return rendering.page("log_in.html", status=403, name=name, refused="elsewhere")
        try:
            person = staff.log_in(store, name, password, now)
        except LogInRefused as refused:
            return rendering.page("log_in.html", status=403, name=name, refused="locked" if refused.locked else "wrong")
        answer = away(HOME)
        answer.set_cookie(COOKIE, person.token, httponly=True, samesite="strict", secure=request.url.scheme == "https")
        return answer

    @app.post("/logout", include_in_schema=False)
    def log_out(request: Request, form: Fields) -> Response:
        person = doors.person(request)
        if person is not None and form.get("form") == [person.form]:
            with store.write() as connection:
                staff.log_out(connection, person, now())
        answer = away("/login")
        answer.delete_cookie(COOKIE)
        return answer
