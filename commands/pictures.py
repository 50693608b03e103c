"""Files of pictures as arrays: whatever OpenCV decodes, or a sentence that says that it is none."""

from pathlib import Path
from typing import TYPE_CHECKING

from config.told import WrongUse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NoSuchPicture(WrongUse):
    """A file that is no picture, or none that fits into memory."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no picture that can be read")
        self.path = path


def grey_picture(path: Path) -> "NDArray[np.uint8]":
    """Any picture that OpenCV decodes, with however many channels and bits, in grey of 8 bits. Raises NoSuchPicture, OSError."""
    import cv2

    return _picture(path, cv2.IMREAD_GRAYSCALE)


def colour_picture(path: Path) -> "NDArray[np.uint8]":
    """The same in colour, BGR."""
    import cv2

    return _picture(path, cv2.IMREAD_COLOR)


def _picture(path: Path, how: int) -> "NDArray[np.uint8]":
    import cv2
    import numpy as np

    from drivers.twin.items import is_cut_off

    # what it says on stderr of a picture that is cut off is told in a sentence
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    data = np.frombuffer(path.read_bytes(), np.uint8)
    try:
        image = cv2.imdecode(data, how) if data.size and not is_cut_off(data) else None
    except cv2.error:
        image = None
    if image is None:
        raise NoSuchPicture(path)
    return image.astype(np.uint8, copy=False)
