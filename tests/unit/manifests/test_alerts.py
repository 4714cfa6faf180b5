"""The alerts are about what is really told, fire when they should and not before, and reach somebody."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
MONITORING = ROOT / "knative" / "monitoring"
PAGE = ROOT / "docs" / "alerts.md"
ALERTS: list[dict[str, Any]] = yaml.safe_load((MONITORING / "rules.yaml").read_text())["groups"][0]["rules"]


def _told() -> set[str]:
    """The metrics that the functions count and measure."""
    files = [file for folder in ("functions", "shared") for file in (ROOT / folder).rglob("*.py")]
    return {name for file in files for name in re.findall(r'\b(?:count|measure)\("(\w+)"', file.read_text())}


def test_every_alert_is_about_metrics_that_are_told() -> None:
    asked = {name for alert in ALERTS for name in re.findall(r"jotline_(\w+)", alert["expr"])}
    assert asked
    assert asked - _told() == set()


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_every_alert_says_what_to_do(alert: dict[str, Any]) -> None:
    page, _, anchor = alert["annotations"]["runbook"].partition("#")
    headings = {
        line.lstrip("# ").lower().replace(" ", "-") for line in (ROOT / page).read_text().splitlines() if line.startswith("#")
    }
    assert ROOT / page == PAGE
    assert anchor in headings


def test_every_severity_has_somebody_to_reach() -> None:
    settings = yaml.safe_load((MONITORING / "alertmanager.yaml").read_text())
    routes = [settings["route"], *settings["route"]["routes"]]
    receivers = {receiver["name"]: receiver for receiver in settings["receivers"]}
    matched = {matcher for route in routes for matcher in route.get("matchers", ())}
    assert {alert["labels"]["severity"] for alert in ALERTS} == {"page", "ticket"}
    assert matched == {'severity="page"'}, "the others go to the first"
    assert all(len(receivers[route["receiver"]]) > 1 for route in routes), "a name alone reaches nobody"


def test_our_pods_are_asked_for_their_metrics_and_may_be() -> None:
    [job] = yaml.safe_load((MONITORING / "prometheus.yaml").read_text())["scrape_configs"]
    policy = yaml.safe_load((MONITORING / "network.yaml").read_text())
    service = yaml.safe_load((ROOT / "knative" / "base" / "notify.yaml").read_text().split("\n---\n")[0])
    [port] = service["spec"]["template"]["spec"]["containers"][0]["ports"]
    namespace = yaml.safe_load((ROOT / "knative" / "base" / "kustomization.yaml").read_text())["namespace"]
    assert job["kubernetes_sd_configs"][0]["namespaces"]["names"] == [namespace] == [policy["metadata"]["namespace"]]
    kept = {step["source_labels"][0]: step["regex"] for step in job["relabel_configs"] if step.get("action") == "keep"}
    assert kept["__meta_kubernetes_pod_container_port_number"] == str(port["containerPort"])
    assert policy["spec"]["ingress"][0]["ports"] == [{"protocol": "TCP", "port": port["containerPort"]}]


@pytest.mark.parametrize("arguments", ["check rules rules.yaml", "test rules rules.test.yaml"])
def test_prometheus_takes_the_rules_and_fires_as_they_say(require: Callable[[str], str], arguments: str) -> None:
    _run([require("promtool"), *arguments.split()])


def test_alertmanager_takes_its_settings(require: Callable[[str], str]) -> None:
    _run([require("amtool"), "check-config", "alertmanager.yaml"])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=MONITORING, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
