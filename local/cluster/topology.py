"""The exchanges, queues, bindings and policies that Knative's RabbitMQ controller would declare for our Triggers.

RabbitMQ reads them as definitions when it starts: no client library, no management plugin, nothing to wait for. Names, types and
arguments are those of eventing-rabbitmq's controller (pkg/rabbit, pkg/rabbitmqnaming, pkg/reconciler), so that what holds here
holds there: a headers exchange for events, one queue per Trigger bound by the attributes it filters on, a headers exchange for
dead letters and one queue behind it, and the policy by which RabbitMQ itself dead-letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cluster.manifests import Broker, Cluster, Trigger

#: What Kubernetes would have given the Broker; it is part of every name.
BROKER_UID = "6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b44"
VHOST = "/"
HEADERS_ALL = {"x-match": "all"}


def exchange_of(cluster: Cluster) -> str:
    """The exchange that the ingress publishes to."""
    return f"b.{cluster.namespace}.{cluster.broker.name}.{BROKER_UID}"


def dead_letter_exchange_of(cluster: Cluster) -> str:
    """The exchange that dispatchers publish to when they give up."""
    return f"b.{cluster.namespace}.{cluster.broker.name}.dlx.{BROKER_UID}"


def dead_letter_queue_of(cluster: Cluster) -> str:
    """The queue of the dead-letter sink's dispatcher."""
    return f"b.{cluster.namespace}.{cluster.broker.name}.dlq.{BROKER_UID}"


def queue_of(cluster: Cluster, trigger: Trigger) -> str:
    """The queue of a Trigger's dispatcher."""
    return f"{cluster.namespace}.{trigger.name}.{BROKER_UID}"


def definitions(cluster: Cluster, user: str, password: str) -> dict[str, Any]:
    """The definitions file of RabbitMQ (rabbitmq.com/definitions.html), with the one user that everything connects as."""
    exchange, graveyard, letters = exchange_of(cluster), dead_letter_exchange_of(cluster), dead_letter_queue_of(cluster)
    queues = {queue_of(cluster, trigger): trigger for trigger in cluster.triggers}
    return {
        "users": [{"name": user, "password": password, "tags": ""}],
        "vhosts": [{"name": VHOST}],
        "permissions": [{"user": user, "vhost": VHOST, "configure": ".*", "write": ".*", "read": ".*"}],
        "exchanges": [_exchange(exchange), _exchange(graveyard)],
        "queues": [_queue(name, cluster.broker) for name in (*queues, letters)],
        "bindings": [
            *(
                _binding(exchange, queue, {**trigger.attributes, "x-knative-trigger": trigger.name})
                for queue, trigger in queues.items()
            ),
            # A headers exchange leaves names that begin with x- out of the comparison: this one takes everything.
            _binding(graveyard, letters, {"x-knative-dlq": cluster.broker.name}),
        ],
        "policies": [
            {
                "vhost": VHOST,
                "name": letters,
                "pattern": f"{BROKER_UID}$",
                "apply-to": "queues",
                "priority": 0,
                "definition": {"dead-letter-exchange": graveyard},
            }
        ],
    }


def _exchange(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": VHOST,
        "type": "headers",
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _queue(name: str, broker: Broker) -> dict[str, Any]:
    arguments = {"x-queue-type": broker.queue_type}
    return {"name": name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": arguments}


def _binding(source: str, queue: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    return {
        "source": source,
        "vhost": VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": "",
        "arguments": {**arguments, **HEADERS_ALL},
    }
