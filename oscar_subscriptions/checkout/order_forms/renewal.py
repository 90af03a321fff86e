"""The offer of automatic renewal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext

from oscar_subscriptions.agreements import auto_renewal, auto_renewal_wording
from oscar_subscriptions.renewals import orders

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, Price, User


class RenewalForm(forms.Form):
    """Offers automatic renewal: not ticked beforehand, and not required for the order.

    Args:
        plan: the ``Plan`` being ordered.
        user: the member.
        total: the order's total now, as Oscar's ``Price``.
    """

    auto_renewal = forms.BooleanField(required=False)
    shown_renewal = forms.CharField(required=False)

    def __init__(
        self, *args: Any, plan: Plan, user: User, total: Price | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        is_possible = auto_renewal.is_offered()
        known = user.oscar_subscriptions.filter(plan=plan).first() if is_possible else None
        self.is_on = known is not None and auto_renewal.is_on(known)
        # A free order stores no payment method.
        pays = total is not None and total.incl_tax is not None and total.incl_tax > 0
        is_possible = is_possible and not self.is_on and pays
        self.price = self._price(plan, user) if is_possible else None
        # The words that the member agrees to; they are kept as evidence.
        self.text = ""
        if self.price is not None:
            self.text = auto_renewal_wording.agreement(plan, self.price, with_order=True)

    @property
    def is_offered(self) -> bool:
        """Whether there is a box to tick."""
        return self.price is not None

    @property
    def shown(self) -> str:
        """The digest of the words shown, which the page posts back."""
        return auto_renewal_wording.digest(self.text)

    def clean(self) -> dict[str, object]:
        """Refuse a tick under words that are no longer in force.

        Raises:
            ValidationError: the words have changed meanwhile, or were shown in another language.
        """
        cleaned = super().clean() or {}
        if self.is_wanted and cleaned.get("shown_renewal") != self.shown:
            raise forms.ValidationError(
                gettext(
                    "The conditions of automatic renewal have changed meanwhile. Please read them "
                    "again."
                )
            )
        return cleaned

    def _price(self, plan: Plan, user: User) -> Price | None:
        if not auto_renewal.leaves_time_to_announce(plan):
            return None
        try:
            return orders.quote(user, plan)
        except orders.NotForSaleError:
            return None

    @property
    def is_wanted(self) -> bool:
        """Whether automatic renewal was offered and ticked; the form is valid."""
        return self.is_offered and self.cleaned_data["auto_renewal"]
