"""Actions on one term: suspend and resume, revoke and restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.dashboard.actions.views import (
    ActionRefusedError,
    ReasonForm,
    TermActionView,
)
from oscar_subscriptions.fulfilment import ledger

if TYPE_CHECKING:
    from collections.abc import Mapping


class SuspendView(TermActionView):
    """Suspend a term."""

    title = _("Suspend")
    about = _(
        "The term does not count until it is resumed, and keeps its dates: no days are added for "
        "the time in between. Its member is told."
    )
    done = _("The term is suspended.")
    is_dangerous = True

    def act(self, data: Mapping[str, object]) -> None:
        ledger.suspend(self.term, reason=str(data["reason"]), actor=self.request.user)


class ResumeView(TermActionView):
    """End the suspension of a term."""

    title = _("Resume")
    about = _("The term counts again, with its original last day.")
    done = _("The term counts again.")

    def act(self, data: Mapping[str, object]) -> None:
        ledger.resume(self.term, reason=str(data["reason"]), actor=self.request.user)


class RevokeForm(ReasonForm):
    """Why a term is revoked, and whether the member is told."""

    tell = forms.BooleanField(label=_("Tell the member by e-mail"), required=False, initial=True)


class RevokeView(TermActionView):
    """Revoke a term."""

    title = _("Revoke")
    about = _(
        "The term no longer counts, and its days are free. No money goes back: that is a refund. "
        "It can be restored as long as nobody else has its days."
    )
    done = _("The term is revoked.")
    form_class = RevokeForm
    is_dangerous = True

    def act(self, data: Mapping[str, object]) -> None:
        ledger.revoke(
            self.term,
            reason=str(data["reason"]),
            actor=self.request.user,
            tell=bool(data["tell"]),
        )


class RestoreView(TermActionView):
    """Undo the revocation of a term."""

    title = _("Restore")
    about = _("The term counts again, with its original days.")
    done = _("The term counts again.")

    def act(self, data: Mapping[str, object]) -> None:
        ledger.restore(self.term, reason=str(data["reason"]), actor=self.request.user)
        self.term.refresh_from_db()
        if self.term.revoked_at is not None:
            raise ActionRefusedError(
                gettext("Its days were sold again since. Give the member other days instead.")
            )
