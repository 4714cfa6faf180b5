"""The single box: everything on one machine, in one process with one PostgreSQL beside it.

Start: home and secrets, settings, PostgreSQL (unless DATABASE_URL names one), migrations, the functions, the broker with what the
last run left, then the door. Stop (SIGTERM, Ctrl-C): the door closes, deliveries under way finish, the rest waits in the log.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import psycopg
import uvicorn
import uvloop

from local.broker import Broker
from local.gateway import Gateway
from local.home import STAND_IN_NUMBER, KeptClock, complete, open_home
from local.loading import load_function
from local.ownership import AnotherBox, Ownership
from local.phone.app import Phone, create_phone
from local.phone.clock_api import Go
from local.postgres import Postgres, PostgresError
from local.ticks import Ticks, read_ticks
from local.transcriber import NAME as TRANSCRIBE
from local.transcriber import Transcriber, check_model
from local.travel import Travel
from shared.language import understand
from shared.runtime.clock import Clock, RealClock
from shared.runtime.routing import BadManifest, Route, read_routes
from shared.runtime.services import Services
from shared.runtime.serving import Function
from shared.runtime.settings import BadSettings, Settings, read_settings
from shared.runtime.telemetry import start_logging
from shared.runtime.uvicorn_server import WEBSOCKETS
from shared.schedule.zones import zone_of_number
from shared.storage.migrations import migrate

HOST = "127.0.0.1"

log = logging.getLogger("jotline")


class Ended(Exception):
    """What the box stands on is gone; it must be started again."""


def run(environment: MutableMapping[str, str]) -> int:
    """Run the single box until it is told to stop; returns the exit status. Call it on the main thread: PostgreSQL follows it."""
    signal.signal(signal.SIGTERM, _interrupt)
    postgres = Postgres()
    try:
        home = open_home(environment)
        stand_in = complete(environment, home)
        settings = read_settings(environment)
        settings.require("party_secret", "twilio_account_sid", "twilio_auth_token", "twilio_from", "public_url")
        check_model(settings.whisper_model)
        start_logging(settings.log_level)
        door = _open_door(settings.port)
        if not settings.database_url:
            settings = settings.model_copy(update={"database_url": postgres.start(home / "postgres")})
        migrate(settings.database_url)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            alive = (lambda: postgres.running) if postgres.pid else (lambda: True)
            runner.run(_serve(settings, home, door, alive, stand_in=stand_in))
    except (BadSettings, BadManifest, PostgresError, AnotherBox) as error:
        print(f"Jotline cannot start:\n{error}", file=sys.stderr)
        return 2
    except Ended as error:
        print(f"Jotline ended: {error}", file=sys.stderr)
        return 1
    except psycopg.OperationalError as error:
        print(f"Jotline cannot start: the database of DATABASE_URL does not answer ({type(error).__name__})", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    finally:
        postgres.stop()
    return 0


async def _serve(settings: Settings, home: Path, door: socket.socket, alive: Callable[[], bool], *, stand_in: bool) -> None:
    """Everything between an open door and a closed one.

    Raises:
        AnotherBox: somebody works on the database. Ended: the database is gone for good.
    """
    clock: Clock = KeptClock(home / "clock") if settings.jotline_clock == "simulated" else RealClock()
    owner = Ownership(settings.database_url)
    await owner.take()
    services = Services(settings, clock, paced=True)
    routes = read_routes()
    transcriber = Transcriber(settings, services.voice, home / "clock" if settings.jotline_clock == "simulated" else None)
    asked = read_ticks()
    functions = _load(services, {route.function for route in routes} | {tick.function for tick in asked} | {"webhook", "live"})
    broker = _wire(services, routes, functions, transcriber)
    ticks = Ticks(asked, functions, clock)
    travel = (
        Travel(clock, services.due.next_after, ticks.work, lambda: broker.waiting) if isinstance(clock, KeptClock) else None
    )
    go = travel.to if travel else None
    phone = _make_phone(settings, home, clock, go) if stand_in else None
    gateway = Gateway(functions, services, phone=phone.routes if phone else (), waiting=lambda: broker.waiting, go=go)

    def end_feeds() -> None:
        gateway.end()
        if phone:
            phone.end_feeds()

    server = uvicorn.Server(
        uvicorn.Config(
            gateway,
            http="httptools",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # signatures are made over PUBLIC_URL, whatever a proxy says
            timeout_graceful_shutdown=5,
            **WEBSOCKETS,
        )
    )
    try:
        await services.messaging.expire_leases()
        await services.voice.expire_leases()
        left = await broker.start()
        if phone:
            await phone.start()
        _settle()
        log.info("serving", extra={"url": f"http://{HOST}:{settings.port}", "stand_in": stand_in, "taken_up": left})
        _greet(settings, stand_in=stand_in)
        keeper = asyncio.create_task(owner.keep(lambda why: _end(server, end_feeds, why), alive, broker.look))
        ticking = asyncio.create_task(ticks.run())
        await _until_told(server, door, end_feeds)
        ticking.cancel()
        if keeper.done():
            raise Ended("it stopped by itself; the last lines of its log say why")
        keeper.cancel()
    finally:
        end_feeds()
        await asyncio.gather(broker.stop(), transcriber.stop())
        if phone:
            await phone.stop()
        await services.close()
        await owner.release()


def _load(services: Services, names: set[str]) -> dict[str, Function]:
    """The functions that Triggers and ticks name."""
    functions = {name: load_function(name) for name in sorted(names)}
    for function in functions.values():
        function.bind(services)
    return functions


def _wire(services: Services, routes: list[Route], functions: Mapping[str, Function], transcriber: Transcriber) -> Broker:
    """Put the broker between the functions; transcribe gets its events in a process of its own."""
    outboxes = [services.messaging.outbox, services.todo.outbox, services.voice.outbox, services.audit.outbox]
    broker = Broker(routes, {**functions, TRANSCRIBE: transcriber}, outboxes, services.audit, services.clock)
    services.use_carrier(broker)
    return broker


def _make_phone(settings: Settings, home: Path, clock: Clock, go: Go | None) -> Phone:
    """The stand-in for Twilio, showing each number's own time of day."""
    return create_phone(
        folder=home / "phone",
        clock=clock,
        auth_token=settings.twilio_auth_token,
        account_sid=settings.twilio_account_sid,
        number=STAND_IN_NUMBER,
        webhook_url=f"{settings.public_url}/twilio/message#rc=5&rp=all",
        go=go,
        zone_of=lambda phone: zone_of_number(phone) or settings.default_timezone,
    )


def _settle() -> None:
    """Read a first text, so that the first person does not wait for the grammar, and take what is loaded out of the collector's sight.

    Everything made so far stays for good; walking it again and again was a tenth of the CPU of a message (bench/text).
    """
    understand("buy milk tomorrow at 5pm", datetime.now(UTC), "UTC")
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _end(server: uvicorn.Server, end_feeds: Callable[[], None], why: str) -> None:
    """Close the door by ourselves."""
    log.error("stopping", extra={"why": why})
    end_feeds()
    server.should_exit = True


async def _until_told(server: uvicorn.Server, door: socket.socket, end_feeds: Callable[[], None]) -> None:
    """Serve until a signal; open feeds are ended so that the server need not wait for them."""

    def told(signum: int, frame: object) -> None:
        asyncio.get_running_loop().call_soon_threadsafe(end_feeds)
        server.should_exit = True

    with _QuietSignals(told):
        await server._serve([door])  # noqa: SLF001 - `serve` takes the signals for itself and raises them again at the end


class _QuietSignals:
    """SIGINT and SIGTERM call a handler; afterwards they are ignored, for we are stopping already."""

    def __init__(self, handler: signal.Handlers | object) -> None:
        self._handler = handler

    def __enter__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._handler)  # type: ignore[arg-type]

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def _open_door(port: int) -> socket.socket:
    """Listen on the port, before anything else is started.

    Raises:
        BadSettings: the port is taken.
    """
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except OSError as error:
        door.close()
        raise BadSettings(f"PORT: {port} cannot be used ({error.strerror}); stop what uses it, or set PORT") from None
    return door


def _greet(settings: Settings, *, stand_in: bool) -> None:
    """Tell whoever started it where to go."""
    url = f"http://{HOST}:{settings.port}"
    if stand_in:
        print(f"Jotline is running. Text it in a browser: {url}/phone", flush=True)
        print(f"and see the list change on its board: {url}/", flush=True)
        elsewhere = "" if settings.port == Settings.model_fields["port"].default else f"JOTLINE_URL={url} "
        print(f'or here: {elsewhere}./scripts/run text +12125550142 "buy milk tomorrow 5pm"', flush=True)
    else:
        print(f"Jotline is running on {url}. Twilio posts to {settings.public_url}/twilio/message", flush=True)


def _interrupt(signum: int, frame: object) -> NoReturn:
    """SIGTERM while starting is as good as Ctrl-C."""
    raise KeyboardInterrupt
