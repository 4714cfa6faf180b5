"""`jotline understand`: what people see of a text, and what programs get line by line."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local import cli
from local.understand import answer, as_dicts

ROOT = Path(__file__).parents[3]
KEYS = ["intent", "title", "due", "due_end", "rrule", "remind", "priority", "tags", "ref", "confidence"]
NEW_YORK = ["--now", "2026-11-25T10:00", "--tz", "America/New_York"]


def asked(text: str, **more: object) -> str:
    """One line as a program writes it, sent on Wednesday 25 November 2026 at 10:00 in New York."""
    return json.dumps({"text": text, "now": "2026-11-25T10:00:00-05:00", "tz": "America/New_York", **more})


def told(*lines: str) -> tuple[int, list[Any], str]:
    """Exit status, answers and complaints to lines on standard input."""
    out, errors = io.StringIO(), io.StringIO()
    status = answer(io.StringIO("".join(f"{line}\n" for line in lines)), out, errors)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], errors.getvalue()


def test_every_line_gets_a_list_of_commands_with_the_same_keys_in_the_order_asked() -> None:
    status, [several, none], errors = told(asked("done 2 and add hay"), asked("what's the weather"))

    assert (status, errors) == (0, "")
    assert [command["intent"] for command in several] == ["complete", "add"]
    assert [command["intent"] for command in none] == ["none"]
    assert [list(command) for command in several + none] == [KEYS] * 3


def test_a_todo_with_everything() -> None:
    line = asked("plumber friday 3-5pm remind me 1h before high priority #home")

    assert as_dicts(line) == [
        {
            "intent": "remind",
            "title": "Plumber",
            "due": "2026-11-27T15:00:00-05:00",
            "due_end": "2026-11-27T17:00:00-05:00",
            "rrule": None,
            "remind": [3600],
            "priority": "high",
            "tags": ["home"],
            "ref": None,
            "confidence": 1.0,
        }
    ]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("buy milk friday", "due", "2026-11-27"),
        ("buy milk friday 5pm", "due", "2026-11-27T17:00:00-05:00"),
        ("what's on friday?", "due", "2026-11-27"),
        ("every friday buy milk", "rrule", "FREQ=WEEKLY;BYDAY=FR"),
        ("remind me to buy milk friday", "remind", ["2026-11-27T09:00:00-05:00"]),
        ("done 2 and 4", "ref", "#2 #4"),
        ("delete the second", "ref", "2."),
        ("delete the milk one", "ref", "milk"),
        ("delete all", "ref", "all"),
        ("done last", "ref", "last"),
        ("delete that", "ref", "that"),
        ("delete all overdue", "ref", "overdue"),
        ("delete all #shop", "ref", "#shop"),
        ("delete everything from friday", "ref", "2026-11-27"),
        ("buy milk", "ref", None),
    ],
)
def test_what_a_field_holds(text: str, key: str, value: object) -> None:
    [command] = as_dicts(asked(text))

    assert command[key] == value


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("buy milk", "add"),
        ("remind me to buy milk", "remind"),
        ("buy milk every day", "recur"),
        ("done 2", "complete"),
        ("reopen 2", "reopen"),
        ("rename 2 to buy hay", "edit"),
        ("move 2 to friday", "edit"),
        ("skip 2", "edit"),
        ("delete 2", "delete"),
        ("list", "query"),
        ("3", "query"),
        ("snooze 1h", "snooze"),
        ("help", "help"),
        ("why", "help"),
        ("stop", "stop"),
        ("start", "start"),
        ("digest at 7", "digest"),
        ("undo", "undo"),
        ("redo", "undo"),
        ("24h", "none"),
        ("thanks", "none"),
        ("ok", "none"),
        ("how tall is the eiffel tower", "none"),
    ],
)
def test_intents_have_the_names_of_public_corpora(text: str, intent: str) -> None:
    [command] = as_dicts(asked(text))

    assert command["intent"] == intent


def test_an_empty_text_is_no_command_and_a_blank_line_no_question() -> None:
    assert told(asked(""), "", "   ", asked(" \n ")) == (0, [[], []], "")


def test_without_now_and_zone_it_is_the_present_in_utc() -> None:
    [command] = as_dicts('{"text": "call mum in 1 hour"}')

    assert command["due"].endswith("+00:00")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "no JSON"),
        ('"buy milk"', "no JSON object"),
        ("[" * 100_000, "no JSON"),
        ('{"now": "2026-11-25T10:00:00-05:00"}', '"text" is missing'),
        ('{"text": null}', '"text" is missing'),
        ('{"text": 5}', '"text" is no text'),
        (asked("buy milk", tz="America/Newyork"), "unknown time zone 'America/Newyork'"),
        (asked("buy milk", tz="America"), "unknown time zone 'America'"),
        (asked("buy milk", tz="../x"), "unknown time zone '../x'"),
        (asked("buy milk", tz=5), '"tz" is no text'),
        (asked("buy milk", now="2026-11-25T10:00:00"), "now '2026-11-25T10:00:00' has no offset"),
        (asked("buy milk", now="soon"), "'soon' is no instant"),
        (asked("buy milk", now="0001-01-01T00:00:00+14:00"), "is no instant"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(line: str, complaint: str) -> None:
    status, answers, errors = told(asked("buy milk"), line, asked("done 2"))

    assert status == 1
    assert [[command["intent"] for command in commands] for commands in answers] == [["add"], [], ["complete"]]
    assert errors.startswith("line 2: ")
    assert errors.count("\n") == 1
    assert complaint in errors


@given(st.text(st.characters(), max_size=1600))
def test_no_text_raises(text: str) -> None:
    status, [commands], errors = told(asked(text))

    assert (status, errors) == (0, "")
    assert all(list(command) == KEYS for command in commands)


@pytest.mark.parametrize(
    "piece",
    [
        "buy milk tomorrow and ",
        "3 days after ",
        "\u200d\U0001f469\u200d\U0001f467 ",
        "٣ ",
        "\u202e",
        "\x00",
        "\u2028",
        "every ",
        "1-",
        '"',
    ],
)
def test_sixteen_hundred_characters_of_anything_are_read(piece: str) -> None:
    text = (piece * 1600)[:1600]

    assert told(asked(text))[0] == 0
    assert cli.main(["understand", text, *NEW_YORK]) == 0


def test_people_see_words_form_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["understand", "dentist next friday 3pm #health, remind me 1h before", *NEW_YORK]) == 0

    assert capsys.readouterr().out == (
        "dentist next friday 3pm #health, remind me 1h before\n"
        "sent Wed 2026-11-25 10:00-05:00, America/New_York\n"
        "\n"
        "1. add (remind)\n"
        "   words      0-52  dentist next friday 3pm #health, remind me 1h before\n"
        "   time words 8-23  next friday 3pm\n"
        "   time words 43-45  1h\n"
        "   form       words\n"
        "   confidence 1.0\n"
        "   title      Dentist\n"
        "   due        Fri 2026-12-04 15:00-05:00, not 27 Nov\n"
        "   could be   Fri 2026-11-27 15:00-05:00\n"
        "   remind     1 h before\n"
        "   tags       #health\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("move 2 to friday", "1. move (edit)"),
        ("done 2 and add hay", "2. add"),
        ("done 2 and add hay", "   words      11-18  add hay"),
        ("pay the cleaner every other friday", "   then       Fri 2026-12-11; Fri 2026-12-25; Fri 2027-01-08"),
        ("take pills tomorrow 9am every day 2 times", "   then       Fri 2026-11-27 09:00-05:00"),
        ("water the ferns every! 3 days", "   repeat     FREQ=DAILY;INTERVAL=3, counted from when it is done"),
        ("plumber tomorrow 3-5pm", "   until      Thu 2026-11-26 17:00-05:00"),
        ("call Bob today 9am", "   over       Today 9am: asked about, not taken"),
        ("push 2 back 90 min", "   due        1 h 30 min later than it was"),
        ("move 2 up an hour", "   due        1 h earlier than it was"),
        ("watered the ferns", "   or         complete water ferns, when exactly one open todo fits"),
        ("remind me 1 day before 2", "   remind     1 day before"),
        ("find cheese", "   asked for  search cheese"),
        ("next week", "   until      Sun 2026-12-06"),
        ("digest at 7", '   setting    {"what": "digest", "digest": {"on": true, "at": "07:00:00"}}'),
        ("stop repeating 4", "   also       no repeat"),
        ("buy milk urgent", "   priority   urgent"),
        ("buy milk note: the green one", "   note       the green one"),
        ("", "(an empty text)"),
    ],
)
def test_people_see_a_line(text: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["understand", text, *NEW_YORK]) == 0
    assert line in capsys.readouterr().out.splitlines()


def test_a_text_needs_no_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["understand", "buy", "milk"]) == 0
    assert "   title      Buy milk\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "a text is needed, or --jsonl"),
        (["buy milk", "--jsonl"], "a text is needed, or --jsonl"),
        (["buy milk", "--tz", "Newyork"], "unknown time zone 'Newyork'"),
        (["buy milk", "--now", "soon"], "'soon' is no instant"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["understand", *arguments])

    assert left.value.code == 2
    assert complaint in capsys.readouterr().err


@contextmanager
def started() -> Iterator[subprocess.Popen[bytes]]:
    """`jotline understand --jsonl` as a process of its own, in a locale that knows only ASCII."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "local.cli", "understand", "--jsonl"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def ask(process: subprocess.Popen[bytes], line: bytes) -> Any:
    """Send one line, and wait for its answer before anything else is sent."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + b"\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def test_each_line_is_answered_before_the_next_is_typed() -> None:
    with started() as process:
        assert ask(process, asked("buy milk").encode())[0]["title"] == "Buy milk"
        assert ask(process, '{"text": "🎂 für Zoë"}'.encode())[0]["title"] == "🎂 Für Zoë"
        assert ask(process, rb'{"text": "half a \ud83d letter"}')[0]["title"] == "Half a \ud83d letter"
        assert ask(process, b'{"text": "no utf-8: \xff"}')[0]["intent"] == "add"
        assert process.communicate() == (b"", b"")
        assert process.returncode == 0


def test_ctrl_c_ends_it_quietly() -> None:
    with started() as process:
        ask(process, asked("buy milk").encode())
        process.send_signal(signal.SIGINT)
        assert process.communicate() == (b"", b"")
        assert process.returncode == 130


def test_a_closed_pipe_ends_it_quietly() -> None:
    with started() as process:
        ask(process, asked("buy milk").encode())
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdin is not None
        process.stdout.close()
        process.stdin.write(asked("buy milk").encode() + b"\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
