"""What would not work on a cluster is found before it gets there, and named by file and field: broken copies of knative/."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from shared.runtime.routing import MANIFESTS
from shared.runtime.settings import Settings
from tools.check_manifests.__main__ import OVERLAYS, check, main
from tools.check_manifests.facts import ROOT
from tools.check_manifests.rendering import Resource, kustomize, read, render

KNATIVE = MANIFESTS.parent

TRIGGER = """\
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata:
  name: NAME
  annotations:
    rabbitmq.eventing.knative.dev/parallelism: "20"
spec:
  broker: jotline
  filter:
    attributes:
      type: TYPE
  subscriber:
    ref:
      apiVersion: serving.knative.dev/v1
      kind: Service
      name: FUNCTION
"""


@pytest.fixture(autouse=True)
def _renderer() -> None:
    """kustomize or kubectl."""
    if kustomize() is None:
        reason = "neither kubectl nor kustomize is installed; .ci/run installs kustomize"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of knative/ to break."""
    return Path(shutil.copytree(KNATIVE, tmp_path / "knative"))


def complaints(copy: Path, overlay: str = "single-node") -> list[str]:
    """What is wrong with an overlay of the copy."""
    return [str(problem) for problem in check(render(copy / "overlays" / overlay, copy.parent), copy / "base")]


def edit(file: Path, written: str, instead: str) -> None:
    """Change one place of a file."""
    text = file.read_text(encoding="utf-8")
    assert written in text
    file.write_text(text.replace(written, instead, 1), encoding="utf-8")


@pytest.mark.parametrize("overlay", sorted(OVERLAYS.iterdir()), ids=lambda folder: str(folder.name))
def test_every_overlay_is_right(overlay: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(overlay)]) == 0
    assert "at full scale" in capsys.readouterr().out


BROKEN = {
    "a misspelt field": (
        "base/notify.yaml",
        "  filter:",
        "  filtre: {}\n  filter:",
        "Trigger notify-notification-requested: spec: ",
    ),
    "a Trigger without a filter": (
        "base/notify.yaml",
        "  filter:\n    attributes:\n      type: jotline.notification.requested\n",
        "",
        "Trigger notify-notification-requested: spec.filter: Field required",
    ),
    "a Trigger with a delivery of its own": (
        "base/notify.yaml",
        "  broker: jotline",
        "  broker: jotline\n  delivery: {retry: 3}",
        "Trigger notify-notification-requested: spec.delivery: Extra inputs are not permitted",
    ),
    "a Trigger for a Service that is not there": (
        "base/todo-crud.yaml",
        "      kind: Service\n      name: todo-crud",
        "      kind: Service\n      name: todo-crub",
        "Trigger todo-crud-command-parsed: spec.subscriber.ref.name: there is no Service todo-crub",
    ),
    "a type that has no schema": (
        "base/notify.yaml",
        "type: jotline.message.status",
        "type: jotline.message.state",
        "Trigger notify-message-status: spec.filter.attributes.type: jotline.message.state has no schema",
    ),
    "a type that nobody emits": (
        "base/notify.yaml",
        "type: jotline.message.status",
        "type: jotline.message.state",
        "Trigger notify-message-status: spec.filter.attributes.type: nobody emits jotline.message.state",
    ),
    "a type that the function does not take": (
        "base/notify.yaml",
        "type: jotline.message.status",
        "type: jotline.command.parsed",
        "Trigger notify-message-status: spec.filter.attributes.type: notify does not take jotline.command.parsed",
    ),
    "an event that nobody is brought": (
        "base/audit.yaml",
        "topic: reminders",
        "type: jotline.reminder.sent",
        "remind.yaml: Service remind: spec: it emits jotline.reminder.triggered, which no Trigger brings to anybody",
    ),
    "a topic that there is not": (
        "base/audit.yaml",
        "topic: reminders",
        "topic: reminder",
        "Trigger audit-reminders: spec.filter.attributes.topic: Input should be",
    ),
    "a reply that comes back to who sent it": (
        "base/parse-command.yaml",
        "type: jotline.message.received",
        "type: jotline.command.parsed",
        "Trigger parse-command-message-received: spec.filter.attributes.type: a loop: parse-command > parse-command",
    ),
    "no dead letter sink": (
        "base/broker.yaml",
        "    deadLetterSink:\n      ref:\n        apiVersion: serving.knative.dev/v1\n        kind: Service\n        name: audit\n",
        "",
        "Broker jotline: spec.delivery.deadLetterSink.ref: is missing",
    ),
    "a dead letter sink that is not there": (
        "base/broker.yaml",
        "        name: audit",
        "        name: audits",
        "Broker jotline: spec.delivery.deadLetterSink.ref.name: there is no Service audits",
    ),
    "a dead letter sink that sleeps": (
        "base/audit.yaml",
        'min-scale: "1"',
        'min-scale: "0"',
        "Service audit: spec.template.metadata.annotations.autoscaling.knative.dev/min-scale: dead letters are let go of",
    ),
    "no retry": ("base/broker.yaml", "    retry: 8\n", "", "Broker jotline: spec.delivery.retry: None"),
    "no backoff": (
        "base/broker.yaml",
        "    backoffPolicy: exponential\n",
        "",
        "Broker jotline: spec.delivery.backoffPolicy: must be",
    ),
    "a backoff of no length": ("base/broker.yaml", "PT1S", "1s", "Broker jotline: spec.delivery.backoffDelay: must be"),
    "a tick to a path that nobody answers": (
        "base/audit.yaml",
        "    uri: /tick",
        "    uri: /tock",
        "PingSource audit-tick: spec.sink.uri: audit does not answer /tock; it answers /cleanup, /tick",
    ),
    "a tick to nobody": (
        "base/audit.yaml",
        "      name: audit\n    uri",
        "      name: audits\n    uri",
        "PingSource audit-tick: spec.sink.ref.name: there is no Service audits",
    ),
    "a tick at no time": (
        "base/audit.yaml",
        '"* * * * *"',
        '"every minute"',
        "PingSource audit-tick: spec.schedule: every minute is",
    ),
    "a function that would not know K_SINK": (
        "base/broker.yaml",
        "        app.kubernetes.io/part-of: jotline",
        "        app.kubernetes.io/part-of: jotlines",
        "Service audit: metadata.labels: no SinkBinding selects it",
    ),
    "a door that stands open": (
        "base/todo-crud.yaml",
        "  labels:\n    networking.knative.dev/visibility: cluster-local\n",
        "",
        "Service todo-crud: metadata.labels.networking.knative.dev/visibility: the internet can reach it",
    ),
    "a door that is shut": (
        "base/webhook.yaml",
        "  name: webhook\n",
        "  name: webhook\n  labels: {networking.knative.dev/visibility: cluster-local}\n",
        "Service webhook: metadata.labels.networking.knative.dev/visibility: the internet must reach it",
    ),
    "a webhook that sleeps": (
        "base/webhook.yaml",
        'min-scale: "1"',
        'min-scale: "0"',
        "Service webhook: spec.template.metadata.annotations.autoscaling.knative.dev/min-scale: must be 1",
    ),
    "a misspelt annotation": (
        "base/webhook.yaml",
        "autoscaling.knative.dev/min-scale",
        "autoscaling.knative.dev/minscale",
        "Service webhook: spec.template.metadata.annotations: nobody reads autoscaling.knative.dev/minscale",
    ),
    "a probe nobody answers": (
        "base/webhook.yaml",
        "{path: /health/ready}",
        "{path: /readyz}",
        "Service webhook: spec.template.spec.containers.0.readinessProbe: must be GET /health/ready after 5 s, every 5 s",
    ),
    "a probe on another port": (
        "base/webhook.yaml",
        "{path: /health/ready}",
        "{path: /health/ready, port: 8080}",
        "Service webhook: spec.template.spec.containers.0.readinessProbe.httpGet.port: nobody listens there, but on 8000",
    ),
    "a port of its own": (
        "base/webhook.yaml",
        "containerPort: 8000",
        "containerPort: 8001",
        "Service webhook: spec.template.spec.containers.0.ports.0.containerPort: must be 8000",
    ),
    "no limit": (
        "base/webhook.yaml",
        '            limits: {cpu: "1", memory: 192Mi}\n',
        "",
        "Service webhook: spec.template.spec.containers.0.resources: cpu: a request and a limit",
    ),
    "somebody who may be root": (
        "base/webhook.yaml",
        "runAsNonRoot: true",
        "runAsNonRoot: false",
        "Service webhook: spec.template.spec.containers.0.securityContext.runAsNonRoot: must be True",
    ),
    "an API that the internet cannot reach": (
        "base/api.yaml",
        "  name: api\n",
        "  name: api\n  labels: {networking.knative.dev/visibility: cluster-local}\n",
        "Service api: metadata.labels.networking.knative.dev/visibility: the internet must reach it",
    ),
    "an API of another image": (
        "base/api.yaml",
        "image: jotline/todo-crud",
        "image: jotline/notify",
        "Service api: spec.template.spec.containers.0.image: dev.local/jotline/notify:0.1.0 is not the image of todo-crud",
    ),
    "pages that wait for each other": (
        "base/live.yaml",
        "containerConcurrency: 0",
        "containerConcurrency: 100",
        "Service live: spec.template.spec.containerConcurrency: 100: whoever comes then would wait",
    ),
    "a pod for every hundred pages": (
        "base/live.yaml",
        '        autoscaling.knative.dev/target: "2000"',
        '        autoscaling.knative.dev/metric: "concurrency"',
        "Service live: spec.template.metadata.annotations.autoscaling.knative.dev/target: must be said",
    ),
    "a page that is never there at once": (
        "base/live.yaml",
        'min-scale: "1"',
        'min-scale: "0"',
        "Service live: spec.template.metadata.annotations.autoscaling.knative.dev/min-scale: must be 1",
    ),
    "a path to somebody inside": (
        "components/one-host/routes.yaml",
        "hostname: api.jotline.svc",
        "hostname: todo-crud.jotline.svc",
        "HTTPRoute jotline: spec.rules.1.filters.0.urlRewrite.hostname: todo-crud is nobody whom the internet may reach",
    ),
    "a function that no path leads to": (
        "components/one-host/routes.yaml",
        "hostname: api.jotline.svc",
        "hostname: live.jotline.svc",
        "Gateway jotline: spec.listeners: no HTTPRoute leads to api",
    ),
    "a path behind no door": (
        "components/one-host/routes.yaml",
        "sectionName: https",
        "sectionName: tls",
        "HTTPRoute jotline: spec.parentRefs.0: there is no listener tls of jotline",
    ),
    "a certificate for another name": (
        "overlays/single-node/kustomization.yaml",
        "path: /spec/dnsNames, value: [jotline.example.org]",
        "path: /spec/dnsNames, value: [example.org]",
        "Gateway jotline: spec.listeners.1.tls: no Certificate in jotline-certificate is for jotline.example.org",
    ),
    "a setting that nobody reads": (
        "base/settings.yaml",
        "LOG_LEVEL",
        "LOGLEVEL",
        "ConfigMap jotline: data.LOGLEVEL: no such setting",
    ),
    "a secret for everybody to see": (
        "base/settings.yaml",
        "LOG_LEVEL: INFO",
        "LOG_LEVEL: INFO\n  PARTY_SECRET: abc",
        "ConfigMap jotline: data.PARTY_SECRET: a secret: it comes from the Secret alone",
    ),
    "settings from nowhere": (
        "base/notify.yaml",
        "configMapRef:\n                name: jotline",
        "configMapRef:\n                name: jotlines",
        "Service notify: spec.template.spec.containers.0.envFrom: there is no ConfigMap jotlines",
    ),
    "another function's image": (
        "base/notify.yaml",
        "image: jotline/notify",
        "image: jotline/webhook",
        "Service notify: spec.template.spec.containers.0.image: dev.local/jotline/webhook:0.1.0 is not the image of notify",
    ),
    "more than a node has": (
        "base/notify.yaml",
        "requests: {cpu: 50m,",
        'requests: {cpu: "1",',
        "base/namespace.yaml: Namespace jotline: metadata.annotations.jotline.dev/node-cpu: requests add up to",
    ),
    "more memory than a node has": (
        "components/rabbitmq/cluster.yaml",
        "requests: {cpu: 250m, memory: 768Mi}",
        "requests: {cpu: 250m, memory: 5Gi}",
        "Namespace jotline: metadata.annotations.jotline.dev/node-memory: requests add up to",
    ),
    "more connections than PostgreSQL takes": (
        "components/postgres/postgres.yaml",
        "max_connections=100",
        "max_connections=20",
        "StatefulSet postgres: spec.template.spec.containers.0.args: pools add up to 34 of 20 connections",
    ),
    "queues that a crash empties": (
        "components/rabbitmq/broker-config.yaml",
        "queueType: quorum",
        "queueType: classic",
        "RabbitmqBrokerConfig jotline: spec.queueType: must be quorum",
    ),
    "a RabbitMQ that delivers a backlog twice": (
        "components/rabbitmq/cluster.yaml",
        "consumer_timeout = 86400000",
        "consumer_timeout = 1800000",
        "RabbitmqCluster rabbitmq: spec.rabbitmq.additionalConfig: consumer_timeout must be 60000000 ms at least",
    ),
    "a RabbitMQ that lets nobody in": (
        "components/rabbitmq/cluster.yaml",
        "topology-allowed-namespaces: jotline",
        "topology-allowed-namespaces: elsewhere",
        "RabbitmqCluster rabbitmq: metadata.annotations.rabbitmq.com/topology-allowed-namespaces: must name jotline",
    ),
    "a broker of no kind": (
        "components/rabbitmq/broker.yaml",
        "RabbitMQBroker",
        "RabbitMQ",
        "Broker jotline: metadata.annotations.eventing.knative.dev/broker.class: must be one of RabbitMQBroker, Kafka",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_copy_is_named_by_file_and_field(copy: Path, what: str) -> None:
    file, written, instead, complaint = BROKEN[what]
    edit(copy / file, written, instead)
    found = [line for line in complaints(copy) if complaint in line]
    assert found, complaints(copy)
    assert any(line.startswith("knative/") and ".yaml: " in line for line in found)


def test_a_route_that_only_the_single_box_has(copy: Path) -> None:
    away = "  - patch: |\n      $patch: delete\n      apiVersion: eventing.knative.dev/v1\n      kind: Trigger\n"
    away += "      metadata: {name: notify-message-status, namespace: jotline}\n"
    edit(copy / "overlays/single-node/kustomization.yaml", "patches:\n", f"patches:\n{away}")
    assert any(
        "metadata.name: notify-message-status, which the single box has, is missing" in line for line in complaints(copy)
    )


def test_a_route_that_only_the_cluster_has(copy: Path) -> None:
    more = (
        TRIGGER.replace("NAME", "todo-crud-again").replace("TYPE", "jotline.message.received").replace("FUNCTION", "todo-crud")
    )
    more = more.replace("  name: todo-crud-again", "  name: todo-crud-again\n  namespace: jotline")
    (copy / "overlays/single-node/more.yaml").write_text(more, encoding="utf-8")
    edit(copy / "overlays/single-node/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - more.yaml\n")
    assert any(
        "metadata.name: the single box has no such route: Route(trigger='todo-crud-again'" in line for line in complaints(copy)
    )


def test_more_than_twenty_routes(copy: Path) -> None:
    file = copy / "base/notify.yaml"
    more = (TRIGGER.replace("NAME", f"notify-{n}").replace("TYPE", f"jotline.extra.e{'x' * n}") for n in range(2))
    file.write_text(file.read_text(encoding="utf-8") + "".join(more).replace("FUNCTION", "notify"), encoding="utf-8")
    assert any(": spec: 21 routes; at most 20" in line for line in complaints(copy))


def test_a_lane_that_is_missing(copy: Path) -> None:
    file = copy / "components/lanes-12/todo-crud.yaml"
    documents = file.read_text(encoding="utf-8").split("---\n")
    file.write_text("---\n".join(documents[:-1]), encoding="utf-8")
    [complaint] = [line for line in complaints(copy, "several-nodes") if "spec.filter.attributes" in line]
    assert complaint.startswith("knative/components/lanes-12/todo-crud.yaml: Trigger todo-crud-command-parsed-0: ")
    assert "must be 0 to 11, each once" in complaint


def test_lanes_do_not_fit_on_the_single_node(copy: Path) -> None:
    edit(copy / "overlays/single-node/kustomization.yaml", "components:\n", "components:\n  - ../../components/lanes-12\n")
    [complaint] = complaints(copy)
    assert re.search(r"jotline\.dev/node-cpu: requests add up to 5\.\d\d CPUs of 4, 42 dispatchers among them", complaint)


def test_more_connections_than_yours_takes(copy: Path) -> None:
    edit(copy / "overlays/several-nodes/node.yaml", 'max-connections: "150"', 'max-connections: "90"')
    [complaint] = complaints(copy, "several-nodes")
    assert "Namespace jotline: metadata.annotations.jotline.dev/max-connections: pools add up to 134 of 90" in complaint


def test_a_kafka_trigger_out_of_order(copy: Path) -> None:
    edit(copy / "components/kafka/kustomization.yaml", "value: ordered", "value: unordered")
    found = complaints(copy, "kafka")
    assert any(
        "parse-command.yaml: Trigger parse-command-message-received: " in line and "delivery.order" in line for line in found
    )


def test_too_few_partitions(copy: Path) -> None:
    edit(copy / "components/kafka/config.yaml", 'partitions: "12"', 'partitions: "6"')
    assert [
        line
        for line in complaints(copy, "kafka")
        if "ConfigMap kafka-broker: data.default.topic.partitions: must be 12" in line
    ]


def test_an_image_without_a_version(copy: Path) -> None:
    edit(
        copy / "overlays/single-node/kustomization.yaml",
        "newName: dev.local/jotline/notify, newTag: 0.1.0",
        "newName: jotline/notify",
    )
    assert any(
        "Service notify: spec.template.spec.containers.0.image: jotline/notify says no version" in x for x in complaints(copy)
    )


def test_a_function_that_does_not_exist(copy: Path) -> None:
    service, *_ = (copy / "base/audit.yaml").read_text(encoding="utf-8").split("---\n")
    (copy / "base/ghost.yaml").write_text(service.replace("audit", "ghost"), encoding="utf-8")
    edit(copy / "base/kustomization.yaml", "  - audit.yaml\n", "  - audit.yaml\n  - ghost.yaml\n")
    assert any(
        "ghost.yaml: Service ghost: metadata.name: there is no functions/ghost/main.py" in line for line in complaints(copy)
    )


def test_what_was_rendered_already_is_checked_too(tmp_path: Path, copy: Path) -> None:
    rendered = [one.body for one in render(copy / "overlays/single-node", copy.parent)]
    file = tmp_path / "rendered.yaml"
    file.write_text(yaml.safe_dump_all(rendered), encoding="utf-8")
    assert main([str(file)]) == 0
    assert check(read(file), MANIFESTS) == []


def test_a_folder_that_cannot_be_rendered_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "kustomization" in capsys.readouterr().out


def services(overlay: str) -> dict[str, Resource]:
    return {one.name: one for one in render(OVERLAYS / overlay, KNATIVE) if one.kind == "serving.knative.dev/Service"}


def scale(service: Resource) -> tuple[str | None, ...]:
    marks = service.at("spec.template.metadata.annotations")
    return tuple(
        marks.get(f"autoscaling.knative.dev/{name}") for name in ("min-scale", "max-scale", "class", "metric", "target")
    )


def test_on_several_nodes_two_to_ten_of_each_and_twelve_of_notify_by_their_cpu() -> None:
    hpa = ("hpa.autoscaling.knative.dev", "cpu", "70")
    found = {name: scale(service) for name, service in services("several-nodes").items()}
    assert found == {
        "webhook": ("2", "10", *hpa),
        "parse-command": ("2", "10", *hpa),
        "todo-crud": ("2", "10", *hpa),
        "notify": ("2", "12", *hpa),
        "audit": ("1", "1", None, None, None),
        "recurrence": ("0", "1", None, None, None),
        "remind": ("1", "2", None, None, None),
        "digest": ("1", "1", None, None, None),
        "transcribe": ("0", "2", None, None, None),
        "api": ("2", "10", *hpa),
        "live": ("2", "3", None, None, "2000"),
    }


def test_a_full_queue_brings_notify_to_its_full_scale() -> None:
    """The autoscaler goes by requests under way; while a queue holds events, its dispatcher keeps `parallelism` of them there."""
    notify = next(yaml.safe_load_all((MANIFESTS / "notify.yaml").read_text(encoding="utf-8")))["spec"]["template"]
    triggers = [
        body
        for body in yaml.safe_load_all((MANIFESTS / "notify.yaml").read_text(encoding="utf-8"))
        if body["kind"] == "Trigger"
    ]
    at_once = sum(int(one["metadata"]["annotations"]["rabbitmq.eventing.knative.dev/parallelism"]) for one in triggers)
    wanted = -(-at_once // (notify["spec"]["containerConcurrency"] * 0.7))  # Knative aims at 70 % of the concurrency
    assert wanted == int(notify["metadata"]["annotations"]["autoscaling.knative.dev/max-scale"])


def test_the_template_of_the_secret_names_settings_and_every_secret_that_is_needed() -> None:
    lines = (KNATIVE / "secrets.env.example").read_text(encoding="utf-8").splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    ours = {"DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "PUBLIC_URL", "PARTY_SECRET"}
    ours |= {"AUDIO_STORE_URL", "JWT_SECRET"}
    assert ours <= {name.upper() for name in Settings.model_fields}
    assert names == ours | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}  # boto3 reads these


def test_what_is_kept_stands_in_a_namespace_of_its_own() -> None:
    resources = render(OVERLAYS / "single-node", KNATIVE)
    places = {(one.body["kind"], one.name): one.metadata.get("namespace") for one in resources}
    assert {name for kind, name in places if kind == "Namespace"} == {"jotline", "jotline-data"}
    assert places["StatefulSet", "postgres"] == places["RabbitmqCluster", "rabbitmq"] == "jotline-data"
    assert {places["Service", name] for name in services("single-node")} == {"jotline"}


def test_what_goes_first_is_everything_the_migration_needs() -> None:
    first = {
        (one.body["kind"], one.name) for one in render(OVERLAYS / "single-node", KNATIVE) if "jotline.dev/first" in one.labels
    }
    policies = {("NetworkPolicy", "postgres")}
    data = {("Namespace", "jotline-data"), ("Service", "postgres"), ("StatefulSet", "postgres")}
    assert first == {("Namespace", "jotline"), ("ConfigMap", "jotline"), ("Job", "migrate")} | data | policies


def test_a_new_version_takes_over_gradually() -> None:
    assert {one.annotations.get("serving.knative.dev/rollout-duration") for one in services("single-node").values()} == {"120s"}


def test_the_page_installs_what_terraform_installs() -> None:
    versions = re.findall(
        r'^    \w+ += "([^"$]+)"$', (ROOT / "terraform" / "versions.tf").read_text(encoding="utf-8"), re.MULTILINE
    )
    page = (ROOT / "docs" / "knative.md").read_text(encoding="utf-8")
    assert set(re.findall(r"releases/download/([^/\s]+)/", page)) == set(versions)
