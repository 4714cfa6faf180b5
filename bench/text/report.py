"""Results as JSON in bench/results/ and as tables in docs/measurements.md, between that benchmark's two markers."""

from __future__ import annotations

import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from bench.text.usage import PARTS

REPOSITORY = Path(__file__).parents[2]
RESULTS = REPOSITORY / "bench" / "results"
PAGE = REPOSITORY / "docs" / "measurements.md"
TITLES = {"box": "single box", "peer": "peer, aiohttp", "peer-httpx": "peer, httpx"}
LATENCIES = (("acknowledgement", "ack"), ("text to reply", "reply"))
FATES = (("refused", "errors"), ("lost", "lost"), ("answered twice", "duplicates"))


def machine() -> dict[str, str]:
    """What it ran on."""
    memory_kb = int(re.findall(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[0])
    models = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    cpu = models[0] if models else platform.machine()
    return {
        "hardware": f"{os.cpu_count()} cores of {cpu}, {memory_kb / 1e6:.0f} GB, Linux",
        "versions": f"Python {platform.python_version()}, uvicorn {version('uvicorn')}, uvloop {version('uvloop')}",
    }


def median_of(results: list[Any]) -> Any:  # noqa: ANN401 - the same shape as what it is given
    """Results of the same shape folded into one: numbers to their median, everything else as in the first."""
    first = results[0]
    if isinstance(first, dict):
        return {key: median_of([result[key] for result in results if key in result]) for key in first}
    return median(results) if isinstance(first, int | float) else first


def table(results: dict[str, Any]) -> str:
    """The comparison as markdown: a column for each side, and the ratios of the box to each peer."""
    sides: dict[str, Any] = results["sides"]
    peers = [name for name in sides if name != "box"] if "box" in sides else []
    head = [TITLES[name] for name in sides] + [f"box : {TITLES[name]}" for name in peers]
    lines = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}.", ""]
    lines += ["| | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
    for title, path, digits in rows(sides):
        values = {name: dig(side, path) for name, side in sides.items()}
        ratios = [ratio(values["box"], values[name]) for name in peers]
        shown = ["" if value is None else f"{value:.{digits}f}" for value in values.values()]
        lines.append("| " + " | ".join([title, *shown, *ratios]) + " |")
    return "\n".join(lines)


def rows(sides: dict[str, Any]) -> list[tuple[str, tuple[str, ...], int]]:
    """Title, place in a side's results, and digits of every row."""
    phases: dict[str, Any] = {}
    for side in sides.values():
        phases |= side["phases"]
    found: list[tuple[str, tuple[str, ...], int]] = []
    for phase, measured in phases.items():
        cpu, result = ("phases", phase, "cpu_ms"), ("phases", phase, "result")
        found += [(f"**{described(measured['phase'])}:** CPU ms a message", cpu, 2)]
        found += [(f"- {part}", (*cpu, part), 2) for part in PARTS]
        found += [("messages/s", (*result, "per_second"), 0)]
        found += [(f"{what} {p}, ms", (*result, f"{key}_{p}_ms"), 1) for what, key in LATENCIES for p in ("p50", "p99")]
        found += [(f"messages {fate}", (*result, count), 0) for fate, count in FATES]
        found += [("CPU that other programs took, %", ("phases", phase, "others_percent"), 0)]
    return [
        *found,
        ("**Memory** (PSS), started, MB", ("pss_mb_started",), 0),
        ("Memory (PSS), after the load, MB", ("pss_mb_after",), 0),
    ]


def described(phase: dict[str, Any]) -> str:
    """A phase in words."""
    pace = f"{phase['rate']:g}/s" if phase["rate"] else f"{phase['concurrency']:g} in flight"
    pace = f"{pace} for {phase['seconds']:g} s"
    return f"{pace}, {phase['callbacks']:g} status callbacks a reply" if phase["callbacks"] else pace


def dig(side: dict[str, Any], path: tuple[str, ...]) -> float | None:
    """The number at `path`; the sum of the parts where there are several; None where there is none."""
    value: Any = side
    for step in path:
        if step not in value:
            return None
        value = value[step]
    return float(sum(value.values()) if isinstance(value, dict) else value)


def ratio(ours: float | None, theirs: float | None) -> str:
    """Ours to theirs, where both are there and neither is zero."""
    return f"{ours / theirs:.2f}" if ours and theirs else ""


def write(name: str, results: dict[str, Any], text: str) -> None:
    """Keep `results` as bench/results/<name>.json and `text` in docs/measurements.md."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=2) + "\n")
    PAGE.write_text(replaced(PAGE.read_text(), name, text))


def replaced(page: str, name: str, text: str) -> str:
    """`page` with what stands between the markers of `name` replaced.

    Raises:
        ValueError: the page has no such markers.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    if begin not in page or end not in page:
        raise ValueError(f"docs/measurements.md has no markers for {name}")
    before, rest = page.split(begin, 1)
    return f"{before}{begin}{text}\n{end}{rest.split(end, 1)[1]}"
