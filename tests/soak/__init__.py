"""``make soak``: a crowd buys at once while nearly everything goes wrong, and then all is counted.

A real WSGI server on a real PostgreSQL, and the payment stand-in as a process of its own. Its
notifications come twice or more, overtake each other, or never come; some members click twice, some
close the browser once they have paid; and the shop's server is killed (SIGKILL) and started again,
as often as asked. Then the daily run is carried out once, and every figure must be right.

The mail server may be slow (``--mail-seconds``): no answer may wait for it. A receiver of the shop
may raise (``--receiver-raises``).

::

    __main__ ─► place       temporary directory, PostgreSQL, ports
        └─────► run ─► stock        tables, plans, members
                 ├───► server       gunicorn, started again whenever it was killed
                 │       ├ fuse     inside it: the kill, at one exact point of a request
                 │       ├ answers  when each answer was out; ``timing`` compares
                 │       └ receiver a shop's own code that raises
                 ├───► crowd ─► purchase ─► reload      what each member does, over HTTP
                 └───► aftermath ─► figures             the daily run; counting, judging

What is random (who clicks twice, whose notification is lost, when the server dies) is drawn in
``script`` from the seed.
"""
