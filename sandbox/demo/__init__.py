"""The journey of a member in 14 steps, told once for any browser; ``make demo`` walks it.

``story.py`` lists the steps; ``visitor.py`` says what a browser must be able to do for them. Here
``over_http.py`` does it with plain requests; the tests do it with Chromium.

The demo sends two members side by side: Camille in French, with an account and a complete profile,
and Jane in English, who registers on the way. Neither browser comes back from the payment before
the webhook has made its owner a seller.
"""
