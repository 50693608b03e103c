"""What the city has heard, asked of its own interface, and the address where whoever is logged in there may read it."""

import requests

from config.vocabulary import Cents
from simulation.at_city import AtCity
from simulation.demo.deeds import Totals

CITY_TIMEOUT_S = 2.0


def totals_address(city: str) -> str:
    """Where whoever is logged in may read what the city has heard."""
    return f"{city}/v1/totals"


def ask_totals(city: AtCity) -> Totals | None:
    """None while the city does not answer."""
    try:
        answer = requests.get(totals_address(city.url), cookies=city.cookies, timeout=CITY_TIMEOUT_S)
        answer.raise_for_status()
    except requests.RequestException:
        return None
    days = answer.json()["demonstration"]["totals"]["days"]
    glass, plastic, cents = (sum(day[name] for day in days) for name in ("glass", "plastic", "cents"))
    return Totals(glass, plastic, Cents(cents))
