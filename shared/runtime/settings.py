"""Settings: environment variables, read once, every problem reported at once.

A function on a cluster reads them itself; the single box fills in what a newcomer has not set (stand-in credentials, generated
secrets) before it reads them. In production a missing secret stops the start with its name: it never opens a door.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from shared.policy.outcomes import Poison
from shared.policy.retries import BROKER
from shared.runtime.addresses import ON_KNATIVE, Addresses

#: HS256 takes no shorter key (RFC 7518 section 3.2).
MIN_KEY_BYTES = 32


class BadSettings(Exception):
    """Settings that cannot work; the message lists every one, with what to do."""


class MailNotSetUp(Poison):
    """No mail can be sent: SMTP_URL and MAIL_FROM are not set. Set them, and replay the dead letters."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def _postgres_url(value: str) -> str:
    if value and urlsplit(value).scheme not in ("postgresql", "postgres"):
        raise ValueError("must be a postgresql:// URL")
    return value


def _http_url(value: str) -> str:
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
        raise ValueError("must be a full http:// or https:// URL")
    return value.rstrip("/")


def _function_url(value: str) -> str:
    Addresses(value)  # says what is wrong with it
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be a time zone name like Europe/London")
    return value


def _store_url(value: str) -> str:
    parts = urlsplit(value)
    if value and not (parts.scheme == "file" and parts.path.strip("/")) and not (parts.scheme == "s3" and parts.netloc):
        raise ValueError("must be file:///folder or s3://bucket/prefix")
    return value


def _smtp_url(value: str) -> str:
    if value:
        from shared.providers.smtp import read_server

        read_server(value)  # says what is wrong with it
    return value


def _sender(value: str) -> str:
    if value:
        from shared.providers.smtp import read_sender

        read_sender(value)  # likewise
    return value


def _key(value: str) -> str:
    if value and len(value.encode()) < MIN_KEY_BYTES:
        raise ValueError(f"must have at least {MIN_KEY_BYTES} bytes (RFC 7518 section 3.2); `openssl rand -hex 32` makes one")
    return value


def _numbers(value: str) -> str:
    if not all(re.fullmatch(r"\+[1-9][0-9]{6,14}", number) for number in _listed(value)):
        raise ValueError("must be phone numbers like +12125550142, with commas between them")
    return value


def _networks(value: str) -> str:
    if value:
        from shared.runtime.clients import read_networks

        read_networks(value)  # says what is wrong with it
    return value


def _redis_url(value: str) -> str:
    if value and (urlsplit(value).scheme not in ("redis", "rediss") or not urlsplit(value).hostname):
        raise ValueError("must be a redis:// or rediss:// URL")
    return value


def _listed(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]


class Settings(BaseModel):
    """Everything the functions can be told from outside. Each name, upper case, is the environment variable."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: PostgresUrl = ""
    """The database of every schema that has no URL of its own."""
    todo_database_url: PostgresUrl = ""
    messaging_database_url: PostgresUrl = ""
    voice_database_url: PostgresUrl = ""
    audit_database_url: PostgresUrl = ""
    public_url: HttpUrl = ""
    """The URL Twilio knows us by, without a path: signatures are made over it."""
    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_shared_key: str = ""
    """For requests that Twilio signs with SHA-256 and a shared key instead of the auth token."""
    twilio_from: str = ""
    """Our number (E.164) or a messaging service (MG...)."""
    twilio_api_url: HttpUrl = "https://api.twilio.com"
    smtp_url: Annotated[str, AfterValidator(_smtp_url)] = ""
    """The mail server: see `shared.providers.smtp.read_server`. Empty: there is no mail, and whoever wants some is told."""
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(default="", validate_default=True)
    """Who our mails are from: `Jotline <jotline@example.org>`."""
    party_secret: str = ""
    """Key of the HMAC that turns a phone number into a partition key. Changing it makes everyone a stranger."""
    jwt_secret: Annotated[str, AfterValidator(_key)] = ""
    """Key of the tokens that the API gives and takes (HS256): 32 bytes at least. Changing it signs everyone out."""
    jwks_url: HttpUrl = ""
    """Where another issuer publishes the keys of its tokens (RS256, ES256, EdDSA); empty: only our own are taken."""
    jwt_issuer: str = "jotline"
    """Whom tokens are from (`iss`)."""
    jwt_audience: str = "jotline"
    """Whom tokens are for (`aud`)."""
    admin_phones: Annotated[str, AfterValidator(_numbers)] = ""
    """The numbers (E.164) of those who may see the trail and the dead letters of all, with commas between them."""
    rate_limit: int = Field(default=100, ge=0, le=10_000)
    """How often one client may ask one endpoint of the API within `rate_window_seconds`; 0: as often as they like."""
    rate_window_seconds: int = Field(default=60, ge=1, le=86_400)
    redis_url: Annotated[str, AfterValidator(_redis_url)] = ""
    """A Redis for the rate limits of the API, instead of PostgreSQL."""
    texts_per_minute: int = Field(default=100, ge=0, le=100_000)
    """How many texts of one number the webhook takes within a minute; 0: any number."""
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = ""
    """Addresses and networks, with commas between them, of proxies whose X-Forwarded-For is believed; empty: nobody's is."""
    webhook_allowed_ips: Annotated[str, AfterValidator(_networks)] = ""
    """Addresses and networks that webhooks may come from, likewise; empty: any. A signature is asked for in any case."""
    k_sink: HttpUrl = ""
    """Where committed events are POSTed on Knative; empty in the single box."""
    function_url: Annotated[str, AfterValidator(_function_url)] = ON_KNATIVE
    """Where the relay finds the functions, and how it knows them again: see `shared.runtime.addresses`."""
    broker_seconds: float = Field(default=sum(BROKER.delays), gt=0)
    """How long the Broker tries to deliver an event (spec.delivery). What it gave up sooner, a dispatcher that was stopped did."""
    default_timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """For numbers whose country or area does not tell."""
    audio_store_url: Annotated[str, AfterValidator(_store_url)] = ""
    """Where recordings are kept: `file:///folder` or `s3://bucket/prefix` (AWS_ENDPOINT_URL and its like are boto3's own)."""
    keep_audio_days: int = Field(default=90, ge=0, le=36500)
    """How long recordings are kept of people who have not said how long. What was heard in them stays."""
    audit_days: int = Field(default=90, ge=1, le=36500)
    """How long the trail keeps what happened."""
    media_hosts: str = ""
    """More hosts that the provider may redirect to for media, with commas between them."""
    whisper_model: str = ""
    """A folder with a model, or a name as faster-whisper knows it; empty: see `shared.voice.models`."""
    whisper_threads: int = Field(default=0, ge=0, le=256)
    """On how many threads Whisper works; 0: as many as there are processors, up to 4."""
    default_language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] = "en"
    """What people speak (ISO 639-1)."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    port: int = Field(default=8080, ge=1, le=65535)
    jotline_clock: Literal["real", "simulated"] = "real"

    @field_validator("mail_from")
    @classmethod
    def _has_a_sender(cls, value: str, known: ValidationInfo) -> str:
        if not value and known.data.get("smtp_url"):
            raise ValueError("is not set, but SMTP_URL is: set it to the address that mails come from")
        return value

    @property
    def admins(self) -> list[str]:
        """The numbers of the admins."""
        return _listed(self.admin_phones)

    def database_of(self, schema: str) -> str:
        """The URL of a schema's database."""
        return str(getattr(self, f"{schema}_database_url")) or self.database_url

    def require(self, *names: str) -> None:
        """Refuse to go on without these settings.

        Raises:
            BadSettings: names every one that is empty.
        """
        missing = [name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise BadSettings("\n".join(f"{name} is not set" for name in missing))


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables; an empty variable counts as not set.

    Raises:
        BadSettings: one line for each variable that cannot be used. Values are never quoted: they may be secrets.
    """
    known = {name: environment[name.upper()] for name in Settings.model_fields if environment.get(name.upper())}
    if "log_level" in known:
        known["log_level"] = known["log_level"].upper()
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        lines = [
            f"{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors(include_input=False)
        ]
        raise BadSettings("\n".join(lines)) from None
