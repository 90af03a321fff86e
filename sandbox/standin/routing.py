"""Finds the function for a method and a path in a table of patterns like ``refunds/{}/fail``."""


def matched(routes, method, path):
    """``(function, ids)`` for the first pattern that fits, or None."""
    parts = path.split("/")
    for (verb, pattern), function in routes.items():
        known = pattern.split("/")
        if verb == method and len(known) == len(parts):
            pairs = list(zip(known, parts, strict=True))
            if all(one in ("{}", part) for one, part in pairs):
                return function, [part for one, part in pairs if one == "{}"]
    return None
