"""Checks of automatic renewal: the law, and the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error, Warning, register

from oscar_subscriptions import conf
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.checks.database import TAG, AppConfigs, database_check
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered

# French code de la consommation, L. 215-1: between three months and one month before the last day
# to decline, which is the day before the charge. The longest month has 31 days; the shortest three
# months in a row have 89.
SHORTEST_NOTICE, LONGEST_NOTICE = 31 + 1, 89 + 1


@register(TAG)
def check_renewals(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """E005, W012, W013: only in a shop that offers automatic renewal."""
    return list(_problems()) if conf.settings.AUTO_RENEWAL else []


def _problems() -> Iterator[CheckMessage]:
    try:
        can_renew = get_gateway().can_renew()
    except (ImportError, RuntimeError):  # another check reports it
        can_renew = True
    if not can_renew:
        yield Error(
            "Automatic renewal is offered, but the gateway can't charge a member who is not there.",
            hint="Set OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False, or use a gateway with can_renew().",
            id="oscar_subscriptions.E005",
        )
    notice = conf.settings.RENEWAL_NOTICE_DAYS
    if not SHORTEST_NOTICE <= notice <= LONGEST_NOTICE:
        yield Warning(
            f"Automatic renewals are announced {notice} days before the charge; French consumer "
            "law wants one to three months before the last day to decline, which is the day before "
            "the charge.",
            hint=f"Set OSCAR_SUBSCRIPTIONS_RENEWAL_NOTICE_DAYS to {SHORTEST_NOTICE} to "
            f"{LONGEST_NOTICE}.",
            id="oscar_subscriptions.W012",
        )
    days = conf.settings.RENEWAL_RETRY_DAYS
    in_order = bool(days) and days[0] == 0 and list(days) == sorted(set(days))
    if not in_order or days[-1] > conf.settings.RENEWAL_CHARGE_DAYS:
        yield Warning(
            "The days on which a renewal is charged are not in order, or the last of them comes "
            "after the end of the term, when nothing is charged any more.",
            hint="OSCAR_SUBSCRIPTIONS_RENEWAL_RETRY_DAYS begins with 0 and ends with "
            "OSCAR_SUBSCRIPTIONS_RENEWAL_CHARGE_DAYS at the latest.",
            id="oscar_subscriptions.W013",
        )


@database_check("oscar_subscriptions", "Plan")
def check_lengths() -> Iterator[CheckMessage]:
    """W014: plans on sale are long enough to be renewed automatically, where that is offered."""
    if not conf.settings.AUTO_RENEWAL:
        return
    plans = registered.Plan.objects.on_sale().select_related("product")
    for plan in plans.order_by("pk"):
        if not auto_renewal.leaves_time_to_announce(plan):
            yield Warning(
                f"Automatic renewal is not offered for the plan {plan.title!r}: its terms are "
                "shorter than the notice that members are promised.",
                hint="Make the plan longer, or shorten OSCAR_SUBSCRIPTIONS_RENEWAL_NOTICE_DAYS.",
                id="oscar_subscriptions.W014",
            )
