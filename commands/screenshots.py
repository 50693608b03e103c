"""``consigne screenshots``: every screen in every state as PNG, drawn without a display from the same view-states that a kiosk shows."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.terminal import console
from commands.usage import Needs, WrongValue

if TYPE_CHECKING:
    from kiosk.screens.style.theme import Panel

FEWEST, MOST = 300, 8192
"""Pixels of a side."""

DIAGONALS_IN = {(1080, 1920): 15.6, (1280, 800): 10.1}
"""Of the two panels that the screens are designed for."""


def screenshots(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Dossier des images / folder of the pictures.")],
    lang: Annotated[list[str] | None, typer.Option("--lang", help="Langue, plusieurs fois / language, repeatable; sans: toutes.")] = None,
    size: Annotated[
        list[str] | None, typer.Option("--size", metavar="WxH", help="Pixels, plusieurs fois / repeatable; 1080x1920, 1280x800.")
    ] = None,
    diagonal: Annotated[
        float | None, typer.Option("--diagonal", min=1, max=100, help="Pouces / inches; connu pour ces deux tailles / known for these two.")
    ] = None,
    bigger: Annotated[bool, typer.Option("--bigger", help="Texte plus grand / bigger text.")] = False,
    contrast: Annotated[bool, typer.Option("--contrast", help="Contraste élevé / high contrast.")] = False,
) -> None:
    """Toutes les images d’écran. / Pictures of every screen in every state."""
    from kiosk.display import draw_unseen
    from kiosk.words.reading import LANGUAGES

    for language in lang or ():
        if language not in LANGUAGES:
            raise WrongValue("--lang", language, ", ".join(LANGUAGES))
    panels = [_panel(text, diagonal) for text in size or ["1080x1920", "1280x800"]]
    folder.mkdir(parents=True, exist_ok=True)
    draw_unseen()
    # imported here: Qt
    from kiosk.screens.studio import OF_STAFF, Studio
    from kiosk.screens.visitor.page import Manner

    studio = Studio()
    count = 0
    for panel in panels:
        for language in lang or LANGUAGES:
            manner = Manner(language, bigger=bigger, contrast=contrast)
            count += studio.take_all(folder, panel, manner)
            if language in OF_STAFF:
                count += studio.take_staff(folder, panel, manner)
    words = chosen()
    console().print(words.plural("told.screenshots", count, folder=str(folder)))


def _panel(size: str, diagonal_in: float | None) -> "Panel":
    """Raises ScreenTooSmall."""
    from kiosk.screens.style.theme import Panel

    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", size)
    if found is None:
        raise WrongValue("--size", size, "1080x1920, 1280x800 …")
    pixels = int(found[1]), int(found[2])
    if not all(FEWEST <= count <= MOST for count in pixels):
        raise WrongValue("--size", size, f"{FEWEST}x{FEWEST} – {MOST}x{MOST}")
    known = DIAGONALS_IN.get(pixels) if diagonal_in is None else diagonal_in
    if known is None:
        raise Needs(f"--size {size}", "--diagonal")
    return Panel(*pixels, known)
