"""The actions that give days to all subscriptions that a search finds, and take them back."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import generic

from oscar_subscriptions.dashboard.actions.days import MOST_DAYS
from oscar_subscriptions.dashboard.actions.effects import Effect, fingerprint
from oscar_subscriptions.dashboard.actions.trial import Outcome
from oscar_subscriptions.dashboard.actions.views import (
    ActionRefusedError,
    PreviewedView,
    ReasonForm,
)
from oscar_subscriptions.dashboard.pagination import BoundedPaginator
from oscar_subscriptions.fulfilment import goodwill
from oscar_subscriptions.loading import get_class, registered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from oscar_subscriptions.dashboard.subscriptions.forms import SubscriptionSearchForm
    from oscar_subscriptions.protocols import Subscription, Term
    from oscar_subscriptions.querysets import TermQuerySet

# A request gives days to no more at a time: each is a transaction with its journal and its mail.
MOST = 1_000
# So many are named in a preview.
NAMED = 10


class GoodwillForm(ReasonForm):
    """How many days each of them gets."""

    days = forms.IntegerField(label=_("Days for each"), min_value=1, max_value=MOST_DAYS)
    # The same in the form, the preview and each try: they get the days once.
    batch = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class GoodwillView(PreviewedView):
    """Give days to all subscriptions that a search finds; the address has the search."""

    title = _("Give days to all of these")
    about = _(
        "Each running subscription that the search finds is extended. Those that can’t be are left "
        "out, and the preview says why. The members are told by the next daily run. All of it can "
        "be taken back at once."
    )
    form_class = GoodwillForm
    template_name = "oscar/dashboard/subscriptions/goodwill_form.html"
    preview_template_name = "oscar/dashboard/subscriptions/goodwill_preview.html"

    @cached_property
    def found(self) -> list[Subscription]:
        """What the search finds."""
        form: SubscriptionSearchForm = get_class(
            "dashboard.subscriptions.views", "SubscriptionSearchForm"
        )(self.request.GET)
        rows = form.search(registered.Subscription.objects.all())
        keys = list(rows.values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            words = gettext("More than %(number)s are found. Please narrow the search.")
            raise ActionRefusedError(words % {"number": number_format(MOST, force_grouping=True)})
        chosen = registered.Subscription.objects.filter(pk__in=keys).order_by("pk")
        return list(chosen.select_related("plan__product", "user"))

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        days, batch = cast("int", data["days"]), cast("uuid.UUID", data["batch"])
        effects = _promised(list(goodwill.preview(self.found, days)), days)
        if fingerprint(effects) != seen:
            return Outcome(effects, False)
        goodwill.give(
            self.found, days, reason=str(data["reason"]), actor=self.request.user, batch=batch
        )
        self.batch = batch
        return Outcome(effects, True)

    def respond(self, outcome: Outcome) -> HttpResponse:
        return redirect("subscriptions-dashboard:goodwill", batch=self.batch)

    def get_success_url(self) -> str:
        query = self.request.GET.urlencode()
        url = reverse("subscriptions-dashboard:subscription-list")
        return f"{url}?{query}" if query else url


def _promised(previews: list[goodwill.Preview], days: int) -> list[Effect]:
    """What a batch would do, in sentences: how many get the days, and the first of them by name."""
    getting = [one for one in previews if not one.problem]
    words = ngettext(
        "%(number)s subscription gets %(days)s days.",
        "%(number)s subscriptions get %(days)s days each.",
        len(getting),
    )
    effects = [Effect(words % {"number": len(getting), "days": days})]
    for one in getting[:NAMED]:
        assert one.ends_on is not None and one.would_end_on is not None
        shown = {
            "who": one.subscription,
            "before": date_format(one.ends_on, "DATE_FORMAT"),
            "after": date_format(one.would_end_on, "DATE_FORMAT"),
        }
        effects.append(Effect(gettext("%(who)s: last day %(before)s → %(after)s.") % shown))
    problems = Counter(one.problem for one in previews if one.problem)
    for problem, number in sorted(problems.items()):
        words = ngettext(
            "%(number)s gets none: %(problem)s", "%(number)s get none: %(problem)s", number
        )
        effects.append(Effect(words % {"number": number, "problem": problem}))
    return effects


class BatchView(generic.ListView):
    """What a batch has given, and what of it was taken back."""

    template_name = "oscar/dashboard/subscriptions/goodwill.html"
    context_object_name = "terms"
    paginate_by = 25
    paginator_class = BoundedPaginator

    def get_queryset(self) -> QuerySet[Term]:
        rows = terms_of(self.kwargs["batch"])
        return rows.select_related("subscription__plan__product").order_by("pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        rows = terms_of(self.kwargs["batch"])
        return super().get_context_data(
            batch=self.kwargs["batch"],
            first=rows.order_by("pk").first(),
            standing=rows.not_revoked().count(),
            **kwargs,
        )


class UndoView(PreviewedView):
    """Take back what a batch has given."""

    title = _("Take the days back")
    about = _(
        "The days are revoked, unless they are over, or days that the member has paid for follow "
        "them."
    )
    is_dangerous = True
    template_name = "oscar/dashboard/subscriptions/goodwill_form.html"
    preview_template_name = "oscar/dashboard/subscriptions/goodwill_preview.html"

    def get(self, request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
        terms_of(batch)
        return super().get(request)

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        batch = self.kwargs["batch"]
        back, kept = goodwill.foresee_undo(batch)
        words = ngettext(
            "%(number)s subscription loses the days.",
            "%(number)s subscriptions lose the days.",
            back,
        )
        effects = [Effect(words % {"number": back})]
        if kept:
            words = ngettext("%(number)s keeps them.", "%(number)s keep them.", kept)
            effects.append(Effect(words % {"number": kept}))
        if fingerprint(effects) != seen:
            return Outcome(effects, False)
        goodwill.undo(batch, reason=str(data["reason"]), actor=self.request.user)
        return Outcome(effects, True)

    def get_success_url(self) -> str:
        return reverse("subscriptions-dashboard:goodwill", args=[self.kwargs["batch"]])


def terms_of(batch: uuid.UUID) -> TermQuerySet:
    """Return the terms of a batch.

    Raises:
        Http404: there is none.
    """
    rows = registered.Term.objects.filter(batch=batch)
    if not rows.exists():
        raise Http404
    return rows
