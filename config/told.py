"""Errors that a person is told in a sentence. Their base says which exit code a command ends with; their words stand in the catalogues under the
type's name (``kiosk/words/errors.py``), so that whoever tells an error need not import whoever raises it.
"""

from collections.abc import Mapping


class Told(Exception):
    """An error with the facts in its attributes. ``variant`` is the last part of the words' key where one type is told in several sentences."""

    variant: str = ""

    @property
    def facts(self) -> Mapping[str, object]:
        """What may stand in the sentence, by the placeholder's name; ``detail`` is the error's own text unless it has another."""
        return {"detail": str(self), **vars(self)}


class WrongUse(Told):
    """What was typed, configured or named does not fit: exit code 2."""


class OutOfService(Told):
    """Hardware, a file or a service that cannot be used now: exit code 3."""
