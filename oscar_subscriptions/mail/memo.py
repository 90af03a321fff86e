"""Answers that one piece of work shares, such as what fifty e-mails say of a plan's price.

Outside of :func:`shared` nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

# Of each thread or task.
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def shared() -> Iterator[None]:
    """Within the block, in this thread, each question of :func:`once` is asked once."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return the answer to ``question``: the one given before in the same :func:`shared` block, or
    else that of ``ask``."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    answer: Answer = answers[question]
    return answer
