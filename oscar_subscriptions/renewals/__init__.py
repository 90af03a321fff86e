"""Renews subscriptions whose members have chosen that, without them being there.

Two steps of the daily run. ``announcing`` tells the member, in time, what will be charged and when;
``charging`` places an ordinary order on that day and has the gateway charge it. Between the two,
and up to the moment of the charge, ``guards`` says what stands in the way; the member's own "no"
comes first (``stopping``).

``auto_renewal`` keeps the consent, and is asked by everybody else.
"""
