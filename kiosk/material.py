"""What the net says of an item's looks, beside the other votes. Where it cannot be asked the machine goes on without it, and the log says so once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.deposit.notes import Note, NoteKind
from recognition.verdict import MaterialVote

if TYPE_CHECKING:
    from drivers.camera.worker import Frame
    from recognition.material import Logits, Model, ModelUnusable


class Materials:
    """Used by one thread. Nothing is loaded before the first bottle: the net brings OpenCV, and no start waits for it. ``folder``: the model's, else the program's own."""

    def __init__(self, note: Callable[[Note], None], folder: Path | None = None) -> None:
        self._note = note
        self._folder = folder
        self._model: Model | None = None
        self._asked = False

    def look(self, frame: "Frame", number: int) -> "Logits | None":
        """What the net gives for the item's look of that number; None where it cannot be asked."""
        from recognition.material import ModelUnusable

        model = self._known()
        try:
            return None if model is None else model.look(frame.image, number)
        except ModelUnusable as error:
            self._without(error)
            return None

    def vote(self, looks: "Sequence[Logits]") -> tuple[MaterialVote, ...]:
        """One vote of all looks of an item together, or none."""
        return () if self._model is None or not looks else (self._model.said(looks).vote,)

    def _known(self) -> "Model | None":
        from recognition.material import WEIGHTS, ModelUnusable, read_model

        if not self._asked:
            self._asked = True
            try:
                self._model = read_model(self._folder or WEIGHTS)
            except ModelUnusable as error:
                self._without(error)
        return self._model

    def _without(self, error: "ModelUnusable") -> None:
        """From here on, and told once."""
        self._model = None
        self._note(Note(NoteKind.MATERIAL_UNKNOWN, {"detail": str(error)}))
