"""Orders, payments, alerts and journal on the page of a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.kinds import KINDS as KINDS_OF_MAIL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.paginator import Page

    from oscar_subscriptions.gateway import Payment
    from oscar_subscriptions.protocols import Consent, Order, Rows, Subscription
    from oscar_subscriptions.querysets import AlertQuerySet

    class ShownOrder(Order, Protocol):
        """An order with what :func:`orders` adds.

        Attributes:
            gave_term: whether it gave a term, and so has a receipt.
            payments: the newest first.
            consent: ``None`` for an order that was not placed in our checkout.
        """

        gave_term: bool
        payments: list[Payment]
        consent: Consent | None


class ShownEntry(Protocol):
    """A ``JournalEntry`` with what :func:`history` adds.

    Attributes:
        words: its kind, in the active language.
        facts: its detail in the active language; empty if there is nothing to tell.
    """

    kind: str
    detail: object
    words: str
    facts: str


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
    journal.TAKEN_DOWN: gettext_lazy("Taken down by the shop"),
    journal.TAKE_DOWN_LIFTED: gettext_lazy("Take-down lifted"),
    journal.EXPORTED: gettext_lazy("Data of the member exported"),
    journal.RECEIPT_ISSUED: gettext_lazy("Receipt issued by the shop"),
    journal.PROVIDER_ASKED: gettext_lazy("Payment provider asked"),
    journal.ORDER_LINK_SENT: gettext_lazy("Link to order sent"),
    journal.REFUND_ORDERED: gettext_lazy("Refund ordered"),
    journal.REFUND_REFUSED: gettext_lazy("Refund not carried out"),
    journal.SHOWN_PAID: gettext_lazy("Order shown as paid again"),
    journal.MAIL_SENT_AGAIN: gettext_lazy("E-mail sent again"),
}


# A journal grows with every switch that its member turns.
ENTRIES_PER_PAGE = 50


def orders(subscription: Subscription) -> list[ShownOrder]:
    """Return the orders of a subscription, paid or not, the newest first."""
    lines: QuerySet[Any] = get_model("order", "Line").objects.order_by()
    keys = lines.filter(subscription_term__subscription=subscription).values("order")
    if subscription.user_id is not None:
        product = subscription.plan.product_id
        own = lines.filter(order__user=subscription.user_id, product=product)
        # A union: with OR, the database would look at all orders of the shop.
        keys = keys.union(own.values("order"))
    given = registered.Term.objects.filter(order_line__order=OuterRef("pk"))
    rows: Rows = get_model("order", "Order").objects.filter(pk__in=keys)
    rows = rows.select_related("subscription_consent__terms_of_sale", "subscription_receipt")
    rows = rows.annotate(gave_term=Exists(given))
    found: list[ShownOrder] = list(rows.order_by("-date_placed", "-pk"))
    payments = get_gateway().payments_of(found)
    for order in found:
        order.payments = payments.get(order.pk, [])
        order.consent = getattr(order, "subscription_consent", None)
    return found


def open_alerts(subscription: Subscription, orders: Sequence[Order]) -> AlertQuerySet:
    """Return the open alerts of a subscription or of one of its ``orders``."""
    rows = registered.Alert.objects.open()
    return rows.filter(Q(subscription=subscription) | Q(order__in=orders))


def history(subscription: Subscription, number: str | None = None) -> Page[ShownEntry]:
    """Return a page of the journal of a subscription, the newest entry first.

    Args:
        number: of the page, as it was asked for; default, or if there is no such page: the first or
            last.
    """
    rows = subscription.journal.select_related("actor").order_by("-at", "-pk")
    page = cast("Page[ShownEntry]", Paginator(rows, ENTRIES_PER_PAGE).get_page(number))
    for entry in page.object_list:
        # A shop's own kinds have no translation here.
        entry.words = str(KINDS.get(entry.kind, entry.kind))
        entry.facts = ", ".join(_facts(entry.detail))
    return page


def _facts(detail: object) -> list[str]:
    """Return what to show of the journal's ``detail``; keys of a shop's own are left out."""
    facts = []
    if not isinstance(detail, dict):
        return [str(detail)]
    if number := detail.get("order"):
        facts.append(_("order %(number)s") % {"number": number})
    if (kind := KINDS_OF_MAIL.get(str(detail.get("mail")))) is not None:
        facts.append(str(kind.name))
    if service := detail.get("service"):
        facts.append(_("“%(title)s”") % {"title": service})
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


def _day(text: object) -> str:
    try:
        day = parse_date(str(text))
    except ValueError:
        day = None
    return date_format(day, "DATE_FORMAT") if day else str(text)
