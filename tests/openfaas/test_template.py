"""template.yml passes its check; copies with one thing wrong fail, each with the field."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_template import TEMPLATE, check, main

BROKER = """/function/{{function}}
      LOG_LEVEL: INFO
    secrets: [database-url]
    labels:
      com.openfaas.scale.min: "1"
      com.openfaas.scale.max: "{}"
"""
BROKEN = {
    "a misspelt key": (
        "readonly_root_filesystem: true",
        "readonly_root_filesytem: true",
        "functions.webhook.readonly_root_filesytem",
    ),
    "a key faas-cli does not know": ("version: 1.0", "version: 1.0\nnamespace: jotline", "namespace"),
    "another gateway": ("gateway: http://gateway.openfaas:8080", "gateway: http://127.0.0.1:31112", "provider.gateway"),
    "a function that is not there": ("  webhook:\n", "  weebhook:\n", "functions.weebhook"),
    "a function left out": ("  notify:\n", "  notifies:\n", "functions.notify"),
    "an application left out": ("  api:\n", "  apis:\n", "functions.api"),
    "an application of another image": ("${REGISTRY:-jotline}/live", "${REGISTRY:-jotline}/api", "functions.live.image"),
    "somebody else's image": ("${REGISTRY:-jotline}/todo-crud", "docker.io/nginx", "functions.todo-crud.image"),
    "an older version": ("notify:${VERSION:-0.1.0}", "notify:${VERSION:-0.0.9}", "functions.notify.image"),
    "a setting nobody reads": ("LOG_LEVEL: INFO", "LOGLEVEL: INFO", "functions.webhook.environment.LOGLEVEL"),
    "a setting that cannot be used": ("LOG_LEVEL: INFO", "LOG_LEVEL: LOUD", "functions.webhook.environment: LOG_LEVEL"),
    "a secret for all to read": ("LOG_LEVEL: INFO", "PARTY_SECRET: abc", "functions.webhook.environment.PARTY_SECRET"),
    "a secret nobody knows": ("[party-secret, twilio-auth-token]", "[party-secrets]", "functions.webhook.secrets"),
    "events past the broker": ("function/broker", "function/todo-crud", "functions.webhook.environment.K_SINK"),
    "a topic": ("/health/ready\n", "/health/ready\n      topic: messages\n", "functions.webhook.annotations.topic"),
    "a schedule that is none": (
        "/health/ready\n",
        "/health/ready\n      topic: cron-function\n      schedule: every minute\n",
        "functions.webhook.annotations.schedule",
    ),
    "two brokers": (BROKER.format(1), BROKER.format(2), "functions.broker.labels.com.openfaas.scale.max"),
    "a limit below the request": (
        "limits: {cpu: 1000m, memory: 192Mi}",
        "limits: {cpu: 10m, memory: 192Mi}",
        "functions.webhook.requests.cpu",
    ),
    "another size than on Knative": (
        "requests: {cpu: 50m, memory: 96Mi}",
        "requests: {cpu: 60m, memory: 96Mi}",
        "functions.webhook.requests.cpu",
    ),
    "a limit without a unit": ("memory: 192Mi", "memory: 192", "functions.webhook.limits.memory"),
}


def test_it_can_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == "template.yml can be meant\n"


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_meant_is_told_with_file_and_field(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right, wrong, field = BROKEN[what]
    text = TEMPLATE.read_text()
    assert right in text
    copy = tmp_path / "copy.yml"
    copy.write_text(text.replace(right, wrong, 1))
    assert main([str(copy)]) == 1
    told = capsys.readouterr().out
    assert any(line.startswith(f"copy.yml: {field}") for line in told.splitlines()), told


def test_a_schedule_is_refused_where_an_empty_body_would_be_a_bad_event(tmp_path: Path) -> None:
    ticked = "/health/ready\n      topic: cron-function\n      schedule: '* * * * *'\n"
    copy = tmp_path / "copy.yml"
    head, _, tail = TEMPLATE.read_text().partition("  todo-crud:")
    copy.write_text(f"{head}  todo-crud:{tail.replace('/health/ready' + chr(10), ticked, 1)}")
    (problem,) = check(copy)
    assert problem.startswith("copy.yml: functions.todo-crud.annotations.schedule: the cron connector posts to /")
