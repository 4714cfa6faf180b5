"""Serving the phone on its own, on the loopback interface: for its tests, and for `python -m local.phone`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from local.phone.app import Phone

_GRACE_SECONDS = 2


@asynccontextmanager
async def serving(app: ASGIApp, *, port: int = 0) -> AsyncIterator[str]:
    """Serve an application on 127.0.0.1 until the block ends; yields its URL. Port 0 takes a free one.

    uvicorn's own `serve` polls for its end ten times a second and takes the signals over; here the block is the end.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sets TCP_NODELAY only then
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", date_header=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for each in server.servers:
            each.close()
        await _finish(server.server_state)


async def _finish(state: ServerState) -> None:
    """Answer what is under way, for at most two seconds, then let go of every connection."""
    for connection in list(state.connections):
        connection.shutdown()
    if state.tasks:
        await asyncio.wait(set(state.tasks), timeout=_GRACE_SECONDS)
    for task in state.tasks:
        task.cancel()
    await asyncio.gather(*state.tasks, return_exceptions=True)


@asynccontextmanager
async def running(phone: Phone, *, port: int = 0) -> AsyncIterator[str]:
    """Start the phone and serve it until the block ends; yields its URL."""
    try:
        async with serving(phone.app, port=port) as url:
            phone.reachable_at(url)
            await phone.start()
            try:
                yield url
            finally:
                phone.end_feeds()
    finally:
        await phone.stop()
