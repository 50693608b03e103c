"""What a simulated run came to. The keys of its JSON are relied on by others: add, never rename."""

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from config.printable import json_line
from simulation.witnesses import Comparison, LedgerSays, MetalSays


@dataclass(frozen=True, slots=True)
class Outcome:
    """``verdict_ms`` counts from the moment an item lies still; ``mechanics`` are the twin's times in milliseconds.

    ``items`` = ``accepted`` + ``refused`` + ``handed_back`` + ``under_way``: refused with a reason; come out again without one, because the link or the
    power was lost or a hand took it; neither credited nor out again, which is fallen uncounted, caught, or in the machine still.

    ``ledger_head`` is the hash of the last row: in virtual time the same seed gives the same.
    """

    items: int
    accepted: int
    refused: Mapping[str, int]
    handed_back: int
    under_way: int
    credited_cents: int
    lost: int
    duplicated: int
    misread: int
    uncounted: int
    verdict_ms: Mapping[str, float | None]
    items_per_minute: float | None
    mechanics: Mapping[str, object]
    policy: str | None
    seed: int
    ledger_head: str
    city_asked: bool
    misreadings: Sequence[str]
    disagreements: Sequence[str]

    @property
    def clean(self) -> bool:
        """Whether money followed the bottles, and all three witnesses say the same."""
        return not (self.lost or self.duplicated or self.misread or self.disagreements)

    def as_json(self) -> str:
        return json_line(asdict(self))


@dataclass(frozen=True, slots=True)
class Notes:
    """What the kiosk's log tells of the verdicts."""

    refused: Mapping[str, int]
    verdict_ms: Sequence[float]
    policy: str | None


def read_notes(folder: Path) -> Notes:
    """Reads the log of a run. A line that the end of a killed kiosk tore is none."""
    texts = [line for path in sorted(folder.glob("log-*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [json.loads(text) for text in texts if text.endswith("}")]
    judged = [line for line in lines if line["kind"] == "judged"]
    refused = Counter(line["reason"] for line in lines if line["kind"] == "handed_back")
    return Notes(dict(refused), [line["verdict_ms"] for line in judged], judged[-1]["policy"] if judged else None)


def outcome(
    metal: MetalSays,
    books: LedgerSays,
    found: Comparison,
    notes: Notes,
    *,
    mechanics: Mapping[str, object],
    seed: int,
    took_s: float | None,
    city_asked: bool,
) -> Outcome:
    accepted, refused = sum(books.credits.values()), sum(notes.refused.values())
    handed_back = max(0, metal.handed_back - refused)
    return Outcome(
        items=metal.put_in,
        accepted=accepted,
        refused=notes.refused,
        handed_back=handed_back,
        under_way=metal.put_in - accepted - refused - handed_back,
        credited_cents=books.credited_cents,
        lost=found.lost,
        duplicated=found.duplicated,
        misread=len(found.misread),
        uncounted=found.uncounted,
        verdict_ms={"p50": _percentile(notes.verdict_ms, 50), "p95": _percentile(notes.verdict_ms, 95)},
        items_per_minute=round(metal.put_in / took_s * 60, 1) if took_s else None,
        mechanics=mechanics,
        policy=notes.policy,
        seed=seed,
        ledger_head=books.head[1],
        city_asked=city_asked,
        misreadings=found.misread,
        disagreements=found.disagreements,
    )


def _percentile(values: Sequence[float], percent: int) -> float | None:
    if len(values) < 2:
        return values[0] if values else None
    return round(statistics.quantiles(values, n=100, method="inclusive")[percent - 1], 1)
