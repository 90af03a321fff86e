"""The action that refunds a payment, whole or in part."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from django import forms
from django.db import transaction
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from oscar.templatetags.currency_filters import currency as in_currency

from oscar_subscriptions import journal
from oscar_subscriptions.dashboard.actions import trial
from oscar_subscriptions.dashboard.actions.effects import Effect, fingerprint
from oscar_subscriptions.dashboard.actions.papers import OrderActionView
from oscar_subscriptions.dashboard.actions.trial import Outcome
from oscar_subscriptions.dashboard.actions.views import ActionRefusedError, ReasonForm
from oscar_subscriptions.gateway import (
    RefundOutdatedError,
    RefundRefusedError,
    UnavailableError,
    get_gateway,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscar_subscriptions.gateway import Refundable


class RefundForm(ReasonForm):
    """Which payment of an order is refunded, and how much of it."""

    payment = forms.ChoiceField(label=_("Payment"))
    amount = forms.DecimalField(
        label=_("Amount"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        help_text=_("Empty: all that is left of it."),
    )

    # Those that can be refunded, by reference; see ``offer``.
    payments: Mapping[str, Refundable] = MappingProxyType({})

    def offer(self, payments: list[Refundable]) -> None:
        """Let the operator choose among ``payments``."""
        self.payments = {one.reference: one for one in payments}
        choices = [(one.reference, _described(one)) for one in payments]
        self.fields["payment"] = forms.ChoiceField(label=_("Payment"), choices=choices)

    def clean(self) -> dict[str, object]:
        """Set ``amount`` to what is left if none was typed, and refuse more."""
        data: dict[str, object] = super().clean() or self.cleaned_data
        payment = self.payments.get(str(data.get("payment")))
        if payment is None or "amount" not in data:
            return data
        amount = cast("Decimal | None", data["amount"])
        data["amount"] = payment.left if amount is None else amount
        if amount is None:
            return data
        if amount > payment.left:
            left = in_currency(payment.left, payment.currency)
            self.add_error("amount", gettext("Only %(left)s are left of it.") % {"left": left})
        elif not get_gateway().can_collect(amount, payment.currency):
            self.add_error("amount", gettext("This amount can’t be refunded exactly."))
        return data


# The provider is asked outside of any transaction.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class RefundView(OrderActionView):
    """Refund a payment of an order."""

    title = pgettext_lazy("action", "Refund")
    about = _(
        "The money goes back to the card or account that it came from, which can’t be undone. What "
        "becomes of the term is what the shop’s settings say of refunds; the preview shows it."
    )
    done = _("The refund is under way.")
    form_class = RefundForm
    is_dangerous = True

    @cached_property
    def refundable(self) -> list[Refundable]:
        """The payments of the order of which something is left."""
        return get_gateway().refundable(self.order)

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        form = super().get_form(form_class)
        if isinstance(form, RefundForm):  # a shop's own may find them itself
            form.offer(self.refundable)
        return form

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        nothing = gettext("Nothing of this order can be refunded here.")
        return super().get_context_data(hint="" if self.refundable else nothing, **kwargs)

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        reference, amount = str(data["payment"]), cast("Decimal", data["amount"])
        payment = next(one for one in self.refundable if one.reference == reference)
        gateway = get_gateway()
        foreseen = trial.run(
            lambda: gateway.foresee_refund(self.order, reference, amount), self.people(data)
        )
        # What is left is seen as well, so that a second click is not a second refund.
        effects = [_goes_back(payment, amount), *foreseen.effects]
        if fingerprint(effects) != seen:
            return Outcome(effects, False)
        # Before the provider is asked: whatever becomes of the answer, it is known who asked.
        detail = {"order": self.order.number, "amount": str(amount)}
        self._note(journal.REFUND_ORDERED, detail, str(data["reason"]))
        try:
            gateway.refund(self.order, reference, amount, payment.left)
        except RefundRefusedError as refusal:
            self._note(journal.REFUND_REFUSED, detail, str(refusal))
            raise ActionRefusedError(
                gettext("The provider refuses the refund, and nothing went back: %(reason)s")
                % {"reason": refusal}
            ) from None
        except RefundOutdatedError:
            why = gettext("The payment has changed since the preview, and nothing went back now.")
            self._note(journal.REFUND_REFUSED, detail, why)
            raise ActionRefusedError(
                f"{why} "
                + gettext(
                    "A colleague was faster, or an earlier try has succeeded after all. Please "
                    "look at what was refunded before you refund more."
                )
            ) from None
        except UnavailableError:
            raise ActionRefusedError(
                gettext(
                    "The provider does not answer, so it is not known whether the money went back. "
                    "Try again: the same amount is not refunded twice."
                )
            ) from None
        return Outcome(effects, True)

    def _note(self, kind: str, detail: Mapping[str, object], reason: str) -> None:
        journal.record(
            self.subscription, kind, detail=detail, reason=reason, actor=self.request.user
        )


def _goes_back(payment: Refundable, amount: Decimal) -> Effect:
    shown = {
        "amount": in_currency(amount, payment.currency),
        "left": in_currency(payment.left - amount, payment.currency),
    }
    if amount == payment.left:
        return Effect(gettext("%(amount)s go back to the member; nothing is left then.") % shown)
    return Effect(gettext("%(amount)s go back to the member; %(left)s are left then.") % shown)


def _described(payment: Refundable) -> str:
    received = in_currency(payment.received, payment.currency)
    if payment.left == payment.received:
        return f"{payment.name}, {received}"
    left = in_currency(payment.left, payment.currency)
    words = gettext("%(name)s, %(received)s, of which %(left)s are left")
    return words % {"name": payment.name, "received": received, "left": left}
