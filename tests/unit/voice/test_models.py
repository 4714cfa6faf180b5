"""Which model is taken, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.voice import models
from shared.voice.models import DEMO, Model, ModelUnavailable, UnknownModel, choose


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The names that are in the cache, with their folders."""
    there: dict[str, str] = {}
    monkeypatch.setattr(models, "cached", there.get)
    return there


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in models.FILES:
        (tmp_path / name).touch()
    return tmp_path


def test_a_folder_is_taken_as_it_is(folder: Path) -> None:
    assert choose("", str(folder)) == Model(str(folder), folder.name)


def test_a_name_is_fetched_unless_it_is_here(cache: dict[str, str]) -> None:
    assert choose("", "small") == Model("small", "small", fetch=True)
    cache["small"] = "/models/small"
    assert choose("", "small") == Model("/models/small", "small")


def test_where_none_is_named_one_that_is_here_is_taken(cache: dict[str, str]) -> None:
    cache.update({"medium": "/models/medium", "base.en": "/models/base.en"})
    assert choose("", "") == Model("/models/base.en", "base.en")


def test_else_the_demo_model_and_it_says_what_it_is(cache: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    assert choose("", "") == Model(str(DEMO), "jotline-demo")
    [said] = caplog.messages
    assert "tests and demos" in said
    assert "WHISPER_MODEL" in said


def test_what_is_asked_for_once_is_never_fetched(cache: dict[str, str], folder: Path) -> None:
    with pytest.raises(UnknownModel, match="WHISPER_MODEL=large-v3"):
        choose("large-v3", "small")
    with pytest.raises(UnknownModel, match=r"no model\.bin"):
        choose(str(folder / "nowhere"), "small")
    cache["large-v3"] = "/models/large"
    assert choose("large-v3", "small") == Model("/models/large", "large-v3")
    assert choose(str(folder), "small").path == str(folder)


@pytest.mark.parametrize("setting", ["/nowhere", "./nowhere", "~/nowhere"])
def test_a_folder_without_a_model_is_found_out_without_loading(setting: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"WHISPER_MODEL: .*nowhere has no model\.bin, config\.json, tokenizer\.json"):
        models.check(setting)


def test_a_name_is_looked_at_when_it_is_needed() -> None:
    models.check("small")


def test_a_name_that_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailable, match="is no model: take a name like small"):
        choose("", "smal")


def test_threads_are_as_set_or_up_to_four() -> None:
    assert models.threads(7) == 7
    assert 1 <= models.threads(0) <= 4
