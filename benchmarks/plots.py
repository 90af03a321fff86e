"""Plots of the results, for the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Run = dict[str, Any]
Points = dict[int, float]
OURS, PEER, BEFORE = "#1f6feb", "#8c959f", "#d29922"
SECONDS_AXIS = "CPU in seconds, shop and PostgreSQL"


def draw(results: Run, before: Run, folder: Path) -> None:
    """Write all plots that the results allow into ``folder``."""
    import matplotlib

    matplotlib.use("Agg")
    _by_size(results, before, folder / "run.png", "nothing due, CPU", "A daily run, nothing due")
    for kind in ("lapses", "returns"):
        name = next(
            (
                row["name"]
                for row in results["figures"]
                if row["group"] == "run"
                and row["name"].endswith(f"{kind}, CPU")
                and not row["peer"]
            ),
            "",
        )
        if name:
            title = f"A daily run with {name.removesuffix(', CPU')}"
            _by_size(results, before, folder / f"{kind}.png", name, title)
    _pages(results, folder / "pages.png")
    _dashboard(results, folder / "dashboard.png")


def _by_size(results: Run, before: Run, path: Path, name: str, title: str) -> None:
    from matplotlib import pyplot

    now, earlier = _points(results, name), _points(before, name)
    if not now:
        return
    figure, axes = pyplot.subplots(figsize=(6, 3.2))
    for points, colour, label in ((earlier, BEFORE, "before"), (now, OURS, "now")):
        if points:
            seconds = [value / 1000 for value in points.values()]
            axes.plot(list(points), seconds, "o-", color=colour, label=label)
    axes.set(xscale="log", yscale="log", title=title, xlabel="subscriptions", ylabel=SECONDS_AXIS)
    axes.grid(True, which="major", alpha=0.3)
    axes.legend()
    _save(figure, path)


def _pages(results: Run, path: Path) -> None:
    rows = [row for row in results["figures"] if row["group"] == "pages" and _is_beside_stock(row)]
    largest = max((row["size"] for row in rows), default=0)
    rows = [row for row in rows if row["size"] == largest]
    _bars(
        path,
        f"The shop's pages, {largest:,} subscriptions",
        [row["name"].removesuffix(", CPU") for row in rows],
        {"without the extension": (PEER, [row["peer"] for row in rows]),
         "with the extension": (OURS, [row["ours"] for row in rows])},
    )  # fmt: skip


def _dashboard(results: Run, path: Path) -> None:
    rows = [row for row in results["figures"] if row["group"] == "dashboard" and row["ours"]]
    if not rows:
        return
    small = min(results["about"]["sizes"])
    _bars(
        path,
        "The operators' list and its filters",
        [row["name"].removesuffix(", CPU") for row in rows],
        {f"{small:,} subscriptions": (PEER, [row["peer"] for row in rows]),
         f"{rows[0]['size']:,} subscriptions": (OURS, [row["ours"] for row in rows])},
    )  # fmt: skip


def _bars(
    path: Path, title: str, names: list[str], sides: dict[str, tuple[str, list[float]]]
) -> None:
    from matplotlib import pyplot

    if not names:
        return
    figure, axes = pyplot.subplots(figsize=(6, 0.6 + 0.38 * len(names)))
    for number, (label, (colour, values)) in enumerate(sides.items()):
        places = [place + 0.38 * number for place in range(len(names))]
        axes.barh(places, values, height=0.36, color=colour, label=label)
    axes.set_yticks([place + 0.19 for place in range(len(names))], names)
    axes.invert_yaxis()
    axes.set(title=title, xlabel="CPU in milliseconds, shop and PostgreSQL")
    axes.legend()
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot

    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def _points(run: Run, name: str) -> Points:
    rows = [row for row in run["figures"] if row["name"] == name and row["unit"] == "ms"]
    return {row["size"]: row["value"] for row in rows}


def _is_beside_stock(row: dict[str, Any]) -> bool:
    return row["name"].endswith(", CPU") and row["peer"] is not None
