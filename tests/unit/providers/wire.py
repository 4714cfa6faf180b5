"""The other end of a wire: a server that keeps what it was sent, byte for byte, and answers what the test says."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def fields(self) -> list[tuple[str, str]]:
        return parse_qsl(self.body, keep_blank_values=True)


class Half(bytes):
    """An answer after which the connection is cut."""


CUT = Half()
HANG = b"hang"
Answer = bytes | Callable[[Received], bytes]


@dataclass(slots=True)
class Wire:
    """Answers in order; `CUT` closes the connection, `HANG` never answers."""

    url: str = ""
    answers: deque[Answer] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)

    def answers_with(self, status: int, body: object = None, headers: dict[str, str] | None = None) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(text.encode())}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.answers.append("\r\n".join([*lines, "", text]).encode())

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (answer := await self._take(reader)) != HANG:
                writer.write(answer)
                if isinstance(answer, Half):
                    return
            await reader.read()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> bytes:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        received = Received(method, target, headers, body.decode())
        self.received.append(received)
        answer = self.answers.popleft()
        return answer if isinstance(answer, bytes) else answer(received)


@asynccontextmanager
async def wired() -> AsyncIterator[Wire]:
    """A wire that is open as long as the block runs."""
    wire = Wire()
    server = await asyncio.start_server(wire.talk, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
