"""What every function's manifest must say: probes with their numbers, secrets only from the Secret, nobody is root."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from shared.runtime.routing import MANIFESTS

FUNCTIONS = ("webhook", "parse-command", "todo-crud", "notify", "audit")
SECRETS = ("DATABASE_URL", "AUTH_TOKEN", "PARTY_SECRET", "PASSWORD", "JWT_SECRET")


def _container(name: str) -> dict[str, Any]:
    documents = yaml.safe_load_all((MANIFESTS / f"{name}.yaml").read_text())
    service = next(one for one in documents if one["kind"] == "Service")
    [container] = service["spec"]["template"]["spec"]["containers"]
    return dict(container)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_probes_and_port(name: str) -> None:
    container = _container(name)
    assert container["ports"] == [{"containerPort": 8000}]
    live, ready = container["livenessProbe"], container["readinessProbe"]
    assert (live["httpGet"]["path"], live["initialDelaySeconds"], live["periodSeconds"]) == ("/health/live", 30, 10)
    assert (ready["httpGet"]["path"], ready["initialDelaySeconds"], ready["periodSeconds"]) == ("/health/ready", 5, 5)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_secrets_come_from_the_secret_alone(name: str) -> None:
    container = _container(name)
    assert {"secretRef": {"name": "jotline"}} in container["envFrom"]
    assert not [entry["name"] for entry in container.get("env", []) if any(word in entry["name"] for word in SECRETS)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nobody_is_root_and_nothing_is_written(name: str) -> None:
    security = _container(name)["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["readOnlyRootFilesystem"] is True
