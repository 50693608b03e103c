"""One entry of the ledger as lines of words: what it says, what it moved, the item that it is about, and its place in the chain."""

from collections.abc import Iterator, Mapping

from config.clock import PARIS
from config.vocabulary import Cents, Flag, Material
from kiosk.screens.staff.rows import told_what
from kiosk.words.catalogue import Words
from ledger.chain import time_of
from ledger.kinds import KINDS, Account
from ledger.selection import Opened

KNOWN = frozenset(name for kind in KINDS.values() for name in (*kind.body, *kind.optional))

LETTERS = 16
"""Of a hash: enough to tell it from any other, and to be read aloud."""

LINE_END = "\u2028"
"""As Qt's text layout knows it."""

MONEY = ("amount",)

POLICIES = ("weight-and-code", "barcode-only")
"""Whose rules there are words for; of another its name is told, with the weight."""

UNTOLD = ("flags", "signature", "totals", "perpetual", "previous", "reckoned")
"""Fields that are for other eyes."""


def told_entry(opened: Opened, words: Words) -> tuple[str, str]:
    """What it says and moved; and what it is about, with its place in the chain."""
    return LINE_END.join(_says(opened, words)), LINE_END.join(_stands(opened, words))


def _says(opened: Opened, words: Words) -> Iterator[str]:
    entry = opened.entry
    kind = words.text(f"kind.{entry.kind}") if entry.kind in KINDS else entry.kind
    booked = f"{time_of(entry.booked).astimezone(PARIS):%d/%m/%Y %H:%M:%S}"
    yield words.text("staff.entry.title", row=entry.row, kind=kind)
    yield words.text("staff.entry.booked" if entry.trusted else "staff.entry.booked_untrusted", at=booked)
    if entry.visit:
        yield words.text("staff.entry.visit", visit=entry.visit)
    yield words.text("staff.entry.subject", subject=told_what(entry.subject, words))
    for posting in entry.postings:
        account = words.text(f"account.{posting.account}") if posting.account in list(Account) else posting.account
        yield words.text("staff.moved", account=account, sum=words.amount(Cents(posting.cents)))
    yield from _facts(entry.body, words)


def _stands(opened: Opened, words: Words) -> Iterator[str]:
    entry = opened.entry
    if opened.item is not None:
        yield from _verdict(opened.item, words)
        if opened.item != entry.body:
            yield words.text("staff.entry.item")
            # the policy stands in the sentence above
            yield from _facts({name: value for name, value in opened.item.items() if name != "policy"}, words)
    yield words.text("staff.entry.chain", before=opened.before[:LETTERS], own=entry.hash[:LETTERS], after=(opened.after or "–")[:LETTERS])
    for row in opened.corrected_by:
        yield words.text("staff.entry.corrected", row=row)
    for row, kind in opened.followed:
        yield words.text("staff.entry.follows", row=row, kind=words.text(f"kind.{kind}"))


def _verdict(item: Mapping[str, object], words: Words) -> Iterator[str]:
    """Why it was taken, in plain words: what its policy asks, and the weight that decided."""
    material = item.get("material")
    if "policy" in item and material in list(Material):
        policy = item["policy"] if item["policy"] in POLICIES else "other"
        facts = {"weight": item.get("weight_g"), "material": words.text(f"material.{material}").lower(), "policy": item["policy"]}
        yield words.text(f"staff.verdict.{policy}", **facts)
        marks = [words.text(f"explain.mark.{flag}") for flag in str(item.get("flags", "")).split() if flag in list(Flag)]
        if marks:
            yield words.text("explain.marked", marks=", ".join(marks))


def _facts(body: Mapping[str, object], words: Words) -> Iterator[str]:
    """What stands in the body, each field by its word."""
    for name, value in body.items():
        if name in UNTOLD:
            continue
        if name == "counts" and isinstance(value, dict):
            for material, n in value.items():
                yield words.text("staff.entry.counts", material=told_what(str(material), words), n=n)
            continue
        told = words.amount(Cents(value)) if name in MONEY and isinstance(value, int) else told_what(str(value), words)
        field = words.text(f"staff.fact.{name}") if name in KNOWN else name
        yield words.text("staff.entry.fact", name=field, value="–" if value is None else told)
