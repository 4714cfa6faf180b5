"""The cluster as its parent sees it: put into namespaces of its own, looked at, and ended.

    simulation = Simulation(folder, read_cluster(), secret, phone)
    simulation.start()          # blocks until every part answers
    simulation.processes()      # what runs where
    simulation.stop()

Network: a namespace of its own, because Knative's ingress listens on every interface. The only ways in are `doors`: listeners on this
machine's loopback that are handed in as open sockets. Processes: a namespace of its own too, so that ending the first process ends
them all. Without root a user namespace makes both possible. Files are the machine's; only /etc/hosts is another.
"""

from __future__ import annotations

import itertools
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from local.cluster import topology
from local.cluster.components import find_components
from local.cluster.manifests import Cluster
from local.cluster.parts import INGRESS_PORT, PASSWORD, PHONE_PORT, STAGES, USER, Part, Phone, addresses, parts
from local.loading import ROOT

#: By these variables a process is known for a part of this cluster.
CLUSTER, PART = "JOTLINE_CLUSTER", "JOTLINE_PART"
#: How long each part may take until it answers.
START_SECONDS = 90.0
STOP_SECONDS = 30.0
LOG_TAIL = 1500


class ClusterError(Exception):
    """The cluster did not start. The message says why, with the end of the log that shows it."""


class Running(NamedTuple):
    """A process: the part it belongs to, its id as this machine sees it, and its program."""

    part: str
    pid: int
    program: str


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: an address in the namespace, and the port of this machine's loopback that leads there (0: any)."""

    to: str  # a Service's name, `phone` or `ingress`
    port: int = 0


class Simulation:
    """One cluster, from `start` to `stop`."""

    def __init__(
        self, folder: Path, cluster: Cluster, secret: Mapping[str, str], phone: Phone | None, *, doors: Sequence[Door]
    ) -> None:
        """Nothing runs yet. `folder` keeps logs and what RabbitMQ and the phone keep; see `parts` for the rest."""
        self.folder = folder.resolve()
        self.cluster = cluster
        self.parts = parts(cluster, find_components(), self.folder, secret, phone)
        self._token = secrets.token_hex(8)
        self._listeners = {door.to: _listen(door.port) for door in doors}
        self._process: subprocess.Popen[bytes] | None = None
        self._alive: int | None = None

    def port(self, door: str) -> int:
        """The port on this machine's loopback that leads in."""
        return int(self._listeners[door].getsockname()[1])

    @property
    def logs(self) -> Path:
        """Where each part's output goes."""
        return self.folder / "logs"

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start everything, and return when every part answers.

        Raises:
            ClusterError: it did not start.
        """
        self._prepare()
        alive_read, self._alive = os.pipe()
        ready_read, ready_write = os.pipe()
        listeners = {name: each.fileno() for name, each in self._listeners.items()}
        plan = self.folder / "plan.json"
        plan.touch(mode=0o600)
        plan.write_text(json.dumps(self._plan(alive_read, ready_write, listeners)))
        command = [find_components().unshare, *_namespaces(), sys.executable, "-m", "local.cluster.keeper", str(plan)]
        with (self.logs / "keeper.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[alive_read, ready_write, *listeners.values()],
                start_new_session=True,  # a Ctrl-C is for us; we tell it by the pipe
            )
        os.close(alive_read)
        os.close(ready_write)
        with os.fdopen(ready_read, "rb") as ready:
            if ready.read(1) != b"r":
                self.stop()
                raise ClusterError(self._last_words())

    def stop(self) -> None:
        """Stop everything. What RabbitMQ holds is on disk and is delivered by the next start on this folder."""
        if self._alive is not None:
            os.close(self._alive)
            self._alive = None
        if self._process is not None:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()  # and the kernel ends the namespace
                self._process.wait()
        for listener in self._listeners.values():
            listener.close()

    def processes(self) -> list[Running]:
        """Every process of the cluster, by its ids on this machine."""
        found = []
        mark = f"{CLUSTER}={self._token}".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
                if mark in environment:
                    part = next(line for line in environment if line.startswith(f"{PART}=".encode())).partition(b"=")[2]
                    found.append(Running(part.decode(), int(entry.name), (entry / "comm").read_text().strip()))
            except (OSError, StopIteration):
                continue  # it ended while we looked, or is somebody else's
        order = {part.name: place for place, part in enumerate(self.parts)}
        return sorted(found, key=lambda each: (order.get(each.part, 0), each.pid))

    def process(self, part: str) -> Running | None:
        """The process that does a part's work: RabbitMQ's is Erlang's, not the shell's around it; None while there is none."""
        found = [each for each in self.processes() if each.part == part]
        return next((each for each in found if each.program == "beam.smp"), found[0] if found and part != "rabbitmq" else None)

    def _prepare(self) -> None:
        """Write what RabbitMQ and the namespace read. Queues of another topology are thrown away: nobody would empty them."""
        self.logs.mkdir(parents=True, exist_ok=True)
        rabbitmq = self.folder / "rabbitmq"
        wanted = json.dumps(topology.definitions(self.cluster, USER, PASSWORD), indent=1)
        written = rabbitmq / "definitions.json"
        if written.exists() and written.read_text() != wanted:
            shutil.rmtree(rabbitmq)
        (rabbitmq / "data").mkdir(parents=True, exist_ok=True)
        written.write_text(wanted)
        (rabbitmq / "enabled_plugins").write_text("[].\n")
        settings = ["listeners.tcp.1 = 127.0.0.1:5672", f"load_definitions = {written}", "disk_free_limit.absolute = 50MB"]
        settings += ["log.console.level = warning", self.cluster.rabbitmq_settings]
        (rabbitmq / "rabbitmq.conf").write_text("\n".join(settings))
        (self.folder / "hosts").write_text("".join(f"{host} {name}\n" for name, host in addresses(self.cluster).items()))
        ticks = [asdict(ping) | {"url": self.cluster.url(ping.sink)} for ping in self.cluster.pings]
        (self.folder / "ticks.json").write_text(json.dumps({"namespace": self.cluster.namespace, "pings": ticks}))

    def _plan(self, alive: int, ready: int, listeners: Mapping[str, int]) -> dict[str, object]:
        """What the keeper is told."""
        marked = [asdict(part) | {"env": {**part.env, CLUSTER: self._token, PART: part.name}} for part in self.parts]
        by_stage = itertools.groupby(marked, key=lambda part: STAGES.index(part["kind"]))
        return {
            "alive": alive,
            "start_seconds": START_SECONDS,
            "ready": ready,
            "hosts": str(self.folder / "hosts"),
            "logs": str(self.logs),
            "cwd": str(ROOT),
            "doors": [{"listener": number, **_inside(self.cluster, name)} for name, number in listeners.items()],
            "stages": [list(stage) for _, stage in by_stage],
        }

    def _last_words(self) -> str:
        """The end of the newest logs."""
        logs = sorted(self.logs.glob("*.log"), key=lambda log: log.stat().st_mtime)[-3:]
        tails = [f"{log}:\n{log.read_text(errors='replace')[-LOG_TAIL:]}" for log in logs]
        return "\n".join(["the cluster did not start. What was logged last:", *tails])


def _inside(cluster: Cluster, door: str) -> dict[str, object]:
    if door == "phone":
        return {"host": "127.0.0.1", "port": PHONE_PORT}
    if door == "ingress":
        return {"host": "127.0.0.1", "port": INGRESS_PORT}
    return {"host": addresses(cluster)[cluster.host(door)], "port": 80}


def _namespaces() -> list[str]:
    """Arguments of unshare(1): network, processes and mounts of its own; without root, a user namespace around them."""
    rootless = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    return [*rootless, "--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc", "--"]


def _listen(port: int) -> socket.socket:
    """A listener on this machine's loopback.

    Raises:
        ClusterError: the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise ClusterError(f"PORT: {port} cannot be used ({error.strerror}); stop what uses it, or set PORT") from None
    listener.listen(128)
    return listener


__all__ = ["ClusterError", "Door", "Part", "Phone", "Running", "Simulation"]
