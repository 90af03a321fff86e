"""A process that is sent eight pictures at once, and tells what they cost it.

    python decoding.py FILE [unguarded]

Prints JSON: ``megabytes`` above idle at the peak, ``seconds`` for all eight, the longest time for
which another thread had to ``wait``, and the ``errors`` that the members were told.
"""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

AT_ONCE = 8


def peak() -> float:
    """Return the largest memory of this process so far, in megabytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise AssertionError("no VmHWM")


def main(file: str, *flags: str) -> dict[str, object]:
    """Rewrite the picture in ``file`` in eight threads."""
    settings.configure(USE_I18N=False)
    from oscar_subscriptions.sellers import pictures

    data = Path(file).read_bytes()
    errors: list[str] = []

    def rewrite() -> None:
        try:
            pictures.rewritten(SimpleUploadedFile("picture", data))
        except ValidationError as error:
            errors.extend(error.messages)

    guards = (
        mock.patch.multiple(
            pictures,
            MAX_MEMORY=10**12,
            _JPEG_PARTS={},
            _PNG_PARTS={},
            _decoder=ThreadPoolExecutor(AT_ONCE),
        )
        if "unguarded" in flags
        else nullcontext()
    )
    with guards:
        threads = [threading.Thread(target=rewrite, daemon=True) for _ in range(AT_ONCE)]
        idle, start, wait = peak(), time.monotonic(), 0.0
        for thread in threads:
            thread.start()
        last = start
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.01)
            now = time.monotonic()
            wait, last = max(wait, now - last), now
    return {
        "megabytes": peak() - idle,
        "seconds": time.monotonic() - start,
        "wait": wait,
        "errors": errors,
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
