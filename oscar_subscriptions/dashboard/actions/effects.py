"""The difference that an action makes, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_subscriptions.dashboard.actions import mails

if TYPE_CHECKING:
    from oscar_subscriptions.dashboard.actions.facts import Facts, SubscriptionFacts, TermFacts

# More titles of services than these are only counted.
NAMED = 5


@dataclass(frozen=True)
class Effect:
    """One thing that an action changes.

    Attributes:
        words: a sentence in the active language.
        text: more to read, such as the text of an e-mail; "" if there is no more.
        language: language code of ``text`` and ``quote``; "": the active one.
        quote: what follows the sentence in that language, such as the subject of an e-mail.
    """

    words: str
    text: str = ""
    language: str = ""
    quote: str = ""


def fingerprint(effects: Iterable[Effect]) -> str:
    """Return what tells these effects from others: the form of a preview sends it back."""
    said = "\n".join(f"{effect.words} {effect.quote}" for effect in effects)
    return hashlib.sha256(said.encode()).hexdigest()


def difference(before: Facts, after: Facts) -> Iterator[Effect]:
    """Yield what has changed of one member, what matters most first."""
    for pk, subscription in after.subscriptions.items():
        yield from _of_subscription(before.subscriptions.get(pk), subscription)
    if before.seller_until != after.seller_until:
        yield Effect(_seller(before.seller_until, after.seller_until))
    yield from _of_terms(before.terms, after.terms)
    yield from _of_services(before.services, after.services)
    for pk, number in after.receipts.items():
        if pk not in before.receipts:
            yield Effect(_("Receipt %(number)s is issued.") % {"number": number})
    for pk, title in before.alerts.items():
        if pk not in after.alerts:
            yield Effect(_("This alert is resolved: %(title)s.") % {"title": title})
    for pk, title in after.alerts.items():
        if pk not in before.alerts:
            yield Effect(_("This alert is raised: %(title)s.") % {"title": title})
    yield from _of_mails(before, after)


def _of_subscription(
    before: SubscriptionFacts | None, after: SubscriptionFacts
) -> Iterator[Effect]:
    last = before.last_day if before is not None else None
    if last != after.last_day:
        values = {"plan": after.title, "before": _day(last), "after": _day(after.last_day)}
        if last is None:
            words = _("Last day of %(plan)s: %(after)s; before, no day was left.")
        elif after.last_day is None:
            words = _("Last day of %(plan)s: none is left; before, it was %(before)s.")
        else:
            words = _("Last day of %(plan)s: %(before)s → %(after)s.")
        yield Effect(words % values)
    if before is None:
        return
    if before.renews and not after.renews:
        yield Effect(_("Automatic renewal of %(plan)s is switched off.") % {"plan": after.title})
    if before.member != after.member:
        yield Effect(
            _("Name and addresses are removed from %(plan)s; it is kept as “%(name)s”.")
            % {"plan": after.title, "name": after.member[0]}
        )


def _seller(before: date | None, after: date | None) -> str:
    if before is None:
        return _("The member is a seller from today, until %s, grace included.") % _day(after)
    if after is None:
        return _("The member is no longer a seller; until now, that was until %s.") % _day(before)
    return _("A seller, grace included: until %(before)s → until %(after)s.") % {
        "before": _day(before),
        "after": _day(after),
    }


def _of_terms(before: dict[int, TermFacts], after: dict[int, TermFacts]) -> Iterator[Effect]:
    for pk, term in after.items():
        was, values = before.get(pk), {"term": _term(term)}
        if was is None:
            yield Effect(_("New term: %(term)s.") % values)
        elif was.validity != term.validity:
            if term.validity == "revoked":
                words = _("Revoked: %(term)s.")
            elif term.validity == "suspended":
                words = _("Suspended: %(term)s.")
            else:
                words = _("Counts again: %(term)s.")
            yield Effect(words % values)


def _of_services(before: dict[int, str], after: dict[int, str]) -> Iterator[Effect]:
    back = [title for pk, title in after.items() if pk not in before]
    gone = [title for pk, title in before.items() if pk not in after]
    if back:
        words = ngettext(
            "%(number)s service comes back into the shop: %(titles)s.",
            "%(number)s services come back into the shop: %(titles)s.",
            len(back),
        )
        yield Effect(words % {"number": len(back), "titles": _titles(back)})
    if gone:
        words = ngettext(
            "%(number)s service leaves the shop: %(titles)s.",
            "%(number)s services leave the shop: %(titles)s.",
            len(gone),
        )
        yield Effect(words % {"number": len(gone), "titles": _titles(gone)})


def _of_mails(before: Facts, after: Facts) -> Iterator[Effect]:
    for pk, row in after.mails.items():
        # One that failed is sent again as if it had never been tried.
        if pk not in before.mails or row.tries < before.mails[pk].tries:
            mail = mails.read(row)
            if mail is not None:
                words = _("This e-mail goes out to %(email)s:") % {"email": row.email or "–"}
                yield Effect(words, mail.text, row.language, mail.subject)
    for pk, row in before.mails.items():
        if pk not in after.mails:
            words = _("This e-mail, which waits, is not sent: %(name)s.")
            yield Effect(words % {"name": mails.name_of(row)})


def _titles(titles: list[str]) -> str:
    more = len(titles) - NAMED
    shown = ", ".join(_("“%(title)s”") % {"title": title} for title in titles[:NAMED])
    if more > 0:
        return ngettext(
            "%(titles)s and %(number)s more", "%(titles)s and %(number)s more", more
        ) % {"titles": shown, "number": more}
    return shown


def _term(term: TermFacts) -> str:
    return f"{term.plan}, {_day(term.first)} – {_day(term.last)}"


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day is not None else "–"
