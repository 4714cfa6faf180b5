"""The load generator: its own process, which texts the stack as Twilio would and plays the provider that the replies go to.

`python -m bench.text.load WEBHOOK_URL PROVIDER_PORT` reads one `Phase` a line (JSON) and prints one `Result` a line, so that
the runner can read the stack's CPU time before and after each phase while the provider stays up.

* Open loop: a text every 1/rate seconds, whatever the stack does; latencies count from the moment the text was due, so a stack
  that stalls cannot hide it (no coordinated omission).
* Closed loop: `concurrency` texts in flight, the next when one has been answered: the messages per second that fit.

A person has one text in flight at a time, so a reply belongs to the text of its `To`. A text is lost when it was acknowledged
and no reply came within the drain time; a second reply is a duplicate.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from time import perf_counter
from urllib.parse import urlsplit
from uuid import uuid4

from bench.text import twilio, wire
from bench.text.texts import Person, people

ACKNOWLEDGED = 200
REFUSED_SECONDS = 0.1  # what one of the closed loop waits after a refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One measured stretch. Exactly one of `rate` (texts a second, open loop) and `concurrency` (closed loop) is set."""

    seconds: float
    rate: float = 0
    concurrency: int = 0
    drain_seconds: float = 30  # how long a reply may take after the last text
    users: int = 1000  # who take turns, so that nobody texts more often than a limit per person allows
    callbacks: int = 0  # status callbacks to send for each reply: 0, 1 (sent) or 2 (sent, delivered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a phase. Times in milliseconds."""

    texts: int
    acknowledged: int
    replied: int
    errors: int  # not acknowledged: another status, a cut connection, no answer in 15 s
    lost: int
    duplicates: int
    callbacks: int
    callback_errors: int
    seconds: float  # from the first text to the last reply
    per_second: float  # replies a second
    ack_p50_ms: float
    ack_p99_ms: float
    reply_p50_ms: float
    reply_p99_ms: float
    error_kinds: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class InFlight:
    """A text on its way."""

    person: Person
    due: float
    reply: asyncio.Future[float]


class Load:
    """Runs phases against one webhook."""

    def __init__(self, webhook_url: str, account: twilio.Account) -> None:
        self.url, self._path, self._account = webhook_url, urlsplit(webhook_url).path, account
        self._client = wire.Client(webhook_url)
        self.messages = twilio.Messages(account, self._received)
        self._people = people()
        self._free: deque[Person] = deque()
        self._waiting: dict[str, InFlight] = {}
        self._callbacks: set[asyncio.Task[None]] = set()
        self._begin(Phase(seconds=0))

    def _begin(self, phase: Phase) -> None:
        self._phase = phase
        self._acks: list[float] = []
        self._replies: list[float] = []
        self._texts = self._lost = self._duplicates = self._called_back = self._callback_errors = 0
        self._error_kinds: dict[str, int] = {}
        while len(self._free) < phase.users:
            self._free.append(next(self._people))

    async def run(self, phase: Phase) -> Result:
        """Run one phase to the last reply, or to the end of its drain time."""
        self._begin(phase)
        started = perf_counter()
        await (self._open_loop(started) if phase.rate else self._closed_loop(started))
        ended = perf_counter()
        if self._callbacks:
            await asyncio.wait(self._callbacks)
        return self._result(ended - started)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _open_loop(self, started: float) -> None:
        async with asyncio.TaskGroup() as group:
            for index in range(round(self._phase.rate * self._phase.seconds)):
                due = started + index / self._phase.rate
                if (ahead := due - perf_counter()) > 0:
                    await asyncio.sleep(ahead)
                group.create_task(self._text(due))

    async def _closed_loop(self, started: float) -> None:
        async def one_after_another() -> None:
            while perf_counter() < started + self._phase.seconds:
                if not await self._text(perf_counter()):
                    await asyncio.sleep(REFUSED_SECONDS)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._phase.concurrency):
                group.create_task(one_after_another())

    async def _text(self, due: float) -> bool:
        """One text: post it, note the acknowledgement, wait for its reply. False when it was refused."""
        person = self._free.popleft() if self._free else next(self._people)
        flight = InFlight(person, due, asyncio.get_running_loop().create_future())
        self._waiting[person.phone] = flight
        self._texts += 1
        if taken := await self._posted(flight):
            await self._answered(flight)
        self._waiting.pop(person.phone, None)
        self._free.append(person)
        return taken

    async def _posted(self, flight: InFlight) -> bool:
        form = twilio.incoming(self._account, f"SM{uuid4().hex}", flight.person.phone, flight.person.next_text())
        headers = {"X-Twilio-Signature": twilio.sign(self.url, form, self._account.token)}
        try:
            status, _ = await self._client.post(self._path, headers, twilio.encode(form))
        except (OSError, TimeoutError) as error:
            return self._failed(type(error).__name__)
        if status != ACKNOWLEDGED:
            return self._failed(str(status))
        self._acks.append(perf_counter() - flight.due)
        return True

    def _failed(self, kind: str) -> bool:
        self._error_kinds[kind] = self._error_kinds.get(kind, 0) + 1
        return False

    async def _answered(self, flight: InFlight) -> None:
        try:
            async with asyncio.timeout(self._phase.drain_seconds):
                self._replies.append(await flight.reply - flight.due)
        except TimeoutError:
            self._lost += 1

    def _received(self, form: dict[str, str], sid: str) -> None:
        flight = self._waiting.pop(form["To"], None)
        if flight is None:
            self._duplicates += 1
            return
        flight.reply.set_result(perf_counter())
        flight.person.hears(form["Body"])
        if self._phase.callbacks and (url := form.get("StatusCallback")):
            task = asyncio.create_task(self._call_back(url, sid, form["To"]))
            self._callbacks.add(task)
            task.add_done_callback(self._callbacks.discard)

    async def _call_back(self, url: str, sid: str, phone: str) -> None:
        parts = urlsplit(url)
        for value in ("sent", "delivered")[: self._phase.callbacks]:
            form = twilio.status(self._account, sid, phone, value)
            headers = {"X-Twilio-Signature": twilio.sign(url, form, self._account.token)}
            self._called_back += 1
            try:
                status, _ = await self._client.post(f"{parts.path}?{parts.query}", headers, twilio.encode(form))
            except (OSError, TimeoutError):
                status = 0
            self._callback_errors += not ACKNOWLEDGED <= status < ACKNOWLEDGED + 100

    def _result(self, seconds: float) -> Result:
        ack_p50, ack_p99 = percentiles_ms(self._acks)
        reply_p50, reply_p99 = percentiles_ms(self._replies)
        return Result(
            texts=self._texts, acknowledged=len(self._acks), replied=len(self._replies),
            errors=sum(self._error_kinds.values()), error_kinds=self._error_kinds, lost=self._lost, duplicates=self._duplicates,
            callbacks=self._called_back, callback_errors=self._callback_errors,
            seconds=round(seconds, 3), per_second=round(len(self._replies) / seconds, 1),
            ack_p50_ms=ack_p50, ack_p99_ms=ack_p99, reply_p50_ms=reply_p50, reply_p99_ms=reply_p99,
        )  # fmt: skip


def percentiles_ms(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p99 in milliseconds; of nothing, NaN-free zeros."""
    if len(seconds) < 2:
        return (round(seconds[0] * 1000, 2),) * 2 if seconds else (0.0, 0.0)
    cuts = quantiles(seconds, n=100, method="inclusive")
    return round(cuts[49] * 1000, 2), round(cuts[98] * 1000, 2)


async def main(webhook_url: str, provider_port: int) -> None:
    """Serve the provider, run the phases of standard input, print a result for each."""
    load = Load(webhook_url, twilio.Account())
    async with wire.serve(load.messages.respond, provider_port):
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            result = await load.run(Phase(**json.loads(line)))
            print(json.dumps(asdict(result)), flush=True)
        await load.close()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
