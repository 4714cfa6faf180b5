"""Posting a signed webhook as Twilio does: form, signature, timeouts, and the retries that the URL's fragment asks for.

`https://host/path#rc=5&rp=all` means: five retries, whatever went wrong. Without a fragment Twilio retries once, and only when
it could not connect (twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urldefrag, urlencode

from shared.providers import signature

if TYPE_CHECKING:
    from aiohttp import ClientSession

TWILIOS_DEFAULT = "rc=1&rp=ct"
EVERYTHING = "rc=5&rp=all"

_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 15
_FIRST_PAUSE_SECONDS = 0.25

_log = logging.getLogger(__name__)

Fields = Sequence[tuple[str, str]]


class Poster:
    """Posts for one account, over one session that opens with the first post."""

    def __init__(self, auth_token: str) -> None:
        """`auth_token` signs everything."""
        self._auth_token = auth_token
        self._session: ClientSession | None = None

    async def post(self, url: str, fields: Fields, *, idempotency_token: str, overrides: str = TWILIOS_DEFAULT) -> bool:
        """Post until the receiver answers 2xx or the retries are used up; True when it took it. See `ask`."""
        return await self.ask(url, dict(fields), idempotency_token=idempotency_token, overrides=overrides) is not None

    async def ask(
        self, url: str, fields: Mapping[str, str], *, idempotency_token: str, overrides: str = TWILIOS_DEFAULT
    ) -> str | None:
        """Post until the receiver answers 2xx or the retries are used up; its answer, None when it did not take it.

        Args:
            url: may carry connection overrides as its fragment; they win over `overrides`.
            fields: the form.
            idempotency_token: the same over all retries of one request.
            overrides: what holds without a fragment.
        """
        address, fragment = urldefrag(url)
        retries, policies = _overrides(fragment or overrides)
        for attempt in range(retries + 1):
            trouble, answer = await self._once(address, list(fields.items()), idempotency_token)
            if not trouble:
                return answer
            _log.warning("a webhook was not taken", extra={"trouble": trouble, "attempt": attempt + 1})
            if attempt == retries or not {"all", trouble} & policies:
                break
            await asyncio.sleep(_FIRST_PAUSE_SECONDS * 2**attempt)
        return None

    async def close(self) -> None:
        """Release connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _once(self, address: str, fields: Fields, idempotency_token: str) -> tuple[str, str]:
        """What went wrong in Twilio's words for it (`ct`, `rt`, `4xx`, `5xx`), "" when nothing did; and the answer."""
        import aiohttp
        from yarl import URL

        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            signature.SIGNATURE: signature.sign(address, fields, self._auth_token),
            "I-Twilio-Idempotency-Token": idempotency_token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        body = urlencode(fields).encode()
        try:
            async with self._opened().post(
                URL(address, encoded=True), data=body, headers=headers, allow_redirects=False
            ) as answer:
                said = await answer.text(errors="replace")
                return ("" if 200 <= answer.status < 300 else f"{answer.status // 100}xx"), said
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return "ct", ""
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return "rt", ""

    def _opened(self) -> ClientSession:
        import aiohttp

        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS, sock_connect=_CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _overrides(fragment: str) -> tuple[int, set[str]]:
    values = parse_qs(fragment)
    count = values.get("rc", ["1"])[0]
    policies = values.get("rp", ["ct"])[0].split(",")
    return (min(int(count), 5) if count.isdecimal() else 1), set(policies)
