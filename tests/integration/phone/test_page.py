"""The page in a real browser: texting, what went wrong, small screens, the keyboard, and coming back after a restart."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from local.phone import posting
from local.phone.serving import running
from shared.messages.segments import count_segments
from shared.runtime.clock import RealClock, SimulatedClock
from tests import components
from tests.integration.phone.conftest import ADA, BOB, Box, MakePhone, Served

pytestmark = pytest.mark.needs("chromium")

BROWSER = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
VECTORS = Path(__file__).parents[2] / "unit" / "messages" / "segment_vectors.json"

WEEKLY = {"said": "every friday", "rrule": "FREQ=WEEKLY;BYDAY=FR", "after_done": False}
UNDERSTOOD = {
    "heard": "buy <milk> every friday, done 2",
    "understood": [
        {
            "intent": "add",
            "title": "Buy <milk>",
            "when": {"start": {"day": "2026-11-27", "at": None}, "time_stated": False},
            "repeat": WEEKLY,
            "priority": "high",
            "rule": "words",
            "span": [0, 23],
            "text": "buy <milk> every friday",
        },
        {"intent": "complete", "ref": {"numbers": [2]}, "rule": "complete_numbers"},
    ],
    "done": [
        {
            "type": "created",
            "changed": {
                "id": "1",
                "number": 1,
                "title": "Buy <milk>",
                "due_day": "2026-11-27",
                "due_at": None,
                "repeat": WEEKLY,
            }
            | {"priority": "high", "tags": [], "note": "", "status": "open"},
        },
        {"type": "completed", "changed": {"status": "done", "completed_at": "2026-11-26T10:00:00Z"}},
    ],
}


@pytest.fixture
async def page(clock: SimulatedClock) -> AsyncIterator[Page]:
    """A phone-sized page whose console must stay empty: a breach of the content policy would show there."""
    troubles: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=components.require("chromium"), args=[*BROWSER.split(), "--disable-sync"]
        )
        opened = await browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        opened.set_default_timeout(10_000)
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        yield opened
        await browser.close()
    assert [trouble for trouble in troubles if "Failed to load resource" not in trouble] == []


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Text message to Jotline").fill(text)
    await page.keyboard.press("Enter")


def bubble(page: Page, text: str) -> Any:
    return page.locator(".message").filter(has_text=text)


async def test_text_and_hear_back(page: Page, served: Served, box: Box) -> None:
    served.replies_with(box, "Added #1 <b>Buy milk</b>")
    await page.goto(f"{served.url}/phone#{ADA}")
    await write(page, "<img src=x onerror=alert(1)> buy milk")
    mine = bubble(page, "You: <img src=x onerror=alert(1)> buy milk")
    await expect(mine).to_contain_text("Delivered")
    await expect(mine).to_contain_text("1 segment, GSM-7")
    await expect(bubble(page, "Jotline: Added #1 <b>Buy milk</b>")).to_be_visible()
    assert await page.locator("#messages img, #messages b").count() == 0


async def test_whatsapp_and_an_example(page: Page, served: Served, box: Box) -> None:
    await page.goto(f"{served.url}/phone#{ADA}")
    await page.get_by_text("WhatsApp", exact=True).click()
    await page.get_by_role("button", name="every friday put the bins out").click()
    await page.keyboard.press("Enter")
    await expect(bubble(page, "every friday")).to_contain_text("Delivered")
    assert box.fields("/twilio/message")[0]["From"] == f"whatsapp:{ADA}"


async def test_what_the_box_understood(page: Page, served: Served, box: Box) -> None:
    served.replies_with(box, "Added #1 Buy milk")
    await page.goto(f"{served.url}/phone#{ADA}")
    await write(page, "buy milk")
    why = bubble(page, "Added #1").get_by_role("button", name="Why this?")
    await why.click()
    await expect(bubble(page, "Added #1")).to_contain_text("Nothing is known about this one")
    await expect(why).to_have_attribute("aria-expanded", "true")
    await why.click()
    await expect(bubble(page, "Added #1")).not_to_contain_text("Nothing is known")

    await page.route("**/phone/api/understood?sid=SM*", lambda route: route.fulfill(json=UNDERSTOOD))
    await bubble(page, "Added #1").locator(".bubble").click()
    explained = bubble(page, "Added #1").locator("dd")
    await expect(explained).to_have_text(
        [
            "buy <milk> every friday, done 2",
            'add "Buy <milk>", Fri 27 Nov, repeat every friday, priority high\ncomplete, #2',
            'created #1 "Buy <milk>", repeat every friday, priority high, due Fri 27 Nov\ncompleted',
        ]
    )


async def test_a_text_the_box_did_not_take_can_be_tried_again(
    page: Page, served: Served, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "_FIRST_PAUSE_SECONDS", 0)
    box.answers = [500] * 6
    await page.goto(f"{served.url}/phone#{ADA}")
    await write(page, "buy milk")
    await expect(bubble(page, "buy milk")).to_contain_text("Not delivered")
    await bubble(page, "buy milk").get_by_role("button", name="Try again").click()
    await expect(bubble(page, "buy milk")).to_contain_text("Delivered")
    assert len({fields["MessageSid"] for fields in box.fields("/twilio/message")}) == 1


async def test_the_page_survives_a_restart_and_misses_nothing(page: Page, make_phone: MakePhone) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with running(make_phone(), port=port) as url:
        await page.goto(f"{url}/phone#{ADA}")
        await write(page, "one")
        await expect(bubble(page, "one")).to_contain_text("Delivered")
    await expect(page.get_by_role("status").first).to_have_text("Jotline does not answer. Trying again.")
    await write(page, "written meanwhile")
    await expect(bubble(page, "written meanwhile")).to_contain_text("Not delivered")
    second = make_phone()
    second.text(ADA, "from another window")
    async with running(second, port=port):
        await expect(bubble(page, "from another window")).to_be_visible(timeout=20_000)
        await expect(bubble(page, "written meanwhile")).to_contain_text("Delivered")
        await expect(page.locator("#banner")).to_be_hidden()
        await second.idle()
        assert sorted(message.body for message in second.messages()) == ["from another window", "one", "written meanwhile"]


async def test_several_phones_and_the_dot_of_a_new_message(page: Page, served: Served, box: Box) -> None:
    await page.goto(f"{served.url}/phone#{ADA}")
    await write(page, "from Ada")
    await page.get_by_role("button", name="Back to phones").click()
    await page.get_by_role("button", name="New phone number").click()
    number = page.get_by_label("Number", exact=True)
    await number.fill("555")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").first).to_contain_text("A number begins with +")
    await number.fill("+1 (415) 555-0101")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="+1 415 555 0101")).to_be_visible()
    await write(page, "from Bob")
    await expect(bubble(page, "from Bob")).to_contain_text("Delivered")
    await expect(bubble(page, "from Ada")).to_have_count(0)

    served.replies_with(box, "hello Ada")
    served.phone.text(ADA, "typed elsewhere")
    await page.go_back()
    ada = page.locator(".phones li").filter(has_text="+1 415 555 0100")
    await expect(ada.get_by_role("img", name="New message")).to_be_visible()
    await ada.click()
    await expect(bubble(page, "hello Ada")).to_be_visible()
    assert [fields["From"] for fields in box.fields("/twilio/message")] == [ADA, BOB, ADA]


async def test_the_clock_moves_and_days_part_the_messages(page: Page, make_phone: MakePhone, clock: SimulatedClock) -> None:
    async with running(make_phone(zone_of=lambda _: "America/New_York")) as url:
        await page.goto(f"{url}/phone#{ADA}")
        await write(page, "one")
        await page.get_by_role("button", name="The clock").click()
        await expect(page.get_by_role("dialog")).to_contain_text("New York time")
        before = clock.now()
        await page.get_by_role("button", name="+1 day").click()
        await page.get_by_role("button", name="Next 8 am").click()
        await expect(page.locator("#clock-now")).to_contain_text("8:00 AM")
        await page.keyboard.press("Escape")
        await write(page, "two")
        await expect(page.locator(".day")).to_have_count(2)
        await expect(page.locator(".day").last).to_have_text("Today")
    assert (clock.now() - before).total_seconds() > 86_400


async def test_a_real_clock_has_no_control(page: Page, make_phone: MakePhone) -> None:
    async with running(make_phone(clock=RealClock())) as url:
        await page.goto(f"{url}/phone#{ADA}")
        await expect(page.get_by_label("Text message to Jotline")).to_be_visible()
        await expect(page.locator("#clock-open-thread")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_nothing_is_wider_than_the_screen(width: int, page: Page, served: Served, box: Box) -> None:
    await page.set_viewport_size({"width": width, "height": 640})
    served.replies_with(box, "W" * 200)
    await page.goto(f"{served.url}/phone#{ADA}")
    await write(page, "M" * 200)
    await expect(bubble(page, "WWW")).to_be_visible()
    for opener in ("#clock-open-thread" if width < 760 else "#clock-open", None):
        if opener:
            await page.locator(opener).click()
        overflowing = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        assert await page.evaluate(f"{overflowing}.map(e => e.outerHTML.slice(0, 80))") == []
        await page.keyboard.press("Escape")


async def test_the_keyboard_alone_is_enough(page: Page, served: Served) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{served.url}/phone#{ADA}")
    await expect(page.get_by_label("Text message to Jotline")).to_be_focused()
    await page.keyboard.type("first line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line")
    await page.keyboard.press("Enter")
    await expect(bubble(page, "first line\nsecond line")).to_contain_text("Delivered")
    for _ in range(2):  # over the button that attaches a file
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="WhatsApp")).to_be_checked()


async def test_every_control_has_a_name(page: Page, served: Served, box: Box) -> None:
    served.replies_with(box, "Added #1 Buy milk")
    await page.goto(f"{served.url}/phone#{ADA}")
    await write(page, "buy milk")
    await expect(bubble(page, "Added #1")).to_be_visible()
    tree = await page.locator("body").aria_snapshot()
    for role in ("button", "textbox", "radio", "main", "log"):
        assert not [line for line in tree.splitlines() if line.strip() in {f"- {role}", f"- {role}:"}], tree
    assert 'log "Messages"' in tree


async def test_segments_are_counted_as_in_the_library(page: Page, served: Served) -> None:
    await page.goto(f"{served.url}/phone#{ADA}")
    texts = [each["text"] for each in json.loads(VECTORS.read_text(encoding="utf-8"))]
    counted = await page.evaluate(
        "async texts => { const {count} = await import('/phone/static/segments.js'); return texts.map(count) }", texts
    )
    ours = [count_segments(text) for text in texts]
    assert [(each["encoding"], each["segments"], each["units"]) for each in counted] == [
        (o.encoding, o.count, o.units) for o in ours
    ]


@pytest.mark.parametrize(
    ("wall", "zone", "expected"),
    [
        ([2026, 11, 27, 9, 0], "America/New_York", "2026-11-27T14:00:00.000Z"),
        ([2026, 7, 1, 9, 30], "Europe/London", "2026-07-01T08:30:00.000Z"),
        ([2026, 11, 1, 8, 0], "America/New_York", "2026-11-01T13:00:00.000Z"),  # the clocks went back that night
        ([2026, 12, 32, 0, 0], "Asia/Kolkata", "2026-12-31T18:30:00.000Z"),
    ],
)
async def test_a_wall_clock_time_is_one_instant(wall: list[int], zone: str, expected: str, page: Page, served: Served) -> None:
    await page.goto(f"{served.url}/phone#{ADA}")
    made = await page.evaluate(
        """async ([[year, month, day, hour, minute], zone]) => {
            const {instant} = await import('/phone/static/time.js');
            return instant({year, month, day, hour, minute}, zone).toISOString();
        }""",
        [wall, zone],
    )
    assert made == expected
