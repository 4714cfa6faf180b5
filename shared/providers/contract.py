"""What a provider of text messages is to Jotline: one contract for Twilio, its stand-in, and whoever comes later.

And what a mail server is: less can be asked of it, but it fails in the same three ways.

ProviderError
├── Rejected          it will never take this message (bad number, opted out, too long): do not retry
├── NotAccepted       it did not take it and says so, or was never reached: safe to send again later
└── OutcomeUnknown    timeout, 5xx, cut connection: it may have taken it: reconcile first (DESIGN section 4)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class ProviderError(Exception):
    """A provider did not confirm a message."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code  # the provider's own error code: Twilio's 21610 and so on


class Rejected(ProviderError):
    """The provider will never take this message."""

    def __init__(self, message: str, code: int | None = None, *, opted_out: bool = False) -> None:
        super().__init__(message, code)
        self.opted_out = opted_out  # 21610: the person texted STOP


class NotAccepted(ProviderError):
    """The provider did not take the message; sending it again is safe."""

    def __init__(self, message: str, code: int | None = None, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, code)
        self.retry_after_seconds = retry_after_seconds


class OutcomeUnknown(ProviderError):
    """The provider may or may not have taken the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to send. Addresses are E.164, `whatsapp:+…` for WhatsApp."""

    to: str
    sender: str
    body: str  # at most 1600 characters
    status_callback: str  # absolute URL; "" for none
    media_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to send. `message_id` and `sent_at` are the same on every try: whoever gets it twice sees one."""

    message_id: UUID
    to: str  # name@host, ASCII
    subject: str  # one line
    text: str
    html: str = ""  # the same, to look at
    unsubscribe: str = ""  # a URL that ends mails of this kind (RFC 2369)
    sent_at: datetime  # aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider's receipt."""

    sid: str
    status: str  # Twilio's message status: queued, accepted, sent…
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A message the provider has, found when reconciling."""

    sid: str
    status: str
    created_at: datetime  # aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message of a person that the provider took for us. Addresses as in `Outgoing`."""

    sid: str
    sender: str
    recipient: str
    body: str
    media: int  # how many attachments
    segments: int
    created_at: datetime  # aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who called which number of ours, both E.164."""

    sender: str
    recipient: str


class Provider(Protocol):
    """Sends messages, and tells of those that came. Implementations map every failure to a `ProviderError`."""

    async def send(self, message: Outgoing) -> Accepted:
        """Hand one message over.

        Raises:
            Rejected, NotAccepted, OutcomeUnknown: see the module.
        """
        ...

    async def find(self, message: Outgoing, since: datetime) -> list[Found]:
        """Messages with the same to, from and body that the provider took since `since`, oldest first.

        Raises:
            NotAccepted, OutcomeUnknown: the provider could not be asked.
        """
        ...

    async def received(self, ours: str, since: datetime) -> list[Incoming]:
        """Messages that came for `ours` (a number with its channel, or a messaging service, MG...) since `since`, oldest first.

        Raises:
            NotAccepted, OutcomeUnknown: the provider could not be asked.
        """
        ...

    async def caller(self, call_id: str) -> Caller | None:
        """Who made a call; None when the provider knows no such call, or the caller has hidden their number.

        Raises:
            NotAccepted, OutcomeUnknown: the provider could not be asked.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


class Mailer(Protocol):
    """Sends mails. It cannot be asked what became of one: a mail that may have left is sent again under the same id."""

    async def send(self, mail: Mail) -> Accepted:
        """Hand one mail over.

        Raises:
            Rejected, NotAccepted, OutcomeUnknown: see the module.
        """
        ...
