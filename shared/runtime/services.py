"""What a function can use: stores, provider, clock, and the way events leave. Opened when first used.

On a cluster `Services.from_environment` makes one for the process; the single box makes one and gives it to every function.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from shared.events.envelope import Event
from shared.events.ids import confirmation_code, partition_key
from shared.runtime.addresses import Addresses
from shared.runtime.clock import Clock, RealClock
from shared.runtime.settings import MailNotSetUp, Settings, read_settings
from shared.runtime.telemetry import measure, start_logging

if TYPE_CHECKING:
    from shared.media.store import AudioStore
    from shared.policy.flood import Flood
    from shared.providers.contract import Mailer, Provider
    from shared.runtime.relay import Relay
    from shared.storage.audit import AuditStore
    from shared.storage.claims import Claims
    from shared.storage.database import Database
    from shared.storage.due import DueStore
    from shared.storage.exports import ExportStore
    from shared.storage.history import HistoryStore
    from shared.storage.leaving import DepartedMessages, DepartedVoices, LeavingStore
    from shared.storage.limits import Limiter
    from shared.storage.lists import TaskLists
    from shared.storage.messaging import MessagingStore
    from shared.storage.outbox import Outbox, Row, Schema
    from shared.storage.sign_in import SignInStore
    from shared.storage.todo import TodoStore
    from shared.storage.trail import TrailStore
    from shared.storage.voice import VoiceStore


#: What `Services.from_environment` made in this process.
_alone: list[Services] = []


class Carrier(Protocol):
    """The way events leave a function: the single box's broker, or Knative's."""

    async def publish(self, event: Event) -> None:
        """Accept an event at the edge: when this returns, it cannot be lost.

        Raises:
            TryAgain: it was not accepted; the sender must send it again.
        """
        ...

    async def carry(self, rows: Sequence[Row]) -> None:
        """Pass on events that were just committed to an outbox. Never raises: what is committed is found again."""
        ...

    async def close(self) -> None:
        """Release what it holds."""
        ...


class Services:
    """Everything a handler may touch, lazily: the webhook never opens a database, notify never reads a todo."""

    def __init__(self, settings: Settings, clock: Clock, *, paced: bool = False) -> None:
        """Args: paced: whether statements wait for fuller batches; for one process that does everything."""
        self.settings = settings
        self.clock = clock
        self._paced = paced
        self._carrier: Carrier | None = None
        self._databases: dict[str, Database] = {}

    @classmethod
    def from_environment(cls) -> Services:
        """The services of a function that runs alone; `close_all` closes them.

        Raises:
            BadSettings: see `read_settings`.
        """
        settings = read_settings(os.environ)
        start_logging(settings.log_level)
        made = cls(settings, RealClock())
        _alone.append(made)
        return made

    @property
    def carrier(self) -> Carrier:
        """The way events leave."""
        if self._carrier is None:
            from shared.runtime.sink import Sink

            self.settings.require("k_sink")
            self._carrier = Sink(self.settings.k_sink)
        return self._carrier

    def use_carrier(self, carrier: Carrier) -> None:
        """Let events leave this way instead of to `K_SINK`."""
        self._carrier = carrier

    def database(self, schema: str) -> Database:
        """The database of a schema; schemas with the same URL share one pool."""
        from shared.storage.database import Database

        url = self.settings.database_of(schema)
        if not url:
            self.settings.require("database_url")
        if url not in self._databases:
            self._databases[url] = Database(url, paced=self._paced)
        return self._databases[url]

    @cached_property
    def todo(self) -> TodoStore:
        """People and their todos."""
        from shared.storage.todo import TodoStore

        return TodoStore(self.database("todo"))

    @cached_property
    def lists(self) -> TaskLists:
        """Lists of people's todos."""
        from shared.storage.lists import TaskLists

        return TaskLists(self.database("todo"))

    @cached_property
    def sign_in(self) -> SignInStore:
        """Who is signed in."""
        from shared.storage.sign_in import SignInStore

        return SignInStore(self.database("todo"))

    @cached_property
    def leaving(self) -> LeavingStore:
        """People who leave, with their todos."""
        from shared.storage.leaving import LeavingStore

        return LeavingStore(self.database("todo"))

    @cached_property
    def history(self) -> HistoryStore:
        """What people changed."""
        from shared.storage.history import HistoryStore

        return HistoryStore(self.database("todo"))

    @cached_property
    def exports(self) -> ExportStore:
        """Everything that is kept of a person."""
        from shared.storage.exports import ExportStore

        return ExportStore(self.database("todo"), self.database("messaging"), self.database("voice"))

    @cached_property
    def departed_messages(self) -> DepartedMessages:
        """People who leave, with their messages."""
        from shared.storage.leaving import DepartedMessages

        return DepartedMessages(self.database("messaging"))

    @cached_property
    def departed_voices(self) -> DepartedVoices:
        """People who leave, with their recordings."""
        from shared.storage.leaving import DepartedVoices

        return DepartedVoices(self.database("voice"))

    @cached_property
    def flood(self) -> Flood:
        """How many texts each number sends, as far as this process sees them."""
        from shared.policy.flood import Flood

        return Flood(self.settings.texts_per_minute, 60.0)

    @cached_property
    def limiter(self) -> Limiter:
        """Who counts how often a client asks."""
        from shared.storage.limits import PostgresLimiter, RedisLimiter

        url = self.settings.redis_url
        return RedisLimiter(url) if url else PostgresLimiter(self.database("todo"))

    @cached_property
    def due(self) -> DueStore:
        """Reminders and digests, by their time."""
        from shared.storage.due import DueStore

        return DueStore(self.database("todo"))

    @cached_property
    def messaging(self) -> MessagingStore:
        """Conversations, messages and consents."""
        from shared.storage.messaging import MessagingStore

        return MessagingStore(self.database("messaging"))

    @cached_property
    def voice(self) -> VoiceStore:
        """Recordings and transcripts."""
        from shared.storage.voice import VoiceStore

        return VoiceStore(self.database("voice"))

    @cached_property
    def audit(self) -> AuditStore:
        """Dead letters."""
        from shared.storage.audit import AuditStore

        return AuditStore(self.database("audit"))

    @cached_property
    def trail(self) -> TrailStore:
        """What happened."""
        from shared.storage.trail import TrailStore

        return TrailStore(self.database("audit"))

    @cached_property
    def audio(self) -> AudioStore:
        """Recordings themselves."""
        from shared.media.store import open_store

        self.settings.require("audio_store_url")
        return open_store(self.settings.audio_store_url)

    def outbox(self, schema: Schema) -> Outbox:
        """The outbox of a schema."""
        store: TodoStore | MessagingStore | VoiceStore | AuditStore = getattr(self, schema)
        return store.outbox

    def claims(self, schema: Schema) -> Claims:
        """The claims of a schema."""
        from shared.storage.claims import Claims

        return Claims(self.database(schema), schema)

    @cached_property
    def addresses(self) -> Addresses:
        """Where the functions are."""
        return Addresses(self.settings.function_url)

    @cached_property
    def relay(self) -> Relay:
        """What looks after the outboxes on a cluster."""
        from shared.runtime.delivery import Delivery
        from shared.runtime.relay import Relay

        return Relay(self, Delivery())

    @cached_property
    def provider(self) -> Provider:
        """Who carries our texts."""
        from shared.providers.guarded import Guarded
        from shared.providers.twilio import Twilio

        self.settings.require("twilio_account_sid", "twilio_auth_token")
        known = self.settings
        twilio = Twilio(known.twilio_api_url, known.twilio_account_sid, known.twilio_auth_token)
        return Guarded(twilio, told=lambda closed: measure("breaker_open", int(closed), to="provider"))

    @cached_property
    def mailer(self) -> Mailer:
        """Who carries our mails.

        Raises:
            MailNotSetUp: nobody does.
        """
        from shared.providers.guarded import GuardedMailer
        from shared.providers.smtp import Smtp, read_sender, read_server

        known = self.settings
        if not known.smtp_url:
            raise MailNotSetUp
        smtp = Smtp(read_server(known.smtp_url), read_sender(known.mail_from))
        return GuardedMailer(smtp, told=lambda closed: measure("breaker_open", int(closed), to="mail"))

    def code_for(self, message_id: str) -> str:
        """The code that confirms an address which a message asks for; empty where no mail can be sent."""
        if not self.settings.smtp_url:
            return ""
        self.settings.require("party_secret")
        return confirmation_code(message_id, self.settings.party_secret.encode())

    def party_of(self, phone: str) -> str:
        """The partition key of a phone number."""
        self.settings.require("party_secret")
        return partition_key(phone, self.settings.party_secret.encode())

    async def ready(self) -> None:
        """Check the databases that are in use; raises `DatabaseUnavailable` when one cannot answer."""
        for database in self._databases.values():
            await database.fetch("SELECT 1")

    async def close(self) -> None:
        """Release everything that was opened."""
        if "relay" in self.__dict__:
            await self.relay.close()
        if "provider" in self.__dict__:
            await self.provider.close()
        if "limiter" in self.__dict__:
            await self.limiter.close()
        if self._carrier is not None:
            await self._carrier.close()
        for database in self._databases.values():
            await database.close()


async def close_all() -> None:
    """Close what functions that run alone have opened: the process ends."""
    while _alone:
        await _alone.pop().close()
