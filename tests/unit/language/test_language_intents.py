"""What people want, however they put it: our own sentences, many ways to say each thing, and what must not be taken for it."""



from __future__ import annotations

import pytest

from shared.language.model import Intent, Ref
from tests.unit.language.saying import meaning, read

QUESTIONS = """
what time am i supposed to pick up the twins
what day is my driving test
when do i have to return the drill
when will the plumber come
when's lunch with Kit
where is Ana's party
who is coming to the dinner on friday
how many meetings this week
how busy am i on thursday
how is my day looking
what's my afternoon like
what's the plan for tonight
is there something planned for this weekend
is there a meeting with the accountant tomorrow
is tomorrow a busy day
am i working this weekend
will i be free at five
do i have a remainder about the vet
do i have to work on saturday
do i still need rabbit food
have i got anything on friday night
did i put straw on the list
can you check if i am free on monday
i forgot what i need to do today
remind me what i have on friday
remind me when the meeting is
tell me the time of my appointment
give me a rundown of my day
show me everything i still need to do
next meeting
tomorrow's appointments
my plans for friday
calendar for today
is the rent one done yet
did i pay the rent
""".strip().splitlines()

DELETIONS = """
no lunch tomorrow
forget about the meeting on monday
get rid of rice on the list
rid my calendar of meetings
free up my friday
cancel everything on thursday
dump the list
wipe my calendar clean
i want the list deleted
i need to remove a reminder
this item delete
the meeting was cancelled please remove it
bread doesn't need to be on the list
take the call with Bo out of my calendar
i am busy friday so cancel the meeting
bin 4
lose the gym one
""".strip().splitlines()

ADDITIONS = """
let me know when it's time to leave
let me know an hour before the party
let me know when the meeting starts
inform me about the meeting
alert me before my appointment
don't let me miss the recital on friday
i want to be notified before the meeting
i'm meeting Bo at noon
my flight is at six am tomorrow
have a meeting on monday at nine
mark friday the 4th on my calendar
change my calendar to include lunch with Kit on friday
get an appointment on my calendar for friday
repeat the meeting every monday
throw bulbs on there too
add go to the new bakery to my list
""".strip().splitlines()

NOT_OURS = """
do fish sleep
what'll it cost to fly there
turn the sound up
open the garage
start the dishwasher
cat in spanish
find out what the word means
the team lost three nil
congratulations on your new job
once upon a time
warm up the car for me
read that out
yes, my friend
heyyyy
has my parcel been shipped
when is the next train to Leeds
is it cold outside
""".strip().splitlines()


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_about_ones_own_plans_is_a_query(text: str) -> None:
    assert [command.intent for command in read(text).commands] == [Intent.QUERY]


@pytest.mark.parametrize("text", DELETIONS)
def test_an_order_to_be_rid_of_something_deletes(text: str) -> None:
    assert [command.intent for command in read(text).commands] == [Intent.DELETE]


@pytest.mark.parametrize("text", ADDITIONS)
def test_a_wish_to_be_reminded_or_a_plan_is_added(text: str) -> None:
    assert [command.intent for command in read(text).commands] == [Intent.ADD]


@pytest.mark.parametrize("text", NOT_OURS)
def test_what_is_for_others_is_neither_stored_nor_obeyed(text: str) -> None:
    assert {command.intent for command in read(text).commands} <= {Intent.NONE, Intent.CHAT, Intent.ANSWER}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("what's on my shopping list", "query tag  #shopping"),
        ("show my camping list", "query tag  #camping"),
        ("what's on my grocery list", "query tag  #groceries"),
        ("what's on my grocery list for tomorrow", "query day 2026-11-26  #groceries"),
        ("what's on my to do list", "query open"),
        ("add rice to my grocery list", "add 'Rice' list groceries"),
        ("groceries:\n- milk\n- eggs", "add 'Milk' list groceries + add 'Eggs' list groceries"),
        ("Camping:\ntent\nstove", "add 'Tent' list camping + add 'Stove' list camping"),
        ("tomorrow:\n- call the bank\n- pay rent at 5", "add 'Call the bank' 2026-11-26 + add 'Pay rent' 2026-11-26T17:00"),
        ("milk for Zoe, oat milk and stamps", "add 'Milk for Zoe' + add 'Oat milk' + add 'Stamps'"),
        ("presents for Zoe, Tom and Ana", "add 'Presents for Zoe, Tom and Ana'"),
    ],
)
def test_a_list_by_name_is_a_tag(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("um like I need to uh buy milk and then I think I should email Bob", "add 'Buy milk' + add 'Email Bob'"),
        (
            "done 1, delete 2, move 3 to friday, and buy stamps",
            "complete #1 + delete #2 + move #3 2026-11-27 + add 'Buy stamps'",
        ),
        (
            "then get a haircut at noon and after that pick up the cake",
            "add 'Get a haircut' 2026-11-25T12:00 + add 'Pick up the cake'",
        ),
    ],
)
def test_rambling_speech_is_several_commands(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("quiet after 10pm", "setting what=quiet quiet_from=22:00:00 quiet_to=07:00:00"),
        ("no texts before 9", "setting what=quiet quiet_from=22:00:00 quiet_to=09:00:00"),
        ("don't text me after 9pm", "setting what=quiet quiet_from=21:00:00 quiet_to=07:00:00"),
    ],
)
def test_quiet_hours_may_have_one_end(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    ("text", "about", "intent"),
    [
        ("skip pay card", "pay card", Intent.SKIP),
        ("the party is cancelled", "party", Intent.DELETE),
        ("milk bought", "milk", Intent.COMPLETE),
        ("repeat the meeting every monday", "meeting", Intent.EDIT),
    ],
)
def test_what_may_be_about_a_todo_that_is_there_says_so(text: str, about: str, intent: Intent) -> None:
    command = read(text).commands[0]

    assert command.intent in (Intent.ADD, Intent.NONE)
    assert (command.maybe, command.maybe_intent) == (Ref(words=about), intent)


@pytest.mark.parametrize("text", ["stop texting me", "unsubscribe me", "don't text me anymore", "opt me back in"])
def test_a_wish_to_leave_or_return_is_told_the_word_the_carrier_knows(text: str) -> None:
    assert [command.intent for command in read(text).commands] == [Intent.HELP]


def test_not_urgent_is_no_urgency() -> None:
    assert meaning("3 isn't urgent anymore") == "edit #3 medium"
