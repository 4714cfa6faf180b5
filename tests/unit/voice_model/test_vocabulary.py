"""The demo model's tokens are laid out as faster-whisper expects Whisper's to be."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from tools.voice_model import grammar
from tools.voice_model.vocabulary import END, SPECIAL, TIMES, UNTIMED, learned_merges, make_tokenizer, tokens_of


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    random = Random(2)
    return make_tokenizer([grammar.sentence(random) for _ in range(2000)], 150)


def test_the_most_frequent_neighbours_are_joined_first() -> None:
    assert learned_merges(["\u0120call", "\u0120call", "\u0120ball"], 2) == [("a", "l"), ("al", "l")]


def test_learning_ends_when_nothing_is_left_to_join() -> None:
    assert learned_merges(["\u0120by"], 10) == [("\u0120b", "y")]


def test_text_comes_first_and_times_last(tokenizer: Any) -> None:
    end = tokenizer.token_to_id(END)
    assert [tokenizer.token_to_id(token) for token in SPECIAL] == list(range(end, end + len(SPECIAL)))
    assert tokenizer.token_to_id(TIMES[0]) == tokenizer.token_to_id(UNTIMED) + 1
    assert tokenizer.token_to_id(TIMES[-1]) == tokenizer.get_vocab_size() - 1


def test_any_text_can_be_written_and_read_back(tokenizer: Any) -> None:
    for text in (*grammar.SCENARIOS, "Ça coûte 5 €; «what»?"):
        assert tokenizer.decode(tokenizer.encode(f" {text}").ids) == f" {text}"


@pytest.mark.parametrize("sound", [" -", " '", " \u266a"])
def test_signs_that_faster_whisper_forbids_do_not_take_the_space_with_them(tokenizer: Any, sound: str) -> None:
    assert tokenizer.encode(sound).tokens[0] != "\u0120"


def test_the_vocabulary_lists_tokens_by_their_number(tokenizer: Any, tmp_path: Path) -> None:
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    listed = tokens_of(tmp_path / "tokenizer.json")
    assert len(listed) == tokenizer.get_vocab_size()
    assert all(tokenizer.token_to_id(token) == number for number, token in enumerate(listed))
