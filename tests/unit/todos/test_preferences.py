"""Settings change one at a time; a journey keeps the clock on the wall."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.language.model import Command, DigestSetting, Intent, Setting
from shared.todos.model import Settings
from shared.todos.preferences import in_force
from tests.unit.todos.memory import NOW, ZONE
from tests.unit.todos.talk import Talk

TOKYO = ZoneInfo("Asia/Tokyo")


def test_timed_todos_move_with_the_person() -> None:
    ada = Talk()
    ada.texts_all("add standup tomorrow 9am", "remind me to call mum tomorrow", "add dentist 4 dec 3pm", "add stamps")
    assert ada.texts("I'm in Tokyo this week") == "Set: Tokyo time until Sun, now Thu 12:08am. 9am stays 9am."
    assert ada.todo(1).due_at == datetime(2026, 11, 26, 9, tzinfo=TOKYO)
    assert ada.texts("2") == "#2 Call mum (today, reminder 9am)"
    assert ada.todo(3).due_at == datetime(2026, 12, 4, 15, tzinfo=ZoneInfo(ZONE))


def test_what_is_done_or_moved_on_a_journey_keeps_its_time_of_day() -> None:
    ada = Talk()
    ada.texts_all("add standup every day at 9am", "add dentist 4 dec 3pm", "I'm in Tokyo until friday")
    assert ada.todo(1).zone == "Asia/Tokyo"
    ada.texts_all("done 1", "move dentist to 5 dec")
    assert ada.todo(1).due_at == datetime(2026, 11, 27, 9, tzinfo=TOKYO)
    assert ada.todo(2).due_at == datetime(2026, 12, 5, 15, tzinfo=ZoneInfo(ZONE))
    assert ada.texts("done 1", later=timedelta(minutes=2)) == "Done #1 Standup (next: Sat 9am)"
    assert ada.todo(1).due_at == datetime(2026, 11, 28, 9, tzinfo=ZoneInfo(ZONE))
    assert ada.texts("move 2 to today 6pm") == "Moved #2 Dentist (today 6pm)"
    assert ada.todo(2).due_at == datetime(2026, 11, 26, 18, tzinfo=TOKYO)


def test_a_journey_ends_by_itself() -> None:
    travelling = Settings(zone="Asia/Tokyo", zone_home=ZONE, zone_until=date(2026, 11, 29))
    assert in_force(travelling, NOW) == travelling
    assert in_force(travelling, NOW + timedelta(days=5)) == Settings(zone=ZONE)


def test_a_journey_from_a_journey_leads_home() -> None:
    ada = Talk()
    ada.texts_all("I'm in Tokyo this week", "I'm in London this week")
    assert (ada.person.settings.zone, ada.person.settings.zone_home) == ("Europe/London", ZONE)
    ada.texts("timezone is Tokyo")
    assert (ada.person.settings.zone_home, ada.person.settings.zone_until) == ("", None)


def test_a_place_nobody_knows_changes_nothing() -> None:
    ada = Talk()
    assert ada.texts("I'm in Xyzzyville") == "I do not know Xyzzyville. Nothing changed. Text a big city near you."
    assert ada.person.settings.zone == ZONE


def test_only_what_was_said_of_the_digest_changes() -> None:
    ada = Talk()
    ada.texts_all("digest at 7", "no digest")
    assert (ada.person.settings.digest.on, ada.person.settings.digest.at) == (False, time(7))
    assert ada.texts("digest weekdays only") == "Set: digest 7am every weekday by text."


def test_a_digest_by_email_is_not_set_without_a_confirmed_address() -> None:
    ada = Talk()
    digest = DigestSetting(channel="email", email="ada@example.com")
    assert (ada.says(Command(intent=Intent.SETTING, setting=Setting(what="digest", digest=digest))) or "").startswith(
        "I did not understand that. Nothing changed."
    )
    assert ada.person.settings.digest.channel == "text"


def test_quiet_hours_come_and_go() -> None:
    ada = Talk()
    ada.texts("quiet from 10pm to 7am")
    assert (ada.person.settings.quiet_from, ada.person.settings.quiet_to) == (time(22), time(7))
    assert ada.texts("quiet off") == "Set: no quiet hours."
    assert ada.person.settings.quiet_from is None


def test_meanings_are_used_by_the_next_text() -> None:
    ada = Talk()
    ada.texts_all("tonight means 9pm", "24h")
    assert ada.texts("add bins tonight") == "Added #1 Bins (today 21:00)"


def test_an_unknown_word_cannot_be_given_a_meaning() -> None:
    setting = Setting(what="meaning", word="hours", at=time(9))
    assert (Talk().says(Command(intent=Intent.SETTING, setting=setting)) or "").startswith("I did not understand that.")
