"""A morning with the board: sign in by a texted code, look at the list, add, change, be cut off, and never miss a thing.

With JOTLINE_SCREENSHOTS=docs the pictures of the README and of docs/board.md are taken anew.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests import components
from tests.end_to_end.board import PATIENCE_MS, House, house
from tests.end_to_end.test_phone_page import BROWSER
from tests.making import BOB

pytestmark = [pytest.mark.asyncio, pytest.mark.needs("chromium")]

MORNING = (
    "pay rent friday 9am, every month, high priority #home",
    "call mum tomorrow at 5pm",
    "send the slides to Priya today 4pm, urgent",
    "call the plumber today 8am #home",
    "water the plants today, every 3 days",
    "renew passport 4 jan #papers",
    "find a dentist, read the lease #home",
    "return the library books today",
    "done 9",
)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as play:
        opened = await play.chromium.launch(executable_path=components.require("chromium"), args=BROWSER.split())
        yield opened
        await opened.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page on which nothing may go wrong unseen."""
    opened = await browser.new_page(viewport={"width": 900, "height": 1000})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    assert wrong == []


def todo(page: Page, title: str) -> Locator:
    """The row of a todo."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("button", name=title, exact=True))


def part(page: Page, name: str) -> Locator:
    """A part of the list, by its heading."""
    return page.get_by_role("region", name=name)


async def test_sign_in_by_code_and_see_what_is_texted(home: House, page: Page, browser: Browser) -> None:
    await home.texts("buy milk tomorrow 5pm #shop")
    await home.texts("feed the cat", phone=BOB)
    await home.signs_in(page)
    await expect(part(page, "Tomorrow")).to_contain_text("Buy milk")
    await expect(part(page, "Tomorrow")).to_contain_text("5pm")
    elsewhere = await (await browser.new_context()).new_page()
    await home.signs_in(elsewhere, BOB)
    await expect(part(elsewhere, "Someday")).to_contain_text("Feed the cat")

    began = time.monotonic()
    texting = asyncio.create_task(home.texts("call mum today at noon"))
    await expect(todo(page, "Call mum")).to_be_visible(timeout=PATIENCE_MS)
    print(f"a text was on the board {time.monotonic() - began:.2f} s after it was sent")  # noqa: T201 - docs/measurements.md has it
    await texting
    await home.texts("done 1")
    await expect(todo(page, "Buy milk")).to_have_count(0)  # hidden among what is done
    await page.get_by_role("button", name="Show").click()
    await expect(part(page, "Done")).to_contain_text("Buy milk")
    await expect(elsewhere.locator("#list")).not_to_contain_text("Call mum")

    await page.reload()  # signed in for good, until one signs out
    await expect(todo(page, "Call mum")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Your phone number")).to_be_visible()
    await expect(page.get_by_text("Call mum")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_label("Your phone number")).to_be_visible()


async def test_tabs_of_one_browser_show_one_person(home: House, browser: Browser) -> None:
    await home.texts("buy milk")
    await home.texts("feed the cat", phone=BOB)
    context = await browser.new_context()
    page, other = await context.new_page(), await context.new_page()
    await home.signs_in(page)
    await other.goto(home.url)
    await expect(todo(other, "Buy milk")).to_be_visible(timeout=PATIENCE_MS)
    await other.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Your phone number")).to_be_visible(timeout=PATIENCE_MS)
    await home.signs_in(other, BOB)
    await expect(todo(page, "Feed the cat")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_text("Buy milk")).to_have_count(0)


async def test_a_wrong_number_or_code_says_what_to_do(home: House, page: Page) -> None:
    await home.texts("buy milk")
    await page.goto(home.url)
    await page.get_by_label("Your phone number").fill("0142")
    await page.get_by_role("button", name="Text me a code").click()
    await expect(page.get_by_role("alert").first).to_contain_text("begins with +")
    await expect(page.get_by_role("link", name="the phone of this machine")).to_be_visible()
    await page.get_by_label("Your phone number").fill("+1 212 555 0142")
    await page.get_by_role("button", name="Text me a code").click()
    await page.get_by_label("The code we texted").fill("000000")
    await expect(page.locator("#code-error")).to_contain_text("not the code")


async def test_add_in_words_edit_in_place_complete_delete_and_undo(home: House, page: Page) -> None:
    await home.texts("buy milk")
    await home.signs_in(page)
    words = page.get_by_label("Add a todo in your own words")
    await words.fill("call the bank tomorrow at 9 #money")
    understood = page.locator("#understood")
    await expect(understood).to_contain_text("Call the bank")
    await expect(understood).to_contain_text("tomorrow 9am")
    await words.press("Enter")
    await expect(part(page, "Tomorrow")).to_contain_text("Call the bank")
    await expect(words).to_have_value("")

    await todo(page, "Call the bank").get_by_role("button", name="Call the bank", exact=True).click()
    form = page.get_by_role("form", name="Edit Call the bank")
    await expect(form.get_by_label("When")).to_have_value("tomorrow 9am")
    await form.get_by_label("Todo", exact=True).fill("Call the other bank")
    await form.get_by_label("When").fill("every other friday at 3pm")
    await expect(form.get_by_text("Fri 3pm, every 2 weeks")).to_be_visible()
    await form.get_by_label("Priority").select_option("high")
    await form.get_by_label("Tags").fill("#money #home")
    await form.get_by_label("Note").fill("ask for Sam")
    await form.get_by_role("button", name="Save").click()
    row = todo(page, "Call the other bank")
    for shown in ("3pm", "every 2 weeks", "high", "#money", "#home", "ask for Sam"):
        await expect(row).to_contain_text(shown)
    assert "#2 Call the other bank (Fri 3pm, every 2 weeks, high" in (await home.texts("show 2"))[0]

    await todo(page, "Buy milk").get_by_role("checkbox").click()
    await expect(todo(page, "Buy milk")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(part(page, "Someday")).to_contain_text("Buy milk")
    await row.hover()
    delete = row.get_by_role("button", name="Delete Call the other bank")
    await expect(delete).to_have_css("opacity", "1")  # its number has made way
    await delete.click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_be_visible()
    assert "Buy milk" in (await home.texts("list"))[0]


async def test_who_looks_on_while_they_call_sees_how_far_it_is(home: House, page: Page) -> None:
    await home.texts("buy milk")
    await home.signs_in(page)
    await expect(todo(page, "Buy milk")).to_be_visible()
    line = page.locator("#spoken")
    await line.evaluate(
        "line => { window.told = []; new MutationObserver(() => told.push(line.innerText)).observe(line, {childList: true}) }"
    )
    await home.calls("remind me to call mom tomorrow at five pm")
    await expect(todo(page, "Call mom")).to_be_visible()
    await expect(line).to_be_hidden()
    told = await page.evaluate("window.told")
    assert "Listening to what you said on the phone." in told
    steps = [
        "On the phone with you.",
        "Your call is over. Waiting for its recording.",
        "Fetching your recording.",
        "Listening to what you said on the phone.",
        "",
    ]
    assert told == [step for step in steps if step in told], "each once, and in this order"


async def test_a_copy_of_everything_can_be_taken_along(home: House, page: Page) -> None:
    await home.texts("buy milk tomorrow 5pm")
    await home.signs_in(page)
    for name, suffix, words in (
        ("Everything", ".json", '"title": "Buy milk"'),
        ("todo.txt", ".txt", "Buy milk due:"),
        ("Calendar file", ".ics", "SUMMARY:Buy milk"),
    ):
        await page.get_by_role("button", name="Help", exact=True).click()
        async with page.expect_download() as coming:
            await page.get_by_role("button", name=name).click()
        download = await coming.value
        assert download.suggested_filename.startswith("jotline-20")
        assert download.suggested_filename.endswith(suffix)
        assert words in await asyncio.to_thread(Path(await download.path()).read_text)


async def test_a_date_that_is_none_says_so_and_nothing_is_saved(home: House, page: Page) -> None:
    await home.texts("buy milk")
    await home.signs_in(page)
    await todo(page, "Buy milk").get_by_role("button", name="Buy milk", exact=True).click()
    form = page.get_by_role("form", name="Edit Buy milk")
    await form.get_by_label("When").fill("when pigs fly")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_contain_text("is no date")
    await form.press("Escape")
    await expect(part(page, "Someday")).to_contain_text("Buy milk")


async def test_the_keyboard_alone(home: House, page: Page) -> None:
    await home.texts("buy milk", "call mum", "read the lease")
    await home.signs_in(page)
    await page.locator("#list").focus()
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(page.get_by_role("button", name="Call mum", exact=True)).to_be_focused()
    await home.texts("buy bread today")  # a row appears above: nobody is disturbed
    await expect(todo(page, "Buy bread")).to_be_visible()
    await expect(page.get_by_role("button", name="Call mum", exact=True)).to_be_focused()
    await page.keyboard.press(" ")
    await expect(todo(page, "Call mum")).to_have_count(0)
    await expect(page.get_by_role("button", name="Read the lease", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Todo", exact=True)).to_be_focused()
    await page.keyboard.type("Read the whole lease")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Read the whole lease", exact=True)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("button", name="Buy milk", exact=True)).to_be_focused()
    await page.keyboard.press("Delete")
    await expect(todo(page, "Buy milk")).to_have_count(0)
    await page.keyboard.press("u")
    await expect(todo(page, "Buy milk")).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("lease")
    await expect(todo(page, "Buy milk")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(todo(page, "Buy milk")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await page.keyboard.type("sweep the yard tomorrow")
    await page.keyboard.press("Enter")
    await expect(part(page, "Tomorrow")).to_contain_text("Sweep the yard")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


@pytest.mark.parametrize("seconds", [0, pytest.param(60, marks=pytest.mark.long)])
async def test_a_line_that_is_cut_is_told_and_healed_without_gaps(seconds: float, home: House, page: Page) -> None:
    await home.texts("buy milk", "call mum")
    await home.signs_in(page)
    await home.line.cut()
    await expect(page.get_by_role("status").first).to_contain_text("Not connected", timeout=PATIENCE_MS)
    await home.texts("add read the lease", "done 1", "call dad tomorrow", "delete 2", "undo", "move 2 to tomorrow 5pm")
    await asyncio.sleep(seconds)
    await page.get_by_label("Add a todo in your own words").fill("sweep the yard")
    await page.get_by_label("Add a todo in your own words").press("Enter")
    await expect(page.locator("#toast")).to_contain_text("does not answer")
    await expect(page.get_by_label("Add a todo in your own words")).to_have_value("sweep the yard")  # nothing of it is lost
    await home.line.mend()
    await expect(page.get_by_text("Not connected")).to_be_hidden(timeout=60_000)
    await expect(part(page, "Tomorrow")).to_contain_text("Call mum")
    await expect(part(page, "Tomorrow")).to_contain_text("Call dad")
    await expect(part(page, "Someday")).to_contain_text("Read the lease")
    await expect(todo(page, "Buy milk")).to_have_count(0)
    assert await page.locator(".todo:not(.done)").count() == 3


async def test_a_day_goes_by_while_one_looks(home: House, page: Page) -> None:
    """The page goes by the server's clock, which is moved here; its token ends meanwhile and is renewed by itself."""
    await home.moves_clock(set="2026-11-25T10:00-05:00")
    await home.texts("buy milk tomorrow 5pm", "read the lease friday")
    await home.signs_in(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Wednesday 25 November")
    await expect(part(page, "Tomorrow")).to_contain_text("Buy milk")
    await home.moves_clock(set="2026-11-26T18:00-05:00")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Thursday 26 November", timeout=PATIENCE_MS)
    await expect(part(page, "Overdue")).to_contain_text("was due today 5pm")
    await expect(part(page, "Tomorrow")).to_contain_text("Read the lease")
    await home.texts("done 1")
    await expect(part(page, "Overdue")).to_have_count(0, timeout=PATIENCE_MS)


async def test_words_are_words_whatever_they_are(home: House, page: Page) -> None:
    """Nothing in a title, a tag or a note runs or becomes an element."""
    tries = [
        "<script>document.title = 'mine'</script>",
        '<img src=x onerror="document.title = 1">',
        "\"><svg onload=alert(1)> 'quoted' &lt;b&gt;",
        "javascript:alert(1)//",
    ]
    await home.texts("buy milk")
    await home.signs_in(page)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await todo(page, "Buy milk").get_by_role("button", name="Buy milk", exact=True).click()
    for words in tries:
        form = page.get_by_role("form")
        await form.get_by_label("Todo", exact=True).fill(words)
        await form.get_by_label("Note").fill(words)
        await form.get_by_role("button", name="Save").click()
        title = page.locator(".todo .title")
        await expect(title).to_have_text(words)
        await expect(page.locator(".todo .note")).to_have_text(words)
        await page.get_by_label("Add a todo in your own words").fill(words)
        await expect(page.locator("#understood .words").first).to_contain_text(words[:6], ignore_case=True)
        await page.get_by_label("Add a todo in your own words").fill("")
        await title.click()
    assert dialogs == []
    assert await page.locator("#list script, #list img, #list svg[onload], #understood img").count() == 0
    assert "Jotline" in await page.title()


async def test_everything_has_a_name_stands_out_and_fits_320_pixels(home: House, page: Page) -> None:
    await home.texts(*MORNING[:6], "read https://example.org/" + "x" * 150, "buy " + "very " * 30 + "long things #tag")
    await home.moves_clock(advance_seconds=1)
    await home.signs_in(page)
    await expect(part(page, "Someday")).to_contain_text("https://example.org")
    await page.locator(".todo .title").first.click()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for width in (320, 390, 768, 1400):
            await page.set_viewport_size({"width": width, "height": 700})
            assert await page.evaluate("document.documentElement.scrollWidth") == width
        assert await page.evaluate(UNNAMED) == []
        assert await page.evaluate(FAINT) == []
    assert await page.locator("h1").count() == 2  # of the sign-in and of the board, one of them hidden
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_the_pictures_in_the_documentation(home: House, browser: Browser, tmp_path: Path) -> None:
    folder = Path(os.environ.get("JOTLINE_SCREENSHOTS") or tmp_path)
    await home.moves_clock(set="2026-11-25T07:30-05:00")
    await home.texts(*MORNING)
    await home.moves_clock(set="2026-11-25T08:20-05:00")
    context = await browser.new_context(viewport={"width": 860, "height": 1080}, device_scale_factor=2)
    page = await context.new_page()
    await home.signs_in(page)
    await expect(part(page, "Overdue")).to_contain_text("was due today 8am")
    await expect(part(page, "Friday")).to_contain_text("every month")
    await page.mouse.move(0, 0)
    await page.emulate_media(color_scheme="dark")
    await page.screenshot(path=str(folder / "board-dark.png"))
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 320, "height": 780})
    await page.screenshot(path=str(folder / "board-phone.png"))
    await page.set_viewport_size({"width": 860, "height": 1080})
    words = page.get_by_label("Add a todo in your own words")
    await words.fill("dinner with Zoe on saturday at 7pm #family")
    await expect(page.locator("#understood")).to_contain_text("Sat 7pm")
    await page.screenshot(path=str(folder / "board.png"))
    assert (folder / "board.png").stat().st_size > 10_000


#: What can be pressed or written into and has no name for a screen reader (WCAG 2.2, 4.1.2).
UNNAMED = """
() => [...document.querySelectorAll("button, input, select, textarea, a, dialog, form, [role]")]
  .filter((one) => one.offsetParent !== null)
  .filter((one) => !["status", "group", "search", "list", "alert"].includes(one.getAttribute("role")))
  .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length
    || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent.trim()))
  .map((one) => one.outerHTML.slice(0, 120))
"""

#: Text that stands out less than 4.5 to 1 from what is behind it (WCAG 2.2, 1.4.3).
FAINT = """
() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const over = (colour, base) => {
    canvas.fillStyle = `rgb(${base})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const behind = (one) => {
    const chain = [];
    for (let at = one; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
    return chain.reduce((base, colour) => over(colour, base), [255, 255, 255]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const isText = (node) => node.nodeType === 3 && node.data.trim();
  const contrast = (one) => ratio(light(over(getComputedStyle(one).color, behind(one))), light(behind(one)));
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.offsetParent !== null && !one.closest(".hidden") && [...one.childNodes].some(isText))
    .filter((one) => Number(getComputedStyle(one).opacity) > 0)
    .map((one) => ({ text: one.textContent.trim().slice(0, 40), ratio: contrast(one) }))
    .filter((found) => found.ratio < 4.5)
    .map((found) => `${found.text}: ${found.ratio.toFixed(2)}`);
}
"""
