"""Voice in the single box, as people have it: Whisper with the demo model in its child, recordings from somebody else's stand-in.

What the words are is another matter (the model knows few): here it is that each recording is answered once, whatever dies on the way.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from local.phone.client import ask
from local.postgres import find_url
from shared.messages.phrases import HEARD_NOTHING, RECORDING_KEPT_FOR_REPAIR
from shared.voice.models import DEMO
from tests.box import ROOT, Town, town
from tests.studio import silence, spoken

pytestmark = pytest.mark.asyncio
#: Heard again in one go.
RECORDINGS = 50 if os.environ.get("CI") == "true" else 4
MODEL = {"WHISPER_MODEL": os.environ.get("WHISPER_MODEL") or str(DEMO)}


async def say(running: Town, content: bytes, phone: str, channel: str = "sms") -> None:
    """A voice note from that number, or a call."""
    query: dict[str, Any] = {"phone": phone, "channel": channel}
    await asyncio.to_thread(ask, running.phone.url, "/phone/api/recordings", query, file=(content, "audio/wav"))


def listener(running: Town) -> psutil.Process | None:
    """The process that hears, once there is one."""
    children = psutil.Process(running.box.pid).children()
    found = [one for one in children if "local.transcriber_process" in " ".join(one.cmdline())]
    return found[0] if found else None


def for_voice(pid: int) -> list[str]:
    """What a process has in memory that only who hears needs."""
    names = ("ctranslate2", "onnxruntime", "libav", "numpy")
    return [one.path for one in psutil.Process(pid).memory_maps() if any(name in one.path for name in names)]


async def test_a_call_and_a_voice_note_are_answered_by_a_text_each(tmp_path: Path) -> None:
    async with town(tmp_path, environment=MODEL) as running:
        await say(running, spoken("remind me to call mom tomorrow at five pm"), "+12125550001")
        await say(running, spoken("remind me to call mom tomorrow at five pm"), "+12125550002", "call")
        await say(running, silence(3), "+12125550003")
        replies = {one["phone"]: one["body"] for one in await running.replies(3)}
        assert set(replies) == {"+12125550001", "+12125550002", "+12125550003"}
        for phone in ("+12125550001", "+12125550002"):
            assert replies[phone].startswith("Added #1 Call mom (tomorrow 5pm)\n")
        assert replies["+12125550003"].startswith(HEARD_NOTHING)
        await running.quiet()
        assert len(await running.sent()) == 3
        assert for_voice(running.box.pid) == []


async def test_nobody_who_only_texts_has_whisper_in_memory(tmp_path: Path) -> None:
    async with town(tmp_path, environment=MODEL) as running:
        await running.post("buy milk")
        await running.replies(1)
        assert listener(running) is None
        assert for_voice(running.box.pid) == []


@pytest.mark.long
async def test_twenty_recordings_and_a_listener_killed_three_times(tmp_path: Path) -> None:
    async with town(tmp_path, environment=MODEL) as running:
        people = [f"+1212555{n:04}" for n in range(20)]
        await asyncio.gather(*(say(running, spoken("buy milk"), one) for one in people))
        texts = 0
        for enough in (2, 5, 8):
            await running.replies(enough + texts)
            found = listener(running)
            assert found is not None
            found.send_signal(signal.SIGKILL)
            texts += 1
            assert await running.post("what is on today", sender=f"+1646555{texts:04}") == 200
        replies = await running.replies(len(people) + texts)
        await running.quiet()
        assert Counter(one["phone"] for one in await running.sent()) == Counter(
            [*people, *(f"+1646555{n:04}" for n in range(1, 4))]
        )
        assert not [one for one in replies if "Sorry" in one["body"]]


@pytest.mark.long
async def test_the_listener_ends_with_the_box_however_that_ends(tmp_path: Path) -> None:
    async with town(tmp_path, environment=MODEL) as running:
        for answers, end in enumerate((running.box.stop, running.box.kill), start=1):
            await say(running, spoken("buy milk"), "+12125550001")
            await running.replies(answers)
            found = listener(running)
            assert found is not None
            await end()
            await asyncio.to_thread(psutil.wait_procs, [found], 20)
            assert not found.is_running()
            await running.box.start()


async def test_a_model_that_is_not_there_is_said_before_anybody_speaks(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"WHISPER_MODEL: .* has no model\.bin"):
        async with town(tmp_path, environment={"WHISPER_MODEL": str(tmp_path / "nowhere")}):
            pass


async def jotline(running: Town, *words: str) -> tuple[int, str]:
    """A command of ours at a terminal beside the box; its status, and what it printed."""
    home = Path(running.box_log).parent / "home"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.cli", *words),
        cwd=ROOT,
        env={**os.environ, "JOTLINE_HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


@pytest.mark.long
async def test_recordings_heard_again_show_what_differs_and_change_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, environment=MODEL) as running:
        for number in range(RECORDINGS):
            await say(running, spoken("remind me to call mom tomorrow at five pm"), f"+1212555{number:04}")
        await running.replies(RECORDINGS)
        with psycopg.connect(find_url(tmp_path / "home" / "postgres"), autocommit=True) as database:
            database.execute("UPDATE voice.transcripts SET text = 'something else' WHERE recording_id IN (SELECT id FROM"
                             " voice.recordings WHERE sender <> '+12125550002')")  # fmt: skip
            todos = database.execute("SELECT id, version FROM todo.tasks ORDER BY 1").fetchall()
            status, printed = await jotline(running, "reprocess", "--dry-run")
            assert (status, printed.count("once, ")) == (0, RECORDINGS)
            assert printed.endswith(f"{RECORDINGS} recordings would be heard again; nothing was done.\n")
            status, printed = await jotline(running, "reprocess", "--since", "2020-01-01")
            assert status == 0
            assert (printed.count("  was  something else"), printed.count("no difference")) == (RECORDINGS - 1, 1)
            summary = f"{RECORDINGS} recordings heard again: {RECORDINGS - 1} differently, 1 the same. No todo was changed.\n"
            assert printed.endswith(summary)
            assert database.execute("SELECT id, version FROM todo.tasks ORDER BY 1").fetchall() == todos
            status, printed = await jotline(running, "reprocess", "--model", str(tmp_path), "--user", "+12125550001")
            assert status == 1
            assert "no model.bin" in printed
            await running.quiet()
            assert len(await running.sent()) == RECORDINGS
            status, printed = await jotline(running, "reprocess", "--ask", "--user", "+12125550001")
            assert "1 the same" in printed
            replies = await running.replies(RECORDINGS + 1)
            assert replies[-1]["body"] == "Today's recording, heard again: no difference."


@pytest.mark.long
async def test_a_recording_that_kills_the_listener_twice_is_set_aside_and_heard_when_it_is_given_out_again(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, environment=MODEL) as running:
        with psycopg.connect(find_url(tmp_path / "home" / "postgres"), autocommit=True) as database:
            deadly = spoken("remind me to call mom tomorrow at five pm", times=30)
            await say(running, deadly, "+12125550001")
            for attempt in (1, 2):
                await heard_by(database, attempt)
                found = listener(running)
                assert found is not None
                found.send_signal(signal.SIGKILL)
            [reply] = await running.replies(1)
            assert reply["body"].startswith(RECORDING_KEPT_FOR_REPAIR)
            assert await running.post("what is on today") == 200
            await running.replies(2)
            status, printed = await jotline(running, "dead-letters", "replay", "--all")
            assert (status, "is on its way" in printed) == (0, True)
            assert (await running.replies(3))[-1]["phone"] == "+12125550001"


async def heard_by(database: psycopg.Connection[tuple[object, ...]], attempt: int) -> None:
    """Wait until the worker of that number is at a piece."""
    query = b"SELECT 1 FROM voice.claims WHERE state = 'working' AND attempts = %s AND event_id LIKE '%%.1.0'"
    async with asyncio.timeout(60):
        while not database.execute(query, [attempt]).fetchone():
            await asyncio.sleep(0.01)
