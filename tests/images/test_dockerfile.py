"""The Dockerfile keeps its rules, and says nothing that scripts/image-tree does not do."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.images import dockerfile

ARGUMENTS, STAGES = dockerfile.read()
IMAGES = ("function", "broker", "migrate")


def test_it_has_a_stage_that_makes_the_files_and_stages_that_only_hold_them() -> None:
    assert list(STAGES) == ["tree", "image", "broker", "migrate", "function"]
    assert {word for stage in STAGES.values() if stage.name != "tree" for word, _ in stage.instructions} <= {
        "ARG", "COPY", "ENV", "ENTRYPOINT", "EXPOSE", "USER", "WORKDIR",
    }  # fmt: skip


def test_the_base_is_pinned_to_a_minor_version_and_can_be_pinned_by_digest() -> None:
    assert {stage.base for stage in STAGES.values()} - set(STAGES) == {"${PYTHON_IMAGE}"}
    assert re.fullmatch(r"\S+/python:3\.11-slim-bookworm", ARGUMENTS["PYTHON_IMAGE"])


def test_an_image_for_another_processor_is_made_on_the_builders_own() -> None:
    assert STAGES["tree"].flags == "--platform=$BUILDPLATFORM "
    assert STAGES["image"].flags == ""
    assert "TARGETARCH" in STAGES["tree"].arguments_of("ARG")


def test_all_that_is_run_is_the_script_the_tests_run_too() -> None:
    steps = STAGES["tree"].arguments_of("RUN")
    assert steps == [f'scripts/image-tree "$FUNCTION" /{step} {step}' for step in ("packages", "code")]
    assert STAGES["image"].arguments_of("COPY") == [f"--from=tree /{step}/ /" for step in ("packages", "code")]


@pytest.mark.parametrize("image", IMAGES)
def test_it_runs_as_somebody_by_number_and_its_server_is_the_first_process(image: str) -> None:
    user, group = dockerfile.last(STAGES, image, "USER").split(":")
    assert int(user) > 10_000
    assert int(group) > 10_000
    assert dockerfile.entry_point(STAGES, image)[:2] == ["python3", "-m"]
    assert dockerfile.last(STAGES, image, "EXPOSE") == "8080"


def test_nothing_is_fetched_but_by_the_script_and_nothing_secret_is_let_in() -> None:
    words = {word for stage in STAGES.values() for word, _ in stage.instructions}
    assert "ADD" not in words
    let_in = [line for line in (dockerfile.ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert let_in[0] == "*"
    copied = {source.rstrip("/") for line in STAGES["tree"].arguments_of("COPY") for source in line.split()[:-1]}
    assert copied <= {name.removeprefix("!").rstrip("/") for name in let_in if name.startswith("!")} | {"knative"}


@pytest.fixture
def engines(tmp_path: Path) -> Path:
    """A folder for engines that write down what they are told."""
    (tmp_path / "said").touch()
    return tmp_path


def engine(folder: Path, name: str, *, answers: bool = True) -> None:
    """An engine; one whose daemon is away fails at everything."""
    script = f'echo {name} "$@" >>{folder}/said\n[[ $2 == inspect ]] && echo 99000000\nexit {0 if answers else 1}\n'
    (folder / name).write_text(f"#!/bin/bash\n{script}")
    (folder / name).chmod(0o755)


def build(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/build-images where only the folder's engines are."""
    found = subprocess.run(
        ["/usr/bin/env", "which", "bash", "sed", "dirname", "tr"], capture_output=True, text=True, check=True
    )
    for tool in found.stdout.split():
        if not (folder / Path(tool).name).exists():
            (folder / Path(tool).name).symlink_to(tool)
    variables = {"PATH": str(folder), "HOME": os.environ.get("HOME", "/"), **environment}
    script = str(dockerfile.ROOT / "scripts" / "build-images")
    return subprocess.run([folder / "bash", script, *words], env=variables, capture_output=True, text=True, check=False)


def test_without_an_engine_it_says_so_and_what_goes_without(engines: Path) -> None:
    engine(engines, "docker", answers=False)
    answer = build(engines)
    assert answer.returncode == 1
    assert "No container engine" in answer.stderr
    assert "scripts/image-tree" in answer.stderr


def test_every_function_is_built_and_its_size_told(engines: Path) -> None:
    engine(engines, "docker")
    answer = build(engines)
    names = {"broker", "migrate", *(folder.name for folder in (dockerfile.ROOT / "functions").iterdir() if folder.is_dir())}
    told = {line.split()[0]: line.split()[1:] for line in answer.stdout.splitlines()}
    assert told == {f"jotline/{name}:0.1.0": ["99", "MB"] for name in names}
    said = (engines / "said").read_text()
    assert "--target broker --build-arg FUNCTION=broker --tag jotline/broker:0.1.0" in said
    assert "--target function --build-arg FUNCTION=webhook --tag jotline/webhook:0.1.0" in said


@pytest.mark.parametrize("name", ["docker", "podman"])
def test_a_release_is_for_both_processors_on_a_pinned_base(engines: Path, name: str) -> None:
    engine(engines, name)
    answer = build(engines, "--push", "webhook", REGISTRY="registry.example/jotline", PYTHON_IMAGE="python@sha256:1")
    assert answer.returncode == 0, answer.stderr
    said = (engines / "said").read_text()
    assert "--build-arg PYTHON_IMAGE=python@sha256:1 --platform linux/amd64,linux/arm64" in said
    assert "registry.example/jotline/webhook:0.1.0" in said
    assert "push" in said


def test_a_function_that_is_not_there_is_refused(engines: Path) -> None:
    engine(engines, "docker")
    answer = build(engines, "weebhook")
    assert (answer.returncode, answer.stderr) == (2, "there is no function weebhook\n")
