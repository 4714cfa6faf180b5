"""What `knative/base` says, as far as a data plane needs it: who runs how, who gets what, and what happens to failures.

`shared.runtime.routing` reads the same files for routes alone, and strictly. Here the rest is read as a cluster would read it:
commands and environments of the Services, the Broker's delivery, the PingSources. Nothing is filled in that a manifest should say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shared.runtime.routing import MANIFESTS, PARALLELISM, BadManifest

#: ISO 8601 durations as Knative's delivery takes them, without days: PT1S, PT0.2S, PT2M.
_DURATION = re.compile(r"PT(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?")


@dataclass(frozen=True, slots=True)
class Service:
    """A function: what its container runs."""

    name: str
    image: str
    command: tuple[str, ...]  # command and args in place of the image's own; empty: the image's own
    env: Mapping[str, str]  # the ConfigMap's settings included


@dataclass(frozen=True, slots=True)
class Destination:
    """A Service, and a path on it."""

    service: str
    uri: str = "/"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Events with these attributes go to one Service, `parallelism` at a time."""

    name: str
    attributes: Mapping[str, str]
    subscriber: Destination
    parallelism: int


@dataclass(frozen=True, slots=True)
class Broker:
    """The Broker, and the delivery that its Triggers inherit."""

    name: str
    queue_type: str
    retry: int
    backoff_policy: str
    backoff_seconds: float
    dead_letter_sink: Destination


@dataclass(frozen=True, slots=True)
class Ping:
    """A PingSource: posts to a Service by a cron schedule (UTC)."""

    name: str
    schedule: str
    sink: Destination
    data: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Everything there is in one namespace."""

    namespace: str
    broker: Broker
    rabbitmq_settings: str  # lines of rabbitmq.conf
    services: tuple[Service, ...]
    triggers: tuple[Trigger, ...]
    pings: tuple[Ping, ...]

    def host(self, service: str) -> str:
        """The name a Service has on a cluster."""
        return f"{service}.{self.namespace}.svc.cluster.local"

    def url(self, to: Destination) -> str:
        """The URL by which a cluster calls a Service."""
        path = "" if to.uri == "/" else to.uri
        return f"http://{self.host(to.service)}{path}"


def read_cluster(folder: Path = MANIFESTS, components: Sequence[str] = ("rabbitmq",)) -> Cluster:
    """Read every manifest of `folder` and of the components beside it, `lanes-12` among them when wanted.

    Raises:
        BadManifest: something that the data plane needs is not said.
    """
    documents = [body for file in sorted(folder.glob("*.yaml")) for body in yaml.safe_load_all(file.read_bytes())]
    for component in components:
        documents = _with_component(documents, folder.parent / "components" / component)
    return understand(documents)


def understand(documents: Iterable[Mapping[str, Any]]) -> Cluster:
    """The cluster that these resources describe.

    Raises:
        BadManifest: something that the data plane needs is not said.
    """
    of_kind: dict[str, list[Mapping[str, Any]]] = {}
    for body in documents:
        of_kind.setdefault(f"{body.get('apiVersion', '').partition('/')[0]} {body['kind']}", []).append(body)
    try:
        # A component's Broker is a patch: it says the class, the base says the delivery.
        (broker,) = (body for body in of_kind["eventing.knative.dev Broker"] if "delivery" in body["spec"])
        (config,) = of_kind["eventing.knative.dev RabbitmqBrokerConfig"]
        (rabbitmq,) = of_kind["rabbitmq.com RabbitmqCluster"]
        settings = {name: value for body in of_kind.get("v1 ConfigMap", []) for name, value in body["data"].items()}
        return Cluster(
            namespace=config["metadata"]["namespace"],
            broker=_broker(broker, config),
            rabbitmq_settings=rabbitmq["spec"].get("rabbitmq", {}).get("additionalConfig", ""),
            services=tuple(_service(body, settings) for body in of_kind["serving.knative.dev Service"]),
            triggers=tuple(_trigger(body) for body in of_kind["eventing.knative.dev Trigger"]),
            pings=tuple(_ping(body) for body in of_kind.get("sources.knative.dev PingSource", [])),
        )
    except KeyError as missing:
        raise BadManifest(f"the manifests do not say {missing}, which the data plane needs") from missing


def _with_component(documents: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """What a component adds and takes away; that kustomize makes the same of it is checked where it is rendered."""
    component = yaml.safe_load((folder / "kustomization.yaml").read_bytes())
    added = [body for file in component["resources"] for body in yaml.safe_load_all((folder / file).read_bytes())]
    patches = [yaml.safe_load(patch["patch"]) for patch in component.get("patches", []) if "patch" in patch]
    gone = {(patch["kind"], patch["metadata"]["name"]) for patch in patches if patch.get("$patch") == "delete"}
    return [body for body in documents if (body["kind"], body.get("metadata", {}).get("name")) not in gone] + added


def _service(body: Mapping[str, Any], settings: Mapping[str, str]) -> Service:
    (container,) = body["spec"]["template"]["spec"]["containers"]
    shared = settings if any("configMapRef" in source for source in container.get("envFrom", [])) else {}
    env = {**shared, **{entry["name"]: entry["value"] for entry in container.get("env", []) if "value" in entry}}
    command = (*container.get("command", []), *container.get("args", []))
    return Service(body["metadata"]["name"], container["image"], command, env)


def _trigger(body: Mapping[str, Any]) -> Trigger:
    spec, annotations = body["spec"], body["metadata"].get("annotations", {})
    # Without the annotation the broker's controller takes 1.
    parallelism = int(annotations.get(PARALLELISM, 1))
    return Trigger(body["metadata"]["name"], dict(spec["filter"]["attributes"]), _destination(spec["subscriber"]), parallelism)


def _broker(body: Mapping[str, Any], config: Mapping[str, Any]) -> Broker:
    delivery = body["spec"]["delivery"]
    return Broker(
        name=body["metadata"]["name"],
        queue_type=config["spec"]["queueType"],
        retry=int(delivery["retry"]),
        backoff_policy=delivery["backoffPolicy"],
        backoff_seconds=_seconds(delivery["backoffDelay"]),
        dead_letter_sink=_destination(delivery["deadLetterSink"]),
    )


def _ping(body: Mapping[str, Any]) -> Ping:
    spec = body["spec"]
    return Ping(
        name=body["metadata"]["name"],
        schedule=spec["schedule"],
        sink=_destination(spec["sink"]),
        data=spec.get("data", ""),
        content_type=spec.get("contentType", "application/json"),
    )


def _destination(body: Mapping[str, Any]) -> Destination:
    return Destination(body["ref"]["name"], body.get("uri", "/"))


def _seconds(duration: str) -> float:
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise BadManifest(f"backoffDelay: {duration} is no duration like PT1S")
    return 60.0 * int(found["minutes"] or 0) + float(found["seconds"] or 0)
