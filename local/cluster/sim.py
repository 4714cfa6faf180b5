"""`jotline cluster-sim`: the cluster on this machine, to look at.

It has a database, secrets and a phone of its own below JOTLINE_HOME/cluster, so the single box may run beside it on another port.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import NoReturn

from local.cluster.components import MissingComponents
from local.cluster.manifests import Cluster, read_cluster
from local.cluster.parts import Phone, api_url, public_url, sink
from local.cluster.simulation import ClusterError, Door, Running, Simulation
from local.home import complete, open_home
from local.postgres import Postgres, PostgresError
from shared.runtime.routing import BadManifest
from shared.runtime.settings import BadSettings
from shared.storage.migrations import migrate

DEFAULT_PORT = 8080
CONNECTIONS = 60
LOOK_SECONDS = 1.0


def main(argv: list[str]) -> int:
    """Run it until Ctrl-C or SIGTERM; returns the exit status."""
    given = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    postgres = Postgres()
    simulation: Simulation | None = None
    try:
        home = open_home(os.environ) / "cluster"
        cluster = read_cluster(components=("rabbitmq", "lanes-12") if given.lanes else ("rabbitmq",))
        database = os.environ.get("DATABASE_URL") or postgres.start(home / "postgres", connections=CONNECTIONS)
        migrate(database)
        secret, phone = furnish(cluster, home, database, os.environ)
        simulation = Simulation(
            home, cluster, secret, phone, doors=[Door("phone", given.port), *map(Door, ("ingress", "api", "live"))]
        )
        _say("Starting RabbitMQ, Knative's ingress and dispatchers, and the functions ...\n")
        simulation.start()
        _say(_greeting(simulation, database))
        while simulation.running:
            time.sleep(LOOK_SECONDS)
        sys.stderr.write(f"The cluster ended by itself; see {simulation.logs}\n")
    except MissingComponents as error:
        sys.stderr.write(f"jotline cluster-sim needs programs that are not here:\n{_listed(str(error))}\n")
        return 2
    except (BadSettings, BadManifest, ClusterError, PostgresError) as error:
        sys.stderr.write(f"jotline cluster-sim cannot start:\n{error}\n")
        return 2
    except KeyboardInterrupt:
        return 0
    finally:
        if simulation is not None:
            simulation.stop()
        postgres.stop()
    return 1


def furnish(cluster: Cluster, home: Path, database: str, environment: Mapping[str, str]) -> tuple[dict[str, str], Phone]:
    """What functions find in their Secret, and the phone that plays Twilio for them."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret: dict[str, str] = {"LOG_LEVEL": level} if (level := environment.get("LOG_LEVEL")) else {}
    complete(secret, home)
    secret.pop("JOTLINE_CLOCK")  # every function reads the machine's clock, as on a cluster
    secret |= {"DATABASE_URL": database, "TWILIO_API_URL": api_url(cluster), "PUBLIC_URL": public_url(cluster)}
    return secret, Phone(secret["TWILIO_ACCOUNT_SID"], secret["TWILIO_AUTH_TOKEN"], secret["TWILIO_FROM"])


def table(simulation: Simulation) -> str:
    """One line for each part: its process, what it holds of memory, and what it is about."""
    rows = [("PART", "PID", "MB", "")]
    for part in simulation.parts:
        found = simulation.process(part.name)
        pid, memory = (str(found.pid), str(round(_resident_mb(found)))) if found else ("-", "-")
        rows.append((part.name, pid, memory, part.about))
    wide = max(len(row[0]) for row in rows)
    return "\n".join(f"{name:<{wide}}  {pid:>7}  {memory:>4}  {about}".rstrip() for name, pid, memory, about in rows)


def _greeting(simulation: Simulation, database: str) -> str:
    """What runs where, and what one can do with it."""
    url, inside = f"http://127.0.0.1:{simulation.port('phone')}", sink(simulation.cluster)
    anybody = min(each.pid for each in simulation.processes())
    enter = "nsenter" if os.geteuid() == 0 else "nsenter --user --preserve-credentials"
    return f"""
{table(simulation)}

Text it in a browser   {url}/phone
or here                JOTLINE_URL={url} ./scripts/run text +12125550142 "buy milk tomorrow 5pm"
Send it an event       POST http://127.0.0.1:{simulation.port("ingress")} (for the functions it is {inside})
Ask the API            http://127.0.0.1:{simulation.port("api")}/api/v1/docs
Watch the feed         http://127.0.0.1:{simulation.port("live")}/live/events (the board needs one host for both: the single box has it)
Look inside            {enter} --target {anybody} --net --mount curl http://{simulation.cluster.host("todo-crud")}/metrics
The database           {database}
The logs               {simulation.logs}

A process that you kill is started again. Ctrl-C ends all of it.
"""


def _resident_mb(process: Running) -> float:
    """What the process holds of memory, shared pages included, in MB."""
    try:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def _say(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


def _listed(lines: str) -> str:
    return "\n".join(f"  * {line}" for line in lines.splitlines())


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jotline cluster-sim",
        description="Run Jotline as on a cluster, without one: every function a process, behind RabbitMQ and Knative's own programs.",
    )
    port = int(os.environ.get("PORT") or DEFAULT_PORT)
    parser.add_argument("--port", type=int, default=port, help=f"of the phone on 127.0.0.1 (PORT, else {DEFAULT_PORT})")
    parser.add_argument("--lanes", action="store_true", help="with twelve lanes for the ordered Triggers")
    return parser
