"""/api/v1/docs: the OpenAPI description as a page to read, made once from the description itself, with nothing loaded from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from shared.web.problems import KINDS, NAMED
from shared.web.refusals import REFUSALS, kind_of

if TYPE_CHECKING:
    from jinja2 import Template

router = APIRouter(prefix="/api/v1", include_in_schema=False)

HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "max-age=300",
}
#: Values for examples, by format or type.
PLAIN: Final[dict[str, object]] = {
    "string": "...",
    "integer": 1,
    "number": 1,
    "boolean": True,
    "uuid": "8982db6e-300d-5cdf-91d1-51b2bf840127",
}
#: How deep the fields of a body are told.
DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    text: str
    required: bool
    where: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked."""

    anchor: str
    method: str
    path: str
    title: str
    text: str
    parameters: list[Field]
    fields: list[Field]
    answers: list[tuple[str, str, str]]
    example: str


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together."""

    title: str
    anchor: str
    operations: list[Operation] = field(default_factory=list)


@router.get("/docs")
async def read_docs(request: Request) -> HTMLResponse:
    """The page."""
    page = getattr(request.app.state, "page", None)
    if page is None:
        page = request.app.state.page = write(request.app.openapi())
    return HTMLResponse(page, headers=HEADERS)


def write(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI description."""
    groups: dict[str, Group] = {}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            title = (operation.get("tags") or ["Others"])[0]
            group = groups.setdefault(title, Group(title, _anchor(title)))
            group.operations.append(_operation(schema, path, method, operation))
    problems = [(kind_of(error), refusal.status, refusal.title) for error, refusal in REFUSALS.items()]
    problems += [(KINDS + name, status, title) for name, (status, title) in NAMED.items()]
    shown = [(kind.rpartition("#")[2], status, title) for kind, status, title in sorted(problems)]
    paragraphs = schema["info"]["description"].strip().split("\n\n")
    return _template().render(
        title=schema["info"]["title"], paragraphs=paragraphs, groups=list(groups.values()), problems=shown, code=_code
    )


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    parameters = [
        Field(one["name"], _kind(schema, one["schema"]), one.get("description", ""), one.get("required", False), one["in"])
        for one in operation.get("parameters", [])
    ]
    answers = [
        (status, HTTPStatus(int(status)).phrase, answer.get("description", ""))
        for status, answer in operation["responses"].items()
    ]
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation.get("summary", operation["operationId"]),
        text=operation.get("description", ""),
        parameters=parameters,
        fields=list(_fields(schema, body)),
        answers=answers,
        example=_example(schema, path, method, operation, body),
    )


def _fields(schema: dict[str, Any], model: dict[str, Any], depth: int = 0) -> Iterator[Field]:
    """The fields of a body, those of what is inside them indented."""
    model = _resolved(schema, model)
    for inner in model.get("anyOf", model.get("oneOf", [])) if depth < DEEPEST else []:
        for found in _fields(schema, inner, depth):  # what one shape must have, another may not know
            yield replace(found, required=False)
    for name, one in model.get("properties", {}).items():
        text = one.get("description", "")
        yield Field(name, _kind(schema, one), text, name in model.get("required", []), depth=depth)
        inside = _resolved(schema, one).get("items", one)
        if depth < DEEPEST:
            yield from _fields(schema, inside, depth + 1)


def _kind(schema: dict[str, Any], one: dict[str, Any]) -> str:
    """What a value is, in a few words."""
    if "const" in one:
        return json.dumps(one["const"])
    one = _resolved(schema, one)
    if "enum" in one:
        return " | ".join(map(str, one["enum"]))
    if "anyOf" in one or "oneOf" in one:
        kinds = dict.fromkeys(_kind(schema, option) for option in one.get("anyOf", one.get("oneOf", [])))
        return " | ".join(kinds)
    if one.get("type") == "array":
        return f"list of {_kind(schema, one.get('items', {}))}"
    named = {"object": str(one.get("title", "object")), "null": "null"}
    return str(one.get("format") or named.get(one.get("type", ""), one.get("type", "anything")))


def _resolved(schema: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """A schema, where it is told."""
    name = one.get("$ref", "").rpartition("/")[2]
    return dict(schema["components"]["schemas"][name]) if name else one


def _example(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any], body: dict[str, Any]) -> str:
    """A request to paste."""
    address = re.sub(r"{(\w+)}", lambda name: f"${name[1].upper()}", path)
    lines = [f'curl -X {method.upper()} "$JOTLINE{address}"']
    if operation.get("security"):
        lines.append('-H "Authorization: Bearer $TOKEN"')
    example = _example_of(schema, body)
    if example is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(example, ensure_ascii=False)}'"]
    return " \\\n  ".join(lines)


def _example_of(schema: dict[str, Any], model: dict[str, Any]) -> object:
    """An example of a body: its own, or made of those of its required fields."""
    model = _resolved(schema, model)
    if model.get("examples"):
        return model["examples"][0]
    options = model.get("oneOf", model.get("anyOf"))
    if options:
        return _example_of(schema, options[0])
    if "properties" in model:
        wanted = model.get("required") or list(model["properties"])[:1]
        return {name: _example_of(schema, model["properties"][name]) for name in wanted}
    if model.get("type") == "array":
        return [_example_of(schema, model.get("items", {}))]
    return model.get("const", model.get("enum", [None])[0] or PLAIN.get(model.get("format", model.get("type", ""))))


def _anchor(title: str) -> str:
    return "group-" + re.sub(r"\W+", "-", title).lower()


def _code(text: str) -> Iterator[tuple[bool, str]]:
    """A text in parts, each with whether it stood between backticks."""
    for place, part in enumerate(text.split("`")):
        yield bool(place % 2), part


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = FileSystemLoader(Path(__file__).parent / "reading")
    return Environment(
        loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template("docs.html")
