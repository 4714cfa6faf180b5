"""Rendering an overlay as `kubectl apply -k` would, keeping for every resource the file it comes from.

kustomize writes that down when it is asked to (buildMetadata); so a folder is rendered by way of a kustomization of its own, in a
temporary folder, and the notes are taken out again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BUILT = Path(__file__).parents[2] / ".cache" / "bin"
ORIGIN = "config.kubernetes.io/origin"


class CannotRender(Exception):
    """kustomize is missing, or refuses what it is given; the message is its own."""


@dataclass(frozen=True)
class Problem:
    """Something in a manifest that would not work, or not as it should."""

    where: str  # file and resource
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.field}: {self.why}"


@dataclass(frozen=True)
class Resource:
    """One Kubernetes object and the file it stands in, which an overlay may have patched."""

    file: str
    body: dict[str, Any]

    @property
    def kind(self) -> str:
        """Group and kind, without the version: `serving.knative.dev/Service`, `v1/Service`."""
        group, _, _ = str(self.body.get("apiVersion", "")).rpartition("/")
        return f"{group or 'v1'}/{self.body.get('kind')}"

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.metadata.get("name", ""))

    @property
    def metadata(self) -> dict[str, Any]:
        """Its metadata."""
        return dict(self.body.get("metadata") or {})

    @property
    def annotations(self) -> dict[str, str]:
        """Its annotations."""
        return dict(self.metadata.get("annotations") or {})

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return dict(self.metadata.get("labels") or {})

    def at(self, path: str) -> Any:  # noqa: ANN401 - whatever stands there
        """The value at a path of keys and list places, like `spec.template.spec.containers.0`; None where there is none."""
        value: Any = self.body
        for key in path.split("."):
            if isinstance(value, list):
                value = value[int(key)] if int(key) < len(value) else None
            else:
                value = value.get(key) if isinstance(value, dict) else None
        return value

    def problem(self, field: str, why: str) -> Problem:
        """What is wrong with a field of it."""
        return Problem(f"{self.file}: {self.body.get('kind')} {self.name}", field, why)


def kustomize() -> list[str] | None:
    """The command that renders a folder; None where there is neither kustomize, on the path or where .ci/run puts it, nor kubectl."""
    if found := shutil.which("kustomize", path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{BUILT}"):
        return [found, "build"]
    return [found, "kustomize"] if (found := shutil.which("kubectl")) else None


def render(folder: Path, root: Path) -> list[Resource]:
    """The resources of a kustomization; files are named relative to `root`.

    Raises:
        CannotRender: see there.
    """
    command = kustomize()
    if command is None:
        raise CannotRender("neither kubectl nor kustomize is installed")
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary).resolve()
        asking = {"resources": [os.path.relpath(folder.resolve(), here)]}
        asking["buildMetadata"] = ["originAnnotations"]
        (here / "kustomization.yaml").write_text(yaml.safe_dump(asking), encoding="utf-8")
        done = subprocess.run([*command, str(here)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotRender(f"{folder}: {done.stderr.strip()}")
        return [_without_notes(body, here, root.resolve()) for body in yaml.safe_load_all(done.stdout) if body]


def read(file: Path) -> list[Resource]:
    """The resources of a file that was rendered already."""
    return [Resource(str(file), body) for body in yaml.safe_load_all(file.read_text(encoding="utf-8")) if body]


def _without_notes(body: dict[str, Any], here: Path, root: Path) -> Resource:
    """A resource with the file it comes from, and no longer a note of it in it."""
    annotations = body["metadata"].get("annotations") or {}
    origin = yaml.safe_load(annotations.pop(ORIGIN, "")) or {}
    if not annotations:
        body["metadata"].pop("annotations", None)
    return Resource(os.path.relpath((here / origin.get("path", "?")).resolve(), root), body)
