"""The forms of the order page."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.agreements import auto_renewal, auto_renewal_wording
from oscar_subscriptions.plans import changes, previews
from oscar_subscriptions.renewals import orders

BillingAddressForm: Any = get_class("payment.forms", "BillingAddressForm")


class PlanBillingForm(BillingAddressForm):
    """Oscar's billing address, prefilled from what the member told us before."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        known = self._known_address()
        if "instance" not in kwargs and known is not None:
            kwargs["instance"] = self._copy(known)
        kwargs["initial"] = self._profile() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["country"].empty_label = None

    def address(self) -> Any:
        """Return the billing address of the order, not saved yet."""
        return self.save(commit=False)

    def keep_for_next_time(self) -> None:
        """Save what was typed: the address as the default one, the name where there was none.

        Oscar has put the address into the address book with the order.
        """
        entry = self.user.addresses.filter(hash=self.instance.generate_hash()).first()
        if entry is not None and not entry.is_default_for_billing:
            entry.is_default_for_billing = True
            entry.save()
        if not self.user.get_full_name().strip():
            self.user.first_name = self.instance.first_name[:150]
            self.user.last_name = self.instance.last_name[:150]
            self.user.save(update_fields=["first_name", "last_name"])

    def _known_address(self) -> Any | None:
        addresses = self.user.addresses.select_related("country")
        return addresses.order_by(
            "-is_default_for_billing", "-is_default_for_shipping", "-date_created"
        ).first()

    def _copy(self, known: Any) -> Any:
        billing_address = get_model("order", "BillingAddress")()
        known.populate_alternative_model(billing_address)
        return billing_address

    def _profile(self) -> dict[str, Any]:
        if self._known_address() is not None:
            return {}
        Country = get_model("address", "Country")
        return {
            "first_name": self.user.first_name,
            "last_name": self.user.last_name,
            "country": Country.objects.order_by("-display_order", "printable_name").first(),
        }


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


class BeginningForm(forms.Form):
    """When the plan shall begin, for a member whose subscription to another plan is running.

    Args:
        plan: the ``Plan`` being ordered.
        user: the member.
    """

    begins = forms.ChoiceField(
        label=_("When shall it begin?"),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,
    )

    def __init__(self, *args: Any, plan: Any, user: Any, **kwargs: Any) -> None:
        self.ways = {way.code: way for way in changes.ways(user, plan)}
        super().__init__(*args, **kwargs)
        choices = [
            (code, " ".join([_in_words(way, previews.span_of_change(plan, user, way)), *renewal]))
            for (code, way), renewal in zip(self.ways.items(), self._about_renewal(), strict=True)
        ]
        field: Any = self.fields["begins"]
        field.choices = choices
        field.initial = choices[0][0]

    def _about_renewal(self) -> Iterator[list[str]]:
        """What becomes of the automatic renewal of what the member has, for each way."""
        renewed = {
            way.subscription.pk: way.subscription.plan.title
            for way in self.ways.values()
            if way.subscription is not None and auto_renewal.is_on(way.subscription)
        }
        goes_on = gettext("“%(plan)s” goes on being renewed automatically.")
        ends = gettext("“%(plan)s” is then no longer renewed automatically.")
        for way in self.ways.values():
            if way.subscription is None:
                yield [goes_on % {"plan": title} for title in renewed.values()]
            else:
                title = renewed.get(way.subscription.pk)
                yield [ends % {"plan": title}] if title is not None else []

    @property
    def has_choice(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.ways) > 1

    @property
    def change(self) -> changes.Change:
        """What was chosen; the form is valid."""
        return self.ways.get(self.cleaned_data.get("begins") or "", changes.TODAY)


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
        known = user.subscriptions.filter(plan=plan).first() if is_possible else None
        self.is_on = known is not None and auto_renewal.is_on(known)
        # Of an order that is free no means of payment is kept.
        pays = total is not None and total.incl_tax is not None and total.incl_tax > 0
        is_possible = is_possible and not self.is_on and pays
        self.price = self._price(plan, user) if is_possible else None
        # What the member agrees to, kept word by word.
        self.text = ""
        if self.is_offered:
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
        except orders.NotForSale:
            return None

    @property
    def is_wanted(self) -> bool:
        """Whether it was offered and ticked; the form is valid."""
        return self.is_offered and self.cleaned_data["auto_renewal"]


def _in_words(way: changes.Change, span: Any) -> str:
    facts = {
        "start": date_format(span.starts_on, "DATE_FORMAT"),
        "end": date_format(span.ends_on, "DATE_FORMAT"),
        "old": way.subscription.plan.title if way.subscription else "",
        "days": way.credit,
    }
    if way.at_end:
        text = gettext("When “%(old)s” has ended: from %(start)s to %(end)s inclusive")
    elif way.credit:
        text = gettext(
            "Today in place of “%(old)s”, of which %(days)s days are credited: from %(start)s to "
            "%(end)s inclusive"
        )
    else:
        text = gettext("Today, beside what you have: from %(start)s to %(end)s inclusive")
    return text % facts
