"""The other side: `python -m bench.live.clients URL FILE` opens a socket for each token of the file and says when it hears something.

It prints a line of JSON when all are greeted, then one for each change: the id of its todo, and when it came (CLOCK_MONOTONIC, which
processes of one machine share).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

#: Sockets that are opened at the same time.
AT_ONCE = 50


async def _open(url: str, token: str, gate: asyncio.Semaphore) -> ClientConnection:
    """One socket that is greeted."""
    async with gate:
        socket = await connect(
            url,
            subprotocols=[Subprotocol("jotline")],
            compression=None,
            ping_interval=None,
            open_timeout=60,
            max_queue=4,
        )
        await socket.send(json.dumps({"token": token}))
        heard = json.loads(await socket.recv())
        if heard["type"] != "hello":
            raise RuntimeError(f"heard {heard['type']} instead of hello")
        return socket


async def _follow(socket: ClientConnection) -> None:
    """Tell of each change."""
    async for message in socket:
        came = time.monotonic()
        heard = json.loads(message)
        if "task" in heard:
            print(json.dumps({"task": heard["task"]["id"], "at": came}), flush=True)


async def run(url: str, tokens: list[str]) -> None:
    """Open all, say so, follow them until the end of standard input."""
    gate, began = asyncio.Semaphore(AT_ONCE), time.monotonic()
    sockets = await asyncio.gather(*(_open(url, token, gate) for token in tokens))
    print(json.dumps({"open": len(sockets), "seconds": time.monotonic() - began}), flush=True)
    following = [asyncio.create_task(_follow(socket)) for socket in sockets]
    await asyncio.to_thread(sys.stdin.read)
    for task in following:
        task.cancel()


if __name__ == "__main__":
    uvloop.run(run(sys.argv[1], Path(sys.argv[2]).read_text().split()))
