"""Every resource has the shape its CRD says, and no field that the CRD does not know.

A cluster drops unknown fields without a word, and where a CRD says `x-kubernetes-preserve-unknown-fields` it keeps them unread: either
way a misspelt field passes. Here it does not. schemas/ holds the CRDs' schemas (SOURCES.md says whence), and core.yaml those fields
of Kubernetes' own kinds that we use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tools.check_manifests.rendering import Problem, Resource

SCHEMAS = Path(__file__).parent / "schemas"
METADATA = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
        "namespace": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
#: A misspelt annotation or label is silently without effect, so each that means something to somebody is known here.
MARKS = {
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
    "autoscaling.knative.dev/class",
    "autoscaling.knative.dev/max-scale",
    "autoscaling.knative.dev/metric",
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/scale-to-zero-pod-retention-period",
    "autoscaling.knative.dev/target",
    "autoscaling.knative.dev/target-burst-capacity",
    "bindings.knative.dev/include",
    "eventing.knative.dev/broker.class",
    "jotline.dev/first",
    "jotline.dev/max-connections",
    "jotline.dev/node-cpu",
    "jotline.dev/node-memory",
    "jotline.dev/nodes",
    "jotline.dev/ordered",
    "kafka.eventing.knative.dev/delivery.order",
    "networking.knative.dev/visibility",
    "rabbitmq.com/topology-allowed-namespaces",
    "rabbitmq.eventing.knative.dev/parallelism",
    "rabbitmq.eventing.knative.dev/cpu-request",
    "rabbitmq.eventing.knative.dev/memory-request",
    "rabbitmq.eventing.knative.dev/memory-limit",
    "serving.knative.dev/rollout-duration",
}


def problems(resources: list[Resource]) -> Iterator[Problem]:
    """What has not the shape it should have."""
    for resource in resources:
        validator = _validators().get((str(resource.body.get("apiVersion")), str(resource.body.get("kind"))))
        if validator is None:
            yield resource.problem("apiVersion", f"there is no schema for {resource.body.get('apiVersion')} {resource.kind}")
            continue
        for error in sorted(validator.iter_errors(resource.body), key=lambda e: [str(one) for one in e.path]):
            yield resource.problem(".".join(map(str, error.path)) or "spec", _short(error.message))
        for place in ("metadata", "spec.template.metadata"):
            yield from _unknown_marks(resource, place)


def _unknown_marks(resource: Resource, place: str) -> Iterator[Problem]:
    for kind in ("labels", "annotations"):
        for key in (resource.at(f"{place}.{kind}") or {}).keys() - MARKS:
            yield resource.problem(f"{place}.{kind}", f"nobody reads {key}: is it misspelt?")


@cache
def _validators() -> dict[tuple[str, str], jsonschema.Draft202012Validator]:
    """A validator for each apiVersion and kind."""
    found: dict[tuple[str, str], jsonschema.Draft202012Validator] = {}
    for file in SCHEMAS.glob("*.json"):
        known = json.loads(file.read_text(encoding="utf-8"))
        schema = _strict(known["schema"])
        schema["properties"] |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": METADATA}
        schema["required"] = ["apiVersion", "kind", "metadata", "spec"]
        found[known["apiVersion"], known["kind"]] = jsonschema.Draft202012Validator(schema)
    core = yaml.safe_load((SCHEMAS / "core.yaml").read_text(encoding="utf-8"))
    for name, body in core["kinds"].items():
        schema = _strict({"type": "object", "properties": body["properties"]}) | {"$defs": _strict_all(core["$defs"])}
        schema["properties"] |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": METADATA}
        found[body["apiVersion"], name] = jsonschema.Draft202012Validator(schema)
    return found


def _strict(node: Any) -> Any:  # noqa: ANN401 - a JSON schema is anything
    """A CRD's schema as JSON schema in which no unknown property is let through."""
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("x-kubernetes-int-or-string"):
        return {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    made = {key: value if key in ("enum", "required") else _strict(value) for key, value in node.items() if key != "properties"}
    if isinstance(properties := node.get("properties"), dict):
        made["properties"] = _strict_all(properties)
        made.setdefault("additionalProperties", False)
    return made


def _strict_all(named: dict[str, Any]) -> dict[str, Any]:
    """Schemas by name: a property may be called `properties`."""
    return {name: _strict(schema) for name, schema in named.items()}


def _short(message: str) -> str:
    return message if len(message) < 200 else f"{message[:200]}..."
