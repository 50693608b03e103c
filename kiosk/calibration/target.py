"""The page with the printed target, as it stands in ``docs/target.svg``: ``python -m kiosk.calibration.target > docs/target.svg``."""

import sys

import cv2
import numpy as np

from drivers.camera.target import TARGET_MM, TARGET_TEXT

PAGE_MM = (210, 297)


def page() -> str:
    """An A4 page with the code in its middle, a line of the code's length to lay a ruler on, and what it is for."""
    modules = np.asarray(cv2.QRCodeEncoder.create().encode(TARGET_TEXT), np.uint8) == 0
    rows, columns = (np.flatnonzero(modules.any(axis=axis)) for axis in (1, 0))
    dark = modules[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width, height = PAGE_MM
    left, top, module = (width - TARGET_MM) / 2, 60.0, TARGET_MM / dark.shape[0]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(dark) for x, is_dark in enumerate(row) if is_dark)
    ruler = top + TARGET_MM + 20
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">
<rect width="{width}" height="{height}" fill="#fff"/>
<path transform="translate({left} {top}) scale({module:.6f})" d="{path}"/>
<path d="M{left} {ruler}h{TARGET_MM}M{left} {ruler - 3}v6M{left + TARGET_MM} {ruler - 3}v6" stroke="#000" stroke-width="0.3" fill="none"/>
<g font-family="sans-serif" font-size="5" text-anchor="middle">
<text x="{width / 2}" y="{ruler + 10}">{TARGET_MM:.0f} mm : imprimer à 100 %, vérifier à la règle / print at 100 %, check with a ruler</text>
<text x="{width / 2}" y="{ruler + 18}">Consigne : cible de la caméra / camera target</text>
</g>
</svg>
"""


if __name__ == "__main__":
    sys.stdout.write(page())
