"""The trace of a matter, from event to event: as an extension, as an HTTP header, and when both were lost on the way."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shared.runtime.cloudevents_http import STRUCTURED, from_http, to_http, traced
from tests.making import message, notification

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


def test_it_leaves_both_ways() -> None:
    headers, _ = to_http(replace(message(), traceparent=TRACE))
    assert headers["ce-traceparent"] == headers["traceparent"] == TRACE


@pytest.mark.parametrize(
    ("extension", "header", "found"),
    [
        (TRACE, OTHER, TRACE),
        ("", OTHER, OTHER),
        ("nonsense", OTHER, OTHER),
        ("00-" + "0" * 32 + "-" + "0" * 16 + "-01", "", ""),
        ("", "nonsense", ""),
    ],
)
@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_the_extension_counts_before_the_header_and_nonsense_never(mode: str, extension: str, header: str, found: str) -> None:
    event = replace(message(), traceparent=extension)
    if mode == "binary":
        headers, body = to_http(event)
    else:
        headers, body = {"content-type": STRUCTURED}, event.to_json().encode()
    assert from_http({**headers, "traceparent": header}, body).traceparent == found


def test_a_matter_has_one_trace_wherever_it_is_asked_for() -> None:
    first = message()
    made = traced(first)
    assert from_http(*to_http(made)) == made
    follower = replace(notification(), correlationid=first.correlationid)
    assert traced(follower).traceparent == made.traceparent
    assert traced(message()).traceparent != made.traceparent
    assert traced(replace(first, traceparent=TRACE)).traceparent == TRACE


def test_what_follows_an_event_has_its_trace() -> None:
    event = replace(message(), traceparent=TRACE)
    reply = event.follow(id="x", type=event.type, source="/jotline/x", subject="x", data=event.data)
    assert json.loads(reply.to_json())["traceparent"] == TRACE
