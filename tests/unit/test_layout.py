"""The rooms: tests mirror them, no import goes in a circle, the root stays small."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "oscar_subscriptions"


def does_something(module):
    """Return whether there is a function in the module; else it only declares or hands on."""
    nodes = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    return any(isinstance(node, ast.FunctionDef) for node in nodes)


def promised(module):
    """Return the end of the path of the test file that a module's name promises."""
    folders = [part for part in module.relative_to(PACKAGE).parts[:-1] if part != "commands"]
    return "/".join([*folders, f"test_{module.stem}.py"])


MODULES = [
    module
    for module in sorted(PACKAGE.rglob("*.py"))
    if module.stem != "__init__"
    and not {"migrations", "protocols"} & {*module.parts}
    and does_something(module)
]
TESTS = [
    "/" + path.relative_to(folder).as_posix()
    for folder in (ROOT / "tests").iterdir()
    for path in folder.rglob("test_*.py")
]


@pytest.mark.parametrize("module", MODULES, ids=promised)
def test_every_module_has_the_test_file_that_its_name_promises(module):
    assert "/" + promised(module) in TESTS


def test_no_module_is_imported_by_what_it_imports():
    """Drawn from every import, those inside functions too; a circle is named by its members.

    Names for the type checker are no imports: nothing of them runs.
    """
    graph = grimp.build_graph(
        "oscar_subscriptions", cache_dir=None, exclude_type_checking_imports=True
    )
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert list(TopologicalSorter(imports).static_order())


def test_the_root_tells_the_story():
    assert len([*PACKAGE.glob("*.py")]) <= 16
