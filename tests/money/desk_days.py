"""A kiosk's days with everything in them that the desk does: what the frozen ledgers, verify, the city and the exports are tried on."""

from config.vocabulary import Bin, Cents, Material, SequenceNumber
from ledger.bins import Destination, Handing
from ledger.kinds import Account
from ledger.vocabulary import Cause, Ending
from money.ledgers import Kiosk

NOBODYS = SequenceNumber(0)
HANDING = Handing("S-1042", Destination.RECYCLER, "agent 31", door_seen=True)
DAY_S = 24 * 3600


def desk_day(kiosk: Kiosk) -> None:
    """One of each of the desk's kinds but a closure, which comes with the next day."""
    desk = kiosk.journal.desk
    visit = kiosk.visit_of(2)
    lost = lose(kiosk, visit)
    kiosk.journal.book(kiosk.journal.books.totaliser + 1, NOBODYS, kiosk.now())
    left = kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, kiosk.now())
    kiosk.journal.mark_shown(left.code, kiosk.now())
    granted = desk.grant(
        [f"sort:{lost}@{generation(kiosk)}", f"totaliser:{kiosk.journal.books.totaliser}", f"visit:{visit}:1"], "7", "jam", kiosk.now()
    )
    desk.reveal(left.code, "7", kiosk.now(), by_number=True, asked="bottles", fitted=True)
    for _ in range(2):
        desk.print_begins(left.code, kiosk.now(), "7")
    desk.pay(left.link, "7", kiosk.now())
    desk.pay(granted.code, "8", kiosk.now())
    content = desk.empty(Bin(1), HANDING, "7", kiosk.now())
    desk.weigh(Bin(1), content.n, content.grams + 40, "8", kiosk.now())
    desk.correct(kiosk.rows(), Account.DESK, Account.GIFTS, Cents(20), "paid from the wrong till", "7", "8", kiosk.now())


def lose(kiosk: Kiosk, visit: str, material: Material = Material.GLASS) -> int:
    """A bottle that fell and that nobody counted; its sequence."""
    intent = kiosk.intent(visit, material=material)
    kiosk.journal.intend(intent, kiosk.now())
    kiosk.journal.end(intent.sequence, Ending.UNCOUNTED, kiosk.now())
    return intent.sequence


def generation(kiosk: Kiosk) -> str:
    """As a bottle's name has it."""
    with kiosk.journal._writer.transaction() as connection:
        return str(connection.exec_driver_sql("SELECT substr(hash, 1, 8) FROM entry WHERE row = 1").scalar_one())


def days(kiosk: Kiosk, number: int = 2) -> None:
    """So many days, the last one not closed yet."""
    for _ in range(number):
        desk_day(kiosk)
        kiosk.clock.advance(DAY_S)
        kiosk.journal.desk.close_days(kiosk.now())
