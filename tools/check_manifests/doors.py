"""The door: which path of the one host leads to which function, under a certificate that names that host."""

from __future__ import annotations

from collections.abc import Iterator

from tools.check_manifests.rendering import Problem, Resource
from tools.check_manifests.running import PUBLIC

GATEWAY = "gateway.networking.k8s.io/Gateway"
ROUTE = "gateway.networking.k8s.io/HTTPRoute"
CERTIFICATE = "cert-manager.io/Certificate"
#: How a Service is called inside the cluster, which is how Knative's gateway knows it.
INSIDE = ".jotline.svc.cluster.local"


def problems(resources: list[Resource]) -> Iterator[Problem]:
    """What is wrong with the door; nothing where there is none."""
    gateways = {one.name: one for one in resources if one.kind == GATEWAY}
    if not gateways:
        return
    for gateway in gateways.values():
        yield from _certified(gateway, resources)
    routes = [one for one in resources if one.kind == ROUTE]
    led_to: set[str] = set()
    for route in routes:
        yield from _through(route, gateways)
        for place, name in _services(route):
            led_to.add(name)
            if name not in PUBLIC:
                yield route.problem(place, f"{name} is nobody whom the internet may reach")
    for name in sorted(PUBLIC - led_to):
        yield next(iter(gateways.values())).problem("spec.listeners", f"no HTTPRoute leads to {name}")


def _certified(gateway: Resource, resources: list[Resource]) -> Iterator[Problem]:
    """Every listener is for one host, and every Secret it shows holds a certificate for that."""
    for number, listener in enumerate(gateway.at("spec.listeners")):
        field = f"spec.listeners.{number}"
        if "hostname" not in listener:
            yield gateway.problem(f"{field}.hostname", "is missing: it would answer to any name")
        for shown in (listener.get("tls") or {}).get("certificateRefs", []):
            fitting = [one for one in resources if one.kind == CERTIFICATE and one.at("spec.secretName") == shown["name"]]
            if not any(listener.get("hostname") in one.at("spec.dnsNames") for one in fitting):
                yield gateway.problem(f"{field}.tls", f"no Certificate in {shown['name']} is for {listener.get('hostname')}")


def _through(route: Resource, gateways: dict[str, Resource]) -> Iterator[Problem]:
    """A route stands behind a listener that there is."""
    for number, parent in enumerate(route.at("spec.parentRefs") or []):
        gateway = gateways.get(parent["name"])
        listeners = {one["name"] for one in gateway.at("spec.listeners")} if gateway else set()
        if parent.get("sectionName") not in listeners:
            yield route.problem(
                f"spec.parentRefs.{number}", f"there is no listener {parent.get('sectionName')} of {parent['name']}"
            )


def _services(route: Resource) -> Iterator[tuple[str, str]]:
    """The Services that a route's rules lead to, each with its place."""
    for number, rule in enumerate(route.at("spec.rules") or []):
        for place, one in enumerate(rule.get("filters", [])):
            if hostname := (one.get("urlRewrite") or {}).get("hostname", ""):
                yield f"spec.rules.{number}.filters.{place}.urlRewrite.hostname", hostname.removesuffix(INSIDE)
