"""What the API answers when it does not do what was asked: problem details (RFC 9457), never a trace, never another person's data.

A request that was denied is told of too (`shared.web.trailing`), as far as anybody knows whose it was.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route

from shared.policy.outcomes import Poison, TryAgain
from shared.runtime.telemetry import describe
from shared.web import trailing

log = logging.getLogger("jotline.api")

MEDIA_TYPE: Final = "application/problem+json"
#: Where each `type` of ours is told about: a place on the readable page (RFC 9457 section 3.1.1 takes relative references).
KINDS: Final = "/api/v1/docs#problem-"
#: Of what somebody else wrote, so much is said back.
LONGEST_SAID: Final = 200


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: Annotated[str, Field(examples=["body.due_date"])]
    message: str


class ProblemDetails(BaseModel):
    """Why nothing was done (RFC 9457 section 3.1)."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(description="What kind of problem; about:blank: what the status says.")] = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: Annotated[list[FieldError], Field(description="The fields that are wrong, where some are.")] = []


class Problem(Exception):
    """The request is not done; it is answered with these problem details."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "about:blank",
        title: str = "",
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        """Args: status: of HTTP. detail: what is wrong and what to do. kind, title: RFC 9457 `type`, and what it means. more: members."""
        super().__init__(detail)
        self.status, self.detail, self.kind, self.title = status, detail, kind, title
        self.headers, self.more = headers or {}, more

    def body(self) -> dict[str, object]:
        """The problem details."""
        title = self.title or HTTPStatus(self.status).phrase
        return {"type": self.kind, "title": title, "status": self.status, "detail": self.detail, **self.more}


#: Problems of a kind of their own beside those of the rules (`shared.web.refusals`): status, and what it means.
NAMED: Final = {
    "version-differs": (412, "The todo was changed meanwhile."),
    "key-used": (422, "The Idempotency-Key was used for another request."),
    "cursor-unfit": (422, "The cursor is none of this list."),
    "carrier-word": (422, "STOP and START are words to the carrier: text them."),
    "recording-unknown": (404, "There is no such recording."),
    "recording-gone": (409, "The recording itself is not kept any more."),
    "not-replayable": (409, "No function can be given it."),
}


def named(name: str, detail: str = "", **more: object) -> Problem:
    """A problem of `NAMED`. `more`: further members."""
    status, title = NAMED[name]
    return Problem(status, detail or title, kind=KINDS + name, title=title, headers=None, **more)


def answer(problem: Problem) -> JSONResponse:
    """The response."""
    return JSONResponse(problem.body(), problem.status, problem.headers, media_type=MEDIA_TYPE)


def invalid(error: RequestValidationError) -> Problem:
    """What is wrong with a request that does not fit its description."""
    errors = [{"field": _said(".".join(map(str, e["loc"]))), "message": _said(e["msg"])} for e in error.errors()]
    return Problem(422, "Something in the request is not as it must be; `errors` says what.", errors=errors)


def _said(text: str) -> str:
    """Words of a request that are said back: never so many, nor with half of a character."""
    return text[:LONGEST_SAID].encode("utf-8", "replace").decode()


def unavailable() -> Problem:
    """What is needed is away for now."""
    return Problem(503, "Not now. Nothing changed; ask again in a moment.", headers={"retry-after": "2"})


def install(app: FastAPI) -> None:
    """Answer every failure of `app` this way."""

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        problem = _as_problem(app, request, error)
        await trailing.deny(request, problem.status, problem.kind.rpartition("problem-")[2] if problem.kind else "")
        return answer(problem)

    async def on_surprise(request: Request, error: Exception) -> JSONResponse:
        log.error("a request failed", extra={"path": request.scope["path"], "cause": describe(error)})
        return answer(Problem(500, "That should not have happened. It was logged."))

    for kind in (Problem, RequestValidationError, HTTPException, TryAgain, Poison):
        app.add_exception_handler(kind, on_problem)
    app.add_exception_handler(Exception, on_surprise)


def _as_problem(app: FastAPI, request: Request, error: Exception) -> Problem:
    """The problem that an error stands for."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return invalid(error)
        case HTTPException():
            return _of_http(app, request, error)
        case Poison():
            return Problem(422, "This holds something that cannot be stored.")
    log.warning("cannot answer now", extra={"path": request.scope["path"], "cause": describe(error)})
    return unavailable()


def _of_http(app: FastAPI, request: Request, error: HTTPException) -> Problem:
    """What the framework refuses."""
    if error.status_code == 405:
        allowed = sorted({method for route in app.routes for method in _methods_at(route, request.scope["path"])})
        detail = f"This address takes {', '.join(allowed)}."
        return Problem(405, detail, headers={"allow": ", ".join(allowed)})
    status = 422 if error.status_code == 400 else error.status_code  # a body that is no JSON
    details = {404: "There is nothing here.", 413: "The body is too large.", 422: "The body is no JSON that can be read."}
    return Problem(status, details.get(status, str(error.detail)), headers=dict(error.headers or {}))


def _methods_at(route: BaseRoute, path: str) -> set[str]:
    """What methods a route takes at a path."""
    takes = isinstance(route, Route) and route.path_regex.match(path)
    return set(route.methods or ()) if isinstance(route, Route) and takes else set()
