"""A newcomer's first minute: start the box, open /phone, text it, complete, undo, and look at why; then say it.

With JOTLINE_SCREENSHOTS=docs the screenshot of the README is taken anew.
"""

from __future__ import annotations

import os
import re
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests import components
from tests.box import Process, free_port
from tools.voice_model.speech import SAMPLE_RATE, speak

pytestmark = [pytest.mark.asyncio, pytest.mark.needs("chromium")]

BROWSER = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """A box nobody set anything up for."""
    port = free_port()
    environment = {"PORT": str(port), "JOTLINE_HOME": str(tmp_path / "home")}
    box = Process(["-m", "local.cli", "run"], environment, f"http://127.0.0.1:{port}", tmp_path / "box.log")
    await box.start()
    yield box.url
    await box.stop()


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """A page whose microphone hears somebody say "buy milk" again and again."""
    file = tmp_path / "microphone.wav"
    with wave.open(str(file), "wb") as microphone:
        microphone.setnchannels(1)
        microphone.setsampwidth(2)
        microphone.setframerate(SAMPLE_RATE)
        microphone.writeframes(speak("buy milk").tobytes() + bytes(SAMPLE_RATE))
    fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={file}"]
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=components.require("chromium"), args=[*BROWSER.split(), *fake])
        opened = await browser.new_page(
            viewport={"width": 390, "height": 844}, device_scale_factor=2, permissions=["microphone"]
        )
        yield opened
        await browser.close()


async def test_text_see_the_reply_complete_and_undo(url: str, page: Page) -> None:
    await page.goto(f"{url}/phone")
    body = page.get_by_placeholder("Text message")
    log = page.get_by_role("log")

    async def text(words: str, reply: str) -> None:
        await body.fill(words)
        await body.press("Enter")
        await expect(log.get_by_text(reply).last).to_be_visible(timeout=10_000)

    await text("buy milk and call mum tomorrow at 5pm", "#2 Call mum (tomorrow 5pm)")
    await text("done 1", "Done #1 Buy milk")
    await text("undo", "Undone: #1 Buy milk is open.")
    await text("what's on for tomorrow", "1 tomorrow:")
    await expect(log.get_by_text("Delivered").last).to_be_visible(timeout=10_000)
    if folder := os.environ.get("JOTLINE_SCREENSHOTS"):
        await page.screenshot(path=str(Path(folder) / "phone.png"), animations="disabled")
    await log.get_by_role("button", name="Why this?").last.click()
    await expect(log).to_contain_text("what's on for tomorrow")


@pytest.mark.parametrize("way", ["Hold to talk", "Call Jotline"])
async def test_say_it_be_answered_and_look_at_what_was_heard(way: str, url: str, page: Page) -> None:
    await page.goto(f"{url}/phone")
    await page.get_by_role("button", name=way).click()
    timer = page.locator("#talk-time" if way == "Hold to talk" else "#call-time")
    await expect(timer).to_have_text("0:03", timeout=20_000)
    await page.locator("#talk" if way == "Hold to talk" else "#hang-up").click()
    log = page.get_by_role("log")
    await expect(log.locator(".message:not(.mine)")).to_be_visible(timeout=60_000)
    await log.get_by_role("button", name="What was heard?").click()
    # The microphone may begin in the middle of "buy milk", and hears it twice.
    await expect(log.locator(".why")).to_contain_text("sure on average")
    await expect(log.locator(".message:not(.mine)")).to_contain_text(re.compile("milk", re.IGNORECASE))
