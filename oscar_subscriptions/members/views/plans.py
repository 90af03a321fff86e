"""The pages to read: the plans, the member's own subscriptions, the terms of sale, the guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.views import generic

from oscar_subscriptions import conf, sellers, terms
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import calendar_file
from oscar_subscriptions.members import renewal_offer
from oscar_subscriptions.members.views.mixins import MemberRequiredMixin
from oscar_subscriptions.plans import previews, term_status

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        AutoRenewal,
        Plan,
        Request,
        Subscription,
        Term,
    )


@dataclass(frozen=True)
class PlanOffer:
    """A plan as this visitor sees it.

    Attributes:
        plan: the ``Plan``.
        purchase: Oscar's ``PurchaseInfo``: price and availability by the shop's strategy.
        span: the days it would give if paid today.
        is_renewal: whether they follow a running term of the same plan.
    """

    plan: Plan
    purchase: object
    span: terms.Span
    is_renewal: bool


class PlanListView(generic.TemplateView):
    """The plans on sale, with price and exact days, in a fixed number of queries."""

    template_name = "oscar/subscriptions/plan_list.html"
    request: Request

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        plans = list(registered.Plan.objects.on_sale().with_products())
        return super().get_context_data(offers=self.get_offers(plans), **kwargs)

    def get_offers(self, plans: list[Plan]) -> list[PlanOffer]:
        """Return an offer for each of ``plans`` that the shop's strategy has a price for."""
        days = previews.preview_terms(plans, self.request.user)
        offers = []
        for plan in plans:
            purchase = self.request.strategy.fetch_for_product(plan.product)
            if purchase.price.exists:
                span = days[plan.pk]
                offers.append(PlanOffer(plan, purchase, span, previews.continues(span)))
        return offers


@dataclass(frozen=True)
class Standing:
    """One subscription on the member's page.

    Attributes:
        subscription: the ``Subscription``.
        terms: pairs of a ``Term`` and its ``TermStatus``, the newest first.
        can_renew: whether its plan may be bought now.
        last_day: its last day, if that is still to come.
        renewal: the state or the offer of automatic renewal, or ``None``.
    """

    subscription: Subscription
    terms: list[tuple[Term, term_status.TermStatus]]
    can_renew: bool
    last_day: date | None = None
    renewal: renewal_offer.Offer | None = None


class MySubscriptionView(MemberRequiredMixin, generic.TemplateView):
    """The member's subscriptions with their terms, and seller status."""

    template_name = "oscar/subscriptions/my_subscription.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            standings=self.get_standings(),
            last_day=sellers.seller_until(self.member),
            **kwargs,
        )

    def get_standings(self) -> list[Standing]:
        """Return the member's subscriptions; a plan ordered but never paid has no terms."""
        rows = registered.Subscription.objects.filter(user=self.member).for_page()
        return [self.get_standing(subscription) for subscription in rows]

    @cached_property
    def consents(self) -> dict[int, AutoRenewal]:
        """The member's consents to automatic renewal in force, by primary key of subscription."""
        rows = registered.AutoRenewal.objects.in_force()
        own = rows.filter(subscription__user=self.member)
        return {row.subscription_id: row for row in own}

    @cached_property
    def renewable(self) -> set[int]:
        """Primary keys of the plans that the member may renew though they are off sale."""
        plans = registered.Plan.objects.renewable_by(self.member)
        return set(plans.values_list("pk", flat=True))

    def get_standing(self, subscription: Subscription) -> Standing:
        """Return one subscription for the page; no query of its own in a shop without automatic
        renewal.

        Args:
            subscription: a row from ``objects.for_page()``.
        """
        today = conf.today()
        newest_first = sorted(
            subscription.terms.all(), key=lambda term: (term.starts_on, term.pk), reverse=True
        )
        described = [(term, term_status.describe(term, today)) for term in newest_first]
        plan = subscription.plan
        # As ``eligibility.has_suspended_term``, from the rows that are loaded already.
        is_held = any(
            state.code == "suspended" and term.covered_until >= today for term, state in described
        )
        on_sale = plan.is_on_sale and plan.product.is_public
        return Standing(
            subscription,
            described,
            can_renew=(on_sale or plan.pk in self.renewable) and not is_held,
            last_day=calendar_file.last_day_ahead(subscription, today),
            renewal=renewal_offer.offer_for(subscription, self.consents.get(subscription.pk)),
        )


class TermsOfSaleView(generic.TemplateView):
    """The terms of sale in force, in the visitor's language where there is one."""

    template_name = "oscar/subscriptions/terms_of_sale.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the text; 404 while the shop has published none."""
        text = registered.TermsOfSale.objects.current()
        context = self.get_context_data(terms_of_sale=text, **kwargs)
        return self.render_to_response(context, status=200 if text else 404)


class GuideView(generic.TemplateView):
    """How to add one's first service, in a few steps."""

    template_name = "oscar/subscriptions/guide.html"
