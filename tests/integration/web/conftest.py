"""The API of a whole box, asked in this process: `await api.post("/api/v1/tasks", json={...})` as Ada, or as whom `as_` names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest

from shared.events.ids import user_id
from shared.web.app import make_app
from shared.web.tokens import issue
from tests.making import ADA
from tests.whole import Whole, whole

SECRET = "a key of thirty-two bytes or more for tests"


class Api:
    """People and programs at one box."""

    def __init__(self, box: Whole, client: httpx.AsyncClient) -> None:
        self.box, self.client = box, client
        self._tokens: dict[str, str] = {}

    async def token(self, phone: str = ADA) -> str:
        """A token of a person, who texts first if nobody knows them."""
        if phone not in self._tokens:
            await self.hears("hello", phone=phone)
            who = user_id(self.box.services.party_of(phone))
            self._tokens[phone] = issue(self.box.services, who)
        return self._tokens[phone]

    def forget_tokens(self) -> None:
        """Sign in again: the clock has moved."""
        self._tokens.clear()

    async def hears(self, text: str, *, phone: str = ADA) -> str:
        """What the person is answered to a text."""
        message_id = await self.box.text(text, sender=phone)
        await self.box.idle()
        return "\n".join(self.box.replies_to(message_id))

    async def ask(self, method: str, path: str, *, as_: str = ADA, **more: Any) -> httpx.Response:
        """A request with a token."""
        headers = {"authorization": f"Bearer {await self.token(as_)}", **more.pop("headers", {})}
        return await self.client.request(method, path if path.startswith("/api") else f"/api/v1{path}", headers=headers, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """GET."""
        return await self.ask("GET", path, **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        """POST."""
        return await self.ask("POST", path, **more)

    async def patch(self, path: str, **more: Any) -> httpx.Response:
        """PATCH."""
        return await self.ask("PATCH", path, **more)

    async def delete(self, path: str, **more: Any) -> httpx.Response:
        """DELETE."""
        return await self.ask("DELETE", path, **more)

    async def adds(self, title: str = "Buy milk", **fields: Any) -> dict[str, Any]:
        """A new todo of Ada's."""
        answer = await self.post("/tasks", json={"title": title, **fields})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def api_of(box: Whole) -> AsyncIterator[Api]:
    """The API of a box."""
    box.services.settings = box.services.settings.model_copy(update={"jwt_secret": SECRET})
    transport = httpx.ASGITransport(make_app(box.services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://jotline") as client:
        yield Api(box, client)


@pytest.fixture
async def api(database: str) -> AsyncIterator[Api]:
    """The API of a fresh box."""
    async with whole(database) as box, api_of(box) as made:
        yield made
