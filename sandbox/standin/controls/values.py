"""Reading what a control was told."""

from ..errors import invalid


def take(values, **defaults):
    """The values in the order of ``defaults``. Raises ``ApiError`` 400 for any other name."""
    only(values, defaults)
    return [values.get(name, default) for name, default in defaults.items()]


def only(values, known):
    """Raises ``ApiError`` 400 for a name that is not in ``known``: a typo must not pass a test."""
    for name in values:
        if name not in known:
            raise invalid(f"Unknown: {name}. This control knows: {', '.join(known) or 'nothing'}.")


def one_of(name, value, choices):
    """``value`` if it is one of ``choices``. Raises ``ApiError`` 400."""
    if value not in choices:
        raise invalid(f"{name} is one of {', '.join(map(repr, choices))}.", param=name)
    return value
