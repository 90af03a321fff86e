"""Erase a member from dj-stripe's tables: what was stored before this package was installed, or
because the shop lets dj-stripe keep names and addresses (``KEEP_PAYER_DETAILS``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Field, JSONField, Model, Q, TextField
from django.db.models.functions import Cast

from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.payment_methods.scrubbing import scrub_payer_details
from oscar_subscriptions.privacy import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet


def erase_payer_details(person: Person) -> None:
    """Erase names and addresses from the rows that hold an address of ``person``, or one of the
    provider's ids of their payments. Called before these ids are forgotten."""
    addresses = _addresses(person)
    needles = addresses | _ids(person)
    if not needles:
        return
    concerned, own = _pattern(needles), _pattern(addresses)
    for model in apps.get_app_config("djstripe").get_models():
        fields = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, (JSONField, TextField))
        ]
        for row in _candidates(model, fields, needles).iterator(chunk_size=500):
            before = {field.attname: getattr(row, field.attname) for field in fields}
            if concerned.search(json.dumps(before, ensure_ascii=False, default=str)):
                after = {name: _erase(value, own) for name, value in before.items()}
                # Not saved: dj-stripe's models do more then than write their row.
                model._default_manager.filter(pk=row.pk).update(**after)


def _addresses(person: Person) -> set[str]:
    known = {person.email, *person.earlier_addresses()}
    known.update(person.subscriptions().values_list("member_email", flat=True))
    known.update(person.mails().values_list("email", flat=True))
    return known - {""}


def _ids(person: Person) -> set[str]:
    attempts = registered_payments.Attempt.objects.filter(order__in=person.orders())
    names = ("session_id", "payment_intent_id", "charge_id")
    known = {one for row in attempts.values_list(*names) for one in row}
    if person.user is not None:
        methods = registered_payments.StoredPaymentMethod.objects.filter(user=person.user)
        known.update(methods.values_list("customer_id", flat=True))
    return {one for one in known if one}


def _candidates(
    model: type[Model], fields: Iterable[Field[Any, Any]], needles: Iterable[str]
) -> QuerySet[Model]:
    wanted = Q(pk__in=[])
    # JSON may escape letters that are not ASCII.
    texts = {*needles, *(json.dumps(needle)[1:-1] for needle in needles)}
    rows = model._default_manager.all()
    for field in fields:
        rows = rows.alias(**{f"{field.attname}_text": Cast(field.attname, TextField())})
        for text in texts:
            wanted |= Q(**{f"{field.attname}_text__icontains": text})
    return rows.filter(wanted)


def _pattern(texts: Iterable[str]) -> re.Pattern[str]:
    """Match ``texts``, but no longer address or id that holds one of them."""
    either = "|".join(map(re.escape, texts))
    return re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)", re.IGNORECASE)


def _erase(value: Any, addresses: re.Pattern[str]) -> Any:
    """Return ``value``, JSON or the text of a row, without the payer."""
    if isinstance(value, str):
        try:
            document = json.loads(value)
        except ValueError:
            document = None
        if isinstance(document, dict):  # the body of a webhook
            return json.dumps(_erase(document, addresses))
    return _without(scrub_payer_details(value), addresses)


def _without(value: Any, addresses: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return addresses.sub("", value)
    if isinstance(value, dict):
        return {name: _without(part, addresses) for name, part in value.items()}
    if isinstance(value, list):
        return [_without(item, addresses) for item in value]
    return value
