"""Who gets which event: every Trigger means something, every event has somebody, and none comes back to who sent it."""

from __future__ import annotations

from collections.abc import Iterator

from shared.events.schemas import TYPES
from shared.runtime.routing import BadManifest, Route, Trigger, as_trigger, merge_lanes, services_in
from tools.check_manifests.facts import facts_of
from tools.check_manifests.rendering import Problem, Resource

TRIGGER = "eventing.knative.dev/Trigger"
SERVICE = "serving.knative.dev/Service"
#: Each Trigger is a dispatcher that somebody has to run; a route's lanes are one (knative/components/lanes-12 says why).
MAX_ROUTES = 20
#: Who writes down everything that happens, and has nothing to say about any of it: no way leads on from there.
RECORDER = "audit"
#: Ways that look like loops, for a function emits more than each of its handlers does, and why each ends.
ENDING = {
    ("transcribe", "jotline.audio.cut"): "a piece is heard, and not cut again",
    ("recurrence", "jotline.task.completed"): "the next time of a todo is open",
    ("remind", "jotline.reminder.sent"): "what was sent is written down, and nothing said",
    ("remind", "jotline.reminder.failed"): "the same",
    ("transcribe", "jotline.recording.requested"): "what is heard again is a question to a person, and no message",
}


def problems(resources: list[Resource], base: list[Route]) -> Iterator[Problem]:
    """What is wrong with the routes. `base`: the routes of the single box."""
    services = {one.name: one for one in resources if one.kind == SERVICE}
    triggers: list[tuple[Resource, Trigger]] = []
    known = services_in(one.body for one in resources)
    for resource in resources:
        if resource.kind == TRIGGER:
            try:
                triggers.append((resource, as_trigger(resource.file, resource.body, known)))
            except BadManifest as error:
                _, _, said = str(error).partition(f"Trigger {resource.name}: ")
                field, _, why = said.partition(": ")
                yield resource.problem(field, why)
    yield from _handled(triggers)
    yield from _same_routes(triggers, base)
    yield from _everybody_has_somebody(services, triggers)
    yield from _loops(services, triggers)


def _handled(triggers: list[tuple[Resource, Trigger]]) -> Iterator[Problem]:
    """A Trigger brings a type that has a schema to a function that takes it."""
    for resource, trigger in triggers:
        field = "spec.filter.attributes.type"
        for event_type in trigger.event_types:
            if event_type not in TYPES:
                yield resource.problem(field, f"{event_type} has no schema (shared/events/schemas.py)")
        try:
            takes = facts_of(trigger.function).takes
        except FileNotFoundError:
            yield resource.problem("spec.subscriber.ref.name", f"there is no functions/{trigger.function}/main.py")
            continue
        for event_type in trigger.event_types:
            if event_type not in takes:
                yield resource.problem(field, f"{trigger.function} does not take {event_type}")


def _same_routes(triggers: list[tuple[Resource, Trigger]], base: list[Route]) -> Iterator[Problem]:
    """The cluster routes as the single box does, lanes or not."""
    if not triggers or not base:
        return  # said elsewhere
    first = triggers[0][0]
    try:
        routes = merge_lanes(trigger for _, trigger in triggers)
    except BadManifest as error:
        said = str(error)
        named = (one for one, trigger in triggers for kind in trigger.event_types if f"{kind} to {trigger.function}" in said)
        resource = next(named, first)
        yield resource.problem("spec.filter.attributes", said)
        return
    if (count := len({route.trigger for route in routes})) > MAX_ROUTES:
        yield first.problem("spec", f"{count} routes; at most {MAX_ROUTES}, for each has a dispatcher to be run")
    for route in set(base) - set(routes):
        yield first.problem("metadata.name", f"{route.trigger}, which the single box has, is missing or differs: {route}")
    for route in set(routes) - set(base):
        resource = next(one for one, trigger in triggers if trigger.function == route.function)
        yield resource.problem("metadata.name", f"the single box has no such route: {route}")


def _everybody_has_somebody(services: dict[str, Resource], triggers: list[tuple[Resource, Trigger]]) -> Iterator[Problem]:
    """What is emitted is consumed; what is consumed is emitted; a handler is brought events."""
    brought = {(trigger.function, event_type) for _, trigger in triggers for event_type in trigger.event_types}
    consumed = {event_type for _, event_type in brought}
    emitted: set[str] = set()
    for name, service in services.items():
        try:
            facts = facts_of(name)
        except FileNotFoundError:
            yield service.problem("metadata.name", f"there is no functions/{name}/main.py")
            continue
        emitted |= facts.emits
        for event_type in sorted(facts.emits - consumed):
            yield service.problem("spec", f"it emits {event_type}, which no Trigger brings to anybody")
        for event_type in sorted(facts.takes):
            if (name, event_type) not in brought:
                yield service.problem("spec", f"it takes {event_type}, which no Trigger brings it")
    for resource, trigger in triggers:
        for event_type in sorted(set(trigger.event_types) - emitted):
            yield resource.problem("spec.filter.attributes.type", f"nobody emits {event_type}")


def _loops(services: dict[str, Resource], triggers: list[tuple[Resource, Trigger]]) -> Iterator[Problem]:
    """No event leads back to the function that sent it, by itself or by way of others."""
    leads: dict[str, list[tuple[str, Resource]]] = {}
    for name in services:
        try:
            emits = facts_of(name).emits
        except FileNotFoundError:
            continue
        leads[name] = [
            (trigger.function, resource)
            for resource, trigger in triggers
            for event_type in trigger.event_types
            if event_type in emits and trigger.function != RECORDER and (trigger.function, event_type) not in ENDING
        ]
    for name in leads:
        if found := _way_back(name, leads):
            way, resource = found
            yield resource.problem("spec.filter.attributes.type", f"a loop: {' > '.join(way)}")


def _way_back(start: str, leads: dict[str, list[tuple[str, Resource]]]) -> tuple[list[str], Resource] | None:
    """The shortest way from a function to itself, and its last Trigger."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop(0)
        for function, resource in leads.get(way[-1], []):
            if function == start:
                return [*way, function], resource
            if function not in seen:
                seen.add(function)
                ways.append([*way, function])
    return None
