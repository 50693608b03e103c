"""What Babel knows of a language, without what no words of a kiosk hold: names of countries and languages, units, time zones, the world's regions.

That is most of it, some megabytes of three languages that stay in memory for as long as a kiosk runs. Babel has no way to read less, so it is taken out again.
"""

from collections.abc import Iterator
from functools import cache

from babel import localedata
from babel.core import Locale, get_global

UNUSED = (
    *("compact_currency_formats", "compact_decimal_formats", "compound_unit_patterns", "date_fields", "datetime_skeletons"),
    *("interval_formats", "languages", "list_patterns", "measurement_systems", "meta_zones", "scripts", "territories", "time_zones"),
    *("unit_display_names", "unit_patterns", "variants", "zone_formats"),
)
"""Amounts, numbers, dates and plurals need the rest."""


@cache
def locale_of(name: str) -> Locale:
    """A locale that writes amounts, numbers and dates, and knows its plurals and its direction."""
    locale = Locale.parse(name)
    for each in _inherited(name):
        data = localedata.load(each)
        for key in UNUSED:
            data.pop(key, None)
    for regions in (get_global("territory_currencies"), get_global("territory_languages"), get_global("windows_zone_mapping")):
        regions.clear()  # type: ignore[attr-defined]  # Babel promises a mapping and gives a dict
    return locale


def _inherited(name: str) -> Iterator[str]:
    """A locale, and those that its data came from: Babel keeps each."""
    exceptions = get_global("parent_exceptions")
    while name != "root":
        yield name
        name = exceptions.get(name) or name.rpartition("_")[0] or "root"
    yield name
