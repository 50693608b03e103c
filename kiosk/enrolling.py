"""How the kiosk stands with the city, as the sync left it, and a code that is laid where the sync finds it. The kiosk has no network of its own."""

from config.files import Trouble, trouble_of
from config.state import Files
from kiosk.console.denials import FileFails
from kiosk.console.enrolling.vocabulary import BringCode, Enrolment, EnrolmentAction, EnrolmentTold, Known
from kiosk.console.events import ConsoleEvent, Failed
from ledger.sync.acknowledged import StateError, read_last_round
from ledger.sync.outcomes import NOT_RECOGNISED, Delivered, NotEnrolled, Refused
from ledger.sync.typed import Typed


def enrolment(files: Files, kiosk: str, action: EnrolmentAction) -> ConsoleEvent:
    """What came of an action on the two files between kiosk and sync."""
    typed = Typed(files.enrolment_code, files.enrolled)
    try:
        if isinstance(action, BringCode):
            typed.bring(action.code)
        came = typed.told()
        return EnrolmentTold(Enrolment(kiosk, _known(files), typed.waits() is not None, came.came if came is not None else None))
    except OSError as error:
        return Failed(FileFails(trouble_of(error)))
    except ValueError:
        return Failed(FileFails(Trouble.DAMAGED))


def _known(files: Files) -> Known:
    try:
        last = read_last_round(files.acknowledged)
    except StateError:
        return Known.UNSURE
    if last is None:
        return Known.UNSURE
    if last.outcome == NotEnrolled.__name__ or (last.outcome == Refused.__name__ and last.facts.get("error") in NOT_RECOGNISED):
        return Known.NO
    return Known.YES if last.outcome == Delivered.__name__ else Known.UNSURE
