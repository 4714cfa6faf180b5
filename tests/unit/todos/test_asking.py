"""Lists, pages and single todos."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shared.language.model import Command, Intent, Query, Ref
from shared.messages.segments import count_segments
from tests.unit.todos.memory import NOW
from tests.unit.todos.talk import Talk


@pytest.fixture
def ada() -> Talk:
    ada = Talk()
    ada.texts_all("call mum today 5pm", "add call Bob 11am", "add stamps", "conference 27 to 29 nov", "dentist 2 dec #health")
    return ada


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("list", "5 open:"),
        ("today", "2 today:"),
        ("tomorrow", "Nothing tomorrow."),
        ("what's on for saturday", "1 on Sat 28 Nov:"),
        ("this week", "3 this week:"),
        ("next week", "1 next week:"),
        ("#health", "1 with #health:"),
        ("find stamps", '1 with "stamps":'),
        ("overdue", "Nothing overdue."),
    ],
)
def test_the_first_line_answers(ada: Talk, words: str, head: str) -> None:
    assert (ada.texts(words) or "").split("\n")[0] == head


def test_a_priority_lists_only_what_has_it_or_more(ada: Talk) -> None:
    ada.texts_all("urgent: pay rent", "high priority: book flights")

    assert ada.texts("what's urgent") == "1 urgent:\n#6 Pay rent (urgent)"
    assert ada.texts("show me high priority items") == "2 with high priority:\n#6 Pay rent (urgent)\n#7 Book flights (high)"
    assert ada.texts("low priority items") == "Nothing with low priority."


def test_today_counts_what_is_overdue_apart(ada: Talk) -> None:
    ada.now = datetime.fromisoformat("2026-11-25T12:00-05:00")
    assert ada.texts("today") == "1 today, 1 overdue:\n#2 Call Bob (was due 11am)\n#1 Call mum (5pm)"


def test_next_is_the_first_to_come(ada: Talk) -> None:
    ada.now = datetime.fromisoformat("2026-11-25T12:00-05:00")
    assert ada.texts("what's next") == "Next: #1 Call mum (today 5pm)"


def test_what_was_done_this_week_lies_behind(ada: Talk) -> None:
    ada.now = datetime.fromisoformat("2026-11-23T12:00-05:00")
    ada.texts("done 3")
    ada.now = NOW
    assert ada.texts("what did I get done this week") == "1 done this week:\n#3 Stamps (done Mon)"
    assert ada.texts("what did I get done today") == "Nothing done today."


def test_more_goes_on_with_what_was_not_shown_and_is_still_there() -> None:
    ada = Talk()
    for n in range(1, 31):
        ada.texts(f"add return book {n} to the library")
    assert (ada.texts("list") or "").endswith("\n#8 Return book 8 to the library\n+22 more: text MORE")
    ada.texts_all("done 1", "done 9")
    head, first = (ada.texts("more") or "").split("\n")[:2]
    assert head.startswith("8 to ")
    assert head.endswith(" of 28:")
    assert first == "#10 Return book 10 to the library"
    ada.texts_all("more", "more", "more")
    assert ada.texts("more") == "That was all 28."


def test_more_without_a_list_begins_one(ada: Talk) -> None:
    assert (ada.texts("more") or "").startswith("5 open:")


def test_a_list_after_something_else_still_fits_two_segments() -> None:
    ada = Talk()
    for n in range(1, 31):
        ada.texts(f"add return book {n} to the library")
    listing = Command(intent=Intent.QUERY, query=Query(what="open"))
    done = Command(intent=Intent.COMPLETE, ref=Ref(numbers=(1,)))
    gone = Command(intent=Intent.DELETE, ref=Ref(numbers=(3,)))
    reply = ada.says(listing, done, gone) or ""
    assert count_segments(reply).count == 2
    assert reply.startswith("Done #1 Return book 1 to the library\nDeleted #3")
    shown = reply.count("\n#")
    assert reply.endswith(f"+{28 - shown} more: text MORE")


def test_one_todo_is_shown_in_full_as_far_as_two_segments_hold(ada: Talk) -> None:
    ada.texts_all("add write to the caretaker about the broken window note: " + "the one in the hall, " * 20)
    reply = ada.texts("6") or ""
    assert reply.startswith("#6 Write to the caretaker about the broken window (note)\nNote: the one in the hall,")
    assert reply.endswith("...")
    assert count_segments(reply).count == 2


def test_a_done_todo_is_shown_as_done(ada: Talk) -> None:
    ada.texts("done 3")
    assert ada.texts("show 3") == "#3 Stamps (done today)"


def test_all_without_a_list_is_everything(ada: Talk) -> None:
    ada.texts_all("today", "add tea")
    assert (ada.texts("all done") or "").startswith("Done 6.")


def test_the_second_is_what_was_shown_second_even_when_the_first_is_done(ada: Talk) -> None:
    ada.texts_all("today", "done 2")
    assert ada.texts("the second") == "#1 Call mum (today 5pm)"


def test_positions_past_the_list_hit_nothing(ada: Talk) -> None:
    ada.texts("today")
    assert ada.texts("the fifth") == "Show which? Text its number, or LIST to see them."


def test_a_list_does_not_change_anything(ada: Talk) -> None:
    decision = ada.decides("list", later=timedelta(minutes=1))
    assert decision.events == ()
    assert decision.tasks == ()


def test_show_and_the_name_of_a_todo_shows_it() -> None:
    ada = Talk()
    ada.texts_all("add party for leo sat 2-4pm", "add buy party shoes")
    assert ada.texts("show party") == '2 with "party":\n#1 Party for leo (Sat 2-4pm)\n#2 Buy party shoes'
    assert '1 with "leo' in (ada.texts("when is leo's party") or "")
    assert "I did not understand that." in (ada.texts("show me the money") or "")


def test_a_move_to_the_same_time_keeps_the_todos_own() -> None:
    ada = Talk()
    ada.texts("add party for leo sat 2-4pm")
    assert ada.texts("move the party to sunday same time") == "Moved #1 Party for leo (Sun 2-4pm)"
