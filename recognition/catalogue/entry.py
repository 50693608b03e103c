"""What is known of one product, whoever said so. A claim, never a proof: anybody may stick its code on something else."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.vocabulary import Gtin, Material


class Packaging(StrEnum):
    """In what a product is sold: the four kinds that pictures are sorted by, too."""

    GLASS_BOTTLE = "glass_bottle"
    PLASTIC_BOTTLE = "plastic_bottle"
    CAN = "can"
    OTHER = "other"
    """A carton, a jar, a bag: surely none of the three."""


class Source(StrEnum):
    """Who said so. The first wins over those below it."""

    OWN = "own"
    """Staff of this kiosk; in its ``kiosk.db``."""
    CITY = "city"
    """A list or a delta of the city's."""
    OPEN_FOOD_FACTS = "open_food_facts"


@dataclass(frozen=True, slots=True)
class Entry:
    """``name`` as the source has it, may be empty. ``volume_ml`` and ``empty_g`` are of one container, None where nobody said it or it is in doubt; no cap is weighed with it.

    ``deposit``: a shop takes it back and pays a deposit for it, so it is handed back here. ``date``: when the source last changed it.
    """

    gtin: Gtin
    name: str
    packaging: Packaging
    volume_ml: int | None
    empty_g: float | None
    deposit: bool
    source: Source
    date: date

    @property
    def material(self) -> Material | None:
        """None for what is no bottle."""
        match self.packaging:
            case Packaging.GLASS_BOTTLE:
                return Material.GLASS
            case Packaging.PLASTIC_BOTTLE:
                return Material.PLASTIC
            case Packaging.CAN | Packaging.OTHER:
                return None
