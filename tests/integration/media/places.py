"""Servers on this machine that stand for the provider's API, its CDN, and for what must never be asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
OGG = b"OggS" + bytes(range(256)) * 8


class Place:
    """One server: what it answers on which path, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []  # path, headers
        self.over = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self, path: str, body: bytes = OGG, *, status: int = 200, **headers: str) -> str:
        """Answer this path so; `location` and `content_type` are headers. Answers its URL."""
        sent = {name.replace("_", "-").title(): value for name, value in headers.items()}

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=status, body=body, headers=sent)

        self.answers[path] = answer
        return self.url + path

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append((request.path, dict(request.headers)))
        if request.path not in self.answers:
            return web.Response(status=404)
        return await self.answers[request.path](request)


@asynccontextmanager
async def opened() -> AsyncIterator[Place]:
    """A place that listens until the block ends."""
    place = Place()
    runner = web.ServerRunner(web.Server(place.handle), shutdown_timeout=1.0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    place.port = runner.addresses[0][1]
    try:
        yield place
    finally:
        place.over.set()
        await runner.cleanup()
