"""Checks what would be applied to a cluster, more strictly than the cluster does: python -m tools.check_manifests [FOLDER|FILE ...].

A FOLDER is a kustomization, which is rendered; a FILE is one that was rendered already. Without either, every overlay in
knative/overlays. Each fault is one line: file, resource, field, why. The exit status is 1 if there is any.

Rendering needs kubectl or kustomize. Without them overlays are left unchecked, which is said, and with CI=true is a failure.
"""

from __future__ import annotations

import os
import sys
from itertools import chain
from pathlib import Path

from shared.runtime.routing import MANIFESTS, BadManifest, read_routes
from tools.check_manifests import carrying, doors, fitting, routes, running, shapes
from tools.check_manifests.facts import ROOT
from tools.check_manifests.rendering import CannotRender, Problem, Resource, kustomize, read, render

OVERLAYS = ROOT / "knative" / "overlays"


def main(arguments: list[str]) -> int:
    """Check; returns the exit status."""
    targets = [Path(argument) for argument in arguments] or sorted(OVERLAYS.iterdir())
    if kustomize() is None and not all(target.is_file() for target in targets):
        print("manifests are not checked: neither kubectl nor kustomize is installed")
        return 1 if os.environ.get("CI") == "true" else 0
    found = 0
    for target in targets:
        try:
            resources = read(target) if target.is_file() else render(target, base_of(target).parents[1])
            wrong = check(resources, base_of(target))
        except CannotRender as error:
            print(error)
            found += 1
            continue
        summary = f"{len(wrong)} wrong" if wrong else f"{len(resources)} resources, {fitting.measure(resources)}"
        print(f"{os.path.relpath(target)}: {summary}", *wrong, sep="\n  ")
        found += len(wrong)
    return 1 if found else 0


def base_of(target: Path) -> Path:
    """The base beside an overlay, which the single box reads; ours for anything else."""
    beside = target.resolve().parents[1] / "base"
    return beside if beside.is_dir() else MANIFESTS


def check(resources: list[Resource], base: Path) -> list[Problem]:
    """Everything that is wrong with these resources, each once. `base`: what the single box reads."""
    wrong = list(shapes.problems(resources))
    if wrong:  # what follows relies on the shape
        return wrong
    try:
        single_box = read_routes(base)
    except BadManifest as error:
        single_box = []
        wrong.append(Problem(str(base), "routes", f"the single box refuses to start: {error}"))
    checks = (running.problems, carrying.problems, doors.problems, fitting.problems)
    wrong += chain(routes.problems(resources, single_box), *(one(resources) for one in checks))
    return list(dict.fromkeys(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
