"""Write ``constraints.txt``: the versions with which the project is developed and tested.

``make lock`` runs this with nothing but Python's standard library. The newest versions that
setup.cfg allows are chosen for each supported Python at once (uv's universal resolution), with
environment markers where they differ.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "constraints.txt"
OLDEST = "3.11"
HEADER = """\
# The versions with which the project is developed and tested: `make lock` writes this file.
# What a shop may install is said by the ranges in setup.cfg.
"""
# What packages that come without a wheel (django-haystack) are built with.
TO_BUILD_DEPENDENCIES = ["setuptools", "setuptools-scm", "wheel"]


def main():
    """Resolve all requirements, in an environment that is thrown away."""
    build_system = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]
    to_build = [*build_system["requires"], *TO_BUILD_DEPENDENCIES]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        build_requirements = Path(folder) / "build.in"
        build_requirements.write_text("\n".join(to_build))
        done = subprocess.run(
            [
                *(python, "-m", "uv", "pip", "compile", "setup.cfg", build_requirements),
                *("--universal", "--python-version", OLDEST, "--all-extras", "--upgrade"),
                *("--no-header", "--no-annotate", "--quiet"),
            ],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    LOCK.write_text(HEADER + done.stdout)
    print(f"lock: {len(done.stdout.splitlines())} versions in {LOCK.name}")


if __name__ == "__main__":
    main()
