"""Everything fits: what is asked for at full scale, on the nodes of the overlay; connections, into PostgreSQL.

What Knative starts for us asks too, and stands in no manifest of ours: a dispatcher for each Trigger, one for dead letters, the
ingress, and a proxy beside every pod of a function. So does what has to be there before us.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.storage.database import Database
from tools.check_manifests.amounts import amount, gibibytes
from tools.check_manifests.carrying import BROKER, CLASS
from tools.check_manifests.rendering import Problem, Resource
from tools.check_manifests.routes import SERVICE, TRIGGER
from tools.check_manifests.running import containers_of, scale_of

#: What each asks for: CPUs, MiB, as the deployment manifests in the repositories of Knative, k3s and RabbitMQ's operators say. Not
#: each was read at the very version of terraform/versions.tf: `kubectl describe node` has the last word. cert-manager and
#: Knative's request-reply ask for nothing.
K3S = {"coredns": (0.1, 70), "metrics-server": (0.1, 70)}
SERVING = {"activator": (0.3, 60), "autoscaler": (0.1, 100), "controller": (0.1, 100), "webhook": (0.1, 100)}
KOURIER = {"net-kourier-controller": (0.2, 200), "3scale-kourier-gateway": (0.2, 200)}
EVENTING = {
    "eventing-controller": (0.1, 100),
    "eventing-webhook": (0.1, 50),
    "pingsource-mt-adapter": (0.125, 64),
    "job-sink": (0.125, 64),
}
RABBITMQ = {
    "rabbitmq-broker-controller": (0.1, 100),
    "rabbitmq-broker-webhook": (0.02, 20),
    "rabbitmq-cluster-operator": (0.2, 500),
    "messaging-topology-operator": (0.1, 100),
}
#: The Kafka broker's control plane, receiver and dispatcher (knative-extensions/eventing-kafka-broker).
KAFKA = {"kafka-controller": (0.1, 100), "kafka-webhook-eventing": (0.02, 20), "receiver and dispatcher": (0.4, 1024)}
#: Knative's defaults: eventing-rabbitmq's pkg/reconciler (dispatcher, ingress), config-deployment (queue-proxy).
MARK = "rabbitmq.eventing.knative.dev"
DISPATCHER, INGRESS, QUEUE_PROXY = (0.05, 64), (0.05, 32), (0.025, 0)

#: Who keeps a connection besides its pool: live listens on one for what changes.
LISTENING = {"live": 1}
POOL: int = inspect.signature(Database).parameters["connections"].default
#: Kept for a superuser (PostgreSQL's superuser_reserved_connections), the migration's two, and a command line's two.
OTHERS = 3 + 2 + 2


@dataclass
class Sum:
    """CPUs and bytes."""

    cpu: float = 0.0
    memory: float = 0.0

    def add(self, cpu: float, memory: float, times: int = 1) -> None:
        """Count something in."""
        self.cpu += cpu * times
        self.memory += memory * times


@dataclass(frozen=True)
class Fit:
    """What an overlay asks for, and what there is."""

    asked: Sum
    there: Sum
    dispatchers: int
    connections: int
    connections_there: int

    def __str__(self) -> str:
        cpu = f"{self.asked.cpu:.2f} of {self.there.cpu:g} CPUs"
        memory = f"{gibibytes(self.asked.memory)} of {gibibytes(self.there.memory)}"
        return f"{self.dispatchers} dispatchers; at full scale {cpu}, {memory}, {self.connections} of {self.connections_there} connections"


def measure(resources: list[Resource]) -> Fit:
    """Add everything up.

    Raises:
        ValueError, KeyError: something is not said (the other checks say what).
    """
    asked = Sum()
    kafka = any(one.kind == BROKER and one.annotations.get(CLASS) == "Kafka" for one in resources)
    for table in (K3S, SERVING, KOURIER, EVENTING, KAFKA if kafka else RABBITMQ):
        for cpu, mebibytes in table.values():
            asked.add(cpu, mebibytes * 2**20)
    triggers = [] if kafka else [one for one in resources if one.kind == TRIGGER]
    dispatchers = len(triggers) + (not kafka)  # the last is for dead letters
    asked.add(DISPATCHER[0], DISPATCHER[1] * 2**20, dispatchers - len(triggers))
    for trigger in triggers:
        for_cpu, for_memory = (trigger.annotations.get(f"{MARK}/{name}-request") for name in ("cpu", "memory"))
        asked.add(
            amount(for_cpu) if for_cpu else DISPATCHER[0],
            amount(for_memory) if for_memory else DISPATCHER[1] * 2**20,
        )
    if not kafka:
        asked.add(INGRESS[0], INGRESS[1] * 2**20)
    connections = OTHERS
    for resource in resources:
        pods = int(resource.at("spec.replicas") or 1)
        if resource.kind == SERVICE:
            _, pods = scale_of(resource)
            asked.add(QUEUE_PROXY[0], QUEUE_PROXY[1] * 2**20, pods)
            connections += pods * (POOL + LISTENING.get(resource.name, 0))
        for requests in _requests(resource):
            asked.add(amount(requests["cpu"]), amount(requests["memory"]), pods)
    marks = _node(resources).annotations
    nodes = int(marks["jotline.dev/nodes"])
    there = Sum(nodes * amount(marks["jotline.dev/node-cpu"]), nodes * amount(marks["jotline.dev/node-memory"]))
    return Fit(asked, there, dispatchers, connections, _connections_there(resources))


def problems(resources: list[Resource]) -> Iterator[Problem]:
    """What does not fit."""
    node = _node(resources)
    try:
        fit = measure(resources)
    except (ValueError, KeyError) as error:
        yield node.problem("metadata.annotations.jotline.dev/node*, max-connections", f"cannot add up: {error}")
        return
    if fit.asked.cpu > fit.there.cpu:
        why = f"requests add up to {fit.asked.cpu:.2f} CPUs of {fit.there.cpu:g}, {fit.dispatchers} dispatchers among them"
        yield node.problem("metadata.annotations.jotline.dev/node-cpu", why)
    if fit.asked.memory > fit.there.memory:
        why = f"requests add up to {gibibytes(fit.asked.memory)} of {gibibytes(fit.there.memory)}"
        yield node.problem("metadata.annotations.jotline.dev/node-memory", why)
    if fit.connections > fit.connections_there:
        where = next((one for one in resources if one.kind == "apps/StatefulSet"), node)
        field = "metadata.annotations.jotline.dev/max-connections" if where is node else "spec.template.spec.containers.0.args"
        yield where.problem(field, f"pools add up to {fit.connections} of {fit.connections_there} connections at full scale")


def _requests(resource: Resource) -> Iterator[dict[str, str]]:
    """The requests of each container of a pod of this resource."""
    if resource.kind == "rabbitmq.com/RabbitmqCluster":
        yield resource.at("spec.resources.requests")
    for _, container in containers_of(resource):
        yield container["resources"]["requests"]


def _connections_there(resources: list[Resource]) -> int:
    """max_connections of the PostgreSQL of this overlay, or, where it is elsewhere, what the overlay says of it."""
    for resource in resources:
        for argument in resource.at("spec.template.spec.containers.0.args") or []:
            if found := re.fullmatch(r"max_connections=(\d+)", argument):
                return int(found[1])
    return int(_node(resources).annotations["jotline.dev/max-connections"])


def _node(resources: list[Resource]) -> Resource:
    """The resource that says what there is: our namespace."""
    return next((one for one in resources if (one.kind, one.name) == ("v1/Namespace", "jotline")), resources[0])
