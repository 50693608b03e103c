"""What a check of the ledger found and what became of a round of the sync, as sentences. The values are the ledger's, the words the catalogue's."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from config.files import Trouble
from kiosk.words.catalogue import Words
from kiosk.words.errors import tell_file
from ledger.sync.outcomes import (
    NOT_RECOGNISED,
    AuthoritiesUnusable,
    CityAhead,
    CityTroubled,
    Delivered,
    Disagreed,
    Doubted,
    Garbled,
    Intercepted,
    KeyUnusable,
    LedgerUnreadable,
    NotEnrolled,
    NothingToSend,
    OnTheWay,
    Outcome,
    Overruled,
    ProxyUnreachable,
    Refused,
    Rejected,
    SetAside,
    StateUnusable,
    Stopped,
    TooLarge,
    Unreachable,
    Untrusted,
)

if TYPE_CHECKING:
    from ledger.beside import Answers
    from ledger.findings import Finding
    from ledger.views import Head


def tell_finding(finding: "Finding", words: Words) -> str:
    """One finding, with its row where it has one."""
    return words.text(f"fault.{finding.what}", row=finding.row, **finding.facts)


def tell_verified(path: Path, newest: "Head", findings: "Sequence[Finding]", answers: "Answers", words: Words) -> Iterator[str]:
    """What came of ``consigne ledger verify``: each finding; or that there is none, who was asked, and what can be kept as a witness."""
    yield from (tell_finding(finding, words) for finding in findings)
    if not findings:
        yield words.text("ledger.sound", path=path, row=newest.row, hash=newest.hash)
        if answers.asked:
            yield words.text("ledger.asked", witnesses=", ".join(words.text(f"ledger.witness.{witness}") for witness in answers.asked))
        else:
            yield words.text("ledger.nobody_asked")
        yield words.text("ledger.anchor", anchor=f"{newest.row}:{newest.hash}")
    if answers.unread is not None:
        yield words.text("ledger.mark_unread", detail=answers.unread)


def tell_on_the_way(found: OnTheWay, words: Words) -> str:
    """What was no more than a mark was damaged, and has been made anew, or was wrong, and has been put right."""
    match found:
        case SetAside(path=path, aside=aside, detail=detail):
            return words.text("sync.set_aside", path=path, aside=aside, detail=detail)
        case Overruled(path=path, row=row, held=held, city_row=city_row):
            return words.text("sync.overruled", path=path, row=row, held=held, city_row=city_row)
        case _:
            assert_never(found)


def tell_outcome(outcome: Outcome, words: Words) -> str:
    """What became of a round and what to do; each figure that the city derives otherwise has a line of its own."""
    match outcome:
        case Delivered(row=row, sent=sent, differences=differences):
            lines = [words.plural("sync.delivered", sent, row=row)]
            lines += [words.text("sync.difference", item=other.item, city=other.city, kiosk=other.kiosk) for other in differences]
            return "\n".join(lines)
        case NothingToSend(path=path):
            return words.text("sync.nothing_to_send", path=path)
        case Stopped():
            return words.text("sync.stopped")
        case Unreachable(detail=detail):
            return words.text("sync.unreachable", detail=detail)
        case ProxyUnreachable() | AuthoritiesUnusable() | Untrusted() | Intercepted() | TooLarge():
            return _on_the_way(outcome, words)
        case CityTroubled(status=status):
            return words.text("sync.city_troubled", status=status)
        case Garbled(detail=detail):
            return words.text("sync.garbled", detail=detail)
        case LedgerUnreadable(path=path, detail=detail, trouble=Trouble.DAMAGED):
            return words.text("error.ledger_unavailable.damaged", path=path, detail=detail)
        case StateUnusable(path=path, detail=detail, trouble=Trouble.DAMAGED):
            return words.text("sync.state_damaged", path=path, detail=detail)
        case LedgerUnreadable(path=path, detail=detail, trouble=trouble) | StateUnusable(path=path, detail=detail, trouble=trouble):
            return tell_file(Path(path), trouble, detail, words)
        case NotEnrolled() | KeyUnusable() | Refused():
            return _unknown(outcome, words)
        case Rejected(error=error, message=message):
            return words.text("sync.rejected", error=error, message=message)
        case Disagreed() | CityAhead() | Doubted():
            return _at_odds(outcome, words)
        case _:
            assert_never(outcome)


def _unknown(outcome: NotEnrolled | KeyUnusable | Refused, words: Words) -> str:
    """Why the city does not take this kiosk, its ledger or its key."""
    match outcome:
        case NotEnrolled(path=path):
            return words.text("sync.not_enrolled", path=path)
        case KeyUnusable(path=path, detail=detail):
            return words.text("sync.key_unusable", path=path, detail=detail)
        case Refused(status=status, error=error) if error in NOT_RECOGNISED:
            return words.text("sync.refused.unknown", status=status, error=error)
        case Refused(status=status, error="time" | "demonstration" | "real" | "code" | "key" as error):
            return words.text(f"sync.refused.{error}", status=status)
        case Refused(status=status, error=error):
            return words.text("sync.refused", status=status, error=error)
        case _:
            assert_never(outcome)


def _at_odds(outcome: Disagreed | CityAhead | Doubted, words: Words) -> str:
    """Where the city, or the mark of what it said, knows this ledger otherwise; behind a doubt what kept the city from ending it."""
    match outcome:
        case Disagreed(row=row, held=held, sent=hash_sent):
            return words.text("sync.disagreed", row=row, held=held, sent=hash_sent)
        case CityAhead(row=row, own_row=own_row):
            return words.text("sync.city_ahead", row=row, own_row=own_row)
        case Doubted(row=row, own=None, own_row=own_row, reason=reason):
            return "\n".join((words.text("sync.doubted_beyond", row=row, own_row=own_row), tell_outcome(reason, words)))
        case Doubted(row=row, held=held, own=own, reason=reason):
            return "\n".join((words.text("sync.doubted", row=row, held=held, own=own), tell_outcome(reason, words)))
        case _:
            assert_never(outcome)


def _on_the_way(outcome: ProxyUnreachable | AuthoritiesUnusable | Untrusted | Intercepted | TooLarge, words: Words) -> str:
    """What stands between kiosk and city, by who can mend it."""
    match outcome:
        case ProxyUnreachable(proxy=proxy, detail=detail):
            return words.text("sync.proxy_unreachable", proxy=proxy, detail=detail)
        case AuthoritiesUnusable(path=path, detail=detail):
            return words.text("sync.authorities_unusable", path=path, detail=detail)
        case Untrusted(detail=detail, authorities=""):
            return words.text("sync.untrusted", detail=detail)
        case Untrusted(detail=detail, authorities=path):
            return words.text("sync.untrusted_by_file", detail=detail, path=path)
        case Intercepted(status=status, by=by, location=""):
            return words.text(f"sync.between.{by}", status=status)
        case Intercepted(location=location):
            return words.text("sync.redirected", location=location)
        case TooLarge(row=row, size=size):
            return words.text("sync.too_large", row=row, kilobytes=-(-size // 1000))
        case _:
            assert_never(outcome)
