"""Make the environment in .venv, or bring it up to date, or find that nothing is to do.

``python3 tools/environment.py EXTRA…`` is run by the targets of the Makefile, with nothing but
Python's standard library. A stamp, written last, says what was installed; without it an earlier
installation did not finish, and the environment is made again from nothing.
"""

import configparser
import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
LOG = VENV / "install.log"
OLDEST = (3, 11)


def machine():
    """Return what an environment is bound to: this Python, at this place."""
    return f"{sys.version} {ROOT}"


def requirements():
    """Return a fingerprint of what setup.cfg says about packages."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg")
    sections = sorted(name for name in config.sections() if name.startswith("options"))
    text = repr([(name, sorted(config.items(name))) for name in sections])
    return hashlib.sha256(text.encode()).hexdigest()


def stop(message):
    """Say on one line what is wrong and end with status 2."""
    print(f"environment: {message}", file=sys.stderr)
    sys.exit(2)


def run(*command):
    """Run a command quietly; show what it said only if it fails."""
    with LOG.open("a") as log:
        done = subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    if done.returncode:
        print(LOG.read_text()[-4000:], file=sys.stderr)
        stop(f"installing failed; all that was said is in {LOG}")


def create():
    """Make an empty environment."""
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        shutil.rmtree(VENV, ignore_errors=True)
        stop("this Python can't make environments (Debian: apt-get install python3-venv).")


def found():
    """Return what the stamp says; nothing if unfinished, or made by another Python or elsewhere."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("machine") == machine() else {}


def main(extras):
    """Bring .venv to what setup.cfg asks for, with at least ``extras``."""
    if sys.version_info < OLDEST:
        stop(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. "
            "Name another one: make PYTHON=python3.11"
        )
    old = found()
    wanted = sorted({*extras, *old.get("extras", ())})
    new = {"machine": machine(), "requirements": requirements(), "extras": wanted}
    if old == new:
        return
    started = time.monotonic()
    if VENV.exists() and not old:
        print("environment: an earlier one is unfinished or was made elsewhere; starting over")
        shutil.rmtree(VENV)
    if not VENV.exists():
        create()
    STAMP.unlink(missing_ok=True)
    print(f"environment: installing packages into .venv ({', '.join(wanted)}) …", flush=True)
    target = f".[{','.join(wanted)}]"
    pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    run(*pip, "install", "-e", target)
    STAMP.write_text(json.dumps(new))
    print(f"environment: ready after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
