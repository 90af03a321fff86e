"""System check: receipts can be printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.apps import AppConfig
from django.core.checks import CheckMessage, Info, Warning, register

from oscar_subscriptions import conf, receipts


@register("oscar_subscriptions")
def check_receipts(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """I030, W031: receipts can be printed, in the font of the shop."""
    if not receipts.is_printable():
        return [
            Info(
                "Receipts are numbered and kept, but members can't download them.",
                hint="Install the extra [receipts] (fpdf2 and anyascii, both pure Python).",
                id="oscar_subscriptions.I030",
            )
        ]
    font = conf.settings.RECEIPT_FONT
    if font is None or Path(font).is_file():
        return []
    return [
        Warning(
            f"Receipts can't be printed: there is no font {font!r}.",
            hint="Set OSCAR_SUBSCRIPTIONS_RECEIPT_FONT to the path of a .ttf or .otf file.",
            id="oscar_subscriptions.W031",
        )
    ]
