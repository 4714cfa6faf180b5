"""`jotline text`, `jotline say` and `jotline clock`: the answer on standard output, what is wrong on standard error."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from local import clock_cli, say, text
from shared.runtime.clock import SimulatedClock
from tests.integration.phone.conftest import ADA, Box, Served, tone
from tests.integration.phone.test_calls import TWIML

Command = Callable[[list[str]], int]


async def run(command: Command, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Status, standard output and standard error of a command, run beside the server it talks to."""
    status = await asyncio.to_thread(command, list(words))
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.fixture(autouse=True)
def somewhere(monkeypatch: pytest.MonkeyPatch, served: Served) -> None:
    monkeypatch.setenv("JOTLINE_URL", served.url)


@pytest.fixture
def nowhere() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"


async def test_text_prints_the_answer(served: Served, box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    served.replies_with(box, "Added #1 Buy milk (tomorrow 5pm)")
    assert await run(text.main, capsys, "+1 (415) 555-0100", "buy milk tomorrow 5pm") == (
        0,
        "Added #1 Buy milk (tomorrow 5pm)\n",
        "",
    )
    assert box.fields("/twilio/message")[0]["From"] == ADA
    await run(text.main, capsys, ADA, "hi", "--whatsapp", "--url", f"{served.url}/")
    assert box.fields("/twilio/message")[1]["From"] == f"whatsapp:{ADA}"


async def test_text_prints_only_the_answer_to_this_text(served: Served, box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    served.replies_with(box, "first")
    await run(text.main, capsys, ADA, "one")
    served.replies_with(box, "second")
    assert (await run(text.main, capsys, ADA, "two"))[1] == "second\n"


async def test_text_prints_the_carriers_answer_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert "unsubscribed" in (await run(text.main, capsys, ADA, "STOP"))[1]


async def test_text_says_when_nobody_answers(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = await run(text.main, capsys, ADA, "thanks", "--wait", "0.3")
    assert (status, out, err) == (1, "", "Delivered, but no answer within 0.3 seconds.\n")


async def test_text_says_when_the_box_does_not_take_it(box: Box, served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    box.answers = [500] * 6
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("local.phone.posting._FIRST_PAUSE_SECONDS", 0)
        assert "did not take the text" in (await run(text.main, capsys, ADA, "hi"))[2]
        await served.phone.idle()


async def test_text_says_how_to_start_a_box_that_is_not_there(nowhere: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = await run(text.main, capsys, ADA, "hi", "--url", nowhere)
    assert status == 1
    assert "not running" in err
    assert "./scripts/run" in err


async def test_text_says_when_there_is_no_phone(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no phone" in (await run(text.main, capsys, ADA, "hi", "--url", f"{served.url}/elsewhere"))[2]


async def test_text_knows_a_number_from_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = await run(text.main, capsys, "ada", "hi")
    assert status == 2
    assert "no phone number" in err


async def test_clock_shows_sets_and_advances(clock: SimulatedClock, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = await run(clock_cli.main, capsys)
    assert (status, out) == (0, f"{clock.now().isoformat(timespec='seconds')} (simulated)\n")
    assert "2100-01-01T14:00" in (await run(clock_cli.main, capsys, "set", "2100-01-01T09:00-05:00"))[1]
    assert "2100-01-03T02:30" in (await run(clock_cli.main, capsys, "advance", "1d12h30m"))[1]
    status, _, err = await run(clock_cli.main, capsys, "set", "2099-01-01T09:00-05:00")
    assert status == 1
    assert "cannot go back" in err


@pytest.mark.parametrize(
    "words", [["set"], ["set", "tomorrow"], ["set", "2100-01-01T09:00"], ["advance"], ["advance", "1x"], ["show", "1d"]]
)
async def test_clock_says_how_to_write_it(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        clock_cli.main(words)
    assert caught.value.code == 2
    assert "usage: jotline clock" in capsys.readouterr().err


def test_text_wants_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert text.main(["+12125550142", "  "]) == 2
    assert "there are no words to text" in capsys.readouterr().err


async def test_say_sends_a_voice_note_and_prints_the_answer(
    tmp_path: Path, served: Served, box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    served.replies_with(box, "Added #1 Buy milk")
    (tmp_path / "note.opus").write_bytes(b"OggS")
    assert await run(say.main, capsys, ADA, str(tmp_path / "note.opus"), "--whatsapp") == (0, "Added #1 Buy milk\n", "")
    [fields] = box.fields("/twilio/message")
    assert (fields["From"], fields["MediaContentType0"], fields["Body"]) == (f"whatsapp:{ADA}", "audio/ogg", "")


async def test_say_calls_with_any_recording_as_a_telephone_carries_it(
    tmp_path: Path, served: Served, box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    box.twiml = TWIML
    (tmp_path / "loud.wav").write_bytes(tone(1.5, rate=44_100))
    status, _, err = await run(say.main, capsys, ADA, str(tmp_path / "loud.wav"), "--call", "--wait", "0.5")
    assert (status, err) == (1, "Delivered, but no answer within 0.5 seconds.\n")
    assert [fields["RecordingDuration"] for fields in box.fields("/twilio/voice/ended")] == ["2"]


async def test_say_tells_what_is_wrong_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.wav").write_text("<html>")
    for words, said in (
        ((str(tmp_path / "none.ogg"),), "cannot be read"),
        ((str(tmp_path / "page.wav"), "--call"), "no sound"),
    ):
        status, out, err = await run(say.main, capsys, ADA, *words)
        assert (status, out) == (2, "")
        assert said in err


async def test_say_tells_how_far_a_long_recording_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "_LOOK_SECONDS", 0.0)
    far = [{"known": False}, *({"known": True, "seconds": 540.0, "seconds_heard": done} for done in (0.0, 120.0, 120.0, 540.0))]
    monkeypatch.setattr(say, "ask", lambda *_: far.pop(0))
    look = say._progress("http://box", "RE1")  # noqa: SLF001
    for _ in range(5):
        look()
    assert capsys.readouterr().err == "heard 120 of 540 seconds\n"
