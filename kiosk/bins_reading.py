"""What the ledger says of the bins over all its generations, and whether the technical log has seen the door open. Reads files and writes none."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from config.state import Files
from config.vocabulary import Bin
from kiosk.console.told import BinsLook, Unweighed
from kiosk.console.weighing import Tolerance
from kiosk.deposit.notes import NoteKind
from kiosk.log_reading import last_of
from ledger import bins
from ledger.bins import Emptying
from ledger.database import reading
from ledger.vocabulary import LedgerError

CARRIERS = 3
"""Those who came last are offered."""


def look_at_bins(files: Files, archives: Sequence[str], wanted: Sequence[Bin], tolerance: Tolerance) -> BinsLook:
    """``archives``: file names of earlier generations, the newest first; the slip of an emptying may stand in a later one. Raises LedgerError, OSError."""
    with reading(files.ledger) as connection:
        contents = tuple(bins.content(connection, bin) for bin in wanted)
        emptyings, waiting, slips = list(bins.emptyings(connection)), bins.unweighed(connection), bins.slips(connection)
    unread = []
    for archive in archives:
        try:
            with reading(files.state / archive) as connection:
                older, their_slips = bins.emptyings(connection), bins.slips(connection)
        except LedgerError:
            unread.append(archive)
            continue
        emptyings[:0] = older
        slips |= their_slips
    weighed = [replace(one, weighed=slips.get((one.content.bin, one.content.n), one.weighed)) for one in emptyings]
    known = {(one.content.bin, one.content.n): one for one in weighed}
    names = [(Bin(int(bin)), int(n)) for _, bin, n in (subject.split(":") for subject in waiting)]
    return BinsLook(
        contents,
        tuple(reversed(weighed)),
        tuple(Unweighed(bin, n, known.get((bin, n))) for bin, n in names),
        _doors(files, wanted, weighed),
        tuple(dict.fromkeys(one.handing.carrier for one in reversed(weighed)))[:CARRIERS],
        tolerance,
        tuple(unread),
    )


def _doors(files: Files, wanted: Sequence[Bin], emptyings: Iterable[Emptying]) -> tuple[Bin, ...]:
    """Bins since whose last emptying the service door was seen open."""
    seen, last = last_of(files.state, NoteKind.DOOR_OPENED), {one.content.bin: one.at for one in emptyings}
    return tuple(bin for bin in wanted if seen is not None and (bin not in last or last[bin] < seen))
