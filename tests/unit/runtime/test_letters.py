"""A broker's dead letter as it comes over HTTP: what of it is read, and whether a dispatcher was only stopped."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import yaml

from shared.events.envelope import Event, from_json
from shared.policy.retries import BROKER
from shared.runtime.cloudevents_http import STRUCTURED, to_http
from shared.runtime.dead_letters import Letter, read_letter
from shared.runtime.routing import MANIFESTS
from shared.runtime.settings import Settings
from tests.making import NOW, message

DESTINATION = "http://todo-crud.jotline.svc.cluster.local"


def letter(code: object, data: str = "", event: Event | None = None) -> Letter:
    headers, body = to_http(event or message())
    said = {"ce-knativeerrordest": DESTINATION, "ce-knativeerrorcode": str(code)}
    return read_letter({**headers, **said, **({"ce-knativeerrordata": data} if data else {})}, body)


def test_the_event_is_what_it_was_before_the_broker_wrote_on_it() -> None:
    event = message("größer 👍🏽")
    found = letter(503, event=event)
    assert found.event == event
    assert from_json(found.text) == event
    assert (found.destination, found.code, found.key) == (DESTINATION, 503, event.id)


def test_a_structured_letter_is_read_too() -> None:
    event = message()
    document = {**json.loads(event.to_json()), "knativeerrordest": DESTINATION, "knativeerrorcode": "500"}
    found = read_letter({"content-type": STRUCTURED}, json.dumps(document).encode())
    assert (found.event, found.destination, found.code) == (event, DESTINATION, 500)


@pytest.mark.parametrize(
    ("code", "data", "cause"),
    [
        (503, "", "broker: HTTP 503"),
        (503, "no healthy upstream", "broker: HTTP 503 (no healthy upstream)"),
        (500, "x" * 1000, f"broker: HTTP 500 ({'x' * 200})"),
        (-1, "", "broker: no answer"),
        (200, "", "broker: the reply was not accepted"),
        ("", "", "broker: HTTP 0"),
    ],
)
def test_the_cause_says_what_the_broker_knew(code: object, data: str, cause: str) -> None:
    assert letter(code, data).cause == cause


OLD = timedelta(seconds=511)


@pytest.mark.parametrize(
    ("code", "age", "stopped"),
    [
        (-1, timedelta(0), True),
        (-1, OLD, True),
        (200, OLD, True),
        (503, timedelta(seconds=5), True),
        (503, OLD, False),
        (429, timedelta(seconds=5), True),
        (404, OLD, False),
        (400, timedelta(0), False),
        ("", timedelta(0), False),
    ],
)
def test_a_stopped_dispatcher_leaves_a_mark(code: object, age: timedelta, *, stopped: bool) -> None:
    assert letter(code).cut_short(NOW + age, broker_seconds=510) is stopped


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({"ce-specversion": "1.0", "ce-id": "x", "ce-type": "somebody.elses", "ce-source": "/x"}, b"{}"),
        ({"ce-specversion": "1.0", "ce-id": "a\x00b", "ce-type": "x", "ce-source": "y"}, b"\xff\x00"),
        ({"content-type": STRUCTURED}, b"[" * 5000),
        ({"content-type": "text/html"}, b"<html>"),
    ],
)
def test_whatever_comes_is_a_letter(headers: dict[str, str], body: bytes) -> None:
    found = read_letter({**headers, "ce-knativeerrordest": DESTINATION, "ce-knativeerrorcode": "-1"}, body)
    assert found.event is None
    assert found.cause == found.fault != ""
    assert found.destination == DESTINATION
    assert not found.cut_short(NOW, broker_seconds=510)
    assert "\0" not in found.text
    assert 0 < len(found.key) <= 512


def test_an_event_of_a_newer_version_is_kept_so_that_it_can_be_read_one_day() -> None:
    headers, body = to_http(message())
    found = read_letter({**headers, "ce-type": "jotline.sky.fallen", "ce-knativeerrordest": DESTINATION}, body)
    assert found.cause == "unknown event type 'jotline.sky.fallen'"
    kept: dict[str, Any] = json.loads(found.text)
    assert kept["type"] == "jotline.sky.fallen"
    assert kept["data"] == json.loads(body)
    assert not [name for name in kept if name.startswith("knativeerror")]


def test_how_long_the_broker_tries_is_a_setting_for_who_changes_it() -> None:
    assert Settings().broker_seconds == sum(BROKER.delays) == 510
    assert not letter(503).cut_short(NOW + timedelta(seconds=5), broker_seconds=4)


def test_the_brokers_tries_are_those_of_its_manifest() -> None:
    broker = next(one for one in yaml.safe_load_all((MANIFESTS / "broker.yaml").read_text()) if one["kind"] == "Broker")
    delivery = broker["spec"]["delivery"]
    assert (delivery["backoffPolicy"], delivery["backoffDelay"]) == ("exponential", "PT1S")
    assert BROKER.delays == tuple(float(2**n) for n in range(1, delivery["retry"] + 1))
