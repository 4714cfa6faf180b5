"""Who gets which event: the Triggers in `knative/base`, the one place where it is said.

The single box is no cluster, but reads the same files, so what runs on Knative and what runs here cannot drift apart. The CRD
of a Trigger lets a misspelt field pass (its spec preserves unknown fields), so this is stricter than a cluster would be: every
field is known, the subscriber is a Service of the same folder, and the two marks of an ordered Trigger say the same: our label,
and the parallelism of 1 with which Knative's RabbitMQ broker keeps the order.

A Trigger asks for one type, or for one `topic`: all types of it, which are a route each (shared/events/schemas.py).

A cluster may split an ordered Trigger into lanes (`knative/components/lanes-12`): Triggers that differ in their number and the
`lane` they filter by. Together they are one route, and nothing but all of them is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.events.ids import LANES
from shared.events.schemas import TYPES, Topic

MANIFESTS = Path(__file__).parents[2] / "knative" / "base"
PART_OF = "app.kubernetes.io/part-of"
ORDERED = "jotline.dev/ordered"
PARALLELISM = "rabbitmq.eventing.knative.dev/parallelism"
DISPATCHER = "rabbitmq.eventing.knative.dev"
KAFKA_ORDER = "kafka.eventing.knative.dev/delivery.order"
NOT_ROUTING = {"kustomization.yaml"}


class BadManifest(Exception):
    """A manifest says something that cannot be meant. The message names the file, the resource and the field."""


@dataclass(frozen=True, slots=True)
class Route:
    """Events of one type go to one function, under the name of a Trigger.

    `ordered`: events with the same partition key are delivered one after the other, and a failed one holds up the rest.
    """

    trigger: str
    function: str
    event_type: str
    ordered: bool


@dataclass(frozen=True, slots=True)
class Trigger:
    """One Trigger as it is applied: `lane` is empty unless it takes the events of one lane only."""

    name: str
    function: str
    event_types: tuple[str, ...]
    ordered: bool
    lane: str = ""


def read_routes(folder: Path = MANIFESTS) -> list[Route]:
    """Read the routes, in the order of files and Triggers.

    Raises:
        BadManifest: a file is no YAML, a Trigger is incomplete or has an unknown field, its subscriber is no Service here, or
            two Triggers have one name or say the same.
    """
    files = list(read_resources(folder))
    services = services_in(body for _, body in files)
    return merge_lanes(as_trigger(str(file), body, services) for file, body in files if body.get("kind") == "Trigger")


def merge_lanes(triggers: Iterable[Trigger]) -> list[Route]:
    """The routes that Triggers make: the lanes of one delivery are one.

    Raises:
        BadManifest: two Triggers have one name or say the same, or a lane is missing.
    """
    deliveries: dict[tuple[str, str], list[Trigger]] = {}
    names: Counter[str] = Counter()
    for trigger in triggers:
        names[trigger.name] += 1
        for event_type in trigger.event_types:
            deliveries.setdefault((event_type, trigger.function), []).append(trigger)
    _refuse_twice("Trigger", names)
    return [_merged(event_type, delivery) for (event_type, _), delivery in deliveries.items()]


def services_in(bodies: Iterable[Mapping[str, Any]]) -> set[str]:
    """The names of the Knative Services among resources."""
    return {body["metadata"]["name"] for body in bodies if _kind(body) == ("serving.knative.dev/v1", "Service")}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Name = Annotated[str, Field(pattern=r"^[a-z]([-a-z0-9]*[a-z0-9])?$", max_length=63)]


class _Labels(_Strict):
    ordered: Literal["true"] | None = Field(None, alias=ORDERED)
    part_of: Literal["jotline"] | None = Field(None, alias=PART_OF)


class _Annotations(_Strict):
    parallelism: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")] | None = Field(None, alias=PARALLELISM)
    kafka_order: Literal["ordered"] | None = Field(None, alias=KAFKA_ORDER)
    # What its dispatcher asks for, and may take; instead of Knative's 50m and 64Mi where it has little to do.
    cpu_request: Annotated[str, Field(pattern=r"^[0-9]+m$")] | None = Field(None, alias=f"{DISPATCHER}/cpu-request")
    memory_request: Annotated[str, Field(pattern=r"^[0-9]+Mi$")] | None = Field(None, alias=f"{DISPATCHER}/memory-request")
    memory_limit: Annotated[str, Field(pattern=r"^[0-9]+Mi$")] | None = Field(None, alias=f"{DISPATCHER}/memory-limit")


class _Metadata(_Strict):
    name: Name
    namespace: Literal["jotline"] = "jotline"
    labels: _Labels = _Labels()
    annotations: _Annotations = _Annotations()


class _Attributes(_Strict):
    type: Annotated[str, Field(pattern=r"^jotline\.[a-z]+\.[a-z]+$")] = ""
    topic: Topic | None = None
    lane: Annotated[str, Field(pattern=r"^([0-9]|1[01])$")] = ""

    @model_validator(mode="after")
    def _says_which_events(self) -> _Attributes:
        if bool(self.type) == bool(self.topic):
            raise ValueError("must have either a type or a topic")
        return self

    @property
    def types(self) -> tuple[str, ...]:
        """The event types that are asked for."""
        return (self.type,) if self.type else tuple(name for name, kind in TYPES.items() if kind.topic == self.topic)


class _Filter(_Strict):
    attributes: _Attributes


class _Reference(_Strict):
    api_version: Literal["serving.knative.dev/v1"] = Field(alias="apiVersion")
    kind: Literal["Service"]
    name: Name


class _Subscriber(_Strict):
    ref: _Reference


class _Spec(_Strict):
    broker: Literal["jotline"]
    filter: _Filter
    subscriber: _Subscriber


class _Trigger(_Strict):
    api_version: Literal["eventing.knative.dev/v1"] = Field(alias="apiVersion")
    kind: Literal["Trigger"]
    metadata: _Metadata
    spec: _Spec

    @model_validator(mode="after")
    def _marks_agree(self) -> _Trigger:
        # Without the annotation the broker takes 1: said aloud, so that nobody has to know.
        if (self.metadata.labels.ordered == "true") != (self.metadata.annotations.parallelism == "1"):
            raise ValueError(f'label {ORDERED}: "true" and annotation {PARALLELISM}: "1" belong together')
        if self.metadata.annotations.parallelism is None:
            raise ValueError(f"annotation {PARALLELISM} is missing")
        if self.spec.filter.attributes.topic and self.metadata.labels.ordered:
            raise ValueError("a topic is of many types, and order is between events of one: it cannot be ordered")
        if self.spec.filter.attributes.lane and self.metadata.labels.ordered is None:
            raise ValueError(f'a lane is for events in order: label {ORDERED}: "true" is missing')
        return self


def read_resources(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every resource of a folder, with its file.

    Raises:
        BadManifest: a file is no YAML, or a resource has no name.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C, where PyYAML was built with it
    for file in sorted(folder.glob("*.yaml")):
        if file.name in NOT_ROUTING:
            continue
        try:
            bodies = list(yaml.load_all(file.read_bytes(), loader))
        except yaml.YAMLError as error:
            raise BadManifest(f"{file}: no YAML: {error}") from error
        for body in bodies:
            if not isinstance(body, dict) or not isinstance(body.get("metadata"), dict) or "name" not in body["metadata"]:
                raise BadManifest(f"{file}: a resource without metadata.name")
            yield file, body


def as_trigger(where: str, body: Mapping[str, Any], services: set[str]) -> Trigger:
    """A resource as a Trigger; `where` is its file, `services` what it may be for.

    Raises:
        BadManifest: it is none that can be meant; the message names the file, the Trigger and the field.
    """
    where = f"{where}: Trigger {body['metadata']['name']}"
    try:
        read = _Trigger.model_validate(body)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc'])) or 'metadata'}: {e['msg']}" for e in error.errors()]
        raise BadManifest(f"{where}: {'; '.join(problems)}") from None
    function = read.spec.subscriber.ref.name
    if function not in services:
        raise BadManifest(f"{where}: spec.subscriber.ref.name: there is no Service {function}")
    attributes = read.spec.filter.attributes
    return Trigger(
        name=read.metadata.name,
        function=function,
        event_types=attributes.types,
        ordered=read.metadata.labels.ordered == "true",
        lane=attributes.lane,
    )


def _merged(event_type: str, delivery: list[Trigger]) -> Route:
    """The one route of the Triggers that bring events of one type to one function."""
    first = delivery[0]
    what = f"delivery of {event_type} to {first.function}"
    lanes = Counter(trigger.lane for trigger in delivery)
    if set(lanes) == {""}:
        _refuse_twice(what, lanes)
    elif lanes != Counter(map(str, range(LANES))):
        there = ", ".join(lane or "none" for lane in lanes.elements())
        raise BadManifest(f"{what}: spec.filter.attributes.lane: must be 0 to {LANES - 1}, each once; there is {there}")
    return Route(first.name.removesuffix(f"-{first.lane}"), first.function, event_type, first.ordered)


def _kind(body: Mapping[str, Any]) -> tuple[object, object]:
    return body.get("apiVersion"), body.get("kind")


def _refuse_twice(what: str, times: Mapping[str, int]) -> None:
    for name, count in times.items():
        if count > 1:
            raise BadManifest(f"{what}{name and f' {name}'} stands there {count} times")
