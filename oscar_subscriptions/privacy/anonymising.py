"""Take the names away and keep the evidence. It can't be undone.

Kept, because the law wants it kept: terms, orders with their billing address, amounts, consents,
receipts (with the name that is printed on them), payments, and the journal. Gone: names and
addresses on subscriptions, consents to automatic renewal, e-mails, alerts and the journal, and the
seller in the shop. Nobody is charged any more. The account itself is Oscar's; deleting it before or
after makes no difference.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_subscriptions import alerts, conf, journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.privacy import people, scrubbing
from oscar_subscriptions.privacy.people import Person
from oscar_subscriptions.transactions import for_update, transactional

# Returns sentences, one for each thing that stands in the way.
Objection = Callable[[Person], Iterator[str]]
Eraser = Callable[[Person], None]


class RefusedError(Exception):
    """Nothing was changed; ``reasons`` says why, in the active language."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def add_objection(objection: Objection) -> Objection:
    """Let ``objection(person)`` refuse too; usable as a decorator. Added twice, it asks once."""
    if objection not in _OBJECTIONS:
        _OBJECTIONS.append(objection)
    return objection


def add_eraser(eraser: Eraser) -> Eraser:
    """Let ``eraser(person)`` take away what another app keeps; usable as a decorator.

    It is called in the transaction, so that an error undoes everything: rows only, and what has to
    be said to others is said after commit (``commit.after_commit``). Added twice, it is called
    once.
    """
    if eraser not in _ERASERS:
        _ERASERS.append(eraser)
    return eraser


@transactional
def anonymise(user: Any, *, reason: str, actor: Any, give_up_terms: bool = False) -> None:
    """Make a member nameless; done twice it changes nothing more.

    Args:
        user: the account, or a :class:`~oscar_subscriptions.privacy.people.Person`.
        reason: why; kept in the journal.
        actor: the operator who does it.
        give_up_terms: revoke what runs or is still to come, instead of refusing.

    Raises:
        RefusedError: money is open, or a term runs; or there is no reason.
    """
    person = people.as_person(user)
    # Whoever pays or orders takes the same locks, so that nothing begins while we look.
    subscriptions = list(for_update(person.subscriptions()))
    reasons = [] if reason.strip() else [_("Please give a reason.")]
    if not give_up_terms:
        reasons += running_terms(person)
    reasons += [sentence for objection in _OBJECTIONS for sentence in objection(person)]
    if reasons:
        raise RefusedError(reasons)
    for term in _unfinished(person):
        ledger.revoke(term, reason=reason, actor=actor)
    for subscription in subscriptions:
        # Before the names go: what was announced is dropped by the next run, and never charged.
        auto_renewal.switch_off(subscription, reason=reason, actor=actor)
    for erase in _ERASERS:
        erase(person)
    seller = person.seller()
    scrubbing.scrub(person, subscriptions)
    if seller is not None:
        scrubbing.close(seller)
    for subscription in subscriptions:
        journal.record(subscription, journal.ANONYMISED, reason=reason, actor=actor)


def running_terms(person: Person) -> Iterator[str]:
    """Terms that run or are still to come, grace included: days that the member gives up."""
    for term in _unfinished(person):
        yield _("A term of “%(plan)s” runs until %(day)s. It has to be given up first.") % {
            "plan": term.plan_title,
            "day": date_format(term.ends_on, "DATE_FORMAT"),
        }


def open_alerts(person: Person) -> Iterator[str]:
    """Money that an operator has yet to decide about."""
    for alert in person.alerts().open():
        yield _("An alert is not resolved: %(alert)s.") % {"alert": alerts.title(alert)}


def waiting_orders(person: Person) -> Iterator[str]:
    """Orders that can still be paid."""
    gateway = get_gateway()
    for order in person.orders():
        if gateway.is_waiting(order):
            yield _("Order %(number)s waits for its payment. Cancel it first.") % {
                "number": order.number
            }


def _unfinished(person: Person) -> list[Any]:
    terms = registered.Term.objects.not_revoked()
    mine = terms.filter(subscription__in=person.subscriptions(), covered_until__gte=conf.today())
    return list(mine.select_related("subscription").order_by("pk"))


_OBJECTIONS: list[Objection] = [open_alerts, waiting_orders]
_ERASERS: list[Eraser] = []
