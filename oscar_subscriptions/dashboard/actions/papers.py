"""Actions on what belongs to an order: its receipt and its payments; and on e-mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf, journal, receipts
from oscar_subscriptions.dashboard.actions import effects, facts, mails
from oscar_subscriptions.dashboard.actions.effects import Effect, fingerprint
from oscar_subscriptions.dashboard.actions.trial import Outcome
from oscar_subscriptions.dashboard.actions.views import ActionRefusedError, ActionView
from oscar_subscriptions.gateway import UnavailableError, get_gateway
from oscar_subscriptions.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscar_subscriptions.protocols import Order, OutboxMail


class OrderActionView(ActionView):
    """An action on one order of the subscription's member; the address has its number."""

    @cached_property
    def order(self) -> Order:
        """The order that the address names; one of plans."""
        [person] = self.people({})
        order: Order | None = person.orders().filter(number=self.kwargs["number"]).first()
        if order is None:
            raise Http404
        return order

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(order=self.order, **kwargs)


class IssueReceiptView(OrderActionView):
    """Issue the receipt that a paid order lacks."""

    title = _("Issue the receipt")
    about = _("With the next number. A receipt that exists is never changed.")
    done = _("The receipt is issued.")

    def act(self, data: Mapping[str, object]) -> None:
        if receipts.issue(self.order) is None:
            raise ActionRefusedError(gettext("The order has given no term."))
        journal.record(
            self.subscription,
            journal.RECEIPT_ISSUED,
            detail={"order": self.order.number},
            reason=str(data["reason"]),
            actor=self.request.user,
        )


# The provider is asked outside of any transaction.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class AskProviderView(OrderActionView):
    """Ask the provider about the payments of an order, and act on what it says."""

    title = _("Ask the provider now")
    about = _(
        "The state of its payments is fetched, and acted on as if the provider had told it: a "
        "payment gives its term, a refund or dispute has the effect that the settings say."
    )

    def try_out(self, data: Mapping[str, object], seen: str) -> Outcome:
        words = gettext("The provider is asked about order %(number)s.")
        asked = [Effect(words % {"number": self.order.number})]
        if fingerprint(asked) != seen:
            return Outcome(asked, False)
        [person] = self.people(data)
        before = facts.take(person)
        try:
            get_gateway().ask(self.order)
        except UnavailableError:
            raise ActionRefusedError(
                gettext("The provider does not answer. Nothing was changed; try again later.")
            ) from None
        journal.record(
            self.subscription,
            journal.PROVIDER_ASKED,
            detail={"order": self.order.number},
            reason=str(data["reason"]),
            actor=self.request.user,
        )
        after = facts.take(person, before.subscriptions)
        return Outcome(list(effects.difference(before, after)), True)

    def respond(self, outcome: Outcome) -> HttpResponse:
        found = " ".join(effect.words for effect in outcome.effects)
        messages.success(
            self.request, found or gettext("The provider says nothing that was not known.")
        )
        return redirect(self.get_success_url())


class ShowPaidView(OrderActionView):
    """Show an order that was cancelled by mistake as paid again."""

    title = _("Show as paid again")
    about = _(
        "The order is paid, and somebody set it to cancelled. If that was a mistake, its status is "
        "set back. If not, revoke its term and refund the payment instead."
    )
    done = _("The order is shown as paid.")

    def act(self, data: Mapping[str, object]) -> None:
        if self.order.status != conf.settings.CANCELLED_STATUS:
            raise ActionRefusedError(gettext("The order is not cancelled any more."))
        get_gateway().show_paid_again(self.order)
        journal.record(
            self.subscription,
            journal.SHOWN_PAID,
            detail={"order": self.order.number},
            reason=str(data["reason"]),
            actor=self.request.user,
        )


class SendAgainView(ActionView):
    """Send an e-mail to the member once more."""

    title = _("Send again")
    about = _("It leaves once more, with what is true now, to the member’s present address.")
    done = _("The e-mail is on its way.")

    @cached_property
    def mail(self) -> OutboxMail:
        """The e-mail that the address names; one to the subscription's member."""
        [person] = self.people({})
        return get_object_or_404(person.mails().select_related("user"), pk=self.kwargs["mail"])

    def act(self, data: Mapping[str, object]) -> None:
        if mails.read(self.mail) is None:
            raise ActionRefusedError(gettext("What it says is no longer true, so it is not sent."))
        outbox.send_again(self.mail)
        journal.record(
            self.subscription,
            journal.MAIL_SENT_AGAIN,
            detail={"mail": self.mail.kind},
            reason=str(data["reason"]),
            actor=self.request.user,
        )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(mail_name=mails.name_of(self.mail), **kwargs)
