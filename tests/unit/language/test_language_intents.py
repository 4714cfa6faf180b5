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


@pytest.mark.parametrize(
    "text", ["buy a lamp", "get a new speaker", "fix the radio", "return the vacuum cleaner", "print concert tickets"]
)
def test_what_a_person_does_by_hand_is_added_though_a_service_knows_the_thing(text: str) -> None:
    assert [(one.intent, one.title.lower()) for one in read(text).commands] == [(Intent.ADD, text)]


@pytest.mark.parametrize(
    ("text", "title", "rrule"),
    [
        ("first friday of every month pay rent", "Pay rent", "FREQ=MONTHLY;BYDAY=1FR"),
        ("first of may call bob", "Call bob", None),
        ("first aid kit", "First aid kit", None),
        ("first call bob", "Call bob", None),
        ("first, buy oats", "Buy oats", None),
    ],
)
def test_first_counts_off_only_before_what_is_to_be_done(text: str, title: str, rrule: str | None) -> None:
    [command] = read(text).commands
    assert (command.title, command.repeat and command.repeat.rrule) == (title, rrule)


@pytest.mark.parametrize(
    "text",
    [
        "i want to go to Sally's party on saturday at ten pm",
        "i'd like to visit gran on sunday",
        "i wanna go hiking on saturday",
    ],
)
def test_a_wish_with_a_date_is_a_plan(text: str) -> None:
    [command] = read(text).commands
    assert command.intent is Intent.ADD
    assert command.when is not None


def test_a_reminder_asked_for_behind_what_it_is_of_says_how_often() -> None:
    [command] = read("anna's birthday is on 5 may remind me every year").commands
    assert (command.title, command.repeat and command.repeat.rrule) == ("Anna's birthday", "FREQ=YEARLY")


@pytest.mark.parametrize(
    "text", ["he did not remind me yesterday", "you never remind me on mondays", "why did you not remind me yesterday"]
)
def test_a_complaint_about_a_reminder_is_none(text: str) -> None:
    assert {command.intent for command in read(text).commands} <= {Intent.NONE, Intent.CHAT}


@pytest.mark.parametrize(
    "text",
    [
        "i want to go home",
        "i want to book a flight for friday",
        "i want to hear jazz tonight",
        "i want to know what is on friday",
    ],
)
def test_a_wish_without_one_or_for_a_service_is_none(text: str) -> None:
    assert Intent.ADD not in {command.intent for command in read(text).commands}


@pytest.mark.parametrize("text", NOT_OURS)
def test_what_is_for_others_is_neither_stored_nor_obeyed(text: str) -> None:
    assert {command.intent for command in read(text).commands} <= {Intent.NONE, Intent.CHAT, Intent.ANSWER}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("what's on my shopping list", "query tag #shopping"),
        ("show my camping list", "query tag #camping"),
        ("what's on my grocery list", "query tag #groceries"),
        ("what's on my grocery list for tomorrow", "query day 2026-11-26 #groceries"),
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
        ("revoke tokens", "setting what=tokens"),
        ("Sign me out everywhere please", "setting what=tokens"),
        ("log me out of all devices", "setting what=tokens"),
        ("revoke all my access tokens", "setting what=tokens"),
        ("revoke my api tokens tomorrow", "add 'Revoke my api tokens' 2026-11-26"),
        ("sign out of the gym", "add 'Sign out of the gym'"),
        ("revoke the parking permit", "add 'Revoke the parking permit'"),
    ],
)
def test_signing_out_is_a_command_of_its_own_and_no_todo(text: str, meant: str) -> None:
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


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("remind me 30 min before the dentist on friday at 3", "add 'The dentist' 2026-11-27T15:00 remind -1800s"),
        ("remind me an hour before lunch with zoe at 1pm", "add 'Lunch with zoe' 2026-11-25T13:00 remind -3600s"),
        ("remind me the day before at 6pm about the trip on 12 december", "add 'The trip' 2026-12-12 remind 2026-12-11T18:00"),
        ("remind me 2 days before mum's birthday on 4 dec", "add 'Mum's birthday' 2026-12-04 remind -172800s"),
        ("ping me 10 minutes before the call with Jo at 4:30", "add 'The call with Jo' 2026-11-25T16:30 remind -600s"),
        ("remind me 30 minutes before the dentist", "add 'The dentist' remind -1800s maybe edit words=dentist"),
        ("remind me the week before christmas to write cards", "add 'Write cards' 2026-12-14 remind 2026-12-14T09:00"),
        ("remind me 2 buy milk", "add 'Buy milk'"),
    ],
)
def test_a_reminder_ahead_of_time_leads_to_what_it_is_about(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("call mum at 5 and dad at 6", "add 'Call mum' 2026-11-25T17:00 + add 'Call dad' 2026-11-25T18:00"),
        ("remind me to call mum at 5 and dad at 6", "add 'Call mum' 2026-11-25T17:00 + add 'Call dad' 2026-11-25T18:00"),
        ("email Sam tomorrow and Jo on friday", "add 'Email Sam' 2026-11-26 + add 'Email Jo' 2026-11-27"),
        ("pick up Ana at 3 and Tom at 4", "add 'Pick up Ana' 2026-11-25T15:00 + add 'Pick up Tom' 2026-11-25T16:00"),
        ("call mum friday at 5 and dad at 6", "add 'Call mum' 2026-11-27T17:00 + add 'Call dad' 2026-11-27T18:00"),
        ("cook lunch at 12 and dinner at 6", "add 'Cook lunch' 2026-11-25T12:00 + add 'Cook dinner' 2026-11-25T18:00"),
        ("call mum at 5 and gym at 6", "add 'Call mum' 2026-11-25T17:00 + add 'Gym' 2026-11-25T18:00"),
        ("take pills at 8am and at 8pm tomorrow", "add 'Take pills' 2026-11-26T08:00 + add 'Take pills' 2026-11-26T20:00"),
        ("buy milk and eggs", "add 'Buy milk and eggs'"),
        ("buy milk and eggs at 5", "add 'Buy milk and eggs' 2026-11-25T17:00"),
        ("call mum and dad at 6", "add 'Call mum and dad' 2026-11-25T18:00"),
        ("meet Bob between 3 and 4", "add 'Meet Bob' 2026-11-25T15:00 to 2026-11-25T16:00"),
    ],
)
def test_a_second_thing_with_its_own_time_shares_the_verb(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("remind me in one hour, no wait two hours", "snooze 2026-11-25T12:00"),
        ("remind me to call mum in one hour, no wait two hours", "add 'Call mum' 2026-11-25T12:00"),
        ("buy milk, sorry, oat milk", "add 'Buy oat milk'"),
        ("buy milk no wait oat milk", "add 'Buy oat milk'"),
        ("buy milk, I mean oat milk", "add 'Buy oat milk'"),
        ("call mum at 5, no 6", "add 'Call mum' 2026-11-25T18:00"),
        ("call mum at 5, no wait, dad", "add 'Call dad' 2026-11-25T17:00"),
        ("call mum, no wait, dad at 6", "add 'Call dad' 2026-11-25T18:00"),
        ("dentist friday at 3, sorry, thursday", "add 'Dentist' 2026-11-26T15:00 maybe move words=dentist"),
        ("move 2 to friday, no wait, monday", "move #2 2026-11-30"),
        ("done 3, no 4", "complete #4"),
        ("remind me to buy milk, no wait, call mum", "add 'Call mum'"),
        ("buy milk, never mind", "none"),
        ("buy milk, no sugar", "add 'Buy milk, no sugar'"),
        ("text Bob sorry for the delay", "add 'Text Bob sorry for the delay'"),
        ("email Jo about the no wait policy", "add 'Email Jo about the no wait policy'"),
    ],
)
def test_what_was_said_last_is_meant(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Chores every weekend", "add 'Chores' 2026-11-28 WEEKLY;BYDAY=SA,SU"),
        ("what do i have to do every friday", "query day 2026-11-27"),
        ("3 -> monday", "move #3 2026-11-30"),
        ("2 => fri 5pm", "move #2 2026-11-27T17:00"),
        ("2 \u2192 fri", "move #2 2026-11-27"),
        ("no wait, 6", "move that 2026-11-25T18:00"),
        ("morning! add milk", "add 'Milk'"),
        ("hi can you remind me to call mum", "add 'Call mum'"),
        ("sat forty", "add 'Sat forty'"),
        ("friday forty", "none"),
        ("change 2 tyres", "add 'Change 2 tyres'"),
        ("replace the filter with a new one", "add 'Replace the filter with a new one'"),
        ("can you remove the milk", "delete words=milk"),
        ("remove oat milk", "delete words=oat milk"),
        ("remove the wallpaper", "add 'Remove the wallpaper' maybe delete words=wallpaper"),
        ("get rid of the old couch", "add 'Get rid of the old couch' maybe delete words=old couch"),
    ],
)
def test_people_are_taken_at_their_word(text: str, meant: str) -> None:
    assert meaning(text) == meant
