"""What no page may be spared, whichever page it is."""

import re
from pathlib import Path

import oscar_subscriptions

TEMPLATES = Path(oscar_subscriptions.__file__).parent / "templates"
ALONE = re.compile(r'{% include "([^"]+)"[^%]* only %}')


def test_a_form_is_never_included_without_its_token():
    """``only`` keeps the token from the included template, and the member's click is refused.

    Django's test client does not ask for it, so nothing else would notice.
    """
    included = {
        name for page in TEMPLATES.rglob("*.html") for name in ALONE.findall(page.read_text())
    }
    assert len(included) > 5
    for name in included:
        assert "csrf_token" not in (TEMPLATES / name).read_text(), name
