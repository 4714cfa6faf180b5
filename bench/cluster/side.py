"""The cluster as one side of a measurement: started, texted from inside its namespace, and its CPU read apart by what runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import psutil
import psycopg

from bench.text import twilio, usage
from bench.text.load import Phase
from local.cluster.manifests import Cluster, Destination, Service, Trigger, read_cluster
from local.cluster.parts import PHONE_PORT, api_url, public_url, sink
from local.cluster.simulation import Simulation
from local.loading import ROOT
from local.postgres import Postgres
from shared.events.schemas import NOTIFICATION_SENT
from shared.storage.migrations import migrate

CONNECTIONS = 60
KNATIVE, RABBITMQ, POSTGRESQL = "Knative", "RabbitMQ", "PostgreSQL"
INFRASTRUCTURE = (KNATIVE, RABBITMQ, POSTGRESQL)
GROUPS = {"ingress": KNATIVE, "dispatcher": KNATIVE, "rabbitmq": RABBITMQ}
NOTHING = "nothing"
#: Whose CPU is no text's: they look every second for what is due, and that costs the same when nobody texts. One `ticks` on a cluster
#: is for all PingSources of all namespaces.
BESIDE = ("ticks", "remind", "digest")


@dataclass(frozen=True, slots=True)
class Side:
    """A running cluster and its database."""

    simulation: Simulation
    postgres: Postgres
    database: str

    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds used so far: of each function, of Knative's programs, of RabbitMQ and of PostgreSQL."""
        kinds = {part.name: part.kind for part in self.simulation.parts}
        used: dict[str, float] = defaultdict(float)
        for each in self.simulation.processes():
            with suppress(psutil.NoSuchProcess):
                times = psutil.Process(each.pid).cpu_times()
                used[GROUPS.get(kinds[each.part], each.part)] += times.user + times.system
        used[POSTGRESQL] += usage.cpu_seconds([cast("int", self.postgres.pid)])[usage.POSTGRESQL]
        return {name: seconds for name, seconds in used.items() if name not in BESIDE}

    def memory_mb(self) -> dict[str, float]:
        """PSS in MB by the same groups."""
        kinds = {part.name: part.kind for part in self.simulation.parts}
        held: dict[str, float] = defaultdict(float)
        for each in self.simulation.processes():
            held[GROUPS.get(kinds[each.part], each.part)] += sum(usage.pss_mb([each.pid]).values())
        held[POSTGRESQL] += usage.pss_mb([cast("int", self.postgres.pid)])[usage.POSTGRESQL]
        return dict(held)

    def behind(self) -> int:
        """Replies that were sent and are not yet in the trail: work that is put off would look like none."""
        with psycopg.connect(self.database) as connection:
            [(sent,)] = connection.execute("SELECT count(*) FROM messaging.messages WHERE direction = 'outbound'")
            [(told,)] = connection.execute("SELECT count(*) FROM audit.trail WHERE type = %s", [NOTIFICATION_SENT])
        return int(sent - told)

    def inside(self, *command: str) -> list[str]:
        """A command as it is run in the cluster's namespaces for network and mounts."""
        rootless = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        target = self.simulation.processes()[0].pid
        return ["nsenter", f"--target={target}", "--net", "--mount", *rootless, f"--wd={ROOT}", "--", *command]

    def run_phases(self, phases: dict[str, Phase]) -> dict[str, Any]:
        """Text it, and read what each text cost."""
        url = f"{public_url(self.simulation.cluster)}/twilio/message"
        command = self.inside(sys.executable, "-m", "bench.text.load", url, str(PHONE_PORT))
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as generator:
            asked, answers = cast("IO[str]", generator.stdin), cast("IO[str]", generator.stdout)
            if answers.readline() != "ready\n":
                raise RuntimeError("the load generator did not start")
            measured = {}
            for title, phase in phases.items():
                with metered(self) as spent:
                    asked.write(json.dumps(asdict(phase)) + "\n")
                    asked.flush()
                    result = json.loads(answers.readline())
                cpu_ms = {name: round(seconds * 1000 / result["texts"], 3) for name, seconds in spent.items()}
                measured[title] = {"phase": asdict(phase), "result": result, "cpu_ms": cpu_ms, "behind": self.behind()}
            asked.close()
        measured.pop("warm-up", None)
        return measured

    def run_hops(self, rate: float, seconds: float) -> dict[str, Any]:
        """Send events to the function that does nothing: what one hop costs, and how long it takes."""
        cluster = self.simulation.cluster
        words = (sink(cluster), cluster.url(Destination(NOTHING)), str(rate), str(seconds))
        with metered(self) as spent:
            said = subprocess.run(
                self.inside(sys.executable, "-m", "bench.cluster.hops", *words),
                capture_output=True,
                text=True,
                check=True,
                cwd=ROOT,
            )
        result: dict[str, Any] = json.loads(said.stdout)
        wanted = (NOTHING, KNATIVE, RABBITMQ)
        return result | {"rate": rate, "cpu_ms": {name: round(spent[name] * 1000 / result["events"], 3) for name in wanted}}


@contextmanager
def metered(side: Side) -> Iterator[dict[str, float]]:
    """Yields what will hold, after the block, the CPU seconds used in it."""
    spent: dict[str, float] = {}
    before = side.cpu_seconds()
    yield spent
    spent.update({name: used - before.get(name, 0.0) for name, used in side.cpu_seconds().items()})


@contextmanager
def running_side(folder: Path, components: Sequence[str], *, nothing: bool = False) -> Iterator[Side]:
    """A cluster that runs until the block ends; `nothing`: with a function that does nothing beside the others."""
    cluster = read_cluster(components=components)
    cluster = _with_nothing(cluster) if nothing else cluster
    postgres = Postgres()
    try:
        folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
        database = postgres.start(folder / "postgres", connections=CONNECTIONS)
        migrate(database)
        simulation = Simulation(folder / "cluster", cluster, _secret(cluster, database), None, doors=[])
        try:
            simulation.start()
            time.sleep(2)  # what a start has left to do is not the load's
            yield Side(simulation, postgres, database)
        finally:
            simulation.stop()
    finally:
        postgres.stop()


def _with_nothing(cluster: Cluster) -> Cluster:
    source = {"FUNCTION_SOURCE": str(ROOT / "bench" / "cluster" / "nothing.py")}
    service = Service(NOTHING, "bench/nothing", (), source)
    trigger = Trigger("nothing-notification-sent", {"type": NOTIFICATION_SENT}, Destination(NOTHING), 20)
    return replace(cluster, services=(*cluster.services, service), triggers=(*cluster.triggers, trigger))


def _secret(cluster: Cluster, database: str) -> dict[str, str]:
    account = twilio.Account()
    return {
        "DATABASE_URL": database,
        "PARTY_SECRET": "of the benchmark",
        "PUBLIC_URL": public_url(cluster),
        "TWILIO_ACCOUNT_SID": account.sid,
        "TWILIO_AUTH_TOKEN": account.token,
        "TWILIO_FROM": account.number,
        "TEXTS_PER_MINUTE": "0",
        "TWILIO_API_URL": api_url(cluster),
        "LOG_LEVEL": "WARNING",
    }
