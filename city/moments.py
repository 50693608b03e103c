"""Moments as the database keeps them: UTC, to the millisecond, as text whose order is that of time."""

from datetime import datetime


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
