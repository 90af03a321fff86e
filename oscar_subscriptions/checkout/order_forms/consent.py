"""The tick under the terms of sale."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Price, TermsOfSale


class ConsentForm(forms.Form):
    """Asks for acceptance of the terms of sale, and posts back the total and the text shown.

    Args:
        total: the order's total incl. tax now, in major units.
        terms: the ``TermsOfSale`` in force now.
    """

    accept_terms = forms.BooleanField(
        label=_("I have read the terms of sale and accept them."),
        error_messages={
            "required": _("Please read the terms of sale and tick the box to accept them.")
        },
    )
    shown_total = forms.DecimalField(widget=forms.HiddenInput, required=False)
    shown_terms = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        total: Decimal | None = None,
        terms: TermsOfSale | None = None,
        **kwargs: Any,
    ) -> None:
        self.total, self.terms = total, terms
        kwargs["initial"] = {"shown_total": total, "shown_terms": terms.pk if terms else None}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, object]:
        """Refuse a tick under a text or a price that is no longer in force.

        Raises:
            ValidationError: with the change since the page was shown.
        """
        cleaned = super().clean() or {}
        if self.terms is None:
            raise forms.ValidationError(
                gettext("The shop has not published its terms of sale yet, so nothing can be sold.")
            )
        shown = cleaned.get("shown_terms")
        if shown is not None and shown != self.terms.pk:
            raise forms.ValidationError(
                gettext("The terms of sale have changed meanwhile. Please read them again.")
            )
        if problem := self._price_problem(self.total):
            raise forms.ValidationError(problem)
        return cleaned

    def problem_with_total(self, total: Price) -> str:
        """Return a message if the price has changed since the page was shown, else "".

        Args:
            total: the order's total as it is about to be written, under lock.
        """
        return self._price_problem(total.incl_tax)

    def _price_problem(self, total: Decimal | None) -> str:
        shown = self.cleaned_data.get("shown_total")
        if shown is not None and total is not None and shown != total:
            return gettext("The price has changed meanwhile. Please look at it again.")
        return ""
