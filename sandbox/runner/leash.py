"""``python -m runner.leash MODULE ARGUMENTS…``: run a module that ends when its parent does.

The parent holds the other end of the standard input. However the parent ends, even by a kill that
it can't answer, that end closes, and this process with it.
"""

import os
import runpy
import sys
import threading


def _watch() -> None:
    # Not through sys.stdin: its lock, held by this thread, would abort the interpreter's own end.
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
