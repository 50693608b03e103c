"""What the platform must give: a Qt that counts its references, and the native libraries that wheels do not bring along."""

import importlib
import sys

import pytest
from PySide6.QtCore import QObject


def test_a_call_into_qt_that_returns_nothing_keeps_the_reference_count_of_none() -> None:
    # PySide6 6.12.0 on Python 3.11 loses one reference a call, and the interpreter aborts after some 5,000
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("bottle")
    assert sys.getrefcount(None) > before - 100


@pytest.mark.parametrize("module", ["cv2", "pyzbar.pyzbar", "zxingcpp", "PySide6.QtWidgets"])
def test_a_module_finds_the_system_libraries_it_loads(module: str) -> None:
    assert importlib.import_module(module).__name__ == module
