"""Two sellers: one in the middle of her year, one whose year is over.

Their terms are granted by the operator, with a reason: nobody paid for them, and nothing in the
shop should look as if somebody had.
"""

from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from django.conf import settings
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, journal, sellers, terms
from oscar_subscriptions.sellers import parking
from shop.demo_data import catalogue, people, pictures

REASON = "Demo data of the sandbox"


class Service(NamedTuple):
    """A service of a demo seller; ``price`` in euros without VAT."""

    title: str
    category: str
    price: D
    description: str


ACTIVE_SERVICES = [
    Service(
        "Atelier prise de parole en public",
        "Formation",
        D("350.00"),
        "Une journée en petit groupe pour parler juste et sans trac devant une salle.",
    ),
    Service(
        "Bilan de communication interne",
        "Audit",
        D("900.00"),
        "Entretiens, lecture des supports existants, et un rapport de dix pages à appliquer.",
    ),
    Service(
        "Coaching de dirigeant, 5 séances",
        "Coaching",
        D("750.00"),
        "Cinq séances d’une heure et demie, à distance ou dans nos locaux.",
    ),
]
PARKED_SERVICES = [
    Service(
        "Plan de formation annuel",
        "Conseil",
        D("600.00"),
        "Vos besoins, votre budget, un calendrier réaliste et les financements possibles.",
    ),
    Service(
        "Journée découverte du management visuel",
        "Formation",
        D("280.00"),
        "Une journée pour essayer les outils simples qui rendent le travail visible.",
    ),
]


def load() -> None:
    """Write the two sellers with their services, unless they are there."""
    today = conf.today()
    if not is_known(people.SELLER):
        grant(people.SELLER, "silver", today - relativedelta(months=4))
        for service in ACTIVE_SERVICES:
            offer(people.SELLER, service)
    if not is_known(people.LAPSED):
        # The last day of a term that begins on this day was ten days ago.
        grant(people.LAPSED, "bronze", today - timedelta(days=10) - relativedelta(months=12))
        for service in PARKED_SERVICES:
            offer(people.LAPSED, service)
        parking.park(sellers.get_seller(people.account(people.LAPSED)))


def is_known(person: people.Person) -> bool:
    """Tell whether ``person`` ever was a seller."""
    return sellers.get_seller(people.account(person)) is not None


def grant(person: people.Person, plan_name: str, starts_on: date) -> None:
    """Give ``person`` a term of a plan from ``starts_on`` on, in the operator's name."""
    member, operator = people.account(person), people.account(people.OPERATOR)
    plan = get_model("oscar_subscriptions", "Plan").objects.get(product__upc=f"plan-{plan_name}")
    subscription = fulfilment.lock_for_checkout(member, plan, "fr")
    span = terms.bought(starts_on, plan.months, plan.grace_days)
    term = get_model("oscar_subscriptions", "Term").objects.create(
        subscription=subscription,
        granted_by=operator,
        granted_by_name=operator.get_full_name(),
        grant_reason=REASON,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        covered_until=span.covered_until,
        anchor=span.anchor,
        plan_title=plan.title,
        months=plan.months,
        listing_limit=plan.listing_limit,
        grace_days=plan.grace_days,
    )
    detail = {"from": str(span.starts_on), "to": str(span.ends_on)}
    journal.record(
        subscription,
        journal.TERM_STARTED,
        term=term,
        detail=detail,
        reason=REASON,
        actor=operator,
    )
    sellers.forget(member)
    sellers.ensure_seller(member)


def offer(person: people.Person, service: Service) -> Any:
    """Write a service of ``person``, public in the shop."""
    seller = sellers.get_seller(people.account(person))
    product = get_model("catalogue", "Product").objects.create(
        title=service.title,
        description=f"<p>{service.description}</p>",
        product_class=catalogue.service_class(),
    )
    product.categories.add(catalogue.shelf("Services", service.category))
    pictures.ensure(product, "#0b7285", "#083b44", text=service.category)
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=seller.partner,
        partner_sku=f"demo-{product.pk}",
        price_currency=settings.OSCAR_DEFAULT_CURRENCY,
        price=service.price,
    )
    return product
