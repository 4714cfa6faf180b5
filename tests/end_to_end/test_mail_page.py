"""The digest's HTML as a mail program on a phone shows it, in a real browser: one column, nothing fetched, nothing cut off.

With JOTLINE_SCREENSHOTS=docs the picture in the documentation is taken anew.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, async_playwright

from shared.language.model import Priority
from shared.messages.mails import letters
from shared.messages.mails.letters import Letter
from shared.todos.digests import contents, letter
from shared.todos.model import Settings, Task
from tests import components
from tests.end_to_end.test_phone_page import BROWSER

pytestmark = [pytest.mark.asyncio, pytest.mark.needs("chromium")]

NEW_YORK = ZoneInfo("America/New_York")
EIGHT = datetime(2026, 11, 25, 8, tzinfo=NEW_YORK)
OURS = "+14155550100"


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=components.require("chromium"), args=BROWSER.split())
        opened = await browser.new_page(viewport={"width": 390, "height": 600}, device_scale_factor=2)
        yield opened
        await browser.close()


def _task(number: int, title: str, due: datetime | date | None = None, **more: object) -> Task:
    day = due.date() if isinstance(due, datetime) else due
    return Task.model_validate(
        {
            "id": UUID(int=number),
            "number": number,
            "title": title,
            "due_day": day,
            "due_at": due if isinstance(due, datetime) else None,
            "zone": "America/New_York",
            "created_at": EIGHT,
            **more,
        }
    )


def _digest(*more: Task) -> Letter:
    tasks = [
        _task(2, "Pay the plumber", EIGHT.date() - timedelta(days=5)),
        _task(1, "Call the dentist", EIGHT - timedelta(days=1, hours=-1)),
        _task(4, "Pick up the cake for Zoe", EIGHT.replace(hour=16), tags=("home",)),
        _task(5, "Call mum", EIGHT.replace(hour=17)),
        _task(8, "Send the slides to Priya", EIGHT.date(), priority=Priority.HIGH),
        _task(9, "Buy milk"),
        _task(10, "Ask the caretaker about the window in the hall that does not close any more since the storm"),
    ]
    settings = Settings(name="Ada", zone="America/New_York")
    return letter(contents([*tasks, *more], EIGHT), settings, EIGHT, ours=OURS)


async def test_the_digest_fits_a_phone_and_fetches_nothing(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    long_word = _task(11, "https://example.org/" + "x" * 200)
    await page.set_content(_digest(long_word, _task(12, "<script>document.title='mine'</script>")).html)
    for width in (320, 390, 1024):
        await page.set_viewport_size({"width": width, "height": 600})
        assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert fetched == []
    assert await page.title() == "Wed 25 Nov: 3 today, 2 overdue, 4 any time"
    assert await page.locator("h2").all_inner_texts() == ["Overdue", "Today", "Any time"]
    assert await page.locator("p").first.inner_text() == "#2 Pay the plumber (was due Fri)"
    assert await page.locator("script, img, link, style").count() == 0


async def test_its_words_stand_out_from_the_paper(page: Page) -> None:
    """Contrast of at least 4.5 to 1, as WCAG 2.2 asks of text (1.4.3), whatever is red."""
    await page.set_content(_digest().html)
    colours = await page.evaluate(
        """[...document.querySelectorAll("h1, h2, p, span")].map((one) => getComputedStyle(one).color.match(/\\d+/g).map(Number))"""
    )
    assert min(_contrast_to_white(colour) for colour in colours) >= 4.5


def _contrast_to_white(colour: list[int]) -> float:
    linear = [part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


async def test_the_code_can_be_read_at_a_glance(page: Page) -> None:
    await page.set_content(letters.code("204817", ours=OURS).html)
    assert await page.locator("p").first.inner_text() == "204817"
    await page.set_viewport_size({"width": 320, "height": 600})
    assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_the_picture_in_the_documentation(page: Page, tmp_path: Path) -> None:
    await page.set_content(_digest().html)
    picture = Path(os.environ.get("JOTLINE_SCREENSHOTS") or tmp_path) / "digest-email.png"
    await page.screenshot(path=str(picture), full_page=True)
    assert picture.stat().st_size > 10_000
