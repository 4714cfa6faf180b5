"""What the demo model is taught to understand."""

from random import Random

import pytest

from tools.voice_model import grammar


def drawn(count: int, *, held_out: bool = False) -> list[str]:
    random = Random(5)
    return [grammar.sentence(random, held_out=held_out) for _ in range(count)]


def test_a_seed_always_gives_the_same_sentences() -> None:
    assert drawn(50) == drawn(50)


def test_what_is_held_out_is_never_taught() -> None:
    long = [sentence for sentence in drawn(3000) if len(sentence.split()) > 3]
    assert len(long) > 2000
    assert not [sentence for sentence in long if grammar.is_held_out(sentence)]
    assert not set(long) & set(drawn(300, held_out=True))


@pytest.mark.parametrize("scenario", [scenario for scenario in grammar.SCENARIOS if len(scenario.split()) > 3])
def test_the_sentences_of_the_scenarios_are_held_out(scenario: str) -> None:
    assert grammar.is_held_out(scenario)


@pytest.mark.parametrize("scenario", grammar.SCENARIOS)
def test_the_grammar_has_every_word_of_the_scenarios(scenario: str) -> None:
    said = {word.strip(".,?") for word in scenario.split()}
    assert said <= set(grammar.vocabulary())


def test_sentences_end_with_a_mark_and_have_no_digits() -> None:
    for sentence in drawn(500):
        assert sentence.endswith((".", "?"))
        assert not any(letter.isdigit() for letter in sentence)
        assert "<" not in sentence


def test_the_morning_is_spelled_out_for_the_synthesiser() -> None:
    assert grammar.spoken("call Kim at nine am.") == "call Kim at nine A M."
    assert grammar.spoken("am I free tomorrow?") == "am I free tomorrow?"
    assert grammar.spoken("so am I free tomorrow?") == "so am I free tomorrow?"


def test_every_rule_that_is_named_exists() -> None:
    named = {name for choices, _ in grammar.rules().values() for choice in choices for name in grammar.named(choice)}
    assert named == set(grammar.rules()) - {"sentence"}
