"""CloudEvents over HTTP, both content modes, by the CloudEvents SDK with stricter checks around it.

Source: CloudEvents HTTP protocol binding 1.0.2, section 3 (binary, structured) and 3.1.3.1 (percent-encoding of headers).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote, unquote

from cloudevents.exceptions import GenericException
from cloudevents.http import from_http as sdk_from_http

from shared.events.envelope import BadEvent, Event, build

STRUCTURED = "application/cloudevents+json"


def from_http(headers: Mapping[str, str], body: bytes) -> Event:
    """An event from a request.

    Raises:
        BadEvent: neither content mode, broken JSON, a bad attribute name, or not an event of ours.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != STRUCTURED and "ce-specversion" not in headers:
        raise BadEvent("neither a binary nor a structured CloudEvent")
    if kind not in (STRUCTURED, "application/json", ""):
        raise BadEvent("data must be application/json")
    try:
        found = sdk_from_http(headers, body)
        attributes = {str(key): str(value) for key, value in found.get_attributes().items() if value is not None}
        data = found.get_data()
    except (GenericException, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise BadEvent(f"not a CloudEvent: {type(error).__name__}") from None
    for name in attributes:
        if not (name.isalnum() and name.isascii() and name == name.lower()):
            raise BadEvent("attribute names are lower-case letters and digits")
    if attributes.get("specversion") != "1.0":
        raise BadEvent("specversion must be 1.0")
    if kind != STRUCTURED:
        attributes = {key: unquote(value) for key, value in attributes.items()}
    return build(attributes, data if isinstance(data, str | bytes) else json.dumps(data))


def to_http(event: Event) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event in binary mode."""
    headers = {f"ce-{name}": quote(value, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~") for name, value in event.attributes().items()}
    headers["content-type"] = "application/json"
    return headers, event.data_json().encode()
