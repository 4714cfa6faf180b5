"""The programs that the cluster without Kubernetes is made of, found or named as missing.

Knative's ingress and dispatcher are built by scripts/dataplane from tools/dataplane/go.mod, at the version pinned there.
RabbitMQ's own script is used instead of the one distributions put on the path: theirs wants root and the account `rabbitmq`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.loading import ROOT

DATAPLANE = ROOT / ".cache" / "dataplane" / "bin"
RABBITMQ_PLACES = ("/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin", "/usr/local/sbin", "/usr/local/opt/rabbitmq/sbin")

HOW = {
    "ingress": "Knative's broker ingress: install Go (https://go.dev/dl), then run scripts/dataplane",
    "dispatcher": "Knative's dispatcher: install Go (https://go.dev/dl), then run scripts/dataplane",
    "rabbitmq-server": "RabbitMQ 3.10 or newer: apt-get install rabbitmq-server",
    "unshare": "unshare of util-linux: the cluster runs in a network namespace of its own, so on Linux alone",
}


class MissingComponents(Exception):
    """Programs are missing. The message says which, and what to install."""


@dataclass(frozen=True, slots=True)
class Components:
    """Where the programs are."""

    ingress: str
    dispatcher: str
    rabbitmq: str
    unshare: str


def missing() -> list[str]:
    """What is not installed, each with what to do about it."""
    return [how for name, how in HOW.items() if _find(name) is None]


def find_components() -> Components:
    """Find every program.

    Raises:
        MissingComponents: names all that are not there.
    """
    if lacking := missing():
        raise MissingComponents("\n".join(lacking))
    ingress, dispatcher, rabbitmq, unshare = (_find(name) or "" for name in HOW)
    return Components(ingress, dispatcher, rabbitmq, unshare)


def _find(name: str) -> str | None:
    if name in ("ingress", "dispatcher"):
        return shutil.which(name, path=str(DATAPLANE))
    if name == "rabbitmq-server":
        return _first(name, RABBITMQ_PLACES)
    return shutil.which(name)


def _first(name: str, places: Sequence[str]) -> str | None:
    return next((str(found) for place in places if (found := Path(place, name)).exists()), None) or shutil.which(name)
