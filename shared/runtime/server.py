"""`python -m shared.runtime.server`: the entry point of every image. One process, one port, drained by SIGTERM.

    PORT     where it listens: 8080 unless set, as OpenFaaS expects it; Knative sets it to the Service's containerPort
    HOST     the address: 0.0.0.0 unless set, for in a container the platform's proxy comes from outside
    FUNCTION_SOURCE, FUNCTION_TARGET   the function: its file, and the name under which `serve` put it there
    APP      what makes an ASGI application instead, `module:function`

OpenFaaS hands secrets over as files named like `party-secret`: each becomes the variable it is named after (PARTY_SECRET) unless that is
set. A setting that cannot be used ends the process with its name before anything listens.

At SIGTERM the port is closed, requests under way are answered (uvicorn does so as long as nobody gives it a time limit; the platform
has one, terminationGracePeriodSeconds), connections to databases, provider and broker are closed, and only then the process ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shared.runtime.settings import BadSettings, read_settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

#: Where OpenFaaS mounts a function's secrets (faas-netes, pkg/k8s/secrets.go).
SECRETS = Path("/var/openfaas/secrets")
#: The status of a server that could not start, as uvicorn has it.
STARTUP_FAILED = 3
#: New objects before the collector looks at them; Python's own 700 cost a tenth of a text's CPU (bench/cluster).
GC_THRESHOLD = 20_000


def read_secrets(folder: Path) -> dict[str, str]:
    """Variables from the files of a folder, without the line end that an editor leaves; none when there is no such folder."""
    if not folder.is_dir():
        return {}
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith(".")]
    return {file.name.upper().replace("-", "_"): file.read_text(encoding="utf-8").rstrip("\r\n") for file in files}


def serve_forever(environment: Mapping[str, str]) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status.

    Args:
        environment: see the module; that of the process, secrets included.
    """
    import uvicorn

    from shared.runtime.uvicorn_server import Server

    gc.set_threshold(GC_THRESHOLD, 20, 20)
    try:
        port = read_settings(environment).port
        server = Server(
            uvicorn.Config(
                environment.get("APP") or _function(environment),
                factory=bool(environment.get("APP")),
                host=environment.get("HOST") or "0.0.0.0",  # noqa: S104 - see the module
                port=port,
                loop="uvloop",
                http="httptools",
                ws="none",
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=False,  # signatures are made over PUBLIC_URL, whatever a proxy says
            )
        )
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises SIGINT once more when everything has ended
            server.run()
    except BadSettings as error:
        print(f"Jotline cannot start:\n{error}", file=sys.stderr)  # noqa: T201 - nothing logs yet
        return 2
    return 0 if server.started else STARTUP_FAILED


def _function(environment: Mapping[str, str]) -> ASGIApp:
    """The function that the environment names."""
    from shared.runtime.asgi import application, load

    return application(load(Path(environment["FUNCTION_SOURCE"]), environment.get("FUNCTION_TARGET") or "handle"))


def main() -> int:
    """Complete the environment with the secrets, then serve; returns the exit status."""
    for name, value in read_secrets(SECRETS).items():
        os.environ.setdefault(name, value)
    return serve_forever(os.environ)


if __name__ == "__main__":
    sys.exit(main())
