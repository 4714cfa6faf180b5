"""Phrases: each stands in the guide, each of the guide is there, and all of them keep to its voice."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.model import Priority
from shared.messages import lists, phrases
from shared.messages.segments import count_segments, is_gsm7
from shared.todos.model import Digest, Settings
from tests.unit.messages import guide

WEDNESDAY = datetime(2026, 11, 25, 8, tzinfo=ZoneInfo("America/Denver"))
LINE, TITLE = "#2 Call mum (Fri 5pm)", "#2 Call mum"
MONDAY = date(2026, 11, 23)
EMAIL = Digest(channel="email", email="ada@example.com")
ADA = Settings(name="Ada", zone="America/New_York")

SAID = [
    phrases.added(LINE),
    phrases.done(TITLE),
    phrases.done(TITLE, "Fri 4 Dec"),
    phrases.done(TITLE, "Fri", 2),
    phrases.done(TITLE, last=True),
    phrases.left_today(1),
    phrases.left_today(0),
    phrases.moved(LINE),
    phrases.changed(LINE),
    phrases.reopened(LINE),
    phrases.snoozed(TITLE, "today 6pm"),
    phrases.skipped(TITLE, "Fri 4 Dec"),
    phrases.deleted(TITLE),
    *(phrases.several(verb, [TITLE, TITLE]).split("\n")[0] for verb in ("Added", "Done", "Moved", "Deleted")),
    phrases.several("Deleted", [TITLE] * 4),
    phrases.UNDO_OFFER,
    phrases.undone_add(TITLE),
    phrases.undone_delete(LINE),
    phrases.undone_done(LINE),
    phrases.undone_change(LINE),
    phrases.undone_many(23),
    phrases.redone(LINE),
    phrases.NOTHING_TO_UNDO,
    phrases.REMIND_WHEN,
    phrases.is_over("Today 9am"),
    phrases.ADD_WHAT,
    phrases.too_long(312),
    phrases.also_have(LINE),
    *(lists.head(5, where) for where in ("open", "today", "tomorrow", "this week", "overdue", "done this week")),
    lists.head(1, lists.on_day(date(2026, 11, 27), WEDNESDAY.date())),
    lists.head(2, lists.with_words("milk")),
    lists.head(2, lists.with_priority(Priority.HIGH)),
    lists.head(1, lists.with_priority(Priority.URGENT)),
    lists.head_today(2, 1),
    *lists.write_page(["a" * 160, "b" * 120, "c" * 20], head="3 open:").text.split("\n")[-1:],
    lists.write_page(["a" * 300, "b" * 20, "c" * 20], head="3 open:", start=1).text.split("\n")[0],
    lists.write_page([], head="", start=12).text,
    phrases.NOTHING_OPEN,
    phrases.nothing("today"),
    phrases.nothing("on Fri 27 Nov"),
    phrases.nothing(lists.with_words("cheese")),
    phrases.nothing(lists.with_priority(Priority.URGENT)),
    phrases.next_up(LINE),
    phrases.note("her cell is on the fridge"),
    phrases.which_one([2, 5], []),
    phrases.which_one([2, 5], [], both=True),
    phrases.which_of_many(9, "call"),
    phrases.which_for("complete"),
    phrases.no_such(99),
    phrases.no_such(9, alone=False),
    phrases.no_match('"dentist"'),
    phrases.already_done(f"{TITLE} (done yesterday)"),
    phrases.does_not_repeat(2),
    phrases.ask_delete_all(4),
    phrases.ask_delete_numbers([1, 2, 3, 4]),
    phrases.ask_delete_where(2, "with #shop"),
    phrases.ask_again(TITLE),
    phrases.DECLINED,
    phrases.NOTHING_ASKED,
    phrases.NOT_UNDERSTOOD,
    *phrases.why("pls move mum", "move #2 to Fri 27 Nov, time kept").split("\n"),
    *phrases.why("call mum", "add 1", said=True).split("\n")[:1],
    phrases.TRY_A_TODO,
    phrases.first_contact("New York"),
    phrases.first_contact(None),
    *phrases.HELP.values(),
    phrases.help_copy(""),
    phrases.help_copy("https://jotline.example.org"),
    phrases.EMPTY,
    phrases.ANY_TIME,
    phrases.hello("Ada", 1),
    phrases.PROGRAM,
    phrases.ANGER,
    phrases.distress("US"),
    phrases.settings_shown(ADA, "New York"),
    phrases.name_set("Ada"),
    phrases.zone_set("Denver", WEDNESDAY, stays=time(15)),
    phrases.zone_set("Tokyo", WEDNESDAY, until=date(2026, 11, 29), stays=time(9)),
    phrases.which_place("Springfield"),
    phrases.digest_set(Digest(at=time(7))),
    phrases.digest_set(EMAIL),
    phrases.digest_set(Digest(on=False)),
    phrases.quiet_set(time(22), time(7)),
    phrases.reminders_set(30 * 60),
    phrases.meaning_set("tonight", time(21)),
    phrases.next_weekday_set("nearest"),
    phrases.clock_set(24),
    phrases.code_sent("ada@example.com"),
    phrases.wrong_code(4),
    phrases.wrong_code(0),
    phrases.NO_MAIL,
    phrases.NO_ADDRESS,
    phrases.TOO_MANY_CODES,
    phrases.OPTED_OUT,
    phrases.welcome_back(1),
    phrases.turns_off("cancel"),
    phrases.did_you_say("call Kim"),
    phrases.did_you_say("call Kim", "delete 2"),
    phrases.no_todo_heard("hello is this thing on"),
    phrases.heard_badly(12),
    phrases.HEARD_NOTHING,
    phrases.RECORDING_TOO_LONG,
    phrases.CANNOT_READ_FILE,
    phrases.RECORDING_KEPT_FOR_REPAIR,
    phrases.heard_again(MONDAY, WEDNESDAY.date(), new="call Tim", old="call Kim", actions=[f"change {TITLE}"]),
    phrases.heard_again(MONDAY, WEDNESDAY.date(), new="call Tim", old="", actions=["add it"]),
    phrases.heard_again(MONDAY, WEDNESDAY.date(), new="", old="call Kim", actions=[f"delete {TITLE}"]),
    phrases.heard_again(MONDAY, WEDNESDAY.date(), new="a, b", old="c, d", actions=["change #2, #3", "add 1"]),
    phrases.no_difference(MONDAY, WEDNESDAY.date()),
    phrases.no_recording(MONDAY, WEDNESDAY.date()),
    phrases.no_recording(None, WEDNESDAY.date()),
    phrases.ASK_DELETE_RECORDINGS,
    phrases.recordings_deleted(3),
    phrases.recordings_kept(30),
    phrases.login_code("482913"),
    phrases.SIGNED_OUT,
    phrases.DELETE_ME,
    phrases.DELETE_ME_NOW,
    phrases.all_deleted(2, 14, 1, "7F3K"),
    phrases.TOO_MANY,
    phrases.COULD_NOT_SAVE,
    phrases.BROKE,
    phrases.LATE,
    phrases.skipped(TITLE, None),
    phrases.undone_reopen(TITLE),
    *(phrases.undone_many(4, now) for now in ("gone", "open", "done", "as before")),
    phrases.NOTHING_TO_REDO,
    *(phrases.which_for(intent) for intent in phrases.WHICH),
    phrases.MOVE_WHEN,
    phrases.already_open(LINE),
    phrases.no_such_place("Atlantis"),
    phrases.several_zones("Canada"),
    phrases.changes(3, "today"),
    phrases.changes(3, "yesterday", "added"),
    phrases.change("10am", "moved", TITLE),
    phrases.happened("added", "Mon 9am"),
    phrases.history(TITLE),
    phrases.happened_to("Mon 9am", "added", TITLE),
    phrases.never("done", TITLE),
    phrases.no_changes("yesterday"),
    phrases.not_shown(4),
    phrases.NOTHING_YET,
    phrases.welcome_back(0),
    phrases.hello("Ada", 0),
    phrases.quiet_set(None, None),
    phrases.reminders_set(0),
    phrases.next_weekday_set("following"),
    phrases.redone_many(4),
    phrases.UNDONE_SETTINGS,
    phrases.GONE,
]
"""Every phrase of the guide, said once."""

LATER = {
    "reminder",
    "first three reminders",
    "digest head; first digest",
}
"""Events of section 4 whose phrases come with reminders, digests and voice."""
LATER_TEMPLATES = {"+<n> more: text LIST"}


@pytest.mark.parametrize("template", [t for event, t in guide.templates() if event not in LATER and t not in LATER_TEMPLATES])
def test_every_template_of_the_guide_has_its_phrase(template: str) -> None:
    assert [said for said in SAID if guide.pattern(template).fullmatch(said)]


@pytest.mark.parametrize("said", SAID)
def test_every_phrase_stands_in_the_guide(said: str) -> None:
    assert [template for _, template in guide.templates() if guide.pattern(template).fullmatch(said)]


def spoken() -> list[str]:
    """Every sentence there is, also those the guide has no example of."""
    constants = [value for name, value in vars(phrases).items() if name.isupper() and isinstance(value, str)]
    distress = [phrases.distress(country) for country in ("", *phrases.EMERGENCY)]
    return [*SAID, *constants, *distress]


@pytest.mark.parametrize("said", sorted(set(spoken())))
def test_what_we_say_is_plain_short_and_calm(said: str) -> None:
    assert is_gsm7(said)
    assert count_segments(said).count == 1
    assert "!" not in said
    assert "n't" not in said
    assert "  " not in said


@pytest.mark.parametrize("said", sorted(set(spoken())))
def test_no_phrase_asks_for_a_word_that_carriers_take(said: str) -> None:
    asked = set(
        re.findall(
            r"\b(?:Text|text|Reply|reply|send) (STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT|YES|INFO|HELP)\b(?! [A-Z])", said
        )
    )
    assert not asked


# --- what was heard, in one text ---------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@given(WORDS, WORDS)
def test_only_what_was_heard_is_cut(one: str, other: str) -> None:
    today = WEDNESDAY.date()
    for said, tail in (
        (phrases.did_you_say(one, other), '"? Reply OK, or text it.'),
        (phrases.no_todo_heard(one), '" and found no todo in it. Text ADD to save it as one.'),
        (phrases.heard_again(MONDAY, today, new=one, old=other, actions=["change #2"]), '". Change #2? Reply OK.'),
    ):
        assert said.endswith(tail)
        assert count_segments(said).count <= (1 if is_gsm7(one + other) else 2)


def test_one_recording_is_one() -> None:
    assert phrases.recordings_deleted(1) == "Deleted 1 recording."
    assert phrases.recordings_deleted(0) == "I have no recording of yours."
    assert phrases.recordings_kept(1) == "Set: recordings kept 1 day."
    assert phrases.no_recording(WEDNESDAY.date(), WEDNESDAY.date()) == "I have no recording from today."


# --- phrases that depend on what they are about ------------------------------------------------------------------


def test_up_to_three_are_named_more_are_counted() -> None:
    assert phrases.several("Deleted", ["#1 A", "#2 B", "#3 C"]) == "Deleted 3:\n#1 A\n#2 B\n#3 C"
    assert phrases.several("Deleted", ["#1 A", "#2 B", "#3 C", "#4 D"]) == "Deleted 4."


def test_what_was_added_is_named_while_one_text_carries_it() -> None:
    assert phrases.several("Added", ["#1 A", "#2 B", "#3 C", "#4 D"]) == "Added 4:\n#1 A\n#2 B\n#3 C\n#4 D"
    assert phrases.several("Added", [f"#{n} {'x' * 40}" for n in range(1, 5)]) == "Added 4."


def test_numbers_that_do_not_run_are_listed() -> None:
    assert phrases.ask_delete_numbers([1, 3, 5, 8]) == "Delete #1, #3, #5 and #8? Reply OK."
    assert phrases.no_such(9, 12, alone=False) == "There is no #9 or #12."
    assert phrases.which_one([2, 5, 7], ["#2 A"]) == "Which one? Reply 2, 5 or 7:\n#2 A"


def test_without_a_name_nobody_is_called() -> None:
    assert phrases.hello("", 0) == "Hi. Nothing today."
    assert phrases.settings_shown(Settings(), "UTC").startswith("UTC time. Digest 8am every day by text.")


def test_settings_are_shown_as_they_are() -> None:
    settings = ADA.model_copy(
        update={"quiet_from": time(22), "quiet_to": time(7), "remind_before_seconds": 1800, "digest": Digest(on=False)}
    )
    assert phrases.settings_shown(settings, "New York") == (
        "Ada, New York time. No digest. Quiet 10pm to 7am. Reminders 30 min before. Tonight 8pm. To change: HELP SETTINGS."
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "at the due time"),
        (600, "10 min before"),
        (3600, "1 hour before"),
        (5400, "90 min before"),
        (7200, "2 hours before"),
        (86_400, "1 day before"),
    ],
)
def test_offsets(seconds: int, said: str) -> None:
    assert phrases.say_offset(seconds) == said


def test_a_zone_without_a_timed_todo_says_no_more_than_the_zone() -> None:
    assert phrases.zone_set("Denver", WEDNESDAY) == "Set: Denver time, now Wed 8am."
    assert (
        phrases.zone_set("Denver", WEDNESDAY, stays=time(12), hours=24) == "Set: Denver time, now Wed 08:00. 12:00 stays 12:00."
    )


def test_quiet_hours_can_be_none() -> None:
    assert phrases.quiet_set(None, None) == "Set: no quiet hours."


def test_what_was_deleted_is_counted_without_zeros() -> None:
    assert phrases.all_deleted(1, 0, 0, "7F3K") == "All deleted: 1 todo. Receipt 7F3K. If you text again, you begin anew."


@given(st.text(max_size=1600))
def test_why_never_takes_three_segments_and_keeps_the_meaning(words: str) -> None:
    said = phrases.why(words, "add 2, delete #1")
    assert count_segments(said).count <= 2
    assert said.endswith("I read: add 2, delete #1\nWrong? Text UNDO.")


def test_an_empty_part_of_a_reply_is_left_out() -> None:
    assert phrases.reply("Done #1 Buy milk", "", "1 left today.") == "Done #1 Buy milk\n1 left today."
