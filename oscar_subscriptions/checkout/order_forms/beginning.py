"""The choice of the day on which a plan begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.plans import changes, previews

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, User
    from oscar_subscriptions.terms import Span


class BeginningForm(forms.Form):
    """Asks a member whose subscription to another plan is running when the new plan begins.

    Args:
        plan: the ``Plan`` being ordered.
        user: the member.
        held: the terms of ``user``, if they have been read.
    """

    begins = forms.ChoiceField(
        label=_("When shall it begin?"),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,
    )

    def __init__(
        self, *args: Any, plan: Plan, user: User, held: HeldTerms | None = None, **kwargs: Any
    ) -> None:
        held = held or HeldTerms.of(user)
        self.ways = {way.code: way for way in changes.ways(user, plan, held)}
        super().__init__(*args, **kwargs)
        choices = []
        for (code, way), renewal in zip(self.ways.items(), self._about_renewal(), strict=True):
            span = previews.preview_change(plan, user, way, held)
            choices.append((code, " ".join([_in_words(way, span), *renewal])))
        field = cast(forms.ChoiceField, self.fields["begins"])
        field.choices = choices
        field.initial = choices[0][0]

    def _about_renewal(self) -> Iterator[list[str]]:
        """Yield one sentence or none for each way: whether automatic renewal of the running
        subscription goes on."""
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
        """Whether there is more than one way to begin."""
        return len(self.ways) > 1

    @property
    def change(self) -> changes.Change:
        """The way that was chosen; the form is valid."""
        return self.ways.get(self.cleaned_data.get("begins") or "", changes.TODAY)


def _in_words(way: changes.Change, span: Span) -> str:
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
