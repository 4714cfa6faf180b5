"""Done, done again, open again; and what comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.language.model import Command, Intent
from shared.todos.model import Status
from tests.unit.todos.talk import Talk


@pytest.fixture
def ada() -> Talk:
    ada = Talk()
    ada.texts_all("add milk", "every friday put the bins out", "take pills every day at 9am until 27 nov")
    return ada


def test_the_next_time_has_the_number_and_the_series(ada: Talk) -> None:
    first = ada.todo(2)
    assert ada.texts("done bins") == "Done #2 Put the bins out (next: Fri 4 Dec)"
    following = ada.todo(2)
    assert following.due_day == date(2026, 12, 4)
    assert (following.series_id, ada.tasks[first.id].status) == (first.id, Status.DONE)


def test_a_series_ends(ada: Talk) -> None:
    assert ada.texts("done pills") == "Done #3 Take pills (next: Fri 9am)"
    assert ada.texts("done pills", later=timedelta(days=2)) == "Done #3 Take pills (that was the last)\n1 left today."
    assert 3 not in ada.open


def test_the_same_text_twice_is_asked_about(ada: Talk) -> None:
    assert ada.texts("done bins") == "Done #2 Put the bins out (next: Fri 4 Dec)"
    assert ada.texts("Done  bins", later=timedelta(seconds=59)) == (
        "I did that a moment ago. Complete #2 Put the bins out (Fri 4 Dec, every week) as well? Reply OK."
    )
    assert ada.texts("ok") == "Done #2 Put the bins out (next: Fri 11 Dec)"


def test_after_a_minute_it_is_meant(ada: Talk) -> None:
    ada.texts("done bins")
    assert ada.texts("done bins", later=timedelta(seconds=61)) == "Done #2 Put the bins out (next: Fri 11 Dec)"


def test_done_by_words_again(ada: Talk) -> None:
    ada.texts("done milk")
    assert ada.texts("done milk") == "Already done: #1 Milk (done today)"


def test_reopening_takes_the_untouched_next_time_back(ada: Talk) -> None:
    ada.texts("done bins")
    assert ada.texts("reopen 2") == "Reopened #2 Put the bins out (Fri, every week)"
    assert len([task for task in ada.tasks.values() if task.status is Status.OPEN]) == 3


def test_reopening_leaves_a_next_time_that_was_touched(ada: Talk) -> None:
    ada.texts_all("done bins", "move 2 to saturday")
    assert ada.texts("reopen 2") == "Reopened #4 Put the bins out (Fri, was #2, every week)"
    assert ada.todo(2).due_day == date(2026, 11, 28)


def test_reopening_what_is_open(ada: Talk) -> None:
    assert ada.texts("reopen 1") == "Already open: #1 Milk"


@pytest.mark.parametrize(
    ("intent", "asked"),
    [
        (Intent.COMPLETE, "Done with"),
        (Intent.REOPEN, "Reopen"),
        (Intent.DELETE, "Delete"),
        (Intent.SHOW, "Show"),
        (Intent.SKIP, "Skip"),
        (Intent.MOVE, "Move"),
        (Intent.EDIT, "Change"),
        (Intent.SNOOZE, "Snooze"),
    ],
)
def test_a_verb_alone_asks_which(intent: Intent, asked: str) -> None:
    assert Talk().says(Command(intent=intent)) == f"{asked} which? Text its number, or LIST to see them."


def test_what_is_left_counts_overdue_ones_too(ada: Talk) -> None:
    ada.texts_all("add call mum today 5pm", "add call Bob today 11am")
    assert ada.texts("done bob", later=timedelta(hours=2)) == "Done #5 Call Bob\n1 left today."
    assert ada.texts("done milk") == "Done #1 Milk"


def test_moving_or_snoozing_what_is_done_says_so(ada: Talk) -> None:
    ada.texts("done 1")
    for words in ("move 1 to friday", "snooze 1 2h", "tag 1 #home"):
        assert ada.texts(words) == "Already done: #1 Milk (done today)"


def test_a_done_series_is_named_once(ada: Talk) -> None:
    ada.texts_all("done bins", "done bins")
    assert (ada.texts("reopen bins") or "").startswith("Reopened #2 Put the bins out (Fri 4 Dec")


def test_two_todos_named_in_one_breath() -> None:
    ada = Talk()
    ada.texts_all("add eggs", "add bread", "add bread and butter pudding", "add tea")
    assert ada.texts("mark eggs and tea as done") == "Done 2:\n#1 Eggs\n#4 Tea\nWrong? Text UNDO."
    assert ada.texts("bread and butter pudding done") == "Done #3 Bread and butter pudding"
    assert ada.texts("delete bread and jam") == 'Nothing with "bread and jam". Nothing changed. Text LIST to see yours.'


def test_what_was_told_of_a_part_of_a_title_offers_undo() -> None:
    ada = Talk()
    ada.texts("buy milk and eggs")

    assert ada.texts("got the milk") == "Done #1 Buy milk and eggs\nWrong? Text UNDO."


def test_a_day_left_out_is_passed_over() -> None:
    ada = Talk()

    assert ada.texts("vitamins every day except tomorrow and 24 dec") == (
        "Added #1 Vitamins (today, every day except Thu 26 Nov and Thu 24 Dec)"
    )
    assert ada.texts("done 1") == "Done #1 Vitamins (next: Fri)\nNothing left today."


def test_several_that_were_bought_are_done_if_each_is_there() -> None:
    ada = Talk()
    ada.texts_all("add bread", "add milk", "add buy eggs")
    assert "I did not understand that." in (ada.texts("i bought ham and milk") or "")
    assert ada.texts("i bought bread and milk") == "Done 2:\n#1 Bread\n#2 Milk\nWrong? Text UNDO."
    assert list(ada.open) == [3]


def test_who_did_one_of_several_is_asked_which() -> None:
    ada = Talk()
    ada.texts_all("pay rent friday", "pay rent every 1st")
    assert "Which one? Reply 1 or 2:" in (ada.texts("i paid rent") or "")
    assert ada.texts("2") == "Done #2 Pay rent (next: Fri 1 Jan 2027)"
