"""Results as JSON in bench/results/voice.json and as tables in docs/measurements.md: what a voice note costs beyond Whisper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from bench.text import report
from bench.voice.sides import HEARING

NAME = "voice"
TITLES = {"demo": "the demo model", "base": "a model of the size of base.en"}
#: What is allowed on top of faster-whisper: in CPU, and in memory of the process that hears.
CPU_PERCENT, MEMORY_MB = 5.0, 120.0
#: From this load on, others are at work on the machine.
CALM = 0.7


@dataclass(frozen=True, slots=True)
class Figures:
    """CPU ms of some recordings: medians, those of what is more of pairs that were heard one after the other.

    The machine changes its pace more from minute to minute than the sides differ.
    """

    bare: float
    box: float
    more: float
    spread: tuple[float, float]  # half of all pairs have more than the first and less than the second
    alike: float  # bare faster-whisper, with memory treated as ours
    more_than_alike: float

    @property
    def percent(self) -> float:
        """What is more, of bare faster-whisper."""
        return 100 * self.more / self.bare

    @property
    def percent_of_alike(self) -> float:
        """What is more than bare faster-whisper with memory treated as ours."""
        return 100 * self.more_than_alike / self.alike


def summary(measured: dict[str, Any]) -> str:
    """One model's files in a line."""
    found = _figures(measured["files"])
    return f"bare {found.bare:.0f} ms, whole path {found.box:.0f} ms, {found.more:+.0f} ms, {found.percent:+.1f} %"


def _figures(files: list[dict[str, Any]]) -> Figures:
    sides = {side: [_all_of(one) for file in files for one in file[side]] for side in ("bare", "box", "alike")}
    more = [box - bare for bare, box in zip(sides["bare"], sides["box"], strict=True)]
    first, _, third = quantiles(more, n=4)
    alike = [box - one for one, box in zip(sides["alike"], sides["box"], strict=True)]
    return Figures(
        bare=median(sides["bare"]),
        box=median(sides["box"]),
        more=median(more),
        spread=(first, third),
        alike=median(sides["alike"]),
        more_than_alike=median(alike),
    )


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
    head = ["recording", "bare faster-whisper", "whole path", *(f"- {part}" for part in parts), "more, ms (half of all pairs)"]
    head += ["more, %", "bare, memory like ours", "more than that, %"]
    lines = [_row(head), "|---" * len(head) + "|"]
    lengths = sorted({file["seconds"] for file in files})
    for length in lengths:
        mine = [file for file in files if file["seconds"] == length]
        lines += [_costs_row(f"{length} s {file['format']}", [file], parts) for file in mine]
        if len(mine) > 1:
            lines.append(_costs_row(f"**{length} s, all formats**", mine, parts))
    return lines


def _costs_row(title: str, files: list[dict[str, Any]], parts: Iterable[str]) -> str:
    found = _figures(files)
    spent = (found.bare, found.box, *(_part(files, part) for part in parts))
    more = f"{found.more:.0f} ({found.spread[0]:.0f} to {found.spread[1]:.0f})"
    last = (f"{found.percent:.1f}", f"{found.alike:.0f}", f"{found.percent_of_alike:.1f}")
    return _row([title, *(f"{ms:.0f}" for ms in spent), more, *last])


def _memory(measured: list[dict[str, Any]]) -> list[str]:
    """What the two processes hold after everything, and how long the first recording took."""
    held = max(measured, key=lambda one: one["pss_mb"]["box"])["pss_mb"]
    first = [one["first_seconds"] for one in measured]
    box, bare = (median(one[side] for one in first) for side in ("box", "bare"))
    memory = (
        f"Memory (PSS) after all of them: `{HEARING}` {held['box']:.0f} MB, bare {held['bare']:.0f} MB:"
        f" {held['box'] - held['bare']:+.0f} MB (allowed: {MEMORY_MB:g}); bare with memory like ours {held['alike']:.0f} MB;"
        f" the rest of the box {held['rest']:.0f} MB."
    )
    return [memory, "", f"The first recording after a start: {box:.1f} s to its reply, bare {bare:.1f} s to its words."]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(results: dict[str, Any]) -> None:
    """Keep the results, and the tables in docs/measurements.md."""
    report.write(NAME, results, table(results))
