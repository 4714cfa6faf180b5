"""What every function's manifest must say: probes with their numbers, secrets only from the Secret, nobody is root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.runtime.routing import MANIFESTS

FUNCTIONS = sorted(folder.parent.name for folder in (Path(__file__).parents[3] / "functions").glob("*/main.py"))
SECRETS = ("DATABASE_URL", "AUTH_TOKEN", "PARTY_SECRET", "PASSWORD", "JWT_SECRET", "SMTP_URL", "AWS_SECRET")


def _template(name: str) -> dict[str, Any]:
    """A function's pods."""
    documents = yaml.safe_load_all((MANIFESTS / f"{name}.yaml").read_text())
    service = next(one for one in documents if one["kind"] == "Service")
    return dict(service["spec"]["template"])


def _container(name: str) -> dict[str, Any]:
    [container] = _template(name)["spec"]["containers"]
    return dict(container)


def test_every_function_is_looked_at() -> None:
    assert {"webhook", "audit", "transcribe", "remind"} <= set(FUNCTIONS)


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


def test_who_hears_does_one_thing_at_a_time_and_scales_by_itself() -> None:
    pods = _template("transcribe")
    scale = {name.rpartition("/")[2]: value for name, value in pods["metadata"]["annotations"].items()}
    assert pods["spec"]["containerConcurrency"] == 1
    assert (scale["min-scale"], scale["max-scale"]) == ("0", "2")
    assert _container("transcribe")["resources"]["limits"]["memory"] == "1024Mi"
    for name in FUNCTIONS:
        assert name in {"transcribe", "live"} or _template(name)["spec"]["containerConcurrency"] > 1
