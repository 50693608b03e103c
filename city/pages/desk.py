"""The desk's pages: vouchers scanned or typed into a basket, paid at once, a receipt, undoing, the till.

The basket is in the page: each form carries what was typed so far, and every answer looks at all of it anew. A scanner ends with Enter, which only ever
looks; paying is a form of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request
from starlette.responses import Response

from city import desk
from city.callers import Doors
from city.codes import make_token
from city.desk import DeskRefused
from city.pages.rendering import Fields, Rendering, away, form_of, from_elsewhere
from city.staff import Person, Role
from city.store import Store

PAYERS = frozenset({Role.DESK, Role.MANAGER})

PaymentName = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{16,64}$")]


class NotAllowed(Exception):
    """``person`` None: nobody is logged in; else their role does not do this, or the form is not theirs."""

    def __init__(self, person: Person | None) -> None:
        super().__init__("not allowed")
        self.person = person


@dataclass(frozen=True, slots=True)
class _Desk:
    """What each of the pages needs, and who may see them."""

    store: Store
    doors: Doors
    rendering: Rendering
    now: Callable[[], datetime]
    demonstration: bool

    def payer(self, request: Request) -> Person:
        person = self.doors.person(request)
        if person is None or person.role not in PAYERS:
            raise NotAllowed(person)
        return person

    def acting(self, request: Request, form: Fields) -> Person:
        """Who sent a form of their own pages. Raises NotAllowed."""
        person = self.payer(request)
        if from_elsewhere(request) or form.get("form") != [person.form]:
            raise NotAllowed(person)
        return person

    def basket(self, person: Person, typed: list[str], refused: DeskRefused | None = None) -> Response:
        with self.store.read() as connection:
            found = desk.look(connection, typed, self.now(), demonstration=self.demonstration)
            till = desk.till_of(connection, person)
        payable = bool(found) and all(one.why is None for one in found)
        shown = {"found": found, "payable": payable, "cents": sum(one.amount for one in found), "payment": make_token()}
        return self.rendering.page("desk.html", person, 200 if refused is None else 409, till=till, refused=refused, **shown)

    def receipt(self, person: Person, payment: str, refused: DeskRefused | None = None) -> Response:
        with self.store.read() as connection:
            movements = desk.movements(connection, payment)
            undone = desk.is_undone(connection, payment)
        if not movements:
            return self.rendering.page("not_found.html", person, 404)
        mine = movements[0].staff == person.name and movements[0].day == desk.day_of(self.now())
        facts: dict[str, Any] = {"movements": movements, "undone": undone, "may_undo": mine and not undone, "payment": payment}
        return self.rendering.page("receipt.html", person, 200 if refused is None else 409, refused=refused, **facts)

    def till(self, person: Person, refused: DeskRefused | None = None, off: int | None = None) -> Response:
        with self.store.read() as connection:
            till = desk.till_of(connection, person)
        status = 200 if refused is None else 409
        return self.rendering.page("till.html", person, status, till=till, refused=refused, off=off, pieces=desk.PIECES)


def add(app: FastAPI, store: Store, doors: Doors, rendering: Rendering, now: Callable[[], datetime], *, demonstration: bool) -> None:
    here = _Desk(store, doors, rendering, now, demonstration)

    @app.exception_handler(NotAllowed)
    def not_allowed(_request: Request, error: NotAllowed) -> Response:
        return away("/login") if error.person is None else rendering.page("not_allowed.html", error.person, 403)

    _add_payments(app, here)
    _add_till(app, here)


def _add_payments(app: FastAPI, here: _Desk) -> None:
    @app.get("/desk", include_in_schema=False)
    def empty_desk(person: Annotated[Person, Depends(here.payer)]) -> Response:
        return here.basket(person, [])

    @app.post("/desk", include_in_schema=False)
    def look_at(form: Fields, person: Annotated[Person, Depends(here.acting)]) -> Response:
        typed = [one for one in form.get("typed", []) if one.strip()]
        if len(typed) > desk.MOST_AT_ONCE:
            return here.basket(person, typed[: desk.MOST_AT_ONCE], DeskRefused("too_many"))
        return here.basket(person, typed)

    @app.post("/desk/payments", include_in_schema=False)
    def pay(form: Fields, person: Annotated[Person, Depends(here.acting)]) -> Response:
        payment, said = form_of(form, "payment", r"[0-9A-Za-z_-]{16,64}"), form_of(form, "cents", "[0-9]{1,8}")
        typed = form.get("typed", [])
        try:
            with here.store.write() as connection:
                made = desk.pay(connection, person, typed, payment, int(said), here.now(), demonstration=here.demonstration)
        except DeskRefused as refused:
            return here.basket(person, typed, refused)
        return away(f"/desk/payments/{made}")

    @app.get("/desk/payments/{payment}", include_in_schema=False)
    def show_receipt(payment: PaymentName, person: Annotated[Person, Depends(here.payer)]) -> Response:
        return here.receipt(person, payment)

    @app.post("/desk/payments/{payment}/undo", include_in_schema=False)
    def undo(payment: PaymentName, form: Fields, person: Annotated[Person, Depends(here.acting)]) -> Response:
        try:
            with here.store.write() as connection:
                desk.undo(connection, person, payment, form.get("reason", [""])[0], here.now())
        except DeskRefused as refused:
            return here.receipt(person, payment, refused)
        return away(f"/desk/payments/{payment}")


def _add_till(app: FastAPI, here: _Desk) -> None:
    @app.get("/desk/till", include_in_schema=False)
    def show_till(person: Annotated[Person, Depends(here.payer)]) -> Response:
        return here.till(person)

    @app.post("/desk/till/open", include_in_schema=False)
    def open_till(form: Fields, person: Annotated[Person, Depends(here.acting)]) -> Response:
        try:
            with here.store.write() as connection:
                desk.open_till(connection, person, _counted(form), here.now())
        except DeskRefused as refused:
            return here.till(person, refused)
        return away("/desk")

    @app.post("/desk/till/close", include_in_schema=False)
    def close_till(form: Fields, person: Annotated[Person, Depends(here.acting)]) -> Response:
        reason, to = (form.get(name, [""])[0] for name in ("reason", "handed_to"))
        try:
            with here.store.write() as connection:
                off = desk.close_till(connection, person, _counted(form), reason, to, here.now())
        except DeskRefused as refused:
            return here.till(person, refused)
        return here.till(person, off=off)


def _counted(form: dict[str, list[str]]) -> dict[int, int]:
    """Pieces by their value. Raises DeskRefused where something else than a number was typed."""
    counted: dict[int, int] = {}
    for piece in desk.PIECES:
        text = form.get(f"piece{piece}", [""])[0].strip() or "0"
        if not (text.isascii() and text.isdigit() and len(text) <= 5):
            raise DeskRefused("miscounted")
        counted[piece] = int(text)
    return counted
