"""E-mails as an operator reads them before they leave."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from oscar_subscriptions.mail import rendering
from oscar_subscriptions.mail.kinds import KINDS

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail

logger = logging.getLogger(__name__)


class Shown(NamedTuple):
    """The subject and the plain text of an e-mail, in the language of its reader."""

    subject: str
    text: str


def read(row: OutboxMail) -> Shown | None:
    """Return the e-mail of ``row`` as it would leave now; ``None`` if its news is stale, and it
    would not leave."""
    try:
        with translation.override(row.language):
            mail = rendering.render(row.kind, row.language, row.user, row.context)
    except Exception:  # whatever a shop's template raises
        logger.exception("E-mail %s can't be shown", row.pk)
        return Shown(name_of(row), _("Its text can’t be shown: it has a mistake."))
    return None if mail is None else Shown(mail.messages["subject"], mail.messages["body"])


def name_of(row: OutboxMail) -> str:
    """Return the name of the kind of ``row``, in the active language."""
    kind = KINDS.get(row.kind)
    return str(kind.name) if kind is not None else row.kind
