"""What can become of one round of the sync, as values. Whoever tells it to people makes the words; ``sync.py`` says what happens next.

=================  ==========================================================================  ==========
outcome            when                                                                        tried again
=================  ==========================================================================  ==========
Delivered          the city holds, and has proved to hold, every row of the ledger             as usual
NothingToSend      there is no ledger yet                                                      as usual
NotEnrolled        there is no key of the sync's yet                                           as usual
KeyUnusable        the sync's key cannot be used                                               back-off
Stopped            the stop came in the middle; what was acknowledged is kept                  no
Unreachable        refused, no route, no name, no answer in time, cut off                      back-off
CityTroubled       429 or 5xx                                                                  back-off
ProxyUnreachable   the same, but of the proxy that the configuration names                     back-off
AuthoritiesUnusable
                   the file that names whom to trust cannot be read                            back-off
Untrusted          nobody that this machine trusts vouches for the city's certificate          back-off
Intercepted        a proxy, a filter or a network's sign-in answered in the city's place       back-off
TooLarge           413 for a single row, after fewer and fewer rows were tried                 back-off
Garbled            an answer that is not the contract's: a list, a wrong head                  back-off
LedgerUnreadable   the ledger is damaged or may not be read                                    back-off
StateUnusable      sync.db cannot be read or written                                           back-off
Refused            401 or 403: the city does not take this kiosk or this ledger                slowly
Rejected           400 or 422: the city finds our rows wrong in themselves                     slowly
Disagreed          409: the city holds something else in the place of what we sent             slowly
CityAhead          the city holds rows that this ledger does not have                          slowly
Doubted            sync.db says one of the last two, and the city could not be asked           as the reason
=================  ==========================================================================  ==========
"""

from dataclasses import dataclass
from enum import StrEnum

from config.files import Trouble


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that the city derives otherwise than this ledger: ``item`` is a day with what is counted, or vouchers or gifts with it."""

    item: str
    city: int
    kiosk: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """``row`` and ``head`` are what the city acknowledged; ``sent`` rows went out in this round."""

    generation: str
    row: int
    head: str
    sent: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class NothingToSend:
    path: str


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """``path`` is where the key would lie."""

    path: str


@dataclass(frozen=True, slots=True)
class KeyUnusable:
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class Stopped:
    pass


@dataclass(frozen=True, slots=True)
class Unreachable:
    detail: str


@dataclass(frozen=True, slots=True)
class ProxyUnreachable:
    """``proxy`` is its address without name and password."""

    proxy: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuthoritiesUnusable:
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class Untrusted:
    """``detail``: what the check of the certificate said; ``authorities``: the file that names whom to trust, empty for the machine's store."""

    detail: str
    authorities: str


class Between(StrEnum):
    """What stands between kiosk and city, by what it asks for."""

    PROXY_SIGN_IN = "proxy_sign_in"
    TOO_SLOW = "too_slow"
    NO_LENGTH = "no_length"
    HEADER_TOO_LONG = "header_too_long"
    MISDIRECTED = "misdirected"
    BLOCKED = "blocked"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Intercepted:
    """``location``: where a redirect led, else empty."""

    status: int
    by: Between
    location: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A message of ``size`` bytes with the single row ``row`` did not get through."""

    row: int
    size: int


@dataclass(frozen=True, slots=True)
class CityTroubled:
    """``retry_after_s``: how long the city asks to be left alone, if it said so."""

    status: int
    retry_after_s: int | None


@dataclass(frozen=True, slots=True)
class Garbled:
    detail: str


@dataclass(frozen=True, slots=True)
class LedgerUnreadable:
    path: str
    detail: str
    trouble: Trouble = Trouble.OTHER


@dataclass(frozen=True, slots=True)
class StateUnusable:
    path: str
    detail: str
    trouble: Trouble = Trouble.OTHER


NOT_RECOGNISED = frozenset({"unsigned", "signature", "revoked", "other_kiosk"})
"""The contract's codes for a key by which the city does not know this kiosk, or not any more: it must be enrolled anew."""


@dataclass(frozen=True, slots=True)
class Refused:
    """``error`` is the contract's code: ``unsigned``, ``signature``, ``revoked``, ``other_kiosk``, ``time``, ``replayed``, ``demonstration``, ``real``;
    of an enrolment ``code`` and ``key``."""

    status: int
    error: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """``error`` is the contract's code (``shape``, ``hash``, ``order``, ``generation``, ``postings``); ``row`` the first row concerned."""

    status: int
    error: str
    message: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Disagreed:
    """A person must look: two hashes for one place. ``error`` is the contract's code (``row``, ``previous``, ``superseded``, ``voucher``)."""

    error: str
    row: int
    held: str
    sent: str


@dataclass(frozen=True, slots=True)
class CityAhead:
    """A person must look: this ledger ends at ``own_row``, the city holds ``row`` with hash ``head``. The card was replaced by a copy."""

    row: int
    head: str
    own_row: int


@dataclass(frozen=True, slots=True)
class Doubted:
    """By sync.db the city acknowledged ``row`` with hash ``held``; this ledger has ``own`` there, or ends at ``own_row``, before it.

    One of the two is wrong, and ``reason`` kept the city from saying which.
    """

    row: int
    held: str
    own: str | None
    own_row: int
    reason: "Failure"


@dataclass(frozen=True, slots=True)
class Overruled:
    """No outcome: on the way the city agreed with the ledger, and not with what sync.db (``path``) said of ``row``. It is kept among the conflicts."""

    path: str
    row: int
    held: str
    city_row: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """No outcome: on the way ``path`` was found damaged, got the name ``aside``, and was made anew. The round goes on."""

    path: str
    aside: str
    detail: str


Failure = (
    Unreachable
    | ProxyUnreachable
    | AuthoritiesUnusable
    | Untrusted
    | Intercepted
    | TooLarge
    | CityTroubled
    | Garbled
    | LedgerUnreadable
    | StateUnusable
    | Refused
    | Rejected
    | Disagreed
    | CityAhead
    | Doubted
    | Stopped
    | NothingToSend
    | NotEnrolled
    | KeyUnusable
)
Outcome = Delivered | Failure
OnTheWay = SetAside | Overruled
"""What a round tells besides its outcome: the mark was no good, and is now."""
