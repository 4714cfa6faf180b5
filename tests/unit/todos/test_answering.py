"""What people say to a reminder: about its todo, for a day, as long as nothing else is spoken of."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit.todos.memory import NOW
from tests.unit.todos.talk import Talk

FIVE = NOW.replace(hour=17)
WHICH = "Which one? Reply 1, 2 or BOTH:\n#1 Call mum (was due today 5pm)\n#2 Take pills (was due today 5pm, every day)"


def _reminded(*todos: str, at: datetime = FIVE) -> Talk:
    """Somebody who was reminded a minute ago."""
    ada = Talk()
    for todo in todos or ("call mum at 5pm",):
        ada.texts(todo)
    ada.wait(at)
    ada.now += timedelta(minutes=1)
    return ada


def _of_two() -> Talk:
    return _reminded("call mum at 5pm", "take pills every day at 5pm", "buy milk")


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("done", "Done #1 Call mum\nNothing left today."),
        ("did it", "Done #1 Call mum\nNothing left today."),
        ("1h", "Snoozed #1 Call mum (reminder today 6:01pm)"),
        ("snooze", "Snoozed #1 Call mum (reminder today 6:01pm)"),
        ("later", "Snoozed #1 Call mum (reminder today 6:01pm)"),
        ("snooze 20 min", "Snoozed #1 Call mum (reminder today 5:21pm)"),
        ("remind me again in an hour", "Snoozed #1 Call mum (reminder today 6:01pm)"),
        ("remind me tomorrow at 9", "Snoozed #1 Call mum (reminder tomorrow 9am)"),
        ("tomorrow", "Moved #1 Call mum (tomorrow 5pm)"),
        ("friday", "Moved #1 Call mum (Fri 5pm)"),
        ("next week", "Moved #1 Call mum (Mon 30 Nov 5pm)"),
        ("7pm", "Moved #1 Call mum (today 7pm)"),
        ("tomorrow at 9", "Moved #1 Call mum (tomorrow 9am)"),
        ("skip", "#1 does not repeat. Reply DONE, TOMORROW or a time, or DELETE 1."),
        ("delete", "Deleted #1 Call mum\nWrong? Text UNDO."),
        ("delete it", "Deleted #1 Call mum\nWrong? Text UNDO."),
    ],
)
def test_an_answer_is_about_the_todo_of_the_reminder(words: str, reply: str) -> None:
    assert _reminded().texts(words) == reply


def test_without_a_reminder_a_day_is_a_list_and_a_verb_is_asked_back() -> None:
    ada = Talk()
    ada.texts("call mum at 5pm")
    assert ada.texts("tomorrow") == "Nothing tomorrow."
    assert ada.texts("done") == "Done with which? Text its number, or LIST to see them."


def test_the_day_it_is_due_is_a_list() -> None:
    assert _reminded().texts("today") == "1 overdue:\n#1 Call mum (was due 5pm)"


@pytest.mark.parametrize("words", ["thanks", "ok", "?", "why", "asdf qwer"])
def test_what_is_said_in_passing_leaves_it(words: str) -> None:
    ada = _reminded()
    ada.texts(words)
    assert ada.texts("tomorrow") == "Moved #1 Call mum (tomorrow 5pm)"


@pytest.mark.parametrize("words", ["buy milk", "list", "24h", "digest at 7", "done 2"])
def test_something_else_ends_it(words: str) -> None:
    ada = _reminded("call mum at 5pm", "gym on monday")
    ada.texts(words)
    assert ada.texts("tomorrow") == "Nothing tomorrow."


def test_it_can_be_answered_differently_afterwards() -> None:
    assert _reminded().texts_all("1h", "tomorrow", "no, friday") == "Moved #1 Call mum (Fri 5pm)"


def test_it_waits_for_a_day() -> None:
    assert _reminded().texts("done", later=timedelta(hours=23)) == "Done #1 Call mum\nNothing left today."
    assert _reminded().texts("done", later=timedelta(hours=24)) == "Done with which? Text its number, or LIST to see them."


def test_a_text_that_was_sent_before_it_is_no_answer() -> None:
    ada = _reminded()
    ada.now = FIVE - timedelta(seconds=2)
    assert ada.texts("done") == "Done with which? Text its number, or LIST to see them."


@pytest.mark.parametrize("words", ["done", "1h", "tomorrow", "skip", "delete", "i did it"])
def test_of_two_it_is_asked_which(words: str) -> None:
    assert _of_two().texts(words) == WHICH


def test_all_or_both_of_two_are_those() -> None:
    done = "Done 2:\n#1 Call mum\n#2 Take pills (next: tomorrow 5pm)\nNothing left today.\nWrong? Text UNDO."
    assert _of_two().texts_all("done", "both") == done
    assert _of_two().texts("done both") == done
    assert _of_two().texts("all done") == done


def test_of_two_the_one_that_is_left_waits_still() -> None:
    ada = _of_two()
    assert ada.texts_all("done 2", "tomorrow") == "Moved #1 Call mum (tomorrow 5pm)"
    ada = _of_two()
    assert ada.texts_all("tomorrow", "1", "done") == "Done #2 Take pills (next: tomorrow 5pm)\nNothing left today."


def test_a_time_that_was_skipped_is_answered_for() -> None:
    ada = _reminded("take pills every day at 5pm")
    assert ada.texts("skip") == "Skipped #1 Take pills (next: tomorrow 5pm)"
    assert ada.texts("skip", later=timedelta(minutes=5)) == "Skip which? Text its number, or LIST to see them."


def test_a_time_that_was_asked_for_before_the_reminder_is_its_answer_now() -> None:
    ada = Talk()
    ada.texts_all("call mum at 5pm", "remind me to buy milk")
    ada.wait(FIVE)
    assert ada.texts("tomorrow at 9") == "Moved #1 Call mum (tomorrow 9am)"
    assert ada.texts("friday") == "Moved #1 Call mum (Fri 9am)"


@pytest.mark.parametrize(("todo", "comes_at"), [("call mum at 5pm", FIVE), ("call mum tomorrow", NOW.replace(day=26, hour=8))])
def test_ok_to_what_came_by_itself_agrees_to_no_deletion_asked_for_before(todo: str, comes_at: datetime) -> None:
    ada = Talk()
    ada.texts_all(todo, "buy milk")
    ada.now = comes_at - timedelta(minutes=5)
    assert ada.texts("delete everything") == "Delete all 2 open? Reply OK."
    assert len(ada.wait(comes_at)) == 1
    assert ada.texts("ok", later=timedelta(minutes=1)) == "OK, nothing changed."
    assert len(ada.open) == 2


def test_a_quoted_reminder_is_the_one_that_is_meant_however_old() -> None:
    ada = _reminded("call mum at 5pm", "buy stamps at 6pm")
    ada.wait(FIVE.replace(hour=18))
    ada.now += timedelta(days=3)
    ada.quoted = ada.reminders[1]
    assert ada.texts("done") == "Done #1 Call mum\n1 left today."
    assert ada.texts("done") == "Already done: #1 Call mum (done today)"


def test_spoken_answers_are_asked_back_like_any_other_words() -> None:
    ada = _of_two()
    assert ada.says_aloud("done", 0.5) == 'Did you say "done"? Reply OK, or text it.'
    assert ada.texts("ok") == WHICH


def test_a_snooze_ends_with_its_date_and_a_reminder_that_was_set_comes_again() -> None:
    ada = _reminded("remind me to water the plants every friday", at=NOW.replace(day=27, hour=9))
    ada.texts_all("1h", "done")
    assert ada.texts("list") == "1 open:\n#1 Water the plants (Fri 4 Dec, every week, reminder 9am)"


def test_after_a_digest_done_asks_numbers_count_and_more_goes_on() -> None:
    ada = Talk()
    ada.texts_all("call mum at 5pm", "dentist tomorrow 3pm", "buy milk", "renew passport 4 dec")
    ada.wait(NOW.replace(day=26, hour=8))
    assert ada.texts("done") == "Done with which? Text its number, or LIST to see them."
    assert ada.texts("done the second") == "Done #2 Dentist\n1 left today."
    assert ada.texts("more") == "3 of 3:\n#4 Renew passport (Fri 4 Dec)"
