"""One line syntax of people and faults: for scenario files, for the twin's standard input, for whoever drives a demonstration.

Lines to values; who carries them out is ``people.py`` and ``breaking.py``. Words as in a shell (quotes, ``#`` for a remark), one line each::

    put ITEM [roll DEG] [weighing G] [with ITEM]
                                      a person waits for the open gate and puts ITEM in, turned by DEG (without, the seed decides),
                                      one that weighs G grams (without, what its kind weighs), with a second one in the same hand
    reach MS                          a person reaches into the open gate for MS and takes hand and bottle out again
    wait MS                           the next line waits so long
    pull                              a person takes out what lies in the chamber, if the gate is not shut; else nothing happens
    hand MS                           a hand stays in the gate for MS when it next begins to shut
    leave N                           the next N times that the gate opens on an item, nobody takes it
    fish half|beam                    the next item that leaves the chamber is on a line: pulled up from above, or out of, the drop beam
    door open|shut                    the service door
    remove                            a technician takes out what lies in the chamber or is caught, if the door is open
    drop                              a technician opens the flap by hand for 400 ms, if the door is open

    jam N                             the next N times that the flap opens under an item, the item stays (one Sort opens it up to 3 times)
    jam half [MS]                     the next item that leaves the chamber sticks in the flap's way; for MS, or until it is removed
    jam beam [MS]                     the next item that leaves the chamber hangs in the drop beam, likewise
    gate|flap|sorter blocked          it does not move and draws too much current
    gate|flap|sorter dead             it does not move and draws none
    gate|flap|sorter slow MS          its whole travel takes MS
    gate|flap|sorter right            it moves as it should
    gate|flap forced MS               somebody holds it open by force for MS
    gate obstacle N                   the next N times that the gate shuts, something that no beam sees stops it half way
    sensor NAME stuck on|off          NAME: occupied, metal, gate_shut, gate_open, entry_beam, drop_beam, flap_locked or door_open
    sensor NAME flicker [MS]          wrong for MS (50 if not said), right for MS, and so on
    sensor NAME right
    scale drift DRIFT                 the scale shows DRIFT grams more, or less; 0 is right
    bin BIN PERCENT                   somebody emptied or filled a bin; what falls comes on top
    supply MV [MS]                    the supply's voltage, for MS or until the next; 12000 is right, below 6000 the controller is dark
    mechanics standard|instant        the times of the metal and of its people
    mechanics TIME MS                 one of them: gate_open_ms, gate_shut_ms, settle_ms, sorter_turn_ms, flap_open_ms, fall_ms,
                                      flap_shut_ms, put_in_ms or take_out_ms
    reset MS                          the controller is without current for MS; the metal goes on without it
    reset at gate|fall|beam|lock MS   when the gate is next half shut on an item, or the next item has left the chamber, is in the drop
                                      beam, has passed it and the flap has locked
    camera sheet left|middle|right|away       somebody holds what was printed last, or a code of its own, under the camera
    camera black|bright|blurred|frozen|off|swapped|right
    printer paper enough|low|out [after N]    its roll, at once or when so many rows more are printed
    printer cover open|shut [after N]         its cover, likewise
    printer plug in|out [after N]     its plug, likewise: what it was printing is torn off
    printer silent|garbage|right      it answers nothing, or noise

    line lose N                       the next N requests never reach the controller
    line double N                     the next N requests reach the controller twice, and both are answered
    line mute N                       the next N requests reach the controller, and their answers nobody
    line late MS [N]                  the next N answers (one if not said) come MS milliseconds late
    line garble N                     the next N answers arrive with a bit changed
    line drop N                       … without a byte of theirs
    line twice N                      … with a byte of theirs doubled
    line short N                      … without their second half
    line lose|double|mute|garble|drop|twice|short rate PERMILLE    this share of all, from now on; 0 ends it
    line late MS rate PERMILLE
    line noise PERMILLE               of all bytes, both ways, this share has a bit changed, gets lost or comes twice; 0 ends it
    line right                        all of it ends

In a file each line acts as soon as the one before it is done; a ``put`` is done when its item lies in the chamber, a ``reach``
when the hand is out, a ``wait`` when its time is over. On standard input these three take their place behind those that wait, all else acts at once.
"""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from config.files import read_text
from config.told import WrongUse
from drivers.twin import grammar
from drivers.twin.actions import Action, Put


class ScenarioWrong(WrongUse):
    """``line`` counts from 1 in ``source``, a file or the standard input."""

    def __init__(self, source: str, line: int, found: str, allowed: str) -> None:
        super().__init__(f"{source}, line {line}: found {found}, allowed is {allowed}")
        self.source = source
        self.line = line
        self.found = found
        self.allowed = allowed


def read_file(path: Path, items: Collection[str]) -> tuple[Action, ...]:
    """The actions of a scenario file; every line is checked before any acts. Raises ScenarioWrong, NotText, or OSError."""
    actions = read_lines(read_text(path).splitlines(), str(path), items)
    return tuple(replace(action, scenario=True) if isinstance(action, Put) else action for action in actions)


def read_lines(lines: Sequence[str], source: str, items: Collection[str], *, first: int = 1) -> tuple[Action, ...]:
    """The actions of some lines, the first of which has the number ``first``. Raises ScenarioWrong."""
    actions = (_action(text, source, first + offset, items) for offset, text in enumerate(lines))
    return tuple(action for action in actions if action is not None)


def _action(text: str, source: str, line: int, items: Collection[str]) -> Action | None:
    try:
        words = shlex.split(text, comments=True)
    except ValueError as error:
        raise ScenarioWrong(source, line, f"{text.strip()!r} ({error})", "quotes that are closed") from error
    try:
        return grammar.read(words, items) if words else None
    except grammar.Wrong as wrong:
        raise ScenarioWrong(source, line, wrong.found, wrong.allowed) from wrong
