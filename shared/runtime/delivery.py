"""Delivering an event straight to a function over HTTP, and reading its answer: what a broker does, for the relay.

204 is done; 200 with a CloudEvent is done, and the reply is to be passed on; 503 with `retry-after` is "later", in the function's
own words. Anything else is nobody's word: a gateway's, or a worker's that broke.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.events.envelope import BadEvent, Event
from shared.runtime.cloudevents_http import STRUCTURED, from_http, to_http, traced
from shared.runtime.serving import ATTEMPT, COUNTED, OUTAGE_SECONDS, Done, Later, Outcome

if TYPE_CHECKING:
    from aiohttp import ClientSession

#: How long an answer is waited for: notify may look for a lost message for 45 s.
ANSWER_SECONDS = 60.0
#: Answers of somebody who broke on the event; every other one that is not a function's says that nobody was there.
BROKEN = frozenset({500, 501, 502})


class Delivery:
    """Posts events to functions, on connections that are kept."""

    def __init__(self, *, answer_seconds: float = ANSWER_SECONDS, headers: Mapping[str, str] | None = None) -> None:
        """Args: answer_seconds: how long an answer is waited for. headers: for whoever lets in only those who send them."""
        self._answer_seconds, self._headers = answer_seconds, dict(headers or {})
        self._session: ClientSession | None = None

    async def post(self, url: str, event: Event, attempt: int) -> Outcome:
        """POST one event; never raises. `Later` that is counted: somebody took it and did not live to say so."""
        import aiohttp

        headers, body = to_http(traced(event))
        try:
            async with self._opened().post(
                url, data=body, headers={**headers, ATTEMPT: str(attempt)}, allow_redirects=False
            ) as answer:
                return _outcome(answer.status, answer.headers, await answer.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            return Later(OUTAGE_SECONDS, counted=False)
        except (aiohttp.ClientError, TimeoutError, BadEvent):
            return Later(OUTAGE_SECONDS)

    async def close(self) -> None:
        """Release connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> ClientSession:
        import aiohttp

        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._answer_seconds, connect=None, sock_connect=5)
            self._session = aiohttp.ClientSession(timeout=timeout, headers=self._headers, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """What an answer means.

    Raises:
        BadEvent: the reply is none.
    """
    plain = {name.lower(): value for name, value in headers.items()}
    if status == 204:
        return Done()
    if status == 200 and ("ce-specversion" in plain or plain.get("content-type", "").startswith(STRUCTURED)):
        return Done(from_http(plain, body))
    wait = plain.get("retry-after", "")
    if status == 503 and wait.isdecimal() and wait.isascii():
        return Later(float(wait), counted=plain.get(COUNTED) != "false")
    return Later(OUTAGE_SECONDS, counted=status in BROKEN)
