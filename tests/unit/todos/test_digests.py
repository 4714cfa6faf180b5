"""When the digest comes and what is in it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.messages.mails import letters
from shared.messages.segments import count_segments
from shared.todos.digests import contents, letter, morning, next_digest, text
from shared.todos.model import Dialogue, Digest, Person, Settings, Status, Task

NEW_YORK = ZoneInfo("America/New_York")
SETTINGS = Settings(zone="America/New_York")
WEDNESDAY = datetime(2026, 11, 25, 8, tzinfo=NEW_YORK)
NOTHING_SAID = Dialogue()


def _settings(**digest: object) -> Settings:
    return SETTINGS.model_copy(update={"digest": Digest(**digest)})


def test_it_comes_at_eight_every_day() -> None:
    assert next_digest(SETTINGS, WEDNESDAY - timedelta(seconds=1)) == WEDNESDAY
    assert next_digest(SETTINGS, WEDNESDAY) == WEDNESDAY + timedelta(days=1)


def test_on_weekdays_only_friday_is_followed_by_monday() -> None:
    friday = WEDNESDAY + timedelta(days=2)
    assert next_digest(_settings(days="every weekday"), friday) == friday + timedelta(days=3)


def test_whoever_wants_none_gets_none() -> None:
    assert next_digest(_settings(on=False), WEDNESDAY) is None


def test_eight_oclock_is_eight_oclock_on_both_sides_of_a_change_of_the_clocks() -> None:
    saturday = datetime(2026, 3, 7, 8, tzinfo=NEW_YORK)
    sunday = next_digest(SETTINGS, saturday)
    assert sunday is not None
    assert (sunday.astimezone(NEW_YORK).hour, sunday - saturday.astimezone(UTC)) == (8, timedelta(hours=23))


def test_an_hour_that_is_left_out_comes_an_hour_later_and_one_that_comes_twice_is_used_once() -> None:
    at_half_past_two = _settings(at=time(2, 30))
    spring = next_digest(at_half_past_two, datetime(2026, 3, 8, 0, tzinfo=NEW_YORK))
    assert spring == datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK)
    at_half_past_one = _settings(at=time(1, 30))
    autumn = next_digest(at_half_past_one, datetime(2026, 11, 1, 0, tzinfo=NEW_YORK))
    assert autumn is not None
    following = next_digest(at_half_past_one, autumn)
    assert following is not None
    assert following.date() == date(2026, 11, 2)


def test_a_traveller_gets_it_where_they_are() -> None:
    there = Settings(zone="Asia/Tokyo", zone_until=date(2026, 11, 29), zone_home="America/New_York")
    in_tokyo = next_digest(there, WEDNESDAY)
    assert in_tokyo == datetime(2026, 11, 26, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
    back_home = next_digest(there, datetime(2026, 11, 29, 12, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert back_home == datetime(2026, 11, 30, 8, tzinfo=NEW_YORK)


def test_quiet_hours_hold_it_back() -> None:
    quiet = SETTINGS.model_copy(update={"quiet_from": time(22), "quiet_to": time(9)})
    assert next_digest(quiet, WEDNESDAY - timedelta(hours=3)) == WEDNESDAY + timedelta(hours=1)


@given(
    after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - hypothesis wants naive bounds
    zone=st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]),
    at=st.times(),
    weekdays=st.booleans(),
)
def test_there_is_always_a_next_one_and_never_two_on_a_day(after: datetime, zone: str, at: time, weekdays: bool) -> None:
    days = "every weekday" if weekdays else "every day"
    settings = Settings(zone=zone, digest=Digest(at=at.replace(second=0, microsecond=0), days=days))
    first = next_digest(settings, after.replace(tzinfo=UTC))
    assert first is not None
    second = next_digest(settings, first)
    assert second is not None
    assert after.replace(tzinfo=UTC) < first < second
    assert first.astimezone(ZoneInfo(zone)).date() < second.astimezone(ZoneInfo(zone)).date()


def _task(number: int, due: datetime | date | None, end: date | None = None, status: Status = Status.OPEN) -> Task:
    day = due.date() if isinstance(due, datetime) else due
    return Task(
        id=UUID(int=number),
        number=number,
        title=f"Todo {number}",
        status=status,
        due_day=day,
        due_at=due if isinstance(due, datetime) else None,
        end_day=end,
        zone="America/New_York",
        created_at=WEDNESDAY,
    )


def test_it_shows_what_is_overdue_then_today_then_what_has_no_date() -> None:
    today, tomorrow = WEDNESDAY.date(), WEDNESDAY.date() + timedelta(days=1)
    tasks = [
        _task(1, None),
        _task(2, WEDNESDAY.replace(hour=17)),
        _task(3, WEDNESDAY - timedelta(days=2)),
        _task(4, tomorrow),
        _task(5, today),
        _task(6, today, status=Status.DONE),
        _task(7, today - timedelta(days=1), end=tomorrow),
    ]
    found = contents(tasks, WEDNESDAY)
    numbers = [[task.number for task in part] for part in (found.overdue, found.today, found.untimed)]
    assert numbers == [[3], [7, 2, 5], [1]]
    assert found.worth_sending


def test_todos_for_later_and_for_any_time_are_no_reason_to_text() -> None:
    assert not contents([_task(1, None), _task(2, date(2026, 12, 4))], WEDNESDAY).worth_sending


def test_the_first_one_says_how_to_end_them() -> None:
    tasks = [_task(1, None), _task(2, WEDNESDAY.replace(hour=17)), _task(3, WEDNESDAY.replace(day=23, hour=9))]
    assert text(contents(tasks, WEDNESDAY), SETTINGS.model_copy(update={"name": "Ada"}), WEDNESDAY, first=True) == (
        "Good morning Ada. 1 today, 1 overdue, 1 any time:\n"
        "#3 Todo 3 (was due Mon 9am)\n"
        "#2 Todo 2 (5pm)\n"
        "#1 Todo 1\n"
        "To end these, text NO DIGEST."
    )


@given(count=st.integers(1, 60), letters=st.integers(1, 255), script=st.sampled_from("aä中"))
def test_however_much_there_is_it_takes_two_segments_and_counts_what_it_leaves_out(
    count: int, letters: int, script: str
) -> None:
    tasks = [_task(n, WEDNESDAY.date()).model_copy(update={"title": script * letters}) for n in range(1, count + 1)]
    said = text(contents(tasks, WEDNESDAY), SETTINGS, WEDNESDAY, first=False)
    shown = said.count("\n#")
    left = said.rpartition("+")[2].partition(" ")[0] if "+" in said else "0"
    assert count_segments(said).count <= 2
    assert shown + int(left) == count


def test_a_mail_holds_all_of_it_under_headings_and_whole_titles() -> None:
    long = "A title that goes on for rather longer than a line of a text message would"
    tasks = [_task(1, WEDNESDAY - timedelta(days=2)), _task(2, WEDNESDAY.replace(hour=17)), _task(3, None)]
    tasks += [_task(number, None).model_copy(update={"title": long}) for number in range(4, 40)]
    mail = letter(contents(tasks, WEDNESDAY), SETTINGS, WEDNESDAY, ours="+14155550100")
    assert mail.subject == "Wed 25 Nov: 1 today, 1 overdue, 37 any time"
    assert mail.text.startswith(
        "Good morning. 1 today, 1 overdue, 37 any time:\n\nOverdue\n#1 Todo 1 (was due Mon 8am)\n\nToday\n#2 Todo 2 (5pm)\n\n"
    )
    assert f"#39 {long}\n\nTo end these, text NO DIGEST to +14155550100.\n" in mail.text
    assert mail.html.count(long) == 36
    assert all(mail.html.count(f">{heading}</h2>") == 1 for heading in ("Overdue", "Today", "Any time"))


def test_a_mail_fits_an_event_whatever_is_in_it() -> None:
    tasks = [_task(number, WEDNESDAY).model_copy(update={"title": "&" * 255}) for number in range(1, 500)]
    mail = letter(contents(tasks, WEDNESDAY), SETTINGS, WEDNESDAY, ours="")
    assert 30_000 < mail.size <= letters.MOST_BYTES
    shown = mail.text.count("&" * 255)
    assert f"\n+{499 - shown} more: text LIST\n" in mail.text
    assert mail.html.count("&amp;" * 255) == shown


@given(words=st.text(min_size=1), name=st.text())
def test_words_of_people_are_words_in_a_mail(words: str, name: str) -> None:
    plain = contents([_task(1, WEDNESDAY)], WEDNESDAY)
    theirs = contents([_task(1, WEDNESDAY).model_copy(update={"title": words})], WEDNESDAY)
    named = SETTINGS.model_copy(update={"name": name})
    tags = [re.findall(r"<[^>]*>", letter(found, named, WEDNESDAY, ours="").html) for found in (plain, theirs)]
    assert tags[0] == tags[1]
    assert letter(theirs, named, WEDNESDAY, ours="").subject == letter(plain, SETTINGS, WEDNESDAY, ours="").subject


def test_what_was_shown_can_be_answered_and_a_reminder_before_it_can_no_more() -> None:
    tasks = [
        Task(id=UUID(int=n), number=n, title=f"Bring the big box number {n}", due_day=WEDNESDAY.date(), created_at=WEDNESDAY)
        for n in range(1, 30)
    ]
    before = Dialogue(reminded=(UUID(int=3),), reminded_at=WEDNESDAY, heard={"text": "hi", "listed": False})
    made = morning(_person(tasks, before), WEDNESDAY, WEDNESDAY)
    said = text(made.contents, SETTINGS, WEDNESDAY, first=made.first)
    count = said.count("Bring")
    assert made.outcome == "sent"
    assert 1 < count < 29
    assert f"+{29 - count} more: text LIST" in said
    assert made.dialogue.shown == tuple(range(1, count + 1))
    assert (made.dialogue.reminded, made.dialogue.reminded_at) == ((), None)
    assert len((made.dialogue.page or {})["seen"]) == count


def test_a_digest_by_mail_is_no_part_of_the_conversation() -> None:
    by_mail = _settings(channel="email", email="ada@example.com")
    person = _person([_due_now()], Dialogue(shown=(7,), hints={"digest": 1})).model_copy(update={"settings": by_mail})
    made = morning(person, WEDNESDAY, WEDNESDAY)
    assert (made.outcome, made.first, made.dialogue.shown, made.dialogue.hints) == ("sent", False, (7,), {"digest": 2})


def test_nothing_to_say_too_late_and_opted_out_are_no_digest() -> None:
    stopped = Dialogue(stopped={"word": "STOP", "channel": "sms"})
    outcomes = {
        "nothing to say": morning(_person([]), WEDNESDAY, WEDNESDAY),
        "stale": morning(_person([_due_now()]), WEDNESDAY - timedelta(hours=2, seconds=1), WEDNESDAY),
        "opted out": morning(_person([_due_now()], stopped), WEDNESDAY, WEDNESDAY),
    }
    assert {name: made.outcome for name, made in outcomes.items()} == {name: name for name in outcomes}
    assert not any(made.dialogue.hints or made.dialogue.shown for made in outcomes.values())


def _due_now() -> Task:
    return Task(id=UUID(int=1), number=1, title="Call mum", due_day=WEDNESDAY.date(), created_at=WEDNESDAY)


def _person(tasks: list[Task], dialogue: Dialogue = NOTHING_SAID) -> Person:
    return Person(id=UUID(int=9), party="p", phone="+12125550142", settings=SETTINGS, tasks=tuple(tasks), dialogue=dialogue)
