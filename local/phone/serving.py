"""Serving the phone on its own, on the loopback interface: for its tests, and for `python -m local.phone`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from local.phone.app import Phone


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: whoever embeds it decides when it ends."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, *, port: int = 0) -> AsyncIterator[str]:
    """Serve an application on 127.0.0.1 until the block ends; yields its URL. Port 0 takes a free one."""
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()


@asynccontextmanager
async def running(phone: Phone, *, port: int = 0) -> AsyncIterator[str]:
    """Start the phone and serve it until the block ends; yields its URL."""
    async with serving(phone.app, port=port) as url:
        await phone.start()
        try:
            yield url
        finally:
            await phone.stop()
