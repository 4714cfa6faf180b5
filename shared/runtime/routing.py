"""Who gets which event: the Triggers in `knative/base`, the one place where it is said.

The single box is no cluster, but reads the same files, so what runs on Knative and what runs here cannot drift apart. The CRD
of a Trigger lets a misspelt field pass (its spec preserves unknown fields), so this is stricter than a cluster would be: every
field is known, the subscriber is a Service of the same folder, and the two marks of an ordered Trigger say the same: our label,
and the parallelism of 1 with which Knative's RabbitMQ broker keeps the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

MANIFESTS = Path(__file__).parents[2] / "knative" / "base"
ORDERED = "jotline.dev/ordered"
PARALLELISM = "rabbitmq.eventing.knative.dev/parallelism"
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


def read_routes(folder: Path = MANIFESTS) -> list[Route]:
    """Read the routes, in the order of files and Triggers.

    Raises:
        BadManifest: a file is no YAML, a Trigger is incomplete or has an unknown field, its subscriber is no Service here, or
            two Triggers have one name or say the same.
    """
    resources = list(_resources(folder))
    services = {body["metadata"]["name"] for _, body in resources if _kind(body) == ("serving.knative.dev/v1", "Service")}
    routes = [_route(file, body, services) for file, body in resources if body.get("kind") == "Trigger"]
    _refuse_twice("Trigger", [route.trigger for route in routes])
    _refuse_twice("delivery of", [f"{route.event_type} to {route.function}" for route in routes])
    return routes


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Name = Annotated[str, Field(pattern=r"^[a-z]([-a-z0-9]*[a-z0-9])?$", max_length=63)]


class _Labels(_Strict):
    ordered: Literal["true"] | None = Field(None, alias=ORDERED)


class _Annotations(_Strict):
    parallelism: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")] | None = Field(None, alias=PARALLELISM)


class _Metadata(_Strict):
    name: Name
    labels: _Labels = _Labels()
    annotations: _Annotations = _Annotations()


class _Attributes(_Strict):
    type: Annotated[str, Field(pattern=r"^jotline\.[a-z]+\.[a-z]+$")]


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
        return self


def _resources(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
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


def _route(file: Path, body: dict[str, Any], services: set[str]) -> Route:
    where = f"{file}: Trigger {body['metadata']['name']}"
    try:
        trigger = _Trigger.model_validate(body)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc'])) or 'metadata'}: {e['msg']}" for e in error.errors()]
        raise BadManifest(f"{where}: {'; '.join(problems)}") from None
    function = trigger.spec.subscriber.ref.name
    if function not in services:
        raise BadManifest(f"{where}: spec.subscriber.ref.name: there is no Service {function}")
    ordered = trigger.metadata.labels.ordered == "true"
    return Route(trigger.metadata.name, function, trigger.spec.filter.attributes.type, ordered)


def _kind(body: dict[str, Any]) -> tuple[object, object]:
    return body.get("apiVersion"), body.get("kind")


def _refuse_twice(what: str, names: list[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise BadManifest(f"{what} {name} stands there {times} times")
