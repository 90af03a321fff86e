"""The three steps of every action: a form with the reason, the preview, and the deed.

A shop replaces an action by its dotted name, as any view of the dashboard (see ``loading``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from oscar_subscriptions import privacy
from oscar_subscriptions.dashboard.actions import trial
from oscar_subscriptions.dashboard.actions.effects import fingerprint
from oscar_subscriptions.dashboard.actions.trial import Outcome
from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrPromise

    from oscar_subscriptions.privacy import Person
    from oscar_subscriptions.protocols import StaffRequest, Subscription, Term

# The name with which the form of a preview sends back what was seen, and that of its other button.
SEEN, CHANGE = "seen", "change"
# The parameter of an address that names the alert which the action answers: it leads back there.
ALERT = "alert"


class ActionRefusedError(Exception):
    """The action can't be carried out; the message tells the operator why, in their language."""


class ReasonForm(forms.Form):
    """Why an operator acts."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=255,
        help_text=_("Kept in the journal with your name."),
        error_messages={
            "required": _("Please say why: the member, or somebody else, may ask later.")
        },
    )


class PreviewedView(generic.FormView):
    """Something that an operator does: a form, the preview, and the deed.

    Subclasses set the texts and the form, and write :meth:`act` and :meth:`people`.

    Attributes:
        title: what is done, as on the button.
        about: what it means, above the form; what can't be brought back is said here.
        done: the message once it is done.
        is_dangerous: whether it takes something from the member.
    """

    request: StaffRequest

    template_name = "oscar/dashboard/subscriptions/action_form.html"
    preview_template_name = "oscar/dashboard/subscriptions/action_preview.html"
    form_class: type[forms.Form] = ReasonForm
    title: ClassVar[str | StrPromise] = ""
    about: ClassVar[str | StrPromise] = ""
    done: ClassVar[str | StrPromise] = _("Done.")
    is_dangerous = False

    def act(self, data: Mapping[str, object]) -> None:
        """Carry it out; in a transaction, and perhaps undone afterwards: rows are written, and
        whatever leaves the database waits for the commit.

        Args:
            data: the cleaned data of the form.

        Raises:
            ActionRefusedError: it can't be done.
        """
        raise NotImplementedError

    def people(self, data: Mapping[str, object]) -> list[Person]:
        """Return those for whom something changes; the preview speaks of them."""
        raise NotImplementedError

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        """Carry the action out if its effects are those that were ``seen``.

        An action that asks another system overrides this: it works out its effects without asking.
        """
        return trial.run(lambda: self.act(data), self.people(data), seen)

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        form = super().get_form(form_class)
        if "reason" in form.fields:  # after the action's own fields
            form.order_fields([*(name for name in form.fields if name != "reason"), "reason"])
        return form

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            title=self.title,
            about=self.about,
            is_dangerous=self.is_dangerous,
            back=self.get_success_url(),
            **kwargs,
        )

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        if CHANGE in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        seen = self.request.POST.get(SEEN, "")
        try:
            outcome = self.try_out(form.cleaned_data, seen)
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        if outcome.is_done:
            return self.respond(outcome)
        context = self.get_context_data(
            form=form,
            effects=outcome.effects,
            seen=fingerprint(outcome.effects),
            is_other=bool(seen),
        )
        return render(self.request, self.preview_template_name, context)

    def respond(self, outcome: Outcome) -> HttpResponse:
        """Answer once it is done."""
        messages.success(self.request, str(self.done))
        return redirect(self.get_success_url())


class ActionView(PreviewedView):
    """An action on a subscription; the address names it."""

    @cached_property
    def subscription(self) -> Subscription:
        """The subscription that the address names."""
        rows = registered.Subscription.objects.select_related("plan__product", "user")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def people(self, data: Mapping[str, object]) -> list[Person]:
        row = self.subscription
        return [privacy.Person(row.user, row.user.email if row.user else row.member_email)]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(subscription=self.subscription, **kwargs)

    def get_success_url(self) -> str:
        alert = self.request.GET.get(ALERT, "")
        # As many digits as a key may have.
        if alert.isascii() and alert.isdigit() and len(alert) < 19:
            return reverse("subscriptions-dashboard:alert-detail", args=[alert])
        return reverse("subscriptions-dashboard:subscription-detail", args=[self.subscription.pk])


class TermActionView(ActionView):
    """An action on one term; the address names the term."""

    @cached_property
    def term(self) -> Term:
        """The term that the address names."""
        rows = registered.Term.objects.select_related("subscription__plan__product")
        return get_object_or_404(rows.select_related("subscription__user"), pk=self.kwargs["pk"])

    @cached_property
    def subscription(self) -> Subscription:
        return self.term.subscription

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(term=self.term, **kwargs)
