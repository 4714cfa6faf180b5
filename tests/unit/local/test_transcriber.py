"""What the box tells its child, and what it finds out before it starts one."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.transcriber import check_model, environment
from shared.runtime.settings import BadSettings, Settings, read_settings


def test_the_child_is_told_what_it_needs_and_no_more() -> None:
    settings = Settings(
        database_url="postgresql://here/jotline",
        twilio_auth_token="token",
        twilio_shared_key="for the webhook alone",
        party_secret="secret",
        audio_store_url="s3://bucket/audio",
        whisper_model="small",
        keep_audio_days=7,
    )
    inherited = {
        "PATH": "/bin",
        "HF_HOME": "/models",
        "AWS_ENDPOINT_URL": "http://minio",
        "SSH_AUTH_SOCK": "/x",
        "JWT_SECRET": "no",
    }
    told = environment(settings, inherited)
    assert {name: told[name] for name in ("PATH", "HF_HOME", "AWS_ENDPOINT_URL", "WHISPER_MODEL")} == {
        "PATH": "/bin",
        "HF_HOME": "/models",
        "AWS_ENDPOINT_URL": "http://minio",
        "WHISPER_MODEL": "small",
    }
    assert not {"SSH_AUTH_SOCK", "JWT_SECRET", "TWILIO_SHARED_KEY", "PUBLIC_URL"} & set(told)
    read = read_settings(told)
    assert (read.database_url, read.keep_audio_days, read.audio_store_url) == (settings.database_url, 7, "s3://bucket/audio")


def test_a_folder_without_a_model_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="WHISPER_MODEL"):
        check_model(str(tmp_path))
    check_model("")
    check_model("small")
