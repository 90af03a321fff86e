"""Make a development environment, or bring it up to date, or find that nothing is to do.

``python3 tools/environment.py [--newest] EXTRA…`` is run by the targets of the Makefile, with
nothing but Python's standard library:

- ``.venv`` holds exactly the versions of ``constraints.txt``, so that it is the same tomorrow;
- ``.venv-newest`` (``--newest``) holds the newest versions that setup.cfg allows, asked for anew
  at each call.

A stamp, written last, records what was installed; without it an earlier installation did not
finish, and the environment is made again from nothing.
"""

import argparse
import configparser
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "constraints.txt"
OLDEST = (3, 11)


class Environment:
    """A virtual environment of this checkout.

    Args:
        folder: where it is, below the checkout.
        is_locked: whether it holds the versions of ``constraints.txt``.
    """

    def __init__(self, folder, is_locked):
        self.path = ROOT / folder
        self.is_locked = is_locked
        self.stamp = self.path / "installed"
        self.log = self.path / "install.log"

    def update(self, extras):
        """Install what setup.cfg asks for, with at least ``extras``, unless it is there."""
        old = self._installed()
        wanted = sorted({*extras, *old.get("extras", ())})
        new = {"machine": machine(), "requirements": requirements(), "extras": wanted}
        if old == new and self.is_locked:
            return
        started = time.monotonic()
        if self.path.exists() and not old:
            say("an earlier one is unfinished or was made elsewhere; starting over")
            shutil.rmtree(self.path)
        if not self.path.exists():
            self._create()
        self.stamp.unlink(missing_ok=True)
        kind = "" if self.is_locked else "the newest "
        say(f"installing {kind}packages into {self.path.name} ({', '.join(wanted)}) …")
        self._install(f".[{','.join(wanted)}]")
        self.stamp.write_text(json.dumps(new))
        say(f"ready after {time.monotonic() - started:.0f} s")

    def _installed(self):
        """Return the stamp; empty if unfinished, or made by another Python or elsewhere."""
        try:
            stamp = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return stamp if stamp.get("machine") == machine() else {}

    def _create(self):
        command = [sys.executable, "-m", "venv", self.path]
        made = subprocess.run(command, capture_output=True, text=True)
        if made.returncode:
            print(made.stdout + made.stderr, file=sys.stderr)
            shutil.rmtree(self.path, ignore_errors=True)
            stop("this Python can't make environments (Debian: apt-get install python3-venv).")

    def _install(self, target):
        """Let pip install; show what it printed only if it fails."""
        pip = [self.path / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        newest = [] if self.is_locked else ["--upgrade", "--upgrade-strategy", "eager"]
        with self.log.open("a") as log:
            done = subprocess.run(
                [*pip, "install", *newest, "-e", target],
                cwd=ROOT,
                env=os.environ | (pip_settings() if self.is_locked else {}),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            print(self.log.read_text()[-4000:], file=sys.stderr)
            stop(f"installing failed; the whole output of pip is in {self.log}")


def pip_settings():
    """Return the variables that hold pip, run in the checkout, to ``constraints.txt``.

    As variables rather than ``--constraint``, because pip hands only these on to the environments
    in which it builds packages. pip 25.3 has a variable of its own for those; older ones ignore it.
    The path is relative: pip splits the value at spaces.
    """
    return {"PIP_CONSTRAINT": LOCK.name, "PIP_BUILD_CONSTRAINT": LOCK.name}


def machine():
    """Return what an environment is bound to: this Python, at this place."""
    return f"{sys.version} {ROOT}"


def requirements():
    """Return a fingerprint of the packages that setup.cfg asks for and of the locked versions."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg")
    sections = sorted(name for name in config.sections() if name.startswith("options"))
    text = repr([(name, sorted(config.items(name))) for name in sections])
    return hashlib.sha256(text.encode() + LOCK.read_bytes()).hexdigest()


def say(message):
    """Print a line about the environment."""
    print(f"environment: {message}", flush=True)


def stop(message):
    """Say on one line what is wrong and end with status 2."""
    print(f"environment: {message}", file=sys.stderr)
    sys.exit(2)


def main():
    """Bring one environment up to date."""
    if sys.version_info < OLDEST:
        stop(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. "
            "Name another one: make PYTHON=python3.11"
        )
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("extras", nargs="+", metavar="EXTRA", help="extras of setup.cfg")
    parser.add_argument("--newest", action="store_true", help="the newest packages, not the locked")
    given = parser.parse_args()
    newest = Environment(".venv-newest", is_locked=False)
    locked = Environment(".venv", is_locked=True)
    (newest if given.newest else locked).update(given.extras)


if __name__ == "__main__":
    main()
