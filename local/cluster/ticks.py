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

#: Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
#: Longer than a tick may work (audit's takes 55 s): a PingSource waits for the answer too.
ANSWER_SECONDS = 120.0


class BadSchedule(ValueError):
    """No cron schedule of five fields."""


def matches(schedule: str, at: datetime) -> bool:
    """Whether a cron schedule names this minute. When day of month and day of week are both restricted, either is enough.

    Raises:
        BadSchedule: it cannot be read.
    """
    fields = schedule.split()
    if len(fields) != len(RANGES):
        raise BadSchedule(schedule)
    minutes, hours, days, months, weekdays = (
        _numbers(field, low, high) for field, (low, high) in zip(fields, RANGES, strict=True)
    )
    day, weekday = at.day in days, bool({at.isoweekday(), at.isoweekday() % 7} & weekdays)
    right_day = (day or weekday) if "*" not in (fields[2], fields[4]) else (day and weekday)
    return at.minute in minutes and at.hour in hours and at.month in months and right_day


def _numbers(field: str, low: int, high: int) -> set[int]:
    """The numbers a field names: `*`, `*/5`, `1-5`, `0,30`."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("", "", "") if span == "*" else span.partition("-")
        try:
            begin = int(first or low)
            end = int(last or (begin if first and not step else high))
            found |= set(range(begin, end + 1, int(step or 1)))
        except ValueError:
            raise BadSchedule(field) from None
    if not found <= set(range(low, high + 1)):
        raise BadSchedule(field)
    return found


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
