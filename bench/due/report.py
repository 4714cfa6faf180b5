"""Results as JSON in bench/results/due.json and as tables in docs/measurements.md."""

from __future__ import annotations

from typing import Any

from bench.text import report

NAME = "due"


def text(results: dict[str, Any]) -> str:
    """All tables as markdown."""
    filled = results["filled"]
    stored = f"{filled['users']:,} people, {filled['tasks']:,} todos, {filled['reminders']:,} reminders: {filled['megabytes']:,.0f} MB"
    busy = results["load_before"]
    noise = f" Other programs were at work (load {busy:.1f} before): provisional." if busy >= 0.7 else ""
    head = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}. {stored}.{noise}", ""]
    return "\n".join([*head, *runs(results), "", *looks(results["looks"]), "", *plans(results["looks"])])


def runs(results: dict[str, Any]) -> list[str]:
    """What came due, and when it was handed over."""
    lines = [
        "| | due | handed over | all within, s | late p50, p99, most, s | CPU ms each | memory (PSS) MB, at first and most |"
    ]
    lines.append("|---" * 7 + "|")
    titles = {
        "paced": "reminders, 100 a second",
        "burst": "reminders, all at one second",
        "digests": "digests, all at one hour",
    }
    for name, title in titles.items():
        run = results[name]
        late = f"{run['p50']:.2f}, {run['p99']:.2f}, {run['most']:.2f}" if "p50" in run else ""
        memory = f"{run['memory_mb_first']:.0f}, {run['memory_mb_most']:.0f}"
        cells = [f"{run['due']:,}", f"{run['handed']:,}", f"{run['seconds']:.1f}", late, f"{run['cpu_ms_each']:.2f}", memory]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return lines


def looks(measured: dict[str, Any]) -> list[str]:
    """What a look for what is due costs, in a small store and a large one."""
    lines = ["| stored | looks for | due | found | pages of 8 KB | ms |", "|---" * 6 + "|"]
    for stored, kinds in measured.items():
        for what, moments in kinds.items():
            for title, one in moments.items():
                lines.append(f"| {stored} | {what} | {title} | {one['rows']} | {one['pages']} | {one['ms']:.2f} |")
    return lines


def plans(measured: dict[str, Any]) -> list[str]:
    """The plans of the looks into the large store that find something."""
    stored = list(measured)[1]
    lines = []
    for what, moments in measured[stored].items():
        title = list(moments)[1]
        lines += [f"{what.capitalize()}, {title} due, {stored}:", "", "```", moments[title]["plan"], "```", ""]
    return lines[:-1]


def write(results: dict[str, Any]) -> None:
    """Keep the results."""
    report.write(NAME, results, text(results))
