"""The comparison as tables: each measure by set, what is meant, and time."""

from __future__ import annotations

import platform
from statistics import median
from typing import Any

from bench.language.measuring import Measured
from bench.language.sides import DATES, INTENT_SIDES, OURS, REPEATS, SIDES
from bench.text import report as machine_report

#: Title, the scorer's measure and the sets that are shown; all sets are in bench/results/language.json.
ROWS = (
    ("due", "due", "duckling_todo recog_instant sherlock vikunja_quickadd tasktrove chrono_en".split()),
    ("start of a range", "iv", "recog_range duckling_time".split()),
    ("no date", "nodue", "recog_neg chrono_neg vikunja_quickadd".split()),
    ("repeat", "rrule", "tasktrove recurrent_rrule recog_set vikunja_quickadd tasks_org".split()),
    ("title", "title", "duckling_todo noam_rasa ms_todo_luis mattermost_remind".split()),
    ("all of it", "joint", ["duckling_todo"]),
)
INTENT_ROWS = (
    ("intent", "intent", "clinc_todo slurp_todo hwu_todo ms_todo_luis noam_rasa".split()),
    ("none as none", "intent", "clinc_none slurp_none".split()),
    ("harm", "harm", "clinc_none slurp_none".split()),
    ("stored as a todo", "addfp", "clinc_none slurp_none".split()),
)
Row = tuple[str, str, list[str]]


def results_of(measured: Measured, command: str, sample: int) -> dict[str, Any]:
    """Everything as JSON: percentages and counts by side and set, no sentence of any."""
    sides = {
        name: {
            "version": measured.versions[name],
            "unanswered": measured.unanswered[name],
            "cpu_us": time_of(measured.cpu_us[name]) if name in measured.cpu_us else None,
            "sets": {
                corpus: {measure: [round(100 * right, 2), of] for measure, (right, of) in counted(scores, name).items()}
                for corpus, scores in of_side.items()
            },
        }
        for name, of_side in measured.scores.items()
    }
    return {
        "command": command,
        "hardware": machine_report.machine()["hardware"],
        "python": platform.python_version(),
        "others_percent": measured.others_percent,
        "timed_texts": sample,
        "import_ms": measured.import_ms,
        "sides": sides,
        "missing": measured.missing,
    }


def counted(scores: dict[str, Any], name: str) -> dict[str, tuple[float, int]]:
    """The measures of one set that a side competes in."""
    return {measure: scores[measure] for measure in sorted(SIDES[name].measures) if measure in scores}


def time_of(cpu_us: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    ordered = sorted(cpu_us)
    return {"median": round(median(ordered), 1), "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 1)}


def table(results: dict[str, Any]) -> str:
    """All tables as markdown."""
    sides: dict[str, Any] = results["sides"]
    parsers = [name for name in sides if SIDES[name].measures & (DATES | REPEATS)]
    intents = [name for name in sides if name in INTENT_SIDES]
    lines = [f"`{results['command']}`", "", f"{results['hardware']}; Python {results['python']}.", ""]
    if len(parsers) > 1:
        lines += ["Percent right. In brackets: a library on its own tests, no yardstick for the best.", ""]
        lines += [*grid(sides, parsers, ROWS), ""]
    if len(intents) > 1:
        lines += ["What is meant, percent. Harm and stored: the less the better.", ""]
        lines += [*grid(sides, intents, INTENT_ROWS), ""]
    lines += [*times(results), "", *imports(results)]
    lines += [f"Not compared: {name} ({why})." for name, why in results["missing"].items()]
    return "\n".join(lines)


def grid(sides: dict[str, Any], names: list[str], rows: tuple[Row, ...]) -> list[str]:
    """A row for each measure and set, a column for each side, and our ratio to the best of the others."""
    titles = [SIDES[name].title for name in names]
    lines = ["| | cases | " + " | ".join([*titles, "ours : best"]) + " |", "|---" * (len(titles) + 3) + "|"]
    for title, measure, sets in rows:
        for corpus in sets:
            values = {name: value for name in names if (value := sides[name]["sets"].get(corpus, {}).get(measure))}
            if values:
                cells = [cell(name, corpus, values) for name in names]
                cases = next(iter(values.values()))[1]
                ratio = to_best(measure, corpus, values)
                lines.append(f"| {title}, {corpus} | {cases} | " + " | ".join([*cells, ratio]) + " |")
    return lines


def cell(name: str, corpus: str, values: dict[str, Any]) -> str:
    """A side's percentage, in brackets on its own tests."""
    if name not in values:
        return ""
    return f"({values[name][0]:.1f})" if corpus in SIDES[name].own_sets else f"{values[name][0]:.1f}"


def to_best(measure: str, corpus: str, values: dict[str, Any]) -> str:
    """Our share divided by the best of the others', own tests aside; nothing where that is 0."""
    others = [value for name, (value, _) in values.items() if name != OURS and corpus not in SIDES[name].own_sets]
    if OURS not in values or not others:
        return ""
    best = min(others) if measure in {"harm", "addfp"} else max(others)
    return f"{values[OURS][0] / best:.2f}" if best else ""


def times(results: dict[str, Any]) -> list[str]:
    """CPU time for a text."""
    sides = {name: side for name, side in results["sides"].items() if side["cpu_us"]}
    ours = sides.get(OURS, {}).get("cpu_us")
    others = f"other programs took {results['others_percent']:g} % of the machine"
    lines = [
        f"CPU time for a text, {results['timed_texts']} texts of all sets; {others}.",
        "",
        "| | median, us | p99, us | ours : it, median | ours : it, p99 | no answer |",
        "|---|---|---|---|---|---|",
    ]
    for name, side in sides.items():
        used, ratios = side["cpu_us"], ["", ""]
        if ours and name != OURS:
            ratios = [f"{ours[point] / used[point]:.2f}" if used[point] else "" for point in ("median", "p99")]
        figures = [f"{used['median']:,.0f}", f"{used['p99']:,.0f}", *ratios, f"{side['unanswered']}"]
        lines.append(f"| {side['version']} | " + " | ".join(figures) + " |")
    return lines


def imports(results: dict[str, Any]) -> list[str]:
    """What the language adds to the start of a process."""
    bare, language, first = (results["import_ms"][name] for name in ("bare", "language", "first"))
    cost = f"{bare:.0f} ms CPU, with `import shared.language` {language:.0f} ms, and {first:.0f} ms when it has read its first text"
    return [f"Import: a bare interpreter takes {cost} (pydantic, the models and the grammar are built then).", ""]
