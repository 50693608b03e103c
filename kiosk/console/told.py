"""What the console's worker has looked up, as frozen values that cross to the screens."""

from dataclasses import dataclass
from datetime import datetime

from config.vocabulary import Cents
from kiosk.log_reading import LogFigures
from ledger.figures import Figures


@dataclass(frozen=True, slots=True)
class Today:
    """``day_cents``: what a day may cost at most. ``synced``: when the city last acknowledged everything that there was; None: never, or nobody knows."""

    figures: Figures
    log: LogFigures
    day_cents: Cents
    synced: datetime | None
    at: datetime
