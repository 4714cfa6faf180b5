"""What was spoken: done where it was heard surely, asked back where not, and never more than that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language import understand
from shared.messages.segments import count_segments
from shared.todos.doubts import SURE, SURE_TO_REMOVE, sureness, words_heard
from shared.todos.model import Heard
from shared.voice import transcript
from tests.unit.todos.memory import NOW, ZONE
from tests.unit.todos.talk import Talk


@pytest.fixture
def ada() -> Talk:
    """Has a few todos."""
    ada = Talk()
    ada.texts_all("buy milk", "gym tomorrow 7am", "call mum")
    return ada


def state(ada: Talk) -> Any:
    """Everything a message may change."""
    return dict(ada.tasks), list(ada.events), ada.person.settings


# --- how surely ---------------------------------------------------------------------------------------------------------------


def heard(text: str, **sure: float) -> list[float]:
    """How surely each command of `text` was heard when the named words were heard so."""
    message = Heard.model_validate({"id": "RE1", "text": text, "at": NOW, "origin": "voice", "stretches": parts(text, sure)})
    understanding = understand(text, NOW, ZONE)
    words = words_heard(message, understanding)
    return [round(sureness(words, *command.span), 2) for command in understanding.commands]


def parts(text: str, sure: dict[str, float]) -> list[dict[str, float]]:
    """The stretches of these words."""
    places = {word: text.index(word) for word in sure}
    return [{"start": places[word], "end": places[word] + len(word), "probability": sure[word]} for word in sure]


def test_what_nothing_is_said_about_was_heard_surely() -> None:
    assert heard("buy milk and call Kim") == [1.0, 1.0]


def test_each_command_by_its_own_words() -> None:
    assert heard("buy milk and call Kim", call=0.5, Kim=0.5) == [1.0, 0.5]


def test_a_short_word_is_swallowed_without_harm() -> None:
    [sure] = heard("remind me to call mom tomorrow at five pm", to=0.1, at=0.1)
    assert sure > SURE_TO_REMOVE


def test_one_word_that_may_mean_something_is_not_lost_among_many() -> None:
    [sure] = heard("remind me to call Kim tomorrow at five pm", Kim=0.2)
    assert sure < SURE


def test_places_are_those_of_the_transcript_however_it_is_written() -> None:
    assert heard("Buy  milk…\n“call” Kim", Kim=0.2)[-1] < SURE


def test_what_was_corrected_is_as_sure_as_the_words_that_are_left() -> None:
    assert heard("call mum at 5, no wait, 6", mum=0.2) == [0.27]
    assert heard("call mum at 5, no wait, 6") == [1.0]


def test_a_word_that_transcribe_wants_asked_about_is() -> None:
    [sure] = heard("remind me to call Kim tomorrow at five pm", Kim=transcript.DOUBTFUL)
    assert sure < SURE


def test_what_transcribe_calls_sure_is_sure_enough_for_all() -> None:
    assert transcript.SURE > SURE_TO_REMOVE > SURE


# --- what is done -------------------------------------------------------------------------------------------------------------


def test_adding_needs_less_than_taking_away(ada: Talk) -> None:
    between = (SURE + SURE_TO_REMOVE) / 2
    assert ada.says_aloud("buy bread", between) == "Added #4 Buy bread\nWrong? Text UNDO."
    assert ada.says_aloud("move 1 to friday", between) == "Moved #1 Buy milk (Fri)\nWrong? Text UNDO."
    for words in ("delete 1", "1 is done"):
        assert ada.says_aloud(words, between) == f'Did you say "{words}"? Reply OK, or text it.'
    assert 1 in ada.open


def test_ok_does_it_and_other_words_replace_it(ada: Talk) -> None:
    assert ada.says_aloud("delete 1", 0.5) == 'Did you say "delete 1"? Reply OK, or text it.'
    assert ada.texts("ok") == "Deleted #1 Buy milk\nWrong? Text UNDO."
    ada.says_aloud("call Kim", 0.5)
    assert ada.texts("call Tim") == "Added #4 Call Tim"
    assert ada.texts("ok") == "OK, nothing changed."


@pytest.mark.parametrize("words", ["no", "undo", "never mind"])
def test_no_ends_it(ada: Talk, words: str) -> None:
    ada.says_aloud("delete 1", 0.5)
    assert ada.texts(words) == "OK, nothing changed."
    assert ada.texts("ok") is None
    assert 1 in ada.open


def test_it_lapses_after_an_hour(ada: Talk) -> None:
    ada.says_aloud("delete 1", 0.5)
    ada.texts("ok", later=timedelta(hours=2))
    assert 1 in ada.open


def test_why_and_a_look_at_the_list_leave_the_question(ada: Talk) -> None:
    ada.says_aloud("Delete the gym thing.", 0.5)
    assert (ada.texts("why") or "").startswith('You said: "Delete the gym thing."\nI read: not sure')
    assert ada.texts("ok") == "Deleted #2 Gym\nWrong? Text UNDO."


def test_an_undo_in_doubt_is_asked_back_and_done_on_ok(ada: Talk) -> None:
    assert ada.says_aloud("undo", 0.4) == 'Did you say "undo"? Reply OK, or text it.'
    assert ada.texts("ok") == "Undone: #3 Call mum is gone."


def test_several_in_doubt_are_one_question(ada: Talk) -> None:
    words = "buy bread and delete 1 and call Kim"
    assert ada.says_aloud(words, 0.95, 0.3, 0.3) == (
        'Added #4 Buy bread\nDid you say "delete 1" and "call Kim"? Reply OK, or text it.'
    )
    assert ada.texts("ok") == "Deleted #1 Buy milk\nAdded #5 Call Kim\nWrong? Text UNDO."


def test_the_items_of_one_phrase_are_asked_once(ada: Talk) -> None:
    said = "Add eggs, bread, and butter to the shopping list."
    assert ada.says_aloud(said, 0.4) == f'Did you say "{said[:-1]}"? Reply OK, or text it.'
    assert (ada.texts("ok") or "").startswith("Added 3:")


def test_a_question_about_the_sure_part_comes_first_and_the_doubt_is_not_forgotten(ada: Talk) -> None:
    ada.texts("buy oat milk")
    reply = ada.says_aloud("mark the milk as done and add call Kim", 0.95, 0.3)
    assert reply == "Which one? Reply 1 or 4:\n#1 Buy milk\n#4 Buy oat milk"
    assert ada.texts("4") == 'Done #4 Buy oat milk\nDid you say "add call Kim"? Reply OK, or text it.'
    assert ada.texts("ok") == "Added #5 Call Kim"


def test_a_spoken_answer_in_doubt_is_no_answer(ada: Talk) -> None:
    ada.texts("delete everything")
    assert ada.says_aloud("yes", 0.4) == 'Did you say "yes"? Reply OK, or text it.'
    assert len(ada.open) == 3
    assert (ada.texts("ok") or "").startswith("Deleted 3:")


def test_a_spoken_no_is_always_taken(ada: Talk) -> None:
    ada.texts("delete everything")
    assert ada.says_aloud("no", 0.2) == "OK, nothing changed."


def test_a_question_in_doubt_is_simply_answered(ada: Talk) -> None:
    assert (ada.says_aloud("what's on my list", 0.2) or "").startswith("3 open:")


def test_long_words_are_cut_to_one_text() -> None:
    reply = Talk().says_aloud("call " + "the caretaker about the broken window " * 6, 0.2) or ""
    assert count_segments(reply).count == 1
    assert reply.endswith('..."? Reply OK, or text it.')


# --- nothing to do ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["hello is this thing on", "Um.", "Okay, that's all."])
def test_a_recording_without_a_todo_is_never_met_with_silence(said: str) -> None:
    reply = Talk().says_aloud(said, 0.9)
    assert reply == f'I heard "{said.rstrip(".")}" and found no todo in it. Text ADD to save it as one.'


def test_add_saves_what_was_heard() -> None:
    ada = Talk()
    ada.says_aloud("hello is this thing on", 0.9)
    assert ada.texts("add") == "Added #1 Hello is this thing on"


@pytest.mark.parametrize("said", ["Stop.", "Cancel.", "Unsubscribe", "Start"])
def test_consent_is_never_given_or_taken_by_voice(ada: Talk, said: str) -> None:
    before = ada.person.dialogue.stopped
    assert (ada.says_aloud(said, 0.99) or "").endswith("STOP to opt out.")
    assert ada.person.dialogue.stopped == before


def test_silence() -> None:
    assert Talk().says_aloud("", 0.0) == "I heard nothing in that recording. Try again, or text it."


@pytest.mark.parametrize("attached", ["application/zip", "image/jpeg"])
def test_a_file_that_holds_no_speech(attached: str) -> None:
    ada = Talk()
    ada.media = (attached,)
    assert ada.texts("") == "I cannot read that file. Send a voice note, or text it."
    assert ada.texts("buy milk") == "Added #1 Buy milk"


# --- whatever is heard --------------------------------------------------------------------------------------------------------

SAID = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            "buy milk delete 1 everything done 2 undo yes ok no move to friday at five and the gym call mum my name is Bob remind me "
            "stop digest off 7 snooze skip reopen cancel all change text list . , it tomorrow recordings again".split()
        ),
        min_size=1,
        max_size=10,
    ).map(" ".join),
)


@given(SAID, st.sampled_from(["", "delete everything", "done gym and milk", "delete my recordings", "asdf qwer", "3"]))
def test_a_message_wholly_in_doubt_changes_nothing(said: str, before: str) -> None:
    ada = Talk()
    ada.texts_all("buy milk", "gym tomorrow 7am", "call mum", *filter(None, [before]))
    kept = state(ada)

    decision = ada.decides_aloud(said, 0.2)

    assert state(ada) == kept
    assert decision.events == ()
    assert all(wish.action == "hear_again" for wish in decision.wishes)
    assert "%" in said or "%" not in (decision.reply or "")


@given(SAID)
def test_agreeing_to_what_was_in_doubt_is_as_if_it_had_been_texted(said: str) -> None:
    doubted, texted = Talk(), Talk()
    for ada in (doubted, texted):
        ada.texts_all("buy milk", "gym tomorrow 7am", "call mum")
    reply = doubted.says_aloud(said, 0.2) or ""
    if not reply.startswith("Did you say"):
        return
    doubted.texts("ok")
    texted.texts(said)
    texted.sent += 1
    assert {(task.title, task.status, task.due_day) for task in doubted.tasks.values()} == {
        (task.title, task.status, task.due_day) for task in texted.tasks.values()
    }


def test_undo_that_was_spoken_offers_no_undo(ada: Talk) -> None:
    ada.says_aloud("move 1 to friday", 0.95)
    assert ada.says_aloud("undo", 0.95) == "Undone: #1 Buy milk is as before."


def test_nobody_is_asked_about_a_dozen_things_at_once(ada: Talk) -> None:
    words = "buy eggs and call Tim and pay rent and email Bob and water the plants"
    before = state(ada)
    answer = ada.says_aloud(words, 0.4)
    assert answer == "I did not hear 5 things well, and left them. Say them again, or text them."
    assert state(ada) == before
    ada.texts("ok")
    assert state(ada)[:2] == before[:2]
