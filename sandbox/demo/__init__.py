"""``make demo``: the whole journey over HTTP, as a browser would walk it, every promise checked.

Two members walk it side by side: Camille in French, with an account and a complete profile, and
Jane in English, who registers on the way and changes her mind on the payment page. Neither browser
comes back before the webhook has made its owner a seller. Each step says what was verified.
"""
