"""One side as a process: a JSON line in, a JSON line out, so that a crash or a hang is one wrong answer and nothing else.

    {"text": ..., "now": ..., "tz": ..., "set": ...}    ->    {"answer": ...}  or  {"error": "..."}
    {"time": [cases as above]}                          ->    {"cpu_us": [CPU microseconds of each]}

Before its first question a process says `{"ready": "name and version"}`. A process that died or ran past its time is killed, and
started again for the next question.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self, cast

from bench.language.corpus import REPOSITORY, Case

START_SECONDS = 900.0
TIME_SECONDS = 600.0


class NoAnswer(Exception):
    """The side gave no answer to this case: it failed, died, or took too long."""


class NoStart(Exception):
    """The side does not run at all."""


class Peer:
    """A side's process. Use it as a context, or close it."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None, *, case_seconds: float = 2.0) -> None:
        """Nothing runs before the first question. `case_seconds` is the longest an answer may take."""
        self.version = ""
        self._command, self._environment, self._case_seconds = command, environment or {}, case_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the peer
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, case: Case) -> Any:  # noqa: ANN401 - JSON
        """The side's answer.

        Raises:
            NoAnswer: it has none for this case.
            NoStart: it has none for any.
        """
        answer = self._exchange(_line(case), self._case_seconds)
        if "answer" not in answer:
            raise NoAnswer(answer.get("error", "no answer"))
        return answer["answer"]

    def time(self, cases: list[Case]) -> list[float]:
        """CPU microseconds of each case, measured inside the process.

        Raises:
            NoAnswer: it died or took longer than ten minutes.
            NoStart: it does not run.
        """
        return cast("list[float]", self._exchange({"time": [_line(case) for case in cases]}, TIME_SECONDS)["cpu_us"])

    def start(self) -> None:
        """Start the process unless it runs.

        Raises:
            NoStart: it ended or stayed silent instead of saying that it is ready.
        """
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONPATH": "", "TZ": "UTC"} | self._environment,
        )
        try:
            self.version = str(self._read(START_SECONDS)["ready"])
        except NoAnswer as problem:
            raise NoStart(f"{' '.join(self._command[-2:])}: {self._last_words() or problem}") from problem

    def close(self) -> None:
        """End the process."""
        self._end()
        self._errors.close()

    def _exchange(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        self.start()
        process = cast("subprocess.Popen[bytes]", self._process)
        try:
            cast("IO[bytes]", process.stdin).write(json.dumps(question).encode() + b"\n")
            cast("IO[bytes]", process.stdin).flush()
        except OSError as problem:
            self._end()
            raise NoAnswer("died") from problem
        return self._read(seconds)

    def _read(self, seconds: float) -> dict[str, Any]:
        """The next line; the process is ended where none comes."""
        until = time.monotonic() + seconds
        source = cast("IO[bytes]", cast("subprocess.Popen[bytes]", self._process).stdout).fileno()
        while b"\n" not in self._rest:
            readable, _, _ = select.select([source], [], [], max(0.0, until - time.monotonic()))
            read = os.read(source, 65536) if readable else b""
            if not read:
                self._end()
                raise NoAnswer("died" if readable else f"no answer within {seconds:g} s")
            self._rest += read
        line, self._rest = self._rest.split(b"\n", 1)
        return cast("dict[str, Any]", json.loads(line))

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        with suppress(OSError):
            self._process.communicate()
        self._process, self._rest = None, b""

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


def _line(case: Case) -> dict[str, str]:
    return {"text": case.text, "now": case.now, "tz": case.zone, "set": case.corpus}


def here(*parts: str) -> str:
    """A file of this package."""
    return str(Path(__file__).parent.joinpath(*parts))
