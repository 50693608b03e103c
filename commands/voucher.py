"""``consigne voucher``: what a voucher is, and paying it where no kiosk runs. What nobody pays says why, and ends with 1; what is no code at all with 2.

A running kiosk owns its ledger: it pays at its console. Here the agent's PIN is not asked for, for whoever can write the ledger here has the kiosk's key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.ledger import JsonOption, LedgerOption, opened, path_of, print_json
from commands.options import DEFAULT, ConfigOption, examples, load
from kiosk.failures import WrongArgument

if TYPE_CHECKING:
    from ledger.claims import Found

app = typer.Typer(
    no_args_is_help=True,
    help="Les bons. / The vouchers.",
    epilog=examples("consigne voucher show 7KQP-2MZD-9FHW-X3TAC", "consigne voucher pay 7KQP-2MZD-9FHW-X3TAC --agent 101"),
)

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="Code du bon, ou le lien de son QR / its code, or its QR's link.")]


@app.command("show", epilog=examples("consigne voucher show 7KQP-2MZD-9FHW-X3TAC", "consigne voucher show 7KQP2MZD9FHWX3TAC --json"))
def show_command(code: CodeArgument, config: ConfigOption = DEFAULT, ledger: LedgerOption = None, json: JsonOption = False) -> None:
    """La somme d'un bon, et s'il est à payer. / A voucher's sum, and whether it is to be paid."""
    from config.system import AssumedClock
    from kiosk.words.errors import explain
    from ledger.claims import find
    from ledger.vocabulary import VoucherRefused

    with _refusals(), opened(ledger, config) as connection:
        found = find(connection, path_of(ledger, config), code)
    refusal = found.refusal(AssumedClock().now().day())
    if json:
        print_json({**asdict(found), "refusal": refusal})
    else:
        _tell(found)
        if refusal is None:
            typer.echo(chosen().text("ledger.voucher_payable"))
        else:
            typer.echo(explain(VoucherRefused(refusal, found.code, valid_until=found.valid_until, payment=found.paid), chosen()))
    raise typer.Exit(0 if refusal is None else 1)


@app.command("pay", epilog=examples("consigne voucher pay 7KQP-2MZD-9FHW-X3TAC --agent 101"))
def pay_command(
    code: CodeArgument,
    agent: Annotated[str, typer.Option("--agent", help="Numéro de qui paie / number of who pays.")],
    second: Annotated[str | None, typer.Option("--second", help="Deuxième agent, si le bon est douteux / for a doubtful voucher.")] = None,
    why: Annotated[str | None, typer.Option("--why", help="Le motif, avec un deuxième agent / the reason, with a second agent.")] = None,
    config: ConfigOption = DEFAULT,
    json: JsonOption = False,
) -> None:
    """Paie un bon, une fois, là où aucun kiosque ne tourne. / Pays a voucher, once, where no kiosk runs."""
    from kiosk.desk import agent_of_the_desk, open_for_desk
    from ledger.vocabulary import SecondNeeded
    from ledger.vouchers import grouped

    settings = load(config)
    for number in (agent, second):
        if number is not None:
            agent_of_the_desk(settings, number)
    with open_for_desk(settings, "pay") as (journal, clock), _refusals():
        try:
            paid = journal.desk.pay(code, agent, clock.now(), second, why)
        except SecondNeeded as error:
            raise WrongArgument(error) from error
    if json:
        print_json({**asdict(paid), "at": paid.at.isoformat()})
        return
    words = chosen()
    typer.echo(words.text("ledger.voucher_paid", code=grouped(paid.code), amount=words.amount(paid.amount), agent=paid.agent, row=paid.row))


@contextmanager
def _refusals() -> Iterator[None]:
    """A voucher that is refused is a finding, told on stderr; what is no code is wrong use."""
    from kiosk.words.errors import explain
    from ledger.vocabulary import Refusal, VoucherRefused

    try:
        yield
    except VoucherRefused as error:
        if error.why is Refusal.NO_CODE:
            raise WrongArgument(error) from error
        typer.echo(explain(error, chosen()), err=True)
        raise typer.Exit(1) from error


def _tell(found: "Found") -> None:
    from ledger.vouchers import grouped

    words = chosen()
    facts = {"code": grouped(found.code), "amount": words.amount(found.amount), "valid_until": words.day(found.valid_until)}
    if found.visit is None:
        typer.echo(words.text("ledger.voucher_listed", **facts))
    else:
        typer.echo(words.text("ledger.voucher_shown", visit=found.visit, **facts))
