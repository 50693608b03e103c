"""The words of a kiosk that is dead, in the two languages of its one screen: a constant, as a catalogue or its reader may be what is broken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """What one language says: what is the matter, where to go, and what became of the money (the ledger keeps it)."""

    title: str
    where: str
    money: str


NO_DISPLAY = "Aucun écran où dessiner. / No display to draw on."
"""For whoever started it by hand, or reads the system's journal."""

NOTICES = (
    Notice("Machine en panne", "Allez à l’accueil, s’il vous plaît.", "Votre argent est gardé."),
    Notice("Out of order", "Please go to the desk.", "Your money is safe."),
)
