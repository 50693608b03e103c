"""Folders of photographs for a twin, as somebody brings them who has other codes than the twin's own."""

from pathlib import Path

import cv2
import numpy as np
import zxingcpp


def photograph(path: Path, text: str, symbology: zxingcpp.BarcodeFormat) -> None:
    """A printed code on a grey ground."""
    bars = np.array(zxingcpp.create_barcode(text, symbology).to_image(scale=3), dtype=np.uint8)
    ground = np.full((480, 640), 200, np.uint8)
    top, left = 120, 100
    ground[top : top + bars.shape[0], left : left + bars.shape[1]] = bars
    cv2.imwrite(str(path), ground)


def bottles(folder: Path, **codes: str) -> Path:
    """Photographs NAME.png of EAN-13 codes, with their labels."""
    folder.mkdir()
    lines = ["file,gtin,symbology,kind,source,severity"]
    for name, code in codes.items():
        photograph(folder / f"{name}.png", code, zxingcpp.BarcodeFormat.EAN13)
        lines.append(f"{name}.png,{code},EAN13,real,test,easy")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
