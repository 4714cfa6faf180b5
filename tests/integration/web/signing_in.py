"""People who sign in to a whole box: `code = await door.code()`, `await door.enter(code)`, `await door.tasks(token)`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

import httpx2 as httpx

from tests.making import ADA
from tests.whole import Whole

SECRET: Final = "a key of thirty-two bytes or more for tests"
CODE: Final = re.compile(r"(\d{6}) is your Jotline code for 10 minutes\. Never share it\.")


class Door:
    """The API of a box, as a program sees it that has no token yet."""

    def __init__(self, box: Whole, client: httpx.AsyncClient) -> None:
        self.box, self.client = box, client

    async def ask(self, method: str, path: str, token: str = "", **more: Any) -> httpx.Response:
        """A request, with that token."""
        headers = {**({"authorization": f"Bearer {token}"} if token else {}), **more.pop("headers", {})}
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    async def texts(self, words: str = "hello", *, phone: str = ADA, **fields: str) -> str:
        """Somebody texts; what they are answered."""
        message_id = await self.box.text(words, sender=phone, **fields)
        await self._until(lambda: bool(self.box.replies_to(message_id)))
        return "\n".join(self.box.replies_to(message_id))

    async def _until(self, there: Callable[[], bool]) -> None:
        """Wait for a text, or until no more can come: what is done is written to the trail in its own time."""
        quiet = 0
        async with asyncio.timeout(60):
            while quiet < 20 and not there():
                quiet = 0 if self.box.broker.waiting else quiet + 1
                await asyncio.sleep(0.01)

    async def login(self, phone: str = ADA) -> httpx.Response:
        """Ask for a code."""
        before = len(self.codes(phone))
        answer = await self.ask("POST", "/login", json={"phone": phone})
        await self._until(lambda: len(self.codes(phone)) > before)
        return answer

    def codes(self, phone: str = ADA) -> list[str]:
        """The codes that were texted to a number, oldest first."""
        return [found[1] for text in self.box.heard_by(phone) if (found := CODE.fullmatch(text))]

    async def code(self, phone: str = ADA) -> str:
        """A new code."""
        before = len(self.codes(phone))
        assert (await self.login(phone)).status_code == 202
        [code] = self.codes(phone)[before:]
        return code

    async def shows(self, code: str, phone: str = ADA) -> httpx.Response:
        """Show a code."""
        return await self.ask("POST", "/token", json={"phone": phone, "code": code})

    async def refreshes(self, token: str) -> httpx.Response:
        """Show a refresh token."""
        return await self.ask("POST", "/token", json={"refresh_token": token})

    async def enter(self, phone: str = ADA) -> dict[str, Any]:
        """Sign in: both tokens."""
        answer = await self.shows(await self.code(phone), phone)
        assert answer.status_code == 200, answer.text
        pair: dict[str, Any] = answer.json()
        return pair

    async def tasks(self, token: str) -> int:
        """The status with which somebody's todos are answered to a token."""
        return (await self.ask("GET", "/tasks", token)).status_code

    async def script(self, token: str, **more: Any) -> dict[str, Any]:
        """A new personal access token."""
        answer = await self.ask("POST", "/tokens", token, json={"name": "a script", **more})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


def another(code: str) -> str:
    """A code that it is not."""
    return f"{(int(code) + 1) % 1_000_000:06}"
