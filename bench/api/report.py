"""Results as JSON in bench/results/api.json and as a table in docs/measurements.md."""

from __future__ import annotations

from typing import Any

from bench.text import report

NAME = "api"


def text(results: dict[str, Any]) -> str:
    """The table as markdown."""
    filled = results["filled"]
    stored = f"{filled['tasks']:,} todos of {filled['users']:,} people: {filled['megabytes']:,.0f} MB"
    busy = results["load_before"]
    noise = f" Other programs were at work (load {busy:.1f} before): provisional." if busy >= 0.7 else ""
    lines = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}. {stored}.{noise}", ""]
    lines += ["| 50 requests/s | count | p50, ms | p99, ms | most, ms | failed | server CPU, ms each |", "|---" * 7 + "|"]
    for kind in ("list", "search", "update"):
        lines.append(_row(f"a third each: {kind}", results["mix"], kind))
    lines.append(_row("lists alone", results["lists"]["jotline"], "list"))
    lines.append(_row("lists alone, FastAPI with SQLAlchemy", results["lists"]["peer"], "list"))
    return "\n".join(lines)


def _row(title: str, run: dict[str, Any], kind: str) -> str:
    one = run[kind]
    cells = [title, f"{one['count']:,}", *(f"{one[name]:.1f}" for name in ("p50", "p99", "most")), str(run["failed"])]
    cells.append(f"{run['cpu_ms_each']:.1f}")
    return f"| {' | '.join(cells)} |"


def write(results: dict[str, Any]) -> None:
    """Keep the results."""
    report.write(NAME, results, text(results))
