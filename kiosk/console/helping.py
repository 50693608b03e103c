"""The steps of helping a visitor: a visit found by its number and explained, a refusal contested, a sum claimed, a bottle credited by hand, a code shown.

::

    number ──▶ visits ──▶ visit ──a refusal──▶ explained ──contested──▶ upheld, or wrong ─┐
    code ──▶ what it means  │                                                             ▼
                            ├──a bottle that was not counted───────────────▶ sure? ──▶ credited by hand ─┐
                            └──its sum──▶ what the claimant says ──fits──▶ revealed ──────────────────────┴──▶ shown at the glass, or paid

What the claimant is asked stands nowhere on the glass before the answer (``concealed``): they stand before it, too.
"""

from dataclasses import replace

from config.vocabulary import NO_CENTS
from kiosk.console.actions import ClaimVoucher, FindVisits, GrantBottles, ReadVisit
from kiosk.console.events import (
    ClaimAnswered,
    ClaimAsked,
    Claimed,
    ContestJudged,
    GrantAsked,
    Granted,
    HelpSought,
    ItemPicked,
    NotClaimed,
    NotGranted,
    NotNow,
    ShowAsked,
    VisitPicked,
    VisitRead,
    VisitsFound,
)
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console, Helping
from kiosk.console.told import Outcome
from kiosk.console.working import Step, does
from kiosk.deposit.halts import Halt
from kiosk.deposit.notes import Note, NoteKind
from kiosk.visit_reading import Refusing, SeenVisit

Asked = HelpSought | VisitPicked | ItemPicked | ContestJudged | GrantAsked | ClaimAsked | ClaimAnswered | NotNow | ShowAsked
Told = VisitsFound | VisitRead | Claimed | NotClaimed | Granted | NotGranted

VISIT_DIGITS = 4
MOST_BOTTLES = 9_999
"""That somebody may say."""

LOST, REFUSED_WRONGLY = "not counted", "refused wrongly"
"""Why bottles are credited by hand, as it stands in the ledger."""


def asked(console: Console, face: AtWork, event: Asked) -> Step:
    """What the agent asks for. Nothing is begun while the ledger writes."""
    here = face.helping
    if here.writing:
        return console, ()
    match event:
        case HelpSought(typed):
            return _sought(console, face, typed.strip())
        case VisitPicked(visit):
            return does(console, _helping(face, Helping(here.typed, visits=here.visits)), ReadVisit(visit))
        case ItemPicked(refusal):
            return does(console, _helping(face, replace(_quiet(here), refusal=refusal)))
        case ContestJudged(outcome) if may(face.agent.role, Deed.CONTEST):
            return _contested(console, face, outcome)
        case GrantAsked(bottles, sure) if may(face.agent.role, Deed.GRANT):
            return _granting(console, face, bottles, sure=sure)
        case ClaimAsked() if here.conceals and may(face.agent.role, Deed.CLAIM):
            return does(console, _helping(face, replace(_quiet(here), asking=True)))
        case ClaimAnswered(bottles) if here.asking and here.visit is not None and 0 <= bottles <= MOST_BOTTLES:
            face = _helping(face, replace(_quiet(here), asking=True, writing=True))
            return does(console, face, ClaimVoucher(here.visit.record.id, bottles, face.agent.number))
        case NotNow():
            return does(console, _helping(face, _quiet(here)))
        case ShowAsked(shown) if here.voucher is not None:
            return does(console, _helping(face, replace(here, shown=shown)))
        case _:
            return console, ()


def told(console: Console, face: AtWork, event: Told) -> Step:
    """What ledger and log say, unless somebody else is helped by now."""
    here = face.helping
    visit = here.visit.record.id if here.visit is not None else None
    match event:
        case VisitsFound(number, visits, missing) if number == here.typed and here.visit is None:
            face = _helping(face, replace(here, visits=visits, missing=missing))
            return replace(console, face=face), (ReadVisit(visits[0]),) if len(visits) == 1 else ()
        case VisitRead(seen) if here.visits is not None and seen.record.id in here.visits and visit in (None, seen.record.id):
            return replace(console, face=_helping(face, replace(here, visit=seen))), ()
        case Claimed(of, voucher) if of == visit and here.writing:
            done = replace(here, writing=False, asking=voucher is None, misfit=voucher is None, voucher=voucher)
            return replace(console, face=_helping(face, done)), ()
        case NotClaimed(of, refused) if of == visit and here.writing:
            return replace(console, face=_helping(face, replace(_quiet(here), refused=refused))), ()
        case Granted(bottles, voucher) if bottles == here.granting and here.writing and here.visit is not None:
            done = replace(_quiet(here), visit=_credited(here.visit, bottles, voucher.visit), voucher=voucher, refusal=None)
            return replace(console, face=_helping(face, done)), ()
        case NotGranted(bottles, why) if bottles == here.granting and here.writing:
            return replace(console, face=_helping(face, replace(_quiet(here), ungranted=why))), ()
        case _:
            return console, ()


def grantable(seen: SeenVisit) -> tuple[str, ...]:
    """What fell in the visit and was neither counted nor credited by hand, in one go."""
    return tuple(bottle.name for bottle in seen.lost if bottle.amount and not bottle.granted)


def opened(helping: Helping) -> Refusing | None:
    """The refusal that stands open."""
    refused = helping.visit.refused if helping.visit is not None else ()
    return next((it for it in refused if it.n == helping.refusal), None)


def concealed(helping: Helping) -> Helping:
    """As it may stand on the glass: without what a claimant is to be asked."""
    seen = helping.visit
    if not helping.conceals or seen is None or seen.voucher is None:
        return helping
    record = replace(seen.record, bottles=0, cents=NO_CENTS, code=None, items=())
    voucher = replace(seen.voucher, amount=NO_CENTS, code="", signature="")
    return replace(helping, visit=replace(seen, record=record, voucher=voucher))


def _sought(console: Console, face: AtWork, typed: str) -> Step:
    """Four digits are a visit's number, anything else may be a code of the visitor's screen."""
    if len(typed) == VISIT_DIGITS and typed.isdecimal() and typed.isascii():
        return does(console, _helping(face, Helping(typed)), FindVisits(typed))
    halt = next((halt for halt in Halt if halt.code == typed.upper()), None)
    return does(console, _helping(face, Helping(typed, halt, None if halt is not None or not typed else ())))


def _contested(console: Console, face: AtWork, outcome: Outcome) -> Step:
    refusing, seen = opened(face.helping), face.helping.visit
    if refusing is None or seen is None or refusing.granted:
        return console, ()
    refused = tuple(replace(it, outcome=outcome.value) if it is refusing else it for it in seen.refused)
    note = Note(NoteKind.CONTESTED, {"agent": face.agent.number, "visit": seen.record.id, "refusal": refusing.n, "outcome": outcome.value})
    console, actions = does(
        console, _helping(face, replace(_quiet(face.helping), visit=replace(seen, refused=refused), refusal=refusing.n))
    )
    return console, (note, *actions)


def _granting(console: Console, face: AtWork, bottles: tuple[str, ...], *, sure: bool) -> Step:
    """Those that were lost, all at once; or one that was refused, once the desk has found that wrong."""
    here = face.helping
    refusing = opened(here)
    wrongly = refusing is not None and refusing.outcome == Outcome.WRONG and not refusing.granted and bottles == (refusing.bottle,)
    if here.visit is None or not bottles or not (wrongly or bottles == grantable(here.visit)):
        return console, ()
    writing = sure and here.granting == bottles
    face = _helping(face, replace(_quiet(here), refusal=here.refusal, granting=bottles, writing=writing))
    why = REFUSED_WRONGLY if wrongly else LOST
    return does(console, face, *((GrantBottles(bottles, face.agent.number, why),) if writing else ()))


def _credited(seen: SeenVisit, bottles: tuple[str, ...], visit: str) -> SeenVisit:
    return replace(
        seen,
        lost=tuple(replace(it, granted=True) if it.name in bottles else it for it in seen.lost),
        refused=tuple(replace(it, granted=True) if it.bottle in bottles else it for it in seen.refused),
        by_hand=(*seen.by_hand, visit),
    )


def _quiet(helping: Helping) -> Helping:
    """Without what was asked or told last."""
    return replace(helping, refusal=None, asking=False, granting=(), writing=False, misfit=False, refused=None, ungranted=None, shown=False)


def _helping(face: AtWork, helping: Helping) -> AtWork:
    return replace(face, failing=None, helping=helping)
