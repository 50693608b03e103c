"""Tells a simulated run bottle by bottle, in words, from the view-states alone: what a visitor at the screen would have seen."""

from typing import Any

from rich.console import Console

from config.printable import printable
from config.vocabulary import Cents, Reason
from kiosk.deposit.view import Screen
from kiosk.words.catalogue import Words
from ledger.vouchers import grouped
from simulation.outcome import Outcome
from simulation.visitor import Shown

NOT_HANDED_BACK = (Reason.UNCOUNTED, Reason.PULLED_BACK, Reason.LEFT_BEHIND)
"""It fell, its visitor took it out, or it still lies there."""


class Narrator:
    def __init__(self, words: Words, console: Console) -> None:
        self._words = words
        self._console = console
        self._last: Shown = {"visit_number": None, "item": None, "screen": None, "bottles": 0}
        self._count = 0

    def tell(self, shown: Shown) -> None:
        """One view-state: a line for whatever is new in it."""
        number = shown["visit_number"]
        if number is not None and number != self._last["visit_number"]:
            self._say("told.visit", number=number)
        item = shown["item"]
        if item is not None and item != self._last["item"]:
            self._tell_item(item, shown)
        if shown["screen"] != self._last["screen"]:
            self._tell_screen(shown)
        self._last = shown

    def _tell_item(self, item: dict[str, Any], shown: Shown) -> None:
        self._count += 1
        if item["accepted"]:
            amount, total = self._amount(item["amount"]), self._amount(shown["cents"])
            self._say(f"told.{item['material']}", n=self._count, amount=amount, sum=total)
        else:
            reason, todo = self._words.text(f"told.reason.{item['reason']}"), self._words.text(f"item.{item['reason']}.todo")
            self._say("told.not_counted" if item["reason"] in NOT_HANDED_BACK else "told.refused", n=self._count, reason=reason, todo=todo)

    def _tell_screen(self, shown: Shown) -> None:
        match shown["screen"]:
            case Screen.VOUCHER:
                voucher = shown["voucher"]
                code = grouped(voucher["code"])
                self._say("told.voucher", code=code, sum=self._amount(voucher["amount"]), number=shown["visit_number"])
            case Screen.ATTRACT if self._last["visit_number"] is not None and self._last["bottles"] == 0:
                self._say("told.nothing")
            case Screen.OUT_OF_ORDER if self._last["screen"] is not None:
                self._say("told.stopped", halt=self._words.text(f"halt.{shown['halt']}"))

    def sum_up(self, result: Outcome) -> None:
        """The run in figures."""
        words = self._words
        accepted_sum = self._amount(result.credited_cents)
        lines = [
            "",
            words.plural("summary.items", result.items),
            words.plural("summary.accepted", result.accepted, sum=accepted_sum),
            words.plural("summary.refused", sum(result.refused.values())),
            *(
                "    " + words.text("summary.reason", reason=words.text(f"told.reason.{reason}"), n=times)
                for reason, times in sorted(result.refused.items())
            ),
            words.plural("summary.handed_back", result.handed_back),
            words.plural("summary.under_way", result.under_way),
            words.plural("summary.lost", result.lost),
            words.plural("summary.duplicated", result.duplicated),
            words.plural("summary.misread", result.misread),
            *(f"    {printable(misreading)}" for misreading in result.misreadings),
            words.plural("summary.uncounted", result.uncounted),
        ]
        if result.verdict_ms["p50"] is not None:
            lines.append(words.text("summary.verdict", p50=result.verdict_ms["p50"], p95=result.verdict_ms["p95"]))
        if result.items_per_minute is not None:
            lines.append(words.text("summary.rate", rate=result.items_per_minute))
        if result.policy is not None:
            lines.append(words.text("summary.policy", policy=result.policy))
        found = "; ".join(result.disagreements)
        agree = "summary.agree" if result.city_asked else "summary.agree_without_city"
        lines.append(words.text("summary.disagree", found=found) if found else words.text(agree))
        for line in lines:
            self._console.print(line)

    def _amount(self, cents: int) -> str:
        return self._words.amount(Cents(cents))

    def _say(self, key: str, **values: object) -> None:
        self._console.print(self._words.text(key, **values))
