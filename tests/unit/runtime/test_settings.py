"""Settings: everything wrong is told at once, by name, and no value is repeated: it may be a secret."""

from __future__ import annotations

import pytest

from shared.runtime.settings import BadSettings, Settings, read_settings


def test_names_are_environment_variables_and_empty_ones_count_as_not_set() -> None:
    settings = read_settings({"DATABASE_URL": "postgresql://x/y", "PORT": "", "LOG_LEVEL": "debug", "HOME": "/root"})
    assert settings.database_url == "postgresql://x/y"
    assert settings.port == 8080
    assert settings.log_level == "DEBUG"


def test_every_problem_is_told_at_once_without_its_value() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings(
            {"DATABASE_URL": "mysql://secret", "PUBLIC_URL": "secret", "PORT": "secret", "DEFAULT_TIMEZONE": "Mars/Secret"}
        )
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["DATABASE_URL", "PUBLIC_URL", "DEFAULT_TIMEZONE", "PORT"]
    assert "secret" not in str(caught.value).lower()


def test_a_mail_server_needs_a_sender_and_neither_is_repeated_when_it_is_wrong() -> None:
    with pytest.raises(BadSettings, match=r"^MAIL_FROM: is not set, but SMTP_URL is"):
        read_settings({"SMTP_URL": "smtps://u:p@mail.example.org"})
    with pytest.raises(BadSettings) as caught:
        read_settings({"SMTP_URL": "smtp://u:secret@mail.example.org?starttls=off", "MAIL_FROM": "secret"})
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["SMTP_URL", "MAIL_FROM"]
    assert "secret" not in str(caught.value)
    assert read_settings({"MAIL_FROM": "jotline@example.org"}).smtp_url == ""


def test_a_missing_secret_is_named() -> None:
    with pytest.raises(BadSettings, match="PARTY_SECRET is not set\nTWILIO_AUTH_TOKEN is not set"):
        Settings().require("party_secret", "twilio_auth_token")


def test_a_schema_may_have_a_database_of_its_own() -> None:
    settings = Settings(database_url="postgresql://a", audit_database_url="postgresql://b")
    assert settings.database_of("todo") == "postgresql://a"
    assert settings.database_of("audit") == "postgresql://b"


def test_a_key_of_tokens_is_long_enough_or_refused() -> None:
    assert read_settings({"JWT_SECRET": "x" * 32}).jwt_secret == "x" * 32
    with pytest.raises(BadSettings, match=r"^JWT_SECRET: must have at least 32 bytes \(RFC 7518 section 3\.2\)") as caught:
        read_settings({"JWT_SECRET": "secret" * 5})
    assert "secretsecret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ADMIN_PHONES", "+12125550142, +447700900123", "2125550142"),
        ("TRUSTED_PROXIES", "127.0.0.0/8,10.1.2.3,fd00::/8", "localhost"),
        ("WEBHOOK_ALLOWED_IPS", "203.0.113.9", "203.0.113.0/33"),
        ("REDIS_URL", "rediss://:password@redis.example:6380/1", "http://redis"),
        ("JWKS_URL", "https://issuer.example/.well-known/jwks.json", "issuer.example"),
        ("RATE_LIMIT", "0", "-1"),
        ("RATE_WINDOW_SECONDS", "1", "0"),
        ("TEXTS_PER_MINUTE", "0", "many"),
    ],
)
def test_what_the_api_is_told(name: str, good: str, bad: str) -> None:
    assert str(getattr(read_settings({name: good}), name.lower())) == good
    with pytest.raises(BadSettings, match=f"^{name}: "):
        read_settings({name: bad})


def test_admins_are_listed() -> None:
    assert read_settings({"ADMIN_PHONES": " +12125550142 ,+447700900123,"}).admins == ["+12125550142", "+447700900123"]
