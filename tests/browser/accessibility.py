"""axe-core's opinion of a page: what is serious or critical for people with disabilities."""

import functools
from typing import Any

GRAVE = ("serious", "critical")

# Rule, and CSS selectors of what it is not asked about. Only markup of Oscar's or Bootstrap's, with
# the reason; never a page of ours.
EXCLUDED: dict[str, list[str]] = {
    # The dashboard's bar: Oscar puts the form that signs out straight into the list; a shop could
    # only copy the whole bar.
    "list": [".navbar-accounts ul.navbar-nav"],
}


@functools.cache
def _axe() -> Any:
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


def problems(page: Any) -> list[str]:
    """Return one line for each place on ``page`` with a grave violation."""
    found = []
    options = {"resultTypes": ["violations"]}
    for violation in _axe().run(page, options=options).response["violations"]:
        for node in violation["nodes"]:
            rule = violation["id"]
            if node["impact"] in GRAVE and not _is_excluded(page, rule, node["target"][-1]):
                markup = " ".join(node["html"].split())[:150]
                found.append(f"axe, {node['impact']}, {rule}: {markup}{_reason(node)}")
    return found


def _reason(node: dict[str, Any]) -> str:
    """Return the two colours and their contrast, if that is what it is about."""
    data = node["any"][0]["data"] if node["any"] else None
    if not isinstance(data, dict) or "expectedContrastRatio" not in data:
        return ""
    wanted, found = data["expectedContrastRatio"], data["contrastRatio"]
    return f" ({data['fgColor']} on {data['bgColor']}: {found}, not {wanted})"


def _is_excluded(page: Any, rule: str, target: str) -> bool:
    selectors = ", ".join(EXCLUDED.get(rule, []))
    return bool(selectors) and page.locator(target).first.evaluate(
        "(element, selectors) => element.matches(selectors)", selectors
    )
