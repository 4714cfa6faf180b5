"""A real mail server (aiosmtpd) on a port of this machine, with failures to be injected at each stage of a mail."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.box import free_port

USER, PASSWORD = "jotline", "p@ss/word"


@dataclass
class Faults:
    """What the server does instead of taking a mail."""

    says: dict[str, str] = field(default_factory=dict)  # by stage: EHLO, MAIL, RCPT, DATA; while it is there
    hangs_up: set[str] = field(default_factory=set)  # at these stages; at DATA once it has the mail
    keeps: bool = True  # the mail that it hangs up on


class Handler:
    """Takes mails, and keeps them."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.encrypted: list[bool] = []
        self.signed_in: list[bool] = []

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        said = self._fault("EHLO", server)
        return [said] if said else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if said := self._fault("MAIL", server):
            return said
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if said := self._fault("RCPT", server):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        hangs_up = "DATA" in self.faults.hangs_up
        said = self._fault("DATA", server)
        if said and not (hangs_up and self.faults.keeps):
            return said
        content = cast(bytes, envelope.content)
        self.raw.append(content)
        self.taken.append(message_from_bytes(content, policy=default))
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.signed_in.append(bool(session.authenticated))
        return said or "250 taken"

    def _fault(self, stage: str, server: SMTP) -> str:
        if stage in self.faults.hangs_up:
            cast(asyncio.Transport, server.transport).abort()
            return "451 nobody hears this"
        return self.faults.says.get(stage, "")


class MailServer(Handler):
    """The handler, and where it listens."""

    port: int

    def url(self, *, user: str = "", scheme: str = "smtp", query: str = "") -> str:
        """The SMTP_URL of it."""
        return f"{scheme}://{user}{'@' if user else ''}127.0.0.1:{self.port}{query}"


@contextmanager
def mail_server(*, tls: Path | None = None, at_once: bool = False, sign_in: bool = False) -> Iterator[MailServer]:
    """A running server. `tls`: its certificate, for STARTTLS or `at_once`; `sign_in`: it wants USER and PASSWORD, encrypted."""
    made = MailServer()
    made.port = free_port()

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    context = _certified(tls) if tls else None
    controller = Controller(
        made,
        hostname="127.0.0.1",
        port=made.port,
        ssl_context=context if at_once else None,
        tls_context=None if at_once else context,
        require_starttls=context is not None and not at_once,
        auth_required=sign_in,
        authenticator=authenticate if sign_in else None,
        server_hostname="mail.test",
    )
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that only itself vouches for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def _certified(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
