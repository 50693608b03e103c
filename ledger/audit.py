"""An auditor's own check of a kiosk's ledger: one file, to be read in half an hour, that shares nothing with the program that wrote the ledger.

    python audit.py ledger.db public.pem [--anchor ROW HASH]

Python 3.11 or newer and the package ``cryptography``; copy this file and the ledger anywhere. ``public.pem`` is the kiosk's public key as the auditor was given
it (``openssl pkey -in ledger.key -pubout`` makes it), an anchor a row and its hash that somebody kept elsewhere. It prints what is wrong, row by row, and
ends with 0 where nothing is, 1 where something is, 2 where the ledger cannot be read. It only reads.

What a ledger is: a table of entries that nobody may change, each naming the hash of the one before, and the cents that each moves from one account to
another. Bottles fall, are credited (``expenses:rewards``), become vouchers or gifts at the end of a visit, and vouchers are paid by the desk.
What this cannot see: rows cut off at the end, or written anew to the end by somebody who has the key, unless an anchor lies behind them; whether a bottle
was one; what was paid and never written down.
"""

import argparse
import base64
import hashlib
import json
import re
import sqlite3
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PARIS = ZoneInfo("Europe/Paris")
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LARGEST = 2**53 - 1
DAY_S = 24 * 3600

# 1. What the file must be made of: SHA-256 over its tables, indexes and triggers as SQLite lists them, for each revision of the program's schema.

SCHEMAS = {
    "0001": "7a2b396fc5840ffe21a2500da034a664237a588f267b57fe30e85ff0949e276d",
    "0002": "d8e9aa035d4a2d1e7f1757523a2f2c6aef0fb7e1b23d83e8666066c99304de62",
    "0003": "d8e9aa035d4a2d1e7f1757523a2f2c6aef0fb7e1b23d83e8666066c99304de62",
}
DESK = {"paid", "grant", "claimed", "printed", "emptied", "weighed", "closure", "correction"}  # the first revision has no guard for these

# 2. What an entry of each kind holds. Fields: T text, W whole number, F true or false, O object, N may be null; behind "?" what it may have or not.
#    Whose visit it names: the one that is open, the open one or none (any), one that has ended, none. Accounts: taken from the second, put on the first.

REWARDS, VISITS, VOUCHERS = "expenses:rewards", "liabilities:visits", "liabilities:vouchers"
GIFTS, TILL = "liabilities:gifts", "assets:desk"
ACCOUNTS = {REWARDS, VISITS, VOUCHERS, GIFTS, TILL}

KINDS = {
    "generation": (
        "generation",
        "none",
        "form:W by:T why:T kiosk:T controller_id:T totaliser:W public_key:T demonstration:F previous:ON ?clock_was_wrong:T",
    ),
    "visit": ("{visit}", "open", "number:T day:T allowed:W ?desk:T"),
    "intent": ("sort:{sequence}", "open", "sequence:W gtin:TN material:T amount:W bin:W weight_g:W policy:T"),
    "credit": ("sort:{sequence}", "open", "sequence:W from:W totaliser:W amount:W material:T day:T"),
    "cancelled": ("sort:{sequence}", "open", "sequence:W"),
    "uncounted": ("sort:{sequence}", "open", "sequence:W"),
    "step": ("totaliser:{totaliser}", "any", "from:W totaliser:W"),
    "voucher": ("{code}", "open", "code:T amount:W issued:T valid_until:T cause:T payer:T signature:T"),
    "gift": ("{visit}", "open", "amount:W day:T ?association:T ?name:T"),
    "closed": ("{visit}", "open", ""),
    "shown": (None, "ended", ""),
    "elapsed": ("clock", "none", ""),
    "paid": ("{code}", "none", "code:T amount:W day:T agent:T ?second:T ?why:T"),
    "grant": ("{bottle}", "open", "bottle:T amount:W day:T agent:T why:T ?second:T"),
    "claimed": ("{code}:{n}", "none", "code:T n:W by_number:F asked:T fitted:F agent:T ?second:T ?why:T"),
    "printed": ("{code}:{copy}", "none", "code:T copy:W ?agent:T"),
    "emptied": (
        "bin:{bin}:{n}",
        "none",
        "bin:W n:W counts:O grams:W seal:T destination:T carrier:T door_seen:F agent:T ?second:T ?why:T",
    ),
    "weighed": ("bin:{bin}:{n}", "none", "bin:W n:W grams:W agent:T ?second:T"),
    "closure": ("closure:{n}", "none", "n:W day:T first:W last:W head:T totals:O perpetual:O signature:T ?log:T ?agent:T"),
    "correction": ("row:{row}", "none", "row:W debit:T credit:T amount:W why:T agent:T second:T"),
}
MOVES = {
    "credit": (REWARDS, VISITS),
    "grant": (REWARDS, VISITS),
    "voucher": (VISITS, VOUCHERS),
    "gift": (VISITS, GIFTS),
    "paid": (VOUCHERS, TILL),
}
TYPES = {"T": str, "W": int, "F": bool, "O": dict, "N": type(None)}
FIELDS = {
    kind: {
        name.lstrip("?"): (not name.startswith("?"), {TYPES[letter] for letter in types})
        for name, types in (it.split(":") for it in fields.split())
    }
    for kind, (_, _, fields) in KINDS.items()
}

ENTRIES = """SELECT entry.row, kind, subject, visit, occurred, booked, trusted, body, prev, hash, account, cents
FROM (SELECT * FROM entry NOT INDEXED ORDER BY row) AS entry LEFT JOIN posting ON posting.row = entry.row ORDER BY entry.row, posting.rowid"""


class Wrong(Exception):
    """An entry that cannot be read as what its kind is."""


def no_float(text: str) -> None:
    raise Wrong(f"the number {text}")


# canonical JSON: keys sorted, no blanks, nothing outside ASCII escaped, whole numbers alone and none beyond LARGEST
text_of = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
value_of = json.JSONDecoder(parse_float=no_float, parse_constant=no_float).decode
LONG = re.compile(r'[^"0-9A-Za-z](\d{16,})')


@lru_cache(maxsize=64)
def paris(hour: str) -> date:
    """The date in Paris at an hour in UTC, as a time begins: 2026-11-24T08."""
    return datetime.fromisoformat(f"{hour}:00+00:00").astimezone(PARIS).date()


def is_signed(key: bytes, signature: str, text: str) -> bool:
    """Ed25519 over the text; the signature in base64url, written in the one way in which it can be."""
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        Ed25519PublicKey.from_public_bytes(key).verify(raw, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") == signature


def is_code(code: str) -> bool:
    """16 random letters and one that makes the sum of alpha^i times letter i zero, over GF(32) with x^5 + x^2 + 1."""
    if len(code) != 17 or not set(code) <= set(LETTERS):
        return False
    check = 0
    for letter in code[:16]:
        check ^= LETTERS.index(letter)
        check = (check ^ 0b100101) >> 1 if check & 1 else check >> 1
    return LETTERS[check] == code[16]


def accounts_of(moved: "Counter[tuple[str, str]]") -> dict[str, Any]:
    return {name: {side: moved[name, side] for side in ("debit", "credit")} for name in sorted({name for name, _ in moved})}


class Audit:
    """Walks through the entries from the first to the last and remembers what must hold between them. ``found`` is what is wrong."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.found: list[tuple[int | None, str]] = []
        self.row, self.hash = 0, "0" * 64
        self.first: dict[str, Any] = {}  # the body of the first entry, its hash, and what it says of the ledger before
        self.generation = ""
        self.previous: dict[str, Any] = {}
        self.totaliser: Any = None
        self.intent: dict[str, Any] | None = None  # the one that is open, and the newest
        self.newest: dict[str, Any] = {}
        self.sequence = 0
        self.visit: dict[str, Any] | None = None
        self.named: str | None = None  # the visit that the entry itself names
        self.desk: tuple[str, str] | None = None  # a visit of the desk's that is not whole yet: its name, its agent
        self.bottles = self.owed = self.grants = 0
        self.unshown: tuple[str, str | None] | None = None
        self.day: Any = None  # (day, assumed, seconds of it, boot, seconds since boot); boot None where a clock knows the day
        self.began = date.min
        self.open: dict[str, dict[str, Any]] = {}  # vouchers
        self.copies: dict[tuple[str, str], int] = {}
        self.lost: dict[str, int] = {}  # bottles that nobody counted
        self.fell: list[range] = []
        self.visits: set[str] = set()
        self.granted: set[str] = set()
        self.bins: dict[int, list[Any]] = {}  # number of the next emptying, bottles by material, grams
        self.unweighed: set[str] = set()
        self.runs: list[dict[str, Any]] = []  # days that are not closed
        self.closures = 0
        self.perpetual: tuple[Counter[str], Counter[tuple[str, str]]] = (Counter(), Counter())
        self.corrected: set[int] = set()

    def wrong(self, what: str, row: int | None = None) -> None:
        self.found.append((self.row if row is None else row, what))

    def must(self, holds: object, what: str) -> None:
        if not holds:
            self.wrong(what)

    # one entry

    def look(self, line: tuple[Any, ...], postings: list[tuple[str, int]]) -> None:
        row, kind, subject, visit, occurred, booked, trusted, text, prev, hash_ = line
        self.must(row == self.row + 1, f"row {row} comes after row {self.row}")
        self.row = row
        self.must(prev == self.hash, "it does not name the hash of the entry before")
        self.hash, self.named = hash_, visit
        try:
            body = self.read(line)
            # what is hashed: a JSON object with its keys in order, of which "body" is the first
            rest = {
                "booked": booked,
                "form": 1,
                "kind": kind,
                "occurred": occurred,
                "postings": [{"account": a, "cents": c} for a, c in postings],
            }
            rest |= {"prev": prev, "row": row, "subject": subject, "trusted": bool(trusted), "visit": visit}
            hashed = f'{{"body":{text},{text_of(rest)[1:]}'
            self.must(hashlib.sha256(hashed.encode()).hexdigest() == hash_, "its hash is not that of its content")
            self.must((row == 1) == (kind == "generation") and (row > 1 or body["form"] == 1), "the first entry alone begins a ledger")
            made = KINDS[kind][0]
            self.must(made is None or subject == made.format_map({**body, "visit": visit}), "its subject is another than its content makes")
            self.moves(kind, body, postings)
            self.dates(kind, body, booked, bool(trusted))
            self.days(kind, body, postings)
            if kind in {"credit", "step", "generation"}:
                self.counts(kind, body)
            self.intents(kind, subject, visit, body)
            self.in_visit(kind, subject, visit, body)
            self.by_hand(kind, visit, body)
            if (check := getattr(self, f"{kind}_", None)) is not None:
                check(body)
            self.agents(kind, body)
            if kind == "closure":
                self.closes(body, bool(trusted))
        except (Wrong, KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
            self.wrong(f"it cannot be read: {error}")

    def read(self, line: tuple[Any, ...]) -> dict[str, Any]:
        """The body, of the fields that its kind has and no others."""
        _, kind, subject, visit, occurred, booked, trusted, text, prev, hash_ = line
        types = {type(value) for value in (kind, subject, occurred, booked, text, prev, hash_)}
        if types != {str} or not isinstance(visit, str | None) or trusted not in {0, 1} or kind not in KINDS:
            raise Wrong("a value is of another type, or its kind is unknown")
        body: dict[str, Any] = value_of(text)
        if text_of(body) != text or any(int(digits) > LARGEST for digits in LONG.findall(text)):
            raise Wrong("it is not canonical JSON")
        fields = FIELDS[kind]
        for name, (needed, _) in fields.items():
            if needed and name not in body:
                raise Wrong(f"{name} is missing")
        for name, value in body.items():
            types = fields[name][1] if name in fields else {dict} if name == "reckoned" else set()
            if type(value) not in types:
                raise Wrong(f"{name} is not among its fields, or of another type")
        return body

    def moves(self, kind: str, body: dict[str, Any], postings: list[tuple[str, int]]) -> None:
        debit, credit = (body["debit"], body["credit"]) if kind == "correction" else MOVES.get(kind, (None, None))
        expected = [] if debit is None else [(debit, body["amount"]), (credit, -body["amount"])]
        self.must(postings == expected, "it moves other sums than its kind does")

    # days: where the date is not known it is counted by the time that the machine ran; the count stands in the row as "reckoned"

    def dates(self, kind: str, body: dict[str, Any], booked: str, trusted: bool) -> None:
        datetime.fromisoformat(booked)  # a time at all
        at = paris(booked[:13])
        counted = None
        if (reckoned := body.get("reckoned")) is not None:
            if {name: type(value) for name, value in reckoned.items()} != {
                "day": str,
                "assumed": bool,
                "spent_s": int,
                "boot": str,
                "up_s": int,
            }:
                raise Wrong(f"the count of the day is {reckoned}")
            counted = date.fromisoformat(reckoned["day"]), *(reckoned[name] for name in ("assumed", "spent_s", "boot", "up_s"))
        if self.day is None:
            before = (body.get("previous") or {}).get("day")
            self.day = counted or (at if trusted or before is None else date.fromisoformat(before), not trusted, 0, None, 0)
            return
        if counted is not None:
            self.must(counted == self.reckon(at, trusted, counted), "the count of its day does not go on from the row before")
        self.day = counted or ((at, False, 0, None, 0) if trusted else self.day)
        if kind == "visit":
            self.began = self.day[0]
        if kind in {"visit", "credit", "gift", "paid", "grant"}:
            day = max(self.day[0], self.began) if kind == "credit" else self.day[0]
            self.must(body["day"] == day.isoformat(), f"it names the day {body['day']}, its row is of {day}")

    def reckon(self, at: date, trusted: bool, counted: Any) -> Any:
        day, assumed, spent, boot, up = self.day
        if trusted and at >= day:
            return at, False, 0, None, 0
        now_boot, now_up = counted[3:]
        passed = 0 if boot is None else max(0, now_up - up) if now_boot == boot else now_up
        days, rest = divmod(spent + passed, DAY_S)
        if not days:
            return day, assumed, spent + passed, now_boot, now_up
        return (at, False, 0, None, 0) if trusted else (day + timedelta(days), True, rest, now_boot, now_up)

    # bottles: each step of the totaliser is booked once; an intent is durable before a bottle falls, and ends once

    def counts(self, kind: str, body: dict[str, Any]) -> None:
        if kind != "generation":
            steps = body["totaliser"] - body["from"]
            self.must(body["from"] == self.totaliser, f"it counts on from {body['from']}, the totaliser stood at {self.totaliser}")
            self.must(steps == 1 or (kind == "step" and steps > 1), f"it books {steps} steps")
        self.totaliser = body["totaliser"]

    def intents(self, kind: str, subject: str, visit: str, body: dict[str, Any]) -> None:
        if kind == "intent":
            self.must(
                self.intent is None and body["sequence"] > self.sequence, "an intent while one is open, or its sequence does not rise"
            )
            self.intent, self.sequence = {**body, "visit": visit}, max(self.sequence, body["sequence"])
            self.newest = body
        elif kind in {"credit", "cancelled", "uncounted"}:
            intent, self.intent = self.intent, None
            if intent is None or (f"sort:{intent['sequence']}", intent["visit"]) != (subject, visit):
                self.wrong("it ends no intent that is open")
            elif kind == "credit":
                same = all(body[name] == intent[name] for name in ("amount", "material"))
                self.must(same, "it credits another sum or material than was intended")
            if kind == "uncounted":
                self.lost[f"{subject}@{self.generation[:8]}"] = self.newest.get("amount", 0)
            if kind != "cancelled" and self.newest:
                bin_ = self.bins.setdefault(self.newest["bin"], [1, Counter(), 0])
                bin_[1][self.newest["material"]] += 1
                bin_[2] += self.newest["weight_g"]

    # visits: one at a time, and its end moves exactly what was credited in it

    def in_visit(self, kind: str, subject: str, visit: str | None, body: dict[str, Any]) -> None:
        name = None if self.visit is None else self.visit["name"]
        if kind == "visit":
            self.must(self.visit is None and visit == f"{body['day']}/{body['number']}", "a visit while one is open, or under another name")
            self.visit, self.bottles, self.owed, self.unshown = {**body, "name": visit, "intent": False}, 0, 0, None
            return
        whose = KINDS[kind][1]
        fits = {
            "none": visit is None,
            "open": visit is not None and visit == name,
            "any": visit in {None, name},
            "ended": visit not in {None, name},
        }
        if not fits[whose]:
            self.wrong(f"it names the visit {visit}, open is {name}")
        elif kind == "shown":
            self.must(self.unshown == (subject, visit), "it waits for no page, was shown before, or after the next visit began")
            self.unshown = None
        elif self.visit is not None and visit is not None:
            self.visit["intent"] = kind == "intent" or (self.visit["intent"] and kind not in {"credit", "cancelled", "uncounted"})
            if kind in {"credit", "grant"}:
                self.owed += body["amount"]
            if kind == "credit":
                self.bottles += 1
                self.must(self.bottles <= self.visit["allowed"] or not body["amount"], "money for a bottle beyond those allowed")
            if kind in {"voucher", "gift", "closed"}:
                self.must(not self.visit["intent"], "the visit ends while an intent is open")
                self.must(body.get("amount", 0) == self.owed and (kind == "closed" or self.owed), f"{self.owed} cents were credited in it")
                waits = kind == "voucher" and body["cause"] != "granted"  # for its page to be closed
                self.visit, self.unshown = None, (subject, visit) if waits else None

    # credited by hand: a visit of the desk's holds its agent's grants and then their voucher, nothing else

    def by_hand(self, kind: str, visit: str, body: dict[str, Any]) -> None:
        desk = self.desk
        if desk is None:
            self.must(kind != "grant" and body.get("cause") != "granted", "credited by hand outside a visit of the desk's")
        elif kind == "grant":
            self.must((visit, body["agent"]) == desk, "credited in another's visit")
            self.grants += 1
        else:
            self.desk = None
            self.must(
                (kind, visit, body.get("cause")) == ("voucher", desk[0], "granted") and self.grants,
                "a visit of the desk's that is not whole",
            )
        if kind == "visit" and "desk" in body:
            self.desk, self.grants = (visit, body["desk"]), 0
        elif kind == "visit":
            self.visits.add(visit)

    def step_(self, body: dict[str, Any]) -> None:
        if self.named is not None:
            self.fell.append(range(body["from"] + 1, body["totaliser"] + 1))

    def grant_(self, body: dict[str, Any]) -> None:
        bottle = body["bottle"]
        waits: object
        kind, _, name = bottle.partition(":")
        if kind == "visit":
            of, _, n = name.rpartition(":")
            waits = of in self.visits and re.fullmatch("[1-9][0-9]*", n)
        elif kind == "totaliser":
            waits = re.fullmatch("0|[1-9][0-9]*", name) and any(int(name) in fell for fell in self.fell)
        else:
            waits = self.lost.get(bottle) == body["amount"]
        self.must(waits and bottle not in self.granted and body["amount"] > 0, "no such bottle waits, or it was credited before")
        self.granted.add(bottle)

    # vouchers: signed with the kiosk's key, paid once, in time

    def generation_(self, body: dict[str, Any]) -> None:
        self.first, self.generation, self.previous = body, self.hash, body["previous"] or {}
        self.must(bytes.fromhex(body["public_key"]) == self.key, "the ledger names another public key than the one given")
        self.open = {it["code"]: it for it in self.previous.get("vouchers", ())}
        self.lost = {it["bottle"]: it["amount"] for it in self.previous.get("uncounted", ())}
        for bin_, stood in self.previous.get("bins", {}).items():
            self.bins[int(bin_)] = [stood["n"], Counter(stood["counts"]), stood["grams"]]
        self.unweighed = set(self.previous.get("unweighed", ()))
        self.closures = self.previous.get("closures", 0)
        carried = self.previous.get("perpetual", {"bottles": {}, "accounts": {}})
        moved = {(name, side): cents for name, both in carried["accounts"].items() for side, cents in both.items()}
        self.perpetual = Counter(carried["bottles"]), Counter(moved)

    def voucher_(self, body: dict[str, Any]) -> None:
        self.open[body["code"]] = {name: body[name] for name in ("amount", "valid_until", "payer")}
        days = [date.fromisoformat(body[name]).isoformat() == body[name] for name in ("issued", "valid_until")]
        signed: tuple[str, ...] = ("consigne voucher 1", f"kiosk={self.first['kiosk']}", f"code={body['code']}", f"amount={body['amount']}")
        signed += (f"issued={body['issued']}", f"valid_until={body['valid_until']}")
        signed += (f"demonstration={'yes' if self.first['demonstration'] else 'no'}",)
        self.must(is_code(body["code"]), "its code has a wrong letter")
        self.must(all(days) and is_signed(self.key, body["signature"], "\n".join(signed)), "it is not signed with the key of this ledger")

    def paid_(self, body: dict[str, Any]) -> None:
        claim = self.open.pop(body["code"], None)
        if (
            claim is None
            or claim["amount"] != body["amount"]
            or body["day"] > claim["valid_until"]
            or claim.get("payer", "kiosk") != "kiosk"
        ):
            self.wrong("it pays no voucher that is open: unknown, paid before, of another sum, past its day, or the city's")
        elif claim.get("doubtful"):
            self.must("second" in body and "why" in body, "a doubtful voucher is paid by two agents with a reason")

    def claimed_(self, body: dict[str, Any]) -> None:
        self.handed("claimed", body["code"], body["n"])

    def printed_(self, body: dict[str, Any]) -> None:
        self.handed("printed", body["code"], body["copy"])

    def handed(self, kind: str, code: str, number: int) -> None:
        before = self.copies.get((kind, code), 0)
        listed = {it["code"] for it in self.previous.get("vouchers", ())} if number == 2 and not before and kind == "printed" else set()
        self.must(code in self.open and (number == before + 1 or code in listed), "of a voucher that is not open, or out of order")
        self.copies[kind, code] = number

    # bins and days

    def emptied_(self, body: dict[str, Any]) -> None:
        n, counts, grams = self.bins.get(body["bin"], [1, Counter(), 0])
        self.must(
            (n, +counts, grams) == (body["n"], +Counter(body["counts"]), body["grams"]),
            "it counts other than what fell, or is out of order",
        )
        self.bins[body["bin"]] = [body["n"] + 1, Counter(), 0]
        self.unweighed.add(f"bin:{body['bin']}:{body['n']}")

    def weighed_(self, body: dict[str, Any]) -> None:
        emptying = f"bin:{body['bin']}:{body['n']}"
        self.must(emptying in self.unweighed, "it weighs no emptying that waits for it")
        self.unweighed.discard(emptying)

    def days(self, kind: str, body: dict[str, Any], postings: list[tuple[str, int]]) -> None:
        """Adds the entry to its day. Runs before ``intents``: the intent that it ends is still the open one."""
        if not self.runs or self.runs[-1]["day"] != self.day[0]:
            self.runs.append({"day": self.day[0], "first": self.row, "bottles": Counter(), "bins": {}, "moved": Counter()})
        run = self.runs[-1]
        run["last"], run["head"] = self.row, self.hash
        for account, cents in postings:
            run["moved"][account, "debit" if cents > 0 else "credit"] += abs(cents)
        if kind == "credit":
            run["bottles"][body["material"]] += 1
        if kind in {"credit", "uncounted"} and self.intent is not None:
            bin_ = run["bins"].setdefault(str(self.intent["bin"]), {"bottles": 0, "grams": 0})
            bin_["bottles"] += 1
            bin_["grams"] += self.intent["weight_g"]

    def closes(self, body: dict[str, Any], trusted: bool) -> None:
        run = self.runs.pop(0)
        bottles, moved = self.perpetual
        bottles.update(run["bottles"])
        moved.update(run["moved"])
        self.closures += 1
        expected = {
            "n": self.closures,
            "day": run["day"].isoformat(),
            **{name: run[name] for name in ("first", "last", "head")},
            "totals": {"bottles": dict(run["bottles"]), "bins": run["bins"], "accounts": accounts_of(run["moved"])},
            "perpetual": {"bottles": dict(bottles), "accounts": accounts_of(moved)},
        }
        same = all(body[name] == value for name, value in expected.items())
        self.must(same and trusted, "it is not the whole next day, or adds up other than its rows, or its clock was not trusted")
        told = text_of({name: value for name, value in body.items() if name not in {"signature", "reckoned"}})
        text = f"consigne closure 1\nkiosk={self.first['kiosk']}\ngeneration={self.generation}\n{told}"
        self.must(is_signed(self.key, body["signature"], text), "the closure is not signed with the key of this ledger")

    def correction_(self, body: dict[str, Any]) -> None:
        accounts = {body["debit"], body["credit"]}
        sound = 0 < body["row"] < self.row and body["row"] not in self.corrected and body["amount"] > 0
        self.must(sound and len(accounts) > 1 and accounts <= ACCOUNTS, "it corrects no row, or moves nothing between two accounts")
        self.corrected.add(body["row"])

    def agents(self, kind: str, body: dict[str, Any]) -> None:
        second = body.get("second")
        needed = kind == "correction" or (kind == "claimed" and not body["by_number"])
        self.must(second != body.get("agent") if second is not None else not needed, "it needs a second agent, another one")

    # the file

    def walk(self, database: sqlite3.Connection) -> None:
        line: tuple[Any, ...] | None = None
        postings: list[tuple[str, int]] = []
        for *columns, account, cents in database.execute(ENTRIES):
            if line is None or columns[0] != line[0]:
                if line is not None:
                    self.look(line, postings)
                line, postings = tuple(columns), []
            if account is not None:
                postings.append((account, cents))
        if line is None:
            self.wrong("the ledger holds no entry")
        else:
            self.look(line, postings)

    def file(self, database: sqlite3.Connection) -> None:
        for (row,) in database.execute("SELECT row FROM posting WHERE row NOT IN (SELECT row FROM entry)"):
            self.wrong("a posting without its entry", row)
        query = """SELECT row FROM entry AS begun WHERE kind = 'visit' AND body LIKE '%"desk":%'
            AND NOT EXISTS (SELECT 1 FROM entry WHERE visit = begun.visit AND kind = 'voucher')"""
        for (row,) in database.execute(query):
            self.wrong("a visit of the desk's that is not whole", row)
        revisions = [str(name) for (name,) in database.execute("SELECT version_num FROM alembic_version")]
        parts = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        if [hashlib.sha256(text_of(parts).encode()).hexdigest()] != [SCHEMAS.get(revision) for revision in revisions]:
            self.wrong(f"its tables, indexes and triggers are not those of its revision ({', '.join(revisions) or 'none'})", 0)
        kinds = {kind for (kind,) in database.execute("SELECT DISTINCT kind FROM entry")}
        if revisions == ["0001"] and kinds & DESK:
            self.wrong("it holds entries that a file of its revision does not guard", 0)
        for (told,) in database.execute("PRAGMA integrity_check"):
            if told != "ok":
                self.wrong(f"SQLite finds the file damaged: {told}", 0)


def audit(path: Path, key: bytes, anchors: list[tuple[int, str]]) -> Audit:
    """Raises sqlite3.Error where the file cannot be read as a ledger."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    database.text_factory = partial(str, encoding="utf-8", errors="replace")
    it = Audit(key)
    try:
        database.execute("BEGIN")
        for row, hash_ in anchors:
            held = database.execute("SELECT hash FROM entry WHERE row = ?", (row,)).fetchone()
            if held is None or held[0] != hash_.lower():
                it.wrong("it is not the one that the anchor names", row)
        it.walk(database)
        it.file(database)
    finally:
        database.close()
    return it


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a kiosk's ledger on its own.")
    parser.add_argument("ledger", type=Path)
    parser.add_argument("public", type=Path, help="the kiosk's public key, PEM")
    parser.add_argument("--anchor", nargs=2, action="append", default=[], metavar=("ROW", "HASH"))
    asked = parser.parse_args()
    try:
        key = load_pem_public_key(asked.public.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("no Ed25519 key")
        if not asked.ledger.is_file():
            raise FileNotFoundError(f"{asked.ledger} is no file")
        it = audit(asked.ledger, key.public_bytes_raw(), [(int(row), hash_) for row, hash_ in asked.anchor])
    except (OSError, ValueError, sqlite3.Error) as error:
        print(f"cannot be audited: {error}", file=sys.stderr)
        return 2
    for row, what in it.found:
        print(f"row {row}: {what}" if row else what)
    print(f"{len(it.found)} findings" if it.found else f"sound up to row {it.row}, hash {it.hash}")
    return 1 if it.found else 0


if __name__ == "__main__":
    sys.exit(main())
