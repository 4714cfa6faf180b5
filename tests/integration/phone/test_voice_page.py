"""Talking to the page in a real browser whose microphone plays a file: voice notes, files, calls, and what was heard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, async_playwright, expect

from local.phone import sound
from tests import components
from tests.integration.phone.conftest import ADA, AUTH, Box, Served, tone
from tests.integration.phone.test_calls import TWIML
from tests.integration.phone.test_page import BROWSER

pytestmark = pytest.mark.needs("chromium")

OpenPage = Callable[..., AbstractAsyncContextManager[Page]]
HEARD: dict[str, Any] = {
    "known": True,
    "seconds": 65.0,
    "seconds_heard": 65.0,
    "version": 1,
    "text": "buy <milk> and call Kim",
    "stretches": [{"start": 0, "end": 19, "probability": 0.95}, {"start": 20, "end": 23, "probability": 0.44}],
    "language": "en",
    "model": "demo",
}


@pytest.fixture
def open_page(tmp_path: Path) -> OpenPage:
    """A phone-sized page that may use the microphone, or not; what the microphone hears is a note."""
    file = tmp_path / "microphone.wav"
    file.write_bytes(tone(10, rate=48_000))

    @asynccontextmanager
    async def opened(*, allowed: bool = True, width: int = 390) -> AsyncIterator[Page]:
        fake = [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={file}",
            "--autoplay-policy=no-user-gesture-required",
        ]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=components.require("chromium"), args=[*BROWSER.split(), *fake]
            )
            page = await browser.new_page(
                viewport={"width": width, "height": 640}, reduced_motion="reduce", permissions=["microphone"] if allowed else []
            )
            page.set_default_timeout(10_000)
            troubles: list[str] = []
            page.on("pageerror", lambda error: troubles.append(str(error)))
            yield page
            await browser.close()
        assert troubles == []

    return opened


def sent(box: Box) -> list[tuple[str, str]]:
    """Content type and words of each message the box got."""
    return [(fields.get("MediaContentType0", ""), fields["Body"]) for fields in box.fields("/twilio/message")]


async def file_of(served: Served, url: str) -> bytes:
    async with served.http.get(url, headers=AUTH) as answer:
        assert answer.status == 200
        return await answer.read()


async def test_hold_to_talk_and_hear_it_again(open_page: OpenPage, served: Served, box: Box) -> None:
    async with open_page() as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name="Hold to talk").hover()
        await page.mouse.down()
        await expect(page.locator("#talk-time")).to_have_text("0:01")
        await expect(page.get_by_text("Let go to send")).to_be_visible()
        await expect(page.get_by_label("Text message to Jotline")).to_be_hidden()
        await page.mouse.up()
        bubble = page.locator(".message.mine")
        await expect(bubble).to_contain_text("Delivered")
        await expect(page.get_by_label("Text message to Jotline")).to_be_visible()
        await bubble.get_by_role("button", name="Play the recording").click()
        await expect(bubble.get_by_role("button", name="Pause the recording")).to_be_visible()
        await expect(bubble.locator(".length")).to_contain_text("0:0")
    [(kind, words)] = sent(box)
    assert (kind.partition(";")[0] in {"audio/ogg", "audio/webm", "audio/mp4"}, words) == (True, "")
    note = await file_of(served, box.fields("/twilio/message")[0]["MediaUrl0"])
    assert not sound.silent(sound.as_telephone(note))


async def test_the_keyboard_talks_too(open_page: OpenPage, served: Served, box: Box) -> None:
    async with open_page() as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name="Hold to talk").focus()
        await page.keyboard.press("Space")  # a tap: it goes on
        await expect(page.locator("#talk-time")).to_have_text("0:01")
        await expect(page.get_by_role("status").filter(has_text="Tap again to send")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#talking")).to_be_hidden()
        await expect(page.get_by_role("button", name="Hold to talk")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#talk-time")).to_have_text("0:01")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.mine")).to_contain_text("Delivered")
    assert len(sent(box)) == 1, "what was given up is not sent"


async def test_an_accidental_double_tap_sends_nothing(open_page: OpenPage, served: Served, box: Box) -> None:
    async with open_page() as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.evaluate("Object.defineProperty(performance, 'now', {value: () => 0})")  # no time goes by
        await page.get_by_role("button", name="Hold to talk").click()
        await expect(page.get_by_text("Tap again to send")).to_be_visible()
        await page.locator("#talk").click()
        await expect(page.locator("#trouble")).to_contain_text("too short")
    assert sent(box) == []


@pytest.mark.parametrize("button", ["Hold to talk", "Call Jotline"])
async def test_a_microphone_that_is_refused_is_explained(button: str, open_page: OpenPage, served: Served) -> None:
    async with open_page(allowed=False) as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name=button).click()
        alert = page.get_by_role("alert").filter(has_text="The microphone is not allowed")
        await expect(alert).to_contain_text("attach a file")


@pytest.mark.parametrize(
    ("lack", "words"),
    [
        ("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})", "only to https pages"),
        ("navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }", "no microphone"),
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotReadableError') }",
            "cannot be used",
        ),
    ],
)
async def test_without_a_microphone_the_way_out_is_named(lack: str, words: str, open_page: OpenPage, served: Served) -> None:
    async with open_page() as page:
        await page.add_init_script(lack)
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name="Hold to talk").click()
        await expect(page.locator("#trouble")).to_contain_text(words)
        await expect(page.locator("#trouble")).to_contain_text("Attach a file")


async def test_a_file_goes_with_words_or_alone(open_page: OpenPage, served: Served, box: Box) -> None:
    async with open_page() as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        note: Any = {"name": "a note with a long name " + "x" * 80 + ".wav", "mimeType": "audio/wav", "buffer": tone()}
        await page.locator("#file").set_input_files(note)
        await expect(page.locator("#attached")).to_contain_text("a note")
        await page.get_by_role("button", name="Remove").click()
        await expect(page.locator("#attached")).to_be_hidden()
        await page.locator("#file").set_input_files(note)
        await page.get_by_label("Text message to Jotline").fill("buy milk")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.mine").last).to_contain_text("Delivered")
        await page.locator("#file").set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"PK"})
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("link", name="Attachment (application/zip)")).to_be_visible()
        await expect(page.locator(".message.mine").last).to_contain_text("Delivered")
        await page.locator("#file").set_input_files(
            {"name": "y", "mimeType": "audio/wav", "buffer": b"x" * (16 * 1024 * 1024 + 1)}
        )
        await expect(page.get_by_role("alert").filter(has_text="larger than 16 MB")).to_be_visible()
    assert sent(box) == [("audio/wav", "buy milk"), ("application/zip", "")]


async def test_a_call_is_recorded_after_the_beep_and_sounds_like_a_telephone(
    open_page: OpenPage, served: Served, box: Box
) -> None:
    box.twiml = TWIML
    async with open_page() as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name="Call Jotline").click()
        await expect(page.locator("#call-time")).to_have_text("0:02")
        await expect(page.get_by_role("button", name="Hang up")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(page.locator(".message.mine")).to_contain_text("Delivered")
        await expect(page.get_by_role("button", name="Play the call")).to_be_visible()
    await served.phone.idle()
    completed = box.fields("/twilio/recording")[-1]
    assert completed["RecordingStatus"] == "completed"
    said = await file_of(served, completed["RecordingUrl"])
    assert not sound.silent(said)
    assert sound.seconds_of(said) == pytest.approx(2.2, abs=0.8)


async def test_a_call_that_is_cancelled_never_was(open_page: OpenPage, served: Served, box: Box) -> None:
    async with open_page() as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name="Call Jotline").click()
        await expect(page.locator("#call-state")).to_have_text("Recording")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
    assert box.posted == []


async def test_what_was_heard_is_shown_with_the_words_in_doubt_marked(open_page: OpenPage, served: Served) -> None:
    served.phone.speak(ADA, tone(), "audio/wav")
    await served.phone.idle()
    async with open_page() as page:
        asked: list[str] = []

        async def answer(route: Route) -> None:
            asked.append(route.request.url)
            await route.fulfill(json=HEARD)

        await page.route("**/phone/api/heard?recording=*", answer)
        await page.goto(f"{served.url}/phone#{ADA}")
        opener = page.get_by_role("button", name="What was heard?")
        await opener.click()
        words = page.locator(".why .words")
        await expect(words).to_have_text("buy <milk> and call Kim (44 % sure)")
        await expect(words.locator("mark")).to_contain_text("Kim")
        await expect(page.locator(".why")).to_contain_text("Marked words were not heard surely.")
        await expect(page.locator(".why .by")).to_have_text("88 % sure on average, en, demo")
        await expect(opener).to_have_attribute("aria-expanded", "true")
        await opener.click()
        await expect(page.locator(".why")).to_have_count(0)
    assert asked[0].endswith(".audio0")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"known": False}, "Nothing was heard in it, or not yet."),
        ({**HEARD, "version": None, "text": None, "seconds_heard": 30.0}, "Listening: 0:30 of 1:05"),
        ({**HEARD, "text": "", "stretches": []}, "Nothing was heard in it."),
        ({**HEARD, "stretches": [{"start": 0, "end": 23, "probability": 0.9}]}, "Every word was heard surely."),
    ],
)
async def test_what_is_not_heard_yet_or_surely_says_so(answer: Any, words: str, open_page: OpenPage, served: Served) -> None:
    served.phone.speak(ADA, tone(), "audio/wav")
    await served.phone.idle()
    async with open_page() as page:
        await page.route("**/phone/api/heard?recording=*", lambda route: route.fulfill(json=answer))
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name="What was heard?").click()
        await expect(page.locator(".why")).to_contain_text(words)


async def test_how_far_a_long_recording_is_shows_below_it_until_it_is_through(open_page: OpenPage, served: Served) -> None:
    async with open_page() as page:
        so_far = {**HEARD, "version": None, "text": None, "seconds_heard": 30.0}
        await page.route("**/phone/api/heard?recording=*", lambda route: route.fulfill(json=so_far))
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.locator("#file").set_input_files({"name": "long.wav", "mimeType": "audio/wav", "buffer": tone()})
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.mine")).to_contain_text("Listening: 0:30 of 1:05")
        await page.route("**/phone/api/heard?recording=*", lambda route: route.fulfill(json=HEARD))
        await expect(page.locator(".message.mine")).to_contain_text("Delivered")


@pytest.mark.parametrize("width", [320, 1280])
async def test_nothing_is_wider_than_the_screen_while_talking(width: int, open_page: OpenPage, served: Served) -> None:
    served.phone.speak(ADA, tone(), "audio/wav", body="x" * 60)
    await served.phone.idle()
    overflowing = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    outer = f"{overflowing}.map(e => e.outerHTML.slice(0, 80))"
    async with open_page(width=width) as page:
        await page.route("**/phone/api/heard?recording=*", lambda route: route.fulfill(json={**HEARD, "text": "m" * 200}))
        await page.goto(f"{served.url}/phone#{ADA}")
        await page.get_by_role("button", name="What was heard?").click()
        await expect(page.locator(".words")).to_be_visible()
        assert await page.evaluate(outer) == []
        await page.get_by_role("button", name="Hold to talk").click()
        await expect(page.get_by_text("Tap again to send")).to_be_visible()
        assert await page.evaluate(outer) == []
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Call Jotline").click()
        await expect(page.locator("#call-state")).to_have_text("Recording")
        assert await page.evaluate(outer) == []


async def test_every_new_control_has_a_name(open_page: OpenPage, served: Served) -> None:
    served.phone.speak(ADA, tone(), "audio/wav")
    await served.phone.idle()
    async with open_page() as page:
        await page.goto(f"{served.url}/phone#{ADA}")
        await expect(page.get_by_role("button", name="Play the recording")).to_be_visible()
        tree = await page.locator("body").aria_snapshot()
        await page.get_by_role("button", name="Call Jotline").click()
        tree += await page.locator("#call").aria_snapshot()
    for role in ("button", "textbox", "link", "dialog", "progressbar"):
        assert not [line for line in tree.splitlines() if line.strip() in {f"- {role}", f"- {role}:"}], tree
    assert 'button "Attach a recording"' in tree
