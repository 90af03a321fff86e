"""What the sandbox says in the terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SandboxError(Exception):
    """Something that the person at the terminal can put right; the message says how."""


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Print one line for a stage of the start: its name at once, how long it took at the end."""
    started = time.monotonic()
    print(f"sandbox: {name} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def say(message: str) -> None:
    """Print one line."""
    print(f"sandbox: {message}", flush=True)


def complain(message: str) -> None:
    """Print one line to the standard error."""
    print(f"sandbox: {message}", file=sys.stderr, flush=True)


def readable(path: Path) -> Path:
    """Return ``path`` as seen from the working directory, if it is inside."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
