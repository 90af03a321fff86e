"""``python -m benchmarks.report``: write the pages of the documentation from saved results.

``results.json`` is the latest run, ``before.json`` one on an earlier commit, for the column beside
it. Written are a table for people who read the repository (``results.md``), the same for Sphinx
(``results.csv``), and plots.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from benchmarks.paths import DOCS

RESULTS, BEFORE = DOCS / "results.json", DOCS / "before.json"
HEAD = ("Figure", "Subscriptions", "Goal", "Before", "Now", "Met")
# By file name.
PLOTS = {
    "run": "CPU of a daily run with nothing due, by the size of the shop",
    "lapses": "CPU of a daily run with many lapses, by the size of the shop",
    "pages": "CPU of the shop's pages with and without the extension",
    "dashboard": "CPU of the operators' list in a small and in a large shop",
}
_MET = {True: "yes", False: "**no**", None: ""}

Row = dict[str, Any]
Run = dict[str, Any]


def main() -> None:
    """Write everything; without ``results.json`` there is nothing to write."""
    from benchmarks import plots

    results = json.loads(RESULTS.read_text())
    before = json.loads(BEFORE.read_text()) if BEFORE.exists() else {"about": {}, "figures": []}
    (DOCS / "results.md").write_text(markdown(results, before))
    (DOCS / "results.csv").write_text(comma_separated(results, before))
    plots.draw(results, before, DOCS)


def markdown(results: Run, before: Run) -> str:
    """Return the page for readers of the repository."""
    met, missed = counted(results)
    lines = [
        "# Results of `make bench`",
        "",
        described(results["about"]) + (f" Before: {commit(before)}." if commit(before) else ""),
        "",
        f"{met} goals are met, {missed} are not.",
        "",
        *(f"![{words}]({name}.png)" for name, words in PLOTS.items()),
        "",
        "| " + " | ".join(HEAD) + " |",
        "|" + "---|" * len(HEAD),
    ]
    for cells in table(results, before):
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    notes = [
        f"- {row['group']}, {row['name']}"
        f"{f' at {row_size(row)}' if row['size'] else ''}: {row['note']}"
        for row in results["figures"]
        if row["note"]
    ]
    return "\n".join([*lines, "", "## Notes", "", *notes, ""])


def comma_separated(results: Run, before: Run) -> str:
    """Return the same table for Sphinx."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(table(results, before))
    return text.getvalue()


def table(results: Run, before: Run) -> list[list[str]]:
    """Return the cells of each figure."""
    earlier = {row["key"]: row for row in before["figures"]}
    return [
        [
            f"{row['group']}: {row['name']}",
            row_size(row),
            row["goal"]["text"] if row["goal"] else "",
            earlier[row["key"]]["measured"] if row["key"] in earlier else "",
            row["measured"],
            _MET[row["met"]],
        ]
        for row in results["figures"]
    ]


def counted(results: Run) -> tuple[int, int]:
    """Return how many goals are met and how many are not."""
    found = [row["met"] for row in results["figures"]]
    return found.count(True), found.count(False)


def described(about: dict[str, Any]) -> str:
    """Return a sentence about what was measured and on what."""
    return (
        f"Commit {about['commit']}, measured on {about['day']} with Python {about['python']}, "
        f"Django {about['django']}, django-oscar {about['oscar']} and PostgreSQL "
        f"{about['postgresql']}, on {about['processors']} processors ({about['architecture']})."
    )


def commit(run: Run) -> str:
    """Return the commit of a run; "" if there is none."""
    return str(run["about"].get("commit", ""))


def row_size(row: Row) -> str:
    """Return the size in words; "" for a comparison of sizes."""
    return f"{row['size']:,}" if row["size"] else ""


if __name__ == "__main__":
    main()
