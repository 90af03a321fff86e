"""The offer of automatic renewal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
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
        self._plan, self._user, self._total = plan, user, total

    # Asked for when the page is drawn or the box is ticked, since a quote writes a basket.

    @cached_property
    def is_on(self) -> bool:
        """Whether the subscription is renewed automatically already."""
        if not auto_renewal.is_offered():
            return False
        known = self._user.oscar_subscriptions.filter(plan=self._plan).first()
        return known is not None and auto_renewal.is_on(known)

    @cached_property
    def price(self) -> Price | None:
        """What a renewal would cost today; ``None``: none is offered."""
        # A free order stores no payment method.
        total = self._total.incl_tax if self._total is not None else None
        if not auto_renewal.is_offered() or self.is_on or total is None or total <= 0:
            return None
        if not auto_renewal.leaves_time_to_announce(self._plan):
            return None
        try:
            return orders.quote(self._user, self._plan)
        except orders.NotForSaleError:
            return None

    @cached_property
    def text(self) -> str:
        """The words that the member agrees to, which are kept as evidence; "" without an offer."""
        if self.price is None:
            return ""
        return auto_renewal_wording.agreement(self._plan, self.price, with_order=True)

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

    @property
    def is_wanted(self) -> bool:
        """Whether automatic renewal was offered and ticked; the form is valid."""
        return self.cleaned_data["auto_renewal"] and self.is_offered
