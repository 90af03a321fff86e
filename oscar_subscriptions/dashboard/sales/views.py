"""Choose a member and a plan, see what the member would get, and send the link."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views import generic
from oscar.templatetags.currency_filters import currency as in_currency

from oscar_subscriptions import privacy
from oscar_subscriptions.dashboard.actions.effects import Effect, fingerprint
from oscar_subscriptions.dashboard.actions.trial import Outcome
from oscar_subscriptions.dashboard.actions.views import ActionRefusedError, PreviewedView
from oscar_subscriptions.dashboard.sales import accounts
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.plans import eligibility, order_links, previews
from oscar_subscriptions.renewals import orders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscar_subscriptions.privacy import Person
    from oscar_subscriptions.protocols import OutboxMail, Plan, StaffRequest, User
    from oscar_subscriptions.querysets import PlanQuerySet


class MemberSearchForm(forms.Form):
    """Whom to sell to."""

    q = forms.CharField(
        label=_("Name or e-mail address"),
        max_length=128,
        help_text=_("Its beginning is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SellView(generic.TemplateView):
    """Search the account to sell for."""

    template_name = "oscar/dashboard/subscriptions/sell.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        form = MemberSearchForm(self.request.GET if "q" in self.request.GET else None)
        found, are_more = accounts.find(form.cleaned_data["q"]) if form.is_valid() else ([], False)
        return super().get_context_data(
            form=form, is_search=form.is_valid(), accounts=found, are_more=are_more, **kwargs
        )


class SellForm(forms.Form):
    """Which plan the member is to order, and the language in which they are told."""

    plan = forms.ModelChoiceField(label=_("Plan"), queryset=registered.Plan.objects.none())

    language = forms.ChoiceField(
        label=_("Language of the e-mail"), choices=django_settings.LANGUAGES
    )

    def offer(self, plans: PlanQuerySet) -> None:
        """Let the operator choose among ``plans``."""
        field = cast("forms.ModelChoiceField[Plan]", self.fields["plan"])
        field.queryset = plans


class SellToView(PreviewedView):
    """Send a member the link to order a plan."""

    title = _("Send the link")
    about = _(
        "The member gets an e-mail with a link to the order page of this plan, signs in, reads the "
        "terms of sale and orders. Nothing is ordered or agreed to here."
    )
    template_name = "oscar/dashboard/subscriptions/sell_form.html"
    preview_template_name = "oscar/dashboard/subscriptions/sell_preview.html"
    form_class = SellForm
    request: StaffRequest

    @cached_property
    def member(self) -> User:
        """The account that the address names."""
        return accounts.get_or_404(self.kwargs["account"])

    @cached_property
    def plans(self) -> PlanQuerySet:
        """The plans that the member may buy or renew."""
        rows = registered.Plan.objects
        renewable = rows.renewable_by(self.member).order_by().values("pk")
        keys = rows.on_sale().order_by().values("pk").union(renewable)
        found = rows.filter(pk__in=keys).select_related("product")
        return found.order_by("product__title", "pk")

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        form = super().get_form(form_class)
        if isinstance(form, SellForm):  # a shop's own may find them itself
            form.offer(self.plans)
        return form

    def get_initial(self) -> dict[str, object]:
        """The member's language; as long as nobody knows it, the operator's."""
        known = outbox.language_of_user(self.member) or get_language()
        return super().get_initial() | {"language": known}

    def people(self, data: Mapping[str, object]) -> list[Person]:
        return [privacy.Person(self.member, self.member.email)]

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        """What the member would get is shown first, and a change of it asks again."""
        offered = self._offered(cast("Plan", data["plan"]))
        told = super().try_out(data, "").effects
        effects = [offered, *told]
        if fingerprint(effects) != seen:
            return Outcome(effects, False)
        outcome = super().try_out(data, fingerprint(told))
        return Outcome([offered, *outcome.effects], outcome.is_done)

    def _offered(self, plan: Plan) -> Effect:
        """The price and the days that the member would get by ordering today."""
        if not self.member.email:
            raise ActionRefusedError(gettext("The member has no e-mail address."))
        if eligibility.has_suspended_term(plan, self.member):
            raise ActionRefusedError(
                gettext("The member’s subscription to this plan is suspended. Settle that first.")
            )
        try:
            price = orders.quote(self.member, plan)
        except orders.NotForSaleError:
            raise ActionRefusedError(
                gettext("The shop has no price of this plan for this member.")
            ) from None
        span = previews.preview_term(plan, self.member)
        words = gettext(
            "Nothing is ordered. Today “%(plan)s” costs the member %(total)s incl. tax, from "
            "%(first)s to %(last)s."
        )
        said = {
            "plan": plan.title,
            "total": in_currency(price.incl_tax, price.currency),
            "first": date_format(span.starts_on, "DATE_FORMAT"),
            "last": date_format(span.ends_on, "DATE_FORMAT"),
        }
        return Effect(words % said)

    def act(self, data: Mapping[str, object]) -> None:
        self.sent, is_new = order_links.send(
            self.member,
            cast("Plan", data["plan"]),
            actor=self.request.user,
            language=str(data["language"]),
        )
        if not is_new:
            raise ActionRefusedError(
                gettext("A link to order this plan was sent to the member today; it is below.")
            )

    def respond(self, outcome: Outcome) -> HttpResponse:
        return redirect("subscriptions-dashboard:subscription-sell-link", pk=self.sent.pk)

    def get_success_url(self) -> str:
        return reverse("subscriptions-dashboard:subscription-sell")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            member=self.member, links=order_links.sent_to(self.member), **kwargs
        )


class SellLinkView(generic.TemplateView):
    """A link that was sent: to copy, for whoever is on the telephone."""

    template_name = "oscar/dashboard/subscriptions/sell_link.html"

    @cached_property
    def mail(self) -> OutboxMail:
        """The e-mail that the address names; one with a link."""
        rows = registered.OutboxMail.objects.select_related("user")
        wanted = {"kind": order_links.ORDER_LINK, "user__isnull": False}
        return get_object_or_404(rows, pk=self.kwargs["pk"], **wanted)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        link = order_links.link_of(self.mail)
        plans = registered.Plan.objects.select_related("product")
        return super().get_context_data(
            mail=self.mail,
            link=link,
            plan=plans.filter(pk=link.plan).first(),
            sender=order_links.sender_of(self.mail),
            **kwargs,
        )
