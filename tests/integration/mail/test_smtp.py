"""Our side of SMTP against a real server: what each of its failures means, on a connection that is encrypted where it has to be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from shared.providers.contract import Mail, NotAccepted, OutcomeUnknown, Rejected
from shared.providers.smtp import Sender, Smtp, read_server
from tests.box import free_port
from tests.integration.mail.server import MailServer, certificate, mail_server

pytestmark = pytest.mark.asyncio

US = Sender("jotline@example.org")
MAIL = Mail(
    message_id=UUID(int=7),
    to="ada@example.com",
    subject="Wed 25 Nov: 1 today",
    text="Good morning Zoë.\n.\nFrom here on dots and lines stay\n",
    html="<p>Good morning Zoë.</p>\n",
    unsubscribe="sms:+14155550100?body=NO%20DIGEST",
    sent_at=datetime(2026, 11, 25, 13, tzinfo=UTC),
)
SIGN_IN = "jotline:p%40ss%2Fword"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


def smtp(url: str, *, timeout_seconds: float = 5.0) -> Smtp:
    return Smtp(read_server(url), US, timeout_seconds=timeout_seconds)


async def test_a_mail_arrives_as_it_was_written(server: MailServer) -> None:
    accepted = await smtp(server.url()).send(MAIL)
    [mail] = server.taken
    assert (accepted.sid, accepted.status) == ("00000000-0000-0000-0000-000000000007@example.org", "sent")
    assert mail["Message-ID"] == f"<{accepted.sid}>"
    assert (mail["From"], mail["To"], mail["Subject"]) == ("Jotline <jotline@example.org>", MAIL.to, MAIL.subject)
    assert mail["Date"].datetime == MAIL.sent_at
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<sms:+14155550100?body=NO%20DIGEST>"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert (text, html) == (MAIL.text.replace("\n", "\r\n"), MAIL.html.replace("\n", "\r\n"))
    assert server.envelopes == [("jotline@example.org", ["ada@example.com"])]


async def test_a_mail_that_is_sent_twice_is_the_same_to_the_byte(server: MailServer) -> None:
    await smtp(server.url()).send(MAIL)
    await smtp(server.url()).send(MAIL)
    first, second = server.raw
    assert first == second
    assert first.isascii()


@pytest.mark.parametrize("code", [421, 450])
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_what_cannot_be_taken_now_is_sent_later(server: MailServer, stage: str, code: int) -> None:
    server.faults.says[stage] = f"{code} not now, ada@example.com"
    with pytest.raises(NotAccepted) as caught:
        await smtp(server.url()).send(MAIL)
    assert "ada" not in str(caught.value)
    assert server.taken == []


@pytest.mark.parametrize(
    ("stage", "said", "what"),
    [
        ("MAIL", "550 no", NotAccepted),  # this is about us: the mail waits until our settings are mended
        ("MAIL", "552 too large", Rejected),
        ("RCPT", "550 nobody here", Rejected),
        ("DATA", "550 spam", Rejected),
        ("DATA", "554 no", Rejected),
    ],
)
async def test_a_refusal_for_good_is_the_mails_or_ours(
    server: MailServer, stage: str, said: str, what: type[Exception]
) -> None:
    server.faults.says[stage] = said
    with pytest.raises(what, match=said[:3]):
        await smtp(server.url()).send(MAIL)
    assert server.taken == []


async def test_a_server_that_is_leaving_says_so_first(server: MailServer) -> None:
    server.faults.says["EHLO"] = "421 going down"
    with pytest.raises(NotAccepted):
        await smtp(server.url()).send(MAIL)


async def test_who_answers_is_there_and_others_need_not_wait(server: MailServer) -> None:
    server.faults.says["RCPT"] = "450 greylisted"
    with pytest.raises(NotAccepted) as greylisted:
        await smtp(server.url()).send(MAIL)
    server.faults.says["RCPT"] = "421 going down"
    with pytest.raises(NotAccepted) as going_down:
        await smtp(server.url()).send(MAIL)
    assert (greylisted.value.retry_after_seconds, going_down.value.retry_after_seconds) == (0.0, None)


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT"])
async def test_a_connection_that_breaks_before_the_mail_has_left_took_nothing(server: MailServer, stage: str) -> None:
    server.faults.hangs_up.add(stage)
    with pytest.raises(NotAccepted):
        await smtp(server.url()).send(MAIL)


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_connection_that_breaks_with_the_mail_under_way_leaves_it_open(server: MailServer, keeps: bool) -> None:
    server.faults.hangs_up.add("DATA")
    server.faults.keeps = keeps
    with pytest.raises(OutcomeUnknown):
        await smtp(server.url()).send(MAIL)
    assert len(server.taken) == keeps


async def test_nobody_there() -> None:
    with pytest.raises(NotAccepted, match="SMTP_URL"):
        await smtp(f"smtp://127.0.0.1:{free_port()}").send(MAIL)


@asynccontextmanager
async def talking(*lines: bytes) -> AsyncIterator[str]:
    """Somebody who says these lines, one for each that they hear, and then nothing; the URL."""
    over = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in lines:
            writer.write(line)
            if not await reader.readline():
                break
        await reader.read()
        writer.close()
        over.set()

    answering = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with answering:
        yield f"smtp://127.0.0.1:{answering.sockets[0].getsockname()[1]}"
        await over.wait()


@pytest.mark.parametrize("lines", [(), (b"220 mail.test\r\n", b"250 mail.test\r\n")])
async def test_silence_before_the_mail_has_left_took_nothing(lines: tuple[bytes, ...]) -> None:
    async with talking(*lines) as url:
        with pytest.raises(NotAccepted):
            await smtp(url, timeout_seconds=0.2).send(MAIL)


async def test_silence_after_it_leaves_it_open() -> None:
    async with talking(b"220 x\r\n", b"250 x\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n") as url:
        with pytest.raises(OutcomeUnknown):
            await smtp(url, timeout_seconds=0.5).send(MAIL)


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 too busy\r\n", b"HTTP/1.1 400 Bad Request\r\n"])
async def test_a_greeting_that_is_none(greeting: bytes) -> None:
    async with talking(greeting) as url:
        with pytest.raises(NotAccepted):
            await smtp(url).send(MAIL)


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_encrypted_connection_to_whom_we_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    own = certificate(tmp_path)
    with mail_server(tls=own, at_once=at_once) as server:
        url = server.url(scheme="smtps") if at_once else server.url(query="?starttls=on")
        with pytest.raises(NotAccepted):
            await smtp(url).send(MAIL)
        assert server.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        await smtp(url).send(MAIL)
        assert server.encrypted == [True]


async def test_starttls_that_is_not_offered_is_not_done_without(server: MailServer) -> None:
    with pytest.raises(NotAccepted):
        await smtp(server.url(query="?starttls=on")).send(MAIL)
    assert server.taken == []


async def test_a_name_and_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with mail_server(tls=own, sign_in=True) as server:
        await smtp(server.url(user=SIGN_IN, query="?starttls=on")).send(MAIL)
        assert server.signed_in == [True]
        for user in ("jotline:wrong", ""):
            with pytest.raises(NotAccepted) as caught:
                await smtp(server.url(user=user, query="?starttls=on")).send(MAIL)
            assert "wrong" not in str(caught.value)
        assert len(server.taken) == 1
