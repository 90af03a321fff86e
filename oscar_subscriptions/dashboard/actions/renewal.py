"""The action that switches automatic renewal off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.dashboard.actions import trial
from oscar_subscriptions.dashboard.actions.effects import fingerprint
from oscar_subscriptions.dashboard.actions.trial import Outcome
from oscar_subscriptions.dashboard.actions.views import ActionRefusedError, ActionView
from oscar_subscriptions.renewals import cancellation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscar_subscriptions.renewals.cancellation import Stopped


# Switching off may cancel a charge at the provider, which no transaction may surround; see
# ``cancellation.stop``.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class StopRenewalView(ActionView):
    """Switch the automatic renewal of one subscription off."""

    title = _("Switch automatic renewal off")
    about = _(
        "Nothing is charged automatically any more, and the stored payment method is deleted if "
        "nothing else needs it. Only the member can choose automatic renewal again."
    )
    is_dangerous = True

    # What came of it, once it is done.
    _stopped: Stopped

    def act(self, data: Mapping[str, object]) -> None:
        consent = auto_renewal.switch_off(
            self.subscription, actor=self.request.user, reason=str(data["reason"])
        )
        if consent is None:
            raise ActionRefusedError(gettext("Automatic renewal is off already."))

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        outcome = trial.run(lambda: self.act(data), self.people(data))
        if fingerprint(outcome.effects) != seen:
            return outcome
        self._stopped = cancellation.stop(
            self.subscription, actor=self.request.user, reason=str(data["reason"])
        )
        return outcome._replace(is_done=True)

    def respond(self, outcome: Outcome) -> HttpResponse:
        stopped, request = self._stopped, self.request
        if stopped.was_paid:
            messages.warning(
                request,
                gettext("Automatic renewal is off. A renewal had been charged before; it stands."),
            )
        elif not stopped.is_certain:
            messages.warning(
                request,
                gettext(
                    "Automatic renewal is off. A payment was just under way, and the provider has "
                    "not told yet whether it was charged; if it was, you get an alert."
                ),
            )
        elif stopped.was_on:
            messages.success(
                request,
                gettext("Automatic renewal is off. Nothing will be charged automatically."),
            )
        return redirect(self.get_success_url())
