"""``consigne ledger``: begin, balance, entries, verify, export. All but ``begin`` only read, and may do so while the kiosk runs.

Every command of ``consigne`` loads this file; what opens a ledger is loaded by those that do.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, examples, load
from commands.terminal import console, table
from commands.usage import WrongValue
from config.files import WRONG_NAME
from config.printable import json_line, printable
from config.vocabulary import Cents
from kiosk.failures import WrongArgument
from ledger.kinds import KINDS, Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ledger.beside import Anchor

app = typer.Typer(
    no_args_is_help=True,
    help="Le registre. / The ledger.",
    epilog=examples("consigne ledger verify", "consigne ledger export csv --ledger ledger.db"),
)

LedgerOption = Annotated[
    Path | None,
    typer.Option("--ledger", help="Fichier du registre, sinon celui de la configuration / ledger file, else the configuration's."),
]
MOST = 2**63 - 1
"""The largest number that SQLite has."""

JsonOption = Annotated[bool, typer.Option("--json", help="En JSON / as JSON.")]


def path_of(ledger: Path | None, config: Path) -> Path:
    """The ledger that was named, or the configuration's."""
    return ledger if ledger is not None else load(config).files.ledger


@contextmanager
def opened(ledger: Path | None, config: Path) -> "Iterator[Connection]":
    """A snapshot of the ledger. Raises WrongArgument for a file that was named here and is none, and LedgerError."""
    from ledger.database import reading

    with known(ledger), reading(path_of(ledger, config)) as connection:
        yield connection


@contextmanager
def known(ledger: Path | None) -> Iterator[None]:
    """Raises WrongArgument for a file that was named here and is none."""
    from ledger.vocabulary import LedgerUnavailable, NoLedger, WrongFile

    try:
        yield
    except (NoLedger, WrongFile, LedgerUnavailable) as error:
        if error.trouble in WRONG_NAME if isinstance(error, LedgerUnavailable) else ledger is not None:
            raise WrongArgument(error) from error
        raise


def print_json(value: object) -> None:
    """One line for programs."""
    typer.echo(json_line(value))


@app.command(
    "begin",
    epilog=examples(
        "consigne ledger begin --by mairie --why 'mise en service'",
        "consigne ledger begin --by mairie --why 'nouveau contrôleur' --succeeding",
    ),
)
def begin_command(
    by: Annotated[str, typer.Option("--by", help="Qui commence ce registre / who begins it.")],
    why: Annotated[str, typer.Option("--why", help="Pourquoi / why.")],
    config: ConfigOption = DEFAULT,
    succeeding: Annotated[
        bool, typer.Option("--succeeding", help="Le registre présent devient une archive / the present one is archived.")
    ] = False,
    restored: Annotated[
        bool,
        typer.Option(
            "--restored",
            help="Le registre présent est une copie remise : ses bons demandent deux agents / it was restored from a copy: its vouchers need two agents.",
        ),
    ] = False,
    clock_was_wrong: Annotated[
        str | None,
        typer.Option(
            "--clock-was-wrong",
            metavar="RAISON / REASON",
            help="Pourquoi le registre présent a des heures à venir / why the present ledger has times to come.",
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Commence un registre sur le contrôleur branché. / Begins a ledger on the controller that is connected."""
    from kiosk.begin import begin_ledger

    begun = begin_ledger(load(config), by, why, succeeding, clock_was_wrong, restored)
    if json:
        print_json({"archive": begun.archive, "date_known": begun.date_known, **asdict(begun.generation)})
        return
    words = chosen()
    typer.echo(words.text("ledger.begun", kiosk=begun.generation.kiosk, controller=f"{begun.generation.controller_id:016x}"))
    if begun.archive is not None:
        typer.echo(words.text("ledger.archived", path=begun.archive))
    if begun.generation.demonstration:
        typer.echo(words.text("ledger.demonstration"))
    if not begun.date_known:
        typer.echo(words.text("ledger.date_unknown"))


@app.command(epilog=examples("consigne ledger balance", "consigne ledger balance --json"))
def balance(config: ConfigOption = DEFAULT, ledger: LedgerOption = None, json: JsonOption = False) -> None:
    """Soldes, bouteilles par jour et matière, dons par association. / Balances, bottles by day and material, gifts by association."""
    from ledger.views import balances, gifts, head, totals

    with opened(ledger, config) as connection:
        sums, days, given, newest = balances(connection), totals(connection), gifts(connection), head(connection)
    if json:
        by_day = [{"day": t.day, "material": t.material, "bottles": t.bottles, "cents": t.cents} for t in days]
        balanced = {a.value: c for a, c in sums.items()}
        by_association = [asdict(one) for one in given]
        print_json({"row": newest.row, "hash": newest.hash, "balances": balanced, "days": by_day, "gifts": by_association})
        return
    words, out = chosen(), console()
    accounts = table(words.text("ledger.account"), words.text("ledger.balance"))
    for account, cents in sums.items():
        accounts.add_row(words.text(f"account.{account.value}"), words.amount(cents))
    out.print(accounts, soft_wrap=False)
    bottles = table(words.text("ledger.day"), words.text("ledger.material"), words.text("ledger.bottles"), words.text("ledger.amount"))
    for total in days:
        bottles.add_row(words.day(total.day), words.text(f"material.{total.material.value}"), str(total.bottles), words.amount(total.cents))
    out.print(bottles, soft_wrap=False)
    if given:
        to = table(words.text("ledger.association"), words.text("ledger.gifts"), words.text("ledger.amount"))
        for one in given:
            to.add_row(printable(one.name or words.text("ledger.no_association")), str(one.count), words.amount(one.cents))
        out.print(to, soft_wrap=False)


@app.command(
    "entries",
    epilog=examples(
        "consigne ledger entries --limit 20", "consigne ledger entries --visit 2026-11-24/0417", "consigne ledger entries --json"
    ),
)
def entries_command(
    config: ConfigOption = DEFAULT,
    ledger: LedgerOption = None,
    after: Annotated[int, typer.Option("--after", min=0, max=MOST, help="Après cette ligne / after this row.")] = 0,
    limit: Annotated[int | None, typer.Option("--limit", min=1, max=MOST, help="Autant de lignes / so many rows.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind")] = None,
    visit: Annotated[str | None, typer.Option("--visit", help="2026-11-24/0417")] = None,
    json: JsonOption = False,
) -> None:
    """Les écritures, dans l'ordre. / The entries, in order."""
    from ledger.export import paris
    from ledger.views import entries

    words, out = chosen(), console()
    titles = (words.text(f"ledger.{name}") for name in ("row", "booked", "kind", "visit", "amount"))
    rows = table(*titles)
    with opened(ledger, config) as connection:
        for entry in entries(connection, after, limit, kind, visit):
            if json:
                print_json({**entry._asdict(), "postings": [posting._asdict() for posting in entry.postings]})
                continue
            moved = sum(posting.cents for posting in entry.postings if posting.cents > 0)
            amount = words.amount(Cents(moved)) if moved else ""
            booked = paris(entry.booked) + ("" if entry.trusted else " ?")
            what = words.text(f"kind.{entry.kind}") if entry.kind in KINDS else printable(entry.kind)
            rows.add_row(str(entry.row), booked, what, printable(entry.visit or ""), amount)
    if not json:
        out.print(rows, soft_wrap=False)


@app.command(
    "verify",
    epilog=examples(
        "consigne ledger verify", f"consigne ledger verify --anchor 1207:{'5e' * 32}", "consigne ledger verify --ledger ledger.db --json"
    ),
)
def verify_command(
    context: typer.Context,
    config: ConfigOption = DEFAULT,
    ledger: LedgerOption = None,
    anchor: Annotated[
        list[str] | None,
        typer.Option("--anchor", metavar="ROW:HASH", help="Témoin gardé ailleurs, plusieurs fois / kept elsewhere, repeatable."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Vérifie chaîne, sommes, bons, signatures, et demande à qui sait. / Checks chain, sums, vouchers, signatures, and asks who knows."""
    from kiosk.verifying import check
    from kiosk.words.reports import tell_verified

    anchors = [_anchor(text) for text in anchor or ()]
    source = context.get_parameter_source("config")
    named = source is not None and source.name == "COMMANDLINE"
    kiosk = load(config).kiosk.id if ledger is None or named else None
    path = path_of(ledger, config)
    with known(ledger):
        checked = check(path, kiosk, anchors)
    newest, findings, answers = checked.newest, checked.findings, checked.answers
    if json:
        print_json(
            {
                "row": newest.row,
                "hash": newest.hash,
                "findings": [asdict(finding) for finding in findings],
                "asked": answers.asked,
                "mark_unread": answers.unread,
            }
        )
    else:
        for line in tell_verified(path, newest, findings, answers, chosen()):
            typer.echo(line)
    raise typer.Exit(1 if findings else 0)


def _anchor(text: str) -> "Anchor":
    from ledger.beside import Anchor

    try:
        return Anchor.read(text)
    except ValueError as error:
        raise WrongValue("--anchor", text, "ROW:HASH") from error


@app.command("close", epilog=examples("consigne ledger close", "consigne ledger close --json"))
def close_command(config: ConfigOption = DEFAULT, json: JsonOption = False) -> None:
    """Clôt les jours finis, là où aucun kiosque ne tourne. / Closes the days that have ended, where no kiosk runs."""
    from datetime import date

    from kiosk.desk import open_for_desk

    with open_for_desk(load(config), "close") as (journal, clock):
        closures = journal.desk.close_days(clock.now())
    if json:
        print_json(list(closures))
        return
    words = chosen()
    for closure in closures:
        day = words.day(date.fromisoformat(str(closure["day"])))
        typer.echo(words.text("ledger.day_closed", n=closure["n"], day=day, first=closure["first"], last=closure["last"]))
    if not closures:
        typer.echo(words.text("ledger.nothing_to_close"))


class Form(StrEnum):
    CSV = "csv"
    JOURNAL = "journal"


@app.command(epilog=examples("consigne ledger export csv > ledger.csv", "consigne ledger export journal > ledger.journal"))
def export(form: Form, config: ConfigOption = DEFAULT, ledger: LedgerOption = None) -> None:
    """Écrit le registre sur stdout : csv pour tableur, journal pour hledger. / Writes the ledger to stdout."""
    from ledger.export import write_csv, write_journal

    write = write_csv if form is Form.CSV else write_journal
    if sys.stdout is None:
        # closed by whoever started this
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    # line ends are the form's own, whatever the terminal would make of them
    with (
        opened(ledger, config) as connection,
        open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as stream,
    ):
        write(connection, stream)
