"""A promise holds, or the demo ends there."""


class BrokenPromise(AssertionError):
    """What should have been true and is not."""


def promise(holds: object, what: str) -> None:
    """Go on if ``holds``.

    Raises:
        BrokenPromise: with ``what`` was promised.
    """
    if not holds:
        raise BrokenPromise(what)
