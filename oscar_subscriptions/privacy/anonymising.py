"""Remove a member's names and keep the evidence. It can't be undone.

Kept, because the law wants it kept: terms, orders with their billing address, amounts, consents,
receipts (with the printed name), payments, and the journal. Removed: names and addresses on
subscriptions, consents to automatic renewal, mails, alerts and the journal, and the seller in the
shop. Nothing is charged any more. The account itself is Oscar's; deleting it before or after makes
no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Subscription, Term, User

# Yields sentences in the active language, one for each reason to refuse.
Objection = Callable[[Person], Iterator[str]]
Eraser = Callable[[Person], None]


class RefusedError(Exception):
    """Nothing was changed; ``reasons`` are sentences in the active language."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def add_objection(objection: Objection) -> Objection:
    """Let ``objection(person)`` refuse too; usable as a decorator. Adding twice adds it once."""
    if objection not in _OBJECTIONS:
        _OBJECTIONS.append(objection)
    return objection


def add_eraser(eraser: Eraser) -> Eraser:
    """Let ``eraser(person)`` erase what another app keeps; usable as a decorator. Adding twice adds
    it once.

    It is called in the transaction, so that an error undoes everything: it writes rows only, and
    leaves calls to other systems to ``transactions.after_commit``.
    """
    if eraser not in _ERASERS:
        _ERASERS.append(eraser)
    return eraser


@transactional
def anonymise(
    user: User | Person, *, reason: str, actor: User, give_up_terms: bool = False
) -> None:
    """Remove the names and addresses of a member; twice changes nothing more.

    Args:
        user: the account, or a :class:`~oscar_subscriptions.privacy.people.Person`.
        reason: why; kept in the journal.
        actor: the operator.
        give_up_terms: revoke running and future terms instead of refusing.

    Raises:
        RefusedError: money is open, a term runs, or ``reason`` is blank.
    """
    person = people.as_person(user)
    # Paying and ordering take the same locks, so that neither begins meanwhile.
    subscriptions: list[Subscription] = list(for_update(person.subscriptions()))
    reasons = [] if reason.strip() else [_("Please give a reason.")]
    if not give_up_terms:
        reasons += running_terms(person)
    reasons += [sentence for objection in _OBJECTIONS for sentence in objection(person)]
    if reasons:
        raise RefusedError(reasons)
    for term in _unfinished(person):
        ledger.revoke(term, reason=reason, actor=actor)
    for subscription in subscriptions:
        # Before the names go; the next run drops an announced renewal, and never charges it.
        auto_renewal.switch_off(subscription, reason=reason, actor=actor, tell=False)
    for erase in _ERASERS:
        erase(person)
    seller = person.seller()
    scrubbing.scrub(person, subscriptions)
    if seller is not None:
        scrubbing.close_seller(seller)
    for subscription in subscriptions:
        journal.record(subscription, journal.ANONYMISED, reason=reason, actor=actor)


def running_terms(person: Person) -> Iterator[str]:
    """Refuse for each running or future term, grace included: the member would lose its days."""
    for term in _unfinished(person):
        yield _("A term of “%(plan)s” runs until %(day)s. It has to be given up first.") % {
            "plan": term.plan_title,
            "day": date_format(term.ends_on, "DATE_FORMAT"),
        }


def objecting_alerts(person: Person) -> Iterator[str]:
    """Refuse for each alert that no operator has resolved."""
    for alert in person.alerts().open():
        yield _("An alert is not resolved: %(alert)s.") % {"alert": alerts.title(alert)}


def waiting_orders(person: Person) -> Iterator[str]:
    """Refuse for each order that can still be paid."""
    gateway = get_gateway()
    orders: Iterable[Order] = person.orders()
    for order in orders:
        if not gateway.may_be_paid(order).is_over:
            yield _("Order %(number)s waits for its payment. Cancel it first.") % {
                "number": order.number
            }


def _unfinished(person: Person) -> list[Term]:
    terms = registered.Term.objects.not_revoked()
    mine = terms.filter(subscription__in=person.subscriptions(), covered_until__gte=conf.today())
    return list(mine.select_related("subscription").order_by("pk"))


_OBJECTIONS: list[Objection] = [objecting_alerts, waiting_orders]
_ERASERS: list[Eraser] = []
