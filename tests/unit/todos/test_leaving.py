"""Leaving by text: asked twice, agreed to in writing, and by nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.messages import phrases
from shared.todos import leaving
from tests.unit.todos.talk import Talk

ASKED = phrases.DELETE_ME
LAST = phrases.DELETE_ME_NOW


@pytest.fixture
def ada() -> Talk:
    made = Talk()
    made.texts("buy milk")
    return made


@pytest.mark.parametrize(
    "words",
    [
        "delete everything about me",
        "delete me",
        "delete me now",
        "delete my account",
        "forget me",
        "erase all my data",
        "DELETE ME NOW",
    ],
)
def test_however_it_is_put_it_is_asked_first(ada: Talk, words: str) -> None:
    decision = ada.decides(words)
    assert (decision.reply, decision.leaving, decision.events) == (ASKED, "", ())


def test_twice_agreed_to_is_done(ada: Talk) -> None:
    assert ada.texts("delete everything about me") == ASKED
    assert ada.texts("Delete me.") == LAST
    decision = ada.decides("DELETE ME NOW")
    assert decision.leaving
    assert (decision.reply, decision.events, decision.tasks) == (None, (), ())


@pytest.mark.parametrize(
    "other", ["list", "buy eggs", "ok", "yes", "thanks", "?", "delete me now", "forget me", "please delete me", "delete me, ok"]
)
def test_any_other_message_ends_the_first_question(ada: Talk, other: str) -> None:
    ada.texts("delete everything about me")
    assert not ada.decides(other).leaving
    assert ada.texts("delete me") == (
        LAST if other in ("delete me now", "forget me", "please delete me", "delete me, ok") else ASKED
    )


@pytest.mark.parametrize("other", ["list", "buy eggs", "ok", "delete me", "delete me now please", "delete me. now list"])
def test_any_other_message_ends_the_last_question(ada: Talk, other: str) -> None:
    ada.texts_all("delete everything about me", "delete me")
    assert not ada.decides(other).leaving
    decision = ada.decides("delete me now")
    assert (decision.leaving, decision.reply) == ("", ASKED)


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("word", ["no!", "no", "never mind", "undo"])
def test_no_is_no(ada: Talk, after: int, word: str) -> None:
    ada.texts_all(*["delete everything about me", "delete me"][: after + 1])
    ada.person = ada.person.model_copy(update={"dialogue": ada.person.dialogue.model_copy(update={"recent": None})})
    assert ada.texts(word) == "OK, nothing changed."
    assert list(ada.open) == [1]
    assert not ada.decides("delete me now").leaving


def test_after_an_hour_it_is_asked_again(ada: Talk) -> None:
    ada.texts("delete everything about me")
    assert ada.texts("delete me", later=timedelta(minutes=59)) == LAST
    assert ada.decides("delete me now", later=timedelta(minutes=61)).reply == ASKED


def test_what_is_spoken_only_asks(ada: Talk) -> None:
    assert ada.says_aloud("delete everything about me", 0.95) == ASKED
    assert ada.says_aloud("delete me", 0.95) == ASKED
    assert ada.texts("delete me") == LAST
    decision = ada.decides_aloud("delete me now", 0.99)
    assert (decision.leaving, decision.reply) == ("", ASKED)


def test_what_is_heard_badly_is_asked_back_first(ada: Talk) -> None:
    assert ada.says_aloud("delete me now", 0.5) == 'Did you say "delete me now"? Reply OK, or text it.'
    assert ada.texts("ok") == ASKED


def test_the_rest_of_the_message_is_done(ada: Talk) -> None:
    assert ada.texts("done 1. delete everything about me") == f"Done #1 Buy milk\n{ASKED}"


def test_the_receipt_of_a_message_is_always_the_same() -> None:
    assert leaving.receipt("SM1") == leaving.receipt("SM1")
    made = {leaving.receipt(f"SM{n}") for n in range(200)}
    assert len(made) > 190
    assert all(len(one) == leaving.SIGNS_OF_A_RECEIPT and set(one) <= set(leaving.SIGNS) for one in made)


def test_a_program_says_it_all_at_once(ada: Talk) -> None:
    decision = leaving.at_once(ada.person, "request-1")
    assert (decision.reply, decision.leaving) == (None, leaving.receipt("request-1"))
