"""PySide keeps the items of a layout that it was asked for, and is not told when Qt deletes them with their widgets: what lies there next is then taken
for such an item, and the kiosk ends in a segmentation fault. So the screens never ask for one.
"""

import ast
from pathlib import Path

import kiosk

ASKING = {"itemAt", "takeAt", "itemAtPosition", "replaceWidget"}


def test_no_screen_asks_a_layout_for_its_items() -> None:
    folder = Path(kiosk.__file__).parent
    asked = [
        f"{path.relative_to(folder)}:{node.lineno} {node.attr}"
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ASKING
    ]
    assert asked == []
