"""systemd's units: there, those of this program, switched on, running."""

from collections.abc import Iterator

from kiosk.doctor.machine import Finding, Machine

UNITS = (
    "consigne-kiosk.service",
    "consigne-out-of-service.service",
    "consigne-sync.service",
    "consigne-twin.service",
    "consigne-twin.socket",
    "consigne-backup.service",
    "consigne-backup.timer",
)
ENABLED = ("consigne-kiosk.service", "consigne-sync.service", "consigne-backup.timer")


def units(machine: Machine) -> Iterator[Finding]:
    for unit in UNITS:
        installed = machine.vendor / "systemd/system" / unit
        if not installed.exists() or installed.read_bytes() != (machine.program / "systemd" / unit).read_bytes():
            yield Finding("unit_differs", machine.install, {"unit": unit})


def states(machine: Machine) -> Iterator[Finding]:
    for unit in ENABLED:
        if machine.ask(["systemctl", "is-enabled", unit]).said.strip() != "enabled":
            yield Finding("unit_disabled", f"systemctl enable {unit}", {"unit": unit})
    if not machine.booted:
        return
    for unit in ENABLED:
        said = machine.ask(["systemctl", "is-active", unit]).said.strip()
        if said not in {"active", "activating"}:
            yield Finding(
                "unit_not_running", f"systemctl reset-failed {unit}; systemctl restart {unit}", {"unit": unit, "state": said or "–"}
            )
