"""Dead letters: what the broker hands to its dead letter sink, how an event is buried, and how it is given out again.

A broker's dead letter is the event with two or three extensions more (knative.dev/docs/eventing/event-delivery; seen in
eventing-rabbitmq's dispatcher): `knativeerrordest` is the URL it could not be delivered to, `knativeerrorcode` the HTTP status
of the last try, or -1 when nobody answered, and `knativeerrordata` what was said. A dispatcher that is stopped cancels the call
it is in, which looks as if nobody had answered, and ends the wait between two tries, which looks like too few of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from shared.events.envelope import MAX_ATTRIBUTE, BadEvent, Event, build, from_json
from shared.policy.outcomes import Poison
from shared.policy.retries import BROKER
from shared.runtime.apology import apology_of
from shared.runtime.cloudevents_http import received_text, split
from shared.runtime.consumers import SCHEMAS, progress
from shared.storage.claims import Claim

if TYPE_CHECKING:
    from shared.runtime.services import Services
    from shared.storage.audit import DeadLetter
    from shared.storage.outbox import Schema

#: What knativeerrorcode is when there was no HTTP answer.
NO_ANSWER = -1
#: Statuses a broker tries again after, beside 5xx (knative.dev/eventing, kncloudevents.SelectiveRetry).
RETRIED = frozenset({404, 408, 409, 429})
#: How much of what a function said is kept.
MAX_SAID = 200
#: An event that a stopped dispatcher gave up is given out again so soon, and at most so often before a person has to look.
AGAIN_AFTER_SECONDS = 2.0
AGAIN_AT_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What came to the dead letter sink. `text`: it as it can be kept; `key`: what to find it by."""

    destination: str  # URL
    code: int
    said: str
    event: Event | None  # None: this version cannot read it
    fault: str  # why not
    text: str
    key: str

    @property
    def cause(self) -> str:
        """Why the broker gave it up."""
        if self.fault:
            return self.fault
        if self.code == NO_ANSWER:
            return "broker: no answer"
        if self.code // 100 == 2:
            return f"broker: the reply was not accepted{self._quoted}"
        return f"broker: HTTP {self.code}{self._quoted}"

    @property
    def _quoted(self) -> str:
        return f" ({self.said[:MAX_SAID]})" if self.said else ""

    @property
    def tries(self) -> int:
        """How many tries the broker has made of it, as far as its code tells."""
        return len(BROKER.delays) + 1 if self.code >= 500 or self.code in RETRIED else 1

    def cut_short(self, now: datetime, *, broker_seconds: float) -> bool:
        """Whether this has the mark of a dispatcher that was stopped, and not of a function that failed.

        Nobody answered; or the function answered well and only its reply was not passed on; or it was tried for a shorter time
        than the broker's tries take (`broker_seconds`).
        """
        if self.event is None:
            return False
        if self.code == NO_ANSWER or self.code // 100 == 2:
            return True
        retried = self.code >= 500 or self.code in RETRIED
        return retried and now - self.event.time < timedelta(seconds=broker_seconds)


def read_letter(headers: Mapping[str, str], body: bytes) -> Letter:
    """A dead letter from a request; never fails: what is no event is a letter all the same."""
    text = received_text(headers, body)
    attributes = {name[3:]: value for name, value in headers.items() if name.startswith("ce-")}
    event, fault = None, ""
    try:
        attributes, data = split(headers, body)
        own = {name: value for name, value in attributes.items() if not name.startswith("knativeerror")}
        text = json.dumps({**own, "data": json.loads(data)}, ensure_ascii=False)
        event = build(own, data)
    except BadEvent as error:
        fault = str(error)
    except (ValueError, RecursionError):
        fault = "data is no JSON"
    known = attributes.get("id", "")
    usable = bool(known) and len(known) <= MAX_ATTRIBUTE and known.isprintable()
    return Letter(
        destination=attributes.get("knativeerrordest", ""),
        code=_code(attributes.get("knativeerrorcode", "")),
        said=attributes.get("knativeerrordata", ""),
        event=event,
        fault=fault,
        text=text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0"),
        key=known if usable else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _code(value: str) -> int:
    """An HTTP status or -1; 0 when the broker named none."""
    try:
        return int(value)
    except ValueError:
        return 0


async def bury(
    services: Services,
    event: Event,
    *,
    function: str,
    schema: Schema | None,
    cause: str,
    attempts: int,
    now: datetime,
    told: Event | None,
) -> None:
    """Keep an event as a dead letter, close the function's claim on it, and tell the person.

    Args:
        services: what may be used.
        event: what is given up.
        function: whose work it was.
        schema: where that function's claims stand; None: it makes none.
        cause: why, without anybody's words.
        attempts: how many tries that took.
        now: the time it is.
        told: the notification that tells the person, if any.

    Raises:
        DatabaseUnavailable: it is not, or not surely, kept; do not let go of the event.
    """
    keep = partial(services.audit.bury, event, function=function, cause=cause, attempts=attempts, now=now)
    try:
        rows = await keep(told=told)
    except Poison:  # what made the event unstorable is in the apology too; the dead letter alone can always be kept
        rows = await keep(told=None)
    if schema is not None:
        await services.claims(schema).close(Claim(function, event.id), now)
    await services.carrier.carry(rows)


async def file_letter(services: Services, letter: Letter, function: str, now: datetime) -> str:
    """Make of a broker's dead letter what it calls for; returns that in a word.

    unreadable   it is kept as it came
    done         the function has done its work, only its answer was lost: nothing is kept
    again        it has the mark of a stopped dispatcher: kept, and given to the function again by the relay
    buried       it waits for a person, and the sender of a message is told

    Raises:
        DatabaseUnavailable: it is not kept.
    """
    event = letter.event
    if event is None:
        await services.audit.bury_unreadable(letter.text, function=function, key=letter.key, cause=letter.cause, now=now)
        return "unreadable"
    if function in SCHEMAS:
        work = Claim(function, event.id, event.type)
        if work in (await progress(services, [work], now)).ended:
            return "done"
        stopped = letter.cut_short(now, broker_seconds=services.settings.broker_seconds)
        if stopped and await services.audit.given_up(event, function=function) < AGAIN_AT_MOST:
            again_at = now + timedelta(seconds=AGAIN_AFTER_SECONDS)
            await services.audit.bury(
                event, function=function, cause=letter.cause, attempts=1, now=now, told=None, again_at=again_at
            )
            return "again"
    told = apology_of(function, event, now)
    schema = SCHEMAS.get(function)
    await bury(services, event, function=function, schema=schema, cause=letter.cause, attempts=letter.tries, now=now, told=told)
    return "buried"


class NotReplayable(Exception):
    """A dead letter that cannot be given to its function again; the message says why."""


async def replay(services: Services, letter: DeadLetter, text: str, now: datetime) -> bool:
    """Give a dead letter to its function once more, and to no other; False when it is on its way already.

    The claim is opened first: if nothing comes after it, the letter still waits, and can be replayed again.

    Raises:
        NotReplayable: it is no event this version can read, or no function of ours takes it.
        DatabaseUnavailable: try again.
    """
    if letter.function not in SCHEMAS:
        raise NotReplayable(f"there is no function {letter.function!r} to give it to")
    try:
        event = from_json(text)
    except BadEvent as error:
        raise NotReplayable(f"this version cannot read it: {error}") from None
    if letter.replayed_at is None:
        await services.claims(SCHEMAS[letter.function]).open(Claim(letter.function, event.id))
    return await services.audit.replay(letter, event, now)
