"""A screen reader without a voice, for the system's own Python: says on stdout what AT-SPI tells of the screen.

``ready`` once it listens; ``joined`` when a program has come under its desktop, which what was announced before does not reach; then a line for
each announcement; and for each line on stdin the tree of roles and names, ended by an empty line.
"""

import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 (the version has to be asked for first)


def say(line: str) -> None:
    sys.stdout.write(line.replace("\n", " ") + "\n")
    sys.stdout.flush()


def announced(event: Atspi.Event) -> None:
    say(f"announced: {event.any_data}")


def joined(event: Atspi.Event) -> None:
    if event.source.get_role() == Atspi.Role.DESKTOP_FRAME:
        say("joined")


def tell(node: Atspi.Accessible) -> None:
    if node.get_state_set().contains(Atspi.StateType.SHOWING) or node.get_role_name() in {"desktop frame", "application"}:
        say(f"{node.get_role_name()}: {node.get_name()}")
        for number in range(node.get_child_count()):
            tell(node.get_child_at_index(number))


def asked(channel: GLib.IOChannel, _condition: GLib.IOCondition) -> bool:
    if not channel.readline():
        Atspi.event_quit()
        return False
    tell(Atspi.get_desktop(0))
    say("")
    return True


if __name__ == "__main__":
    listener = Atspi.EventListener.new(announced)
    listener.register("object:announcement")
    desktop = Atspi.EventListener.new(joined)
    desktop.register("object:children-changed:add")
    stdin = GLib.IOChannel.unix_new(sys.stdin.fileno())
    GLib.io_add_watch(stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, asked)
    say("ready")
    Atspi.event_main()
