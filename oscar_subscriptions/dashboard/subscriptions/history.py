"""What is known of one subscription beyond its terms: orders, payments, consent, history."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered

KINDS = {
    journal.TERM_STARTED: gettext_lazy("Term given"),
    journal.TERM_GRANTED: gettext_lazy("Term granted by the shop"),
    journal.HANDED_OVER: gettext_lazy("Handed over"),
    journal.CREDITED: gettext_lazy("Given up for a credit of days"),
    journal.TERM_REVOKED: gettext_lazy("Term revoked"),
    journal.TERM_SUSPENDED: gettext_lazy("Term suspended"),
    journal.TERM_RESTORED: gettext_lazy("Term counts again"),
    journal.PAYMENT_REFUSED: gettext_lazy("Paid, but no term given"),
    journal.ACCOUNT_DELETED: gettext_lazy("Account deleted"),
    journal.ANONYMISED: gettext_lazy("Names and addresses removed"),
    journal.RENEWAL_ON: gettext_lazy("Automatic renewal chosen"),
    journal.RENEWAL_OFF: gettext_lazy("Automatic renewal switched off"),
    journal.RENEWAL_REFUSED: gettext_lazy("Automatic renewal not paid"),
    journal.LISTINGS_PARKED: gettext_lazy("Services taken out of the shop"),
    journal.LISTINGS_RESTORED: gettext_lazy("Services back in the shop"),
    journal.REMINDERS_OFF: gettext_lazy("Reminders stopped"),
    journal.REMINDERS_ON: gettext_lazy("Reminders wanted again"),
}


def orders(subscription: Any) -> list[Any]:
    """Return the orders of a subscription, paid or not, the newest first; each with ``payments``.

    ``gave_term`` says whether there is a receipt.
    ``consent`` is the ``Consent``, or ``None`` for an order that was not placed in our checkout.
    """
    Order = get_model("order", "Order")
    wanted = Q(lines__subscription_term__subscription=subscription)
    if subscription.user_id is not None:
        wanted |= Q(user=subscription.user_id, lines__product=subscription.plan.product_id)
    rows = Order.objects.filter(wanted).select_related("subscription_consent__terms_of_sale")
    terms = registered.Term.objects
    rows = rows.annotate(gave_term=Exists(terms.filter(order_line__order=OuterRef("pk"))))
    found = list(rows.distinct().order_by("-date_placed", "-pk"))
    payments = get_gateway().payments_of(found)
    for order in found:
        order.payments = payments.get(order.pk, [])
        order.consent = getattr(order, "subscription_consent", None)
    return found


def open_alerts(subscription: Any, orders: list[Any]) -> Any:
    """Return the alerts that wait for somebody: of a subscription, or of one of its ``orders``."""
    rows = registered.Alert.objects.open()
    return rows.filter(Q(subscription=subscription) | Q(order__in=orders))


def history(subscription: Any) -> list[Any]:
    """Return the journal, the newest first; each line with ``words`` and ``facts`` to read."""
    entries = list(subscription.journal.select_related("actor").order_by("-at", "-pk"))
    for entry in entries:
        # A shop's own kinds are shown as it wrote them.
        entry.words = KINDS.get(entry.kind, entry.kind)
        entry.facts = ", ".join(_facts(entry.detail))
    return entries


def _facts(detail: Any) -> list[str]:
    facts = []
    if not isinstance(detail, dict):
        return [str(detail)]
    if number := detail.get("order"):
        facts.append(_("order %(number)s") % {"number": number})
    if {"from", "to"} <= detail.keys():
        facts.append(
            _("%(first)s to %(last)s") % {"first": _day(detail["from"]), "last": _day(detail["to"])}
        )
    if products := detail.get("products"):
        number = len(products)
        facts.append(
            ngettext("%(number)s service", "%(number)s services", number) % {"number": number}
        )
    return facts


def _day(text: Any) -> str:
    try:
        day = parse_date(str(text))
    except ValueError:
        day = None
    return date_format(day, "DATE_FORMAT") if day else str(text)
