"""What the manifests say is what runs: queues and bindings, dispatchers and functions, ticks."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from local.cluster import topology
from local.cluster.components import Components, MissingComponents, find_components
from local.cluster.manifests import Cluster, read_cluster, understand
from local.cluster.parts import ENTRY_POINT, STAGES, Part, Phone, parts
from local.loading import ROOT
from local.schedules import BadSchedule, matches
from shared.events.schemas import TYPES
from shared.runtime.routing import BadManifest, read_routes

PROGRAMS = Components("/bin/ingress", "/bin/dispatcher", "/bin/rabbitmq-server", "/bin/unshare")


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return read_cluster()


@pytest.fixture(scope="module")
def started(cluster: Cluster) -> dict[str, Part]:
    made = parts(
        cluster, PROGRAMS, Path("/somewhere"), {"DATABASE_URL": "postgresql:///x"}, Phone("AC1", "token", "+14155550100")
    )
    return {part.name: part for part in made}


def test_every_route_has_a_queue_bound_by_what_it_filters_on(cluster: Cluster) -> None:
    made = topology.definitions(cluster, "user", "password")
    queues = {queue["name"] for queue in made["queues"]}
    bound = {binding["destination"]: binding["arguments"] for binding in made["bindings"]}
    routes, filters = read_routes(), {trigger.name: trigger.attributes for trigger in cluster.triggers}
    for route in routes:
        queue = f"jotline.{route.trigger}.{topology.BROKER_UID}"
        assert queue in queues
        event = {"type": route.event_type, "topic": TYPES[route.event_type].topic}
        assert {**event, **filters[route.trigger]} == event
        assert bound[queue] == {**filters[route.trigger], "x-knative-trigger": route.trigger, "x-match": "all"}
    assert len(queues) == len({route.trigger for route in routes}) + 1
    assert {queue["arguments"]["x-queue-type"] for queue in made["queues"]} == {"quorum"}


def test_dead_letters_have_an_exchange_and_a_queue_behind_it(cluster: Cluster) -> None:
    made = topology.definitions(cluster, "user", "password")
    (policy,) = made["policies"]
    graveyard = policy["definition"]["dead-letter-exchange"]
    assert graveyard in {exchange["name"] for exchange in made["exchanges"]}
    assert all(re.search(policy["pattern"], queue["name"]) for queue in made["queues"])
    assert [binding["destination"] for binding in made["bindings"] if binding["source"] == graveyard] == [
        topology.dead_letter_queue_of(cluster)
    ]


def test_dispatchers_are_told_the_brokers_delivery(cluster: Cluster, started: dict[str, Part]) -> None:
    dispatchers = [part for part in started.values() if part.kind == "dispatcher"]
    assert len(dispatchers) == len(cluster.triggers) + 1
    for each in dispatchers:
        told = (each.env["RETRY"], each.env["BACKOFF_POLICY"], each.env["BACKOFF_DELAY"])
        assert told == (str(cluster.broker.retry), cluster.broker.backoff_policy, f"{cluster.broker.backoff_seconds:g}s")
        assert json.loads(each.env["K_LOGGING_CONFIG"])["loglevel.rabbitmq-dispatcher"] == "warn"
    ordered = {route.trigger for route in read_routes() if route.ordered}
    alone = {part.name.removeprefix("dispatcher-") for part in dispatchers if part.env.get("PARALLELISM") == "1"}
    assert alone == ordered
    assert started["dispatcher-dead-letters"].env["SUBSCRIBER"] == "http://audit.jotline.svc.cluster.local"


def test_functions_run_as_their_images_run_them(cluster: Cluster, started: dict[str, Part]) -> None:
    entry_point = re.findall(r"^ENTRYPOINT (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0]
    assert json.loads(entry_point) == list(ENTRY_POINT)
    for service in cluster.services:
        part = started[service.name]
        assert list(part.command[1:]) == list(ENTRY_POINT[1:])
        assert Path(part.env["FUNCTION_SOURCE"]).exists()
        assert part.env["K_SINK"] == "http://jotline-broker-ingress.jotline.svc.cluster.local:8080"
        assert part.env["DATABASE_URL"] == "postgresql:///x"
    assert len({started[service.name].env["HOST"] for service in cluster.services}) == len(cluster.services)


def test_nothing_of_this_process_gets_into_another(monkeypatch: pytest.MonkeyPatch, cluster: Cluster) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "the real one")
    made = parts(cluster, PROGRAMS, Path("/somewhere"), {}, None)
    assert not [part.name for part in made if "the real one" in part.env.values()]


def test_what_others_need_is_started_before_them(started: dict[str, Part]) -> None:
    stages = [STAGES.index(part.kind) for part in started.values()]
    assert all(one <= other for one, other in pairwise(stages))


def test_lanes_take_the_place_of_the_ordered_triggers(cluster: Cluster) -> None:
    lanes = read_cluster(components=("rabbitmq", "lanes-12"))
    ordered = {route.trigger for route in read_routes() if route.ordered}
    added = [trigger for trigger in lanes.triggers if "lane" in trigger.attributes]
    assert {trigger.name for trigger in cluster.triggers} - {trigger.name for trigger in lanes.triggers} == ordered
    assert len(added) == 12 * len(ordered)
    assert {trigger.parallelism for trigger in added} == {1}


def test_a_manifest_that_says_too_little_is_named() -> None:
    with pytest.raises(BadManifest, match=r"do not say .*Broker"):
        understand([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "jotline"}}])


def test_what_is_missing_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("local.cluster.components.DATAPLANE", tmp_path)
    monkeypatch.setattr("local.cluster.components.RABBITMQ_PLACES", ())
    with pytest.raises(MissingComponents, match=r"(?s)scripts/dataplane.*apt-get install rabbitmq-server"):
        find_components()


@pytest.mark.parametrize(
    ("schedule", "at", "named"),
    [
        ("* * * * *", "2026-11-25T15:00", True),
        ("*/5 * * * *", "2026-11-25T15:10", True),
        ("*/5 * * * *", "2026-11-25T15:11", False),
        ("0,30 9-17 * * *", "2026-11-25T17:30", True),
        ("0,30 9-17 * * *", "2026-11-25T18:00", False),
        ("0 0 * * 0", "2026-11-29T00:00", True),  # a Sunday
        ("0 0 * * 7", "2026-11-29T00:00", True),
        ("0 0 1 * 1", "2026-11-30T00:00", True),  # a Monday, though not the first
        ("0 0 1 * 1", "2026-12-01T00:00", True),
        ("0 0 1 * 1", "2026-12-02T00:00", False),
    ],
)
def test_schedules_name_minutes(schedule: str, at: str, named: bool) -> None:
    assert matches(schedule, datetime.fromisoformat(at).replace(tzinfo=UTC)) is named


@pytest.mark.parametrize("schedule", ["", "* * * *", "61 * * * *", "x * * * *", "* * * * 9"])
def test_a_schedule_that_is_none_is_refused(schedule: str) -> None:
    with pytest.raises(BadSchedule):
        matches(schedule, datetime(2026, 11, 25, tzinfo=UTC))


def test_every_tick_has_a_schedule(cluster: Cluster) -> None:
    for ping in cluster.pings:
        matches(ping.schedule, datetime(2026, 11, 25, tzinfo=UTC))
        assert ping.sink.service in {service.name for service in cluster.services}
