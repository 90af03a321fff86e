"""What the e-mails to members say: the text an operator typed in the dashboard, or else the files.

A new kind is an entry in ``KINDS`` and three files, ``commtype_<code>_subject.txt``, ``_body.txt``
and ``_body.html``, in ``oscar/communication/emails``.
"""

import logging
import re
from dataclasses import dataclass
from typing import Any

from django.contrib.sites.models import Site
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf, mail_texts
from oscar_subscriptions.gateway import get_gateway

logger = logging.getLogger(__name__)

ORDER_CONFIRMED = "order-confirmed"
SELLER_ACTIVATED = "seller-activated"
RENEWAL_ANNOUNCED = "renewal-announced"
RENEWAL_FAILED = "renewal-failed"
RENEWAL_STOPPED = "renewal-stopped"


@dataclass(frozen=True)
class Kind:
    """One kind of e-mail to a member.

    Args:
        code: by which Oscar finds the files, and rows of the dashboard with the language added.
        name: what operators call it.
        needs_order: whether a preview in the dashboard asks for an order.
        needs_valid_term: whether it is pointless once its term was taken back or frozen.
        needs_open_renewal: whether it is pointless once its renewal has ended, in whatever way.
    """

    code: str
    name: Any
    needs_order: bool = False
    needs_valid_term: bool = False
    needs_open_renewal: bool = False


KINDS = {
    ORDER_CONFIRMED: Kind(
        "SUBSCRIPTIONS_ORDER_CONFIRMED", _("Subscription: order confirmed"), needs_order=True
    ),
    SELLER_ACTIVATED: Kind(
        "SUBSCRIPTIONS_SELLER_ACTIVATED",
        _("Subscription: seller activated"),
        needs_valid_term=True,
    ),
    RENEWAL_ANNOUNCED: Kind(
        "SUBSCRIPTIONS_RENEWAL_ANNOUNCED",
        _("Subscription: automatic renewal announced"),
        needs_open_renewal=True,
    ),
    RENEWAL_FAILED: Kind(
        "SUBSCRIPTIONS_RENEWAL_FAILED",
        _("Subscription: automatic renewal not paid"),
        needs_open_renewal=True,
    ),
    RENEWAL_STOPPED: Kind(
        "SUBSCRIPTIONS_RENEWAL_STOPPED", _("Subscription: automatic renewal stopped")
    ),
}


class EmptyMailError(ValueError):
    """A text came out empty: Oscar would drop the e-mail without a word."""


@dataclass(frozen=True)
class Mail:
    """An e-mail as Oscar's dispatcher takes it.

    ``mistake`` says why the text that an operator typed was left aside, ``mistake_key`` is the
    same for the same text; both are empty if nothing was wrong.
    """

    messages: dict[str, str]
    mistake: str = ""
    mistake_key: str = ""


def write(kind: str, language: str, user: Any, facts: dict[str, Any]) -> Mail | None:
    """Return the e-mail of ``kind``, in the language that is active; ``None`` if what it tells of
    is no longer so, such as a term that was refunded before the e-mail left.

    Args:
        kind: a key of ``KINDS``.
        language: whose texts of the dashboard are taken.
        user: the member, or ``None``.
        facts: ids of what it tells of, see :func:`context`.

    Raises:
        Exception: whatever a file's template raises. A text of the dashboard that can't be
            rendered does not: the files are used, all three, so that the e-mail is of one piece.
    """
    code = KINDS[kind].code
    values = context(user, facts)
    if KINDS[kind].needs_valid_term and not values["term"].is_valid:
        return None
    if KINDS[kind].needs_open_renewal and values["renewal"].status != "open":
        return None
    texts = mail_texts.typed(code, language)
    if texts:
        try:
            return Mail(_render(code, values, texts))
        except Exception as error:  # an operator's template may raise anything
            logger.exception("The text typed for %s (%s) can't be used", code, language)
            return Mail(
                _render(code, values, {}),
                f"{type(error).__name__}: {error}",
                f"{code}-{language}-{mail_texts.fingerprint(texts)}",
            )
    return Mail(_render(code, values, {}))


def context(user: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what templates may speak of; ``facts`` may hold the ids ``order``, ``term`` and
    ``renewal``."""
    site = Site.objects.get_current()
    base_url = (conf.settings.BASE_URL or f"https://{site.domain}").rstrip("/")
    values: dict[str, Any] = {"user": user, "site": site, "base_url": base_url}
    if "order" in facts:
        order = get_model("order", "Order").objects.get(pk=facts["order"])
        path = reverse("customer:order", kwargs={"order_number": order.number})
        values |= {
            "order": order,
            "lines": order.lines.all(),
            "status_path": path,
            "status_url": f"{base_url}{path}",
        }
    if "term" in facts:
        Term = get_model("oscar_subscriptions", "Term")
        values["term"] = Term.objects.select_related("subscription__plan").get(pk=facts["term"])
    if "renewal" in facts:
        values |= _renewal(facts["renewal"], base_url)
    return values


def _renewal(pk: int, base_url: str) -> dict[str, Any]:
    rows = get_model("oscar_subscriptions", "PlannedRenewal").objects.select_related(
        "auto_renewal__subscription__plan__product", "follows", "order"
    )
    renewal = rows.get(pk=pk)
    gateway = get_gateway()
    can_be_paid = renewal.order is not None and gateway.is_waiting(renewal.order)
    return {
        "renewal": renewal,
        "plan": renewal.auto_renewal.subscription.plan,
        "pay_url": f"{base_url}{gateway.pay_url(renewal.order)}" if can_be_paid else "",
    }


def _render(code: str, values: dict[str, Any], texts: dict[str, str]) -> dict[str, str]:
    # A row that is never saved: Oscar's own rules then choose between text and file, and a shop's
    # fork of them is honoured.
    EventType = get_model("communication", "CommunicationEventType")
    dispatcher = get_class("communication.utils", "Dispatcher")()
    messages = EventType(code=code, **texts).get_messages(dispatcher.get_base_context(**values))
    messages["subject"] = messages["subject"].strip()
    messages["body"] = _tidy(messages["body"])
    if not messages["subject"] or not (messages["body"] or messages["html"].strip()):
        raise EmptyMailError(f"{code} has no subject or no body")
    return messages


def _tidy(text: str) -> str:
    """Return plain text without the traces of template tags: trailing spaces, empty lines."""
    lines = re.sub(r"[ \t\r]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")
