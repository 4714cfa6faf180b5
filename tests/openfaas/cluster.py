"""OpenFaaS as far as template.yml is concerned: its gateway, and the stack's containers started as its provider starts them.

The gateway does with a request what faas-provider's proxy does (proxy/proxy.go). A container gets the image's entry point, the
stack's environment with the variables of whoever ran faas-cli, its secrets as files in /var/openfaas/secrets, a read-only root with
the /tmp that faas-netes adds to one (pkg/k8s/securityContext.go), the user it gives those who ask for no root (12000), and a network
of its own, in which it listens on port 8080 and where the gateway finds it by its name. What differs is where others are: the
gateway, the provider and the bucket.
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
from tests.images.container import START_SECONDS, Container
from tests.images.world import over_tcp
from tests.making import OURS
from tests.openfaas.network import Names, Network
from tools.check_manifests.facts import function_of
from tools.check_template import GATEWAY, TEMPLATE, substituted

OPENFAAS_USER = "12000:12000"
#: Where every container listens (faas-provider's proxy, watchdogPort).
PORT = 8080
#: What faas-netes asks of a function whose annotations it does not read (its community edition).
PROBE = "/_/health"
_, STAGES = dockerfile.read()


class Gateway:
    """Passes /function/<name>/<path> on to the function."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.hosts: dict[str, str] = {}
        self.url = ""

    async def pass_on(self, request: web.Request) -> web.Response:
        """What proxy.go's proxyRequest does."""
        name, path = request.match_info["name"], request.match_info.get("path", "")
        if name not in self.hosts:
            return web.Response(status=503, text=f"No endpoints available for: {name}.")
        url = f"http://{self.hosts[name]}:{PORT}/{path}"
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


class Pod(Container):
    """A container in a network of its own, reached by its name."""

    def __init__(self, name: str, network: Network, session: aiohttp.ClientSession, *given: Any, **more: Any) -> None:
        super().__init__(*given, port=PORT, enter=network.enter, host="0.0.0.0", **more)  # noqa: S104 - of that network
        self.url = f"http://{name}:{PORT}"
        self._session = session

    async def start(self) -> None:
        """Start it; returns when it listens."""
        await self.begin()
        async with asyncio.timeout(START_SECONDS):
            while not await self._listens():
                assert self.running, self.log.read_text()[-3000:]
                await asyncio.sleep(0.02)

    async def _listens(self) -> bool:
        try:
            async with self._session.get(f"{self.url}/health/live") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False


class Stack:
    """What `faas-cli up -f template.yml` brings up, and who texts it."""

    def __init__(
        self,
        trees: Trees,
        gateway: Gateway,
        phone: Phone,
        variables: Mapping[str, str],
        secrets: Mapping[str, str],
        names: Names,
        session: aiohttp.ClientSession,
    ) -> None:
        self.gateway, self.phone, self.session = gateway, phone, session
        self._names = names
        self._networks: list[Network] = []
        self._trees, self._variables, self._secrets = trees, variables, secrets
        self._folder = Path()
        self._functions: dict[str, Any] = yaml.safe_load(TEMPLATE.read_text())["functions"]
        self.containers: dict[str, Pod] = {}

    async def up(self, folder: Path) -> None:
        """Start everything."""
        self._folder = folder
        self.containers = {name: await self.make(name) for name in self._functions}
        await asyncio.gather(*(one.start() for one in self.containers.values()))
        self.gateway.hosts = {name: name for name in self.containers}

    async def make(self, name: str, *, instance: str = "") -> Pod:
        """A container of the stack in its network, not started."""
        network = Network()
        self._networks.append(network)
        self._names.add(f"{name}{instance}", network)
        around = [self._variables[name] for name in ("TWILIO_API_URL", "AWS_ENDPOINT_URL")]
        await network.lead_out((self.gateway.url, self._secrets["database-url"].strip(), *around))
        spec = self._functions[name]
        image = dockerfile.environment(STAGES, name if name == "broker" else "function", FUNCTION=function_of(name))
        given = {key: self._read(value) for key, value in spec["environment"].items()}
        return Pod(
            f"{name}{instance}",
            network,
            self.session,
            self._trees(function_of(name)),
            self._folder / f"{name}{instance}",
            dockerfile.entry_point(STAGES, name if name == "broker" else "function"),
            {**image, **given, **self._differing()},
            user=OPENFAAS_USER,
            secrets={secret: self._secrets[secret] for secret in spec["secrets"]},
            writable=["/tmp"],  # noqa: S108 - its own
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
        for network in self._networks:
            network.close()

    def heard(self) -> list[str]:
        """Every text that was sent to anybody."""
        return [one.body for one in self.phone.messages() if one.direction != "inbound"]

    def _read(self, value: str) -> str:
        """A value with the variables of whoever ran faas-cli."""
        for name, given in self._variables.items():
            value = value.replace(f"${{{name}:-", f"${{GIVEN:-{given}§") if f"${{{name}:-" in value else value
        return substituted(value).partition("§")[0].replace(GATEWAY, self.gateway.url)

    def _differing(self) -> dict[str, str]:
        """Somebody else's Twilio, and somebody else's bucket."""
        return {name: self._variables[name] for name in ("TWILIO_API_URL", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION")}


@asynccontextmanager
async def openfaas(trees: Trees, database: str, folder: Path, bucket: Mapping[str, str]) -> AsyncIterator[Stack]:
    """A gateway, a stack on it, and a phone whose texts Twilio posts to the gateway's path."""
    async with AsyncExitStack() as stack:
        names = Names()
        session = await stack.enter_async_context(names.session())
        gateway = Gateway(session)
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
        variables = {"PUBLIC_URL": public_url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_URL": phone_url, **bucket}
        secrets = {"database-url": f"{database_url}\n", "party-secret": "secret", "jwt-secret": "of tests" * 4}
        secrets |= {"twilio-auth-token": TOKEN}
        secrets |= {name: bucket[name.upper().replace("-", "_")] for name in ("aws-access-key-id", "aws-secret-access-key")}
        made = Stack(trees, gateway, phone, variables, secrets, names, session)
        stack.push_async_callback(made.down)
        await made.up(folder)
        yield made
