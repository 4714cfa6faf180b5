"""OpenFaaS as far as template.yml is concerned: its gateway, and the stack's containers started as its provider starts them.

The gateway does with a request what faas-provider's proxy does (proxy/proxy.go). A container gets the image's entry point, the
stack's environment with the variables of whoever ran faas-cli, its secrets as files in /var/openfaas/secrets, a read-only root, and
the user faas-netes gives those who ask for no root (12000). Two things differ, for all this is one machine: each container's port
is its own instead of 8080, and the gateway's address is where this gateway is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from local.phone.app import Phone, create_phone
from local.phone.serving import running
from shared.runtime.clock import RealClock
from tests.asking import ACCOUNT, TOKEN
from tests.box import free_port
from tests.images import dockerfile
from tests.images.conftest import Trees
from tests.images.container import Container
from tests.images.world import over_tcp
from tests.making import OURS
from tools.check_template import GATEWAY, TEMPLATE, substituted

OPENFAAS_USER = "12000:12000"
#: What faas-netes asks of a function whose annotations it does not read (its community edition).
PROBE = "/_/health"
_, STAGES = dockerfile.read()


class Gateway:
    """Passes /function/<name>/<path> on to the function."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.urls: dict[str, str] = {}
        self.url = ""

    async def pass_on(self, request: web.Request) -> web.Response:
        """What proxy.go's proxyRequest does."""
        name, path = request.match_info["name"], request.match_info.get("path", "")
        if name not in self.urls:
            return web.Response(status=503, text=f"No endpoints available for: {name}.")
        url = f"{self.urls[name]}/{path}"
        headers = {key: value for key, value in request.headers.items() if key.lower() not in ("host", "content-length")}
        headers["X-Forwarded-Host"] = request.host
        headers["X-Forwarded-For"] = request.remote or ""
        query, body = request.query_string, await request.read()
        url = f"{url}?{query}" if query else url
        try:
            async with self._session.request(request.method, url, data=body, headers=headers, allow_redirects=False) as answer:
                kept = {key: value for key, value in answer.headers.items() if key.lower() not in ("content-length", "date")}
                kept.setdefault("Content-Type", request.headers.get("Content-Type", "text/plain"))
                return web.Response(status=answer.status, headers=kept, body=await answer.read())
        except aiohttp.ClientError:
            return web.Response(status=500, text=f"Can't reach service for: {name}.", headers={"x-openfaas-internal": "proxy"})


class Stack:
    """What `faas-cli up -f template.yml` brings up, and who texts it."""

    def __init__(
        self, trees: Trees, gateway: Gateway, phone: Phone, variables: Mapping[str, str], secrets: Mapping[str, str]
    ) -> None:
        self.gateway, self.phone = gateway, phone
        self._trees, self._variables, self._secrets = trees, variables, secrets
        self._folder = Path()
        self._functions: dict[str, Any] = yaml.safe_load(TEMPLATE.read_text())["functions"]
        self.containers: dict[str, Container] = {}

    async def up(self, folder: Path) -> None:
        """Start everything."""
        self._folder = folder
        self.containers = {name: self.make(name, free_port()) for name in self._functions}
        await asyncio.gather(*(one.start() for one in self.containers.values()))
        self.gateway.urls = {name: one.url for name, one in self.containers.items()}

    def make(self, name: str, port: int, *, instance: str = "") -> Container:
        """A container of the stack, not started."""
        spec = self._functions[name]
        image = dockerfile.environment(STAGES, name if name == "broker" else "function", FUNCTION=name)
        given = {key: self._read(value) for key, value in spec["environment"].items()}
        return Container(
            self._trees(name),
            self._folder / f"{name}{instance}",
            dockerfile.entry_point(STAGES, name if name == "broker" else "function"),
            {**image, **given, **self._differing(), "PORT": str(port)},
            user=OPENFAAS_USER,
            port=port,
            secrets={secret: self._secrets[secret] for secret in spec["secrets"]},
        )

    def probes(self, name: str) -> list[str]:
        """The paths that are asked for its health."""
        annotations = self._functions[name]["annotations"]
        return [PROBE, annotations["com.openfaas.health.http.path"], annotations["com.openfaas.ready.http.path"]]

    async def restart(self, name: str) -> None:
        """kill -9, and a new one in its place, as Kubernetes makes it."""
        await self.containers[name].kill()
        await self.containers[name].start()

    async def down(self) -> None:
        """Stop everything."""
        await asyncio.gather(*(one.stop() for one in self.containers.values()))

    def heard(self) -> list[str]:
        """Every text that was sent to anybody."""
        return [one.body for one in self.phone.messages() if one.direction != "inbound"]

    def _read(self, value: str) -> str:
        """A value with the variables of whoever ran faas-cli."""
        for name, given in self._variables.items():
            value = value.replace(f"${{{name}:-", f"${{GIVEN:-{given}§") if f"${{{name}:-" in value else value
        return substituted(value).partition("§")[0].replace(GATEWAY, self.gateway.url)

    def _differing(self) -> dict[str, str]:
        """Somebody else's Twilio."""
        return {"TWILIO_API_URL": self._variables["TWILIO_API_URL"]}


@asynccontextmanager
async def openfaas(trees: Trees, database: str, folder: Path) -> AsyncIterator[Stack]:
    """A gateway, a stack on it, and a phone whose texts Twilio posts to the gateway's path."""
    async with AsyncExitStack() as stack:
        gateway = Gateway(await stack.enter_async_context(aiohttp.ClientSession()))
        application = web.Application()
        for path in ("/function/{name}", "/function/{name}/{path:.*}"):
            application.router.add_route("*", path, gateway.pass_on)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", free_port())
        await site.start()
        gateway.url = site.name
        public_url = f"{gateway.url}/function/webhook"
        phone = create_phone(
            folder=folder / "phone",
            clock=RealClock(),
            auth_token=TOKEN,
            account_sid=ACCOUNT,
            number=OURS,
            webhook_url=f"{public_url}/twilio/message#rc=5&rp=all",
            pace_seconds=0,
        )
        phone_url = await stack.enter_async_context(running(phone))
        database_url = await stack.enter_async_context(over_tcp(database))
        variables = {"PUBLIC_URL": public_url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_URL": phone_url}
        secrets = {"database-url": f"{database_url}\n", "party-secret": "secret", "twilio-auth-token": TOKEN}
        made = Stack(trees, gateway, phone, variables, secrets)
        stack.push_async_callback(made.down)
        await made.up(folder)
        yield made
