"""What the README promises is there."""

import pkgutil
import re
from pathlib import Path

import oscar_subscriptions
from oscar_subscriptions import conf

ROOT = Path(__file__).parents[2]
# The numbered faults that are guarded against.
FAULTS = {*range(1, 102), 103, 104, 106, *range(108, 111), *range(112, 119)}
FAULTS |= {*range(120, 123)}
README = (ROOT / "README.md").read_text()


def test_readme_lists_exactly_the_settings_that_exist():
    listed = set(re.findall(r"^\| `OSCAR_SUBSCRIPTIONS_(\w+)`", README, re.MULTILINE))
    existing = {name for name in dir(conf.Settings) if name.isupper()}
    assert listed == existing


def test_every_setting_says_what_it_does():
    for name in dir(conf.Settings):
        if name.isupper():
            assert getattr(conf.Settings, name).__doc__, name


def test_every_setting_is_read_somewhere():
    code = "".join(
        path.read_text()
        for path in Path(oscar_subscriptions.__file__).parent.rglob("*.py")
        if path.parent.name != "conf"
    )
    for name in dir(conf.Settings):
        if name.isupper():
            # The policies go as a whole to the one who judges.
            assert re.search(rf"(settings|policies)\.{name}\b", code), name


def test_reference_lists_exactly_the_checks_that_exist():
    package = Path(oscar_subscriptions.__file__).parent
    reference = (ROOT / "docs" / "reference.rst").read_text()
    listed = re.findall(r"^([EIW]\d{3})", reference, re.MULTILINE)
    code = "".join(path.read_text() for path in package.rglob("*.py"))
    assert sorted(listed) == sorted(
        set(re.findall(r'id="oscar_subscriptions\.([EIW]\d{3})"', code))
    )


def names_of_ours(page):
    """Return the dotted names below ``oscar_subscriptions`` that a page speaks of: in full, by what
    its examples import, and as members of a module that autodoc documents."""
    names = set(re.findall(r"\boscar_subscriptions(?:\.[A-Za-z_]\w*)+", page))
    imports = r"^ *from (oscar_subscriptions[.\w]*) import ([\w, ]+)$"
    for module, imported in re.findall(imports, page, re.MULTILINE):
        for name in imported.split(", "):
            used = re.findall(rf"(?<![\w./]){name}(?:\.[A-Za-z_]\w*)+", page)
            names |= {f"{module}.{each}" for each in [name, *used]}
    documented = r"^\.\. automodule:: (\S+)\n   :members:(.*)$"
    for module, members in re.findall(documented, page, re.MULTILINE):
        names |= {f"{module}.{member}" for member in re.findall(r"\w+", members)}
    # Checks and the permission: dotted, and no names of Python.
    return {name for name in names if not re.search(r"\.([EIW]\d{3}|sell)$", name)}


def test_every_public_name_of_the_readme_and_docs_is_importable():
    api = README[README.index("## Public API") : README.index("## Settings")]
    below = re.findall(r"`((?!user\.)[a-z_]+(?:\.\w+)+)", api)
    names = {f"oscar_subscriptions.{name}" for name in below}
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.rst")]:
        names |= names_of_ours(page.read_text())
    assert len(names) > 100
    for name in sorted(names):
        assert pkgutil.resolve_name(name) is not None, name


def test_promises_name_every_numbered_fault_and_where_it_is_tested():
    page = (ROOT / "docs" / "promises.rst").read_text()
    rows = re.findall(r"^   \* - (\d+)\n.*\n.*\n     - (.*)$", page, re.MULTILINE)
    named = {int(number): set(re.findall(r"``([\w/]+\.py)``", where)) for number, where in rows}
    assert set(named) == FAULTS
    for number, files in named.items():
        tested = {
            str(path.relative_to(ROOT / "tests"))
            for path in (ROOT / "tests").rglob("test_*.py")
            if f"def test_fault_{number:02}_" in path.read_text()
        }
        assert files == tested, number
        assert any(name.startswith(("faults/", "functional/")) for name in files), number


def test_every_name_on_the_map_of_the_code_is_there():
    page = (ROOT / "docs" / "explanation.rst").read_text()
    the_map = page[page.index("A payment's way through the code") :]
    names = re.findall(r"``([a-z_]+(?:\.\w+)+)``", the_map)
    assert len(names) > 50
    for name in names:
        assert pkgutil.resolve_name(f"oscar_subscriptions.{name}"), name
