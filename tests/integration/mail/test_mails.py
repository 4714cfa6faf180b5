"""Mails from the text that asks for them to a real mail server, through the real functions and a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from shared.events.envelope import Event, from_json
from shared.events.ids import confirmation_code
from shared.events.schemas import NotificationEnded, NotificationRequested
from shared.policy.retries import SENDING
from shared.runtime.serving import Done
from shared.runtime.settings import Settings
from tests.asking import request
from tests.box import free_port
from tests.integration.mail.server import MailServer, mail_server
from tests.making import ADA, OURS, SECRET, message, notification
from tests.stage import Stage

pytestmark = pytest.mark.asyncio

TEN = datetime.fromisoformat("2026-11-25T10:00-05:00")
ADDRESS = "ada@example.com"


class House(Stage):
    """The functions that mails come from and go through, and what they told of."""

    def __init__(self, database: str, smtp_url: str) -> None:
        mail = {"smtp_url": smtp_url, "mail_from": "Jotline <jotline@example.org>"} if smtp_url else {}
        super().__init__(Settings(database_url=database, party_secret=SECRET.decode(), twilio_from=OURS, **mail))
        self.clock.offset = TEN - datetime.now(UTC)
        self.digest, self.notify = self.load("digest"), self.load("notify")

    async def texts(self, words: str, message_id: str = "") -> str:
        """Text; the reply. What is asked to be mailed is mailed."""
        self.carried.clear()
        await self.carry_out(message(words, at=self.clock.now(), message_id=message_id))
        [reply] = [asked.body for asked in self.asked if asked.kind == "reply"]
        await self.send_mails()
        return reply

    @property
    def asked(self) -> list[NotificationRequested]:
        return [row.event.data for row in self.carried if isinstance(row.event.data, NotificationRequested)]

    async def send_mails(self) -> None:
        """What the outboxes ask for is mailed, over the wire."""
        for row in list(self.carried):
            if isinstance(row.event.data, NotificationRequested) and row.event.data.channel == "email":
                assert len(row.event.to_json()) < 64 * 1024
                await self.send(from_json(row.event.to_json()))

    async def send(self, event: Event, attempt: int = 1) -> None:
        assert isinstance(await self.notify.deliver(event, attempt), Done)

    async def retry(self) -> timedelta:
        """Deliver the retry that was just written, at its time; how long that was."""
        row = self.carried.pop()
        assert row.not_before is not None
        waited = row.not_before - self.clock.now()
        self.clock.set(max(row.not_before, self.clock.now()))
        await self.send(row.event, row.attempt + 1)
        return waited

    async def wake_up(self, at: datetime) -> None:
        """A tick of digest at that time, and what it asks for."""
        self.clock.set(at)
        self.carried.clear()
        assert (await self.digest(request("/tick?seconds=0"))).status_code == 204
        await self.send_mails()

    @property
    def ended(self) -> list[tuple[str, NotificationEnded]]:
        """How sends ended."""
        data = [(row.event.type.rpartition(".")[2], row.event.data) for row in self.carried]
        return [(kind, one) for kind, one in data if isinstance(one, NotificationEnded)]

    async def kept(self) -> list[dict[str, Any]]:
        """The messages as they are stored."""
        rows = await self.services.messaging.database.fetch(
            "SELECT to_jsonb(m) || jsonb_build_object('channel_type', c.channel_type, 'to', c.participant_from)"
            " FROM messaging.messages m JOIN messaging.conversations c ON c.id = m.conversation_id"
        )
        return [row[0] for row in rows]  # type: ignore[misc]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


@pytest.fixture
async def house(database: str, server: MailServer) -> AsyncIterator[House]:
    made = House(database, server.url())
    yield made
    await made.services.close()


def _mail(house: House, **more: Any) -> Event:
    usual = {"channel": "email", "recipient": ADDRESS, "subject": "Wed 25 Nov: 1 today", "kind": "digest"}
    return notification(at=house.clock.now(), **{**usual, "body": "Good morning.", **more})


def _text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


async def _confirmed(house: House, server: MailServer) -> None:
    await house.texts(f"digest by email {ADDRESS}")
    [code] = re.findall(r"^\d{6}$", _text_of(server.taken.pop()), re.MULTILINE)
    assert await house.texts(code) == f"Set: digest 8am every day by email to {ADDRESS}."


async def test_an_address_is_confirmed_by_the_code_that_was_mailed_to_it(house: House, server: MailServer) -> None:
    said = await house.texts(f"digest by email {ADDRESS}", "SM00000000000000000000000000000007")
    assert said.startswith(f"I sent a code to {ADDRESS}. Text it here to confirm.")
    [mail] = server.taken
    code = confirmation_code("SM00000000000000000000000000000007", SECRET)
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Your Jotline code")
    assert _text_of(mail).startswith(f"{code}\n\n")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert await house.texts(wrong) == "That is not the code. 4 tries left."
    assert await house.texts(f"{code[:3]} {code[3:]}") == f"Set: digest 8am every day by email to {ADDRESS}."
    assert len(server.taken) == 1


async def test_nothing_of_the_code_is_kept_with_the_person(house: House, server: MailServer) -> None:
    await house.texts(f"digest by email {ADDRESS}")
    [code] = re.findall(r"^\d{6}$", _text_of(server.taken[0]), re.MULTILINE)
    [(person,)] = await house.services.todo.database.fetch("SELECT to_jsonb(u)::text FROM todo.users u")
    assert code not in str(person)


async def test_the_digest_comes_by_mail_whole(house: House, server: MailServer) -> None:
    await _confirmed(house, server)
    for number in range(1, 31):
        await house.texts(f"add errand number {number} with a rather long title as titles go <b>{number}</b> tomorrow")
    await house.wake_up(TEN.replace(hour=8, day=26))
    [mail] = server.taken
    assert mail["Subject"] == "Thu 26 Nov: 30 today"
    assert mail["List-Unsubscribe"] == f"<sms:{OURS}?body=NO%20DIGEST>"
    text = _text_of(mail)
    assert text.startswith(
        "Good morning. 30 today:\n\nToday\n#1 Errand number 1 with a rather long title as titles go <b>1</b>\n"
    )
    assert "#30 Errand number 30 with a rather long title as titles go <b>30</b>\n" in text
    assert text.endswith(f"To end these, text NO DIGEST to {OURS}.\n")
    html = mail.get_body(("html",))
    assert html is not None
    assert "as titles go &lt;b&gt;30&lt;/b&gt;</p>" in str(html.get_content())
    [kept] = [one for one in await house.kept() if one["metadata"]["kind"] == "digest"]
    assert (kept["channel_type"], kept["message_type"], kept["provider"]) == ("email", "email", "smtp")
    assert (kept["status"], kept["to"], kept["provider_message_id"]) == ("sent", ADDRESS, mail["Message-ID"].strip("<>"))
    await house.wake_up(TEN.replace(hour=8, minute=1, day=26))
    assert len(server.taken) == 1


async def test_many_todos_are_counted_where_no_event_could_carry_them(house: House, server: MailServer) -> None:
    await _confirmed(house, server)
    for number in range(10):
        await house.texts(", ".join(f"add {'&' * 40} {number} {n} today" for n in range(30)))
    await house.wake_up(TEN.replace(hour=8, day=26))
    [mail] = server.taken
    assert re.search(r"\n\+\d+ more: text LIST\n", _text_of(mail))


async def test_back_to_text_and_to_the_confirmed_address_again(house: House, server: MailServer) -> None:
    await _confirmed(house, server)
    assert await house.texts("digest by text") == "Set: digest 8am every day by text."
    assert await house.texts(f"digest by email {ADDRESS}") == f"Set: digest 8am every day by email to {ADDRESS}."
    assert server.taken == []


async def test_without_a_mail_server_that_is_said_and_nothing_changes(database: str) -> None:
    house = House(database, "")
    try:
        await house.texts("hello")
        assert await house.texts(f"digest by email {ADDRESS}") == "E-mail is not set up here. Nothing changed."
        assert await house.texts("no digest") == "Set: no digest."
    finally:
        await house.services.close()


async def test_without_a_mail_server_a_mail_is_a_dead_letter_at_once_that_says_why(database: str) -> None:
    house = House(database, "")
    try:
        await house.send(_mail(house))
        [letter] = await house.services.audit.dead_letters()
        assert letter.cause.startswith("MailNotSetUp ")
        assert house.ended == []
    finally:
        await house.services.close()


async def test_a_mail_leaves_once_however_often_it_is_asked_for(house: House, server: MailServer) -> None:
    asked = _mail(house)
    for _ in range(3):
        await house.send(asked)
    assert len(server.taken) == 1
    [(kind, ended)] = house.ended
    assert (kind, ended.channel, ended.segments) == ("sent", "email", 0)


async def test_a_reminder_by_mail_is_told_of_as_a_reminder(house: House, server: MailServer) -> None:
    await house.send(_mail(house, kind="reminder", subject="Reminder"))
    assert [row.event.type for row in house.carried] == ["jotline.reminder.sent"]
    assert len(server.taken) == 1


async def test_stop_ends_texts_and_not_mails(house: House, server: MailServer) -> None:
    await house.send(message("STOP", at=house.clock.now(), sender=ADA))
    await house.send(_mail(house))
    assert [kind for kind, _ in house.ended] == ["sent"]


async def test_a_mail_that_came_too_late_stays(house: House, server: MailServer) -> None:
    await house.send(_mail(house, expires_at=house.clock.now() - timedelta(seconds=1)))
    assert server.taken == []
    assert [(kind, ended.cause) for kind, ended in house.ended] == [("suppressed", "expired")]


async def test_an_address_that_nobody_has_is_not_tried_again(house: House, server: MailServer) -> None:
    server.faults.says["RCPT"] = "550 no such user"
    await house.send(_mail(house))
    assert [(kind, ended.cause) for kind, ended in house.ended] == [("failed", "provider error 550")]
    assert [one["status"] for one in await house.kept()] == ["failed"]


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_mail_that_may_have_left_is_sent_again_as_the_same_mail(house: House, server: MailServer, keeps: bool) -> None:
    server.faults.hangs_up.add("DATA")
    server.faults.keeps = keeps
    await house.send(_mail(house))
    assert house.ended == []
    server.faults.hangs_up.clear()
    await house.retry()
    assert len(server.taken) == 1 + keeps
    assert len({mail["Message-ID"] for mail in server.taken}) == 1
    assert [ended.possible_duplicate for _, ended in house.ended] == [True]
    assert [(one["status"], one["metadata"]["possible_duplicate"]) for one in await house.kept()] == [("sent", True)]


async def test_a_mail_is_tried_ten_times_more_from_1_to_512_seconds_and_then_is_a_dead_letter(database: str) -> None:
    house = House(database, f"smtp://127.0.0.1:{free_port()}")
    try:
        asked = _mail(house)
        await house.send(asked)
        waited = [round((await house.retry()).total_seconds()) for _ in range(10)]
        assert waited == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] == list(SENDING.delays)
        [letter] = await house.services.audit.dead_letters()
        assert (letter.function, letter.event_id, letter.attempts) == ("notify", asked.id, 11)
        assert "NotAccepted" in letter.cause
        assert house.carried == []
    finally:
        await house.services.close()


@pytest.mark.parametrize(
    "injected",
    [
        {"subject": "hello\r\nBcc: everyone@example.com"},
        {"subject": "hello\nBcc: everyone@example.com"},
        {"recipient": "ada@example.com\r\nBcc: everyone@example.com"},
        {"recipient": "ada@example.com, everyone@example.com"},
        {"recipient": "ada@example.com>\r\nRCPT TO:<everyone@example.com"},
        {"recipient": "Ada <ada@example.com>"},
        {"unsubscribe": "sms:+1>\r\nBcc: everyone@example.com"},
    ],
)
async def test_headers_and_recipients_cannot_be_injected(house: House, server: MailServer, injected: dict[str, str]) -> None:
    await house.send(_mail(house, **injected))
    assert server.envelopes == []
    assert [kind for kind, _ in house.ended] == ["failed"]


async def test_words_cannot_become_headers_or_end_the_mail(house: House, server: MailServer) -> None:
    await house.send(_mail(house, body="Bcc: everyone@example.com\r\n.\r\nMAIL FROM:<x@example.com>\r\n"))
    [(_, recipients)] = server.envelopes
    assert recipients == [ADDRESS]
    assert server.taken[0]["Bcc"] is None


async def test_words_are_never_a_template(house: House, server: MailServer) -> None:
    await _confirmed(house, server)
    await house.texts("add \"{{ 7 * 7 }} {% include '/etc/passwd' %} <script>x</script>\" today")
    await house.texts("call me {{ 8 * 8 }}")
    await house.wake_up(TEN.replace(hour=8, day=26))
    [mail] = server.taken
    html = mail.get_body(("html",))
    assert html is not None
    shown = str(html.get_content())
    assert "{{ 7 * 7 }} {% include" in shown
    assert "49" not in shown
    assert "64" not in shown
    assert "<script" not in shown
