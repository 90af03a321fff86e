"""Find disagreements, such as public services without a term: ``manage.py subscriptions_doctor``.

Examining changes nothing that anybody is told of; a finding carries its own fix where the fix is
certain. Other apps add examinations with :func:`add_examination`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from oscar_subscriptions.daily_run import work

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """One disagreement.

    Attributes:
        code: the kind of disagreement, in English; stable, for programs.
        subject: the row or setting concerned, such as an order's number.
        problem: the disagreement, in the active language.
        remedy: what ``fix`` would do, or what a person should do, in the active language.
        fix: ends the disagreement; may be called twice; ``None`` if a person has to decide.
        fix_asks_provider: whether ``fix`` may ask the payment provider.
    """

    code: str
    subject: str
    problem: str
    remedy: str
    fix: Callable[[], object] | None = None
    fix_asks_provider: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.subject}: {self.problem} → {self.remedy}"


@dataclass(frozen=True)
class Note:
    """Something to know that is no disagreement, such as what was not looked at.

    Attributes:
        code: the kind of note, in English; stable, for programs.
        text: a sentence in the active language.
    """

    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


Examination = Callable[[], Iterable[Finding | Note]]
Stored = TypeVar("Stored", bound=Model)


def examine(
    on_progress: Callable[[str], None] = lambda name: None, *, ask_provider: bool = True
) -> Iterator[Finding | Note]:
    """Yield all disagreements, and notes. An examination that raises is logged, and is a finding
    itself.

    Args:
        on_progress: called with the name of the examination when it begins, and for each row that
            it reads.
        ask_provider: leave out the examinations that ask the payment provider if false.
    """
    for examination in list(_EXAMINATIONS):
        if not ask_provider and examination in _ASKING_PROVIDER:
            continue
        name = examination.__name__.replace("_", " ")
        on_progress(name)
        work.ON_PROGRESS.set(partial(on_progress, name))
        try:
            yield from examination()
        except Exception as error:
            logger.exception("Examination %s failed", name)
            yield Finding(
                "examination-failed",
                name,
                f"{type(error).__name__}: {error}",
                _("look into the log"),
            )


def add_examination(examination: Examination, *, asks_provider: bool = False) -> Examination:
    """Add ``examination`` to :func:`examine`; usable as a decorator. Added twice, it runs once.

    Args:
        asks_provider: whether it asks the payment provider.
    """
    if examination not in _EXAMINATIONS:
        _EXAMINATIONS.append(examination)
    if asks_provider:
        _ASKING_PROVIDER.add(examination)
    return examination


def read_rows(rows: QuerySet[Stored]) -> Iterator[Stored]:
    """Yield the rows of a queryset, a batch in memory at a time, and show each as progress."""
    for row in rows.iterator(chunk_size=work.BATCH):
        work.made_progress(1)
        yield row


_EXAMINATIONS: list[Examination] = []
_ASKING_PROVIDER: set[Examination] = set()
