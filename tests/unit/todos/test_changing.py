"""Dates, repeats, reminders and words of todos that are there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.language.model import Command, Intent, Moment, Ref, Repeat, When
from shared.todos.model import Settings
from tests.unit.todos.memory import NOW, ZONE
from tests.unit.todos.talk import Talk

NEW_YORK = ZoneInfo(ZONE)


@pytest.fixture
def ada() -> Talk:
    ada = Talk()
    ada.texts_all("call mum today 5pm", "add stamps", "plumber friday 3-5pm", "conference 12 to 15 dec")
    return ada


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("move 1 to friday", "Moved #1 Call mum (Fri 5pm)"),
        ("move 1 to 6pm", "Moved #1 Call mum (today 6pm)"),
        ("push 1 back an hour", "Moved #1 Call mum (today 6pm)"),
        ("push 1 back 2 days", "Moved #1 Call mum (Fri 5pm)"),
        ("move 3 to saturday", "Moved #3 Plumber (Sat 3-5pm)"),
        ("push 3 back an hour", "Moved #3 Plumber (Fri 4-6pm)"),
        ("move conference to 14 dec", "Moved #4 Conference (Mon 14 Dec to Thu 17 Dec)"),
        ("no date for 1", "Changed #1 Call mum"),
        ("stamps tomorrow", "Changed #2 Stamps (tomorrow)"),
        ("rename 2 to buy stamps", "Changed #2 Buy stamps"),
        ("2 is urgent", "Changed #2 Stamps (urgent)"),
    ],
)
def test_what_is_not_said_stays(ada: Talk, words: str, reply: str) -> None:
    assert ada.texts(words) == reply


def test_a_change_that_changes_nothing_only_shows_the_todo(ada: Talk) -> None:
    assert ada.texts("move 1 to today 5pm") == "#1 Call mum (today 5pm)"
    assert ada.events[-1].type == "created"


def test_a_time_kept_from_another_day_is_not_put_into_the_past(ada: Talk) -> None:
    assert ada.texts("move 1 to 9am") == "Moved #1 Call mum (tomorrow 9am, not today)"


def test_the_wall_clock_is_kept_when_the_clocks_change() -> None:
    ada = Talk(now=datetime(2027, 3, 12, 10, tzinfo=NEW_YORK))
    ada.texts_all("add standup 2:30am saturday", "call mum saturday 9am")
    ada.texts("move 2 to sunday")
    assert ada.todo(2).due_at == datetime(2027, 3, 14, 9, tzinfo=NEW_YORK)
    assert ada.texts("move 1 to sunday") == "Moved #1 Standup (Sun 3:30am)"


def test_a_reminder_for_a_moment_moves_along_and_a_snooze_ends() -> None:
    ada = Talk()
    ada.texts("remind me to call mum tomorrow")
    assert ada.texts("move 1 to friday") == "Moved #1 Call mum (Fri, reminder 9am)"
    ada.texts_all("call Bob today 10:30am")
    assert ada.texts("snooze 2 2h") == "Snoozed #2 Call Bob (reminder today 12:02pm)"
    ada.texts("move 2 to tomorrow")
    assert ada.todo(2).remind == ()


def test_a_snooze_for_a_day_is_a_move(ada: Talk) -> None:
    command = Command(intent=Intent.SNOOZE, ref=Ref(numbers=(1,)), when=When(start=Moment(day=date(2026, 11, 26))))
    assert ada.says(command) == "Moved #1 Call mum (tomorrow 5pm)"


def test_a_bare_snooze_lasts_as_long_as_later_means(ada: Talk) -> None:
    assert ada.says(Command(intent=Intent.SNOOZE, ref=Ref(numbers=(1,)))) == "Snoozed #1 Call mum (reminder today 11:08am)"


def test_a_reminder_gives_a_todo_without_a_date_its_time(ada: Talk) -> None:
    at = datetime(2026, 11, 26, 17, tzinfo=NEW_YORK)
    reminder = {"at": Moment(day=at.date(), at=at)}
    command = Command.model_validate({"intent": "edit", "ref": Ref(numbers=(2,)), "remind": (reminder,)})
    assert ada.says(command) == "Changed #2 Stamps (tomorrow 5pm)"


def test_a_repeat_leaves_a_date_that_falls_on_it() -> None:
    ada = Talk()
    ada.texts_all("put the bins out friday", "add stamps")
    weekly = Repeat(rrule="FREQ=WEEKLY;BYDAY=FR")
    friday = When(start=Moment(day=date(2026, 12, 4)))
    assert ada.says(Command(intent=Intent.EDIT, ref=Ref(numbers=(1,)), repeat=weekly, when=friday)) == (
        "Changed #1 Put the bins out (Fri, every week)"
    )
    assert ada.says(Command(intent=Intent.EDIT, ref=Ref(numbers=(2,)), repeat=weekly, when=friday)) == (
        "Changed #2 Stamps (Fri 4 Dec, every week)"
    )


def test_skipping_the_last_time_ends_the_series() -> None:
    ada = Talk()
    ada.texts("take pills every day at 9pm until tomorrow")
    assert ada.texts_all("skip 1") == "Skipped #1 Take pills (next: tomorrow 9pm)"
    assert ada.texts_all("skip 1") == "Skipped #1 Take pills (that was the last)"
    assert ada.open == {}


def test_only_a_repeating_todo_can_be_skipped(ada: Talk) -> None:
    assert ada.texts("skip 2") == "#2 does not repeat. Reply DONE, TOMORROW or a time, or DELETE 2."


def test_tags_are_added_and_a_note_is_replaced(ada: Talk) -> None:
    ada.texts_all("tag 2 #shop", "tag 2 #home", "tag 2 #shop", "note on 2: blue", "note on 2: red")
    assert (ada.todo(2).tags, ada.todo(2).note) == (("shop", "home"), "red")


def test_it_is_the_todo_of_the_last_reply(ada: Talk) -> None:
    ada.texts("2")
    assert ada.texts("make it tomorrow 5pm") == "Moved #2 Stamps (tomorrow 5pm)"


def test_it_may_be_unclear_after_a_list(ada: Talk) -> None:
    ada.texts_all("delete 3 and 4", "list")
    assert (ada.texts("make it tomorrow") or "").startswith("Which one? Reply 1 or 2:")
    assert ada.texts("2") == "Moved #2 Stamps (tomorrow)"


def test_a_time_right_after_a_reply_is_for_its_todo() -> None:
    ada = Talk()
    ada.texts("call mum tomorrow")
    assert ada.texts("7pm") == "Moved #1 Call mum (tomorrow 7pm)\nWrong? Text UNDO."


def test_a_time_about_nothing_is_not_understood() -> None:
    assert (Talk().texts("7pm") or "").startswith("I did not understand that.")


def test_several_at_once_offer_undo(ada: Talk) -> None:
    assert ada.texts("move 1 and 2 to friday") == ("Moved 2:\n#1 Call mum (Fri 5pm)\n#2 Stamps (Fri)\nWrong? Text UNDO.")


def test_a_todo_due_after_a_journey_keeps_the_zone_of_home() -> None:
    ada = Talk(settings=Settings(zone="Asia/Tokyo", zone_home=ZONE, zone_until=date(2026, 11, 29)))
    ada.texts_all("add standup tomorrow 9am", "dentist 4 dec 3pm")
    assert ada.todo(1).due_at == datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert ada.todo(2).due_at == datetime(2026, 12, 4, 15, tzinfo=NEW_YORK)
    assert ada.texts("2") == "#2 Dentist (Fri 4 Dec 3pm)"
    assert ada.texts("list", later=timedelta(days=5)) == "2 open:\n#1 Standup (was due Fri 9am)\n#2 Dentist (Fri 3pm)"
    assert ada.person.settings.zone == ZONE
    assert ada.now > NOW


def test_a_reminder_ahead_of_one_of_several_asks_which() -> None:
    ada = Talk()
    ada.texts_all("gym tomorrow 8am", "gym every friday 7am")
    assert "Which one? Reply 1 or 2:" in (ada.texts("remind me about gym 15 minutes before") or "")
    assert ada.texts("1") == "Changed #1 Gym (tomorrow 8am, reminder 7:45am)"


def test_what_was_moved_by_others_moves_here_if_it_is_there() -> None:
    ada = Talk()
    ada.texts("dentist on dec 3 at 2")
    assert ada.texts("dentist moved to the 4th at 3") == "Moved #1 Dentist (Fri 4 Dec 3pm)"
    assert ada.texts("furniture moved to friday") == "Added #2 Furniture moved (Fri)"
