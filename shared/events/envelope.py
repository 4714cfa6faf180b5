"""The event: CloudEvents 1.0 attributes (section 3 of its specification) and our extensions, around typed data.

Inside the process an event is this value. In the log it is CloudEvents JSON (`to_json`, `from_json`: the JSON event format,
section 3); on HTTP `shared.runtime.cloudevents_http` carries it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ValidationError

from shared.events.ids import lane_of
from shared.events.schemas import TYPES, Data, type_named
from shared.policy.outcomes import Poison

#: Ids are keys of indexes: PostgreSQL takes no key over 2,700 bytes.
MAX_ATTRIBUTE = 512


#: Control characters and lone surrogates (CloudEvents 1.0 section 3.1, type String), which no index could keep either.
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class BadEvent(Poison):
    """This is not an event we can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `time` is when it happened (aware); `id` is deterministic."""

    id: str
    type: str
    source: str  # /jotline/<function>
    subject: str  # the aggregate
    time: datetime
    data: Data
    partitionkey: str
    correlationid: str
    traceparent: str = ""

    @property
    def topic(self) -> str:
        """The topic dead letters are kept under (rulings X21)."""
        return TYPES[self.type].topic

    @property
    def lane(self) -> str:
        """The lane of the person this is about."""
        return lane_of(self.partitionkey)

    def attributes(self) -> dict[str, str]:
        """Every context attribute as a string, extensions included, `data` left out."""
        found = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "partitionkey": self.partitionkey,
            "lane": self.lane,
            "topic": self.topic,
            "correlationid": self.correlationid,
        }
        if self.traceparent:
            found["traceparent"] = self.traceparent
        return found

    def data_json(self) -> str:
        """The data as JSON text."""
        return self.data.model_dump_json(exclude_defaults=True)

    def to_json(self) -> str:
        """The event in the CloudEvents JSON format."""
        head = json.dumps({**self.attributes(), "datacontenttype": "application/json"}, ensure_ascii=False)
        return f'{head[:-1]}, "data": {self.data_json()}}}'

    def follow(self, *, id: str, type: str, source: str, subject: str, data: Data, time: datetime | None = None) -> Event:  # noqa: A002
        """An event caused by this one: same person, same correlation, same trace."""
        return replace(self, id=id, type=type, source=source, subject=subject, data=data, time=time or self.time)


@dataclass(frozen=True, slots=True)
class Unread:
    """An event for whoever only writes it down: its attributes, and its data as JSON text that nobody here has read."""

    attributes: Mapping[str, str]
    data: str

    @classmethod
    def of(cls, event: Event) -> Unread:
        """An event, unread again."""
        return cls(event.attributes(), event.data_json())


def leave_unread(attributes: dict[str, str], data: str | bytes) -> Unread:
    """An event whose data nobody here has to understand, of whatever type.

    Raises:
        BadEvent: an attribute is missing or wrong, or the data is no text.
    """
    _check_attributes(attributes)
    if missing := [key for key in ("id", "type", "source", "time", "partitionkey") if not attributes.get(key)]:
        raise BadEvent(f"event without {', '.join(missing)}")
    try:
        text = data if isinstance(data, str) else data.decode()
        if datetime.fromisoformat(attributes["time"]).tzinfo is None:
            raise BadEvent("time has no offset")
    except ValueError:
        raise BadEvent("time or data cannot be read") from None
    return Unread(attributes, text)


def _check_attributes(attributes: Mapping[str, str]) -> None:
    for key, value in attributes.items():
        if len(value) > MAX_ATTRIBUTE or _UNSTORABLE.search(value):
            raise BadEvent(f"attribute {key[:20]!r} is over-long or has characters that no attribute may have")


def build(attributes: dict[str, str], data: str | bytes) -> Event:
    """An event from its attributes and its data as JSON text.

    Raises:
        BadEvent: an attribute is missing or wrong, the type is unknown, or the data does not fit the type.
    """
    _check_attributes(attributes)
    name = type_named(attributes.get("type", ""))
    if name not in TYPES:
        raise BadEvent(f"unknown event type {name[:80]!r}")
    missing = [key for key in ("id", "source", "time", "partitionkey") if not attributes.get(key)]
    if missing:
        raise BadEvent(f"event without {', '.join(missing)}")
    try:
        time = datetime.fromisoformat(attributes["time"])
        lane_of(attributes["partitionkey"])
        model = TYPES[name].model.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadEvent(f"{name}: {where}: {first['type']}") from None
    except ValueError:
        raise BadEvent(f"{name}: time or partitionkey cannot be read") from None
    if time.tzinfo is None:
        raise BadEvent(f"{name}: time has no offset")
    return Event(
        id=attributes["id"],
        type=name,
        source=attributes["source"],
        subject=attributes.get("subject", ""),
        time=time,
        data=model,
        partitionkey=attributes["partitionkey"],
        correlationid=attributes.get("correlationid") or attributes["id"],
        traceparent=attributes.get("traceparent", ""),
    )


def from_json(text: str | bytes) -> Event:
    """An event from the CloudEvents JSON format.

    Raises:
        BadEvent: it is not JSON, not an object, or not an event `build` takes.
    """
    try:
        document = json.loads(text)
        data = json.dumps(document.pop("data"))
        attributes = {str(key): str(value) for key, value in document.items()}
    except (ValueError, KeyError, AttributeError, RecursionError):
        raise BadEvent("not a CloudEvent in JSON") from None
    return build(attributes, data)
