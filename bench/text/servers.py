"""The two stacks as process trees: started, waited for, ended by their own pids.

Everything listens on 127.0.0.1 and keeps its data in one folder that goes with it. RabbitMQ is Debian's package
(`apt-get install rabbitmq-server`) run as our own process: own node name, ports, cookie and epmd. Its emulator does not spin
while idle (`+sbwt none`, rabbitmq.com/runtime.html#busy-waiting), which spares it CPU here.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from bench.text import twilio, usage
from local.postgres import Postgres

REPOSITORY = Path(__file__).parents[2]
PEER = Path(__file__).parent / "peer"
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
ERLANG_ON_LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"
START_SECONDS = 60
STOP_SECONDS = 20


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether 127.0.0.1:`port` takes connections."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def answers(url: str) -> bool:
    """Whether `url` answers 2xx."""
    with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback
        return True
    return False


@dataclass
class Stack:
    """One side of the comparison: its processes, and where its webhook and its provider are."""

    name: str
    folder: Path
    port: int = field(default_factory=free_port)
    provider_port: int = field(default_factory=free_port)
    roots: list[int] = field(default_factory=list)
    _children: dict[subprocess.Popen[bytes], Path] = field(default_factory=dict)  # with their logs
    _postgres: list[Postgres] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment both sides are told, under the same names."""
        account = twilio.Account()
        return {
            "PORT": str(self.port), "PUBLIC_URL": self.url, "TWILIO_API_URL": f"http://127.0.0.1:{self.provider_port}",
            "TWILIO_ACCOUNT_SID": account.sid, "TWILIO_AUTH_TOKEN": account.token, "TWILIO_FROM": account.number,
            "TEXTS_PER_MINUTE": "0",
        }  # fmt: skip

    def run(self, program: str, command: list[str], ready: Callable[[], bool], **environment: str) -> None:
        """Start one program and wait until it is ready.

        Raises:
            RuntimeError: it ended, or was not ready in time; its log is in the folder.
        """
        log = self.folder / f"{program}.log"
        with log.open("wb") as output:
            child = subprocess.Popen(
                command,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **environment},
                cwd=REPOSITORY,
            )
        self._children[child] = log
        self.roots.append(child.pid)
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{program} is not ready after {START_SECONDS} s: {log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise when one of the programs is gone.

        Raises:
            RuntimeError: with the end of its log.
        """
        for child, log in self._children.items():
            if child.poll() is not None:
                raise RuntimeError(f"{log.stem} ended ({child.returncode}): {log.read_text(errors='replace')[-4000:]}")

    def adopt(self, server: Postgres) -> None:
        """Count a PostgreSQL to the stack, and stop it last."""
        self._postgres.append(server)
        if server.pid is not None:
            self.roots.append(server.pid)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *error: object) -> None:
        for child in reversed(list(self._children)):
            end_tree(child.pid)
            child.wait()
        for server in self._postgres:
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def end_tree(root: int) -> None:
    """Ask a tree to end from its root, then end what is left of it by pid."""
    members = list(usage.trees([root]))
    for member in members[:1]:
        member.terminate()
    _, left = psutil.wait_procs(members, timeout=STOP_SECONDS)
    for member in left:
        with suppress(psutil.NoSuchProcess):
            member.kill()


def start_box(stack: Stack) -> None:
    """The single box, as `./scripts/run` starts it."""
    box = [sys.executable, "-m", "local.cli", "run"]
    settings = {**stack.settings, "JOTLINE_HOME": str(stack.folder / "home")}
    stack.run("box", box, lambda: answers(f"{stack.url}/health/ready"), **settings)


def start_peer(stack: Stack, http_client: str) -> None:
    """PostgreSQL, RabbitMQ, then the application under uvicorn, as its documentation runs it in production."""
    database_url = start_postgres(stack)
    rabbit_url = start_rabbitmq(stack)
    subprocess.run(["uv", "sync", "--quiet", "--frozen", "--project", str(PEER)], check=True)  # noqa: S607 - uv as it is found
    serve = [str(PEER / ".venv" / "bin" / "python"), "-m", "uvicorn", "bench.text.peer.app:app", "--port", str(stack.port)]
    serve += ["--host", "127.0.0.1", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    settings = {**stack.settings, "DATABASE_URL": database_url, "RABBIT_URL": rabbit_url, "PEER_HTTP": http_client}
    stack.run("peer", serve, lambda: answers(f"{stack.url}/health/ready"), **settings)


def start_rabbitmq(stack: Stack) -> str:
    """One RabbitMQ node; its URL."""
    home, port, epmd_port = stack.folder / "rabbitmq", free_port(), free_port()
    home.mkdir()
    loopback = {"ERL_EPMD_PORT": str(epmd_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
    stack.run("epmd", ["epmd", "-port", str(epmd_port)], lambda: listens(epmd_port), **loopback)
    (home / "enabled_plugins").write_text("[].\n")
    settings = {
        **loopback,
        "HOME": str(home),  # where the cookie is made
        "RABBITMQ_NODENAME": f"bench{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_CONFIG_FILE": str(home / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none " + ERLANG_ON_LOOPBACK,
    }
    stack.run("rabbitmq", [str(RABBITMQ)], lambda: listens(port), **settings)
    return f"amqp://guest:guest@127.0.0.1:{port}/"


def start_postgres(stack: Stack) -> str:
    """The box's PostgreSQL with the box's settings, in a folder of its own; its URL."""
    server = Postgres()
    url = server.start(stack.folder / "postgres")
    stack.adopt(server)
    return url
