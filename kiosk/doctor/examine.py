"""All checks in their order, and what each can be asked for: without a configuration that can be used, those that need none."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from config.files import NotText
from config.settings import ConfigurationError, Settings, load
from kiosk.doctor import books, metal, program, services, users
from kiosk.doctor.machine import Finding, Machine

ANYWHERE: Mapping[str, Callable[[Machine], Iterator[Finding]]] = {
    "debian": program.debian,
    "packages": program.debian_packages,
    "python packages": program.python_packages,
    "reader": program.reader,
    "material": program.material,
    "letters": program.letters,
    "words": program.words,
    "encoding": program.encoding,
    "clock": metal.clock,
    "display": metal.display,
}
INSTALLED: Mapping[str, Callable[[Machine], Iterator[Finding]]] = {
    "accounts": users.accounts,
    "who reads": users.who_reads,
    "rules": metal.rules,
    "units": services.units,
    "states": services.states,
}
"""On a machine on which ``script/install`` ran; elsewhere it says that alone."""
CONFIGURED: Mapping[str, Callable[[Machine, Settings], Iterator[Finding]]] = {
    "devices": metal.devices,
    "disk": metal.disk,
    "backups": books.backups,
    "catalogue": books.catalogue,
    "city": books.city,
}
EXAMPLE_ID, EXAMPLE_HOST = "mairie-11-hall", "consigne.example"


def examine(machine: Machine, config: Path) -> list[Finding]:
    return list(_examined(machine, config))


def _examined(machine: Machine, config: Path) -> Iterator[Finding]:
    for check in ANYWHERE.values():
        yield from check(machine)
    if not machine.installed:
        yield Finding("not_installed", machine.install, {"path": machine.program})
    else:
        for check in INSTALLED.values():
            yield from check(machine)
        yield from users.configuration_file(machine, config)
    try:
        settings = load(config)
    except (ConfigurationError, NotText, OSError) as error:
        yield Finding("configuration", _mend(machine, config), {"path": config, "error": error})
        return
    yield from _example(settings, config)
    if machine.installed:
        yield from users.folders(machine, settings)
        yield from users.files(machine, settings)
    for of_settings in CONFIGURED.values():
        yield from of_settings(machine, settings)
    yield from books.enrolment(settings, config)
    yield from books.ledger(machine, settings, config)


def _mend(machine: Machine, config: Path) -> str:
    example = machine.program / "config/example.toml"
    return f"editor {config}" if config.exists() else f"install -D -m 640 {example} {config} && editor {config}"


def _example(settings: Settings, config: Path) -> Iterator[Finding]:
    if settings.kiosk.id == EXAMPLE_ID:
        yield Finding("still_example", f"editor {config}", {"key": "kiosk.id", "found": settings.kiosk.id})
    for key, address in (("city.url", settings.city.url), ("reward.voucher_page", settings.reward.voucher_page)):
        if EXAMPLE_HOST in address:
            yield Finding("still_example", f"editor {config}", {"key": key, "found": address})
