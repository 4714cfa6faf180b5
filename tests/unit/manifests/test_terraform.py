"""Terraform: formatted, valid, and played through without a cluster or Twilio, which only write down what they are asked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from shared.runtime.routing import MANIFESTS
from tests.components import require

ROOT = MANIFESTS.parents[1]
TERRAFORM = ROOT / "terraform"
SECRETS = {"token": "t0ken-of-twilio", "party": "p" * 32, "jwt": "j" * 32, "postgres": "Q" * 24}
VARIABLES = {
    "kubeconfig": "/nowhere/kubeconfig",
    "host": "todo.example.net",
    "email": "ada@example.org",
    "postgres_password": SECRETS["postgres"],
    "party_secret": SECRETS["party"],
    "jwt_secret": SECRETS["jwt"],
    "twilio_account_sid": f"AC{'1' * 32}",
    "twilio_auth_token": SECRETS["token"],
    "twilio_from": "+14155550100",
    "twilio_number_sid": f"PN{'2' * 32}",
    "twilio_api_url": "https://twilio.invalid",
}
#: Writes down its arguments, what it is given on standard input, and which cluster it was told of.
STAND_IN = r"""#!/bin/sh
given=''
case "$*" in *"--from-env-file=/dev/stdin"*|*"-f -"*|*"--config -"*) given=$(cat) ;; esac
printf '%s\0%s\0%s\0\n' "$(basename "$0") $*" "$given" "${KUBECONFIG:-}" >> "$NOTES"
case "$*" in
  "kustomize "*) printf 'hostname: jotline.example.org\n' ;;
  *"get services.serving"*) printf 'service.serving.knative.dev/webhook\n' ;;
  *"create namespace"*|*"create secret"*) printf 'made by: %s\n' "$*" ;;
esac
"""


@pytest.fixture
def tofu() -> str:
    """OpenTofu."""
    return require("tofu")


class Play:
    """A copy of terraform/, and a cluster and a Twilio of paper."""

    def __init__(self, tofu: str, folder: Path) -> None:
        self._tofu = tofu
        self.folder = Path(
            shutil.copytree(TERRAFORM, folder / "terraform", ignore=shutil.ignore_patterns("tofu", ".terraform*"))
        )
        shutil.copytree(MANIFESTS.parent, folder / "knative")
        self._notes = folder / "notes"
        programs = folder / "bin"
        programs.mkdir()
        for name in ("kubectl", "curl"):
            (programs / name).write_text(STAND_IN, encoding="utf-8")
            (programs / name).chmod(0o755)
        self._environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "NOTES": str(self._notes),
            "CHECKPOINT_DISABLE": "1",
        }
        (self.folder / "jotline.tfvars.json").write_text(json.dumps(VARIABLES), encoding="utf-8")
        self("init", "-input=false", "-no-color")

    def __call__(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run tofu; its words."""
        done = subprocess.run(
            [self._tofu, *words],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def apply(self, *more: str) -> list[tuple[str, str, str]]:
        """Apply; what was asked of the cluster and of Twilio meanwhile: command, standard input, kubeconfig."""
        self._notes.write_text("", encoding="utf-8")
        self("apply", "-auto-approve", "-input=false", "-no-color", "-var-file=jotline.tfvars.json", *more)
        return self.notes()

    def notes(self) -> list[tuple[str, str, str]]:
        """What was written down."""
        lines = self._notes.read_text(encoding="utf-8").split("\0\n")
        return [(one[0], one[1], one[2]) for one in (line.split("\0") for line in lines if line)]


@pytest.fixture
def play(tofu: str, tmp_path: Path) -> Play:
    """Something to apply to."""
    return Play(tofu, tmp_path)


def place(notes: list[tuple[str, str, str]], words: str) -> int:
    """When something was asked."""
    return next(n for n, (command, _, _) in enumerate(notes) if words in command)


def test_it_is_formatted(play: Play) -> None:
    assert play("fmt", "-check", "-diff", check=False).stdout == ""


def test_it_is_valid(play: Play) -> None:
    assert json.loads(play("validate", "-json").stdout)["diagnostics"] == []


def test_one_apply_goes_from_operators_to_the_number_in_order(play: Play) -> None:
    notes = play.apply()
    first = ("cert-manager.yaml", "serving-core.yaml", "kourier.yaml")
    door = ("gateway-api/releases/download",)  # at the same time as the broker
    broker = (
        "eventing-core.yaml",
        "cluster-operator.yml",
        "messaging-topology-operator-with-certmanager.yaml",
        "rabbitmq-broker.yaml",
        "patch configmap config-logging -n knative-eventing",
        "create secret generic jotline -n jotline",
    )
    last = (
        "kubectl kustomize",
        "apply --selector jotline.dev/first=true -f -",
        "wait job/migrate",
        "wait services.serving.knative.dev",
        "IncomingPhoneNumbers",
    )
    for way in (door, broker):
        places = [place(notes, step) for step in (*first, *way, *last)]
        assert places == sorted(places)
    assert {kubeconfig for command, _, kubeconfig in notes if command.startswith("kubectl")} == {"/nowhere/kubeconfig"}


def test_everything_from_outside_is_pinned(play: Play) -> None:
    fetched = [word for command, _, _ in play.apply() for word in command.split() if word.startswith("https://github.com")]
    assert len(fetched) == 11
    assert all("/releases/download/" in url and "latest" not in url for url in fetched)


def test_no_dispatcher_writes_peoples_words_into_its_log(play: Play) -> None:
    notes = play.apply()
    patch = notes[place(notes, "patch configmap config-logging")][0].partition("--patch ")[2]
    assert json.loads(patch) == {"data": {"loglevel.rabbitmq-dispatcher": "warn", "loglevel.rabbitmq-ingress": "warn"}}
    by_hand = (ROOT / "docs" / "knative.md").read_text(encoding="utf-8")
    assert '"loglevel.rabbitmq-dispatcher": "warn"' in by_hand


def test_the_broker_is_of_the_version_that_the_tests_run(play: Play) -> None:
    # eventing-rabbitmq 0.N is Knative 1.(N - 27)
    found = re.search(
        r"knative\.dev/eventing-rabbitmq v0\.(\d+)\.", (ROOT / "tools/dataplane/go.mod").read_text(encoding="utf-8")
    )
    assert found
    release = f"eventing-rabbitmq/releases/download/knative-v1.{int(found[1]) - 27}.0/rabbitmq-broker.yaml"
    assert [command for command, _, _ in play.apply() if release in command]
    assert release in (ROOT / "docs" / "knative.md").read_text(encoding="utf-8")


def test_the_number_leads_to_the_webhook_with_twilios_overrides(play: Play) -> None:
    [(command, given, _)] = [note for note in play.apply() if note[0].startswith("curl")]
    assert "SmsUrl=https://todo.example.net/twilio/message#rc=5&rp=all" in command
    assert f"https://twilio.invalid/2010-04-01/Accounts/AC{'1' * 32}/IncomingPhoneNumbers/PN{'2' * 32}.json" in command
    assert given == f'user = "AC{"1" * 32}:{SECRETS["token"]}"'


def test_the_gateway_answers_to_the_host_that_is_said(play: Play) -> None:
    applied = [given for command, given, _ in play.apply() if command.startswith("kubectl apply") and "hostname" in given]
    assert applied == ["hostname: todo.example.net"] * 2


def test_secrets_reach_the_cluster_and_stand_in_no_argument_and_no_state(play: Play) -> None:
    notes = play.apply()
    given = notes[place(notes, "create secret generic jotline")][1]
    assert f"DATABASE_URL=postgresql://jotline:{SECRETS['postgres']}@postgres.jotline-data.svc.cluster.local/jotline\n" in given
    assert f"PARTY_SECRET={SECRETS['party']}\n" in given
    assert f"JWT_SECRET={SECRETS['jwt']}\n" in given
    assert "PUBLIC_URL=https://todo.example.net\n" in given
    assert notes[place(notes, "create secret generic postgres")][1] == f"POSTGRES_PASSWORD={SECRETS['postgres']}"
    state = (play.folder / "terraform.tfstate").read_text(encoding="utf-8")
    for secret in SECRETS.values():
        assert secret not in state
        assert not [command for command, _, _ in notes if secret in command]


def test_a_second_apply_does_nothing(play: Play) -> None:
    play.apply()
    assert play.apply() == []


def test_a_changed_manifest_is_applied_again_and_nothing_else(play: Play) -> None:
    play.apply()
    settings = play.folder.parent / "knative" / "base" / "settings.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("INFO", "DEBUG"), encoding="utf-8")
    again = [command for command, _, _ in play.apply()]
    assert [command for command in again if command.startswith("kubectl apply") and command.endswith("-f -")]
    assert not [command for command in again if "github.com" in command or "secret generic" in command]


def test_a_new_secret_restarts_the_functions(play: Play) -> None:
    before = [command for command, _, _ in play.apply() if "jotline.dev/secrets" in command]
    after = [command for command, _, _ in play.apply("-var", "twilio_auth_token=another") if "jotline.dev/secrets" in command]
    assert len(before) == len(after) == 1
    assert before != after


def test_the_todos_survive_a_destroy(play: Play) -> None:
    play.apply()
    play("destroy", "-auto-approve", "-input=false", "-no-color", "-var-file=jotline.tfvars.json")
    deleted = [command for command, _, _ in play.notes() if "delete" in command]
    assert deleted[-1] == "kubectl delete namespace jotline --ignore-not-found --timeout=10m"
    assert not [command for command in deleted if "jotline-data" in command]


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("overlay", "kafka", "Must be single-node or several-nodes"),
        ("overlay", "several-nodes", "brings no PostgreSQL"),
        ("postgres_password", "short", "at least 24 letters and digits"),
        ("party_secret", "short", "At least 32 characters"),
        ("jwt_secret", "short", "At least 32 characters"),
        ("host", "https://jotline.example.org/", "without https://"),
        ("twilio_number_sid", "+14155550100", "PN and 32 hex digits"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_done(play: Play, variable: str, value: str, complaint: str) -> None:
    done = play(
        "plan", "-input=false", "-no-color", "-var-file=jotline.tfvars.json", "-var", f"{variable}={value}", check=False
    )
    assert done.returncode == 1
    assert complaint in done.stderr
