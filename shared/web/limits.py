"""How often the API may be asked: a sliding window for each client and endpoint, told in every answer.

    X-RateLimit-Limit: 100           requests within RATE_WINDOW_SECONDS
    X-RateLimit-Remaining: 41        how many of them are left
    X-RateLimit-Reset: 1795615260    the Unix time at which the oldest one leaves the window
    Retry-After: 17                  with 429: seconds until another one may come

The client is the person where the request carries a good JSON Web Token, else the address it comes from (of IPv6 its /64: a household
has that many). An endpoint is a method and a route; what leads nowhere is one endpoint. When nobody can count, everybody passes, and
that is counted.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import BaseRoute, Match

from shared.policy.outcomes import TryAgain, Unavailable
from shared.runtime.clients import client_of, read_networks
from shared.runtime.telemetry import count, describe
from shared.storage.limits import Hit, Window
from shared.web import describing, problems, tokens

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from shared.runtime.services import Services

#: Endpoints at which somebody may be guessing.
STRICT: Final = {"POST /api/v1/login": Window(10, 60), "POST /api/v1/token": Window(20, 60)}
#: Whatever has no route.
NOWHERE: Final = "nowhere"
#: What the answers tell, for OpenAPI.
HEADERS: Final = {
    "X-RateLimit-Limit": "How many requests one client may make to one endpoint within a window.",
    "X-RateLimit-Remaining": "How many of them are left.",
    "X-RateLimit-Reset": "The Unix time at which the oldest of them leaves the window.",
}

log = logging.getLogger("jotline.api")


class RateLimits:
    """ASGI middleware around the whole application, its 404s included."""

    def __init__(self, app: ASGIApp, services: Services, routes: Callable[[], Sequence[BaseRoute]]) -> None:
        """Args: routes: those of the application, as they are when a request comes."""
        self._app, self._services, self._routes = app, services, routes
        self._usual = Window(services.settings.rate_limit, services.settings.rate_window_seconds)
        self._proxies = read_networks(services.settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        endpoint = self._endpoint(scope)
        window = self._window(endpoint)
        hit = await self._hit(f"{await self._client(scope)}:{endpoint}", window)
        told = self._told(window, hit)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        if hit.allowed:
            await self._app(scope, receive, tell)
            return
        count("rate_limit_hits_total", endpoint=endpoint)
        wait = {"retry-after": str(max(1, math.ceil(hit.free_in_seconds)))}
        refusal = problems.answer(problems.Problem(429, "Too many requests. Ask again later.", headers=wait))
        await refusal(scope, receive, tell)

    def _endpoint(self, scope: Scope) -> str:
        """The method and the route that a request is for."""
        for route in self._routes():
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return f"{scope['method']} {getattr(route, 'path', '')}"
        return NOWHERE

    def _window(self, endpoint: str) -> Window:
        strict = STRICT.get(endpoint)
        return Window(min(strict.limit, self._usual.limit), strict.seconds) if strict else self._usual

    async def _client(self, scope: Scope) -> str:
        """Who asks, as far as that can be told without the database."""
        headers = Headers(scope=scope)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and not token.startswith(tokens.PERSONAL):
            try:
                claims = await tokens.read(self._services, token.strip())
            except (tokens.BadToken, Unavailable):
                pass  # whoever answers says so
            else:
                scope.setdefault("state", {})["claims"] = (token.strip(), claims)
                return f"user={claims.user_id or self._services.party_of(claims.phone or '')}"
        peer = (scope.get("client") or ("",))[0]
        return household(client_of(peer, headers.getlist("x-forwarded-for"), self._proxies))

    async def _hit(self, key: str, window: Window) -> Hit:
        """Count it; when nobody can, it passes."""
        try:
            return await self._services.limiter.hit(key, window, self._services.clock.now())
        except TryAgain as error:
            count("rate_limit_unavailable_total")
            log.warning("nobody counts requests now: all pass", extra={"cause": describe(error)})
            return Hit(allowed=True, remaining=window.limit, free_in_seconds=window.seconds)

    def _told(self, window: Window, hit: Hit) -> dict[str, str]:
        resets = math.ceil(self._services.clock.now().timestamp() + hit.free_in_seconds)
        return dict(zip(HEADERS, map(str, (window.limit, hit.remaining, resets)), strict=True))


def household(address: str) -> str:
    """An address as a client: of IPv6 the network that one household has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address or "unknown"
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address


def install(app: FastAPI, services: Services) -> None:
    """Limit an application, and say so in its OpenAPI description. What it has of both must be there already."""
    if not services.settings.rate_limit:
        return
    app.add_middleware(RateLimits, services=services, routes=lambda: app.router.routes)
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            declare(described())
        return described()

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI has it: "Extending OpenAPI"


def declare(schema: dict[str, Any]) -> None:
    """Add to an OpenAPI description what every answer tells, and that any may be a refusal."""
    told = {name: {"description": text, "schema": {"type": "integer"}} for name, text in HEADERS.items()}
    later = {"Retry-After": {"description": "Seconds until another request may come.", "schema": {"type": "integer"}}}
    body = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    models = schema.setdefault("components", {}).setdefault("schemas", {})
    problem = problems.ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, model in {**problem.pop("$defs", {}), "ProblemDetails": problem}.items():
        models.setdefault(name, model)
    for path in schema["paths"].values():
        for operation in path.values():
            answers = operation["responses"]
            answers.setdefault("429", {"description": describing.WORDS[429], "content": body, "headers": later})
            for answer in answers.values():
                answer["headers"] = {**told, **answer.get("headers", {})}
