"""CloudEvents over HTTP: structured mode by the CloudEvents SDK, binary mode by hand, stricter checks around both.

Source: CloudEvents HTTP protocol binding 1.0.2, section 3 (binary, structured) and 3.1.3.1 (percent-encoding of headers).
In binary mode, which brokers speak, the attributes are the headers and the body is the data. The SDK would read the data's JSON
for us to write it again and pydantic to read it once more: that was a twentieth of a text's CPU (docs/decisions/0007-posting.md).

The trace (W3C Trace Context) travels twice, as the extension `traceparent` of CloudEvents' distributed tracing extension and as
the HTTP header: Knative's RabbitMQ dispatcher drops the extension. Where both are gone the trace goes on all the same: `traced`
makes it of the correlation id, which every event of one matter shares.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from shared.events.envelope import BadEvent, Event, build

STRUCTURED = "application/cloudevents+json"
#: Characters that a header's value may have as they are: printable ASCII but for double quote and percent (section 3.1.3.2).
_SAFE = " !#$&'()*+,-./:;<=>?@[]^_`{|}~"
_PLAIN = re.compile(rf"[0-9A-Za-z{re.escape(_SAFE)}]*").fullmatch
#: Version 00: trace id, parent id, flags (w3.org/TR/trace-context, section 3.2); all zeros are no id.
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def from_http(headers: Mapping[str, str], body: bytes) -> Event:
    """An event from a request.

    Raises:
        BadEvent: neither content mode, broken JSON, a bad attribute name, or not an event of ours.
    """
    attributes, data = split(headers, body)
    return build(attributes, data)


def split(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], str | bytes]:
    """The context attributes of a request, extensions included, and its data as JSON text, in binary mode unread.

    Raises:
        BadEvent: neither content mode, broken JSON in structured mode, or a bad attribute name.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != STRUCTURED and "ce-specversion" not in headers:
        raise BadEvent("neither a binary nor a structured CloudEvent")
    if kind not in (STRUCTURED, "application/json", ""):
        raise BadEvent("data must be application/json")
    attributes, data = _structured(headers, body) if kind == STRUCTURED else _binary(headers, body)
    for name in attributes:
        if not (name.isalnum() and name.isascii() and name == name.lower()):
            raise BadEvent("attribute names are lower-case letters and digits")
    if attributes.get("specversion") != "1.0":
        raise BadEvent("specversion must be 1.0")
    traces = (attributes.pop("traceparent", ""), headers.get("traceparent", "").strip())
    if trace := next(filter(_TRACEPARENT.fullmatch, traces), ""):
        attributes["traceparent"] = trace
    return attributes, data


def _binary(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return {name[3:]: unquote(value) for name, value in headers.items() if name.startswith("ce-")}, body


def _structured(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], str | bytes]:
    from cloudevents.exceptions import GenericException
    from cloudevents.http import from_http as sdk_from_http

    try:
        found = sdk_from_http(headers, body)
        attributes = {str(key): str(value) for key, value in found.get_attributes().items() if value is not None}
        data = found.get_data()
        return attributes, data if isinstance(data, str | bytes) else json.dumps(data)
    except (GenericException, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise BadEvent(f"not a CloudEvent: {type(error).__name__}") from None


def to_http(event: Event) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event in binary mode."""
    headers = {f"ce-{name}": value if _PLAIN(value) else quote(value, safe=_SAFE) for name, value in event.attributes().items()}
    headers["content-type"] = "application/json"
    if event.traceparent:
        headers["traceparent"] = event.traceparent
    return headers, event.data_json().encode()


def traced(event: Event) -> Event:
    """The event with a trace: its own, else one made of its correlation id; sampled, so that whoever follows it sees it."""
    if event.traceparent:
        return event
    made = hashlib.sha256(event.correlationid.encode("utf-8", "backslashreplace")).hexdigest()
    return replace(event, traceparent=f"00-{made[:32]}-{made[32:48]}-01")


def received_text(headers: Mapping[str, str], body: bytes) -> str:
    """A request as text, as it came: in binary mode the attributes are headers."""
    head = "".join(f"{name}: {value}\n" for name, value in headers.items() if name.startswith("ce-"))
    text = body.decode("utf-8", "backslashreplace")
    return f"{head}\n{text}" if head else text
