"""`serve`: turns a function's handlers into the one HTTP function that functions-framework runs, and decides every outcome.

    handle = serve("todo-crud", events={COMMAND_PARSED: carry_out}, schema="todo")

`handle` is called by functions-framework with a Starlette request. The images' server hands events to `take` without one
(`shared.runtime.asgi`), and the single box calls `deliver` and passes events as values. Outcomes of a delivery (nothing else in the
project decides retries):

    done, duplicate     204, empty body; with a reply event 200, that event
    Refused             the handler has answered the person: done
    Poison              dead letter at once, 204: a broker would drop a plain 4xx without a trace
    TryAgain, others    ordered types wait in place (503); all others step aside: a retry row for this function, then 204
    too many tries      dead letter, and the person is told where it was their own message

Which try a delivery is stands in the header `jotline-attempt`, where the sender counts; a broker does not.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, cast

from shared.events.envelope import BadEvent, Event, Unread, leave_unread
from shared.events.schemas import TYPES
from shared.policy.outcomes import Poison, Refused, TryAgain, Unavailable
from shared.policy.retries import retry_for
from shared.runtime.services import Services
from shared.runtime.telemetry import correlation, count, describe, exposition

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from shared.runtime.dead_letters import Letter
    from shared.storage.outbox import Schema

#: The largest event taken, as DESIGN section 8 says; audio travels as a reference.
MAX_EVENT_BYTES = 64 * 1024
#: The largest dead letter taken: the same, with what the broker says of it.
MAX_LETTER_BYTES = 2 * MAX_EVENT_BYTES
#: The header that says which try a delivery is. A broker does not know it; the relay does.
ATTEMPT = "jotline-attempt"
#: The header of a refusal that says whether that try counts.
COUNTED = "jotline-counted"
#: Longest wait between tries while the database is away.
OUTAGE_SECONDS = 15.0

log = logging.getLogger("jotline")


@dataclass(frozen=True, slots=True)
class Work:
    """One delivery: what may be used, when it is (one reading of the clock), and which try this is (1 = first)."""

    services: Services
    now: datetime
    attempt: int


@dataclass(frozen=True, slots=True)
class Done:
    """The event is worked off; `reply` is an event it led to, for the broker to pass on."""

    reply: Event | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Keep the event and deliver it again after `seconds`. `counted`: this try counts against the limit."""

    seconds: float
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered over HTTP; a 204 has no body."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""


Outcome = Done | Later
EventHandler = Callable[[Event, Work], Awaitable[Event | None]]
HttpHandler = Callable[["Request", Services], Awaitable["Response"]]
LetterHandler = Callable[["Letter", Work], Awaitable[None]]
Recorder = Callable[[Sequence["Unread"], Work], Awaitable[None]]
MakeApp = Callable[[Services], "ASGIApp"]
Apology = Callable[[Event, datetime], Event | None]


@dataclass(frozen=True, slots=True)
class Rest:
    """How long a process sleeps once something has come, so that what comes meanwhile is taken in one awakening.

    It sleeps `seconds`; where each rest would hold up what comes:

    below: with so many events in hand it does not rest. They share its awakenings already, and whoever has many steps would rest
        at each.
    enough: it rests less where so many will have come earlier, as fast as they came of late. Whoever is brought so many at a time
        and no more would do nothing then.
    unless: while this says so it does not rest: it does something else, which would wait.
    """

    seconds: float
    below: int = sys.maxsize
    enough: int = sys.maxsize
    unless: Callable[[Services], bool] = lambda _: False


class Handle(Protocol):
    """What functions-framework calls, and, as `served`, the function behind it for the single box."""

    served: Function

    async def __call__(self, request: Request) -> Response:
        """Answer a request."""
        ...


class Function:
    """A function: its handlers, and what surrounds them. Made by `serve`."""

    def __init__(
        self,
        name: str,
        *,
        events: Mapping[str, EventHandler],
        http: Mapping[str, HttpHandler],
        dead_letters: LetterHandler | None,
        recorder: Recorder | None,
        schema: Schema | None,
        apology: Apology | None,
        app: MakeApp | None,
        sockets: bool,
        rest: Rest | None,
    ) -> None:
        self.name = name
        self.rest = rest
        self.sockets = sockets
        self.events = dict(events)
        self.http = dict(http)
        self.schema = schema
        self._dead_letters = dead_letters
        self._recorder = recorder
        if recorder:
            self.events.update(dict.fromkeys(TYPES, _unread(recorder)))
        self._apology = apology
        self._make_app = app
        self._app: ASGIApp | None = None
        self._services: Services | None = None

    @property
    def services(self) -> Services:
        """What handlers use: bound by the single box, else made from the environment."""
        if self._services is None:
            self._services = Services.from_environment()
        return self._services

    def bind(self, services: Services) -> None:
        """Use these services instead of making them from the environment."""
        self._services = services

    @property
    def app(self) -> ASGIApp | None:
        """What answers every path that is not the function's own; made when first asked for, since events do without."""
        if self._app is None and self._make_app is not None:
            self._app = self._make_app(self.services)
        return self._app

    def end(self) -> None:
        """The process ends: tell an application that keeps connections open (it has a method `end`), for the server waits for them."""
        end = getattr(self._app, "end", None)
        if end is not None:
            end()

    async def deliver(self, event: Event, attempt: int = 1) -> Outcome:
        """Work one event off; never raises. `attempt` counts from 1."""
        token = correlation.set(event.correlationid)
        work = Work(self.services, self.services.clock.now(), attempt)
        try:
            reply = await self.events[event.type](event, work)
        except Refused as refusal:
            log.info("refused", extra={"function": self.name, "event_id": event.id, "why": type(refusal).__name__})
            outcome: Outcome = Done()
        except Exception as error:  # noqa: BLE001 - this is the place that decides
            outcome = await self._failed(event, work, error)
        else:
            log.debug("done", extra={"function": self.name, "event_id": event.id, "type": event.type})
            outcome = Done(reply)
        finally:
            correlation.reset(token)
        count("deliveries_total", function=self.name, outcome="done" if isinstance(outcome, Done) else "later")
        return outcome

    @property
    def records(self) -> bool:
        """Whether it only writes down what happens: `deliver_all`."""
        return self._recorder is not None

    async def deliver_all(self, events: Sequence[Event]) -> Outcome:
        """Write events down together; never raises. One that cannot be is worked off as others are, alone."""
        work = Work(self.services, self.services.clock.now(), 1)
        try:
            await cast("Recorder", self._recorder)([Unread.of(event) for event in events], work)
        except Unavailable as error:
            log.warning("unavailable, waiting", extra={"function": self.name, "cause": describe(error)})
            return Later(1.0, counted=False)
        except Exception:  # noqa: BLE001 - by whichever of them: `deliver` says
            outcomes = [await self.deliver(event) for event in events]
            return next((one for one in outcomes if isinstance(one, Later)), Done())
        count("deliveries_total", len(events), function=self.name, outcome="done")
        return Done()

    async def _failed(self, event: Event, work: Work, error: Exception) -> Outcome:
        """Decide what becomes of an event whose handler failed."""
        facts = {"function": self.name, "event_id": event.id, "type": event.type, "attempt": work.attempt}
        try:
            if isinstance(error, Unavailable):
                # An outage is nobody's fault: nothing is given up because of it.
                log.warning("unavailable, waiting", extra={**facts, "cause": describe(error)})
                return Later(min(OUTAGE_SECONDS, float(2 ** min(work.attempt - 1, 4))), counted=False)
            rule = retry_for(event.type)
            delay = rule.delay_after(work.attempt)
            if isinstance(error, Poison) or delay is None:
                log.error("given up", extra={**facts, "cause": describe(error)}, exc_info=error)
                await self._bury(event, work, error)
                return Done()
            if isinstance(error, TryAgain) and error.after_seconds is not None:
                delay = max(delay, error.after_seconds)
            log.warning("trying again", extra={**facts, "after_seconds": delay, "cause": describe(error)})
            if rule.in_place or self.schema is None:
                return Later(delay)
            await self._step_aside(event, work, delay, self.schema)
        except Exception as second:  # noqa: BLE001 - not even that could be written: the broker keeps the event
            log.warning("cannot write down a failure, waiting", extra={**facts, "cause": describe(second)})
            return Later(OUTAGE_SECONDS, counted=False)
        return Done()

    async def _step_aside(self, event: Event, work: Work, delay: float, schema: Schema) -> None:
        """Write the retry row, unique per (event, function, attempt)."""
        not_before = work.now + timedelta(seconds=delay)
        outbox = work.services.outbox(schema)
        rows = await outbox.retry(event, function=self.name, attempt=work.attempt, not_before=not_before)
        await work.services.carrier.carry(rows)

    async def _bury(self, event: Event, work: Work, error: Exception) -> None:
        """Keep the event as a dead letter, close its claim, and tell the person."""
        from shared.runtime.dead_letters import bury

        told = self._apology(event, work.now) if self._apology else None
        await bury(
            work.services,
            event,
            function=self.name,
            schema=self.schema,
            cause=describe(error),
            attempts=work.attempt,
            now=work.now,
            told=told,
        )
        count("dead_letters_total", function=self.name)

    async def __call__(self, request: Request) -> Response:
        """Answer an HTTP request: the function's own paths, a CloudEvent, health and metrics."""
        from starlette.responses import PlainTextResponse, Response

        path = request.scope["path"].rstrip("/") or "/"
        if path in self.http:
            return await self.http[path](request, self.services)
        if path != "/":
            return await self._tell(path)
        if not self.takes_events or request.method != "POST":
            return PlainTextResponse("send a CloudEvent by POST\n", status_code=405, headers={"allow": "POST"})
        answer = await self.take(dict(request.headers), await body_of(request, self.largest))
        return Response(answer.content, answer.status, answer.headers)

    @property
    def takes_events(self) -> bool:
        """Whether a POST on `/` is an event, or a dead letter."""
        return bool(self.events or self._dead_letters)

    @property
    def largest(self) -> int:
        """The most bytes that a POST on `/` may have."""
        return MAX_LETTER_BYTES if self._dead_letters else MAX_EVENT_BYTES

    async def take(self, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Answer a POST on `/`, as brokers read it; never raises. `headers`: names in lower case. `body`: None when it is too large."""
        if self._dead_letters and (not self._recorder or gave_up(headers, body)):
            return _answer(await self._file(headers, body))
        if self._recorder:
            return _answer(await self._write_down(self._recorder, headers, body))
        return _answer(await self._receive(headers, body, _attempt(headers.get(ATTEMPT, ""))))

    async def _tell(self, path: str) -> Response:
        """Health and metrics; the paths with `_` are those that OpenFaaS asks."""
        from starlette.responses import PlainTextResponse

        match path:
            case "/health/live" | "/health" | "/_/health":
                return PlainTextResponse("ok\n")
            case "/health/ready" | "/ready" | "/_/ready":
                return await self._readiness()
            case "/metrics":
                return PlainTextResponse(exposition(), media_type="text/plain; version=0.0.4")
        return PlainTextResponse("not found\n", status_code=404)

    async def _file(self, headers: Mapping[str, str], body: bytes | None) -> Outcome:
        """Hand a dead letter of the broker to its handler. It is never a dead letter again: what is not kept stays with the broker."""
        from shared.runtime.dead_letters import read_letter

        work = Work(self.services, self.services.clock.now(), 1)
        letter = read_letter(headers, body or b"")
        token = correlation.set(letter.event.correlationid if letter.event else letter.key)
        try:
            await cast("LetterHandler", self._dead_letters)(letter, work)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is not kept
            log.warning("cannot keep a dead letter", extra={"event_id": letter.key, "cause": describe(error)})
            return Later(OUTAGE_SECONDS, counted=False)
        finally:
            correlation.reset(token)
        return Done()

    async def _write_down(self, recorder: Recorder, headers: Mapping[str, str], body: bytes | None) -> Outcome:
        """Hand an event to the recorder without reading its data; never raises."""
        try:
            unread = self._leave_unread(headers, body)
        except BadEvent as error:
            return await self._keep_unreadable(headers, body or b"", error)
        attempt = _attempt(headers.get(ATTEMPT, ""))
        try:
            await recorder([unread], Work(self.services, self.services.clock.now(), attempt))
        except Exception as error:  # noqa: BLE001 - it is not written down: whoever brings it keeps it
            cause = {"function": self.name, "event_id": unread.attributes["id"], "cause": describe(error)}
            log.warning("cannot write down an event", extra=cause)
            return Later(OUTAGE_SECONDS, counted=not isinstance(error, Unavailable))
        count("deliveries_total", function=self.name, outcome="done")
        return Done()

    def _leave_unread(self, headers: Mapping[str, str], body: bytes | None) -> Unread:
        """The event of a request, its data unread.

        Raises:
            BadEvent: it is too large, or none.
        """
        from shared.runtime.cloudevents_http import split

        if body is None:
            raise BadEvent(f"larger than {self.largest} bytes")
        return leave_unread(*split(headers, body))

    async def _receive(self, headers: Mapping[str, str], body: bytes | None, attempt: int) -> Outcome:
        """Read an HTTP request as an event and deliver it; what cannot be read is a dead letter."""
        try:
            event = self._read(headers, body)
        except BadEvent as error:
            return await self._keep_unreadable(headers, body or b"", error)
        return await self.deliver(event, attempt)

    def _read(self, headers: Mapping[str, str], body: bytes | None) -> Event:
        """The event of a request.

        Raises:
            BadEvent: it is too large, none, or for somebody else.
        """
        from shared.runtime.cloudevents_http import from_http

        if body is None:
            raise BadEvent(f"larger than {MAX_EVENT_BYTES} bytes")
        event = from_http(headers, body)
        if event.type not in self.events:
            raise BadEvent(f"{event.type}: not an event that this function takes")
        return event

    async def _keep_unreadable(self, headers: Mapping[str, str], body: bytes, error: BadEvent) -> Outcome:
        """Keep what is no event as a dead letter; when that fails, the broker must keep it."""
        from shared.runtime.cloudevents_http import received_text

        received = received_text(headers, body)
        key = hashlib.sha256(received.encode("utf-8", "backslashreplace")).hexdigest()
        facts = {"function": self.name, "event_id": key}
        log.warning("unreadable event", extra={**facts, "cause": str(error)})
        try:
            await self.services.audit.bury_unreadable(
                received.replace("\0", "\\0"),
                function=self.name,
                key=key,
                cause=str(error),
                now=self.services.clock.now(),
            )
        except Exception as second:  # noqa: BLE001 - whatever it was, it is not kept
            log.warning("cannot keep an unreadable event", extra={**facts, "cause": describe(second)})
            return Later(OUTAGE_SECONDS)
        return Done()

    async def _readiness(self) -> Response:
        """200 when everything in use answers, else 503."""
        from starlette.responses import PlainTextResponse

        try:
            services = self.services
            if self.schema is not None:
                services.database(self.schema)
            await asyncio.wait_for(services.ready(), timeout=5)
        except Exception as error:  # noqa: BLE001 - told as not ready
            return PlainTextResponse(f"not ready: {type(error).__name__}\n", status_code=503)
        return PlainTextResponse("ready\n")


def gave_up(headers: Mapping[str, str], body: bytes | None) -> bool:
    """Whether a broker hands over what it gave up: it says for whom it was (`shared.runtime.dead_letters`)."""
    if "ce-knativeerrordest" in headers:
        return True
    return "ce-specversion" not in headers and b'"knativeerrordest"' in (body or b"")


def _unread(recorder: Recorder) -> EventHandler:
    """A recorder as the handler of events that are values."""

    async def write_down(event: Event, work: Work) -> None:
        await recorder([Unread.of(event)], work)

    return write_down


def _attempt(given: str) -> int:
    """Which try the sender says this is; 1 where it says nothing."""
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 5 and int(given) else 1


def _answer(outcome: Outcome) -> Answer:
    """An outcome as brokers read it."""
    if isinstance(outcome, Later):
        headers = {"retry-after": str(max(1, round(outcome.seconds)))}
        # An outage is nobody's fault: our own broker over HTTP and the relay do not count that try. Others count what they like.
        return Answer(503, headers if outcome.counted else {**headers, COUNTED: "false"})
    if outcome.reply is None:
        return Answer(204, {})
    from shared.runtime.cloudevents_http import to_http

    return Answer(200, *to_http(outcome.reply))


async def body_of(request: Request, limit: int) -> bytes | None:
    """The request's body, or None when it is larger than `limit` bytes: read no further than that."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
    return b"".join(parts)


def serve(
    name: str,
    *,
    events: Mapping[str, EventHandler] | None = None,
    http: Mapping[str, HttpHandler] | None = None,
    dead_letters: LetterHandler | None = None,
    recorder: Recorder | None = None,
    schema: Schema | None = None,
    apology: Apology | None = None,
    app: MakeApp | None = None,
    sockets: bool = False,
    rest: Rest | None = None,
) -> Handle:
    """Make a function of its handlers.

    functions-framework takes nothing but a plain function as its target, so that is what this returns.

    Args:
        name: the function's name, as its folder and its Knative Service are called.
        events: a handler for each CloudEvents type; it returns a reply event or None.
        http: a handler for each path that is not an event.
        dead_letters: a handler for the broker's dead letters, of whatever type; in place of `events`.
        recorder: a handler for events of every type, several at once, their data unread; in place of `events`. Beside `dead_letters`
            it gets what is no dead letter.
        schema: where its claims and outbox stand.
        apology: what the person is told when their event is given up.
        app: makes the ASGI application of all other paths and of WebSockets; for whoever serves more than events. It is reached
            through `shared.runtime.asgi` and in the single box; functions-framework passes no WebSockets on.
        sockets: whether that serves WebSockets: its server then loads what speaks them.
        rest: how its process rests between events (`shared.runtime.event_protocol`); None where somebody, or a lane, waits for each.
    """
    function = Function(
        name,
        events=events or {},
        http=http or {},
        dead_letters=dead_letters,
        recorder=recorder,
        schema=schema,
        apology=apology,
        app=app,
        sockets=sockets,
        rest=rest,
    )

    async def handle(request: Request) -> Response:
        return await function(request)

    handle.served = function  # type: ignore[attr-defined]
    return cast("Handle", handle)
