"""Automatic renewal carried out: a member's consent becomes an order that the gateway charges.

Two steps of the daily run. ``announcements`` tells the member in time what will be charged and
when; ``charges`` places an ordinary order on that day and has the gateway charge it. Up to the
moment of the charge, ``obstacles`` says what stands in the way, and the member or an operator can
stop it (``cancellation``). ``outcomes`` ends each planned renewal.

The consent itself is kept by ``agreements.auto_renewal``; here it is only carried out.
"""
