"""transcribe in the single box: a process of its own, started when somebody speaks, so that nobody who texts waits for Whisper.

It is delivered to by HTTP on a loopback port with a key that only the two know, one piece at a time; recordings are fetched meanwhile,
two at once. What it commits wakes the box through the database (migration 0005). When it dies, by a file that breaks a decoder or for
want of memory, the next delivery starts it again: it was the only worker, so whatever it held is free, and counted against what it
worked on. It ends with the box, however the box ends (see `local.child`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from local import child
from local.http_broker import HttpFunction
from local.loading import ROOT
from shared.events.envelope import Event
from shared.events.schemas import AUDIO_CUT
from shared.policy.outcomes import TryAgain
from shared.runtime.delivery import Delivery
from shared.runtime.serving import OUTAGE_SECONDS, Later, Outcome
from shared.runtime.settings import BadSettings, Settings
from shared.runtime.telemetry import describe
from shared.voice.models import ModelUnavailable, check

if TYPE_CHECKING:
    from shared.storage.voice import VoiceStore

NAME = "transcribe"
#: How long hearing a piece may take, and loading, or fetching, a model before it.
ANSWER_SECONDS = 1800.0
START_SECONDS = 60.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.05
#: Recordings fetched at once.
FETCHES = 2
#: Settings that it needs.
SETTINGS = (
    *("database_url", "twilio_account_sid", "twilio_auth_token", "twilio_api_url", "party_secret", "audio_store_url"),
    *("keep_audio_days", "media_hosts", "whisper_model", "whisper_threads", "default_language", "log_level"),
)
#: Variables of others that it needs: where models are kept, how the network is reached, whose bucket it is.
VARIABLES = (
    *("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "OMP_NUM_THREADS", "SSL_CERT_FILE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)
PREFIXES = ("AWS_", "HF_", "HUGGINGFACE_")
KEY = "TRANSCRIBE_KEY"

log = logging.getLogger("jotline")


class Transcriber:
    """The function transcribe, as the broker sees it. Use it on the main thread's event loop: its child follows that thread."""

    def __init__(self, settings: Settings, store: VoiceStore, clock: Path | None) -> None:
        """Nothing is started before the first event.

        Args:
            settings: of the box, with the database it has.
            store: for the leases of one that died.
            clock: the file in which a simulated clock stands; None: the machine's own is used.
        """
        self._settings, self._store, self._clock = settings, store, clock
        self._child: child.Child | None = None
        self._function: HttpFunction | None = None
        self._key = secrets.token_urlsafe(24)
        self._delivery = Delivery(answer_seconds=ANSWER_SECONDS, headers={"authorization": f"Bearer {self._key}"})
        self._starting = asyncio.Lock()
        self._hearing, self._fetching = asyncio.Semaphore(1), asyncio.Semaphore(FETCHES)
        self._stopping = False

    async def deliver(self, event: Event, attempt: int = 1) -> Outcome:
        """Hand an event over, in its turn; never raises."""
        async with self._hearing if event.type == AUDIO_CUT else self._fetching:
            try:
                function = await self._running()
            except (TryAgain, OSError, RuntimeError, TimeoutError) as error:
                log.warning("transcribe does not start", extra={"event_id": event.id, "cause": describe(error)})
                return Later(OUTAGE_SECONDS, counted=False)
            return await function.deliver(event, attempt)

    async def stop(self) -> None:
        """End it; what it was at is done again by the next one."""
        self._stopping = True
        async with self._starting:
            if self._child is not None:
                await _end(self._child)
                self._child = None
        await self._delivery.close()

    @property
    def pid(self) -> int | None:
        """Its process id; None while nobody has spoken."""
        return self._child.process.pid if self._child else None

    async def _running(self) -> HttpFunction:
        """The function behind its URL, started if need be.

        Raises:
            DatabaseUnavailable, OSError, TimeoutError, RuntimeError: not now.
        """
        async with self._starting:
            if self._stopping:
                raise RuntimeError("the box stops")
            if self._child is not None and self._child.process.poll() is not None:
                log.error("transcribe has died, it is started again", extra={"status": self._child.process.returncode})
                self._child.release()
                self._child = None
            if self._child is None or self._function is None:
                await self._store.expire_leases()
                self._function = await self._start()
            return self._function

    async def _start(self) -> HttpFunction:
        """Start it and wait until it answers.

        Raises:
            OSError, TimeoutError, RuntimeError: it does not.
        """
        began = time.monotonic()
        with closing(socket.create_server(("127.0.0.1", 0))) as door:  # nobody else can come by this port between us and it
            port = int(door.getsockname()[1])
            command = [sys.executable, "-m", "local.transcriber_process", str(door.fileno()), str(self._clock or "")]
            env = environment(self._settings, os.environ) | {KEY: self._key}
            started = child.spawn(command, account=None, keep=[door.fileno()], log=sys.stderr.fileno(), env=env)
        try:
            await _answering(started, port)
        except BaseException:
            await _end(started)
            raise
        self._child = started
        log.info("transcribe runs", extra={"child": started.process.pid, "seconds": round(time.monotonic() - began, 2)})
        return HttpFunction(NAME, f"http://127.0.0.1:{port}/", self._delivery)


def check_model(setting: str) -> None:
    """See whether WHISPER_MODEL can be right, so that nobody has to speak to find out.

    Raises:
        BadSettings: it names a folder that has no model.
    """
    try:
        check(setting)
    except ModelUnavailable as error:
        raise BadSettings(str(error)) from error


def environment(settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """All that the process is told."""
    own = {name.upper(): str(getattr(settings, name)) for name in SETTINGS}
    others = {name: value for name, value in inherited.items() if name in VARIABLES or name.startswith(PREFIXES)}
    # One heap for all threads (`shared.voice.memory`); they take turns anyway.
    return {**others, **own, "PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "1"}


async def _answering(started: child.Child, port: int) -> None:
    """Wait until it says that it is alive.

    Raises:
        RuntimeError: it has ended. TimeoutError: it says nothing.
    """
    import aiohttp

    async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
        while True:
            if (status := started.process.poll()) is not None:
                raise RuntimeError(f"transcribe has ended with {status}")
            try:
                async with session.get(f"http://127.0.0.1:{port}/health/live") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(POLL_SECONDS)


async def _end(running: child.Child) -> None:
    """SIGTERM, and SIGKILL when that is not enough."""
    running.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while running.process.poll() is None:
        if time.monotonic() > deadline:
            running.process.kill()
        await asyncio.sleep(POLL_SECONDS)
    running.release()
