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


async def read_file(request: Request, at_most: int) -> bytes:
    """The body as a file.

    Raises:
        Refused: it is empty, or larger than `at_most` bytes: no more than that is read.
    """
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > at_most:
            raise Refused(413, f"that file is larger than {at_most // 1024 // 1024} MB")
    if not data:
        raise Refused(400, "that file is empty")
    return bytes(data)


def guarded(work: Callable[[Request], Awaitable[Response]], *, files: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """Answer refusals as JSON, and nobody but our own pages. `files`: what is posted is a file instead of JSON."""

    async def answer(request: Request) -> Response:
        try:
            _check_origin(request, files=files)
            return await work(request)
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, status_code=refused.status)

    return answer


#: What a page of anybody may post without being asked (fetch.spec.whatwg.org, CORS-safelisted request-header).
_SIMPLE = {"", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"}


def _check_origin(request: Request, *, files: bool) -> None:
    """Any other type makes a browser ask before it posts from elsewhere, and we never agree; Origin settles the rest."""
    if request.method == "GET":
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _SIMPLE or (kind != "application/json" and not files):
        raise Refused(415, "send the file with its type" if files else "send application/json")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused(403, "only from the phone's own page")
