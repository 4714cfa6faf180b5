"""How each function runs: what it may use, when it counts as healthy, who can reach it, and what it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shared.runtime.settings import Settings
from tools.check_manifests.amounts import amount
from tools.check_manifests.facts import function_of
from tools.check_manifests.rendering import Problem, Resource
from tools.check_manifests.routes import SERVICE

#: Who the internet may reach. Everybody else is reached from inside the cluster alone.
PUBLIC = {"webhook", "api", "live"}
#: Somebody outside waits for these: they are never asleep.
AWAKE = PUBLIC
#: Who serves requests that hardly end: as many at once as come, and scaled by a number that says how many one pod holds.
OPEN_ENDED = {"live"}
TARGET = "autoscaling.knative.dev/target"
SETTINGS = {name.upper() for name in Settings.model_fields}
SECRETS = {
    name
    for name in SETTINGS
    if any(word in name for word in ("DATABASE_URL", "TOKEN", "SECRET", "KEY", "SMTP_URL", "REDIS_URL"))
}
#: A revision's request is cut after 600 s, whatever is said (config-defaults of Knative Serving).
LONGEST_SECONDS = 600
LISTENS = 8000
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers.0"
MARKS = "spec.template.metadata.annotations"
SAFE = {
    "runAsNonRoot": True,
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
#: Path, seconds until the first look, seconds between looks.
PROBES = {"livenessProbe": ("/health/live", 30, 10), "readinessProbe": ("/health/ready", 5, 5)}


def problems(resources: list[Resource]) -> Iterator[Problem]:
    """What is wrong with how things run."""
    for resource in resources:
        if resource.kind == SERVICE:
            yield from _service(resource)
        for place, container in containers_of(resource):
            yield from _container(resource, place, container, resources)
        if (resource.kind, resource.name) == ("v1/ConfigMap", "jotline"):
            for name in resource.body.get("data", {}):
                yield from _setting(resource, f"data.{name}", name)


def containers_of(resource: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    """A resource's containers, each with its path."""
    for place, container in enumerate(resource.at(f"{POD}.containers") or []):
        yield f"{POD}.containers.{place}", container


def scale_of(service: Resource) -> tuple[int, int]:
    """How many pods of a function there are at least and at most.

    Raises:
        ValueError: it is not said, or is no number.
    """
    marks = service.at(MARKS) or {}
    low, high = (int(marks.get(f"autoscaling.knative.dev/{end}-scale", "")) for end in ("min", "max"))
    return low, high


def _service(service: Resource) -> Iterator[Problem]:
    """A function: its scale, its times, who reaches it, its probes."""
    try:
        low, high = scale_of(service)
    except ValueError:
        yield service.problem(f"{MARKS}.autoscaling.knative.dev/min-scale, max-scale", "both must be there, as numbers")
    else:
        if not max(low, 1) <= high:
            yield service.problem(f"{MARKS}.autoscaling.knative.dev/max-scale", f"{high} is less than min-scale, or none")
        if service.name in AWAKE and low < 1:
            yield service.problem(
                f"{MARKS}.autoscaling.knative.dev/min-scale", "must be 1 at least: a caller waits while it starts"
            )
    yield from _concurrency(service)
    if not 1 <= int(service.at(f"{POD}.timeoutSeconds") or 0) <= LONGEST_SECONDS:
        yield service.problem(f"{POD}.timeoutSeconds", f"must be 1 to {LONGEST_SECONDS}")
    inside = service.labels.get("networking.knative.dev/visibility") == "cluster-local"
    if inside == (service.name in PUBLIC):
        why = "the internet must reach it" if inside else "the internet can reach it: must be cluster-local"
        yield service.problem("metadata.labels.networking.knative.dev/visibility", why)
    yield from _probes(service)
    image = str(service.at(f"{CONTAINER}.image"))
    if not re.search(rf"/{function_of(service.name)}[:@]", image):
        yield service.problem(f"{CONTAINER}.image", f"{image} is not the image of {function_of(service.name)}")


def _concurrency(service: Resource) -> Iterator[Problem]:
    """How many requests at once a pod is given is said."""
    at_once = int(service.at(f"{POD}.containerConcurrency") or 0)
    if service.name not in OPEN_ENDED:
        if at_once < 1:
            yield service.problem(f"{POD}.containerConcurrency", "must be said: without it one pod is given everything at once")
        return
    if at_once:
        yield service.problem(
            f"{POD}.containerConcurrency", f"{at_once}: whoever comes then would wait until somebody goes; must be 0"
        )
    if int((service.at(MARKS) or {}).get(TARGET, "0")) < 1:
        yield service.problem(f"{MARKS}.{TARGET}", "must be said: without it Knative starts a pod for every hundred of them")


def _probes(service: Resource) -> Iterator[Problem]:
    """Both probes with their numbers, on the port that is listened on: Knative sets PORT to the containerPort, images heed it."""
    port = service.at(f"{CONTAINER}.ports.0.containerPort")
    if port != LISTENS:
        yield service.problem(f"{CONTAINER}.ports.0.containerPort", f"must be {LISTENS}, as everywhere")
    for name, expected in PROBES.items():
        probe = service.at(f"{CONTAINER}.{name}") or {}
        path = (probe.get("httpGet") or {}).get("path")
        if (path, probe.get("initialDelaySeconds"), probe.get("periodSeconds")) != expected:
            yield service.problem(f"{CONTAINER}.{name}", "must be GET {} after {} s, every {} s".format(*expected))
        if (probe.get("httpGet") or {}).get("port", port) != port:
            yield service.problem(f"{CONTAINER}.{name}.httpGet.port", f"nobody listens there, but on {port}")


def _container(resource: Resource, place: str, container: dict[str, Any], resources: list[Resource]) -> Iterator[Problem]:
    """Any container: pinned, bounded, harmless; ours also told only what is known."""
    image = str(container.get("image"))
    if ":" not in image.rpartition("/")[2] or image.endswith(":latest"):
        yield resource.problem(f"{place}.image", f"{image} says no version")
    for what in ("cpu", "memory"):
        request, limit = (container.get("resources", {}).get(kind, {}).get(what) for kind in ("requests", "limits"))
        if request is None or limit is None or amount(request) > amount(limit):
            yield resource.problem(f"{place}.resources", f"{what}: a request and a limit that is no less are needed")
    for key, value in SAFE.items():
        if (container.get("securityContext") or {}).get(key) != value:
            yield resource.problem(f"{place}.securityContext.{key}", f"must be {value}")
    if "jotline/" in image:
        yield from _told(resource, place, container, resources)


def _told(resource: Resource, place: str, container: dict[str, Any], resources: list[Resource]) -> Iterator[Problem]:
    """What one of our containers is told: settings that exist, from a ConfigMap that exists and from the Secret."""
    for entry in container.get("env") or []:
        yield from _setting(resource, f"{place}.env.{entry['name']}", entry["name"])
    sources = container.get("envFrom") or []
    maps = {one.name for one in resources if one.kind == "v1/ConfigMap"}
    for name in (source["configMapRef"]["name"] for source in sources if "configMapRef" in source):
        if name not in maps:
            yield resource.problem(f"{place}.envFrom", f"there is no ConfigMap {name}")
    if {"secretRef": {"name": "jotline"}} not in sources:
        yield resource.problem(f"{place}.envFrom", "the Secret jotline is missing")


def _setting(resource: Resource, field: str, name: str) -> Iterator[Problem]:
    """A setting that stands in a manifest is known, and no secret."""
    if name not in SETTINGS:
        yield resource.problem(field, "no such setting (shared/runtime/settings.py)")
    elif name in SECRETS:
        yield resource.problem(field, "a secret: it comes from the Secret alone")
