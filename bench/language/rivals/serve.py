"""`python -m bench.language.rivals.serve NAME`: one side written in Python answers JSON lines (bench/language/peer.py)."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from bench.language.rivals import intents, parsers

#: Answers a text sent at an aware local time in an IANA zone, of a set of the corpus.
Answer = Callable[[str, datetime, str, str], object]
#: Imports what a side needs; answers its name with its version, and how it answers.
Side = Callable[[], tuple[str, Answer]]


def ours() -> tuple[str, Answer]:
    """This project's own language."""
    from bench.language.adapter import parse

    return "Jotline", lambda text, now, zone, _corpus: parse(text, now, zone)


SIDES: dict[str, Side] = {"jotline": ours, **parsers.SIDES, **intents.SIDES}


def serve(side: Side, questions: IO[str], answers: IO[str]) -> None:
    """Answer until there are no more questions."""
    version, answer = side()
    _say(answers, {"ready": version})
    for line in questions:
        question = json.loads(line)
        _say(answers, timed(answer, question["time"]) if "time" in question else answered(answer, question))


def answered(answer: Answer, question: dict[str, str]) -> dict[str, Any]:
    """The answer to one case, or the failure in its place."""
    try:
        return {"answer": answer(*arguments(question))}
    except Exception as problem:  # noqa: BLE001 - whatever a parser raises is a wrong answer
        return {"error": f"{type(problem).__name__}: {problem}"}


def timed(answer: Answer, questions: list[dict[str, str]]) -> dict[str, list[float]]:
    """CPU microseconds of each case; a failure takes time like an answer."""
    used = []
    for question in questions:
        given = arguments(question)
        start = time.process_time_ns()
        with suppress(Exception):
            answer(*given)
        used.append((time.process_time_ns() - start) / 1000)
    return {"cpu_us": used}


def arguments(question: dict[str, str]) -> tuple[str, datetime, str, str]:
    """A question's text, moment, zone and set."""
    zone = question["tz"]
    return question["text"], datetime.fromisoformat(question["now"]).astimezone(ZoneInfo(zone)), zone, question["set"]


def _say(answers: IO[str], said: dict[str, Any]) -> None:
    answers.write(json.dumps(said, ensure_ascii=False) + "\n")
    answers.flush()


def main() -> None:
    """Serve on standard input and output; what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(SIDES[sys.argv[1]], sys.stdin, answers)


if __name__ == "__main__":
    main()
