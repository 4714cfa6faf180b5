"""`python -m bench.cluster.hops INGRESS NOTHING RATE SECONDS`: sends events through the broker and prints how old they were on arrival.

Runs inside the cluster's namespace (nsenter), so that nothing but the broker is between the two.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

import aiohttp

from bench.text.load import percentiles_ms
from shared.events.envelope import Event
from shared.events.schemas import NOTIFICATION_SENT, NotificationEnded
from shared.runtime.cloudevents_http import to_http

POLL_SECONDS = 0.2


async def main(ingress: str, nothing: str, rate: float, seconds: float) -> dict[str, float]:
    """Send `rate` events a second for so long; what came of them."""
    count, started = round(rate * seconds), perf_counter()
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        before = len(await _ages(session, nothing))
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / rate - perf_counter()))
            group.create_task(_send(session, ingress))
        while True:
            ages = (await _ages(session, nothing))[before:]
            if len(ages) >= count:
                break
            await asyncio.sleep(POLL_SECONDS)
    p50, p99 = percentiles_ms([age / 1000 for age in ages])
    return {"events": count, "seconds": round(perf_counter() - started, 1), "p50_ms": p50, "p99_ms": p99}


async def _ages(session: aiohttp.ClientSession, nothing: str) -> list[float]:
    async with session.get(f"{nothing}/ages") as answer:
        return [float(age) for age in await answer.json()]


async def _send(session: aiohttp.ClientSession, ingress: str) -> None:
    message_id = uuid4()
    event = Event(
        id=f"{message_id.hex}.sent",
        type=NOTIFICATION_SENT,
        source="/jotline/bench",
        subject=str(message_id),
        time=datetime.now(UTC),
        data=NotificationEnded(message_id=message_id, kind="reply", channel="sms", provider_id="SM1", segments=1),
        partitionkey=message_id.hex,
        correlationid=message_id.hex,
    )
    headers, body = to_http(event)
    async with session.post(ingress, data=body, headers=headers) as answer:
        answer.raise_for_status()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))))
