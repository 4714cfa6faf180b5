"""The processes of the cluster: each one's command and environment, from the manifests.

What Kubernetes and Knative would start, one process each: RabbitMQ, the Broker's ingress, a dispatcher per Trigger and one for the
dead-letter sink, a function per Service, and the PingSources' ticks. Beside them stands the phone, which plays Twilio. Commands and
environments of functions are those of `knative/base` and of the image (Dockerfile); only what a container brings is put in place of
itself: the path of the code, the address to listen on, the Secret, and what the SinkBinding adds.

Names are a cluster's too: every Service has a loopback address of its own and its full name in the namespace's hosts file, so
that a function is called as `http://todo-crud.jotline.svc.cluster.local` here as there.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.cluster import topology
from local.cluster.components import Components
from local.cluster.manifests import Cluster, Destination, Service, Trigger
from local.loading import FUNCTIONS, ROOT

#: The image's own (Dockerfile).
ENTRY_POINT = ("python3", "-m", "shared.runtime.server")
RABBITMQ_PORT = 5672
USER = PASSWORD = "jotline"  # noqa: S105 - nobody else is in the namespace
INGRESS_PORT = 8080
PHONE_PORT = 8090
HTTP_PORT = 80

#: Order of starting. What stands in one stage is started together; the next waits until it answers.
STAGES = ("rabbitmq", "phone", "function", "ingress", "dispatcher", "ticks")


@dataclass(frozen=True, slots=True)
class Part:
    """A process that is kept running. `ready` is an URL that answers 200, or `tcp://host:port`; empty: at once."""

    name: str
    kind: str
    command: Sequence[str]
    env: Mapping[str, str]
    ready: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """How the phone plays Twilio: the account it signs for, and the number people text to."""

    account_sid: str
    auth_token: str
    number: str
    options: Sequence[str] = field(default_factory=tuple)


def ingress_host(cluster: Cluster) -> str:
    """The name of the Broker's ingress, as its controller calls the Service."""
    return cluster.host(f"{cluster.broker.name}-broker-ingress")


def sink(cluster: Cluster) -> str:
    """`K_SINK`: where the SinkBinding sends events."""
    return f"http://{ingress_host(cluster)}:{INGRESS_PORT}"


def api_url(cluster: Cluster) -> str:
    """`TWILIO_API_URL`: where the phone answers as Twilio does, and has what was said."""
    return f"http://{cluster.host('phone')}:{PHONE_PORT}"


def public_url(cluster: Cluster) -> str:
    """The URL the phone signs its webhooks over: the Service that has them."""
    return f"http://{cluster.host('webhook')}"


def addresses(cluster: Cluster) -> dict[str, str]:
    """The hosts file: every name and its loopback address."""
    services = {cluster.host(each.name): f"127.0.1.{number}" for number, each in enumerate(cluster.services, start=1)}
    return {"localhost": "127.0.0.1", ingress_host(cluster): "127.0.0.1", cluster.host("phone"): "127.0.0.1", **services}


def parts(cluster: Cluster, programs: Components, folder: Path, secret: Mapping[str, str], phone: Phone | None) -> list[Part]:
    """Every process, in the order in which they are started.

    Args:
        cluster: what the manifests say.
        programs: where the programs are.
        folder: where RabbitMQ and the phone keep what they keep.
        secret: what functions get by `envFrom`: the settings of shared/runtime/settings.py.
        phone: who plays Twilio; None when somebody else does.
    """
    return [
        rabbitmq(programs.rabbitmq, folder / "rabbitmq"),
        *([_phone(cluster, folder / "phone", phone)] if phone else []),
        *(_function(cluster, each, secret) for each in cluster.services),
        _ingress(cluster, programs.ingress),
        *(_dispatcher(cluster, trigger, programs.dispatcher) for trigger in cluster.triggers),
        _dead_letter_dispatcher(cluster, programs.dispatcher),
        *([_ticks(cluster, folder)] if cluster.pings else []),
    ]


def rabbitmq(program: str, folder: Path) -> Part:
    """RabbitMQ on its own folder, under its own node name and cookie, without plugins or the machine's configuration."""
    env = {
        "HOME": str(folder),  # the cookie is made there
        "RABBITMQ_NODENAME": "jotline@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_LOGS": "-",
        # Schedulers that spin while they wait would take the other processes' two cores.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
    }
    return Part(
        "rabbitmq", "rabbitmq", (program,), _environment(env), f"tcp://127.0.0.1:{RABBITMQ_PORT}", "the broker's queues"
    )


def _phone(cluster: Cluster, folder: Path, phone: Phone) -> Part:
    command = [
        sys.executable,
        "-m",
        "local.phone",
        f"--port={PHONE_PORT}",
        f"--api-url={api_url(cluster)}",
        f"--folder={folder}",
    ]
    command += [f"--account-sid={phone.account_sid}", f"--auth-token={phone.auth_token}", f"--number={phone.number}"]
    command += ["--clock=real", f"--webhook-url={public_url(cluster)}/twilio/message#rc=5&rp=all", *phone.options]
    ready = f"http://127.0.0.1:{PHONE_PORT}/phone"
    return Part("phone", "phone", command, _environment({}), ready, "plays Twilio")


def _function(cluster: Cluster, service: Service, secret: Mapping[str, str]) -> Part:
    host = addresses(cluster)[cluster.host(service.name)]
    name = service.image.rpartition("/")[2]
    image = {"FUNCTION_SOURCE": str(FUNCTIONS / name / "main.py"), "FUNCTION_TARGET": "handle"}
    command = service.command or ENTRY_POINT
    env = {**image, **service.env, **secret, "K_SINK": sink(cluster), "HOST": host, "PORT": str(HTTP_PORT)}
    url = cluster.url(Destination(service.name))
    program = str(Path(sys.executable).with_name(command[0]))
    return Part(service.name, "function", (program, *command[1:]), _environment(env), f"http://{host}/health/ready", url)


def _ingress(cluster: Cluster, program: str) -> Part:
    env = {
        "BROKER_URL": _rabbitmq_url(),
        "EXCHANGE_NAME": topology.exchange_of(cluster),
        "PORT": str(INGRESS_PORT),
        "BROKER_NAME": cluster.broker.name,
        "BROKER_NAMESPACE": cluster.namespace,
    }
    ready = f"tcp://127.0.0.1:{INGRESS_PORT}"
    return Part("ingress", "ingress", (program,), _environment({**env, **_observability()}), ready, sink(cluster))


def _dispatcher(cluster: Cluster, trigger: Trigger, program: str) -> Part:
    env = {
        **_delivery(cluster, topology.queue_of(cluster, trigger), trigger.subscriber),
        "DLX_NAME": topology.dead_letter_exchange_of(cluster),
        "PARALLELISM": str(trigger.parallelism),
        "POD_NAME": f"{trigger.name}-dispatcher",
    }
    about = " and ".join(f"{name} {value}" for name, value in trigger.attributes.items())
    about = f"{about} to {trigger.subscriber.service}, {trigger.parallelism} at a time"
    return Part(f"dispatcher-{trigger.name}", "dispatcher", (program,), _environment(env), about=about)


def _dead_letter_dispatcher(cluster: Cluster, program: str) -> Part:
    to = cluster.broker.dead_letter_sink
    env = {**_delivery(cluster, topology.dead_letter_queue_of(cluster), to), "DLX": "true", "POD_NAME": "dlq-dispatcher"}
    about = f"dead letters to {to.service}, 1 at a time"
    return Part("dispatcher-dead-letters", "dispatcher", (program,), _environment(env), about=about)


def _delivery(cluster: Cluster, queue: str, to: Destination) -> dict[str, str]:
    """What both kinds of dispatcher are told (pkg/reconciler/{trigger,broker}/resources/dispatcher.go)."""
    return {
        "RABBIT_URL": _rabbitmq_url(),
        "QUEUE_NAME": queue,
        "SUBSCRIBER": cluster.url(to),
        "BROKER_INGRESS_URL": sink(cluster),
        "RETRY": str(cluster.broker.retry),
        "BACKOFF_POLICY": cluster.broker.backoff_policy,
        "BACKOFF_DELAY": f"{cluster.broker.backoff_seconds:g}s",
        "NAMESPACE": cluster.namespace,
        **_observability(),
    }


def _ticks(cluster: Cluster, folder: Path) -> Part:
    about = ", ".join(f"{ping.name} ({ping.schedule})" for ping in cluster.pings)
    command = (sys.executable, "-m", "local.cluster.ticks", str(folder / "ticks.json"))
    return Part("ticks", "ticks", command, _environment({}), about=about)


def _observability() -> dict[str, str]:
    """Both programs read these from the cluster's ConfigMaps. At `info` a dispatcher logs every reply, people's words included."""
    logging = {f"loglevel.rabbitmq-{name}": "warn" for name in ("ingress", "dispatcher")}
    return {"K_LOGGING_CONFIG": json.dumps(logging), "K_OBSERVABILITY_CONFIG": "{}", "SYSTEM_NAMESPACE": "knative-eventing"}


def _rabbitmq_url() -> str:
    return f"amqp://{USER}:{PASSWORD}@127.0.0.1:{RABBITMQ_PORT}"


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    """A process' whole environment: nothing of ours gets in by chance."""
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/sbin", "/usr/bin", "/sbin", "/bin"])
    return {"PATH": path, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **env}
