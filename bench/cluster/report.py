"""Results as JSON in bench/results/cluster.json and as tables in docs/cluster.md: what a text costs, and what machines carry."""

from __future__ import annotations

import json
from typing import Any

from bench.cluster.side import INFRASTRUCTURE
from bench.text.report import REPOSITORY, RESULTS, replaced
from shared.events.ids import LANES

PAGE = REPOSITORY / "docs" / "cluster.md"
NAME = "cluster"
TITLES = {"box": "single box", "one lane": "cluster, one lane", "lanes": "cluster, twelve lanes"}
PHASES = {
    "paced": "a text and its reply",
    "callbacks": "the same, with two status callbacks",
    "closed": "a text and its reply, as fast as they go",
}
#: Of every core so much is for texts: the rest is for Kubernetes itself, for what comes at once, and for a node that is away.
SHARE = 0.4
#: The busiest hour of a day has so much of its texts.
BUSIEST_HOUR = 0.15
TEXTS_A_DAY = 10
CORES = (2, 4, 8, 16)


def text(results: dict[str, Any]) -> str:
    """All tables as markdown."""
    noise = "" if results["load_before"] < 0.7 else " The machine was not calm: these numbers are provisional."
    head = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}.{noise}", ""]
    return "\n".join([*head, *costs(results["sides"]), "", *hop(results["hop"]), "", *sizes(results["sides"])])


def costs(sides: dict[str, Any]) -> list[str]:
    """What a text costs, and how many fit: a column for each side."""
    lines = ["| | " + " | ".join(TITLES[name] for name in sides) + " |", "|---" * (len(sides) + 1) + "|"]
    for phase, title in PHASES.items():
        rates = [_rate(side["phases"][phase]) for side in sides.values()]
        lines.append(_row(f"**CPU ms, {title}**, at", rates))
        cpu = [side["phases"][phase]["cpu_ms"] for side in sides.values()]
        lines.append(_row("- Python, all functions", [f"{python_ms(each):.1f}" for each in cpu]))
        names = sorted({name for each in cpu for name in each if name not in (*INFRASTRUCTURE, "Python", "broker")})
        lines += [_row(f"  - {name}", [_shown(each, name) for each in cpu]) for name in names]
        lines += [_row(f"- {name}", [_shown(each, name) for each in cpu]) for name in INFRASTRUCTURE]
        results = [side["phases"][phase]["result"] for side in sides.values()]
        lines.append(
            _row("text to reply, p50 and p99 ms", [f"{r['reply_p50_ms']:.0f}, {r['reply_p99_ms']:.0f}" for r in results])
        )
    closed = [side["phases"]["closed"]["result"] for side in sides.values()]
    lines.append(_row("**messages/s** on two cores, generator included", [f"{each['per_second']:.0f}" for each in closed]))
    fates = [[phase["result"] for phase in side["phases"].values()] for side in sides.values()]
    lines.append(
        _row("lost, answered twice", [f"{sum(r['lost'] for r in f)}, {sum(r['duplicates'] for r in f)}" for f in fates])
    )
    behind = [str(max(phase.get("behind", 0) for phase in side["phases"].values())) for side in sides.values()]
    lines.append(_row("not yet in the trail after a phase, at most", behind))
    return [*lines, _row("memory (PSS), MB", [f"{sum(side['pss_mb_after'].values()):.0f}" for side in sides.values()])]


def hop(measured: dict[str, Any]) -> list[str]:
    """What one hop costs."""
    cpu = ", ".join(f"{name if name != 'nothing' else 'the function'} {ms:.2f}" for name, ms in measured["cpu_ms"].items())
    took = f"{measured['p50_ms']:.1f} ms (p50), {measured['p99_ms']:.1f} ms (p99)"
    return [f"One hop, from the ingress to a function that does nothing, at {measured['rate']:g}/s: {took}; CPU ms: {cpu}."]


def sizes(sides: dict[str, Any]) -> list[str]:
    """What nodes carry, from what a text with two status callbacks costs in CPU over everything, and from what a lane can take."""
    lanes, lane = sides.get("lanes"), sides.get("one lane")
    if lanes is None or lane is None:
        return []
    cost_ms = sum(lanes["phases"]["callbacks"]["cpu_ms"].values())
    in_a_lane = lane["phases"]["closed"]["result"]["per_second"]
    lines = ["| cores | texts/s | held back by | texts a day | people |", "|---|---|---|---|---|"]
    for cores in CORES:
        by_cpu, by_lanes = cores * SHARE * 1000 / cost_ms, LANES * in_a_lane * SHARE
        a_second = min(by_cpu, by_lanes)
        a_day = _a_day(a_second)
        limit = "CPU" if by_cpu <= by_lanes else "lanes"
        lines.append(f"| {cores} | {a_second:.0f} | {limit} | {_rounded(a_day):,} | {_rounded(a_day / TEXTS_A_DAY):,} |")
    shares = (
        f"With {SHARE:.0%} of the cores and of the lanes for texts, {BUSIEST_HOUR:.0%} of a day's texts in its busiest hour"
    )
    alone = in_a_lane * SHARE
    people = _rounded(_a_day(alone) / TEXTS_A_DAY)
    what = f"A text with its reply and two status callbacks costs {cost_ms:.0f} ms of CPU in all"
    return [
        f"{what}; a lane carries {in_a_lane:.0f} texts a second. {shares}, and {TEXTS_A_DAY} texts a day from a person:",
        "",
        *lines,
        "",
        f"One lane alone is good for {alone:.0f} texts/s, {people:,} people, however many cores there are.",
    ]


def _a_day(a_second: float) -> float:
    """Texts on a day whose busiest hour has so many a second."""
    return a_second * 3600 / BUSIEST_HOUR


def python_ms(cpu: dict[str, float]) -> float:
    """The functions' share: on the box all of its Python."""
    return cpu["Python"] if "Python" in cpu else sum(ms for name, ms in cpu.items() if name not in INFRASTRUCTURE)


def write(results: dict[str, Any]) -> None:
    """Keep the results."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{NAME}.json").write_text(json.dumps(results, indent=2) + "\n")
    PAGE.write_text(replaced(PAGE.read_text(), NAME, text(results)))


def _rate(phase: dict[str, Any]) -> str:
    """Texts a second: those that were sent, or as many as went through."""
    return f"{phase['phase']['rate'] or phase['result']['per_second']:.0f}/s"


def _row(title: str, cells: list[str]) -> str:
    return "| " + " | ".join([title, *cells]) + " |"


def _shown(cpu: dict[str, float], name: str) -> str:
    return f"{cpu[name]:.1f}" if name in cpu else ""


def _rounded(number: float) -> int:
    """Two digits that mean something."""
    step = 10 ** (len(str(round(number))) - 2)
    return int(round(number / step) * step)
