"""The tick under the terms of sale."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ConsentForm(forms.Form):
    """The tick under the terms of sale, with what the member saw when ticking.

    Args:
        total: the order's total incl. tax now.
        terms: the ``TermsOfSale`` now.
    """

    accept_terms = forms.BooleanField(
        label=_("I have read the terms of sale and accept them."),
        error_messages={
            "required": _("Please read the terms of sale and tick the box to accept them.")
        },
    )
    shown_total = forms.DecimalField(widget=forms.HiddenInput, required=False)
    shown_terms = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, total: Any = None, terms: Any = None, **kwargs: Any) -> None:
        self.total, self.terms = total, terms
        kwargs["initial"] = {"shown_total": total, "shown_terms": terms.pk if terms else None}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse a tick under another text or another price than those in force.

        Raises:
            ValidationError: saying what changed meanwhile.
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

    def problem_with_total(self, total: Any) -> str:
        """Say that the price changed since the page was shown, or return an empty string.

        Args:
            total: the order's total as it is about to be written, under lock.
        """
        return self._price_problem(total.incl_tax)

    def _price_problem(self, total: Any) -> str:
        shown = self.cleaned_data.get("shown_total")
        if shown is not None and total is not None and shown != total:
            return gettext("The price has changed meanwhile. Please look at it again.")
        return ""
