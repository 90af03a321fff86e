"""System check of the policies for refunds and disputes: a typing mistake would suspend terms."""

from django.core.checks import CheckMessage, Error, register

from oscar_subscriptions import conf
from oscar_subscriptions.payments.reversals import policy

WON = (policy.RESTORE, policy.ALERT)
ALLOWED = {
    "FULL_REFUND_POLICY": tuple(policy.POLICIES),
    "PARTIAL_REFUND_POLICY": tuple(policy.POLICIES),
    "INQUIRY_POLICY": tuple(policy.POLICIES),
    "OPEN_DISPUTE_POLICY": tuple(policy.POLICIES),
    "LOST_DISPUTE_POLICY": tuple(policy.POLICIES),
    "WON_DISPUTE_POLICY": WON,
}


@register("oscar_subscriptions")
def check_policies(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """E106: each policy is one of the known words."""
    return [
        Error(
            f"{conf.PREFIX}{name} is {value!r}, which has no meaning: terms are suspended and "
            "operators told instead.",
            hint=f"Set it to one of {', '.join(map(repr, allowed))}.",
            id="oscar_subscriptions.E106",
        )
        for name, allowed in ALLOWED.items()
        if (value := getattr(conf.settings, name)) not in allowed
    ]
