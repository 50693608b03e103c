"""A page from its template, with the headers that every page has; a form's fields from its body."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from city.callers import Body
from city.desk import PARIS
from city.staff import Person
from city.vouchers import grouped

HERE = Path(__file__).parent
STATIC = HERE / "static"

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}

MOST_FIELDS = 200


class Rendering:
    """``demonstration``: each page says so."""

    def __init__(self, *, demonstration: bool) -> None:
        loader = FileSystemLoader(HERE / "templates")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._templates.globals["demonstration"] = demonstration
        self._templates.filters |= {"cents": cents, "grouped": grouped, "paris": paris, "day": day}

    def page(self, template: str, person: Person | None = None, status: int = 200, **values: Any) -> HTMLResponse:
        text = self._templates.get_template(template).render(person=person, status=status, **values)
        return HTMLResponse(text, status, HEADERS)


def cents(value: int) -> str:
    """An amount as it is written in French; the blank does not break."""
    return f"{'−' if value < 0 else ''}{abs(value) // 100},{abs(value) % 100:02d}\u00a0€"


def paris(at: str) -> str:
    """A moment of the database's, in Paris."""
    return datetime.fromisoformat(at).astimezone(PARIS).strftime("%d/%m/%Y %H:%M")


def day(iso: str) -> str:
    """A day as it is written in French, and read in English and Arabic: 24/11/2026."""
    year, month, date = iso.split("-")
    return f"{date}/{month}/{year}"


def form_of(form: dict[str, list[str]], name: str, shape: str) -> str:
    """A field that the page itself wrote. Raises HTTPException 422 where it is not as it was written."""
    value = form.get(name, [""])[0]
    if not re.fullmatch(shape, value):
        raise HTTPException(422, f"the field {name} is not as the page wrote it")
    return value


def away(path: str) -> RedirectResponse:
    """What a form that was sent is answered with, so that the page that follows may be loaded again."""
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


def fields(body: Body) -> dict[str, list[str]]:
    """A form's fields; whatever is no form has none."""
    found: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"):
            found.setdefault(name, []).append(value)
    except ValueError:
        return {}
    return found


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site sent the form."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


Fields = Annotated[dict[str, list[str]], Depends(fields)]
