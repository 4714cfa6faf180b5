"""A recording that was heard again: what is different is shown, and nothing changes before OK."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.messages.segments import count_segments
from shared.todos.model import Decision, Revised, Status
from tests.unit.todos.talk import Talk


class Speaker(Talk):
    """Leaves voice notes, and has them heard again."""

    version = 1

    def spoke(self, said: str, sure: float = 0.95, *, days_ago: int = 2) -> str | None:
        """A voice note of days ago."""
        self.now -= timedelta(days=days_ago)
        reply = self.says_aloud(said, sure)
        self.said, self.said_at, self.recording_id = said, self.now, f"RE{self.sent:032x}"
        self.now += timedelta(days=days_ago)
        return reply

    def heard_again(self, new: str) -> Decision:
        """The last voice note, heard again as `new`."""
        self.version += 1
        revised = Revised(
            id=f"{self.recording_id}.{self.version}",
            recording_id=self.recording_id,
            message_id=self.recording_id,
            said_at=self.said_at,
            asked_at=self.now,
            old=self.said,
            new=new,
        )
        self.said = new
        return self.hears_again(revised)


@pytest.fixture
def ada() -> Speaker:
    """Has two todos."""
    ada = Speaker()
    ada.texts_all("buy milk", "gym tomorrow 7am")
    return ada


@pytest.mark.parametrize(
    ("said", "new", "asked", "done"),
    [
        ("call Kim", "call Tim", '"call Tim", was "call Kim". Change #3 Call Kim? Reply OK.', "Changed #3 Call Tim"),
        (
            "call Kim at five on Friday",
            "call Kim at nine on Friday",
            '"call Kim at nine on Friday", was "call Kim at five on Friday". Change #3 Call Kim (Fri 5pm)? Reply OK.',
            "Moved #3 Call Kim (Fri 9am)",
        ),
        (
            "call Kim on Friday",
            "call Kim",
            '"call Kim", was "call Kim on Friday". Change #3 Call Kim (Fri)? Reply OK.',
            "Changed #3 Call Kim",
        ),
        ("call Kim", "call Kim and buy eggs", 'also "buy eggs". Add it? Reply OK.', "Added #4 Buy eggs"),
        (
            "call Kim and buy eggs",
            "buy eggs",
            'without "call Kim". Delete #3 Call Kim? Reply OK.',
            "Deleted #3 Call Kim\nWrong? Text UNDO.",
        ),
        (
            "call Kim and buy legs",
            "call Tim and buy eggs and feed Leo",
            '"call Tim, buy eggs, feed Leo", was "call Kim, buy legs". Change #3, #4 and add 1? Reply OK.',
            "Changed #3 Call Tim\nChanged #4 Buy eggs\nAdded #5 Feed Leo\nWrong? Text UNDO.",
        ),
        (
            "add camels the gin",
            "cancel the gym",
            '"cancel the gym", was "add camels the gin". Delete #3 and do the rest? Reply OK.',
            "Deleted 2:\n#3 Camels the gin\n#2 Gym\nWrong? Text UNDO.",
        ),
        ("hello is this thing on", "call Tim", 'also "call Tim". Add it? Reply OK.', "Added #3 Call Tim"),
    ],
)
def test_a_difference_is_asked_and_done_on_ok(ada: Speaker, said: str, new: str, asked: str, done: str) -> None:
    ada.spoke(said)

    decision = ada.heard_again(new)

    assert decision.reply == f"Mon's recording, heard again: {asked}"
    assert decision.events == ()
    assert ada.texts("ok") == done


@pytest.mark.parametrize("new", ["call Kim", "Call Kim.", "um, call Kim", "call Kim, please"])
def test_the_same_meaning_is_no_difference(ada: Speaker, new: str) -> None:
    ada.spoke("call Kim")
    assert ada.heard_again(new).reply == "Mon's recording, heard again: no difference."
    assert ada.texts("ok") is None


@pytest.mark.parametrize(("days_ago", "whose"), [(0, "Today's"), (1, "Yesterday's"), (20, "Thu 5 Nov's")])
def test_whose_day(ada: Speaker, days_ago: int, whose: str) -> None:
    ada.spoke("call Kim", days_ago=days_ago)
    assert ada.heard_again("call Kim").reply == f"{whose} recording, heard again: no difference."


def test_declined(ada: Speaker) -> None:
    ada.spoke("call Kim")
    ada.heard_again("call Tim")
    assert ada.texts("no") == "OK, nothing changed."
    assert ada.todo(3).title == "Call Kim"


def test_another_command_ends_it(ada: Speaker) -> None:
    ada.spoke("call Kim")
    ada.heard_again("call Tim")
    ada.texts("buy eggs")
    assert ada.texts("ok") == "OK, nothing changed."
    assert ada.todo(3).title == "Call Kim"


def test_what_was_changed_since_is_left_alone(ada: Speaker) -> None:
    ada.spoke("call Kim")
    ada.texts("move 3 to friday")
    ada.heard_again("call Tim")
    assert ada.texts("ok") == "Changed #3 Call Tim (Fri)"


def test_a_todo_with_another_name_by_now_is_still_the_one(ada: Speaker) -> None:
    ada.spoke("call Kim")
    ada.texts("rename 3 to phone Kim")
    assert (ada.heard_again("call Tim").reply or "").endswith("Change #3 Phone Kim? Reply OK.")


@pytest.mark.parametrize("words", ["delete 3", "done 3", "undo"])
def test_a_todo_that_is_gone_is_not_changed_but_added(ada: Speaker, words: str) -> None:
    ada.spoke("call Kim")
    ada.texts(words)
    decision = ada.heard_again("call Tim")
    assert decision.reply == 'Mon\'s recording, heard again: "call Tim", was "call Kim". Add it? Reply OK.'
    assert (ada.texts("ok") or "").startswith("Added #")


def test_a_todo_that_came_of_an_ok_is_found(ada: Speaker) -> None:
    ada.spoke("call Kim", 0.4, days_ago=0)
    ada.texts("ok")
    ada.heard_again("call Tim")
    assert ada.texts("ok") == "Changed #3 Call Tim"


def test_what_was_agreed_to_is_what_the_next_time_changes(ada: Speaker) -> None:
    ada.spoke("call Kim")
    ada.heard_again("call Tim")
    ada.texts("ok")
    ada.heard_again("call Jim")
    assert ada.texts("ok") == "Changed #3 Call Jim"


def test_what_was_heard_rightly_at_first_is_not_added_again(ada: Speaker) -> None:
    ada.spoke("call Kim")
    ada.heard_again("call Tim")
    ada.texts("no")
    assert ada.heard_again("call Kim").reply == "Mon's recording, heard again: no difference."


def test_it_means_what_it_meant_when_it_was_said(ada: Speaker) -> None:
    ada.spoke("call Kim tomorrow")
    ada.heard_again("call Tim tomorrow")
    ada.texts("ok")
    assert str(ada.todo(3).due_day) == "2026-11-24"


def test_undo_takes_it_all_back(ada: Speaker) -> None:
    ada.spoke("call Kim and buy legs")
    ada.heard_again("call Tim and buy eggs")
    ada.texts("ok")
    ada.texts("undo")
    assert [ada.todo(n).title for n in (3, 4)] == ["Call Kim", "Buy legs"]


def test_a_list_or_a_question_in_it_is_no_difference(ada: Speaker) -> None:
    ada.spoke("what's on my list")
    assert ada.heard_again("what is on the list today").reply == "Mon's recording, heard again: no difference."


def test_silence_the_second_time(ada: Speaker) -> None:
    ada.spoke("call Kim")
    ada.heard_again("")
    assert ada.texts("ok") == "Deleted #3 Call Kim\nWrong? Text UNDO."
    assert ada.tasks[ada.events[-1].task_id].status is Status.DELETED


def test_long_words_are_cut_to_one_text(ada: Speaker) -> None:
    long = "call the caretaker about the broken window in the hall and the lamp " * 2
    ada.spoke(long)
    reply = ada.heard_again(long.replace("lamp", "ramp")).reply or ""
    assert count_segments(reply).count == 1
    assert reply.startswith("Mon's recording, heard again: ")
    assert reply.endswith("? Reply OK.")
