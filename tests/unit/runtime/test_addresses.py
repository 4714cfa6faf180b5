"""FUNCTION_URL: from a function to its URL, and back from the URL a broker names."""

from __future__ import annotations

import pytest

from shared.runtime.addresses import ON_KNATIVE, Addresses
from shared.runtime.settings import BadSettings, Settings, read_settings

FUNCTIONS = ("parse-command", "todo-crud", "notify", "audit")
NAMED = ",".join(f"{name}=http://127.0.0.1:{9000 + place}/" for place, name in enumerate(FUNCTIONS))
SETTINGS = (ON_KNATIVE, "http://gateway.openfaas:8080/function/{function}", "http://127.0.0.1:8080/{function}/", NAMED)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("behind", ["", "/", "/tick", "?x=1"])
def test_a_url_leads_back_to_its_function(setting: str, function: str, behind: str) -> None:
    addresses = Addresses(setting)
    assert addresses.function_at(addresses.url_of(function).rstrip("/") + behind) == function


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://elsewhere.svc.cluster.local", "http://127.0.0.1:90000/", "http://127.0.0.1:8080"]
)
def test_what_is_none_of_ours_is_nobody(setting: str, url: str) -> None:
    assert Addresses(setting).function_at(url) is None


def test_knative_is_the_default() -> None:
    addresses = Addresses(Settings().function_url)
    assert addresses.url_of("todo-crud") == "http://todo-crud.jotline.svc.cluster.local"
    assert addresses.function_at("http://todo-crud.jotline.svc.cluster.local:80/") == "todo-crud"
    assert addresses.function_at("http://todo-crud.jotline.svc.cluster.local.evil.example/") is None


@pytest.mark.parametrize(
    "setting", ["http://one.example", "ftp://{function}", "{function}", "a=http://x,b", "http://{function}.{function}"]
)
def test_a_setting_that_cannot_be_meant_is_refused_by_name(setting: str) -> None:
    with pytest.raises(BadSettings, match="FUNCTION_URL"):
        read_settings({"FUNCTION_URL": setting})


def test_a_list_knows_no_others() -> None:
    with pytest.raises(LookupError, match="webhook"):
        Addresses(NAMED).url_of("webhook")
