"""``consigne-city``: the command line of the city's side. Heavy imports happen inside the commands, so that help and wrong options answer at once."""

import errno
import os
import re
import signal
import socket
import sys
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

# typer keeps these types to itself, and no other name of theirs is public
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from city.address import in_one_line, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from city.store import Store

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Example:\n\nconsigne-city serve --database sqlite:///city.db",
)

people = typer.Typer(no_args_is_help=True, help="Who may log in.", epilog="Example:\n\nconsigne-city staff add a.martin --role desk")
app.add_typer(people, name="staff")

Database = Annotated[str, typer.Option(metavar="URL", help="SQLAlchemy address of the database.")]
DATABASE = "sqlite:///city.db"


def _kiosk(name: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9-]{2,39}", name):
        _fail(WRONG_USE, "A kiosk has 3 to 40 small letters, digits and hyphens. Correct KIOSK.")
    return name


KioskName = Annotated[str, typer.Argument(help="The kiosk's name, as its configuration has it (kiosk.id).", callback=_kiosk)]
StaffName = Annotated[str, typer.Argument(help="Log-in.")]


class RoleName(StrEnum):
    """As ``staff.Role``, which would load the database's libraries for a wrong option."""

    desk = "desk"
    manager = "manager"
    technician = "technician"
    auditor = "auditor"


BY = "command line"
"""Who does what is done here, in the audit log."""

COMMANDS = ("init", "serve", "enrol", "revoke", "staff")

NUMBER = re.compile(rb"\d*\n?")

WRONG_USE = 2
NO_SERVICE = 3


def main() -> None:
    _open_closed_streams()
    # a character that the terminal's encoding lacks becomes a question mark, never an error
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    _refuse_twice(sys.argv[1:])
    try:
        code = app(standalone_mode=False)
        # what does not go out is told here; Python would tell it at its end, in its own words
        sys.stdout.flush()
    except NoArgsIsHelpError:
        # the help has been written
        sys.exit(WRONG_USE)
    except ClickException as error:
        command = " ".join(("consigne-city", *(word for word in sys.argv[1:2] if word in COMMANDS)))
        _fail(WRONG_USE, f"{error.format_message().rstrip('.?')}. See: {command} --help.")
    except OSError as error:
        _let_go_of_output()
        _fail(NO_SERVICE, f"{error.strerror or error}. Mend that, then try again.")
    sys.exit(code)


def _open_closed_streams() -> None:
    """Where one was closed (``>&-``) the null device stands in: else the next file that is opened, the database, takes its number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            # the lowest number that is free, which is this one
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def _refuse_twice(typed: list[str]) -> None:
    """The last would win, and the database be another than the one that was meant."""
    options = [word.partition("=")[0] for word in typed if word.startswith("--") and word != "--"]
    for option in options:
        if options.count(option) > 1:
            _fail(WRONG_USE, f"The option {option} is given twice. Keep one of them.")


def _let_go_of_output() -> None:
    """It may be the output that takes nothing: what waits for it would be tried, and told, once more at the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"consigne-city {version('consigne')}")
        raise typer.Exit


@app.callback()
def consigne_city(
    _version: Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and end.")] = False,
) -> None:
    """The city's side of the consigne kiosks."""


@app.command(epilog="Example:\n\nconsigne-city init --database sqlite:///city.db")
def init(database: Database = DATABASE) -> None:
    """Make the tables, or bring those of an older version up to date."""
    from city import staff

    with closing(_open(database, migrate=True)) as store:
        typer.echo(in_one_line(f"{shown(database)} is ready."))
        with store.write() as connection:
            password = staff.add(connection, "manager", staff.Role.MANAGER, _now(), BY) if staff.nobody_yet(connection) else None
    if password is not None:
        typer.echo(f"First log-in: manager, with the password {password}, which is shown this once.")


@app.command(epilog="Example:\n\nconsigne-city enrol paris-11-01 --database sqlite:///city.db")
def enrol(kiosk: KioskName, database: Database = DATABASE) -> None:
    """Make the one-time code with which a kiosk enrols its key: type it there at consigne sync enrol, within a day."""
    from city.identity import invite

    with closing(_open(database)) as store, store.write() as connection:
        code = invite(connection, kiosk, _now(), BY)
    typer.echo(code)


@app.command(epilog="Example:\n\nconsigne-city revoke paris-11-01 --database sqlite:///city.db")
def revoke(kiosk: KioskName, database: Database = DATABASE) -> None:
    """Take nothing more from a kiosk, whose key was stolen or lost, until it is enrolled anew."""
    from city.identity import revoke

    with closing(_open(database)) as store, store.write() as connection:
        ended = revoke(connection, kiosk, _now(), BY)
    typer.echo(f"{kiosk}: {ended} key{'s' if ended != 1 else ''} revoked.")


@people.command(epilog="Example:\n\nconsigne-city staff add a.martin --role desk")
def add(
    name: Annotated[str, typer.Argument(help="Log-in: 2 to 40 small letters, digits, dots and hyphens.")],
    role: Annotated[RoleName, typer.Option(help="What the person does.")],
    database: Database = DATABASE,
) -> None:
    """Make a log-in, and show its password this once."""
    from city import staff

    _staff(database, lambda connection: staff.add(connection, name, staff.Role(role), _now(), BY))


@people.command(epilog="Example:\n\nconsigne-city staff renew a.martin")
def renew(name: StaffName, database: Database = DATABASE) -> None:
    """Make a new password, and show it this once; ends the lock and the sessions."""
    from city import staff

    _staff(database, lambda connection: staff.renew(connection, name, _now(), BY))


@people.command(epilog="Example:\n\nconsigne-city staff block a.martin")
def block(name: StaffName, database: Database = DATABASE) -> None:
    """Let nobody log in under this name any more."""
    from city import staff

    _staff(database, lambda connection: staff.block(connection, name, _now(), BY))


def _staff(database: str, deed: "Callable[[Connection], str | None]") -> None:
    from city.staff import WrongStaff

    with closing(_open(database)) as store:
        try:
            with store.write() as connection:
                told = deed(connection)
        except WrongStaff as error:
            _fail(WRONG_USE, f"{error}. Correct the name.")
    if told is not None:
        typer.echo(told)


def _now() -> datetime:
    return datetime.now(UTC)


@app.command(
    epilog="Examples:\n\nconsigne-city serve\n\nconsigne-city serve --host 0.0.0.0 --port 8460 --database sqlite:////var/lib/consigne/city.db"
)
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8460,
    database: Database = DATABASE,
    demonstration: Annotated[bool, typer.Option("--demonstration", help="Take ledgers made on a simulated intake, and no others.")] = False,
    port_file: Annotated[Path | None, typer.Option(help="Where to write the port once it is open.")] = None,
) -> None:
    """Take rows from kiosks and answer for them, until a signal ends it."""
    if not host:
        _fail(WRONG_USE, "--host is empty, which would be every address of this machine. For that write 0.0.0.0.")
    if port_file is not None:
        _look_at_port_file(port_file)
    # in this order: who cannot listen has made no database
    with _listen(host, port) as listener, closing(_open(database)) as store:
        _refuse_the_other_kind(store, database, demonstration)
        if port_file is not None:
            _write_port(port_file, listener.getsockname()[1])
        typer.echo(f"Listening on http://{host}:{listener.getsockname()[1]}", err=True)
        _serve(store, listener, demonstration)


def _open(database: str, *, migrate: bool = False) -> "Store":
    from city.store import NewerTables, OlderTables, StoreError, WrongAddress, open_store

    try:
        return open_store(database, migrate=migrate)
    except OlderTables as error:
        todo = f"End every server on it, keep a copy of it, then: consigne-city init --database {shown(database)}"
        _fail(NO_SERVICE, f"The database {shown(database)} is of an older program: {error}. {todo}")
    except NewerTables as error:
        _fail(NO_SERVICE, f"The database {shown(database)} is of a newer program: {error}. Install that program here; nothing was changed.")
    except WrongAddress as error:
        _fail(WRONG_USE, f"{shown(database)} is not a database that can be opened: {error}. Correct --database.")
    except StoreError as error:
        _fail(NO_SERVICE, f"The database {shown(database)} cannot be used: {error}. Mend that, then try again.")


def _refuse_the_other_kind(store: "Store", database: str, demonstration: bool) -> None:
    """Money beside play would stand in one list of kiosks, at one desk."""
    from city.views import holds

    with store.read() as connection:
        # an older program took both into one database, which goes on as what it is asked to be
        other = holds(connection, demonstration=not demonstration) and not holds(connection, demonstration=demonstration)
    if other and demonstration:
        _fail(WRONG_USE, f"The database {shown(database)} holds real ledgers. Leave --demonstration out, or name another --database.")
    if other:
        todo = "Serve it with --demonstration, or name another --database"
        _fail(WRONG_USE, f"The database {shown(database)} holds ledgers of demonstrations. {todo}.")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except UnicodeError:
        _fail(WRONG_USE, f"Cannot listen on {host}: it is no name of a machine. Correct --host.")
    except socket.gaierror as error:
        unknown = error.errno == socket.EAI_NONAME
        todo = "Correct --host" if unknown else "Is the name server there"
        _fail(WRONG_USE if unknown else NO_SERVICE, f"Cannot listen on {host}: {error.strerror}. {todo}.")
    except OSError as error:
        wrong = error.errno in (errno.EADDRNOTAVAIL, errno.EACCES)
        todo = "Choose an address and a port of this machine" if wrong else "End the other program, or choose another --port"
        _fail(WRONG_USE if wrong else NO_SERVICE, f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}. {todo}.")


def _look_at_port_file(path: Path) -> None:
    """It will be replaced: nothing else may lie there."""
    try:
        if not path.absolute().parent.is_dir():
            _fail(
                WRONG_USE, f"Cannot write the port to {path}: there is no folder {path.absolute().parent}. Make it, or correct --port-file."
            )
        if (path.is_symlink() or path.exists()) and not (path.is_file() and NUMBER.fullmatch(path.read_bytes()[:20])):
            _fail(WRONG_USE, f"Cannot write the port to {path}: something else lies there. Choose another --port-file.")
    except OSError as error:
        _fail(WRONG_USE, f"Cannot write the port to {path}: {error.strerror}. Choose another --port-file.")


def _write_port(path: Path, port: int) -> None:
    """Whole or not at all: whoever waits for the file reads a complete number."""
    try:
        beginning = path.with_name(path.name + ".new")
        beginning.write_text(f"{port}\n")
        beginning.replace(path)
    except OSError as error:
        _fail(NO_SERVICE, f"Cannot write the port to {path}: {error.strerror}. Mend that, or choose another --port-file.")


def _serve(store: "Store", listener: socket.socket, demonstration: bool) -> None:
    import uvicorn

    from city.app import create_app
    from city.prompt import Prompt

    config = uvicorn.Config(
        create_app(store, demonstration=demonstration),
        log_level="warning",
        timeout_graceful_shutdown=5,
        server_header=False,
        http=Prompt,
    )
    # uvicorn finishes its answers, then raises the signal once more: asked to stop and stopped is a success
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _stopped)
    uvicorn.Server(config).run(sockets=[listener])


def _stopped(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _fail(code: int, sentence: str) -> NoReturn:
    typer.echo(in_one_line(sentence), err=True)
    sys.exit(code)
