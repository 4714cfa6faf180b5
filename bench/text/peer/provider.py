"""Sending a text: one POST to Twilio's Messages resource, with the client named by PEER_HTTP."""

import os
from contextlib import AsyncExitStack
from typing import Self

ACCOUNT = os.environ["TWILIO_ACCOUNT_SID"]
MESSAGES_URL = f"{os.environ['TWILIO_API_URL']}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
TOKEN = os.environ["TWILIO_AUTH_TOKEN"]
FROM = os.environ["TWILIO_FROM"]
TIMEOUT_SECONDS = 10


class Provider:
    """An open client with a connection pool."""

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        if os.environ.get("PEER_HTTP", "aiohttp") == "httpx":
            import httpx

            client = httpx.AsyncClient(auth=(ACCOUNT, TOKEN), timeout=TIMEOUT_SECONDS)
            self._httpx, self._aiohttp = await self._stack.enter_async_context(client), None
        else:
            import aiohttp

            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            session = aiohttp.ClientSession(auth=aiohttp.BasicAuth(ACCOUNT, TOKEN), timeout=timeout)
            self._httpx, self._aiohttp = None, await self._stack.enter_async_context(session)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def send(self, to: str, body: str) -> str:
        """Send `body` and return the provider's message sid."""
        form = {"To": to, "From": FROM, "Body": body}
        if self._httpx is not None:
            response = await self._httpx.post(MESSAGES_URL, data=form)
            response.raise_for_status()
            return response.json()["sid"]
        async with self._aiohttp.post(MESSAGES_URL, data=form) as response:
            response.raise_for_status()
            return (await response.json())["sid"]
