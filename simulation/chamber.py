"""The twin's empty chamber as a technician takes its picture when a machine is set up."""

from dataclasses import replace

import cv2
import numpy as np

from drivers.twin.looks import PICTURE_MM, empty
from recognition.shape.background import UNFRAMED, Background, Image, taken


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def empty_chamber(seed: int) -> Background:
    return taken([decoded(look) for look in empty(seed)], replace(UNFRAMED, width_mm=PICTURE_MM))
