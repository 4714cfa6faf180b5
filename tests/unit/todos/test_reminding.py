"""When a todo reminds: at its time, as long before as was wished, not in the night unless somebody chose it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.language.model import Moment, Reminder, Repeat
from shared.todos.model import Decision, Dialogue, Person, Settings, Status, Task
from shared.todos.reminding import plan, remind, replan, text

NEW_YORK = ZoneInfo("America/New_York")
SETTINGS = Settings(zone="America/New_York")
QUIET = Settings(zone="America/New_York", quiet_from=time(22), quiet_to=time(7))
TEN = datetime(2026, 11, 25, 10, tzinfo=NEW_YORK)
NOTHING_SAID = Dialogue()


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


def _task(due: datetime | date | None, **fields: Any) -> Task:
    day = due.date() if isinstance(due, datetime) else due
    return Task(
        id=UUID(int=1),
        number=1,
        title="Call mum",
        due_day=day,
        due_at=due if isinstance(due, datetime) else None,
        zone="America/New_York",
        created_at=TEN,
        **fields,
    )


def _times(task: Task, settings: Settings = SETTINGS, after: datetime = TEN) -> list[datetime]:
    return [one.at for one in plan(task, settings, after)]


def test_a_timed_todo_reminds_at_its_time() -> None:
    assert _times(_task(_at(25, 17))) == [_at(25, 17)]


def test_a_todo_for_a_day_or_for_any_time_does_not_remind_by_itself() -> None:
    assert _times(_task(date(2026, 11, 26))) == []
    assert _times(_task(None)) == []


def test_the_persons_own_way_is_earlier() -> None:
    early = SETTINGS.model_copy(update={"remind_before_seconds": 1800})
    assert _times(_task(_at(25, 17)), early) == [_at(25, 16, 30)]


def test_several_reminders_that_were_set_take_the_place_of_the_usual_one() -> None:
    set_by_hand = (Reminder(before_seconds=3600), Reminder(before_seconds=86_400))
    assert _times(_task(_at(27, 17), remind=set_by_hand)) == [_at(26, 17), _at(27, 16)]


def test_what_is_over_is_not_planned_again() -> None:
    assert _times(_task(_at(25, 17)), after=_at(25, 17)) == []


def test_a_todo_that_is_done_or_gone_does_not_remind() -> None:
    assert _times(_task(_at(25, 17), status=Status.DONE)) == []
    assert _times(_task(_at(25, 17), status=Status.DELETED)) == []


def test_a_time_set_for_the_night_comes_in_the_night() -> None:
    assert _times(_task(_at(26, 3)), QUIET) == [_at(26, 3)]
    daily = _task(_at(26, 3), repeat=Repeat(rrule="FREQ=DAILY"))
    assert _times(daily, QUIET) == [_at(26, 3)]


def test_a_repeat_that_falls_into_the_night_waits_for_the_morning() -> None:
    feeding = _task(_at(26, 3), repeat=Repeat(rrule="FREQ=HOURLY;INTERVAL=12"))
    (planned,) = plan(feeding, QUIET, TEN)
    assert (planned.at, planned.meant_for) == (_at(26, 7), _at(26, 3))


def test_hours_before_a_morning_are_the_persons_wish_of_an_all_day_todo_are_not() -> None:
    twelve_hours = (Reminder(before_seconds=int(timedelta(hours=12).total_seconds())),)
    assert _times(_task(_at(27, 14), remind=twelve_hours), QUIET) == [_at(27, 2)]
    all_day = _task(date(2026, 11, 27), remind=(Reminder(before_seconds=int(timedelta(hours=10).total_seconds())),))
    assert _times(all_day, QUIET) == [_at(27, 7)]


def test_a_snooze_is_a_moment_that_was_stated() -> None:
    snoozed = _task(_at(25, 9), remind=(Reminder(at=Moment(day=date(2026, 11, 25), at=_at(25, 23))),))
    assert _times(snoozed, QUIET) == [_at(25, 23)]


def test_always_so_long_before_waits_for_the_morning_if_that_is_early_enough() -> None:
    early = QUIET.model_copy(update={"remind_before_seconds": 12 * 3600})
    assert _times(_task(_at(26, 17)), early) == [_at(26, 7)]
    assert _times(_task(_at(26, 6)), QUIET.model_copy(update={"remind_before_seconds": 1800})) == [_at(26, 5, 30)]


def test_a_snooze_does_not_take_the_place_of_the_usual_reminder() -> None:
    again = Reminder(at=Moment(day=date(2026, 11, 26), at=_at(26, 9)), again=True)
    assert _times(_task(_at(26, 17), remind=(again,))) == [_at(26, 9), _at(26, 17)]


def test_where_a_reminder_was_over_before_the_todo_was_there_the_usual_one_comes() -> None:
    day_before = (Reminder(before_seconds=86_400),)
    assert _times(_task(_at(25, 17), remind=day_before)) == [_at(25, 17)]
    older = _task(_at(25, 17), remind=day_before).model_copy(update={"created_at": TEN - timedelta(days=3)})
    assert _times(older) == []


def test_what_is_due_is_one_text_and_what_it_says_can_be_answered() -> None:
    first, other = _task(_at(25, 17)), _task(_at(25, 17)).model_copy(update={"id": UUID(int=2), "number": 2})
    made = remind(_person(first, other, first), [_at(25, 17)], _at(25, 17))
    assert made.text == "Reminders:\n#1 Call mum (now)\n#2 Call mum (now)\nReply DONE, 1H, TOMORROW or a time."
    assert made.dialogue.reminded == made.dialogue.that == (first.id, other.id)
    assert (made.dialogue.shown, made.dialogue.reminded_at) == ((1, 2), _at(25, 17))
    assert not made.late


def test_whoever_is_done_or_has_opted_out_is_not_reminded_and_nothing_is_spoken_of() -> None:
    done = _person(_task(_at(25, 17), status=Status.DONE))
    stopped = _person(_task(_at(25, 17)), dialogue=Dialogue(stopped={"word": "STOP", "channel": "sms"}))
    for person in (done, stopped):
        made = remind(person, [_at(25, 17)], _at(25, 17))
        assert (made.text, made.dialogue) == (None, person.dialogue)


def test_who_opted_out_of_sms_and_writes_on_whatsapp_is_reminded_there() -> None:
    stopped = Dialogue(stopped={"word": "STOP", "channel": "sms"})
    person = _person(_task(_at(25, 17)), dialogue=stopped).model_copy(update={"channel": "whatsapp"})
    assert remind(person, [_at(25, 17)], _at(25, 17)).text is not None


def test_all_open_todos_are_planned_anew_when_quiet_hours_the_zone_or_the_usual_time_changes() -> None:
    cat = _task(_at(26, 3), repeat=Repeat(rrule="FREQ=HOURLY;INTERVAL=12"))
    early = {"remind_before_seconds": 1800}
    assert _replanned(cat, quiet_from=time(22), quiet_to=time(7)) == [_at(26, 7)]
    assert _replanned(cat, **early) == [_at(26, 2, 30)]
    assert _replanned(cat, zone="Asia/Tokyo") == [_at(26, 3)]
    assert _replanned(cat, name="Ada") is None


def _replanned(task: Task, **changes: Any) -> list[datetime] | None:
    person = _person(task)
    settings = person.settings.model_copy(update=changes)
    replanned = replan(person, Decision(reply=None, settings=settings, dialogue=person.dialogue), TEN)
    return [one.at for _, _, one in replanned.planned] if replanned.tasks else None


def _person(*tasks: Task, dialogue: Dialogue = NOTHING_SAID) -> Person:
    return Person(id=UUID(int=9), party="p", phone="+12125550142", settings=SETTINGS, tasks=tasks, dialogue=dialogue)


def test_a_reminder_says_now_or_when_it_was_or_will_be() -> None:
    timed = _task(_at(25, 17))
    assert text([timed], SETTINGS, _at(25, 17), late=False, hint=False) == "Reminder: #1 Call mum (now)"
    assert text([timed], SETTINGS, _at(25, 16, 30), late=False, hint=False) == "Reminder: #1 Call mum (today 5pm)"
    assert text([timed], SETTINGS, _at(25, 18), late=False, hint=False) == "Reminder: #1 Call mum (was due today 5pm)"


def test_a_late_one_says_sorry_and_the_first_ones_how_to_answer() -> None:
    assert text([_task(_at(25, 17))], SETTINGS, _at(25, 17, 20), late=True, hint=True) == (
        "Reminder (late, sorry): #1 Call mum (was due today 5pm)\nReply DONE, 1H, TOMORROW or a time."
    )


def test_several_at_once_are_one_text_of_two_segments() -> None:
    pills = _task(_at(25, 17), repeat=Repeat(rrule="FREQ=DAILY")).model_copy(update={"number": 5, "title": "Take pills"})
    both = text([_task(_at(25, 17)), pills], SETTINGS, _at(25, 17), late=False, hint=False)
    assert both == "Reminders:\n#1 Call mum (now)\n#5 Take pills (now)"
    many = text([pills] * 40, SETTINGS, _at(25, 17), late=False, hint=False)
    assert many.endswith("more: text LIST")


def test_a_repeating_todo_reminds_next_at_its_next_time_done_or_not() -> None:
    pills = _task(_at(25, 21), repeat=Repeat(rrule="FREQ=DAILY"))
    assert _times(pills) == [_at(25, 21)]
    assert _times(pills, after=_at(25, 21)) == [_at(26, 21)]
    assert _times(pills, after=_at(28, 10)) == [_at(28, 21)]
    assert text([pills], SETTINGS, _at(28, 21), late=False, hint=False) == "Reminder: #1 Call mum (now)"


def test_one_that_counts_from_being_done_waits_for_that() -> None:
    plants = _task(_at(25, 9), repeat=Repeat(rrule="FREQ=DAILY;INTERVAL=3", after_done=True))
    assert _times(plants, after=_at(25, 9)) == []
