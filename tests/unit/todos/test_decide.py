"""The conversation as a whole: first contact, carrier words, several commands, what is not understood."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.language.model import Command, Intent, Ref
from shared.messages.segments import count_segments
from shared.todos.decide import CARRY_OUT
from tests.unit.todos.talk import Talk

INTRODUCTION = (
    "I am Jotline, your todo list by text. I use New York time; if wrong, text your city. Text ? for help, STOP to opt out."
)


def test_we_introduce_ourselves_once() -> None:
    ada = Talk(known=False)
    assert ada.texts("call mum") == f"Added #1 Call mum\n{INTRODUCTION}"
    assert ada.texts("call Bob") == "Added #2 Call Bob"


def test_not_to_somebody_in_despair_but_with_the_next_reply() -> None:
    ada = Talk(known=False)
    assert INTRODUCTION not in (ada.texts("i want to die") or "")
    assert ada.texts("call mum") == f"Added #1 Call mum\n{INTRODUCTION}"
    assert ada.texts("call Bob") == "Added #2 Call Bob"


def test_somebody_who_begins_with_stop_is_introduced_when_they_text_again() -> None:
    ada = Talk(known=False)
    assert ada.texts("STOP") is None
    assert ada.texts("START") is None
    assert ada.texts("call mum") == f"Added #1 Call mum\n{INTRODUCTION}"


def test_in_another_script_the_introduction_is_shorter() -> None:
    reply = Talk(known=False).texts("add 牛乳を買って冷蔵庫に入れてからお母さんに電話する tomorrow 5pm") or ""
    assert reply.endswith("\nI am Jotline, your todo list by text. Text ? for help, STOP to opt out.")
    assert count_segments(reply).count == 2


@pytest.mark.parametrize("opt_out", ["STOP", "START", "HELP"])
def test_twilio_has_answered_already(opt_out: str) -> None:
    assert Talk().decides(opt_out, opt_out=opt_out).reply is None  # type: ignore[arg-type]


def test_on_whatsapp_nobody_else_answers() -> None:
    ada = Talk()
    ada.channel = "whatsapp"
    stopped = ada.decides("STOP")
    assert (stopped.reply or "").startswith("No more messages.")
    assert stopped.even_if_stopped
    assert ada.texts("START") == "Welcome back. Nothing open."


def test_cancel_long_after_a_change_was_meant_for_the_carrier() -> None:
    ada = Talk()
    ada.texts("call mum")
    ada.texts("CANCEL", later=timedelta(minutes=61))
    assert ada.texts("START") is None


def test_yes_opts_in_only_somebody_who_is_out() -> None:
    ada = Talk()
    ada.texts_all("add milk", "add tea", "delete everything")
    assert (ada.texts("yes") or "").startswith("Deleted 2:")
    ada.texts("STOP")
    assert ada.person.dialogue.stopped
    assert ada.texts("yes") is None
    assert ada.person.dialogue.stopped is None


def test_nothing_changed_is_said_only_where_nothing_did() -> None:
    ada = Talk()
    ada.texts("add milk")
    assert ada.texts("done 1 and 7") == "Done #1 Milk\nThere is no #7."
    assert ada.texts("done 7") == "There is no #7. Nothing changed. Text LIST to see yours."


def test_a_part_that_is_not_understood_can_be_saved() -> None:
    ada = Talk()
    ada.texts("add milk")
    done = Command(intent=Intent.COMPLETE, ref=Ref(numbers=(1,)))
    assert ada.says(done, Command(intent=Intent.NONE, text="asdf qwer")) == (
        'Done #1 Milk\nI did not understand "asdf qwer". Text ADD to save it as a todo.'
    )
    assert ada.texts("add") == "Added #2 Asdf qwer"


def test_an_intent_without_a_rule_is_not_understood() -> None:
    left = set(Intent) - set(CARRY_OUT)
    assert left == {Intent.NONE}
    ada = Talk()
    assert (ada.says(Command(intent=Intent.NONE)) or "").startswith("I did not understand that. Nothing changed.")
    assert not ada.events


def test_an_empty_text() -> None:
    assert Talk().says() == "That text was empty. Text a todo, ? for help."


def test_a_voice_note_that_changes_something_offers_undo() -> None:
    ada = Talk()
    ada.origin = "voice"
    assert ada.texts("buy milk") == "Added #1 Buy milk\nWrong? Text UNDO."
    assert ada.texts("list") == "1 open:\n#1 Buy milk"
    assert (ada.texts("why?") or "").startswith('You said: "list"')


def test_a_guess_offers_undo() -> None:
    ada = Talk()
    ada.texts("add call the dentist")
    assert ada.texts("done dentst") == "Done #1 Call the dentist\nWrong? Text UNDO."


def test_results_of_several_verbs_stand_on_a_line_each_and_many_are_counted() -> None:
    ada = Talk()
    ada.texts_all("milk, eggs, bread, tea, rice", "call mum")
    assert ada.texts("done 1-5, move 6 to friday") == "Done 5.\nMoved #6 Call mum (Fri)\nWrong? Text UNDO."


def test_the_decision_names_what_was_carried_out() -> None:
    ada = Talk()
    ada.texts_all("add milk", "add tea", "delete everything")
    decision = ada.decides("ok")
    assert [command.intent for command in decision.commands] == [Intent.DELETE]
    assert {task.title for task in decision.tasks} == {"Milk", "Tea"}
    assert [event.index for event in decision.events] == [0, 1]
