"""The public page that a voucher's QR opens: whether it is authentic, its sum, its state, until when, where and when it was issued. Nobody logs in, and
nothing is paid here.

What the QR says stands behind ``#``, which no browser sends: a small script puts it into the form, which asks. Where the database is away the signature
alone is told, with the keys that this server has seen last. Nothing of who asks is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from city import desk
from city.desk import Found, Why
from city.pages.rendering import Fields, Rendering
from city.pages.words import LANGUAGES, NAMES, WORDS, spoken
from city.store import Store, Unusable
from city.vouchers import Claim, claim_in, code_in

FRESH = timedelta(minutes=10)

GOOD = frozenset({"payable_city", "payable_kiosk", "signed", "signed_alone"})


@dataclass(frozen=True, slots=True)
class Told:
    """``state`` is a key of the words; ``found`` what there is to say of the voucher, None where that is nothing."""

    state: str
    found: Found | None


class Keys:
    """The public keys of the ledgers, by kiosk, as they were seen when the database last answered."""

    def __init__(self) -> None:
        self._known: dict[str, frozenset[str]] = {}
        self._read: datetime | None = None

    def read(self, connection: Connection, now: datetime) -> None:
        """Looks again where the last look is older than ``FRESH``: there are thousands, and a page is asked for often."""
        if self._read is None or now - self._read > FRESH:
            self._known, self._read = desk.keys_of(connection), now

    def sign(self, claim: Claim) -> bool:
        return any(claim.signed_by(key) for key in self._known.get(claim.kiosk, frozenset()))


def add(app: FastAPI, store: Store, rendering: Rendering, now: Callable[[], datetime], *, demonstration: bool) -> None:
    keys = Keys()

    def page(request: Request, lang: str, told: Told | None, typed: str = "") -> Response:
        language = spoken(lang, request.headers.get("accept-language", ""))
        words = {key: said[language] for key, said in WORDS.items()}
        shown: dict[str, Any] = {"lang": language, "words": words, "languages": [(one, NAMES[one]) for one in LANGUAGES]}
        good = told is not None and told.state in GOOD
        return rendering.page("voucher.html", told=told, good=good, typed=typed, **shown)

    @app.get("/bon", include_in_schema=False)
    def show(request: Request, lang: Annotated[str, Query(max_length=10)] = "") -> Response:
        return page(request, lang, None)

    @app.post("/bon", include_in_schema=False)
    def ask(request: Request, form: Fields, lang: Annotated[str, Query(max_length=10)] = "") -> Response:
        typed = form.get("typed", [""])[0]
        try:
            with store.read() as connection:
                keys.read(connection, now())
                (found,) = desk.look(connection, [typed], now(), demonstration=demonstration)
            told = _told(found, desk.day_of(now()))
        except Unusable:
            told = _by_signature(typed, keys, desk.day_of(now()), demonstration=demonstration)
        return page(request, lang, told, typed if told.state == "mistyped" and "#" not in typed else "")


def _told(found: Found, day: str) -> Told:
    match found.why:
        case Why.MISTYPED | Why.FORGED | Why.DEMONSTRATION:
            return Told(str(found.why), None)
        case Why.NOT_RECEIVED if not found.amount:
            return Told("not_received", None)
        case Why.PAID:
            return Told("paid", found)
        case _ if found.valid_until < day:
            return Told("expired", found)
        case None if found.received:
            return Told("payable_city", found)
        case Why.KIOSK_PAYS:
            return Told("payable_kiosk", found)
        case _:
            return Told("signed", found)


def _by_signature(typed: str, keys: Keys, day: str, *, demonstration: bool) -> Told:
    """While nothing can be asked of the database."""
    claim = claim_in(typed)
    if claim is None:
        return Told("mistyped" if "#" in typed or code_in(typed) is None else "away", None)
    if not keys.sign(claim):
        # the key may be one that this server has not seen yet
        return Told("away", None)
    if claim.demonstration != demonstration:
        return Told("demonstration", None)
    found = Found(typed, None, claim.code, claim.kiosk, claim.amount, claim.issued, claim.valid_until, received=False)
    return Told("expired" if claim.valid_until < day else "signed_alone", found)
