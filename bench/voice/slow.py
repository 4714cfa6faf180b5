"""`python -m bench.voice.slow [--share 0.1]`: a memo of half a minute, heard with no network on a part of one core.

The model is of the size of Whisper `base.en` (`bench.voice.weights`), the process is alone in a network namespace, and is stopped and
let go on ten times a second, so that it gets that share of one core: a machine as many times slower. What is counted begins when the
model is loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from bench.voice.recordings import TEXT, make_recordings
from bench.voice.weights import make_model
from shared.voice.whisper import HOTWORDS

SECONDS, PERIOD_SECONDS = 30, 0.1


async def hear() -> None:
    """What the slow process does: load, say so, then hear the file that is named."""
    from shared.media.audio import decode
    from shared.voice.listener import Listener

    listener = Listener(sys.argv[2], cpu_threads=1)
    model = await listener.model()
    print("loaded", flush=True)
    samples = decode(Path(sys.stdin.readline().rstrip("\n")))
    heard = await listener.hear(model, samples, language="en", hotwords=HOTWORDS, seconds=3600)
    print(sum(len(segment.words) for segment in heard.segments), flush=True)


def slow_down(process: psutil.Process, share: float, over: threading.Event) -> None:
    """Let it run for that share of the time."""
    while not over.is_set():
        process.send_signal(signal.SIGCONT)
        time.sleep(PERIOD_SECONDS * share)
        process.send_signal(signal.SIGSTOP)
        time.sleep(PERIOD_SECONDS * (1 - share))
    process.send_signal(signal.SIGCONT)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.voice.slow", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=float, default=0.1, help="of one core (default: %(default)s)")
    share = parser.parse_args().share
    with tempfile.TemporaryDirectory(prefix="jotline-bench-") as name:
        [recording] = make_recordings(Path(name), [SECONDS], ["ogg"])
        model = make_model(Path(name) / "model", TEXT, HOTWORDS, SECONDS)
        rootless = [] if os.geteuid() == 0 else ["--user", "--map-current-user"]
        command = ["unshare", *rootless, "--net", sys.executable, "-m", "bench.voice.slow", "--hear", str(model)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdin is not None  # noqa: S101 - both are pipes
            assert child.stdout is not None  # noqa: S101
            child.stdout.readline()
            process, over = psutil.Process(child.pid), threading.Event()
            used, began = sum(process.cpu_times()[:2]), time.monotonic()
            slowing = threading.Thread(target=slow_down, args=(process, share, over))
            slowing.start()
            child.stdin.write(f"{recording.path}\n")
            child.stdin.flush()
            words = child.stdout.readline().strip()
            took, used = time.monotonic() - began, sum(process.cpu_times()[:2]) - used
            over.set()
            slowing.join()
    print(f"{SECONDS} s, {words} words, no network: {took:.1f} s on {share:.0%} of one core, {used:.1f} s of CPU")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--hear"]:
        asyncio.run(hear())
    else:
        main()
