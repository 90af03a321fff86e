"""The actions: address, permission and view of each, and when a page offers it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from django.urls import NoReverseMatch, reverse

from oscar_subscriptions import conf
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import CORE_LABEL, get_class

if TYPE_CHECKING:
    from oscar_subscriptions.dashboard.actions.views import ActionView
    from oscar_subscriptions.dashboard.subscriptions.history import ShownOrder
    from oscar_subscriptions.protocols import OutboxMail, Product, Seller, Subscription, Term, User


class Action(NamedTuple):
    """An action.

    Attributes:
        route: of its address, below that of the list of subscriptions.
        permission: codename that it needs, besides ``view_subscription``.
        module: below ``dashboard.actions``, with
        view: its view.
    """

    route: str
    permission: str
    module: str
    view: str

    def view_class(self) -> type[ActionView]:
        """Return the view, or the one that the shop has put in its place."""
        found: type[ActionView] = get_class(f"dashboard.actions.{self.module}", self.view)
        return found


# By the names of their addresses.
ACTIONS = {
    "subscription-give": Action("<int:pk>/give/", "give_term", "days", "GiveView"),
    "subscription-extend": Action("<int:pk>/extend/", "extend_term", "days", "ExtendView"),
    "subscription-hand-over": Action(
        "<int:pk>/hand-over/", "hand_over_subscription", "days", "HandOverView"
    ),
    "subscription-take-back": Action(
        "<int:pk>/take-back/", "hand_over_subscription", "days", "TakeBackHandoverView"
    ),
    "subscription-stop-renewal": Action(
        "<int:pk>/stop-renewal/", "stop_autorenewal", "renewal", "StopRenewalView"
    ),
    "subscription-export": Action("<int:pk>/export/", "export_member", "members", "ExportView"),
    "subscription-anonymise": Action(
        "<int:pk>/anonymise/", "anonymise_member", "members", "AnonymiseView"
    ),
    "subscription-receipt": Action(
        "<int:pk>/orders/<str:number>/receipt/", "add_receipt", "papers", "IssueReceiptView"
    ),
    "subscription-ask-provider": Action(
        "<int:pk>/orders/<str:number>/ask/", "ask_provider", "papers", "AskProviderView"
    ),
    "subscription-send-again": Action(
        "<int:pk>/mails/<int:mail>/send-again/", "resend_outboxmail", "papers", "SendAgainView"
    ),
    "subscription-refund": Action(
        "<int:pk>/orders/<str:number>/refund/", "refund_payment", "refund", "RefundView"
    ),
    "subscription-show-paid": Action(
        "<int:pk>/orders/<str:number>/show-paid/", "resolve_alert", "papers", "ShowPaidView"
    ),
    "service-take-down": Action(
        "sellers/<int:pk>/services/<int:service>/take-down/",
        "add_takedown",
        "take_downs",
        "TakeDownView",
    ),
    "service-lift": Action(
        "sellers/<int:pk>/services/<int:service>/lift/",
        "change_takedown",
        "take_downs",
        "LiftView",
    ),
    "seller-page-take-down": Action(
        "sellers/<int:pk>/page/take-down/", "add_takedown", "take_downs", "TakePageDownView"
    ),
    "seller-page-lift": Action(
        "sellers/<int:pk>/page/lift/", "change_takedown", "take_downs", "LiftPageView"
    ),
    "term-suspend": Action("terms/<int:pk>/suspend/", "suspend_term", "terms", "SuspendView"),
    "term-resume": Action("terms/<int:pk>/resume/", "resume_term", "terms", "ResumeView"),
    "term-revoke": Action("terms/<int:pk>/revoke/", "revoke_term", "terms", "RevokeView"),
    "term-restore": Action("terms/<int:pk>/restore/", "restore_term", "terms", "RestoreView"),
}


class Offer(NamedTuple):
    """An action that a page offers: its name, its address, its title, and whether it takes
    something away."""

    name: str
    url: str
    title: str
    is_dangerous: bool


def offers_of_subscription(user: User, subscription: Subscription) -> list[Offer]:
    """Return what ``user`` may do to ``subscription``, whose terms are prefetched."""
    today, terms = conf.today(), list(subscription.terms.all())
    held = [term for term in terms if term.revoked_at is None]
    is_running = any(term.covered_until >= today for term in held)
    has_rest = any(term.ends_on >= today for term in held)
    is_known = subscription.user_id is not None
    wanted = {
        "subscription-give": is_known,
        "subscription-extend": is_known and is_running,
        "subscription-hand-over": is_known and has_rest,
        "subscription-take-back": any(_was_handed_over(term) for term in terms),
        "subscription-stop-renewal": auto_renewal.current(subscription) is not None,
        "subscription-export": True,
        "subscription-anonymise": True,
    }
    return _offers(user, wanted, pk=subscription.pk)


def offers_of_term(user: User, term: Term) -> list[Offer]:
    """Return what ``user`` may do to ``term``: one that is over stays as it is."""
    is_revoked, is_suspended = term.revoked_at is not None, term.suspended_at is not None
    if term.covered_until < conf.today():
        return []
    wanted = {
        "term-suspend": not is_revoked and not is_suspended,
        "term-resume": not is_revoked and is_suspended,
        "term-revoke": not is_revoked,
        "term-restore": is_revoked and term.went_to_id is None,
    }
    return _offers(user, wanted, pk=term.pk)


def offers_of_order(user: User, subscription: Subscription, order: ShownOrder) -> list[Offer]:
    """Return what ``user`` may do to ``order``, one of ``subscription``."""
    wanted = {
        "subscription-ask-provider": bool(order.payments),
        "subscription-receipt": order.gave_term and not hasattr(order, "subscription_receipt"),
        "subscription-refund": any(payment.is_refundable for payment in order.payments),
        "subscription-show-paid": order.gave_term
        and bool(order.payments)
        and order.status == conf.settings.CANCELLED_STATUS,
    }
    return _offers(user, wanted, pk=subscription.pk, number=order.number)


def offers_of_mail(user: User, subscription: Subscription, mail: OutboxMail) -> list[Offer]:
    """Return what ``user`` may do to ``mail``, one to the member of ``subscription``."""
    waits = mail.sent_at is None and mail.dropped_at is None and not mail.tries
    return _offers(user, {"subscription-send-again": not waits}, pk=subscription.pk, mail=mail.pk)


def offers_of_service(user: User, seller: Seller, service: Product) -> list[Offer]:
    """Return what ``user`` may do to a service of ``seller``, one of ``listings.own_services``."""
    is_down = service.taken_down_because is not None
    wanted = {"service-lift": is_down, "service-take-down": not is_down}
    return _offers(user, wanted, pk=seller.pk, service=service.pk)


def offers_of_page(user: User, seller: Seller) -> list[Offer]:
    """Return what ``user`` may do to the public page of ``seller``."""
    wanted = {"seller-page-lift": not seller.has_page, "seller-page-take-down": seller.has_page}
    return _offers(user, wanted, pk=seller.pk)


def _was_handed_over(term: Term) -> bool:
    return term.revoked_at is not None and term.went_as == term.HANDED_OVER


def _offers(user: User, wanted: dict[str, bool], **address: object) -> list[Offer]:
    """The actions that make sense and that ``user`` may carry out, at what ``address`` names."""
    found = []
    for name, makes_sense in wanted.items():
        action = ACTIONS[name]
        if makes_sense and user.has_perm(f"{CORE_LABEL}.{action.permission}"):
            view = action.view_class()
            # A shop may have the extension without its dashboard.
            with suppress(NoReverseMatch):
                url = reverse(f"subscriptions-dashboard:{name}", kwargs=address)
                found.append(Offer(name, url, str(view.title), view.is_dangerous))
    return found
