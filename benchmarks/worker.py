"""A worker: one process with settings and a database of its own, commanded over pipes.

``python -m benchmarks.worker`` reads one JSON object a line from its standard input, ``{"task":
"module:function", "arguments": {…}}``, and answers on one line: ``{"value": …}`` or ``{"error":
…}``. It ends with its input, so that none outlives the controller.

``BENCH_PATH`` holds the folders of the package under test, which go before everything else.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import traceback
from typing import Any


def main() -> None:
    """Answer until the input ends."""
    # What is printed by commands must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    sys.path[:0] = [folder for folder in os.environ["BENCH_PATH"].split(os.pathsep) if folder]
    import django

    django.setup()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Carry out one task; return its value or its error."""
    module, _, name = asked["task"].partition(":")
    try:
        function = getattr(importlib.import_module(f"benchmarks.{module}"), name)
        return {"value": function(**asked["arguments"])}
    except Exception as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"[:500]}


if __name__ == "__main__":
    main()
