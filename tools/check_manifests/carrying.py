"""How events are carried: the Broker, its kind, the clock ticks that go past it, and the binding that tells where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.events.ids import LANES
from shared.runtime.routing import KAFKA_ORDER, ORDERED
from tools.check_manifests.facts import facts_of
from tools.check_manifests.rendering import Problem, Resource
from tools.check_manifests.routes import SERVICE, TRIGGER

BROKER = "eventing.knative.dev/Broker"
CLASS = "eventing.knative.dev/broker.class"
CLASSES = {"RabbitMQBroker": "RabbitmqBrokerConfig", "Kafka": "ConfigMap"}
MIN_SCALE = "autoscaling.knative.dev/min-scale"
#: A dispatcher takes 100 events at once (its prefetch is fixed), and a request is cut after 600 s.
LONGEST_MILLISECONDS = 100 * 600 * 1000
#: ISO 8601, as Knative reads a backoffDelay.
DURATION = re.compile(r"PT\d+(\.\d+)?S")
CRON = re.compile(r"(\S+ ){4}\S+")


def problems(resources: list[Resource]) -> Iterator[Problem]:
    """What is wrong with how events are carried."""
    brokers = [one for one in resources if one.kind == BROKER]
    if [one.name for one in brokers] != ["jotline"]:
        where = (brokers or resources)[0]
        yield where.problem("metadata.name", f"there must be one Broker, jotline; there is {[one.name for one in brokers]}")
        return
    [broker] = brokers
    services = {one.name: one for one in resources if one.kind == SERVICE}
    yield from _delivery(broker, services)
    yield from _class(broker, resources)
    yield from _binding(resources, services)
    for resource in resources:
        if resource.kind == "sources.knative.dev/PingSource":
            yield from _tick(resource, services)


def _delivery(broker: Resource, services: dict[str, Resource]) -> Iterator[Problem]:
    """What fails is tried again, further and further apart, and then kept."""
    retry = broker.at("spec.delivery.retry")
    if not isinstance(retry, int) or retry < 1:
        yield broker.problem("spec.delivery.retry", f"{retry}: what fails once would be given up")
    if broker.at("spec.delivery.backoffPolicy") != "exponential":
        yield broker.problem(
            "spec.delivery.backoffPolicy", "must be exponential: tries that come at once meet the same failure"
        )
    if not DURATION.fullmatch(str(broker.at("spec.delivery.backoffDelay"))):
        yield broker.problem("spec.delivery.backoffDelay", "must be a duration like PT1S")
    sink = broker.at("spec.delivery.deadLetterSink.ref.name")
    if sink is None:
        yield broker.problem("spec.delivery.deadLetterSink.ref", "is missing: what cannot be delivered would be dropped")
    elif broker.at("spec.delivery.deadLetterSink.ref.kind") != "Service" or sink not in services:
        yield broker.problem("spec.delivery.deadLetterSink.ref.name", f"there is no Service {sink}")
    elif services[sink].at("spec.template.metadata.annotations") is None or not int(
        services[sink].at("spec.template.metadata.annotations").get(MIN_SCALE, "0")
    ):
        field = f"spec.template.metadata.annotations.{MIN_SCALE}"
        yield services[sink].problem(field, "dead letters are let go of while nobody is there: must be 1 at least")


def _class(broker: Resource, resources: list[Resource]) -> Iterator[Problem]:
    """The kind of broker is said, and what it needs is there."""
    kind = broker.annotations.get(CLASS, "")
    if kind not in CLASSES:
        yield broker.problem(f"metadata.annotations.{CLASS}", f"must be one of {', '.join(CLASSES)}: a component sets it")
        return
    reference = broker.at("spec.config") or {}
    if reference.get("kind") != CLASSES[kind] or not {"apiVersion", "name", "namespace"} <= reference.keys():
        yield broker.problem("spec.config", f"must name a {CLASSES[kind]} with apiVersion, name and namespace")
        return
    config = _find(resources, CLASSES[kind], reference["name"], reference["namespace"])
    if config is None:
        yield broker.problem("spec.config.name", f"there is no {CLASSES[kind]} {reference['name']}")
        return
    yield from (_rabbitmq if kind == "RabbitMQBroker" else _kafka)(config, resources)


def _rabbitmq(config: Resource, resources: list[Resource]) -> Iterator[Problem]:
    """Quorum queues on a RabbitMQ that lets us declare them and waits long enough."""
    if config.at("spec.queueType") != "quorum":
        yield config.problem("spec.queueType", "must be quorum: what was accepted has to outlive a crash")
    name, namespace = (config.at(f"spec.rabbitmqClusterReference.{key}") for key in ("name", "namespace"))
    cluster = _find(resources, "RabbitmqCluster", str(name), str(namespace))
    if cluster is None:
        yield config.problem("spec.rabbitmqClusterReference", f"there is no RabbitmqCluster {name} in {namespace}")
        return
    mark = "rabbitmq.com/topology-allowed-namespaces"
    if namespace != "jotline" and "jotline" not in cluster.annotations.get(mark, "").split(","):
        yield cluster.problem(f"metadata.annotations.{mark}", "must name jotline: the Broker's queues are declared there")
    said = re.search(r"^consumer_timeout\s*=\s*(\d+)\s*$", str(cluster.at("spec.rabbitmq.additionalConfig")), re.MULTILINE)
    if not said or int(said[1]) < LONGEST_MILLISECONDS:
        why = f"consumer_timeout must be {LONGEST_MILLISECONDS} ms at least, else a backlog is delivered twice"
        yield cluster.problem("spec.rabbitmq.additionalConfig", why)


def _kafka(config: Resource, resources: list[Resource]) -> Iterator[Problem]:
    """Partitions as there are lanes, and order where it is asked for."""
    data = config.body.get("data") or {}
    if data.get("default.topic.partitions") != str(LANES):
        yield config.problem("data.default.topic.partitions", f"must be {LANES}")
    for key in ("bootstrap.servers", "default.topic.replication.factor"):
        if not data.get(key):
            yield config.problem(f"data.{key}", "is missing")
    for resource in resources:
        if resource.kind == TRIGGER and (ORDERED in resource.labels) != (resource.annotations.get(KAFKA_ORDER) == "ordered"):
            yield resource.problem(f"metadata.annotations.{KAFKA_ORDER}", f"must be ordered where label {ORDERED} is true")


def _binding(resources: list[Resource], services: dict[str, Resource]) -> Iterator[Problem]:
    """Every function is told where the Broker is."""
    bindings = [one for one in resources if one.kind == "sources.knative.dev/SinkBinding"]
    selected: set[str] = set()
    for binding in bindings:
        if (binding.at("spec.sink.ref.kind"), binding.at("spec.sink.ref.name")) != ("Broker", "jotline"):
            yield binding.problem("spec.sink.ref", "must be the Broker jotline")
        wanted = binding.at("spec.subject.selector.matchLabels") or {}
        selected |= {name for name, one in services.items() if wanted and wanted.items() <= one.labels.items()}
    for name in sorted(services.keys() - selected):
        yield services[name].problem("metadata.labels", "no SinkBinding selects it: it would not know K_SINK")


def _tick(source: Resource, services: dict[str, Resource]) -> Iterator[Problem]:
    """A clock tick goes straight to a function, to a path it answers."""
    if not CRON.fullmatch(str(source.at("spec.schedule"))):
        yield source.problem("spec.schedule", f"{source.at('spec.schedule')} is not five fields of cron")
    name, path = source.at("spec.sink.ref.name"), str(source.at("spec.sink.uri") or "/")
    if source.at("spec.sink.ref.kind") != "Service" or name not in services:
        yield source.problem("spec.sink.ref.name", f"there is no Service {name}")
        return
    try:
        answers = facts_of(str(name)).answers
    except FileNotFoundError:
        return  # said elsewhere
    if path not in answers:
        yield source.problem(
            "spec.sink.uri", f"{name} does not answer {path}; it answers {', '.join(sorted(answers)) or 'none'}"
        )


def _find(resources: list[Resource], kind: str, name: str, namespace: str) -> Resource | None:
    """A resource by kind, name and namespace."""
    for one in resources:
        if (one.body.get("kind"), one.name, one.metadata.get("namespace")) == (kind, name, namespace):
            return one
    return None
