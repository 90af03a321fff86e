"""The tests mirror the package: whoever changes a module finds its tests by its name."""

import ast
from pathlib import Path

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
    if module.stem != "__init__" and "migrations" not in module.parts and does_something(module)
]
TESTS = [
    "/" + path.relative_to(folder).as_posix()
    for folder in (ROOT / "tests").iterdir()
    for path in folder.rglob("test_*.py")
]


@pytest.mark.parametrize("module", MODULES, ids=promised)
def test_every_module_has_the_test_file_that_its_name_promises(module):
    assert "/" + promised(module) in TESTS
