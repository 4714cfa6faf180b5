"""Settings change one at a time; a journey keeps the clock on the wall."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.language.model import Command, DigestSetting, Intent, Setting
from shared.todos.codes import typed
from shared.todos.model import CodeMail, Settings
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


ASKS = "digest by email ada@example.com"
SENT = "I sent a code to ada@example.com. Text it here to confirm."
SET = "Set: digest 8am every day by email to ada@example.com."


def _with_mail() -> Talk:
    ada = Talk()
    ada.code = "204817"
    return ada


def test_a_digest_by_email_is_set_once_the_address_is_confirmed() -> None:
    ada = _with_mail()
    decision = ada.decides(ASKS)
    assert (decision.reply, decision.mails) == (SENT, (CodeMail(address="ada@example.com", code="204817"),))
    assert ada.person.settings.digest.channel == "text"
    assert ada.texts("204816") == "That is not the code. 4 tries left."
    decision = ada.decides("it's 204-817.")
    assert (decision.reply, decision.mails) == (SET, ())
    assert (ada.person.settings.digest.channel, ada.person.settings.digest.email) == ("email", "ada@example.com")
    assert ada.texts("undo") == "Undone: your settings are as before."
    assert ada.person.settings.digest.email == ""


def test_where_no_mail_can_be_sent_that_is_said_and_nothing_changes() -> None:
    ada = Talk()
    before = ada.person.settings
    assert ada.texts(ASKS) == "E-mail is not set up here. Nothing changed."
    assert ada.person.settings == before
    assert ada.person.dialogue.question is None


def test_who_names_no_address_is_asked_for_one_and_a_confirmed_one_is_remembered() -> None:
    ada = _with_mail()
    asked = "Nothing changed. Text it with your address, like: DIGEST BY EMAIL ada@example.com"
    assert ada.texts("digest by email") == asked
    assert ada.person.settings.digest.channel == "text"
    ada.texts_all(ASKS, "204817", "digest by text")
    assert ada.texts("digest by email") == SET


def test_a_time_and_an_address_are_set_together_once_that_is_confirmed() -> None:
    ada = _with_mail()
    assert ada.texts("digest at 7 by email ada@example.com") == SENT
    assert ada.texts("204817") == "Set: digest 7am every day by email to ada@example.com."


def test_a_code_has_five_tries() -> None:
    ada = _with_mail()
    ada.texts(ASKS)
    said = [ada.texts(f"{number:06}") for number in range(5)]
    assert said[:4] == [
        f"That is not the code. {left}." for left in ("4 tries left", "3 tries left", "2 tries left", "1 try left")
    ]
    assert said[4] == "That is not the code. Nothing changed. Ask again for a new one."
    assert ada.texts("204817") != SET
    assert ada.person.settings.digest.channel == "text"


def test_a_code_is_good_for_an_hour_whatever_else_is_texted_or_tried() -> None:
    ada = _with_mail()
    ada.texts(ASKS)
    assert ada.texts("add milk") == "Added #1 Milk"
    assert ada.texts("111111", later=timedelta(minutes=59)) == "That is not the code. 4 tries left."
    assert ada.texts("204817", later=timedelta(minutes=2)) != SET
    ada.texts(ASKS)
    ada.texts("list")
    assert ada.texts("204817", later=timedelta(minutes=30)) == SET


def test_undo_while_a_code_is_waited_for_takes_back_what_was_done() -> None:
    ada = _with_mail()
    ada.texts_all(ASKS, "add milk")
    assert ada.texts("undo") == "Undone: #1 Milk is gone."
    assert ada.texts("204817") == SET


def test_no_ends_it() -> None:
    ada = _with_mail()
    ada.texts(ASKS)
    assert ada.texts("no") == "OK, nothing changed."
    assert ada.texts("204817") != SET


def test_a_new_code_ends_the_old_one() -> None:
    ada = _with_mail()
    ada.texts(ASKS)
    ada.code = "111222"
    assert ada.texts("digest by email bob@example.com") == SENT.replace("ada", "bob")
    ada.code = "999999"
    assert ada.texts("204817") == "That is not the code. 4 tries left."
    assert ada.texts("111222") == SET.replace("ada", "bob")


def test_a_confirmed_address_stays_confirmed() -> None:
    ada = _with_mail()
    ada.texts_all(ASKS, "204817")
    assert ada.texts("digest at 7") == "Set: digest 7am every day by email to ada@example.com."
    assert ada.texts("digest by text") == "Set: digest 7am every day by text."
    decision = ada.decides(ASKS)
    assert (decision.reply, decision.mails) == ("Set: digest 7am every day by email to ada@example.com.", ())


def test_nobody_can_fill_a_strangers_mailbox() -> None:
    ada = _with_mail()
    for _ in range(5):
        assert ada.texts(ASKS) == SENT
    decision = ada.decides(ASKS)
    assert (decision.reply, decision.mails) == ("No more codes today. Nothing changed. Ask again tomorrow.", ())
    assert ada.texts(ASKS, later=timedelta(days=1)) == SENT


def test_what_is_no_address_gets_no_code() -> None:
    ada = _with_mail()
    digest = DigestSetting(channel="email", email="ada@example.com\r\nBcc: bob@example.com")
    said = ada.says(Command(intent=Intent.SETTING, setting=Setting(what="digest", digest=digest)))
    assert (said or "").startswith("I did not understand that. Nothing changed.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("204817", "204817"),
        (" 204 817\n", "204817"),
        ("the code is 204-817.", "204817"),
        ("Jotline code: 204817, thanks", "204817"),
        ("call 204817", None),
        ("2048170", None),
        ("20481", None),
        ("204817 or 204818", None),
        ("+1 212 555 0142", None),
    ],
)
def test_a_code_in_a_text(text: str, code: str | None) -> None:
    assert typed(text) == code


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


def test_signing_out_everywhere_is_no_change_that_undo_finds() -> None:
    ada = Talk()
    ada.texts("add milk")
    decision = ada.decides("revoke tokens")
    assert decision.signs_out
    assert decision.reply == (
        "Signed out everywhere; scripts too. UNDO does not take this back. To sign in again, ask for a new code."
    )
    taken_back = ada.decides("undo")
    assert taken_back.reply == "Undone: #1 Milk is gone."
    assert not taken_back.signs_out
