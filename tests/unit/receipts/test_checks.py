"""The checks of the receipts, by a shop that has made that mistake."""

from oscar_subscriptions import receipts
from tests.checking import ids


def test_i030_without_the_extra_receipts_are_kept_and_not_printed(monkeypatch):
    monkeypatch.setattr(receipts, "find_spec", lambda name: None if name == "fpdf" else name)
    assert ids() == ["I030"]


def test_w031_a_font_that_is_not_there(settings, tmp_path):
    settings.OSCAR_SUBSCRIPTIONS_RECEIPT_FONT = tmp_path / "font.ttf"
    assert ids() == ["W031"]
    (tmp_path / "font.ttf").touch()
    assert ids() == []
