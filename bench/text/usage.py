"""What a stack uses: CPU time and memory of its process trees, apart by what the processes are.

CPU is `utime + stime` of every live process with all its threads, plus `cutime + cstime`, the same of children that have ended
and were waited for (PostgreSQL's short-lived workers), from /proc/<pid>/stat (proc(5)): nothing is missed or counted twice.
Memory is PSS from /proc/<pid>/smaps_rollup: a page shared by five processes counts a fifth in each, so the sum is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

PYTHON, POSTGRESQL, BROKER = "Python", "PostgreSQL", "broker"
PARTS = (PYTHON, POSTGRESQL, BROKER)
BROKER_PROGRAMS = {"beam.smp", "erl_child_setup", "inet_gethost", "epmd", "rabbitmq-server"}


def part_of(program: str) -> str:
    """Which part of a stack a process belongs to, by the name of its program. Shells and launchers count as Python."""
    if program.startswith("postgres"):
        return POSTGRESQL
    return BROKER if program in BROKER_PROGRAMS else PYTHON


def trees(roots: Iterable[int]) -> Iterator[psutil.Process]:
    """Every living process of the trees under `roots`, each once."""
    seen: set[int] = set()
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(root)
            for member in (process, *process.children(recursive=True)):
                if member.pid not in seen:
                    seen.add(member.pid)
                    yield member


def cpu_seconds(roots: Iterable[int]) -> dict[str, float]:
    """CPU seconds used so far, by part."""
    used = dict.fromkeys(PARTS, 0.0)
    for process in trees(roots):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            used[part_of(process.name())] += times.user + times.system + times.children_user + times.children_system
    return used


def machine_seconds() -> float:
    """CPU seconds the whole machine has been busy, other machines' share of its cores (steal) included."""
    times = psutil.cpu_times()
    return float(sum(times[:8]) - times.idle - times.iowait)


def pss_mb(roots: Iterable[int]) -> dict[str, float]:
    """Memory in MB (10^6 bytes), by part."""
    held = dict.fromkeys(PARTS, 0.0)
    for process in trees(roots):
        with suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            held[part_of(process.name())] += _pss_bytes(process.pid) / 1e6
    return held


def _pss_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
