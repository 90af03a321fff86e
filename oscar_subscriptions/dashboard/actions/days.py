"""Actions that give days, and that hand them over."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import privacy
from oscar_subscriptions.dashboard.actions.views import (
    ActionRefusedError,
    ActionView,
    ReasonForm,
)
from oscar_subscriptions.fulfilment import grants, handovers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscar_subscriptions.privacy import Person
    from oscar_subscriptions.protocols import Rows, User

# As many days as a hundred years: beyond, a date can't be reckoned.
MOST_DAYS = 36_500


class _GrantView(ActionView):
    """An action that a ``grants.NotGrantedError`` refuses."""

    def act(self, data: Mapping[str, object]) -> None:
        try:
            self.grant(data)
        except grants.NotGrantedError as refusal:
            raise ActionRefusedError(str(refusal)) from None

    def grant(self, data: Mapping[str, object]) -> None:
        """As :meth:`act`, but may raise ``grants.NotGrantedError``."""
        raise NotImplementedError


class GiveForm(ReasonForm):
    """How many days are given: a number, or a term as long as the plan's."""

    days = forms.IntegerField(
        label=_("Number of days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Empty: a whole term of the plan, date to date."),
    )


class GiveView(_GrantView):
    """Give days: after the running term, or from today."""

    title = _("Give days")
    about = _(
        "A term without payment: directly after the running one, or from today. It can be taken "
        "back by revoking it."
    )
    done = _("The days are given.")
    form_class = GiveForm

    def grant(self, data: Mapping[str, object]) -> None:
        user = _member(self.subscription.user)
        days = data["days"] if isinstance(data["days"], int) else None
        plan, reason = self.subscription.plan, str(data["reason"])
        grants.grant(user, plan, days=days, reason=reason, actor=self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        months = self.subscription.plan.months
        hint = ngettext(
            "A whole term of this plan: %(months)s month.",
            "A whole term of this plan: %(months)s months.",
            months,
        )
        return super().get_context_data(hint=hint % {"months": months}, **kwargs)


class ExtendForm(ReasonForm):
    """By how many days a subscription is extended."""

    days = forms.IntegerField(label=_("Number of days"), min_value=1, max_value=MOST_DAYS)


class ExtendView(_GrantView):
    """Move the last day of a running subscription."""

    title = _("Extend")
    about = _(
        "Days directly after the last one. What is bought next begins after them, and keeps its "
        "whole length. They can be taken back by revoking their term."
    )
    done = _("The subscription is extended.")
    form_class = ExtendForm

    def grant(self, data: Mapping[str, object]) -> None:
        days = data["days"]
        assert isinstance(days, int)  # required by the form
        grants.extend(self.subscription, days, reason=str(data["reason"]), actor=self.request.user)


class HandOverForm(ReasonForm):
    """Who receives what is left."""

    to = forms.CharField(
        label=_("E-mail address of the receiver’s account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_to(self) -> User:
        """Return the one account that has the address, and is open."""
        wanted = self.cleaned_data["to"].strip()
        accounts: Rows = get_user_model()._default_manager.filter(email__iexact=wanted)
        found: User | None = accounts.first()
        if found is None:
            raise forms.ValidationError(gettext("No account has this address."))
        if accounts.exclude(pk=found.pk).exists():
            raise forms.ValidationError(gettext("More than one account has this address."))
        if not found.is_active:
            raise forms.ValidationError(gettext("This account is closed."))
        return found


class HandOverView(_GrantView):
    """Hand over what is left of a subscription."""

    title = _("Hand over")
    about = _(
        "What is left, from today on, goes to another account; both members are told, and by "
        "whom. Services stay with their seller. Receipts keep the name of who paid. It can be "
        "taken back as long as nothing follows the receiver’s days."
    )
    done = _("The subscription is handed over.")
    form_class = HandOverForm
    is_dangerous = True

    def people(self, data: Mapping[str, object]) -> list[Person]:
        receiver = cast("User", data["to"])
        return [*super().people(data), privacy.Person(receiver, receiver.email)]

    def grant(self, data: Mapping[str, object]) -> None:
        receiver = cast("User", data["to"])
        handovers.hand_over(
            self.subscription, receiver, reason=str(data["reason"]), actor=self.request.user
        )


class TakeBackHandoverView(_GrantView):
    """Take a handover back."""

    title = _("Take the handover back")
    about = _(
        "Who received the days loses them, and the terms that were handed over count again here, "
        "with their original days. Both members are told."
    )
    done = _("The handover is taken back.")
    is_dangerous = True

    def people(self, data: Mapping[str, object]) -> list[Person]:
        receivers = {
            term.went_to.subscription.user
            for term in handovers.handed_over(self.subscription).select_related(
                "went_to__subscription__user"
            )
            if term.went_to is not None and term.went_to.subscription.user is not None
        }
        others = sorted(receivers, key=lambda user: user.pk)
        return [*super().people(data), *(privacy.Person(user, user.email) for user in others)]

    def grant(self, data: Mapping[str, object]) -> None:
        handovers.take_back(self.subscription, reason=str(data["reason"]), actor=self.request.user)


def _member(user: User | None) -> User:
    if user is None:
        raise grants.NotGrantedError(gettext("The member's account no longer exists."))
    return user
