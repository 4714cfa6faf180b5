"""What must hold for every text: no exception, no harm, no work that grows faster than the text."""

# ruff: noqa: E501 - sentences side by side

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.language import reading as reading_module
from shared.language import understand
from shared.language.english.language import ENGLISH
from shared.language.english.lexicon import LEXICON
from shared.language.model import Intent, Meanings
from shared.language.moments import Context
from shared.language.text import normalise
from tests.unit.language.saying import NEW_YORK, NOW, read

_CHANGES = {
    Intent.COMPLETE,
    Intent.REOPEN,
    Intent.EDIT,
    Intent.DELETE,
    Intent.MOVE,
    Intent.SNOOZE,
    Intent.STOP,
    Intent.UNDO,
    Intent.DELETE_ME,
}
_WORDS = st.sampled_from(
    sorted(
        {
            *LEXICON,
            "buy",
            "milk",
            "done",
            "delete",
            "move",
            "to",
            "every",
            "and",
            ",",
            "-",
            "at",
            "on",
            "remind",
            "me",
            "3",
            "5pm",
            "#",
            '"',
            "until",
            "of",
            "the",
            "before",
            "all",
            "\n",
            "!",
            "not",
        }
    )
)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str) -> None:
    understanding = read(text)

    assert understanding.commands or not understanding.text
    assert all(0 <= command.span[0] <= command.span[1] <= len(understanding.text) for command in understanding.commands)


@given(st.lists(_WORDS, max_size=25))
@settings(max_examples=300, deadline=None)
def test_any_words_of_the_grammar_are_read(words: list[str]) -> None:
    read(" ".join(words))


@pytest.mark.parametrize(
    "text",
    [
        "what is the capital of France", "tell me a joke", "i think you should delete your account and leave", "why did the chicken cross the road",
        "she said she was done with him", "the moving company never showed up", "is it done raining", "how do i cancel my card", "my package was not delivered",
        "when did the war end", "asdf", "?!?", "he finished third in the race",
    ],
)  # fmt: skip
def test_what_is_no_command_changes_nothing(text: str) -> None:
    assert not _CHANGES & {command.intent for command in read(text).commands}


_HARMLESS = [
    line for line in (Path(__file__).parent / "harmless.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"
]


@pytest.mark.parametrize("text", _HARMLESS)
def test_what_only_sounds_like_an_order_changes_nothing(text: str) -> None:
    assert not (_CHANGES | {Intent.SKIP, Intent.SETTING}) & {command.intent for command in read(text).commands}


@pytest.mark.parametrize("word", ["STOP", "Stop", "stopall", "UNSUBSCRIBE", "cancel", "END", "quit", " stop. "])
def test_a_carrier_word_alone_stops(word: str) -> None:
    assert [command.intent for command in read(word).commands] == [Intent.STOP]


@pytest.mark.parametrize(
    "text",
    ["stop by the shop", "end of term party", "quit smoking", "cancel 3", "start the car", "stop the newspaper delivery"],
)
def test_a_carrier_word_among_others_does_not(text: str) -> None:
    assert not {Intent.STOP, Intent.START} & {command.intent for command in read(text).commands}


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        understand("buy milk", datetime(2026, 11, 25, 10), "UTC")  # noqa: DTZ001 - the point of the test


def _steps(text: str) -> int:
    reading = reading_module.begin(normalise(text), Context(NOW, NEW_YORK, Meanings(), ENGLISH))
    reading_module.commands_of(reading)
    return reading.parse.steps


@pytest.mark.parametrize(
    "unit",
    [
        "done 1, move 2 to friday and ", "the day after ", "to ", "every monday and ", "milk, ", "1-2 and ", "remind me ", "a ", "at 5 to ", '"', "buy milk and call mum ",
        "mark it as done as done ", "not done ", "half past ", "first ", "until 4 dec ", "2 hours and ", "add to my list ", "on on ", "is done ", "- ", "2 ", "2/3 ", "the 5 ", "in 15 ",
    ],
)  # fmt: skip
def test_work_grows_no_faster_than_the_text(unit: str) -> None:
    short, long = unit * max(1, 400 // len(unit)), unit * max(4, 1600 // len(unit))

    assert _steps(long) <= 6 * _steps(short) + 2_000
