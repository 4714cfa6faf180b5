"""Events survive the log and the wire, and what is not an event is told as such."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.envelope import BadEvent, build, from_json
from shared.events.ids import lane_of, partition_key
from shared.events.schemas import TYPES, type_named
from shared.runtime.cloudevents_http import from_http, to_http
from tests.making import ADA, BOB, SECRET, message, notification


@given(text=st.text(max_size=1600).filter(lambda text: "\0" not in text))
def test_a_message_survives_log_and_wire(text: str) -> None:
    told = message(text.encode("utf-8", "replace").decode())
    assert from_json(told.to_json()) == told
    headers, body = to_http(told)
    assert from_http(headers, body) == told
    structured = {"content-type": "application/cloudevents+json; charset=utf-8"}
    assert from_http(structured, told.to_json().encode()) == told


def test_attributes_are_those_of_cloudevents_and_ours() -> None:
    told = notification().attributes()
    assert told["specversion"] == "1.0"
    assert set(told) == {
        "specversion", "id", "type", "source", "subject", "time", "partitionkey", "lane", "topic", "correlationid",
    }  # fmt: skip
    assert all(name.isalnum() and name.islower() for name in told)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_event_or_a_bad_event(body: bytes) -> None:
    for headers in ({"content-type": "application/cloudevents+json"}, {"ce-specversion": "1.0", "ce-id": "1"}, {}):
        with pytest.raises(BadEvent):
            from_http(headers, body)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"id": "a\0b"}, "characters that no attribute may have"),
        ({"correlationid": "\ud800"}, "characters that no attribute may have"),
        ({"id": "x" * 513}, "over-long"),
        ({"type": "jotline.nothing.happened"}, "unknown event type"),
        ({"id": ""}, "without id"),
        ({"partitionkey": ""}, "without partitionkey"),
        ({"partitionkey": "not hex"}, "cannot be read"),
        ({"time": "tomorrow"}, "cannot be read"),
        ({"time": "2026-11-25T10:00:00"}, "no offset"),
    ],
)
def test_a_wrong_attribute_is_named(change: dict[str, str], cause: str) -> None:
    told = message()
    with pytest.raises(BadEvent, match=cause):
        build({**told.attributes(), **change}, told.data_json())


def test_wrong_data_is_named_without_being_quoted() -> None:
    told = message()
    document = json.loads(told.to_json())
    document["data"]["channel"] = "carrier pigeon to +12125550142"
    with pytest.raises(BadEvent, match="channel") as caught:
        from_json(json.dumps(document))
    assert "2125550142" not in str(caught.value)


def test_a_newer_event_can_be_read() -> None:
    document = json.loads(message().to_json())
    document["data"]["invented_later"] = 1
    assert from_json(json.dumps(document)).type == document["type"]


def test_old_spellings_are_understood() -> None:
    assert type_named("task_created") == type_named("task.created") == "jotline.task.created"
    assert all(type_named(name) == name for name in TYPES)


def test_keys_are_stable_and_never_shared() -> None:
    assert partition_key(ADA, SECRET) == partition_key(ADA, SECRET) != partition_key(BOB, SECRET)
    assert partition_key(ADA, SECRET) != partition_key(ADA, b"another")
    assert 0 <= int(lane_of(partition_key(ADA, SECRET))) < 12


def test_every_type_has_a_published_schema() -> None:
    for name, row in TYPES.items():
        schema = row.model.model_json_schema()
        assert schema["properties"], name


#: Events as they were written by earlier versions, with the fields they had then: these lines are never changed.
EARLIER = (
    (
        '{"specversion": "1.0", "id": "SM1", "type": "jotline.message.received", "source": "/jotline/webhook", "subject": "SM1", '
        '"time": "2026-11-20T10:00:00+00:00", "partitionkey": "00000000000000000000000000000000", "correlationid": "SM1", '
        '"data": {"message_id": "SM1", "channel": "sms", "sender": "+12125550142", "recipient": "+14155550100", "text": "buy milk"}}'
    ),
    (
        '{"specversion": "1.0", "id": "task.created-1", "type": "task_created", "source": "/jotline/todo-crud", "subject": "1", '
        '"time": "2026-11-20T10:00:00+00:00", "partitionkey": "00000000000000000000000000000000", "data": {"event_id": "task.created-1", '
        '"event_type": "task.created", "event_version": "1.0", "task_id": "6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b44", '
        '"user_id": "6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b45", "timestamp": "2026-11-20T10:00:00+00:00", "version": 1, '
        '"message_id": "SM1", "payload": {"title": "Buy milk"}}}'
    ),
    (
        '{"specversion": "1.0", "id": "reminder.scheduled-1", "type": "jotline.reminder.scheduled", "source": "/jotline/todo-crud", '
        '"subject": "1", "time": "2026-11-20T10:00:00+00:00", "partitionkey": "00000000000000000000000000000000", '
        '"data": {"reminder_id": "6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b46", "task_id": "6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b44", '
        '"user_id": "6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b45", "title": "Buy milk", "due_date": "2026-11-21", '
        '"reminder_at": "2026-11-21T09:00:00+00:00", "message_id": "SM1"}}'
    ),
    (
        '{"specversion": "1.0", "id": "SM1.reply", "type": "jotline.notification.requested", "source": "/jotline/todo-crud", '
        '"subject": "1", "time": "2026-11-20T10:00:00+00:00", "partitionkey": "00000000000000000000000000000000", '
        '"data": {"message_id": "6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b47", "channel": "sms", "sender": "+14155550100", '
        '"recipient": "+12125550142", "body": "Added #1 Buy milk", "asked_at": "2026-11-20T10:00:00+00:00"}}'
    ),
)


@pytest.mark.parametrize("text", EARLIER, ids=lambda text: json.loads(text)["type"])
def test_what_an_earlier_version_wrote_can_be_read(text: str) -> None:
    event = from_json(text)
    assert from_json(event.to_json()) == event


def test_the_families_of_events_are_topics() -> None:
    assert {row.topic for row in TYPES.values()} == {"task-events", "reminders", "task-updates", "messages"}
    assert TYPES["jotline.task.completed"].topic == "task-events"
    assert TYPES["jotline.task.updated"].topic == "task-updates"
    assert TYPES["jotline.reminder.triggered"].topic == "reminders"
