"""The offer of automatic renewal."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from oscar_subscriptions.agreements import auto_renewal, auto_renewal_wording
from oscar_subscriptions.renewals import orders


class RenewalForm(forms.Form):
    """Offers automatic renewal: never ticked beforehand, and the order goes on without it.

    Args:
        plan: the ``Plan`` being ordered.
        user: the member.
        total: the order's total now, as Oscar's ``Price``.
    """

    auto_renewal = forms.BooleanField(required=False)
    shown_renewal = forms.CharField(required=False)

    def __init__(self, *args: Any, plan: Any, user: Any, total: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_possible = auto_renewal.is_offered()
        known = user.oscar_subscriptions.filter(plan=plan).first() if is_possible else None
        self.is_on = known is not None and auto_renewal.is_on(known)
        # Of an order that is free no payment method is kept.
        pays = total is not None and total.incl_tax is not None and total.incl_tax > 0
        is_possible = is_possible and not self.is_on and pays
        self.price = self._price(plan, user) if is_possible else None
        # What the member agrees to, kept word by word.
        self.text = ""
        if self.is_offered:
            assert self.price is not None
            self.text = auto_renewal_wording.agreement(plan, self.price, with_order=True)

    @property
    def is_offered(self) -> bool:
        """Whether there is a box to tick."""
        return self.price is not None

    @property
    def shown(self) -> str:
        """What the page posts to tell which words it showed."""
        return auto_renewal_wording.digest(self.text)

    def clean(self) -> dict[str, Any]:
        """Refuse a tick under other words than those of now.

        Raises:
            ValidationError: they have changed meanwhile, or were shown in another language.
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

    def _price(self, plan: Any, user: Any) -> Any | None:
        if not auto_renewal.leaves_time_to_announce(plan):
            return None
        try:
            return orders.quote(user, plan)
        except orders.NotForSaleError:
            return None

    @property
    def is_wanted(self) -> bool:
        """Whether it was offered and ticked; the form is valid."""
        return self.is_offered and self.cleaned_data["auto_renewal"]
