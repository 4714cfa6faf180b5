"""Figures are folded and shown as they are."""

from __future__ import annotations

import os
import time

import pytest

from bench.text import report, usage

PHASE = {"seconds": 60, "rate": 100, "concurrency": 0, "callbacks": 0}
RESULT = {"per_second": 100, "errors": 0, "lost": 0, "duplicates": 0}
LATENCY = {"ack_p50_ms": 1, "ack_p99_ms": 2, "reply_p50_ms": 3, "reply_p99_ms": 4}


def side(python: float) -> dict[str, object]:
    cpu = {"Python": python, "PostgreSQL": 1.0, "broker": 0.0}
    phase = {"phase": PHASE, "result": {**RESULT, **LATENCY}, "cpu_ms": cpu, "others_percent": 1}
    memory = {"Python": 50.0, "PostgreSQL": 30.0, "broker": 0.0}
    return {"pss_mb_started": memory, "pss_mb_after": memory, "phases": {"paced": phase}}


def test_rounds_fold_into_their_median() -> None:
    rounds = [{"a": {"b": n}, "command": "x"} for n in (5, 1, 2)]
    assert report.median_of(rounds) == {"a": {"b": 2}, "command": "x"}


def test_the_table_sums_the_parts_and_divides_the_box_by_the_peer() -> None:
    results = {"command": "c", "hardware": "h", "versions": "v", "sides": {"box": side(1.0), "peer": side(3.0)}}
    lines = report.table(results).splitlines()
    assert "| **100/s for 60 s:** CPU ms a message | 2.00 | 4.00 | 0.50 |" in lines
    assert "| messages lost | 0 | 0 |  |" in lines


def test_a_side_without_a_phase_has_an_empty_cell() -> None:
    box, peer = side(1.0), side(1.0)
    peer["phases"] = {}
    results = {"command": "c", "hardware": "h", "versions": "v", "sides": {"box": box, "peer": peer}}
    assert "| messages/s | 100 |  |  |" in report.table(results).splitlines()


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    page = "before\n<!-- text -->\nold\n<!-- end of text -->\nafter\n"
    assert report.replaced(page, "text", "new") == "before\n<!-- text -->\nnew\n<!-- end of text -->\nafter\n"
    with pytest.raises(ValueError, match="no markers for cold_start"):
        report.replaced(page, "cold_start", "new")


def test_the_page_has_markers_for_both_benchmarks() -> None:
    page = report.PAGE.read_text()
    assert report.replaced(page, "text", "x") != page
    assert report.replaced(page, "cold_start", "x") != page


@pytest.mark.parametrize(
    ("program", "part"),
    [("postgres", usage.POSTGRESQL), ("beam.smp", usage.BROKER), ("epmd", usage.BROKER), ("python3.11", usage.PYTHON)],
)
def test_a_process_belongs_to_a_part_by_its_program(program: str, part: str) -> None:
    assert usage.part_of(program) == part


def test_cpu_time_of_a_tree_is_what_the_kernel_counted() -> None:
    before = usage.cpu_seconds([os.getpid()])[usage.PYTHON]
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    assert usage.cpu_seconds([os.getpid()])[usage.PYTHON] - before >= 0.08


def test_memory_of_a_tree_is_there_and_a_dead_process_has_none() -> None:
    assert usage.pss_mb([os.getpid()])[usage.PYTHON] > 1
    assert sum(usage.pss_mb([2**22 + 1]).values()) == 0
