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
from typing import TYPE_CHECKING, Any, cast

from shared.runtime.settings import BadSettings, read_settings

if TYPE_CHECKING:
    from shared.runtime.uvicorn_server import Server

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
    gc.set_threshold(GC_THRESHOLD, 20, 20)
    try:
        server = make_server(environment)
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises SIGINT once more when everything has ended
            server.run()
    except BadSettings as error:
        print(f"Jotline cannot start:\n{error}", file=sys.stderr)  # noqa: T201 - nothing logs yet
        return 2
    return 0 if server.started else STARTUP_FAILED


def make_server(environment: Mapping[str, str]) -> Server:
    """The server of what the environment names.

    Raises:
        BadSettings: it cannot be used.
    """
    import uvicorn

    from shared.runtime.asgi import application, load
    from shared.runtime.event_protocol import Events
    from shared.runtime.uvicorn_server import NO_WEBSOCKETS, WEBSOCKETS, Server

    port, named = read_settings(environment).port, environment.get("APP")
    function = None if named else load(Path(environment["FUNCTION_SOURCE"]), environment.get("FUNCTION_TARGET") or "handle")
    config = uvicorn.Config(
        application(function) if function else str(named),
        factory=function is None,
        host=environment.get("HOST") or "0.0.0.0",  # noqa: S104 - see the module
        port=port,
        loop="uvloop",
        http=cast("Any", Events(function)) if function else "httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # signatures are made over PUBLIC_URL, whatever a proxy says
        **(WEBSOCKETS if function and function.sockets else NO_WEBSOCKETS),
    )
    return Server(config, function.end) if function else Server(config)


def main() -> int:
    """Complete the environment with the secrets, then serve; returns the exit status."""
    for name, value in read_secrets(SECRETS).items():
        os.environ.setdefault(name, value)
    return serve_forever(os.environ)


if __name__ == "__main__":
    sys.exit(main())
