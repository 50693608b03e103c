"""The machine as numbers in the text format of Prometheus, for node_exporter's textfile collector. Pure but for the writing.

Names by Prometheus' conventions: base units, ``_total`` for what only rises, ``_ratio`` from 0 to 1, ``_info`` for what is told by labels. No voucher, no visit, no agent is in it.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk.deposit.halts import Halt
from kiosk.deposit.states import Session
from kiosk.deposit.view import stopped_by


class Kind(StrEnum):
    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Metric:
    """``samples``: label names and values, and the number."""

    name: str
    kind: Kind
    help: str
    samples: tuple[tuple[tuple[tuple[str, str], ...], float], ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What of the machine the session does not know: since when the program runs, and its disk and log in bytes."""

    kiosk: str
    program: str
    started_s: float
    disk_free: int
    disk_size: int
    log: int


def metrics_of(session: Session, around: Around) -> tuple[Metric, ...]:
    """Of a controller that tells nothing no old number is told as new."""
    stopped = stopped_by(session)
    why = stopped.halt if stopped is not None else None
    return (
        _told("consigne_info", "Which kiosk, and which program it runs.", 1, kiosk=around.kiosk, version=around.program),
        _told("consigne_start_time_seconds", "When the program started, since the epoch.", around.started_s),
        Metric(
            "consigne_halted",
            Kind.GAUGE,
            "Whether the machine takes nothing, by the halt that stands.",
            tuple(((("halt", halt.value),), float(halt is why)) for halt in Halt),
        ),
        _told("consigne_visit_open", "Whether a visit is under way.", float(session.visit is not None)),
        _told("consigne_link_up", "Whether the intake controller answers.", float(session.linked)),
        _told("consigne_camera_up", "Whether usable pictures come.", float(session.camera_lost is None)),
        _told("consigne_ledger_up", "Whether the ledger writes.", float(session.ledger_lost is None)),
        _told("consigne_disk_free_bytes", "Free room where the ledger lies.", around.disk_free),
        _told("consigne_disk_size_bytes", "The size of that file system.", around.disk_size),
        _told("consigne_log_size_bytes", "The technical log, all months.", around.log),
        *(_of_the_controller(session) if session.linked else ()),
    )


def _of_the_controller(session: Session) -> Iterator[Metric]:
    hot = session.hot
    if hot is None:
        return
    bins = tuple(
        ((("bin", str(bin)), ("material", material.value)), hot.bin_percent[bin - 1] / 100) for material, bin in session.rules.bins.items()
    )
    yield _told("consigne_service_door_open", "Whether the service door is open.", float(hot.door_open))
    yield _told("consigne_fault", "Whether the controller tells a fault, and which.", float(bool(hot.fault)), fault=hot.fault.name.lower())
    yield Metric("consigne_bin_full_ratio", Kind.GAUGE, "How full a bin is.", bins)
    yield Metric("consigne_items_total", Kind.COUNTER, "Items that fell since the controller was made.", (((), float(hot.totaliser)),))
    yield Metric("consigne_controller_starts_total", Kind.COUNTER, "Starts of the controller.", (((), float(hot.boots)),))


def exposition(metrics: Sequence[Metric]) -> str:
    """The text format, version 0.0.4."""
    lines: list[str] = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
        for labels, value in metric.samples:
            told = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels)
            lines.append(f"{metric.name}{f'{{{told}}}' if told else ''} {_number(value)}")
    return "\n".join((*lines, ""))


def write_atomically(path: Path, text: str) -> None:
    """Whoever reads sees the old file or the new one. Everybody may read it: nothing in it is secret. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            # whatever the umask of the kiosk, which shuts everybody else out of its other files
            os.fchmod(stream.fileno(), 0o644)
            stream.write(text)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _told(name: str, words: str, value: float, **labels: str) -> Metric:
    return Metric(name, Kind.GAUGE, words, ((tuple(labels.items()), float(value)),))


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3f}"


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
