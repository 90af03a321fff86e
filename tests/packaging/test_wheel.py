"""What ``pip install`` brings to a shop."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import environment

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """The names of the files in a wheel built from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", out, ROOT]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment.pip_settings(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = out.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_wheel_holds_every_file_of_the_package(contents):
    package = ROOT / "oscar_subscriptions"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= contents, f"missing: {files - contents}"


def test_wheel_holds_templates_catalogues_and_migrations(contents):
    for name in (
        "templates/oscar/subscriptions/order_page.html",
        "locale/fr/LC_MESSAGES/django.mo",
        "migrations/0001_initial.py",
        "payments/migrations/0001_initial.py",
        "py.typed",
    ):
        assert f"oscar_subscriptions/{name}" in contents


def test_wheel_holds_nothing_but_the_package(contents):
    tops = {name.split("/")[0] for name in contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"oscar_subscriptions"}
