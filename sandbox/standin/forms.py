"""Stripe's request encoding: ``line_items[0][price_data][currency]=eur`` and back to nesting."""

import re
from urllib.parse import parse_qsl

from .errors import invalid

_PART = re.compile(r"\[([^\[\]]*)\]")


def words(text):
    """The set of space-separated words: how names of parameters are listed here."""
    return frozenset(text.split())


def decode(text):
    """Turn an encoded form or query string into nested dicts and lists; leaves stay strings.

    Raises ``ApiError`` 400 when the brackets contradict each other or do not close.
    """
    root = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, bracket, rest = name.partition("[")
        parts = [head, *_PART.findall(bracket + rest)]
        if not head or "]" in head or head + "".join(f"[{part}]" for part in parts[1:]) != name:
            raise invalid(f"Invalid request: malformed parameter name {name!r}")
        _put(root, parts, value, name)
    return _listed(root)


def _put(node, parts, value, name):
    for part in parts[:-1]:
        node = node.setdefault(_key(node, part), {})
        if not isinstance(node, dict):
            raise invalid(f"Invalid request: {name} is both a value and an object", param=parts[0])
    key = _key(node, parts[-1])
    if isinstance(node.get(key), dict):
        raise invalid(f"Invalid request: {name} is both a value and an object", param=parts[0])
    node[key] = value


def _key(node, part):
    # `types[]=a&types[]=b` appends: each empty pair of brackets gets the next number.
    return part if part else str(len(node))


def _listed(node):
    """Dicts whose keys are 0, 1, 2… are lists."""
    if not isinstance(node, dict):
        return node
    node = {key: _listed(value) for key, value in node.items()}
    if node and all(key.isdigit() for key in node):
        return [node[key] for key in sorted(node, key=int)]
    return node


def integer(value, param):
    """``value`` as an int. Raises ``ApiError`` 400 with code ``parameter_invalid_integer``."""
    if not re.fullmatch(r"-?\d{1,15}", str(value)):
        raise invalid(f"Invalid integer: {value}", param=param, code="parameter_invalid_integer")
    return int(value)


def mapping(value, param):
    """``value`` if it is an object (an empty string is an empty one). Raises ``ApiError`` 400."""
    if value in ("", None):
        return {}
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=param)
    return value
