"""A function as the images serve it answers what it answers under functions-framework, and ends with its server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from shared.events.envelope import Event
from shared.events.schemas import COMMAND_PARSED, MESSAGE_RECEIVED
from shared.policy.outcomes import TryAgain
from shared.runtime.asgi import application, load
from shared.runtime.clock import RealClock
from shared.runtime.cloudevents_http import to_http
from shared.runtime.services import Services, close_all
from shared.runtime.serving import MAX_EVENT_BYTES, Function, Handle, Work, serve
from shared.runtime.settings import Settings
from tests.making import message

Answer = tuple[int, dict[str, str], bytes]


class Stage:
    """A function whose handler does what the test says; it has no database."""

    def __init__(self) -> None:
        self.problem: Exception | None = None
        self.reply: Event | None = None
        self.taken: list[Event] = []
        self.handle: Handle = serve("stage", events={MESSAGE_RECEIVED: self.take, COMMAND_PARSED: self.take})
        self.function: Function = self.handle.served
        self.function.bind(Services(Settings(), RealClock()))

    async def take(self, event: Event, work: Work) -> Event | None:
        self.taken.append(event)
        if self.problem:
            raise self.problem
        return self.reply

    async def served(self, path: str, parts: Sequence[bytes], **more: Any) -> Answer:
        """What the application answers to a request whose body comes in parts."""
        sent: list[Any] = []

        async def send(said: Any) -> None:
            sent.append(said)

        await application(self.function)(_scope(path, **more), _receiver(parts), send)
        if not sent:
            return 0, {}, b""
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers, b"".join(one["body"] for one in sent[1:])

    async def framed(self, path: str, parts: Sequence[bytes], **more: Any) -> Answer:
        """What functions-framework gets from the handle for the same request."""
        response = await self.handle(Request(_scope(path, **more), _receiver(parts)))
        return response.status_code, dict(response.headers), bytes(response.body)


def _scope(path: str, *, method: str = "POST", headers: dict[str, str] | None = None) -> dict[str, Any]:
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": raw}


def _receiver(parts: Sequence[bytes]) -> Any:
    """Gives a request's body part by part; None among them: the client has gone."""
    left: list[bytes | None] = list(parts)

    async def receive() -> dict[str, Any]:
        if not left or (part := left.pop(0)) is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return receive


def _event() -> tuple[dict[str, str], bytes]:
    return to_http(message())


async def test_what_becomes_of_an_event_is_answered_as_under_functions_framework() -> None:
    stage = Stage()
    headers, body = _event()
    for problem, reply, status in (
        (None, None, 204),
        (None, message(text="a reply: größer \U0001f600"), 200),
        (TryAgain("later"), None, 503),
    ):
        stage.problem, stage.reply = problem, reply
        answered = await stage.served("/", [body[:10], body[10:]], headers=headers)
        assert answered == await stage.framed("/", [body], headers=headers)
        assert answered[0] == status
    assert len({one.id for one in stage.taken}) == 1
    assert len(stage.taken) == 6


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/health/live"), ("GET", "/_/health"), ("POST", "/nowhere")]
)
async def test_all_other_paths_are_answered_as_under_functions_framework(method: str, path: str) -> None:
    stage = Stage()
    answered = await stage.served(path, [b""], method=method)
    assert answered == await stage.framed(path, [b""], method=method)
    assert answered[0] == {"/": 405, "/nowhere": 404}.get(path, 200)


async def test_an_event_is_read_no_further_than_it_may_be_long() -> None:
    stage = Stage()
    headers, body = _event()
    endless = [body, b" " * MAX_EVENT_BYTES, b" ", b" "]
    read: list[int] = []
    receive = _receiver(endless)

    async def counted() -> Any:
        read.append(1)
        return await receive()

    async def send(_: Any) -> None:
        """Whatever it says."""

    await application(stage.function)(_scope("/", headers=headers), counted, send)
    assert len(read) == 2
    assert stage.taken == []


async def test_who_has_gone_before_the_end_of_the_event_gets_no_answer_and_nothing_happens() -> None:
    stage = Stage()
    headers, body = _event()
    assert await stage.served("/", [body[:10], None], headers=headers) == (0, {}, b"")  # type: ignore[list-item]
    assert stage.taken == []


class Carrier:
    """Counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


async def test_what_functions_have_opened_is_closed_when_the_server_ends_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.runtime.services.start_logging", lambda _level: None)  # the tests' own stays
    carrier = Carrier()
    Services.from_environment().use_carrier(carrier)  # type: ignore[arg-type]
    said: list[tuple[str, int]] = []
    coming = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, Any]:
        return {"type": next(coming)}

    async def send(said_now: Any) -> None:
        said.append((said_now["type"], carrier.closed))

    await application(Stage().function)({"type": "lifespan"}, receive, send)
    assert said == [("lifespan.startup.complete", 0), ("lifespan.shutdown.complete", 1)]
    await close_all()
    assert carrier.closed == 1


def test_a_file_is_loaded_for_the_function_it_serves(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_text("from shared.runtime.serving import serve\n\nhandle = serve('it')\n")
    assert load(file, "handle").name == "it"


def test_a_file_that_is_none_or_serves_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "main.py", "handle")
    (tmp_path / "main.py").write_text("handle = print\n")
    with pytest.raises(TypeError, match="has no `handle = serve"):
        load(tmp_path / "main.py", "handle")
