"""The single box's routes are the Triggers of knative/base, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from shared.events import schemas
from shared.events.ids import LANES
from shared.runtime.routing import MANIFESTS, BadManifest, Route, read_routes

ROOT = Path(__file__).parents[3]

SERVICE = """\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: notify}
---
"""
TRIGGER = """\
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata:
  name: notify-message-received
  annotations:
    rabbitmq.eventing.knative.dev/parallelism: "20"
spec:
  broker: jotline
  filter:
    attributes:
      type: jotline.message.received
  subscriber:
    ref:
      apiVersion: serving.knative.dev/v1
      kind: Service
      name: notify
"""


def refusal(folder: Path, trigger: str, *, service: str = SERVICE) -> str:
    (folder / "notify.yaml").write_text(service + trigger, encoding="utf-8")
    with pytest.raises(BadManifest) as refused:
        read_routes(folder)
    assert "notify.yaml" in str(refused.value) or "times" in str(refused.value)
    return str(refused.value)


def test_the_text_path_goes_from_parse_command_over_todo_crud_to_notify() -> None:
    assert set(read_routes()) >= {
        Route("parse-command-message-received", "parse-command", "jotline.message.received", ordered=True),
        Route("todo-crud-command-parsed", "todo-crud", "jotline.command.parsed", ordered=True),
        Route("notify-notification-requested", "notify", "jotline.notification.requested", ordered=False),
        Route("notify-message-received", "notify", "jotline.message.received", ordered=False),
        Route("notify-message-status", "notify", "jotline.message.status", ordered=False),
    }


def test_the_voice_path_goes_through_transcribe_and_holds_up_nobody() -> None:
    voice = [route for route in read_routes() if route.function == "transcribe"]
    assert {route.event_type.removeprefix("jotline.") for route in voice} == {
        "call.received",
        "audio.received",
        "audio.cut",
        "recording.requested",
    }
    assert not any(route.ordered for route in voice)


def test_every_route_leads_to_a_function_and_carries_a_type_that_has_a_schema() -> None:
    for route in read_routes():
        assert (ROOT / "functions" / route.function / "main.py").is_file()
        assert route.event_type in schemas.TYPES


def test_kustomize_applies_every_file_that_the_single_box_reads() -> None:
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    assert sorted([*listed, "kustomization.yaml"]) == sorted(file.name for file in MANIFESTS.glob("*.yaml"))


@pytest.mark.parametrize("folder", sorted((ROOT / "functions").glob("*/")), ids=lambda folder: str(folder.name))
def test_a_function_has_a_file_of_its_own_with_a_service_that_runs_its_image(folder: Path) -> None:
    service = next(yaml.safe_load_all((MANIFESTS / f"{folder.name}.yaml").read_text(encoding="utf-8")))
    [container] = service["spec"]["template"]["spec"]["containers"]
    assert service["metadata"]["name"] == folder.name
    assert container["image"] == f"jotline/{folder.name}"


def test_only_the_doors_can_be_reached_from_outside_the_cluster() -> None:
    services = [next(yaml.safe_load_all(file.read_text(encoding="utf-8"))) for file in MANIFESTS.glob("*.yaml")]
    visible = [
        body["metadata"]["name"]
        for body in services
        if body["apiVersion"] == "serving.knative.dev/v1"
        and body["metadata"].get("labels", {}).get("networking.knative.dev/visibility") != "cluster-local"
    ]
    assert sorted(visible) == ["api", "live", "webhook"]


def test_a_trigger_reads_as_a_route(tmp_path: Path) -> None:
    (tmp_path / "notify.yaml").write_text(SERVICE + TRIGGER, encoding="utf-8")
    assert read_routes(tmp_path) == [Route("notify-message-received", "notify", "jotline.message.received", ordered=False)]


def test_an_ordered_trigger_carries_both_marks(tmp_path: Path) -> None:
    marked = TRIGGER.replace("  annotations:", '  labels:\n    jotline.dev/ordered: "true"\n  annotations:').replace(
        '"20"', '"1"'
    )
    (tmp_path / "notify.yaml").write_text(SERVICE + marked, encoding="utf-8")
    assert [route.ordered for route in read_routes(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("written", "instead", "complaint"),
    [
        ("  filter:\n    attributes:\n      type: jotline.message.received\n", "", "spec.filter: Field required"),
        ("      type: jotline.message.received\n", "      type: ''\n", "spec.filter.attributes.type: String should match"),
        (
            "      type: jotline.message.received\n",
            "      kind: jotline.message.received\n",
            "spec.filter.attributes.kind: Extra inputs are not permitted",
        ),
        ("      type: jotline.message.received\n", "      lane: '1'\n", "must have either a type or a topic"),
        (
            "      type: jotline.message.received\n",
            "      type: jotline.message.received\n      topic: messages\n",
            "must have either a type or a topic",
        ),
        ("      type: jotline.message.received\n", "      topic: gossip\n", "spec.filter.attributes.topic: Input should be"),
        ("  filter:", "  filters: []\n  filter:", "spec.filters: Extra inputs are not permitted"),
        ("  subscriber:", "  delivery: {retry: 3}\n  subscriber:", "spec.delivery: Extra inputs are not permitted"),
        ("  broker: jotline", "  broker: default", "spec.broker: Input should be 'jotline'"),
        ("      kind: Service", "      kind: Deployment", "spec.subscriber.ref.kind: Input should be 'Service'"),
        ("      name: notify", "      name: notifier", "spec.subscriber.ref.name: there is no Service notifier"),
        ('"20"', '"1"', "belong together"),
        ('"20"', "20", "metadata.annotations.rabbitmq.eventing.knative.dev/parallelism: Input should be a valid string"),
        ("  annotations:", '  labels:\n    jotline.dev/ordered: "true"\n  annotations:', "belong together"),
        ("  annotations:", "  namespace: elsewhere\n  annotations:", "metadata.namespace: Input should be 'jotline'"),
        ('  annotations:\n    rabbitmq.eventing.knative.dev/parallelism: "20"\n', "", "parallelism is missing"),
        ("eventing.knative.dev/v1\n", "eventing.knative.dev/v1beta1\n", "apiVersion: Input should be"),
    ],
)
def test_a_trigger_that_cannot_be_meant_is_refused_by_field(tmp_path: Path, written: str, instead: str, complaint: str) -> None:
    assert written in TRIGGER
    assert complaint in refusal(tmp_path, TRIGGER.replace(written, instead))


def test_the_refusal_names_the_trigger(tmp_path: Path) -> None:
    broken = TRIGGER.replace("  broker: jotline\n", "")
    assert "notify.yaml: Trigger notify-message-received: spec.broker: Field required" in refusal(tmp_path, broken)


TOPIC = TRIGGER.replace("name: notify-message-received", "name: notify-reminders").replace(
    "type: jotline.message.received", "topic: reminders"
)


def test_a_trigger_of_a_topic_is_a_route_for_each_of_its_types(tmp_path: Path) -> None:
    (tmp_path / "notify.yaml").write_text(SERVICE + TOPIC, encoding="utf-8")
    routes = read_routes(tmp_path)
    assert {route.event_type for route in routes} == {kind for kind, row in schemas.TYPES.items() if row.topic == "reminders"}
    assert {(route.trigger, route.function, route.ordered) for route in routes} == {("notify-reminders", "notify", False)}


def test_a_type_beside_its_topic_would_be_delivered_twice(tmp_path: Path) -> None:
    beside = TRIGGER.replace("jotline.message.received", "jotline.reminder.sent")
    assert "delivery of jotline.reminder.sent to notify stands there 2 times" in refusal(tmp_path, f"{TOPIC}---\n{beside}")


def test_a_topic_has_no_order(tmp_path: Path) -> None:
    marked = TOPIC.replace("  annotations:", '  labels:\n    jotline.dev/ordered: "true"\n  annotations:').replace(
        '"20"', '"1"'
    )
    assert "it cannot be ordered" in refusal(tmp_path, marked)


def test_the_trail_is_brought_every_event() -> None:
    assert {route.event_type for route in read_routes() if route.function == "audit"} == set(schemas.TYPES)


def test_a_delivery_said_twice_is_refused(tmp_path: Path) -> None:
    again = TRIGGER.replace("name: notify-message-received", "name: notify-again")
    assert "delivery of jotline.message.received to notify stands there 2 times" in refusal(tmp_path, f"{TRIGGER}---\n{again}")


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    again = TRIGGER.replace("jotline.message.received", "jotline.message.status")
    assert "Trigger notify-message-received stands there 2 times" in refusal(tmp_path, f"{TRIGGER}---\n{again}")


def test_a_service_of_another_kind_is_no_subscriber(tmp_path: Path) -> None:
    assert "there is no Service notify" in refusal(tmp_path, TRIGGER, service=SERVICE.replace("serving.knative.dev/v1", "v1"))


@pytest.mark.parametrize("text", ["kind: [", "just words", "- a\n- b", "kind: Trigger\n"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    refusal(tmp_path, text, service="")


def lanes_of(numbers: list[int], *, trigger: str = TRIGGER) -> str:
    """An ordered Trigger once for each of these lanes."""
    marked = trigger.replace("  annotations:", '  labels:\n    jotline.dev/ordered: "true"\n  annotations:').replace(
        '"20"', '"1"'
    )
    return "---\n".join(
        marked.replace("received\n  labels", f"received-{number}\n  labels").replace(
            "      type: jotline.message.received", f'      type: jotline.message.received\n      lane: "{number}"'
        )
        for number in numbers
    )


def test_twelve_lanes_are_one_route(tmp_path: Path) -> None:
    (tmp_path / "notify.yaml").write_text(SERVICE + lanes_of([*range(LANES)]), encoding="utf-8")
    assert read_routes(tmp_path) == [Route("notify-message-received", "notify", "jotline.message.received", ordered=True)]


@pytest.mark.parametrize("numbers", [[*range(11)], [0], [*range(12), 12]])
def test_lanes_that_leave_somebody_out_are_refused(tmp_path: Path, numbers: list[int]) -> None:
    (tmp_path / "notify.yaml").write_text(SERVICE + lanes_of(numbers), encoding="utf-8")
    with pytest.raises(BadManifest, match=r"filter\.attributes\.lane"):
        read_routes(tmp_path)


def test_lanes_beside_a_trigger_that_takes_everything_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notify.yaml").write_text(SERVICE + lanes_of([*range(LANES)]) + "---\n" + TRIGGER, encoding="utf-8")
    with pytest.raises(BadManifest, match="each once; there is 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, none"):
        read_routes(tmp_path)


def test_a_lane_is_for_events_in_order(tmp_path: Path) -> None:
    laned = TRIGGER.replace("      type: jotline.message.received", '      type: jotline.message.received\n      lane: "3"')
    assert "a lane is for events in order" in refusal(tmp_path, laned)
