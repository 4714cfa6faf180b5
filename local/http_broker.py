"""`jotline broker`: the single box's broker as a container, for platforms that carry no CloudEvents of their own (OpenFaaS).

It is `local/broker.py` with functions that are HTTP, and a door that is HTTP:

* **Out.** An event is POSTed to where FUNCTION_URL says its function is (`shared.runtime.addresses`), and its answer read, as the
  relay does it (`shared.runtime.delivery`). What is no function's answer is a gateway's or a crash's, and is tried again.
* **In.** `POST /` is every function's `K_SINK`. An event that its function has committed to its own outbox is found there by its id
  and carried from that row; anything else is committed to the messaging outbox. 202 after that: accepted is committed.

Who committed an event and then could not reach us has still committed it: the outboxes are looked through every second, and so
is what a retry or a replay has put there. One broker at a time carries, by the box's advisory lock. A second one waits with its door
open: what it accepts is committed, and the first one finds it.

There is no relay to tick here, for the broker is it: it holds every row until all have worked it off. Everything else that a
PingSource asks for on Knative is asked for here, by whoever carries (`local/http_ticks.py`), and what was kept long enough is deleted.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as Path

from local.broker import Broker
from local.http_ticks import HttpTicks
from local.ownership import AnotherBox, Ownership
from local.ticks import read_ticks
from shared.events.envelope import BadEvent, Event
from shared.policy.outcomes import TryAgain
from shared.runtime.addresses import Addresses
from shared.runtime.cleanup import clean_up
from shared.runtime.cloudevents_http import from_http
from shared.runtime.delivery import ANSWER_SECONDS, Delivery
from shared.runtime.routing import read_routes
from shared.runtime.services import Services
from shared.runtime.serving import MAX_EVENT_BYTES, OUTAGE_SECONDS, Done, Outcome, body_of
from shared.runtime.telemetry import describe, exposition
from shared.storage.migrations import migrate
from shared.storage.outbox import Outbox, Row

#: How often the outboxes are looked through for rows that nobody brought here, and the lock is asked for.
LOOK_SECONDS = 1.0
#: How long those are waited for that take longer than others: a piece of a recording may be heard for minutes.
PATIENCE_SECONDS = {"transcribe": 600.0}

log = logging.getLogger("jotline.broker")


class HttpFunction:
    """A function behind a URL. The `Deliverable` of this broker.

    Where no function answers, it is asked again after as long as it has been away, from 1 s to what an outage is waited for.
    """

    def __init__(self, name: str, url: str, delivery: Delivery, now: Callable[[], float] = time.monotonic) -> None:
        self._name, self._url, self._delivery, self._now = name, url, delivery, now
        self._away_since: float | None = None

    async def deliver(self, event: Event, attempt: int = 1) -> Outcome:
        """POST an event; never raises."""
        outcome = await self._delivery.post(self._url, event, attempt)
        if isinstance(outcome, Done) or outcome.seconds != OUTAGE_SECONDS:
            self._away_since = None
            return outcome
        if self._away_since is None:
            self._away_since = self._now()
        wait = min(OUTAGE_SECONDS, max(1.0, self._now() - self._away_since))
        facts = {"function": self._name, "event_id": event.id, "type": event.type, "attempt": attempt, "after_seconds": wait}
        log.warning("no answer", extra=facts)
        return replace(outcome, seconds=wait)


class Door:
    """Where events come in, and what looks for those that did not."""

    def __init__(self, broker: Broker, outboxes: Iterable[Outbox]) -> None:
        self._broker = broker
        self._outboxes = {outbox.schema: outbox for outbox in outboxes}
        self.carrying = False  # whether this broker is the one

    async def accept(self, event: Event) -> None:
        """Return when the event is committed, here or by who sent it.

        Raises:
            TryAgain: it is not.
        """
        for outbox in self._outboxes.values():
            seq = await outbox.find(event)
            if seq is not None:
                if self.carrying:
                    await self._broker.carry([Row(outbox.schema, seq, event)])
                return
        if self.carrying:
            await self._broker.publish(event)
        else:
            await self._outboxes["messaging"].append(event)

    async def look(self) -> None:
        """Take up, every second, what stands in the outboxes and was not brought here."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._broker.take_up()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next round tries again
                log.warning("the outboxes cannot be read", extra={"cause": describe(error)})


class Running:
    """One broker from start to stop: waits for its turn, then carries until it is told to stop."""

    def __init__(self, services: Services) -> None:
        settings, routes = services.settings, read_routes()
        addresses = Addresses(settings.function_url)
        patience = {route.function: PATIENCE_SECONDS.get(route.function, ANSWER_SECONDS) for route in routes}
        self._deliveries = {name: Delivery(answer_seconds=seconds) for name, seconds in patience.items()}
        functions = {name: HttpFunction(name, addresses.url_of(name), each) for name, each in self._deliveries.items()}
        outboxes = [services.messaging.outbox, services.todo.outbox, services.voice.outbox, services.audit.outbox]
        self._services = services
        self._owner = Ownership(settings.database_url)
        self.broker = Broker(routes, functions, outboxes, services.audit, services.clock)
        self.door = Door(self.broker, outboxes)
        here = {("audit", "/cleanup"): lambda: clean_up(services)}
        self._ticks = HttpTicks(read_ticks(), addresses, services.clock, here)

    async def run(self) -> None:
        """Wait for the lock, then carry. Ends only by being cancelled, or by giving the process up."""
        try:
            await self._wait()
            await asyncio.to_thread(migrate, self._services.settings.database_url)
            left = await self.broker.start()
            self.door.carrying = True
            log.info("carrying", extra={"taken_up": left})
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.door.look())
                tasks.create_task(self._ticks.run())
                tasks.create_task(self._owner.keep(_give_up, woken=self.broker.look))
        except Exception as error:  # noqa: BLE001 - a broker that does not carry must not look as if it did
            _give_up(describe(error))

    async def stop(self) -> None:
        """Finish what is under way and let the next one carry."""
        self.door.carrying = False
        await self.broker.stop()
        await asyncio.gather(*(each.close() for each in self._deliveries.values()))
        await self._owner.release()

    async def _wait(self) -> None:
        """Take the lock as soon as nobody else has it and the database answers."""
        waiting = ""
        while True:
            try:
                await self._owner.take()
            except (AnotherBox, psycopg.OperationalError, OSError) as error:
                if waiting != (waiting := type(error).__name__):
                    log.info("waiting to carry", extra={"cause": waiting})
                await asyncio.sleep(LOOK_SECONDS)
            else:
                return


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it ends: `asyncio.wait_for` of Python 3.11, under psycopg's waiting for a NOTIFY, may swallow one."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=LOOK_SECONDS)


def _give_up(why: str) -> None:
    """End this process, to be started again by its platform."""
    log.error("stopping", extra={"why": why})
    signal.raise_signal(signal.SIGTERM)


def make_app(services: Services) -> Starlette:
    """The ASGI application: carries while it serves."""
    running: list[Running] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        running.append(Running(services))
        task = asyncio.create_task(running[0].run())
        yield
        await _end(task)
        await running[0].stop()
        await services.close()

    async def accept(request: Request) -> Response:
        body = await body_of(request, MAX_EVENT_BYTES)
        if body is None:
            return PlainTextResponse(f"larger than {MAX_EVENT_BYTES} bytes\n", status_code=413)
        try:
            event = from_http(dict(request.headers), body)
        except BadEvent as error:
            return PlainTextResponse(f"{error}\n", status_code=400)
        try:
            await running[0].door.accept(event)
        except (TryAgain, psycopg.errors.UndefinedTable) as error:  # the latter: the database is not yet at its version
            log.warning("not accepted", extra={"event_id": event.id, "cause": describe(error)})
            return PlainTextResponse("try again\n", status_code=503, headers={"retry-after": "2"})
        return Response(status_code=202)

    async def live(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        # Also while another one carries: a rolling update ends the old one only when the new one is ready.
        try:
            async with asyncio.timeout(5):
                await services.ready()
        except (TryAgain, TimeoutError) as error:
            return PlainTextResponse(f"not ready: {type(error).__name__}\n", status_code=503)
        return PlainTextResponse("ready\n")

    async def metrics(_: Request) -> Response:
        waits, carries = running[0].broker.waiting, int(running[0].door.carrying)
        gauges = {"events_waiting": waits, "broker_carrying": carries}
        lines = [f"# TYPE jotline_{name} gauge\njotline_{name} {value}\n" for name, value in gauges.items()]
        return PlainTextResponse(exposition() + "".join(lines), media_type="text/plain; version=0.0.4")

    paths = [Path("/", accept, methods=["POST"]), Path("/metrics", metrics)]
    paths += [Path(path, live) for path in ("/health/live", "/_/health")]
    paths += [Path(path, ready) for path in ("/health/ready", "/_/ready")]
    return Starlette(routes=paths, lifespan=lifespan)


def app() -> Starlette:
    """The application, made as `APP` of `shared.runtime.server`, from the environment.

    Raises:
        BadSettings: a setting is missing, or cannot be used.
    """
    services = Services.from_environment()
    services.settings.require("database_url")
    return make_app(services)


def main(arguments: list[str]) -> int:
    """`jotline broker`; returns the exit status."""
    if arguments:
        print("usage: jotline broker; see docs/openfaas.md for its settings", file=sys.stderr)  # noqa: T201 - a command line
        return 2
    from shared.runtime import server

    os.environ.setdefault("APP", "local.http_broker:app")
    return server.main()
