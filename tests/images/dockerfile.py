"""The Dockerfile as its instructions, read by ourselves: enough to hold rules to, and to start an image's files as it says."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Stage:
    """What stands between one FROM and the next. `base` is an image or an earlier stage."""

    name: str
    base: str
    flags: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def arguments_of(self, word: str) -> list[str]:
        """The arguments of every such instruction, in order."""
        return [arguments for found, arguments in self.instructions if found == word]


def read(path: Path = ROOT / "Dockerfile") -> tuple[dict[str, str], dict[str, Stage]]:
    """The ARGs before the first FROM with their defaults, and the stages by name, in order."""
    arguments: dict[str, str] = {}
    stages: dict[str, Stage] = {}
    text = re.sub(r"\\\n\s*", "", path.read_text())
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        assert word.isupper(), f"an instruction is written in capitals: {line}"
        if word == "FROM":
            found = re.fullmatch(r"(?P<flags>(?:--\S+ )*)(?P<base>\S+)(?: AS (?P<name>\S+))?", rest)
            assert found, line
            stage = Stage(found["name"] or "", found["base"], found["flags"])
            stages[stage.name] = stage
        elif stages:
            next(reversed(stages.values())).instructions.append((word, rest))
        else:
            assert word == "ARG", f"before the first FROM stands {line}"
            name, _, default = rest.partition("=")
            arguments[name] = default
    return arguments, stages


def lineage(stages: dict[str, Stage], name: str) -> list[Stage]:
    """A stage and those it is made from, the oldest first."""
    stage = stages[name]
    return [*(lineage(stages, stage.base) if stage.base in stages else []), stage]


def environment(stages: dict[str, Stage], name: str, **build_arguments: str) -> dict[str, str]:
    """The variables an image has."""
    found: dict[str, str] = {}
    for stage in lineage(stages, name):
        for line in stage.arguments_of("ENV"):
            for pair in shlex.split(line):
                variable, _, value = pair.partition("=")
                found[variable] = re.sub(r"\$\{(\w+)\}", lambda match: build_arguments[match[1]], value)
    return found


def last(stages: dict[str, Stage], name: str, word: str) -> str:
    """The argument of the instruction that holds: the last one."""
    return next(stage.arguments_of(word)[-1] for stage in reversed(lineage(stages, name)) if stage.arguments_of(word))


def entry_point(stages: dict[str, Stage], name: str) -> list[str]:
    """What the image starts."""
    return list(json.loads(last(stages, name, "ENTRYPOINT")))
