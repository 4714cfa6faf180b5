"""A subscriber that does what the event says, and writes down every call: `python -m tests.cluster.stub`.

An event's data: `statuses`, what to answer on its first, second, ... try (the last one for all that follow; 200 when absent);
`seconds`, how long to take; `reply`, a body that is no event. A 503 says when to come again. Each call is a line of JSON in the file
STUB_CALLS.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from aiohttp import web

#: What a 503 asks for.
RETRY_AFTER_SECONDS = 120


class Stub:
    """Answers as told, and remembers."""

    def __init__(self, calls: Path) -> None:
        self._calls = calls.open("a")
        self._tries: Counter[str] = Counter()

    async def answer(self, request: web.Request) -> web.Response:
        """One delivery."""
        attributes = {name[3:].lower(): value for name, value in request.headers.items() if name.lower().startswith("ce-")}
        data = json.loads(await request.read() or b"{}")
        wish = data if isinstance(data, dict) else {}
        key = f"{request.path} {attributes.get('id')}"
        self._tries[key] += 1
        self._write({"path": request.path, "at": time.time(), "try": self._tries[key], "state": "began", **attributes})
        if request.path != "/dead":
            await asyncio.sleep(wish.get("seconds", 0))
        statuses = wish.get("statuses", [200]) if request.path != "/dead" else [204]
        status = statuses[min(self._tries[key], len(statuses)) - 1]
        self._write(
            {"path": request.path, "at": time.time(), "try": self._tries[key], "state": "ended", "status": status, **attributes}
        )
        headers = {"retry-after": str(RETRY_AFTER_SECONDS)} if status == 503 else None
        return web.Response(status=status, text=wish.get("reply", "") if status == 200 else None, headers=headers)

    def _write(self, call: dict[str, Any]) -> None:
        self._calls.write(json.dumps(call) + "\n")
        self._calls.flush()


async def _ready(_: web.Request) -> web.Response:
    return web.Response()


def main() -> None:
    """Serve on HOST and PORT until killed."""
    stub = Stub(Path(os.environ["STUB_CALLS"]))
    app = web.Application()
    app.router.add_get("/health/ready", _ready)
    app.router.add_post("/{path:.*}", stub.answer)
    web.run_app(app, host=os.environ["HOST"], port=int(os.environ["PORT"]), print=None)


if __name__ == "__main__":
    main()
