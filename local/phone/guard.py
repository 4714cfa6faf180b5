"""What stands before every path that a page or the command line asks: refusals in words, and no other website's requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Asked = TypeVar("Asked", bound=BaseModel)


class Refused(Exception):
    """The request cannot be answered: an HTTP status and what to say."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


async def read_json(request: Request, model: type[Asked]) -> Asked:
    """The body as `model`.

    Raises:
        Refused: it is not JSON, or not what is asked for.
    """
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in error.errors())
        raise Refused(400, wrong) from None


def guarded(work: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Answer refusals as JSON, and nobody but our own pages."""

    async def answer(request: Request) -> Response:
        try:
            _check_origin(request)
            return await work(request)
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, status_code=refused.status)

    return answer


def _check_origin(request: Request) -> None:
    """JSON makes a browser ask before it posts from elsewhere, and we never agree; Origin settles the rest."""
    if request.method == "GET":
        return
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused(415, "send application/json")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused(403, "only from the phone's own page")
