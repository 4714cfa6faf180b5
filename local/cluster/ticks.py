"""What the PingSources of the manifests send, at the times they say: `python -m local.cluster.ticks TICKS.json`.

A PingSource posts a CloudEvent straight to its sink by a cron schedule. So does this, in UTC; a tick that nobody takes is not sent
again, for the next one comes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from local.schedules import matches

#: Longer than a tick may work (audit's takes 55 s): a PingSource waits for the answer too.
ANSWER_SECONDS = 120.0


async def run(plan: dict[str, Any]) -> None:
    """Tick for ever."""
    under_way: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session:
        while True:
            now = datetime.now(UTC)
            minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
            await asyncio.sleep((minute - now).total_seconds())
            for ping in plan["pings"]:
                if matches(ping["schedule"], minute):
                    task = asyncio.create_task(_tick(session, plan["namespace"], ping))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)


async def _tick(session: aiohttp.ClientSession, namespace: str, ping: dict[str, Any]) -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(uuid4()),
        "ce-type": "dev.knative.sources.ping",
        "ce-source": f"/apis/v1/namespaces/{namespace}/pingsources/{ping['name']}",
        "ce-time": datetime.now(UTC).isoformat(),
        "content-type": ping["content_type"],
    }
    try:
        async with session.post(ping["url"], data=ping["data"], headers=headers) as answer:
            said = str(answer.status)
    except (aiohttp.ClientError, TimeoutError) as error:
        said = type(error).__name__
    sys.stdout.write(f"{headers['ce-time']} {ping['name']}: {said}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(json.loads(Path(sys.argv[1]).read_text())))
