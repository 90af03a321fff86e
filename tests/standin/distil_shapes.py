"""Makes ``tests/data/stripe_shapes.json`` from the ``fixtures.json`` that Stripe publishes.

    python tests/standin/distil_shapes.py FIXTURES_JSON > tests/data/stripe_shapes.json

What remains of each example object are its field names and, for each field, its JSON type; no
values. An object is written as an object, a list as a list of its first item, anything else as the
name of its type. ``null`` means that the example does not tell. Run it again when Stripe publishes
newer fixtures.
"""

import json
import sys
from pathlib import Path

NOTE = (
    "Field names and JSON types, derived from Stripe's published OpenAPI fixtures "
    "(github stripe/openapi, MIT licence)."
)
TYPES = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string"}


def shape(value):
    """The shape of any JSON value, as the module's docstring says."""
    if isinstance(value, dict):
        # Metadata belongs to whoever uses the API: its keys are no fields.
        return {
            name: {} if name == "metadata" else shape(inner)
            for name, inner in sorted(value.items())
        }
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return TYPES[type(value)]


def distilled(fixtures):
    kinds = {kind: shape(example) for kind, example in sorted(fixtures.items())}
    # An event may carry any object; the published one happens to carry a plan.
    kinds["event"]["data"]["object"] = {}
    return {"note": NOTE, "kinds": kinds}


if __name__ == "__main__":
    print(json.dumps(distilled(json.loads(Path(sys.argv[1]).read_text())), indent=1))
