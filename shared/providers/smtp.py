"""A mail server as a `Mailer`: one connection and one message a mail (RFC 5321), by aiosmtplib.

What the server says, in the words of the contract:

    taken                250 after the message
    Rejected             5xx about this mail: to its recipient, to its size, to what is in it
    NotAccepted          4xx at any time; nobody there, no TLS; and everything that is wrong with our settings (AUTH refused,
                         our own address refused): the mail must survive until someone mends them
    OutcomeUnknown       cut off or silent once the message was under way

Nobody can ask a mail server what became of a mail. So its Message-ID is made of the message's own id, and whatever else makes up
the mail is the same on every try: servers and mail programs see a second one for what it is.

The other side's words are never passed on: they repeat addresses. Nothing heavy is imported before the first mail.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from shared.messages.addresses import is_address
from shared.providers.contract import Accepted, Mail, NotAccepted, OutcomeUnknown, ProviderError, Rejected

if TYPE_CHECKING:
    from email.message import EmailMessage

    from aiosmtplib import SMTP, SMTPResponseException

#: For all of a mail; shorter than notify's lease. RFC 5321 (section 4.5.3.2) would wait longer, but nothing is lost by asking again.
TIMEOUT_SECONDS = 20.0
_GOODBYE_SECONDS = 2.0
#: "Service not available, closing transmission channel": the server is as good as away.
_GOING_AWAY = 421
#: The mail is larger than the server takes, at whichever stage it says so (RFC 1870).
_TOO_LARGE = 552

_NAMED = re.compile(r"(?P<name>[^<>\"\\\x00-\x1f\x7f]*)<(?P<address>[^<>]+)>")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are handed over."""

    host: str
    port: int
    tls: Literal["none", "starttls", "at once"]
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who our mails are from."""

    address: str
    name: str = "Jotline"

    @property
    def host(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


def read_server(url: str) -> Server:
    """The server of an SMTP_URL: `smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465` (TLS at once).

    Without TLS only to this machine, or with `?starttls=off`; never a password over the network.

    Raises:
        ValueError: says what to write instead; the URL itself is not repeated.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("must be smtp://user:password@host:587 or smtps://user:password@host:465")
    port = _port(parts)
    local = _is_local(parts.hostname)
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = _tls(parts, local=local)
    if bool(username) != bool(password):
        raise ValueError("needs both a user and a password, or neither; write special characters as %40 and the like")
    if password and tls == "none" and not local:
        raise ValueError("would send the password unencrypted: leave out ?starttls=off")
    return Server(parts.hostname, port, tls, username, password)


def read_sender(text: str) -> Sender:
    """The sender of a MAIL_FROM: `jotline@example.org` or `Jotline <jotline@example.org>`.

    Raises:
        ValueError: it is neither.
    """
    named = _NAMED.fullmatch(text.strip())
    address = named["address"] if named else text.strip()
    if not is_address(address):
        raise ValueError("must be an address like jotline@example.org or Jotline <jotline@example.org>")
    name = named["name"].strip() if named else ""
    return Sender(address, name) if name else Sender(address)


def message_id(mail: Mail, sender: Sender) -> str:
    """The mail's Message-ID without its brackets: the same on every try."""
    return f"{mail.message_id}@{sender.host}"


def compose(mail: Mail, sender: Sender) -> EmailMessage:
    """The mail as it goes over the wire: ASCII only, the same bytes on every try.

    Raises:
        Rejected: it cannot be a mail: no address, more than one line where one belongs.
    """
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP as WIRE
    from email.utils import format_datetime

    if not is_address(mail.to):
        raise Rejected("that is no address a mail can go to")
    message = EmailMessage(policy=WIRE.clone(cte_type="7bit"))
    try:
        message["From"] = Address(sender.name, addr_spec=sender.address)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.sent_at)
        message["Message-ID"] = f"<{message_id(mail, sender)}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes in answer
        if mail.unsubscribe:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
    except ValueError:  # the policy takes no line breaks
        raise Rejected("a header of that mail has more than one line") from None
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        message.set_boundary(f"=_{mail.message_id.hex}")
    return message


class Smtp:
    """A mail server, and who we are to it."""

    def __init__(self, server: Server, sender: Sender, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Nothing connects before the first mail.

        Args:
            server: where mails are handed over.
            sender: who they are from.
            timeout_seconds: for all of a mail.
        """
        self._server, self._sender, self._timeout_seconds = server, sender, timeout_seconds

    async def send(self, mail: Mail) -> Accepted:
        """Hand one mail over.

        Raises:
            Rejected, NotAccepted, OutcomeUnknown: see the module.
        """
        import aiosmtplib

        written = compose(mail, self._sender).as_bytes()
        client = self._client()
        under_way = False
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._address(client, mail.to)
                under_way = True
                await client.data(written)
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error, under_way=under_way) from None
        except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError and TLS errors are OSErrors
            raise _lost(error, under_way=under_way) from None
        else:
            await _say_goodbye(client)
        finally:
            client.close()
        return Accepted(sid=message_id(mail, self._sender), status="sent", segments=0)

    def _client(self) -> SMTP:
        from aiosmtplib import SMTP

        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.password or None,
            local_hostname=self._sender.host,  # without it, this machine's name would be looked up
            timeout=self._timeout_seconds,
            use_tls=server.tls == "at once",
            start_tls=server.tls == "starttls",
        )

    async def _address(self, client: SMTP, to: str) -> None:
        """Connect, sign in, and say who the mail is from and for."""
        await client.connect()
        await client.mail(self._sender.address)
        await client.rcpt(to)


async def _say_goodbye(client: SMTP) -> None:
    """The mail is taken: what goes wrong now is nobody's business."""
    from aiosmtplib import SMTPException

    with suppress(SMTPException, OSError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            await client.quit()


def _refusal(error: SMTPResponseException, *, under_way: bool) -> ProviderError:
    """What an answer other than "yes" means. Who answers 4xx is there: no reason to leave others waiting (`Guard`)."""
    from aiosmtplib import SMTPAuthenticationError, SMTPRecipientRefused, SMTPSenderRefused

    code = error.code
    if code == _TOO_LARGE or (code >= 500 and (under_way or isinstance(error, SMTPRecipientRefused))):
        return Rejected(f"the mail server refused the mail (SMTP {code})", code)
    if isinstance(error, SMTPAuthenticationError):
        return NotAccepted(f"the mail server did not let us in (SMTP {code}): check user and password in SMTP_URL", code)
    if isinstance(error, SMTPSenderRefused) and code >= 500:
        return NotAccepted(f"the mail server does not take mail from us (SMTP {code}): check MAIL_FROM", code)
    if code >= 500:
        return NotAccepted(f"the mail server turned us away (SMTP {code}): check SMTP_URL", code)
    if code >= 400:
        there = None if code == _GOING_AWAY else 0.0
        return NotAccepted(f"the mail server cannot take the mail now (SMTP {code})", code, retry_after_seconds=there)
    return OutcomeUnknown("the mail server answered without sense") if under_way else NotAccepted("that is no mail server")


def _lost(error: Exception, *, under_way: bool) -> ProviderError:
    name = type(error).__name__
    if under_way:
        return OutcomeUnknown(f"the mail server was lost with the mail under way ({name})")
    return NotAccepted(f"no connection to the mail server ({name}): is SMTP_URL right?")


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise ValueError("has a port that is no number from 1 to 65535") from None
    return port or (465 if parts.scheme == "smtps" else 587)


def _tls(parts: SplitResult, *, local: bool) -> Literal["none", "starttls", "at once"]:
    asked = parse_qs(parts.query, keep_blank_values=True)
    starttls = asked.pop("starttls", [""])[-1]
    if asked or starttls not in {"", "on", "off"} or parts.fragment:
        raise ValueError("may end in ?starttls=on or ?starttls=off and nothing else; write # in a password as %23")
    if parts.scheme == "smtps":
        if starttls:
            raise ValueError("is either smtps://, which is encrypted from the start, or smtp:// with STARTTLS")
        return "at once"
    return "none" if starttls == "off" or (local and starttls != "on") else "starttls"


def _is_local(host: str) -> bool:
    from ipaddress import ip_address

    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
