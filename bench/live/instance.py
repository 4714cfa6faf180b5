"""One instance of `live` as its image runs it, its WebSockets spoken by what the command line names (uvicorn's `ws`)."""

from __future__ import annotations

import os
import sys

from shared.runtime import server, uvicorn_server

if __name__ == "__main__":
    uvicorn_server.WEBSOCKETS["ws"] = sys.argv[1]
    sys.exit(server.serve_forever(os.environ))
