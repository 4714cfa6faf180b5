"""Copies from a folder of CRDs the schemas that the checks need: python -m tools.check_manifests.copy_schemas FOLDER.

Kept are the schema of the stored version, without descriptions and without `status`, which nobody writes into a manifest; of
RabbitmqCluster also without `spec.override`, four fifths of it, which we do not use.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tools.check_manifests.shapes import SCHEMAS

FILES = (
    "serving/service.yaml",
    "eventing/broker.yaml",
    "eventing/trigger.yaml",
    "eventing/pingsource.yaml",
    "eventing/sinkbindings.yaml",
    "eventing-rabbitmq/300-rabbitmqbrokerconfig.yaml",
    "cluster-operator/rabbitmq.com_rabbitmqclusters.yaml",
    "gateway-api/gateway.networking.k8s.io_gateways.yaml",
    "gateway-api/gateway.networking.k8s.io_httproutes.yaml",
    "gateway-api/gateway.networking.k8s.io_referencegrants.yaml",
)


def main(arguments: list[str]) -> int:
    """Copy; returns the exit status."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    for file in FILES:
        for body in yaml.safe_load_all((Path(arguments[0]) / file).read_text(encoding="utf-8")):
            if body and body["kind"] == "CustomResourceDefinition":
                _write(body["spec"])
    return 0


def _write(definition: dict[str, Any]) -> None:
    """One kind's schema, as a file of its own."""
    kind, [version] = definition["names"]["kind"], [one for one in definition["versions"] if one["storage"]]
    schema = _bare(version["schema"]["openAPIV3Schema"])
    schema["properties"].pop("status", None)
    schema["properties"]["spec"]["properties"].pop("override", None)
    known = {"apiVersion": f"{definition['group']}/{version['name']}", "kind": kind, "schema": schema}
    (SCHEMAS / f"{kind}.json").write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _bare(node: Any) -> Any:  # noqa: ANN401 - a JSON schema is anything
    """A schema without descriptions; a property of that name stays."""
    if isinstance(node, list):
        return [_bare(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {key: _bare(value) for key, value in node.items() if not (key == "description" and isinstance(value, str))}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
