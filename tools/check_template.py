"""`python -m tools.check_template [FILE]`: is template.yml something that can be meant?

faas-cli lets a misspelt key pass and says nothing of a setting that nobody reads. So this is stricter:

* every key is known, of those we use (faas-cli's stack/schema.go knows more);
* its functions are those of `functions/`, the applications that are a Service of their own on Knative, and the broker; each has the
  image scripts/build-images makes, at the project's version, read-only, with the requests and limits its Knative Service has;
* every variable and every secret is a setting of `shared/runtime/settings.py` that can be used, and no secret is a variable;
* events go out by the broker and nowhere else: K_SINK is the broker, and there is no `topic`, for connectors carry no CloudEvents;
* a `schedule` is one: five fields, with the topic `cron-function`; and it is for nobody who takes events, for the cron connector
  posts an empty body to a function's `/` and can name no path (openfaas/cron-connector, types/cron_function.go).

One line for each problem: the file, the field, what is wrong.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.runtime.routing import read_routes
from shared.runtime.settings import BadSettings, Settings, read_settings
from tools.check_manifests.facts import APPLICATIONS, function_of

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yml"
GATEWAY = "http://gateway.openfaas:8080"
BROKER = "broker"
SECRETS = {"DATABASE_URL", "JWT_SECRET", "PARTY_SECRET", "SMTP_URL", "TWILIO_AUTH_TOKEN", "TWILIO_SHARED_KEY"}
#: What libraries read, and not `shared/runtime/settings.py`.
SECRETS |= {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
CRON_TOPIC = "cron-function"

_CRON = re.compile(r"(?:[-*/,\d]+ ){4}[-*/,\dA-Z]+")
_VARIABLE = re.compile(r"\$\{(?P<name>\w+):-(?P<default>[^}]*)\}")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Cpu = Annotated[str, Field(pattern=r"^[1-9]\d*m$")]
Memory = Annotated[str, Field(pattern=r"^[1-9]\d*Mi$")]
Count = Annotated[str, Field(pattern=r"^[1-9]\d?$")]


class _Resources(_Strict):
    cpu: Cpu
    memory: Memory


class _Labels(_Strict):
    least: Count = Field(alias="com.openfaas.scale.min")
    most: Count = Field(alias="com.openfaas.scale.max")


class _Annotations(_Strict):
    health: Literal["/health/live"] = Field(alias="com.openfaas.health.http.path")
    ready: Literal["/health/ready"] = Field(alias="com.openfaas.ready.http.path")
    topic: str = ""
    schedule: str = ""


class _Function(_Strict):
    image: str
    lang: Literal["dockerfile"]
    skip_build: Literal[True]
    readonly_root_filesystem: Literal[True]
    environment: dict[str, str]
    secrets: list[str]
    labels: _Labels
    annotations: _Annotations
    requests: _Resources
    limits: _Resources


class _Provider(_Strict):
    name: Literal["openfaas"]
    gateway: str


class _Stack(_Strict):
    version: Literal["1.0", 1.0]  # type: ignore[valid-type] # YAML reads a number there, faas-cli a text
    provider: _Provider
    functions: dict[str, _Function]


Problems = Iterator[tuple[str, str]]


def check(path: Path = TEMPLATE) -> list[str]:
    """What is wrong with a stack file, a line each; nothing when all is well."""
    try:
        stack = _Stack.model_validate(yaml.safe_load(path.read_text()))
    except yaml.YAMLError as error:
        return [f"{path.name}: no YAML: {error}"]
    except ValidationError as error:
        return [f"{path.name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    problems = list(_whole(stack))
    for name, function in stack.functions.items():
        problems += [(f"functions.{name}.{field}", why) for field, why in _function(name, function)]
    return [f"{path.name}: {field}: {why}" for field, why in problems]


def substituted(value: str) -> str:
    """A value as faas-cli reads it where no variable is set: each is its default."""
    return _VARIABLE.sub(lambda match: match["default"], value)


def _whole(stack: _Stack) -> Problems:
    if stack.provider.gateway != GATEWAY:
        yield "provider.gateway", f"is {GATEWAY}: functions reach the broker by it, and the broker them"
    there = {folder.name for folder in (ROOT / "functions").iterdir() if (folder / "main.py").exists()}
    wanted = there | APPLICATIONS.keys() | {BROKER}
    for name in sorted(wanted - set(stack.functions)):
        yield f"functions.{name}", "is missing"
    for name in sorted(set(stack.functions) - wanted):
        yield f"functions.{name}", f"there is no functions/{name}"


def _function(name: str, function: _Function) -> Problems:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    image = f"${{REGISTRY:-jotline}}/{function_of(name)}:${{VERSION:-{version}}}"
    if function.image != image:
        yield "image", f"is {image}, as scripts/build-images calls it"
    if int(function.labels.most) < int(function.labels.least):
        yield "labels", "com.openfaas.scale.max is less than com.openfaas.scale.min"
    if name == BROKER and function.labels.most != "1":
        yield "labels.com.openfaas.scale.max", "is 1: one broker carries, more would only wait"
    yield from _settings(name, function)
    yield from _connectors(name, function.annotations)
    yield from _resources(name, function)


def _settings(name: str, function: _Function) -> Problems:
    for variable, value in function.environment.items():
        if why := _wrong_with(variable, value):
            yield f"environment.{variable}", why
    names = {secret.lower().replace("_", "-") for secret in SECRETS}
    for secret in function.secrets:
        if secret not in names:
            yield "secrets", f"{secret} is none of {', '.join(sorted(names))}"
    try:
        read_settings({variable: substituted(value) for variable, value in function.environment.items()})
    except BadSettings as error:
        yield "environment", str(error)
    variable, value = ("FUNCTION_URL", "{function}") if name == BROKER else ("K_SINK", BROKER)
    if function.environment.get(variable) != f"{GATEWAY}/function/{value}":
        yield f"environment.{variable}", f"is {GATEWAY}/function/{value}"


def _wrong_with(variable: str, value: str) -> str:
    """Why this cannot be a variable; nothing when it can."""
    known = {field.upper() for field in Settings.model_fields}
    if variable in SECRETS:
        return "is a secret: list it under secrets"
    if variable == "PORT":
        return "OpenFaaS calls port 8080 whatever is said here"
    if variable not in known:
        return "no setting of shared/runtime/settings.py"
    if unknown := {match["name"] for match in _VARIABLE.finditer(value)} - known:
        return f"{unknown.pop()} is no setting"
    return "a variable needs a default: ${NAME:-default}" if "${" in substituted(value) else ""


def _connectors(name: str, annotations: _Annotations) -> Problems:
    if annotations.topic and annotations.topic != CRON_TOPIC:
        yield "annotations.topic", "connectors carry no CloudEvents; who gets which event stands in knative/base"
    if annotations.topic == CRON_TOPIC and not annotations.schedule:
        yield "annotations.schedule", f"is missing beside the topic {CRON_TOPIC}"
    if not annotations.schedule:
        return
    if annotations.topic != CRON_TOPIC:
        yield "annotations.topic", f"is {CRON_TOPIC} where there is a schedule"
    if not _CRON.fullmatch(annotations.schedule):
        yield "annotations.schedule", "five fields, as crontab(5) has them"
    if name in {route.function for route in read_routes()} | {BROKER}:
        yield "annotations.schedule", "the cron connector posts to / with an empty body, and there this takes events alone"


def _resources(name: str, function: _Function) -> Problems:
    for field in ("cpu", "memory"):
        asked, most = getattr(function.requests, field), getattr(function.limits, field)
        if _number(asked) > _number(most):
            yield f"requests.{field}", f"{asked} is more than the limit, {most}"
    if name != BROKER and (ROOT / "functions" / function_of(name)).is_dir():
        for kind, resources in _resources_on_knative(name).items():
            for field, value in resources.items():
                if _number(getattr(getattr(function, kind), field)) != _number(value):
                    yield f"{kind}.{field}", f"is {value} in knative/base/{name}.yaml"


def _resources_on_knative(name: str) -> Mapping[str, Any]:
    for body in yaml.safe_load_all((ROOT / "knative" / "base" / f"{name}.yaml").read_text()):
        if body["kind"] == "Service":
            return dict(body["spec"]["template"]["spec"]["containers"][0]["resources"])
    return {}


def _number(quantity: str) -> int:
    """A quantity in thousandths of a processor, or in MiB."""
    return int(quantity.rstrip("Mim")) * (1 if quantity[-1] in "mi" else 1000)


def main(arguments: list[str]) -> int:
    """Print what is wrong; returns the exit status."""
    problems = check(Path(arguments[0]) if arguments else TEMPLATE)
    print("\n".join(problems) or "template.yml can be meant")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
