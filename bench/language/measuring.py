"""Asks every side every case, lets the scorer judge, and takes the sides' time in turns."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.language import answers
from bench.language.corpus import REPOSITORY, Case, Corpus, Scores
from bench.language.installing import NotInstalled
from bench.language.peer import NoAnswer, NoStart, Peer
from bench.language.sides import GLUE, GLUED, INSTALL, OURS, SIDES, Side, process
from bench.text import usage

#: Raw answers of a side; None where it gave none.
Found = dict[Case, Any]
Tell = Callable[[str], None]
_FIRST_TEXT = """
import datetime
from shared.language import understand
understand("buy milk", datetime.datetime(2026, 11, 25, 10, tzinfo=datetime.timezone.utc), "UTC")
"""
#: What a fresh interpreter runs; the language builds itself when it is first used, so its import alone would say too little.
IMPORT = {"bare": "", "language": "import shared.language\n", "first": _FIRST_TEXT}


@dataclass(slots=True)
class Measured:
    """All that one run found out."""

    versions: dict[str, str] = field(default_factory=dict)
    #: By side and set: the scorer's result.
    scores: dict[str, dict[str, Scores]] = field(default_factory=dict)
    #: Cases a side failed at, died of, or took too long for.
    unanswered: dict[str, int] = field(default_factory=dict)
    #: CPU microseconds of each sampled text, the least of the rounds.
    cpu_us: dict[str, list[float]] = field(default_factory=dict)
    #: Share of the machine that other programs took while time was taken.
    others_percent: float = 0.0
    import_ms: dict[str, float] = field(default_factory=dict)
    #: Sides that could not take part, and why.
    missing: dict[str, str] = field(default_factory=dict)


def measure(names: list[str], corpus: Corpus, tell: Tell, *, rounds: int, sample: int) -> Measured:
    """The whole comparison of the sides in `names`."""
    measured = Measured(import_ms=import_ms())
    found: dict[str, Found] = {}
    with ExitStack() as running:
        peers = {name: running.enter_context(process(name, corpus.folder)) for name in installed(names, measured)}
        for name, peer in list(peers.items()):
            tell(f"{name}: asking")
            try:
                found[name] = ask(peer, corpus.cases(SIDES[name].wanted), tell)
            except NoStart as problem:
                measured.missing[name] = str(problem)
                del peers[name]
                continue
            measured.versions[name] = peer.version
            measured.unanswered[name] = sum(answer is None for answer in found[name].values())
        take_time(peers, corpus.sample(sample), rounds, measured, tell)
    if GLUE in names and set(GLUED) <= set(found):
        glue(found, measured)
    answering = [name for name in names if name in measured.versions]
    measured.scores = {name: score(SIDES[name], finished(name, found), corpus) for name in answering}
    return measured


def installed(names: list[str], measured: Measured) -> list[str]:
    """The sides that can run, after installing what they need."""
    broken: dict[str, str] = {}
    for place in dict.fromkeys(SIDES[name].runs for name in names if SIDES[name].runs):
        try:
            INSTALL[place]()
        except NotInstalled as problem:
            broken[place] = str(problem)
    measured.missing |= {name: broken[SIDES[name].runs] for name in names if SIDES[name].runs in broken}
    return [name for name in names if SIDES[name].runs and name not in measured.missing]


def ask(peer: Peer, cases: list[Case], tell: Tell) -> Found:
    """The peer's answer to each case; the kinds of failures are told.

    Raises:
        NoStart: the peer does not run.
    """
    peer.start()
    found: Found = {}
    failures: Counter[str] = Counter()
    for case in cases:
        try:
            found[case] = peer.ask(case)
        except NoAnswer as problem:
            found[case] = None
            failures[str(problem)[:100]] += 1
    for failure, count in failures.most_common(5):
        tell(f"  no answer to {count}: {failure}")
    return found


def finished(name: str, found: dict[str, Found]) -> Found:
    """A side's answers as the scorer wants them."""
    if name == GLUE:
        dates, repeats = (found.get(part, {}) for part in GLUED)
        return {case: answers.glued(case, answer, repeats.get(case)) for case, answer in dates.items()}
    if name == OURS:
        return found[name]
    return {case: None if answer is None else answers.command(case, answer) for case, answer in found[name].items()}


def score(side: Side, found: Found, corpus: Corpus) -> dict[str, Scores]:
    """The scorer's word on each set; a missing answer raises, which it counts as wrong."""

    def answer(case: Case) -> object:
        if found.get(case) is None:
            raise NoAnswer
        return found[case]

    return corpus.scores(answer, side.wanted)


def glue(found: dict[str, Found], measured: Measured) -> None:
    """What holds for both parts together."""
    measured.versions[GLUE] = " + ".join(measured.versions[part] for part in GLUED)
    measured.unanswered[GLUE] = sum(found[GLUED[0]][case] is None for case in found[GLUED[0]])
    if all(part in measured.cpu_us for part in GLUED):
        measured.cpu_us[GLUE] = [sum(each) for each in zip(*(measured.cpu_us[part] for part in GLUED), strict=True)]


def take_time(peers: dict[str, Peer], cases: list[Case], rounds: int, measured: Measured, tell: Tell) -> None:
    """CPU time of every side on the same texts: the sides take turns, the least of a text's rounds counts."""
    busy, own, began = usage.machine_seconds(), _own_seconds(), time.monotonic()
    for number in range(1, rounds + 1):
        tell(f"taking time, round {number} of {rounds}")
        for name, peer in peers.items():
            try:
                used = peer.time(cases)
            except (NoAnswer, NoStart) as problem:
                tell(f"  {name} was not timed: {problem}")
                continue
            before = measured.cpu_us.get(name, used)
            measured.cpu_us[name] = [min(pair) for pair in zip(before, used, strict=True)]
    others = usage.machine_seconds() - busy - (_own_seconds() - own)
    measured.others_percent = round(100 * max(0.0, others) / (time.monotonic() - began) / (os.cpu_count() or 1), 1)


def import_ms(times: int = 11) -> dict[str, float]:
    """CPU milliseconds of a fresh interpreter that does nothing, imports the language, or reads a text with it: medians, in turns.

    A first round that does not count leaves the byte code behind.
    """
    seen: dict[str, list[float]] = {name: [] for name in IMPORT}
    for _ in range(times + 1):
        for name, statement in IMPORT.items():
            code = f"{statement}\nimport time; print(time.process_time_ns())"
            ended = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, check=True)
            seen[name].append(int(ended.stdout) / 1e6)
    return {name: round(median(each[1:]), 1) for name, each in seen.items()}


def _own_seconds() -> float:
    return sum(usage.cpu_seconds([os.getpid()]).values())
