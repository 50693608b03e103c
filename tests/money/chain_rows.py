"""Rows of a ledger made by hand, for tests that must also make wrong ones. The real journal makes only right ones."""

from typing import Any

from city.chain import NOTHING_BEFORE, row_hash

TIME = "2026-11-24T08:15:30.123Z"
DAY = "2026-11-24"
KIOSK = "paris-11-01"

Row = dict[str, Any]


DESK_NEVER_WORKED = {
    "paid": {"count": 0, "cents": 0},
    "granted": {"count": 0, "cents": 0},
    "emptied": {"count": 0, "grams": 0},
    "weighed": {"count": 0, "grams": 0},
    "closures": {"count": 0},
}
"""As the city tells it of every ledger."""


class Chain:
    """Rows in order; each ``add`` continues the chain."""

    def __init__(self, kiosk: str = KIOSK, *, demonstration: bool = False, previous: Row | None = None, why: str = "first start") -> None:
        self.kiosk = kiosk
        self.rows: list[Row] = []
        before = None if previous is None else {"row": previous["row"], "hash": previous["hash"]}
        body = {"form": 1, "kiosk": kiosk, "demonstration": demonstration, "previous": before, "why": why}
        self.add("generation", body, subject="generation")

    @property
    def generation(self) -> str:
        return str(self.rows[0]["hash"])

    def add(self, kind: str, body: Row, *, subject: str = "a", visit: str | None = None, postings: tuple[tuple[str, int], ...] = ()) -> Row:
        row: Row = {
            "row": len(self.rows) + 1,
            "kind": kind,
            "subject": subject,
            "visit": visit,
            "occurred": TIME,
            "booked": TIME,
            "trusted": True,
            "body": body,
            "postings": [{"account": account, "cents": cents} for account, cents in postings],
            "prev": self.rows[-1]["hash"] if self.rows else NOTHING_BEFORE,
        }
        self.rows.append(sealed(row))
        return self.rows[-1]

    def credit(self, material: str = "glass", amount: int = 20, day: str = DAY, posted: int | None = None) -> Row:
        cents = amount if posted is None else posted
        postings = (("expenses:rewards", cents), ("liabilities:visits", -cents))
        return self.add("credit", {"material": material, "amount": amount, "day": day}, subject=f"sort:{len(self.rows)}", postings=postings)

    def voucher(self, code: str, amount: int) -> Row:
        body = {"code": code, "amount": amount, "issued": DAY, "valid_until": "2029-11-23", "cause": "kept"}
        postings = (("liabilities:visits", amount), ("liabilities:vouchers", -amount))
        return self.add("voucher", body, subject=code, visit=f"{DAY}/0417", postings=postings)

    def gift(self, amount: int, association: str | None = None, name: str = "") -> Row:
        """Without an association as older programs wrote it."""
        postings = (("liabilities:visits", amount), ("liabilities:gifts", -amount))
        whom = {} if association is None else {"association": association, "name": name}
        return self.add("gift", {"amount": amount, "day": DAY, **whom}, visit=f"{DAY}/0418", postings=postings)

    def paid(self, code: str, amount: int) -> Row:
        body = {"code": code, "amount": amount, "day": DAY, "agent": "7"}
        postings = (("liabilities:vouchers", amount), ("assets:desk", -amount))
        return self.add("paid", body, subject=code, postings=postings)

    def batch(self, first: int = 1, last: int | None = None, **changes: Any) -> Row:
        """The message with rows ``first`` to ``last``, its totals right unless ``changes`` says otherwise."""
        upto = len(self.rows) if last is None else last
        return {
            "generation": self.generation,
            "rows": self.rows[first - 1 : upto],
            "row": upto,
            "totals": totals(self.rows[:upto]),
            "health": {"sent": TIME, "waiting": len(self.rows) - upto},
            **changes,
        }


def sealed(row: Row, **changes: Any) -> Row:
    """The row with these changes and the hash that then belongs to it."""
    changed = {name: value for name, value in (row | changes).items() if name != "hash"}
    return {**changed, "hash": row_hash(changed)}


def totals(rows: list[Row]) -> Row:
    days: dict[str, Row] = {}
    for row in rows:
        if row["kind"] == "credit":
            body = row["body"]
            day = days.setdefault(body["day"], {"day": body["day"], "glass": 0, "plastic": 0, "cents": 0})
            day[body["material"]] += 1
            day["cents"] += body["amount"]
    return {
        "days": [days[day] for day in sorted(days)],
        "vouchers": summed(rows, "voucher", "amount", "cents"),
        "gifts": summed(rows, "gift", "amount", "cents"),
        "paid": summed(rows, "paid", "amount", "cents"),
        "granted": summed(rows, "grant", "amount", "cents"),
        "emptied": summed(rows, "emptied", "grams", "grams"),
        "weighed": summed(rows, "weighed", "grams", "grams"),
        "closures": {"count": sum(row["kind"] == "closure" for row in rows)},
    }


def summed(rows: list[Row], kind: str, value: str, called: str) -> Row:
    found = [row["body"][value] for row in rows if row["kind"] == kind]
    return {"count": len(found), called: sum(found)}
