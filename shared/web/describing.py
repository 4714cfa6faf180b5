"""The OpenAPI description: what FastAPI makes of the routes, with every answer that any of them may give.

What a route can say on its own it says itself (`answers`); what all of them have in common is added here: who asks without a token,
with a body that is none, by another method, or while we are away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from shared.web.problems import MEDIA_TYPE, FieldError, ProblemDetails

if TYPE_CHECKING:
    from fastapi import FastAPI

Described = dict[int | str, dict[str, Any]]

WORDS: Final = {
    401: "No token, or one that is not valid now.",
    403: "Not with this role.",
    404: "There is no such thing, or it is somebody else's.",
    405: "This address takes other methods; `Allow` names them.",
    409: "The state it is in does not allow it.",
    412: "It was changed meanwhile: it is not at the version that If-Match names.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Something is not as it must be: `errors` names fields, `type` the rule.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    503: "Not now: nothing changed, ask again in a moment.",
}
_TEXT: Final = {"schema": {"type": "string"}}
_WAIT: Final = {"Retry-After": {"schema": {"type": "integer", "minimum": 0}, "description": "Seconds to wait."}}
HEADERS: Final[dict[int, dict[str, Any]]] = {
    401: {"WWW-Authenticate": _TEXT},
    405: {"Allow": _TEXT},
    429: _WAIT,
    503: _WAIT,
}
ETAG: Final = {"ETag": {**_TEXT, "description": "Its version, in quotes."}}
LOCATION: Final = {"Location": {**_TEXT, "description": "Where it is."}}
METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


def answers(*statuses: int) -> Described:
    """The problem details of these statuses, for a route that may answer them."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": WORDS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    if status in HEADERS:
        found["headers"] = HEADERS[status]
    return found


def install(app: FastAPI) -> None:
    """Let the description of `app` tell all of it."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            complete(described())
        return described()

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI has it: "Extending OpenAPI"


def complete(schema: dict[str, Any]) -> None:
    """Add to a description the answers that any route may give."""
    models = schema.setdefault("components", {}).setdefault("schemas", {})
    for gone in ("HTTPValidationError", "ValidationError"):
        models.pop(gone, None)
    for model in (ProblemDetails, FieldError):
        made = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        made.pop("$defs", None)
        models[model.__name__] = made
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                _complete(path, item[method])


def _complete(path: str, operation: dict[str, Any]) -> None:
    operation["operationId"] = _name(operation["operationId"])
    found: dict[str, Any] = operation["responses"]
    common = [405, 503]
    common += [401] if operation.get("security") else []
    common += [413, 415] if "requestBody" in operation else []
    common += [422] if "requestBody" in operation or operation.get("parameters") else []
    common += [404] if "{" in path else []
    for status in common:
        if "HTTPValidationError" in str(found.get(str(status))):
            del found[str(status)]
        found.setdefault(str(status), _problem(status))
    operation["responses"] = dict(sorted(found.items()))


def _name(operation_id: str) -> str:
    """The name of an operation: as it was given, or the function's, the way programs write names."""
    first, *others = operation_id.partition("_api_v1")[0].split("_")
    return first + "".join(word.capitalize() for word in others)
