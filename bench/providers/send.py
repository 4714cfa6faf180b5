"""CPU time to send one message: our aiohttp POST beside twilio's own asynchronous client with its base URL replaced.

    uv run python -m bench.providers.send [messages]

The other end is a bare socket server in a process of its own, so only the client's CPU is counted. Both import times are taken
in fresh processes. docs/decisions/0003-twilio-client.md quotes the output.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from shared.providers.contract import Outgoing
from shared.providers.twilio import Twilio

ACCOUNT, TOKEN = "AC" + "0" * 32, "token"
MESSAGE = Outgoing(
    to="+14155550100",
    sender="+15005550006",
    body="Added #1 Buy milk (tomorrow 5pm)",
    status_callback="https://jotline.example/twilio/status?m=0193a5f0-0000-7000-8000-000000000000",
)
ROUNDS = 5
IMPORTS = {
    "ours": "import shared.providers.twilio, aiohttp",
    "twilio": "from twilio.rest import Client; from twilio.http.async_http_client import AsyncTwilioHttpClient;"
    "Client('AC', 't').messages",  # the API's modules load with the first use
}

Send = Callable[[], Awaitable[object]]


def answer_everything(ready: Connection) -> None:
    """Answer each request with the same accepted message, until killed."""
    body = json.dumps(
        {
            "sid": "SM" + "0" * 32,
            "status": "queued",
            "num_segments": "1",
            "body": MESSAGE.body,
            "to": MESSAGE.to,
            "error_code": None,
        }
    ).encode()
    answer = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # the client has closed
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
                length = next(int(line.split(b":")[1]) for line in head if line.startswith(b"content-length"))
                await reader.readexactly(length)
                writer.write(answer)
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def cpu_us(send: Send, messages: int) -> float:
    """CPU microseconds a message, the best of some rounds: the least disturbed one."""
    for _ in range(50):
        await send()
    best = float("inf")
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(messages):
            await send()
        best = min(best, (time.process_time() - before) / messages * 1e6)
    return best


async def measure(url: str, messages: int) -> dict[str, float]:
    """Both clients against the same server."""
    from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]
    from twilio.rest import Client  # type: ignore[import-untyped]

    ours = Twilio(url, ACCOUNT, TOKEN)
    http = AsyncTwilioHttpClient(timeout=10)
    theirs = Client(ACCOUNT, TOKEN, http_client=http)
    theirs.api.base_url = url

    async def send_theirs() -> object:
        return await theirs.messages.create_async(
            to=MESSAGE.to, from_=MESSAGE.sender, body=MESSAGE.body, status_callback=MESSAGE.status_callback
        )

    try:
        return {
            "ours": await cpu_us(lambda: ours.send(MESSAGE), messages),
            "twilio": await cpu_us(send_theirs, messages),
        }
    finally:
        await ours.close()
        await http.close()


def import_ms(statement: str) -> float:
    """CPU milliseconds of an import in a fresh process, the least of five."""
    code = f"import time; s = time.process_time(); {statement}; print((time.process_time() - s) * 1000)"
    return min(float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in range(5))


def main(messages: int) -> None:
    """Measure and print."""
    mine, others = get_context("spawn").Pipe()
    server = get_context("spawn").Process(target=answer_everything, args=(others,), daemon=True)
    server.start()
    try:
        sending = asyncio.run(measure(f"http://127.0.0.1:{mine.recv()}", messages))
    finally:
        server.kill()
    for name, cpu in sending.items():
        print(f"{name:8} {cpu:7.0f} us CPU a message   import {import_ms(IMPORTS[name]):5.0f} ms CPU")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
