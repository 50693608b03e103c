"""Imports: a module stands above all that it imports."""

from graphlib import CycleError, TopologicalSorter

import grimp

PACKAGES = ("city", "commands", "config", "drivers", "firmware", "kiosk", "ledger", "recognition", "simulation")


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph(*PACKAGES)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        raise AssertionError(" -> ".join(circle.args[1])) from None
