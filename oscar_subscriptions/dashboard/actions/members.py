"""Actions on a member: export their data, and anonymise them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf, journal, privacy
from oscar_subscriptions.dashboard.actions.effects import Effect, fingerprint
from oscar_subscriptions.dashboard.actions.trial import Outcome
from oscar_subscriptions.dashboard.actions.views import (
    ActionRefusedError,
    ActionView,
    ReasonForm,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class ExportView(ActionView):
    """Give an operator the file with all that is known of a member."""

    title = _("Export the member’s data")
    about = _("A file with all that the shop’s memberships know of the member, for the member.")

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        [person] = self.people(data)
        sections = [name for name, facts in privacy.export(person).items() if facts]
        words = gettext("You get a file (JSON) with: %(sections)s.")
        effects = [Effect(words % {"sections": ", ".join(sections)})]
        if fingerprint(effects) != seen:
            return Outcome(effects, False)
        journal.record(
            self.subscription,
            journal.EXPORTED,
            reason=str(data["reason"]),
            actor=self.request.user,
        )
        return Outcome(effects, True)

    def respond(self, outcome: Outcome) -> HttpResponse:
        [person] = self.people({})
        text = json.dumps(privacy.export(person), ensure_ascii=False, indent=2)
        name = f"member-{self.subscription.pk}-{conf.today().isoformat()}.json"
        return HttpResponse(
            text,
            content_type="application/json; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class AnonymiseForm(ReasonForm):
    """Why a member is anonymised, and whether terms that run are given up."""

    give_up_terms = forms.BooleanField(
        label=_("Give up terms that run or are to come"), required=False
    )


class AnonymiseView(ActionView):
    """Remove a member's names and addresses."""

    title = _("Anonymise the member")
    about = _(
        "Names and addresses are removed for good: nothing brings them back. Kept, because the "
        "law wants it kept: orders with their billing address, receipts, payments and the "
        "journal. The account itself is deleted on the customer’s page."
    )
    done = _("The member is anonymised.")
    form_class = AnonymiseForm
    is_dangerous = True

    def act(self, data: Mapping[str, object]) -> None:
        [person] = self.people(data)
        try:
            privacy.anonymise(
                person,
                reason=str(data["reason"]),
                actor=self.request.user,
                give_up_terms=bool(data["give_up_terms"]),
            )
        except privacy.RefusedError as refusal:
            raise ActionRefusedError(str(refusal)) from None
