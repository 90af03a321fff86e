"""A payment stand-in: the part of Stripe's API that the sandbox and the tests need.

It runs as its own process on its own origin (``python -m standin``), needs nothing but Python,
keeps its state in one SQLite file and moves no money. The shop talks to it with the real
``stripe`` library and receives real, signed webhooks; it cannot tell the difference.

A payment, module by module::

    server ─► api ─► sessions ─► objects, store        the shop creates a session
       └────► hosted ─► payments ─► cards              the member types a card on our page
                            └─► events ─► webhooks     the shop is told, from another thread
    server ─► control                                  a test makes life difficult

Object shapes follow the examples that Stripe publishes; ``tests/standin/test_shapes.py`` compares.
"""

# The version that objects are rendered in when a request does not name one: dj-stripe's default.
API_VERSION = "2026-05-27.dahlia"

ACCOUNT_ID = "acct_1PaymentStandInDemo"
