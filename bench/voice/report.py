"""Results as JSON in bench/results/voice.json and as tables in docs/measurements.md: what a voice note costs beyond Whisper."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Any

from bench.text import report
from bench.voice.sides import HEARING

NAME = "voice"
TITLES = {"demo": "the demo model", "base": "a model of the size of base.en"}
#: What is allowed on top of faster-whisper: in CPU, and in memory of the process that hears.
CPU_PERCENT, MEMORY_MB = 5.0, 120.0
#: From this load on, others are at work on the machine.
CALM = 0.7


def summary(measured: dict[str, Any]) -> str:
    """One model's files in a line."""
    bare, box, more = (round(one) for one in _figures(measured["files"]))
    return f"bare {bare} ms, whole path {box} ms, {more:+} ms, {100 * more / bare:+.1f} %"


def _figures(files: list[dict[str, Any]]) -> tuple[float, float, float]:
    """CPU ms of bare faster-whisper, of the whole path, and what is more: medians, the last of pairs that were heard one after the other.

    The machine changes its pace more from minute to minute than the two differ.
    """
    pairs = [(_all_of(bare), _all_of(box)) for file in files for bare, box in zip(file["bare"], file["box"], strict=True)]
    return median(one for one, _ in pairs), median(one for _, one in pairs), median(box - bare for bare, box in pairs)


def _all_of(heard: dict[str, Any]) -> float:
    return float(sum(heard["cpu_ms"].values()))


def _part(files: list[dict[str, Any]], part: str) -> float:
    return float(median(one["cpu_ms"][part] for file in files for one in file["box"]))


def table(results: dict[str, Any]) -> str:
    """All tables as markdown."""
    noise = "" if results["load_before"] < CALM else " The machine was not calm: these numbers are provisional."
    lines = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}.{noise}", ""]
    for model, measured in results["models"].items():
        files = [file for one in measured for file in one["files"]]
        lines += [f"**With {TITLES[model]}**, CPU ms a recording (allowed for real models: {CPU_PERCENT:g} % more):", ""]
        lines += [*_costs(files), "", *_memory(measured), ""]
    return "\n".join(lines).rstrip("\n")


def _costs(files: list[dict[str, Any]]) -> list[str]:
    """A row for each recording, and for all of a length together."""
    parts = list(files[0]["box"][0]["cpu_ms"])
    head = ["recording", "bare faster-whisper", "whole path", *(f"- {part}" for part in parts), "more, ms", "more, %"]
    lines = [_row(head), "|---" * len(head) + "|"]
    lengths = sorted({file["seconds"] for file in files})
    for length in lengths:
        mine = [file for file in files if file["seconds"] == length]
        lines += [_costs_row(f"{length} s {file['format']}", [file], parts) for file in mine]
        if len(mine) > 1:
            lines.append(_costs_row(f"**{length} s, all formats**", mine, parts))
    return lines


def _costs_row(title: str, files: list[dict[str, Any]], parts: Iterable[str]) -> str:
    bare, box, more = _figures(files)
    shown = (bare, box, *(_part(files, part) for part in parts), more)
    return _row([title, *(f"{ms:.0f}" for ms in shown), f"{100 * more / bare:.1f}"])


def _memory(measured: list[dict[str, Any]]) -> list[str]:
    """What the two processes hold after everything, and how long the first recording took."""
    held = max(measured, key=lambda one: one["pss_mb"]["box"])["pss_mb"]
    first = [one["first_seconds"] for one in measured]
    box, bare = (median(one[side] for one in first) for side in ("box", "bare"))
    memory = (
        f"Memory (PSS) after all of them: `{HEARING}` {held['box']:.0f} MB, bare {held['bare']:.0f} MB, so"
        f" {held['box'] - held['bare']:.0f} MB more (allowed: {MEMORY_MB:g}); the rest of the box {held['rest']:.0f} MB."
    )
    return [memory, "", f"The first recording after a start: {box:.1f} s to its reply, bare {bare:.1f} s to its words."]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(results: dict[str, Any]) -> None:
    """Keep the results, and the tables in docs/measurements.md."""
    report.write(NAME, results, table(results))
