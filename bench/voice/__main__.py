"""`python -m bench.voice`: what voice notes cost, from the webhook to the reply, beside bare faster-whisper on the same files.

Two models: the small one that comes with Jotline, and one of the size of Whisper `base.en` (`bench.voice.weights`). All sides hear every
file in every round, in turn, one thing at a time, every other round the other way round.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.text import usage
from bench.text.report import machine, median_of
from bench.voice import report
from bench.voice.recordings import FORMATS, LENGTHS, TEXT, Recording, make_recordings
from bench.voice.sides import Bare, Box, open_bare, open_box
from bench.voice.weights import make_model
from shared.messages.phrases import HEARD_NOTHING
from shared.voice.models import DEMO
from shared.voice.whisper import HEARD, HOTWORDS, LOADED

DEMO_TITLE, BASE_TITLE = "demo", "base"
#: A recording shorter than this is heard so many times a round: the machine's moods weigh more on what is short.
LONG_SECONDS, SHORT_TIMES = 30, 2
Side = Box | Bare


@dataclass(frozen=True, slots=True)
class Measuring:
    """What is measured, and how often."""

    rounds: int
    threads: int

    @property
    def options(self) -> dict[str, Any]:
        """What bare faster-whisper is told: what `shared.voice.whisper` tells it."""
        return {
            "load": {**LOADED, "cpu_threads": self.threads},
            "hear": {**HEARD, "language": "en", "hotwords": HOTWORDS},
        }

    async def compare(self, model: Path, recordings: Sequence[Recording]) -> dict[str, Any]:
        """All sides with one model, started anew for each round: where a process happens to get its memory makes some percent.

        Raises:
            RuntimeError: one of them hears nothing.
        """
        files = [_File(one) for one in recordings]
        starts = [await self._round(model, files, number) for number in range(self.rounds)]
        heard = [{"seconds": one.recording.seconds, "format": one.recording.format, **one.heard} for one in files]
        return {**median_of(starts), "files": heard}

    async def _round(self, model: Path, files: Sequence[_File], number: int) -> dict[str, dict[str, float]]:
        """All sides started, every file heard by each; the seconds to the first words or reply, and the memory in the end."""
        with _folder() as folder:
            began = time.monotonic()
            async with open_bare(model, self.options) as bare, open_bare(model, self.options, memory=True) as alike:
                await bare.hear(files[0].recording)
                first = {"bare": time.monotonic() - began}
                await alike.hear(files[0].recording)
                async with open_box(folder / "box", model, self.threads) as box:
                    first["box"], _ = await box.hear(files[0].recording)
                    sides: list[tuple[str, Side]] = [("bare", bare), ("box", box), ("alike", alike)]
                    sides = sides[:: -1 if number % 2 else 1]
                    for file in files:
                        for _ in range(SHORT_TIMES if file.recording.seconds < LONG_SECONDS else 1):
                            await file.hear(sides)
                    memory = {name: _pss_mb(side.hearing) for name, side in sides}
                    memory["rest"] = sum(usage.pss_mb(box.stack.roots).values()) - memory["box"]
        return {"first_seconds": first, "pss_mb": memory}


@dataclass(frozen=True, slots=True)
class _File:
    recording: Recording
    heard: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    async def hear(self, sides: Sequence[tuple[str, Side]]) -> None:
        """All sides hear it, one after the other."""
        for name, side in sides:
            found = await _heard(side, self.recording)
            if not found["said"] or found["said"].startswith(HEARD_NOTHING):
                raise RuntimeError(f"{name}: nothing was heard in {self.recording.path.name}")
            self.heard.setdefault(name, []).append(found)


async def _heard(side: Side, recording: Recording) -> dict[str, Any]:
    """A recording heard: CPU ms by part, wall-clock seconds, and what came of it."""
    before = side.cpu_ms()
    seconds, said = await side.hear(recording)
    return {"cpu_ms": {part: used - before[part] for part, used in side.cpu_ms().items()}, "took": seconds, "said": said}


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that is removed; PostgreSQL runs as another account when we are root, and has to get through it."""
    with tempfile.TemporaryDirectory(prefix="jotline-bench-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _pss_mb(pid: int | None) -> float:
    return sum(usage.pss_mb([pid]).values()) if pid else 0.0


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All that is asked for, by model."""
    measuring, found = Measuring(options.rounds, options.threads), dict[str, Any]()
    with _folder() as folder:
        recordings = make_recordings(folder, options.lengths, options.formats)
        if DEMO_TITLE in options.models:
            found[DEMO_TITLE] = [await measuring.compare(DEMO, recordings)]
        if BASE_TITLE in options.models:
            found[BASE_TITLE] = []
            for length in options.lengths:  # what a model of made words writes is as long as the recording
                model = make_model(folder / f"model-{length}", TEXT, HOTWORDS, length)
                mine = [one for one in recordings if one.seconds == length]
                found[BASE_TITLE].append(await measuring.compare(model, mine))
                print(f"{length} s: {report.summary(found[BASE_TITLE][-1])}", file=sys.stderr)
    return found


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.voice", description=(__doc__ or "").splitlines()[0])
    words = str.split
    parser.add_argument("--rounds", type=int, default=5, help="starts of all sides (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of Whisper, on all sides (default: %(default)s)")
    parser.add_argument("--models", type=words, default=[DEMO_TITLE, BASE_TITLE], help="in quotes (default: both)")
    parser.add_argument("--formats", type=words, default=list(FORMATS), help="in quotes (default: all)")
    parser.add_argument(
        "--lengths", type=lambda text: [int(one) for one in text.split()], default=list(LENGTHS), help="seconds, in quotes"
    )
    parser.add_argument("--write", action="store_true", help="write bench/results/voice.json and docs/measurements.md")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and with --write keep the results."""
    options, load = read_options(), os.getloadavg()[0]
    command = shlex.join(["python", "-m", "bench.voice", *(word for word in sys.argv[1:] if word != "--write")])
    results = {"command": command, **machine(), "load_before": load, "models": asyncio.run(measure(options))}
    results["rounds"] = options.rounds
    print(report.table(results))
    if options.write:
        report.write(results)


if __name__ == "__main__":
    main()
