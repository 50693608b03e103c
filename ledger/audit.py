"""An auditor's own check of a kiosk's ledger: one file, to be read in half an hour, that shares nothing with the program that wrote the ledger.

    python audit.py ledger.db public.pem [--anchor ROW HASH]

Python 3.11 or newer and the package ``cryptography``; copy this file and the ledger anywhere. ``public.pem`` is the kiosk's public key as the auditor was given
it (``openssl pkey -in ledger.key -pubout`` makes it), an anchor a row and its hash that somebody kept elsewhere. It prints what is wrong, row by row, and
ends with 0 where nothing is, 1 where something is, 2 where the ledger cannot be read. It only reads.

What a ledger is: a table of entries that nobody may change, each naming the hash of the one before, and the cents that each moves from one account to
another. Bottles fall, are credited (``expenses:rewards``), become vouchers or gifts at the end of a visit, and vouchers are paid by the desk.
What this cannot see: rows cut off at the end, or written anew to the end by somebody who has the key, unless an anchor lies behind them; whether a bottle
was one; what was paid and never written down.

How to read it: 1 is the table of the kinds of entry, 2 how one is read, 3 what is remembered and what holds for every entry, 4 to 7 one method for each kind,
named like it, 8 the file and the command.
"""

import argparse
import base64
import hashlib
import json
import math
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

# 1. The tables

# What the file must be made of: SHA-256 over its tables, indexes and triggers as SQLite lists them, for each revision of the program's schema.
SCHEMAS = {
    "0001": "7a2b396fc5840ffe21a2500da034a664237a588f267b57fe30e85ff0949e276d",
    "0002": "d8e9aa035d4a2d1e7f1757523a2f2c6aef0fb7e1b23d83e8666066c99304de62",
    "0003": "d8e9aa035d4a2d1e7f1757523a2f2c6aef0fb7e1b23d83e8666066c99304de62",
}
UNGUARDED = {"paid", "grant", "claimed", "printed", "emptied", "weighed", "closure", "correction"}  # by the first revision

# What an entry of each kind holds. Its subject is made of its visit and its fields. The visit that it names: a new one, the one that is open, that or none
# (any), one that has ended, or none. The amount goes onto the first account and off the second; {} where the entry itself names them.
# Fields: T text, W whole number, F true or false, O object, N null; those behind "?" may be missing.
TABLE = """
kind        subject                visit  onto      off       fields
generation  generation             none   -         -         form:W by:T why:T kiosk:T controller_id:T totaliser:W public_key:T demonstration:F previous:ON ?clock_was_wrong:T
visit       {visit}                new    -         -         number:T day:T allowed:W ?desk:T
intent      sort:{sequence}        open   -         -         sequence:W gtin:TN material:T amount:W bin:W weight_g:W policy:T ?flags:T
credit      sort:{sequence}        open   rewards   visits    sequence:W from:W totaliser:W amount:W material:T day:T
cancelled   sort:{sequence}        open   -         -         sequence:W
uncounted   sort:{sequence}        open   -         -         sequence:W
step        totaliser:{totaliser}  any    -         -         from:W totaliser:W
voucher     {code}                 open   visits    vouchers  code:T amount:W issued:T valid_until:T cause:T payer:T signature:T
gift        {visit}                open   visits    gifts     amount:W day:T ?association:T ?name:T
closed      {visit}                open   -         -
shown       -                      ended  -         -
elapsed     clock                  none   -         -
paid        {code}                 none   vouchers  desk      code:T amount:W day:T agent:T ?second:T ?why:T
grant       {bottle}               open   rewards   visits    bottle:T amount:W day:T agent:T why:T ?second:T
claimed     {code}:{n}             none   -         -         code:T n:W by_number:F asked:T fitted:F agent:T ?second:T ?why:T
printed     {code}:{copy}          none   -         -         code:T copy:W ?agent:T
emptied     bin:{bin}:{n}          none   -         -         bin:W n:W counts:O grams:W seal:T destination:T carrier:T door_seen:F agent:T ?second:T ?why:T
weighed     bin:{bin}:{n}          none   -         -         bin:W n:W grams:W agent:T ?second:T
closure     closure:{n}            none   -         -         n:W day:T first:W last:W head:T totals:O perpetual:O signature:T ?log:T ?agent:T
correction  row:{row}              none   {debit}   {credit}  row:W debit:T credit:T amount:W why:T agent:T second:T
"""
ACCOUNTS = ("expenses:rewards", "liabilities:visits", "liabilities:vouchers", "liabilities:gifts", "assets:desk")
COUNT = {"day": str, "assumed": bool, "spent_s": int, "boot": str, "up_s": int}  # of a day, in ``reckoned``
TYPES = {"T": str, "W": int, "F": bool, "O": dict, "N": type(None)}


class Kind:
    """A line of the table."""

    def __init__(self, line: str) -> None:
        self.name, self.subject, self.visit, onto, off, *fields = line.split()
        full = {name.partition(":")[2]: name for name in ACCOUNTS}
        self.moves = None if onto == "-" else (full.get(onto, onto), full.get(off, off))
        self.needed = {name.partition(":")[0] for name in fields if not name.startswith("?")}
        self.types: dict[str, set[type]] = {"reckoned": {dict}}  # whatever its kind: how its day was counted
        for name, letters in (it.lstrip("?").split(":") for it in fields):
            self.types[name] = {TYPES[letter] for letter in letters}
        self.shapes: set[tuple[object, ...]] = set()  # fields and their types that were found to be right


KINDS = {kind.name: kind for kind in map(Kind, TABLE.strip().splitlines()[1:])}

# 2. One entry: the JSON object that is hashed

Object = dict[str, Any]
ENTRIES = """SELECT row, kind, subject, visit, occurred, booked, trusted, body, prev, hash FROM entry NOT INDEXED
WHERE row > ? AND typeof(row) = 'integer' ORDER BY row LIMIT 512"""
POSTINGS = "SELECT row, account, cents FROM posting WHERE row BETWEEN ? AND ? ORDER BY row, rowid"
VALUES = [(int, str, str, visit, str, str, int, str, str, str) for visit in (str, type(None))]


def whole(digits: str) -> int:
    """Raises ValueError for every other number than a whole one that each reader of JSON keeps exactly."""
    if abs(int(digits)) >= 2**53:
        raise ValueError(f"the number {digits}")
    return int(digits)


# JSON as it may be written: keys sorted, no blanks, nothing outside ASCII escaped. Only where many digits follow one another can a number be too large
quoted = json.encoder.encode_basestring
text_of = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
value_of = json.JSONDecoder(parse_float=whole, parse_constant=whole).raw_decode
long_value_of = json.JSONDecoder(parse_int=whole, parse_float=whole, parse_constant=whole).raw_decode
many_digits = re.compile("[0-9]{16}").search


def body_of(kind: Kind, text: str) -> Object:
    """Of the fields that its kind has and no others."""
    body: Object
    body, _ = (long_value_of if many_digits(text) else value_of)(text)
    if text_of(body) != text:
        raise ValueError("its body is written in another way")
    shape = (*body, *map(type, body.values()))
    if shape not in kind.shapes:
        for field, value in body.items():
            if type(value) not in kind.types.get(field, ()):
                raise ValueError(f"{field} is not among its fields, or of another type")
        if not kind.needed <= body.keys():
            raise ValueError(f"it lacks {', '.join(kind.needed - body.keys())}")
        kind.shapes.add(shape)
    return body


def read(line: tuple[Any, ...], postings: list[Object]) -> tuple[Object, str]:
    """An entry, and the hash that it ought to have: of the JSON object of all that it says."""
    row, name, subject, visit, occurred, booked, trusted, text, prev, _ = line
    if tuple(map(type, line)) not in VALUES or trusted not in {0, 1} or name not in KINDS:
        raise ValueError("a value is of another type, or its kind is unknown")
    it = {"kind": name, "subject": subject, "visit": visit, "booked": booked, "trusted": trusted == 1}
    it |= {"body": body_of(KINDS[name], text), "postings": postings}
    moved = ",".join([f'{{"account":{quoted(posting["account"])},"cents":{posting["cents"]}}}' for posting in postings])
    hashed = f"""{{"body":{text},"booked":{quoted(booked)},"form":1,"kind":{quoted(name)},"occurred":{quoted(occurred)},\
"postings":[{moved}],"prev":{quoted(prev)},"row":{row},"subject":{quoted(subject)},\
"trusted":{"true" if trusted else "false"},"visit":{"null" if visit is None else quoted(visit)}}}"""
    return it, hashlib.sha256(hashed.encode()).hexdigest()


@lru_cache(maxsize=1)
def public_key(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def is_signed(key: bytes, signature: str, *lines: str) -> bool:
    """Ed25519 over the lines; the signature in base64url, written in the one way in which it can be."""
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        public_key(key).verify(raw, "\n".join(lines).encode())
    except (InvalidSignature, ValueError):
        return False
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") == signature


def is_code(code: str) -> bool:
    """16 random letters and one that makes the sum of alpha^i times letter i zero, over GF(32) with x^5 + x^2 + 1."""
    letters, check = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 0
    if len(code) != 17 or not set(code) <= set(letters):
        return False
    for letter in code[:16]:
        check ^= letters.index(letter)
        check = (check ^ 0b100101) >> 1 if check & 1 else check >> 1
    return letters[check] == code[16]


class Day(NamedTuple):
    """The business day. Where no clock knows the date it is counted by the time that the machine ran: so many seconds of it, read at so many of this boot."""

    date: date
    assumed: bool = False
    spent_s: int = 0
    boot: str | None = None
    up_s: int = 0


@lru_cache(maxsize=64)
def paris(hour: str) -> Day:
    """The day in Paris at an hour in UTC, as a time begins: 2026-11-24T08."""
    return Day(datetime.fromisoformat(f"{hour}:00+00:00").astimezone(ZoneInfo("Europe/Paris")).date())


def reckon(last: Day, at: Day, now: Day, trusted: bool) -> Day:
    """The day at a row, by that of the row before: the clock's where it is known, else it ends after 24 hours of running."""
    if trusted and at.date >= last.date:
        return at
    passed_s = 0 if last.boot is None else max(0, now.up_s - last.up_s) if now.boot == last.boot else now.up_s
    days, spent_s = divmod(last.spent_s + passed_s, 24 * 3600)
    if not days:
        return Day(last.date, last.assumed, spent_s, now.boot, now.up_s)
    return at if trusted else Day(last.date + timedelta(days), True, spent_s, now.boot, now.up_s)


def accounts_of(moved: Counter[tuple[str, str]]) -> Object:
    return {name: {side: moved[name, side] for side in ("debit", "credit")} for name, _ in moved}


def opened(voucher: Object, *, listed: bool) -> Object:
    """A voucher that may be paid. ``listed``: the first entry names it."""
    return {"payer": "kiosk", "doubtful": False, **voucher, "listed": listed, "claimed": 0, "printed": 0}


NO_VISIT: Object = {"name": None, "allowed": 0, "desk": None, "bottles": 0, "grants": 0, "owed": 0}


class Audit:
    """Walks through the entries from the first to the last. ``found`` is what is wrong, by row."""

    # 3. What is remembered, and what holds for every entry

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.found: list[tuple[int, str]] = []
        self.row, self.hash = 0, "0" * 64
        self.begun: Object = {}  # what the first entry says, and its hash
        self.began = ""
        self.day: Day | None = None
        self.open = dict(NO_VISIT)  # and the day that the newest began on
        self.visit_day = date.min
        self.visits: set[str] = set()
        self.page: Any = None  # voucher and visit whose page stands until it is closed
        self.totaliser = self.sequence = 0
        self.meant: Object | None = None  # the intent that is open
        self.lost: dict[str, int] = {}  # bottles that fell and were not counted, with their sums
        self.fell: list[range] = []  # steps of the totaliser in a visit that were credited to nobody
        self.granted: set[str] = set()
        self.vouchers: dict[str, Object] = {}  # those that are open
        self.bins: dict[int, Object] = {}  # the number of the next emptying, and what fell since the last
        self.unweighed: set[str] = set()
        self.days: list[Object] = []  # what those add up to that are in no closure yet
        self.closures = 0
        # all that is in closures: bottles by material, and cents by account and side
        self.perpetual: tuple[Counter[str], Counter[tuple[str, str]]] = Counter(), Counter()
        self.corrected: set[int] = set()

    def must(self, holds: object, what: str) -> None:
        if not holds:
            self.found.append((self.row, what))

    def look(self, line: tuple[Any, ...], postings: list[Object]) -> None:
        row, hash_, self.row, self.hash = self.row, self.hash, line[0], line[9]
        self.must(self.row == row + 1, "it does not come after the row before")
        self.must(line[8] == hash_, "it does not name the hash of the entry before")
        try:
            it, hash_ = read(line, postings)
            self.must(hash_ == self.hash, "its hash is not that of its content")
            self.says_what_its_kind_says(it, it["body"])
            self.stands_on_its_day(it, it["body"])
            self.stands_in_its_visit(it, it["body"])
            getattr(self, it["kind"])(it, it["body"])
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
            self.must(False, f"it cannot be read: {error}")

    def says_what_its_kind_says(self, it: Object, body: Object) -> None:
        kind, moved = KINDS[it["kind"]], []
        self.must((self.row == 1) == (kind.name == "generation"), "the first entry alone begins a ledger")
        if kind.subject != "-":
            made = it["visit"] if kind.subject == "{visit}" else kind.subject.format_map(body)
            self.must(it["subject"] == made, "its subject is another than its content makes")
        if kind.moves is not None:
            onto, off = kind.moves if kind.moves[0] in ACCOUNTS else (body["debit"], body["credit"])
            moved = [{"account": onto, "cents": body["amount"]}, {"account": off, "cents": -body["amount"]}]
        self.must(it["postings"] == moved, "it moves other sums than its kind does")
        if "agent" in body:
            second, two = body.get("second"), kind.name == "correction" or not body.get("by_number", True)
            self.must(not two if second is None else second != body["agent"], "it needs a second agent, another one")

    def stands_on_its_day(self, it: Object, body: Object) -> None:
        datetime.fromisoformat(it["booked"])  # a time at all
        at, counted, last, kind = paris(it["booked"][:13]), None, self.day, it["kind"]
        if last is None:
            before = (body.get("previous") or {}).get("day")
            last = Day(at.date if it["trusted"] or before is None else date.fromisoformat(before), assumed=not it["trusted"])
        if (said := body.get("reckoned")) is not None:
            if {name: type(value) for name, value in said.items()} != COUNT:
                raise ValueError(f"the count of the day is {said}")
            counted = Day(date.fromisoformat(said["day"]), said["assumed"], said["spent_s"], said["boot"], said["up_s"])
            goes_on = self.day is None or counted == reckon(last, at, counted, it["trusted"])
            self.must(goes_on, "the count of its day does not go on from the row before")
        self.day = counted or (at if it["trusted"] else last)
        day = self.day.date
        if kind == "visit":
            self.visit_day = day
        if kind in {"visit", "credit", "gift", "paid", "grant"}:
            named = max(day, self.visit_day) if kind == "credit" else day
            self.must(body["day"] == named.isoformat(), "it names another day than its row's")
        if not self.days or self.days[-1]["day"] != day:
            self.days.append({"day": day, "first": self.row, "bottles": Counter(), "bins": {}, "moved": Counter()})
        today = self.days[-1]
        today["last"], today["head"] = self.row, self.hash
        for posting in it["postings"]:
            today["moved"][posting["account"], "debit" if posting["cents"] > 0 else "credit"] += abs(posting["cents"])

    def stands_in_its_visit(self, it: Object, body: Object) -> None:
        """In a desk's stand its agent's credits by hand, then the voucher of them, and nothing else; they stand nowhere else."""
        named, name, granted = it["visit"], self.open["name"], body.get("cause") == "granted"
        match KINDS[it["kind"]].visit:
            case "open":
                may = named == name is not None
            case "new":
                may = name is None
            case "none":
                may = named is None
            case "any":
                may = named in {None, name}
            case _:
                may = named not in {None, name}  # ended
        self.must(may, "it names another visit than it may, or begins one while one is open")
        if it["kind"] == "grant":
            self.must(body["agent"] == self.open["desk"], "credited by hand outside a visit of the agent's")
        else:
            its_own = granted and self.open["grants"] if self.open["desk"] is not None else not granted
            self.must(its_own, "a visit of the desk's that is not whole, or its voucher outside of one")

    def generation(self, _: Object, body: Object) -> None:
        """Carries on what the ledger before it left open."""
        before = body["previous"] or {}
        self.must(body["form"] == 1, "its hashes are of another form")
        self.must(bytes.fromhex(body["public_key"]) == self.key, "the ledger names another public key than the one given")
        self.begun, self.began, self.totaliser = body, self.hash, body["totaliser"]
        self.vouchers = {it["code"]: opened(it, listed=True) for it in before.get("vouchers", ())}
        self.lost = {it["bottle"]: it["amount"] for it in before.get("uncounted", ())}
        self.bins = {int(name): {**it, "counts": Counter(it["counts"])} for name, it in before.get("bins", {}).items()}
        self.unweighed = set(before.get("unweighed", ()))
        self.closures = before.get("closures", 0)
        carried = before.get("perpetual", {"bottles": {}, "accounts": {}})
        self.perpetual[0].update(carried["bottles"])
        self.perpetual[1].update({(name, side): cents for name, both in carried["accounts"].items() for side, cents in both.items()})

    def elapsed(self, it: Object, body: Object) -> None:
        """Its day is all that it says."""

    # 4. Bottles: an intent is durable before one falls, and ends once; each step of the totaliser is booked once

    def intent(self, it: Object, body: Object) -> None:
        self.must(self.meant is None and body["sequence"] > self.sequence, "an intent while one is open, or its sequence does not rise")
        self.meant, self.sequence = it, max(self.sequence, body["sequence"])

    def ends_an_intent(self, it: Object, _: Object) -> None:
        meant, self.meant = self.meant, None
        if meant is None or (meant["subject"], meant["visit"]) != (it["subject"], it["visit"]):
            raise ValueError("it ends no intent that is open")
        body = meant["body"]
        if it["kind"] == "credit":
            same = (it["body"]["amount"], it["body"]["material"]) == (body["amount"], body["material"])
            self.must(same, "it credits another sum or material than was intended")
        if it["kind"] == "uncounted":
            self.lost[f"{it['subject']}@{self.began[:8]}"] = body["amount"]
        if it["kind"] != "cancelled":
            bin_ = self.bins.setdefault(body["bin"], {"n": 1, "counts": Counter(), "grams": 0})
            bin_["counts"][body["material"]] += 1
            bin_["grams"] += body["weight_g"]
            fell = self.days[-1]["bins"].setdefault(str(body["bin"]), {"bottles": 0, "grams": 0})
            fell["bottles"] += 1
            fell["grams"] += body["weight_g"]

    cancelled = uncounted = ends_an_intent

    def credit(self, it: Object, body: Object) -> None:
        self.ends_an_intent(it, body)
        self.step(it, body)
        self.days[-1]["bottles"][body["material"]] += 1
        self.open["owed"] += body["amount"]
        self.open["bottles"] += 1
        self.must(self.open["bottles"] <= self.open["allowed"] or not body["amount"], "money for a bottle beyond those allowed")

    def step(self, it: Object, body: Object) -> None:
        steps = range(body["from"] + 1, body["totaliser"] + 1)
        sound = body["from"] == self.totaliser and (len(steps) == 1 or (steps and it["kind"] == "step"))
        if not sound:
            self.must(False, f"it books the steps from {body['from']} to {body['totaliser']}, the totaliser stood at {self.totaliser}")
        self.totaliser = body["totaliser"]
        if it["kind"] == "step" and it["visit"] is not None:
            self.fell.append(steps)

    # 5. Visits: one at a time, and its end moves exactly what was credited in it

    def visit(self, it: Object, body: Object) -> None:
        self.must(it["visit"] == f"{body['day']}/{body['number']}", "a visit under another name")
        self.open = {**NO_VISIT, "name": it["visit"], "allowed": body["allowed"], "desk": body.get("desk")}
        self.page = None
        if "desk" not in body:
            self.visits.add(it["visit"])

    def ends_the_visit(self, it: Object, body: Object) -> None:
        owed = self.open["owed"]
        self.must(self.meant is None, "the visit ends while an intent is open")
        self.must(body.get("amount", 0) == owed and (owed or it["kind"] == "closed"), f"{owed} cents were credited in it")
        waits = it["kind"] == "voucher" and body["cause"] != "granted"
        self.open, self.page = dict(NO_VISIT), (it["subject"], it["visit"]) if waits else None

    gift = closed = ends_the_visit

    def shown(self, it: Object, _: Object) -> None:
        self.must(self.page == (it["subject"], it["visit"]), "it waits for no page, was shown before, or after the next visit began")
        self.page = None

    def grant(self, _: Object, body: Object) -> None:
        bottle = body["bottle"]
        if fell := re.fullmatch("totaliser:(0|[1-9][0-9]*)", bottle):
            waits = any(int(fell[1]) in steps for steps in self.fell)
        elif unread := re.fullmatch("visit:(.*):[1-9][0-9]*", bottle):
            waits = unread[1] in self.visits
        else:
            waits = self.lost.get(bottle) == body["amount"]
        self.must(waits and bottle not in self.granted and body["amount"] > 0, "no such bottle waits, or it was credited before")
        self.granted.add(bottle)
        self.open["owed"] += body["amount"]
        self.open["grants"] += 1

    # 6. Vouchers: signed with the kiosk's key, paid once, in time

    def voucher(self, it: Object, body: Object) -> None:
        self.ends_the_visit(it, body)
        self.vouchers[body["code"]] = opened(body, listed=False)
        days = [body["issued"], body["valid_until"]]
        facts = {"kiosk": self.begun["kiosk"], **{name: body[name] for name in ("code", "amount", "issued", "valid_until")}}
        facts["demonstration"] = "yes" if self.begun["demonstration"] else "no"
        signed = is_signed(self.key, body["signature"], "consigne voucher 1", *(f"{name}={fact}" for name, fact in facts.items()))
        self.must(is_code(body["code"]), "its code has a wrong letter")
        self.must(signed and [date.fromisoformat(day).isoformat() for day in days] == days, "it is not signed with the key of this ledger")

    def paid(self, _: Object, body: Object) -> None:
        voucher = self.vouchers.pop(body["code"], None)
        due = voucher and (voucher["amount"], voucher["payer"]) == (body["amount"], "kiosk") and body["day"] <= voucher["valid_until"]
        self.must(due, "it pays no voucher that is open: unknown, paid before, of another sum, past its day, or the city's")
        if voucher and voucher["doubtful"]:
            self.must({"second", "why"} <= body.keys(), "a doubtful voucher is paid by two agents with a reason")

    def printed(self, it: Object, body: Object) -> None:
        voucher, kind, number = self.vouchers.get(body["code"]), it["kind"], body["copy" if it["kind"] == "printed" else "n"]
        if voucher is None:
            raise ValueError("of a voucher that is not open")
        # what an earlier generation printed nobody counts here
        again = kind == "printed" and voucher["listed"] and (voucher[kind], number) == (0, 2)
        self.must(number == voucher[kind] + 1 or again, "it is out of order")
        voucher[kind] = number

    claimed = printed

    def correction(self, _: Object, body: Object) -> None:
        row, accounts = body["row"], {body["debit"], body["credit"]}
        sound = 0 < row < self.row and row not in self.corrected and body["amount"] > 0
        self.must(sound and len(accounts) == 2 and accounts <= {*ACCOUNTS}, "it corrects no row, or moves nothing between two accounts")
        self.corrected.add(row)

    # 7. Bins are emptied of what fell into them; days are closed in order, added up and signed

    def emptied(self, it: Object, body: Object) -> None:
        bin_ = self.bins.get(body["bin"], {"n": 1, "counts": Counter(), "grams": 0})
        same = (bin_["n"], +bin_["counts"], bin_["grams"]) == (body["n"], +Counter(body["counts"]), body["grams"])
        self.must(same, "it counts other than what fell, or is out of order")
        self.bins[body["bin"]] = {"n": body["n"] + 1, "counts": Counter(), "grams": 0}
        self.unweighed.add(it["subject"])

    def weighed(self, it: Object, _: Object) -> None:
        self.must(it["subject"] in self.unweighed, "it weighs no emptying that waits for it")
        self.unweighed.discard(it["subject"])

    def closure(self, it: Object, body: Object) -> None:
        day, (bottles, moved) = self.days.pop(0), self.perpetual
        bottles.update(day["bottles"])
        moved.update(day["moved"])
        self.closures += 1
        expected = {"n": self.closures, "day": day["day"].isoformat(), **{name: day[name] for name in ("first", "last", "head")}}
        expected["totals"] = {"bottles": day["bottles"], "bins": day["bins"], "accounts": accounts_of(day["moved"])}
        expected["perpetual"] = {"bottles": bottles, "accounts": accounts_of(moved)}
        same = {name: body[name] for name in expected} == expected
        self.must(same and it["trusted"], "it is not the whole next day, or adds up other than its rows, or its clock was not trusted")
        told = text_of({name: value for name, value in body.items() if name not in {"signature", "reckoned"}})
        head = ("consigne closure 1", f"kiosk={self.begun['kiosk']}", f"generation={self.began}")
        self.must(is_signed(self.key, body["signature"], *head, told), "the closure is not signed with the key of this ledger")

    # 8. The file and the command

    def walk(self, database: sqlite3.Connection) -> None:
        after = -math.inf
        while lines := rows(database, ENTRIES, after):
            after, posted = lines[-1][0], defaultdict[int, list[Object]](list)
            for row, account, cents in rows(database, POSTINGS, lines[0][0], after):
                posted[row].append({"account": account, "cents": cents})
            for line in lines:
                self.look(line, posted.get(line[0], []))
        self.must(self.row, "the ledger holds no entry")
        self.must(self.open["desk"] is None, "a visit of the desk's that is not whole")

    def file(self, database: sqlite3.Connection) -> None:
        orphans = database.execute("SELECT row FROM posting WHERE row NOT IN (SELECT row FROM entry)").fetchall()
        revisions = [str(name) for (name,) in database.execute("SELECT version_num FROM alembic_version")]
        parts = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        schema = hashlib.sha256(text_of(parts).encode()).hexdigest()
        kinds = {kind for (kind,) in database.execute("SELECT DISTINCT kind FROM entry")}
        told = database.execute("PRAGMA integrity_check").fetchall()
        sound = {
            f"postings without their entry: {orphans}": not orphans,
            f"its tables, indexes and triggers are not those of its revision {revisions}": [schema]
            == [SCHEMAS.get(it) for it in revisions],
            "it holds entries that a file of its revision does not guard": revisions != ["0001"] or not kinds & UNGUARDED,
            f"SQLite finds the file damaged: {told}": told == [("ok",)],
        }
        self.found += [(0, what) for what, holds in sound.items() if not holds]


def rows(database: sqlite3.Connection, query: str, *values: float) -> list[tuple[Any, ...]]:
    """Where bytes are no text, as some text: its hash will be another."""
    try:
        database.text_factory = str
        return database.execute(query, values).fetchall()
    except sqlite3.OperationalError:
        database.text_factory = partial(str, encoding="utf-8", errors="replace")
        return database.execute(query, values).fetchall()


def audit(path: Path, key: bytes, anchors: list[tuple[int, str]]) -> Audit:
    """Raises sqlite3.Error where the file cannot be read as a ledger."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    it = Audit(key)
    try:
        database.execute("BEGIN")
        for row, hash_ in anchors:
            if database.execute("SELECT hash FROM entry WHERE row = ?", (row,)).fetchone() != (hash_.lower(),):
                it.found.append((row, "it is not the one that the anchor names"))
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
